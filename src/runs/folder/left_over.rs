//! Files that a killed process leaves in a run's folder.

use std::path::Path;
use std::time::Duration;

use super::patterns::{self, PATTERNS};
use super::verdict::VERDICT;
use super::{Run, RunError};
use crate::files::{self, LONG_AGO, remove_temporaries};
use crate::runs::checkpoint::{CheckpointError, Model};

/// The files of a run that are written as a whole or not at all, each to a temporary file first.
const FILES: [&str; 9] = [
    "config.toml",
    "metrics.csv",
    "rates.csv",
    "environment.toml",
    "checkpoint.safetensors",
    "model.safetensors",
    "learning_curve.svg",
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
            // Never half-written: a file that is no model, or one of a later version, is somebody else's.
            Err(CheckpointError::Contents { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        },
        PATTERNS => patterns::is_one(path),
        name => Ok(files::target_of_temporary(name).is_some_and(|target| FILES.contains(&target))),
    }
}

impl Run {
    /// Removes the temporary files of processes that were killed while they trained this run: whoever holds the lock knows
    /// that nobody writes them any more.
    pub(super) fn remove_temporaries(&self) -> Result<(), RunError> {
        let age = if self.lock.missing().is_some() { LONG_AGO } else { Duration::ZERO };
        let removed = remove_temporaries(&self.folder, |name| FILES.contains(&name), age);
        removed.map_err(|error| RunError::Io(self.folder.clone(), error))
    }

    /// A warning to give the user before this run is trained, where there is reason for one.
    pub fn warning(&self) -> Option<String> {
        let (folder, reason) = (self.folder.display(), self.lock.missing()?);
        Some(format!(
            "{folder}: there are no locks on this file system ({reason}); nothing keeps a second process from training this run \
             at the same time, so start no other"
        ))
    }
}
