//! Settings of a run: what can be chosen, the default of each, and whether the paper states it.
//!
//! A [`Config`] is what a user writes, not yet looked at. [`Config::check`] turns it into [`Settings`], which is what the
//! library accepts.

mod settings;

pub use settings::{SETTINGS, Setting};

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::codes;
use crate::data::Choice;
use crate::layers::{CoefficientCurvature, Distance};
use crate::loss::Loss;
use crate::optimizer::levenberg_marquardt::{self, PRINTED_SCHEDULE, Rate};

/// Which loss is minimised; see [`Loss`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LossName {
    /// Eq. 8.
    Eq8,
    /// Eq. 9.
    Eq9,
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
    pub alphabet: String,
    pub distance: Distance,
    pub loss: LossName,
    pub j: f64,
    pub weight_range: f64,
    pub weight_fan_in: FanIn,
    pub bias_start: BiasStart,
    pub coefficient_start: CoefficientStart,
    pub coefficient: f64,
    pub coefficient_curvature: CoefficientCurvature,
    pub order: Order,
    pub eta_factor: f64,
    pub mu: f64,
    pub curvature_count: usize,
    pub curvature_patterns: CurvaturePatterns,
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
    /// A preset that there is not.
    #[error("there is no preset `{0}`; presets: {list}", list = PRESETS.join(", "))]
    Preset(String),
}

const POSITIVE: &str = "a number above 0 (1e-12 to 1e6)";
const FLANKS: &str = "false where the alphabet has no eleventh character, or with distorted copies";
const ALPHABET: &str = "ten or eleven characters of U+0020 to U+007F with different codes";
const WHOLE: &str = "a whole number from 0 to 2^63 - 1";

/// Names of the presets.
pub const PRESETS: [&str; 2] = ["paper", "tuned"];

impl Config {
    /// The preset of this name. `paper`: what the paper prints, with the readings that [`SETTINGS`] marks as assumed. `tuned`: the
    /// same network with distorted patterns, each presented once; j, the scale of the distances, the initial weights, the
    /// factor of the rates, the strength of the distortions and the number of passes were chosen on 10,000 training patterns
    /// held out (`reproduce tuned`).
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
            _ => Err(ConfigError::Preset(name.into())),
        }
    }

    fn paper() -> Self {
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
            alphabet: "0123456789".into(),
            distance: Distance::Sum,
            loss: LossName::Eq9,
            j: 2.0,
            weight_range: 2.4,
            weight_fan_in: FanIn::SquareRoot,
            bias_start: BiasStart::Zero,
            coefficient_start: CoefficientStart::Constant,
            coefficient: 0.25,
            coefficient_curvature: CoefficientCurvature::Sum,
            order: Order::Fixed,
            eta_factor: 1.0,
            mu: 0.02,
            curvature_count: 500,
            curvature_patterns: CurvaturePatterns::First,
            schedule: PRINTED_SCHEDULE.to_vec(),
        }
    }

    /// Whether every setting is in its range.
    ///
    /// # Errors
    /// The first one that is not.
    pub fn check(self) -> Result<Settings, ConfigError> {
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
        let checks = [
            ("training_patterns", whole(self.training_patterns as u64), WHOLE, self.training_patterns.to_string()),
            ("held_out", whole(self.held_out as u64), WHOLE, self.held_out.to_string()),
            ("distorted_copies", self.distorted_copies <= 1000, "0 to 1000", self.distorted_copies.to_string()),
            ("distortion", (0.0..=2.0).contains(&self.distortion), "0 to 2", self.distortion.to_string()),
            ("flanks", flanks_ok, FLANKS, self.flanks.to_string()),
            ("pixel_noise", (0.0..=1.0).contains(&self.pixel_noise), "0 to 1", self.pixel_noise.to_string()),
            ("seed", whole(self.seed), WHOLE, self.seed.to_string()),
            ("passes", (1..=100_000).contains(&self.passes), "1 to 100000", self.passes.to_string()),
            ("alphabet", alphabet_ok, ALPHABET, self.alphabet.clone()),
            ("j", positive(self.j), POSITIVE, self.j.to_string()),
            ("weight_range", positive(self.weight_range), POSITIVE, self.weight_range.to_string()),
            ("coefficient", positive(self.coefficient), POSITIVE, self.coefficient.to_string()),
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
        }
    }

    /// eta in pass `pass`, counted from 1.
    pub fn eta(&self, pass: usize) -> f64 {
        self.eta_factor * levenberg_marquardt::eta(&self.schedule, pass)
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
    /// let mut builder = lenet5::config_file::Builder::default();
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
