//! Checked settings, and the values derived from them.

use super::choices::{Activation, C3, CurvatureMoment, LossName, Optimizer, OutputLayer, Pooling};
use super::error::ConfigError;
use super::network::{Declaration, Defaults};
use super::settings::Config;
use crate::data::encoder::{Encoding, Levels};
use crate::network::loss::Loss;
use crate::network::optimizer::{self, Rate, Rule};

/// The share of pictures without a digit that answers assume, where training had some (ours, see paper_notes.md).
pub const RUBBISH_SHOWN: f64 = 0.2;

/// Settings that have been checked. They read like a [`Config`] and can't be changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings(pub(super) Config);

impl std::ops::Deref for Settings {
    type Target = Config;

    fn deref(&self) -> &Config {
        &self.0
    }
}

impl Settings {
    /// These settings with a change.
    ///
    /// # Errors
    /// If the changed ones are refused.
    pub fn with(&self, change: impl FnOnce(&mut Config)) -> Result<Self, ConfigError> {
        let mut config = self.0.clone();
        change(&mut config);
        config.check()
    }

    /// True if no part of LeNet-5 is replaced by another.
    pub fn is_as_published(&self) -> bool {
        let layers = (self.activation, self.pooling, self.c3, self.output);
        layers == (Activation::Squash, Pooling::Subsampling, C3::Sparse, OutputLayer::Rbf)
    }

    /// The loss with its constants.
    pub fn loss_function(&self) -> Loss {
        match self.loss {
            LossName::Eq8 => Loss::Eq8,
            LossName::Eq9 => Loss::Eq9 { j: self.j },
            LossName::CrossEntropy => Loss::CrossEntropy,
        }
    }

    /// j of eq. 9 as answers take it. Where the patterns had a share of rubbish, the probability of rubbish is one for training's share; people
    /// show less of it, one picture in five ([`RUBBISH_SHOWN`]), so that exp(-j) is multiplied by the ratio of the odds. Otherwise `j`.
    pub fn answer_j(&self) -> f64 {
        let log_odds = |share: f64| libm::log(share / (1.0 - share));
        if self.rubbish > 0.0 { self.j + log_odds(self.rubbish) - log_odds(RUBBISH_SHOWN) } else { self.j }
    }

    /// eta in pass `pass`, counted from 1.
    pub fn eta(&self, pass: usize) -> f64 {
        self.eta_factor * optimizer::eta(&self.schedule, pass)
    }

    /// The optimizer with its constants.
    pub fn rule(&self) -> Rule {
        match self.optimizer {
            Optimizer::LevenbergMarquardt => Rule::LevenbergMarquardt { mu: self.mu },
            Optimizer::Sgd => Rule::Sgd { momentum: self.momentum },
            Optimizer::Adam => Rule::Adam,
        }
    }

    /// True if the curvature is estimated before pass `pass`, counted from 1.
    pub fn estimates_curvature(&self, pass: usize) -> bool {
        let mut first = 1;
        let mut begins = |rate: &Rate| {
            first += rate.passes;
            first - rate.passes == pass
        };
        let now = self.curvature_moment == CurvatureMoment::Pass || self.schedule.iter().any(&mut begins);
        self.optimizer == Optimizer::LevenbergMarquardt && now
    }

    /// True if a pass uses the curvature that was estimated before an earlier one.
    pub fn keeps_curvature(&self) -> bool {
        self.optimizer == Optimizer::LevenbergMarquardt && self.curvature_moment == CurvatureMoment::Rate
    }

    /// The size of the state that one pass hands to the next, beside the values, for a network with this many parameters: the optimizer's
    /// state, or the curvature where it is not estimated before each pass.
    pub fn optimizer_state_size(&self, parameters: usize) -> usize {
        let slots = if self.keeps_curvature() { 1 } else { self.rule().slots() };
        slots * parameters
    }

    /// The encoding of pixels; LeNet-1 also reduces images.
    pub fn encoding(&self) -> Encoding {
        let levels = if self.input_mean.is_empty() {
            Levels::Printed
        } else {
            Levels::Standardised { mean: self.input_mean.clone(), deviation: self.input_deviation.clone() }
        };
        Encoding { levels, ..Encoding::default() }
    }

    /// What the layers of a declared network take from these settings.
    pub fn layer_defaults(&self, declaration: &Declaration) -> Defaults {
        Defaults {
            activation: self.activation,
            distance: self.distance,
            coefficient_curvature: self.coefficient_curvature,
            classes: self.classes(),
            codes: if declaration.has_codes() { self.codes() } else { Vec::new() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::loss::rubbish_probability;

    #[test]
    fn answers_take_less_rubbish_than_training_had() {
        let settings = |rubbish| Config { rubbish, ..Config::default() }.check().unwrap();
        assert_eq!(settings(0.0).answer_j(), Config::default().j);
        assert!((settings(RUBBISH_SHOWN).answer_j() - Config::default().j).abs() < 1e-12);
        let (half, odds) = (settings(0.5), |j| {
            let probability = rubbish_probability(&[1.0, 3.0], j);
            probability / (1.0 - probability)
        });
        // As many pictures with as without a digit in training: now the odds are one to four.
        assert!((odds(half.answer_j()) / odds(half.j) - 0.25).abs() < 1e-12);
    }
}
