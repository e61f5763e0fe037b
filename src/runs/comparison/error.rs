//! The reasons why runs are not compared.

use std::path::PathBuf;

use crate::config::ConfigError;
use crate::runs::checkpoint::CheckpointError;
use crate::runs::folder::RunError;

/// Runs that cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum ComparisonError {
    /// There is nothing of a run at the path.
    #[error(
        "{path}: expected the folder of a run (with config.toml) or of several seeds (with seed-1 and so on), or a table of answers \
         (of `lenet5 test --predictions`); {found}",
        path = .0.display(), found = .1
    )]
    Nothing(PathBuf, String),
    /// The runs of one folder differ by more than their seeds.
    #[error(
        "{folder}: expected runs that differ by their seeds alone, found in {other}: {differences}; compare folders with the runs of one setting \
         each", folder = folder.display()
    )]
    Mixed {
        /// The folder of the runs.
        folder: PathBuf,
        /// The run that differs from the first.
        other: String,
        /// Each setting that differs, with both values.
        differences: String,
    },
    /// No run of a folder has a result.
    #[error("{path}: expected a run with all its passes, found none: {reasons}", path = path.display())]
    NoResult {
        /// The folder.
        path: PathBuf,
        /// Each run with the reason.
        reasons: String,
    },
    /// A run that measures no errors.
    #[error("{0}: the run measures errors on no patterns (test_set = false), so that there is nothing to compare")]
    NothingMeasured(String),
    /// Errors on different patterns.
    #[error(
        "{first} and {second} can't be compared, since their errors are of different patterns: {first_has} and {second_has}; compare runs with the \
         same data set and the same `held_out`"
    )]
    Patterns {
        /// The first side.
        first: String,
        /// The second side.
        second: String,
        /// The patterns of the first.
        first_has: String,
        /// The patterns of the second.
        second_has: String,
    },
    /// A file of a run cannot be read.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A run's settings cannot be read.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A run's model cannot be read.
    #[error(transparent)]
    Model(#[from] CheckpointError),
}
