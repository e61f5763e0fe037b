//! The measurements of a run.

use std::fs;
use std::path::Path;

/// The rows of a run's `metrics.csv` but for their last two columns, which are times.
pub fn without_times(run: &Path) -> Vec<String> {
    let text = fs::read_to_string(run.join("metrics.csv")).unwrap();
    text.lines().map(|row| row.rsplitn(3, ',').last().unwrap().to_string()).collect()
}
