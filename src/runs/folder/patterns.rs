//! `patterns.csv`: the patterns that a run trains on, where they were chosen.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::RunError;
use super::table::{read_table, read_table_if_there, write_table};

pub const PATTERNS: &str = "patterns.csv";

/// A row: a pattern, as `Presentation` numbers it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PatternRow {
    pattern: u32,
}

/// Writes the file of the run in `folder`. Without chosen patterns, it removes a file that another run has left.
pub fn write(folder: &Path, patterns: Option<&[u32]>) -> Result<(), RunError> {
    let path = folder.join(PATTERNS);
    match patterns {
        Some(patterns) => {
            let rows: Vec<PatternRow> = patterns.iter().map(|&pattern| PatternRow { pattern }).collect();
            write_table(&path, &rows)
        }
        None => match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(RunError::Io(path, error)),
            _ => Ok(()),
        },
    }
}

/// The patterns of the run in `folder`; `None` without such a file.
pub fn read(folder: &Path) -> Result<Option<Vec<u32>>, RunError> {
    let Some(rows) = read_table_if_there::<PatternRow>(&folder.join(PATTERNS))? else {
        return Ok(None);
    };
    if rows.is_empty() {
        return Err(RunError::NoPatterns(folder.into()));
    }
    Ok(Some(rows.into_iter().map(|row| row.pattern).collect()))
}

/// The number of patterns that the run in `folder` trains on, where they were chosen.
///
/// # Errors
/// If its `patterns.csv` cannot be read.
pub fn chosen_patterns(folder: &Path) -> Result<Option<usize>, RunError> {
    Ok(read(folder)?.map(|patterns| patterns.len()))
}

/// True if a file is such a table, and not another file of the same name.
pub fn is_one(path: &Path) -> Result<bool, RunError> {
    match read_table::<PatternRow>(path) {
        Ok(_) => Ok(true),
        Err(RunError::Metrics(..)) => Ok(false),
        Err(error) => Err(error),
    }
}
