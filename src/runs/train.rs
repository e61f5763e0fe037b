//! Training in one call, for programs.

use std::path::Path;

use crate::data::Dataset;
use crate::models::builder::Builder;
use crate::runs::folder::{Run, RunError};
use crate::training::PassRecord;

/// Trains a network on `dataset` with these settings over the preset's ([`Builder::assigned`]), and records the run in `folder`, which
/// must not exist or be empty: [`Model::load`](crate::runs::checkpoint::Model::load) reads the trained model there. Returns the record of
/// the last pass. A program that wants to watch or to stop the training uses [`Run`].
///
/// # Errors
/// As [`Builder::assigned`], [`Run::create`] and [`Run::train`]; or [`RunError::NoResult`] if the training diverged or was no better than
/// chance: all that was recorded stays in the folder.
pub fn train(folder: &Path, assignments: &[&str], dataset: &Dataset) -> Result<PassRecord, RunError> {
    let mut run = Run::create(folder, Builder::assigned(assignments)?, dataset)?;
    run.train(dataset, &mut ())?;
    match (run.verdict(), run.records().last()) {
        (None, Some(record)) => Ok(record.clone()),
        (verdict, _) => {
            let verdict = verdict.map_or_else(|| "no pass is complete".into(), ToString::to_string);
            Err(RunError::NoResult { folder: folder.into(), verdict })
        }
    }
}
