//! The printed result that a run can be compared with, if there is one.
//!
//! One rule for all tables and charts: a printed number stands beside a run only if the run has the data, the network, the readings,
//! the patterns and the passes of the printed one. Seeds, and settings that change no result, may differ.

use crate::config::{Config, Optimizer, Settings};
use crate::data::Source;
use crate::paper;

use super::lenet5::paper_2_4;

/// A printed result, and the run that it is of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counterpart {
    /// The printed run, in a few words.
    pub run: &'static str,
    /// The section or figure that prints it.
    pub place: &'static str,
    /// The test error after the last pass, in percent.
    pub test_error_percent: f64,
    /// The training error on the fly in the last pass, in percent, where it is printed.
    pub training_error_percent: Option<f64>,
    /// A known difference between the two runs, which every comparison must state.
    pub difference: Option<&'static str>,
}

/// A printed result without a training error, and without a known difference.
const fn printed(run: &'static str, place: &'static str, test_error_percent: f64) -> Counterpart {
    Counterpart { run, place, test_error_percent, training_error_percent: None, difference: None }
}

const ORIGINAL: Counterpart = Counterpart {
    training_error_percent: Some(paper::TRAINING_ERROR_PERCENT),
    ..printed("paper, 20 passes of 60,000", "section III-B", paper::TEST_ERROR_PERCENT)
};
const DISTORTED: Counterpart =
    printed("paper, with distortions", "section III-B, Fig. 9", paper::DISTORTED_TEST_ERROR_PERCENT);
const TUNED: Counterpart = Counterpart {
    difference: Some(
        "The printed run had 20 passes and settings that are not all known; `tuned` has 200, and settings chosen on patterns held out.",
    ),
    ..DISTORTED
};
const LENET1: Counterpart = printed("paper, LeNet-1", "Fig. 9", paper::LENET1_TEST_ERROR_PERCENT);
const LENET4: Counterpart = Counterpart {
    difference: Some(paper::LENET4_NOTE),
    ..printed("paper, LeNet-4", "Fig. 9", paper::LENET4_TEST_ERROR_PERCENT)
};
const LUSH: Counterpart =
    printed("Yadav and Bottou, 2019", "\"Cold Case: The Lost MNIST Digits\"", paper::LUSH_TEST_ERROR_PERCENT);

/// The size of MNIST's training set.
const MNIST_PATTERNS: usize = 60_000;

/// The presets with their printed counterparts.
const PRESETS: [(&str, Counterpart); 6] = [
    ("paper", ORIGINAL),
    ("paper-2.4", ORIGINAL),
    ("tuned", TUNED),
    ("lenet1", LENET1),
    ("lenet4", LENET4),
    ("lush", LUSH),
];

/// The printed result that is comparable with a finished run with these settings on this data, if there is one.
///
/// The distorted patterns of section III-B are nine copies of each original. Their strength is a reading, since the paper does not
/// print their ranges: any strength has the printed 0.8 % as its counterpart.
///
/// ```
/// use lenet5::config::Config;
/// use lenet5::data::Source;
/// use lenet5::models::counterpart;
/// let paper = Config::default().check()?;
/// assert_eq!(counterpart(&paper, Source::Mnist).map(|printed| printed.test_error_percent), Some(0.95));
/// let fewer = Config { training_patterns: 6000, ..Config::default() }.check()?;
/// assert_eq!(counterpart(&fewer, Source::Mnist), None);
/// # Ok::<(), lenet5::config::ConfigError>(())
/// ```
pub fn counterpart(settings: &Settings, source: Source) -> Option<Counterpart> {
    if settings.distorted_copies > 0 && settings.distortion == 0.0 {
        return None; // the copies are not distorted
    }
    let distorted = Config { distorted_copies: 9, distortion: settings.distortion, ..Config::default() };
    let preset = |(name, printed): (&str, Counterpart)| (super::preset(name).expect("a preset"), printed);
    let mut all = PRESETS.into_iter().map(preset).chain([(distorted, DISTORTED)]);
    let found = all.find(|(config, _)| is_run_of(settings, config))?;
    (source == Source::Mnist).then_some(found.1)
}

/// True if the learning curve of such a run is comparable with Fig. 5, pass by pass, for any number of passes.
pub fn is_run_of_fig_5(settings: &Settings, source: Source) -> bool {
    let is_run = |reading: Config| is_run_of(settings, &Config { passes: settings.passes, ..reading });
    source == Source::Mnist && [Config::default(), paper_2_4()].into_iter().any(is_run)
}

/// True if the settings are those of `printed`, apart from those that change no result: the seed, additional measurements, the names of
/// preset and data set, and the constants of unused methods.
fn is_run_of(settings: &Settings, printed: &Config) -> bool {
    let Config { ref preset, ref dataset, seed, training_error, training_patterns, distortion, momentum, .. } =
        **settings;
    let (preset, dataset) = (preset.clone(), dataset.clone());
    let mut printed = Config { preset, dataset, seed, training_error, ..printed.clone() };
    if training_patterns >= MNIST_PATTERNS {
        printed.training_patterns = training_patterns;
    }
    if settings.distorted_copies == 0 {
        printed.distortion = distortion;
    }
    if settings.optimizer != Optimizer::Sgd {
        printed.momentum = momentum;
    }
    **settings == printed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::builder::Builder;

    fn settings(assignments: &[&str]) -> Settings {
        Builder::assigned(assignments).unwrap()
    }

    #[test]
    fn printed_numbers_belong_to_their_own_runs() {
        let error =
            |assignments: &[&str]| counterpart(&settings(assignments), Source::Mnist).map(|c| c.test_error_percent);
        assert_eq!(error(&[]), Some(0.95));
        assert_eq!(error(&["seed=7", "training_error=false", "dataset=mnist"]), Some(0.95));
        assert_eq!(error(&["training_patterns=60000", "distortion=0.5", "momentum=0.8"]), Some(0.95), "not used");
        assert_eq!(error(&["distorted_copies=9", "distortion=0.5"]), Some(0.8));
        assert_eq!(error(&["preset=tuned"]), Some(0.8));
        assert_eq!(error(&["preset=lenet4"]), Some(1.1));
        assert_eq!(error(&["preset=lenet1"]), Some(1.7));
        assert_eq!(error(&["preset=lush"]), Some(0.82));
        for changed in [
            &["training_patterns=6000"][..],
            &["activation=relu"],
            &["held_out=10000"],
            &["passes=19"],
            &["passes=21"],
            &["j=5"],
            &["eta_factor=2"],
            &["distorted_copies=3"],
            &["distorted_copies=9", "distortion=0.0"],
            &["pixel_noise=0.1"],
            &["preset=tuned", "passes=20"],
            &["preset=modern"],
            &["preset=lenet4", "distorted_copies=9"],
        ] {
            assert_eq!(error(changed), None, "{changed:?}");
        }
        assert_eq!(counterpart(&settings(&[]), Source::Digits), None);
    }

    #[test]
    fn fig_5_stands_behind_runs_of_the_preset_alone() {
        let has = |assignments: &[&str]| is_run_of_fig_5(&settings(assignments), Source::Mnist);
        assert!(has(&[]) && has(&["passes=3", "seed=2"]));
        for changed in
            ["training_patterns=6000", "held_out=10000", "activation=relu", "distorted_copies=9", "preset=lenet1"]
        {
            assert!(!has(&[changed]), "{changed}");
        }
    }
}
