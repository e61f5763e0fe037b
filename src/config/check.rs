//! Whether settings are in their ranges, and fit each other.

use std::collections::BTreeSet;

use super::{Config, ConfigError, LossName, MOST_COPIES, Settings};
use crate::models::{self, Activation, C3, NETWORKS, Output, Pooling};
use crate::paper::codes;

const POSITIVE: &str = "a number above 0 (1e-12 to 1e6)";
const FLANKS: &str = "false where the alphabet has no eleventh character, or with distorted copies";
const ALPHABET: &str = "ten or eleven characters of U+0020 to U+007F with different codes";
const WHOLE: &str = "a whole number from 0 to 2^63 - 1";
const CHANGES: &str = "the default: only the network lenet5 can be changed so";
const LEVELS: &str = "at most three numbers of -10 to 10, one a channel; none for the printed levels";
const DEVIATIONS: &str = "as many numbers as input_mean, of 0.001 to 10";
const LOSSES: &str =
    "cross_entropy for a network that ends in scores (such as modern, or output = scores), eq8 or eq9 for others";

/// A choice as it is written in a configuration file.
fn word(choice: impl serde::Serialize) -> String {
    let value = toml::Value::try_from(choice).expect("a word");
    value.as_str().unwrap_or_default().into()
}

impl Config {
    /// Whether every setting is in its range.
    ///
    /// # Errors
    /// The first one that is not.
    pub fn check(self) -> Result<Settings, ConfigError> {
        if !NETWORKS.contains(&self.network.as_str()) {
            return Err(ConfigError::Network(self.network));
        }
        // The limits keep every number and its reciprocal within the range of f32.
        let positive = |value: f64| (1e-12..=1e6).contains(&value);
        // TOML has no larger whole numbers.
        let whole = |value: u64| i64::try_from(value).is_ok();
        // The space and the delete character are different characters with one code.
        let distinct = |codes: Vec<codes::Code>| {
            let count = codes.len();
            (10..=11).contains(&count) && BTreeSet::from_iter(codes).len() == count
        };
        let alphabet_ok = codes::alphabet(&self.alphabet).is_ok_and(distinct);
        let flanks_ok = !self.flanks || self.alphabet.chars().count() == 11 && self.distorted_copies == 0;
        let rates_ok = self.schedule.iter().all(|rate| (1..=100_000).contains(&rate.passes) && positive(rate.eta));
        let count_ok = self.curvature_count > 0 && whole(self.curvature_count as u64);
        let (lenet5, changes) = (self.network == "lenet5", self.changes());
        // A network of its own kind ends as its preset's loss says.
        let preset_loss = || models::preset(&self.network).map(|preset| preset.loss);
        let scores =
            if lenet5 { changes.output == Output::Scores } else { preset_loss() == Some(LossName::CrossEntropy) };
        let loss_ok = scores == (self.loss == LossName::CrossEntropy);
        let levels_ok =
            |levels: &[f64], low: f64| levels.len() <= 3 && levels.iter().all(|level| (low..=10.0).contains(level));
        let deviations_ok =
            levels_ok(&self.input_deviation, 1e-3) && self.input_deviation.len() == self.input_mean.len();
        let checks = [
            ("training_patterns", whole(self.training_patterns as u64), WHOLE, self.training_patterns.to_string()),
            ("held_out", whole(self.held_out as u64), WHOLE, self.held_out.to_string()),
            ("distorted_copies", self.distorted_copies <= MOST_COPIES, "0 to 1000", self.distorted_copies.to_string()),
            ("distortion", (0.0..=2.0).contains(&self.distortion), "0 to 2", self.distortion.to_string()),
            ("flanks", flanks_ok, FLANKS, self.flanks.to_string()),
            ("pixel_noise", (0.0..=1.0).contains(&self.pixel_noise), "0 to 1", self.pixel_noise.to_string()),
            ("seed", whole(self.seed), WHOLE, self.seed.to_string()),
            ("passes", (1..=100_000).contains(&self.passes), "1 to 100000", self.passes.to_string()),
            ("activation", lenet5 || changes.activation == Activation::Squash, CHANGES, word(changes.activation)),
            ("pooling", lenet5 || changes.pooling == Pooling::Subsampling, CHANGES, word(changes.pooling)),
            ("c3", lenet5 || changes.c3 == C3::Sparse, CHANGES, word(changes.c3)),
            ("output", lenet5 || changes.output == Output::Rbf, CHANGES, word(changes.output)),
            ("input_mean", levels_ok(&self.input_mean, -10.0), LEVELS, format!("{:?}", self.input_mean)),
            ("input_deviation", deviations_ok, DEVIATIONS, format!("{:?}", self.input_deviation)),
            ("alphabet", alphabet_ok, ALPHABET, self.alphabet.clone()),
            ("loss", loss_ok, LOSSES, word(self.loss)),
            ("j", positive(self.j), POSITIVE, self.j.to_string()),
            ("weight_range", positive(self.weight_range), POSITIVE, self.weight_range.to_string()),
            ("coefficient", positive(self.coefficient), POSITIVE, self.coefficient.to_string()),
            ("momentum", (0.0..1.0).contains(&self.momentum), "0 to 1, without 1", self.momentum.to_string()),
            ("batch", (1..=4096).contains(&self.batch), "1 to 4096", self.batch.to_string()),
            ("eta_factor", positive(self.eta_factor), POSITIVE, self.eta_factor.to_string()),
            ("mu", positive(self.mu), POSITIVE, self.mu.to_string()),
            ("curvature_count", count_ok, "a whole number from 1 to 2^63 - 1", self.curvature_count.to_string()),
            ("schedule", !self.schedule.is_empty(), "at least one rate", "none".into()),
            ("schedule", rates_ok, "rates above 0, each for 1 to 100000 passes", format!("{:?}", self.schedule)),
        ];
        for (key, ok, expected, found) in checks {
            if !ok {
                return Err(ConfigError::Range { key, expected, found });
            }
        }
        Ok(Settings(self))
    }
}
