//! The errors by their source: digits of employees (SD-3) and of students (SD-1).

use lenet5::data::provenance::{Database, of_mnist_test};
use lenet5::evaluation::percent;
use lenet5::evaluation::statistics::summarise;
use serde::{Deserialize, Serialize};

use crate::section::{mean_of, plus_minus};

/// A row of `sources.csv`: one network, or the paper's (without a seed).
#[derive(Debug, Serialize, Deserialize)]
pub struct SourceRow {
    pub arm: String,
    pub seed: Option<u64>,
    pub sd3_errors: usize,
    pub sd1_errors: usize,
    pub sd3_error_percent: f64,
    pub sd1_error_percent: f64,
}

/// The row of a network that answers these of MNIST's test patterns wrongly.
pub fn row(arm: &str, seed: Option<u64>, wrong: impl IntoIterator<Item = usize>) -> SourceRow {
    let all = of_mnist_test();
    let wrong: Vec<usize> = wrong.into_iter().collect();
    let errors = |database| wrong.iter().filter(|&&index| all[index].database() == database).count();
    let (sd3_errors, sd1_errors) = (errors(Database::Sd3), errors(Database::Sd1));
    let digits = |database| all.iter().filter(|digit| digit.database() == database).count();
    SourceRow {
        arm: arm.into(),
        seed,
        sd3_errors,
        sd1_errors,
        sd3_error_percent: percent(sd3_errors, digits(Database::Sd3)),
        sd1_error_percent: percent(sd1_errors, digits(Database::Sd1)),
    }
}

/// The rows as a table: a column for the paper and for each arm, as far as there are rows of it.
pub fn table(rows: &[SourceRow]) -> String {
    let mut lines = [
        "| errors on the digits of |".to_string(),
        "|---|".into(),
        "| 4,999 of employees (SD-3) |".into(),
        "| 5,001 of students (SD-1) |".into(),
    ];
    for group in rows.chunk_by(|one, other| one.arm == other.arm) {
        let name = match group[0].seed {
            None => "paper".into(),
            Some(seed) if group.len() == 1 => format!("ours: `{}`, seed {seed}", group[0].arm),
            Some(_) => format!("ours: `{}`, {}", group[0].arm, mean_of(group.len())),
        };
        let sd3 = cell(group, |row| (row.sd3_errors, row.sd3_error_percent));
        let sd1 = cell(group, |row| (row.sd1_errors, row.sd1_error_percent));
        for (line, text) in lines.iter_mut().zip([&format!(" {name} |"), "---|", &sd3, &sd1]) {
            *line += text;
        }
    }
    lines.join("\n") + "\n"
}

/// The mean of the errors with half its interval, and the rate, of the rows of one arm.
fn cell(rows: &[SourceRow], value: fn(&SourceRow) -> (usize, f64)) -> String {
    let errors = summarise(rows.iter().map(|row| value(row).0 as f64));
    let rate = summarise(rows.iter().map(|row| value(row).1)).mean;
    let (mean, half) = (errors.mean, errors.half_interval);
    let digits = if half.is_finite() { 1 } else { 0 };
    format!(" {mean:.digits$}{} ({rate:.2} %) |", plus_minus(half, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first 5,001 digits are of students.
    #[test]
    fn errors_are_counted_by_source() {
        let rows = [
            row("fig8", None, [0, 5000, 5001]),
            row("a", Some(1), [9999]),
            row("a", Some(2), [1, 2, 9998]),
            row("b", Some(7), [4]),
        ];
        assert_eq!((rows[0].sd3_errors, rows[0].sd1_errors), (1, 2));
        assert!((rows[0].sd1_error_percent - 200.0 / 5001.0).abs() < 1e-12);
        let expected = "| errors on the digits of | paper | ours: `a`, mean of 2 seeds | ours: `b`, seed 7 |\n|---|---|---|---|\n\
                        | 4,999 of employees (SD-3) | 1 (0.02 %) | 1.0 +- 0.0 (0.02 %) | 0 (0.00 %) |\n\
                        | 5,001 of students (SD-1) | 2 (0.04 %) | 1.0 +- 12.7 (0.02 %) | 1 (0.02 %) |\n";
        assert_eq!(table(&rows), expected);
    }
}
