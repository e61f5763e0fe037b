//! A run's files as they are, read without its lock.

use std::path::Path;

use super::error::RunError;
use super::table::{check_errors, read_table_if_there};
use super::verdict::Verdict;
use crate::config::Settings;
use crate::models::builder::Builder;
use crate::training::PassRecord;

/// What the files of a run say at this moment. Another process may be training it.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Its settings.
    pub settings: Settings,
    /// A record for each pass that is done.
    pub records: Vec<PassRecord>,
    /// The reason why it has no usable result, if so.
    pub verdict: Option<Verdict>,
}

impl Snapshot {
    /// Reads the run in `folder`.
    ///
    /// # Errors
    /// If it has no `config.toml`, or a file of it cannot be read.
    pub fn read(folder: &Path) -> Result<Self, RunError> {
        let settings = settings(folder)?;
        let records = records(folder, &settings)?;
        Ok(Self { settings, records, verdict: Verdict::read(folder)? })
    }
}

/// The settings in the folder of a run.
pub(in crate::runs) fn settings(folder: &Path) -> Result<Settings, RunError> {
    let mut builder = Builder::default();
    builder.file(&folder.join("config.toml"))?;
    Ok(builder.build()?)
}

/// A record for each pass that is done of the run in `folder` with these settings; none where there is no run.
pub(in crate::runs) fn records(folder: &Path, settings: &Settings) -> Result<Vec<PassRecord>, RunError> {
    let records = read_table_if_there(&folder.join("metrics.csv"))?.unwrap_or_default();
    check_errors(folder, &records, settings.measured())?;
    Ok(records)
}
