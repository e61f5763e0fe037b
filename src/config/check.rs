//! The check of settings: each in its range, and those that depend on each other.

use super::alphabet::MOST_CODES;
use super::architecture::Architecture;
use super::checked::Settings;
use super::choices::{Activation, C3, LossName, OutputLayer, Pooling};
use super::declaration::plain;
use super::error::ConfigError;
use super::network::DeclarationError;
use super::settings::{Config, DEVIATIONS};
use crate::data::Choice;

const RUBBISH: &str = "0 with another loss than eq9: only eq. 9 has the class of rubbish";
const FLANKS: &str = "false where the alphabet has no character more than there are classes";
const CLASSES: &str = "at most 96 where RBF outputs have a code of Fig. 3 each; for more, softmax (output=scores with loss=cross_entropy, or \
                       --preset modern), or targets (--preset lush, lenet4 or lenet1)";
const TRANSPOSE: &str = "false for published data; the rows of idx: and folder: sets can be their columns";
const CHANGES: &str = "the default: only the network lenet5 can be changed so";
const FUNCTIONS: &str = "the default: only the network lenet5 and declared networks can be changed so";
const LOSSES: &str =
    "cross_entropy for a network that ends in scores (such as modern, or output = scores), eq8 or eq9 for others";

impl Config {
    /// Checks every setting, and that they fit each other.
    ///
    /// # Errors
    /// The first setting that is refused.
    pub fn check(self) -> Result<Settings, ConfigError> {
        self.check_ranges()?;
        if let Some(declaration) = self.network.declaration() {
            declaration.check().map_err(refused)?;
        }
        let flanks_ok = !self.flanks || self.blank_class().is_some();
        let is_auto_or_own = self.dataset == Choice::Auto || self.dataset.is_own();
        let (classes, characters) = (self.data_classes(), self.alphabet.chars().count());
        let has_characters = (classes..=classes + 1).contains(&characters);
        let beyond_codes = classes > MOST_CODES;
        let expected =
            format!("{classes} characters, one for each of the classes, or one more for the class \"blank\"");
        let (lenet5, declared) = (self.network == Architecture::Lenet5, self.network.declaration().is_some());
        let scores = self.network.ends_in_scores() || self.output == OutputLayer::Scores;
        let conditions = [
            ("transpose", !self.transpose || is_auto_or_own, TRANSPOSE),
            ("classes", self.classes != 1, "0, or 2 and more"),
            ("classes", !beyond_codes || !self.uses_codes(), CLASSES),
            ("alphabet", beyond_codes || has_characters, &expected),
            ("flanks", flanks_ok, FLANKS),
            ("rubbish", self.rubbish == 0.0 || self.loss == LossName::Eq9, RUBBISH),
            ("activation", lenet5 || declared || self.activation == Activation::Squash, FUNCTIONS),
            ("pooling", lenet5 || self.pooling == Pooling::Subsampling, CHANGES),
            ("c3", lenet5 || self.c3 == C3::Sparse, CHANGES),
            ("output", lenet5 || self.output == OutputLayer::Rbf, CHANGES),
            ("input_deviation", self.input_deviation.len() == self.input_mean.len(), DEVIATIONS.expected),
            ("loss", scores == (self.loss == LossName::CrossEntropy), LOSSES),
        ];
        match conditions.into_iter().find(|(_, is_met, _)| !is_met) {
            Some((key, _, expected)) => {
                Err(ConfigError::Range { key, expected: expected.into(), found: plain(&self.table()[key]) })
            }
            None => Settings(self).with_layers_that_fit(),
        }
    }
}

impl Settings {
    /// The settings, if a network that they declare can be built.
    fn with_layers_that_fit(self) -> Result<Self, ConfigError> {
        if let Some(declaration) = self.network.declaration() {
            let built = declaration.build::<f32>(&self.layer_defaults(declaration));
            built.map_err(refused)?;
        }
        Ok(self)
    }
}

fn refused(error: DeclarationError) -> ConfigError {
    ConfigError::Network { place: "setting `network`".into(), error }
}
