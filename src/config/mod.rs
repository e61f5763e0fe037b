//! Settings of a run: what can be chosen, the default of each, and whether the paper states it.
//!
//! A [`Config`] is what a user writes, not yet looked at. [`Config::check`] turns it into [`Settings`], which is what the
//! library accepts.

mod check;
mod label;
mod settings;
mod split;

pub use settings::{SETTINGS, Setting};
pub use split::{Measured, Split};

use serde::{Deserialize, Serialize};

use crate::data::Choice;
use crate::data::encoder::{Encoding, Levels};
use crate::models::{self, Activation, C3, Changes, NETWORKS, Output, Pooling};
use crate::network::layers::{CoefficientCurvature, Distance};
use crate::network::loss::Loss;
use crate::network::optimizer::{self, PRINTED_SCHEDULE, Rate, Rule};
use crate::paper::codes;
use crate::words::unknown;

/// The most distorted copies of each pattern.
pub const MOST_COPIES: usize = 1000;

/// Which loss is minimised; see [`Loss`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LossName {
    /// Eq. 8.
    Eq8,
    /// Eq. 9.
    Eq9,
    /// Cross-entropy after softmax.
    #[serde(rename = "cross_entropy")]
    CrossEntropy,
}

/// What initial weights are drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WeightDistribution {
    /// Uniform within +- the range.
    Uniform,
    /// Normal with the range for its standard deviation.
    Normal,
}

/// How parameters are moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Optimizer {
    /// Stochastic diagonal Levenberg-Marquardt (section III-B, Appendix C).
    LevenbergMarquardt,
    /// Gradient descent with momentum.
    Sgd,
    /// Adam (Kingma and Ba, 2015).
    Adam,
}

/// When the curvature is estimated anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CurvatureMoment {
    /// Before each pass.
    Pass,
    /// Before the first pass of each rate of the schedule.
    Rate,
}

/// How the range of initial weights depends on the fan-in F of the unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FanIn {
    /// +- range / F, as printed.
    Linear,
    /// +- range / sqrt(F).
    SquareRoot,
}

/// How biases start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BiasStart {
    /// At 0.
    Zero,
    /// Drawn as the weights of their unit are.
    Uniform,
}

/// How the coefficients of subsampling layers start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CoefficientStart {
    /// All at the same value.
    Constant,
    /// Uniform between minus and plus that value.
    Uniform,
}

/// In which order a pass presents the patterns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// One random order, kept for all passes.
    Fixed,
    /// A new random order for each pass.
    Reshuffled,
}

/// Which patterns the curvature is estimated on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CurvaturePatterns {
    /// The first ones of the training set.
    First,
    /// Drawn anew for each pass.
    Random,
}

/// The settings as a user writes them. [`SETTINGS`] says of each what it means and where it comes from.
#[expect(missing_docs, reason = "SETTINGS is their documentation, which a test keeps complete")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub preset: String,
    pub dataset: Choice,
    pub training_patterns: usize,
    pub held_out: usize,
    pub distorted_copies: usize,
    pub distortion: f64,
    pub pixel_noise: f64,
    pub flanks: bool,
    pub training_error: bool,
    pub seed: u64,
    pub passes: usize,
    pub network: String,
    pub activation: Activation,
    pub pooling: Pooling,
    pub c3: C3,
    pub output: Output,
    pub input_mean: Vec<f64>,
    pub input_deviation: Vec<f64>,
    pub alphabet: String,
    pub distance: Distance,
    pub loss: LossName,
    pub j: f64,
    pub weight_distribution: WeightDistribution,
    pub weight_range: f64,
    pub weight_fan_in: FanIn,
    pub bias_start: BiasStart,
    pub coefficient_start: CoefficientStart,
    pub coefficient: f64,
    pub coefficient_curvature: CoefficientCurvature,
    pub order: Order,
    pub optimizer: Optimizer,
    pub momentum: f64,
    pub batch: usize,
    pub eta_factor: f64,
    pub mu: f64,
    pub curvature_count: usize,
    pub curvature_patterns: CurvaturePatterns,
    pub curvature_moment: CurvatureMoment,
    pub schedule: Vec<Rate>,
}

/// A setting that is not acceptable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A value out of its range.
    #[error("setting `{key}`: {found} is not acceptable; expected {expected}")]
    Range {
        /// The setting.
        key: &'static str,
        /// What it takes.
        expected: &'static str,
        /// What was given.
        found: String,
    },
    /// Text that is no configuration.
    #[error("{place}: {problem}")]
    Syntax {
        /// The file or argument.
        place: String,
        /// What is wrong, with line and column where it is a file.
        problem: String,
    },
    /// An unknown preset.
    #[error("{}", unknown("preset", .0, &presets()))]
    Preset(String),
    /// An unknown network.
    #[error("setting `network`: {}", unknown("network", .0, NETWORKS))]
    Network(String),
}

/// Names of the presets: `paper` and `tuned` of LeNet-5, and one for each of the other networks.
pub fn presets() -> Vec<&'static str> {
    let others = NETWORKS.iter().copied().filter(|&name| name != "lenet5");
    ["paper", "tuned"].into_iter().chain(others).collect()
}

impl Config {
    /// The preset of this name. `paper`: what the paper prints, with the readings that [`SETTINGS`] marks as assumed. `tuned`: the
    /// same network with distorted patterns, each presented once; j, the scale of the distances, the initial weights, the
    /// factor of the rates, the strength of the distortions and the number of passes were chosen on 10,000 training patterns
    /// held out (`reproduce tuned`). The others are those of the networks of these names, in [`models`].
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn preset(name: &str) -> Result<Self, ConfigError> {
        match name {
            "paper" => Ok(Self::paper()),
            "tuned" => Ok(Self {
                preset: "tuned".into(),
                j: 5.0,
                distance: Distance::Half,
                weight_range: 1.0,
                coefficient: 0.5,
                eta_factor: 0.3,
                distortion: 0.5,
                passes: 40,
                distorted_copies: 39,
                schedule: PRINTED_SCHEDULE.map(|rate| Rate { passes: 2 * rate.passes, ..rate }).to_vec(),
                ..Self::paper()
            }),
            _ if presets().contains(&name) => Ok(models::preset(name).expect("a network's own")),
            _ => Err(ConfigError::Preset(name.into())),
        }
    }

    /// What of LeNet-5 is changed.
    pub fn changes(&self) -> Changes {
        Changes { activation: self.activation, pooling: self.pooling, c3: self.c3, output: self.output }
    }

    /// The preset `paper`, which the presets of the other networks change.
    pub(crate) fn paper() -> Self {
        Self {
            preset: "paper".into(),
            dataset: Choice::Auto,
            training_patterns: 0,
            held_out: 0,
            distorted_copies: 0,
            distortion: 1.0,
            pixel_noise: 0.0,
            flanks: false,
            training_error: true,
            seed: 1,
            passes: 20,
            network: "lenet5".into(),
            activation: Activation::Squash,
            pooling: Pooling::Subsampling,
            c3: C3::Sparse,
            output: Output::Rbf,
            input_mean: Vec::new(),
            input_deviation: Vec::new(),
            alphabet: "0123456789".into(),
            distance: Distance::Sum,
            loss: LossName::Eq9,
            j: 2.0,
            weight_distribution: WeightDistribution::Uniform,
            weight_range: 2.4,
            weight_fan_in: FanIn::SquareRoot,
            bias_start: BiasStart::Zero,
            coefficient_start: CoefficientStart::Constant,
            coefficient: 0.25,
            coefficient_curvature: CoefficientCurvature::Sum,
            order: Order::Fixed,
            optimizer: Optimizer::LevenbergMarquardt,
            momentum: 0.9,
            batch: 1,
            eta_factor: 1.0,
            mu: 0.02,
            curvature_count: 500,
            curvature_patterns: CurvaturePatterns::First,
            curvature_moment: CurvatureMoment::Pass,
            schedule: PRINTED_SCHEDULE.to_vec(),
        }
    }
}

/// Settings that have been checked. They read like a [`Config`] and can't be changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings(Config);

impl std::ops::Deref for Settings {
    type Target = Config;

    fn deref(&self) -> &Config {
        &self.0
    }
}

impl Settings {
    /// The settings back, to change and check again.
    pub fn into_config(self) -> Config {
        self.0
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

    /// Whether the curvature is estimated before pass `pass`, counted from 1.
    pub fn estimates_curvature(&self, pass: usize) -> bool {
        let new_rate = || {
            let firsts = self.schedule.iter().scan(1, |first, rate| {
                *first += rate.passes;
                Some(*first - rate.passes)
            });
            firsts.into_iter().any(|first| first == pass)
        };
        let moment = self.curvature_moment == CurvatureMoment::Pass || new_rate();
        self.optimizer == Optimizer::LevenbergMarquardt && moment
    }

    /// Whether a pass uses the curvature that was estimated before an earlier one.
    pub fn keeps_curvature(&self) -> bool {
        self.optimizer == Optimizer::LevenbergMarquardt && self.curvature_moment == CurvatureMoment::Rate
    }

    /// How many numbers a pass takes over from the one before, beside the values, for a network with this many parameters: what the
    /// optimizer keeps, or the curvature where it is not estimated before each pass.
    pub fn optimizer_state_size(&self, parameters: usize) -> usize {
        let slots = if self.keeps_curvature() { 1 } else { self.rule().slots() };
        slots * parameters
    }

    /// How the network reads pixels, before it has a say itself.
    pub fn encoding(&self) -> Encoding {
        let levels = if self.input_mean.is_empty() {
            Levels::Printed
        } else {
            Levels::Standardised { mean: self.input_mean.clone(), deviation: self.input_deviation.clone() }
        };
        Encoding { levels, ..Encoding::default() }
    }

    /// How many classes there are: 10, or 11 with the blank.
    pub fn classes(&self) -> usize {
        self.alphabet.chars().count()
    }

    /// The codes of the alphabet.
    pub fn codes(&self) -> Vec<codes::Code> {
        codes::alphabet(&self.alphabet).expect("checked")
    }

    /// The class of what is no character, "none of the above" (section VII), for which the eleventh character of the alphabet
    /// lends its code; `None` where there are ten.
    pub fn blank_class(&self) -> Option<usize> {
        (self.alphabet.chars().count() == 11).then_some(10)
    }

    /// What to call each class: its character, or `blank`.
    ///
    /// ```
    /// let mut builder = lenet5::models::builder::Builder::default();
    /// builder.assignment("alphabet='0123456789 '").unwrap();
    /// let settings = builder.build().unwrap();
    /// assert_eq!((settings.class_names()[7].as_str(), settings.class_names()[10].as_str()), ("7", "blank"));
    /// ```
    pub fn class_names(&self) -> Vec<String> {
        let name = |(class, character)| {
            if self.blank_class() == Some(class) { "blank".into() } else { String::from(character) }
        };
        self.alphabet.chars().enumerate().map(name).collect()
    }
}
