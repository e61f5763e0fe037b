//! The errors by their source: digits of employees (SD-3) and of students (SD-1).

use lenet5::data::provenance::{Database, of_mnist_test};
use lenet5::evaluation::percent;
use lenet5::evaluation::statistics::summarise;
use serde::{Deserialize, Serialize};

use crate::section::mean_of;

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
    let mut columns: Vec<(String, [String; 2])> = Vec::new();
    for group in rows.chunk_by(|one, other| one.arm == other.arm) {
        let cell = |errors: fn(&SourceRow) -> usize, rate: fn(&SourceRow) -> f64| {
            let (errors, rate) =
                (summarise(group.iter().map(|row| errors(row) as f64)), summarise(group.iter().map(rate)));
            let (mean, half) = (errors.mean, errors.half_interval);
            let count = if half.is_finite() { format!("{mean:.1} +- {half:.1}") } else { format!("{mean:.0}") };
            format!("{count} ({:.2} %)", rate.mean)
        };
        let name = match group[0].seed {
            None => "paper".into(),
            Some(seed) if group.len() == 1 => format!("ours: `{}`, seed {seed}", group[0].arm),
            Some(_) => format!("ours: `{}`, {}", group[0].arm, mean_of(group.len())),
        };
        let cells = [
            cell(|row| row.sd3_errors, |row| row.sd3_error_percent),
            cell(|row| row.sd1_errors, |row| row.sd1_error_percent),
        ];
        columns.push((name, cells));
    }
    let line = |first: &str, cell: &dyn Fn(&(String, [String; 2])) -> String| {
        let cells: String = columns.iter().map(|column| format!(" {} |", cell(column))).collect();
        format!("| {first} |{cells}\n")
    };
    line("errors on the digits of", &|(name, _)| name.clone())
        + &format!("|---|{}\n", "---|".repeat(columns.len()))
        + &line("4,999 of employees (SD-3)", &|(_, cells)| cells[0].clone())
        + &line("5,001 of students (SD-1)", &|(_, cells)| cells[1].clone())
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
