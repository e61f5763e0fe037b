//! Checked settings, and the values derived from them.

use super::choices::{Activation, C3, CurvatureMoment, LossName, Optimizer, OutputLayer, Pooling};
use super::error::ConfigError;
use super::network::{Declaration, Defaults};
use super::settings::Config;
use crate::data::encoder::{Encoding, Levels};
use crate::network::loss::Loss;
use crate::network::optimizer::{self, Rate, Rule};
use crate::paper::codes;

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

    /// The number of classes: 10, or 11 with the blank.
    pub fn classes(&self) -> usize {
        self.alphabet.chars().count()
    }

    /// The codes of the alphabet.
    pub fn codes(&self) -> Vec<codes::Code> {
        codes::alphabet(&self.alphabet).expect("checked")
    }

    /// The class "none of the above" (section VII), which has the code of the alphabet's eleventh character; `None` where there are
    /// ten.
    pub fn blank_class(&self) -> Option<usize> {
        (self.classes() == 11).then_some(10)
    }

    /// The name of each class: its character, or `blank`.
    ///
    /// ```
    /// let settings = lenet5::models::builder::Builder::assigned(&["alphabet='0123456789 '"]).unwrap();
    /// assert_eq!((settings.class_names()[7].as_str(), settings.class_names()[10].as_str()), ("7", "blank"));
    /// ```
    pub fn class_names(&self) -> Vec<String> {
        let name = |(class, character)| {
            if self.blank_class() == Some(class) { "blank".into() } else { String::from(character) }
        };
        self.alphabet.chars().enumerate().map(name).collect()
    }
}
