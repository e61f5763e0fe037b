//! Files that a killed process leaves in a run's folder.

use std::path::Path;
use std::time::Duration;

use super::error::RunError;
use super::patterns::{self, PATTERNS};
use super::verdict::VERDICT;

use crate::files::{self, remove_temporaries};
use crate::runs::checkpoint::{CheckpointError, Model};

/// The files of a run that are written as a whole or not at all, each to a temporary file first.
const FILES: [&str; 11] = [
    "config.toml",
    "metrics.csv",
    "rates.csv",
    "environment.toml",
    "checkpoint.safetensors",
    "model.safetensors",
    "learning_curve.svg",
    "learning_curve.png",
    "learning_curve.pdf",
    PATTERNS,
    VERDICT,
];

/// True if there is a run in the folder: its `config.toml`, which is written last.
///
/// # Errors
/// If that cannot be found out.
pub(crate) fn is_made(folder: &Path) -> Result<bool, RunError> {
    let config = folder.join("config.toml");
    files::is_there(&config).map_err(|error| RunError::Io(config, error))
}

/// True for a file of a run that was killed while it was being made, before its `config.toml`.
///
/// # Errors
/// If the file cannot be read: it may be a trained network then.
pub(super) fn is_left_over(path: &Path) -> Result<bool, RunError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match &*name {
        "lock" => Ok(true),
        "checkpoint.safetensors" => match Model::load_file(path) {
            Ok(model) => Ok(model.passes == 0),
            // Never half-written: a file that is not a model, or one of a later version, was not left by a killed run.
            Err(CheckpointError::Contents { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        },
        PATTERNS => patterns::is_one(path),
        name => Ok(files::target_of_temporary(name).is_some_and(|target| FILES.contains(&target))),
    }
}

/// Removes the temporary files, of at least this `age`, of processes that were killed while they trained the run in `folder`.
pub(super) fn remove(folder: &Path, age: Duration) -> Result<(), RunError> {
    let removed = remove_temporaries(folder, |name| FILES.contains(&name), age);
    removed.map_err(|error| RunError::Io(folder.into(), error))
}
