//! The check of settings: each in its range, and those that depend on each other.

use super::architecture::Architecture;
use super::checked::Settings;
use super::choices::{Activation, C3, LossName, OutputLayer, Pooling};
use super::declaration::plain;
use super::error::ConfigError;
use super::network::DeclarationError;
use super::settings::{Config, DEVIATIONS};

const FLANKS: &str = "false where the alphabet has no eleventh character";
const RUBBISH: &str = "0 with another loss than eq9: only eq. 9 has the class of rubbish";
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
        let flanks_ok = !self.flanks || self.alphabet.chars().count() == 11;
        let (lenet5, declared) = (self.network == Architecture::Lenet5, self.network.declaration().is_some());
        let scores = self.network.ends_in_scores() || self.output == OutputLayer::Scores;
        let conditions = [
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
