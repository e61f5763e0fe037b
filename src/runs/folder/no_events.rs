//! In the place of the event files, in a build without the feature `export`.

use std::path::Path;

use super::RunError;
use crate::config::Measured;
use crate::training::PassRecord;

/// Writes nothing.
pub struct Events;

impl Events {
    /// An error if event files are wanted.
    pub fn new(wanted: bool, _: &Path, _: &[PassRecord], _: Measured) -> Result<Self, RunError> {
        if wanted { Err(RunError::NoExport) } else { Ok(Self) }
    }

    /// Does nothing.
    pub fn pass(&mut self, _: &PassRecord) -> Result<(), RunError> {
        Ok(())
    }
}
