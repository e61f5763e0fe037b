//! The CSV files of runs.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::RunError;
use crate::config::Measured;
use crate::files::write_atomically;
use crate::training::PassRecord;

/// The rows of a `metrics.csv`.
///
/// # Errors
/// If the file cannot be read or a row is not one of [`PassRecord`].
pub fn read_metrics(path: &Path) -> Result<Vec<PassRecord>, RunError> {
    read_table(path)
}

/// The rows of a run's CSV file: `metrics.csv` has [`PassRecord`], `rates.csv` has [`RateRecord`](crate::rates::RateRecord).
///
/// # Errors
/// If the file cannot be read or a row is not one of these.
pub fn read_table<R: DeserializeOwned>(path: &Path) -> Result<Vec<R>, RunError> {
    let metrics = |error: csv::Error| RunError::Metrics(path.into(), error.to_string());
    csv::Reader::from_path(path).map_err(metrics)?.deserialize().collect::<Result<_, _>>().map_err(metrics)
}

/// Writes records as the rows of a CSV file, below the names of their fields, as a whole or not at all.
pub(crate) fn write_table(path: &Path, records: &[impl Serialize]) -> Result<(), RunError> {
    write_bytes(path, &to_csv(path, records)?)
}

/// Writes a table like [`write_table`]. Columns that begin with `test` are named after the patterns that they are about.
pub(crate) fn write_measured(path: &Path, records: &[impl Serialize], on: Measured) -> Result<(), RunError> {
    let table = to_csv(path, records)?;
    let end = table.iter().position(|&byte| byte == b'\n').unwrap_or(0);
    let names = String::from_utf8_lossy(&table[..end]);
    let names = names.split(',').map(|name| match name.strip_prefix("test_") {
        Some(rest) => format!("{}_{rest}", on.column()),
        None => name.into(),
    });
    write_bytes(path, &[names.collect::<Vec<_>>().join(",").as_bytes(), &table[end..]].concat())
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
