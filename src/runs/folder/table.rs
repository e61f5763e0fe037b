//! The CSV files of runs.

use std::io;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::RunError;
use crate::config::Measured;
use crate::files::{self, write_atomically};
use crate::training::PassRecord;

/// The largest table that is read, in bytes: 100,000 passes with a row of `rates.csv` for each tensor stay below.
const MAX_SIZE: u64 = 256 << 20;

/// The rows of a run's CSV file: `metrics.csv` has [`PassRecord`], `rates.csv` has [`RateRecord`](crate::training::rates::RateRecord).
///
/// # Errors
/// If the file cannot be read or a row is not one of these.
pub fn read_table<R: DeserializeOwned>(path: &Path) -> Result<Vec<R>, RunError> {
    parse(path, &files::read(path, MAX_SIZE).map_err(|error| RunError::Io(path.into(), error))?)
}

/// As [`read_table`], for a file that may be missing, as `metrics.csv` is before the end of the first pass: `None` then.
///
/// # Errors
/// As [`read_table`].
pub fn read_table_if_there<R: DeserializeOwned>(path: &Path) -> Result<Option<Vec<R>>, RunError> {
    let bytes = files::read_if_there(path, MAX_SIZE).map_err(|error| RunError::Io(path.into(), error))?;
    bytes.map(|bytes| parse(path, &bytes)).transpose()
}

/// Checks that the records of the run in `folder` have the errors on the patterns that it measures them on.
///
/// # Errors
/// [`RunError::Metrics`] with the first pass that has not.
pub fn check_errors(folder: &Path, records: &[PassRecord], on: Measured) -> Result<(), RunError> {
    let Some(record) = records.iter().find(|record| !record.has_errors_on(on)) else { return Ok(()) };
    let columns =
        on.column().map_or("no column of errors".into(), |name| format!("{name}_loss, _errors and _error_percent"));
    let problem = format!("pass {}: expected {columns}, as the settings ask for, found others", record.pass);
    Err(RunError::Metrics(folder.join("metrics.csv"), problem))
}

fn parse<R: DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<Vec<R>, RunError> {
    let metrics = |error: csv::Error| RunError::Metrics(path.into(), error.to_string());
    csv::Reader::from_reader(bytes).deserialize().collect::<Result<_, _>>().map_err(metrics)
}

/// Writes records as the rows of a CSV file, below the names of their fields, as a whole or not at all.
pub(crate) fn write_table(path: &Path, records: &[impl Serialize]) -> Result<(), RunError> {
    write_bytes(path, &to_csv(path, records)?)
}

/// Writes a table like [`write_table`]. Columns that begin with `test` are named after the patterns that they are about, and left out
/// where these are none.
pub(crate) fn write_measured(path: &Path, records: &[impl Serialize], on: Measured) -> Result<(), RunError> {
    let error = |error: csv::Error| RunError::Metrics(path.into(), error.to_string());
    let table = to_csv(path, records)?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&table[..]);
    let mut rows = reader.records();
    let Some(names) = rows.next().transpose().map_err(error)? else { return write_bytes(path, &table) };
    let renamed = names.iter().map(|name| match name.strip_prefix("test_") {
        Some(rest) => on.column().map(|column| format!("{column}_{rest}")),
        None => Some(name.to_string()),
    });
    let renamed: Vec<Option<String>> = renamed.collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(renamed.iter().flatten()).map_err(error)?;
    for row in rows {
        let row = row.map_err(error)?;
        let kept = row.iter().zip(&renamed).filter_map(|(cell, name)| name.as_ref().map(|_| cell));
        writer.write_record(kept).map_err(error)?;
    }
    let kept = writer.into_inner().map_err(|error| RunError::Metrics(path.into(), error.to_string()))?;
    write_bytes(path, &kept)
}

fn to_csv(path: &Path, records: &[impl Serialize]) -> Result<Vec<u8>, RunError> {
    let table = |error: String| RunError::Metrics(path.into(), error);
    let mut writer = csv::Writer::from_writer(Vec::new());
    for record in records {
        writer.serialize(record).map_err(|error| table(error.to_string()))?;
    }
    writer.into_inner().map_err(|error| table(error.to_string()))
}

fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), RunError> {
    write_atomically(path, bytes).map_err(|error| RunError::Io(path.into(), error))
}

/// The text of a run's file; empty without one.
pub(super) fn read_text_if_there(path: &Path) -> Result<String, RunError> {
    const MAX_SIZE: u64 = 16 << 20;
    let text = files::read_if_there(path, MAX_SIZE).and_then(|bytes| {
        String::from_utf8(bytes.unwrap_or_default()).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    });
    text.map_err(|error| RunError::Io(path.into(), error))
}
