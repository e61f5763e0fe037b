//! Settings of a run: what can be chosen, the default of each, and whether the paper states it.
//!
//! A [`Config`] is what a user writes, not yet looked at. [`Config::check`] turns it into [`Settings`], which is what the
//! library accepts.

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

/// The documentation of one setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Its key in a configuration file and for `--set`.
    pub key: &'static str,
    /// "paper" with the place that states the default, "assumed" with why, or "ours" for what the paper has no word for.
    pub source: &'static str,
    /// What it means and which values it takes.
    pub meaning: &'static str,
}

const fn setting(key: &'static str, source: &'static str, meaning: &'static str) -> Setting {
    Setting { key, source, meaning }
}

/// Every setting, in the order of a configuration file.
pub const SETTINGS: [Setting; 27] = [
    setting("preset", "ours", "the set of defaults that the others changed; for the record"),
    setting("dataset", "ours", "auto, mnist, or digits (1,797 digits of 8x8 that need no download)"),
    setting(
        "training_patterns",
        "paper, III-A: all 60,000",
        "how many of the training patterns to use, at most all; 0 for all",
    ),
    setting(
        "held_out",
        "ours",
        "how many of the last training patterns to test on in place of the test set, and not to train on; for choosing settings",
    ),
    setting(
        "distorted_copies",
        "paper, III-B: none, or 9 of each pattern",
        "distorted patterns for each original; a pass presents as many of all these as there are originals",
    ),
    setting(
        "distortion",
        "assumed: Fig. 7's ranges, recovered from its pictures",
        "strength of the distorted copies: 1 for the ranges of Fig. 7, 0 to 2",
    ),
    setting(
        "pixel_noise",
        "paper, Fig. 13: 0.1 there, 0 elsewhere",
        "probability with which each input pixel is inverted",
    ),
    setting(
        "flanks",
        "paper, VII: for reading strings",
        "whether training characters have neighbours beside them, anew in each pass, or are blank; then the alphabet has eleven characters",
    ),
    setting(
        "training_error",
        "ours",
        "whether the training error is measured after each pass too, not only on the fly",
    ),
    setting("seed", "ours", "of all random streams"),
    setting("passes", "paper, III-B", "how often the training patterns are presented"),
    setting(
        "alphabet",
        "paper, III: the ten digits",
        "the characters of the classes 0 to 9, and of the class \"blank\" if there are eleven; of U+0020 to U+007F",
    ),
    setting("distance", "paper, eq. 7", "sum: sum (x - w)^2 as printed; half: with the 1/2 of the authors' code"),
    setting("loss", "assumed: the text does not say which loss gave its results", "eq8 or eq9"),
    setting(
        "j",
        "assumed: nowhere given; calibrated on the printed training errors of Fig. 5 alone",
        "j of eq. 9, above 0; without effect for eq. 8",
    ),
    setting("weight_range", "paper: 2.4", "r: initial weights are uniform in +- r / F or +- r / sqrt(F)"),
    setting(
        "weight_fan_in",
        "assumed: with r / F as printed the network does not train",
        "linear: r / F as printed; square_root: r / sqrt(F); F is the fan-in of the unit",
    ),
    setting(
        "bias_start",
        "assumed: not mentioned; the authors' code has 0",
        "zero, or uniform like the unit's weights",
    ),
    setting(
        "coefficient_start",
        "assumed: not mentioned; constant in the authors' code",
        "of the subsampling coefficients: constant, or uniform in +- coefficient",
    ),
    setting("coefficient", "assumed: not mentioned; 1/4 makes a sum an average", "where they start"),
    setting(
        "coefficient_curvature",
        "assumed: a coefficient multiplies a sum; nearer to the training errors of Fig. 5 than connections",
        "connections: the inputs of a subsampling unit share its coefficient; sum: their sum is its one input",
    ),
    setting(
        "order",
        "paper, III-B: one random order, kept constant",
        "of the patterns: fixed, or reshuffled before each pass",
    ),
    setting("eta_factor", "ours", "multiplies every global rate of the schedule"),
    setting("mu", "paper, III-B", "keeps eps_k = eta / (mu + h_kk) bounded where the curvature is small"),
    setting("curvature_count", "paper, III-B", "patterns on which h_kk is estimated before each pass, at most all"),
    setting("curvature_patterns", "assumed: not said which", "first of the training set, or random for each pass"),
    setting("schedule", "paper, III-B", "global rates eta, each for a number of passes; the last one holds on"),
];

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
