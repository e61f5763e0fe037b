//! Strings read right by their length, and the limit that the error on single digits sets.

use lenet5::drawing::plot::{Axis, Chart, Curve, LineStyle, colour};
use lenet5::evaluation::statistics::summarise;
use lenet5::evaluation::{clopper_pearson, percent};
use serde::{Deserialize, Serialize};

use super::networks::legend;
use super::strings::{LENGTHS, StringRow};

/// A row of `lengths.csv`: the strings of a network of one length; length 0 stands for all.
#[derive(Serialize, Deserialize)]
pub struct LengthRow {
    pub arm: String,
    pub seed: u64,
    pub length: usize,
    pub strings: usize,
    pub right: usize,
    pub right_percent: f64,
    pub right_low_percent: f64,
    pub right_high_percent: f64,
    pub characters: usize,
    pub edits: usize,
    pub character_error_percent: f64,
}

/// A row of `digits.csv`: a network's errors on single test digits, alone in the middle, and with neighbours beside them.
#[derive(Serialize, Deserialize)]
pub struct DigitRow {
    pub arm: String,
    pub seed: u64,
    pub digits: usize,
    pub errors_alone: usize,
    pub error_alone_percent: f64,
    pub errors_beside: usize,
    pub error_beside_percent: f64,
}

/// A row of `summary.csv`: a network's strings of one length over seeds, and the limits that its errors on single digits set, the mean
/// over seeds; length 0 stands for all.
#[derive(Serialize, Deserialize)]
pub struct SummaryRow {
    pub arm: String,
    pub length: usize,
    pub seeds: usize,
    pub strings: usize,
    pub right_mean_percent: f64,
    pub right_deviation_percent: f64,
    pub right_half_interval_percent: f64,
    pub character_error_mean_percent: f64,
    pub limit_alone_percent: Option<f64>,
    pub limit_beside_percent: Option<f64>,
}

/// The strings of each network counted by length, then all of them.
pub fn length_rows(strings: &[StringRow]) -> Vec<LengthRow> {
    let networks = strings.chunk_by(|one, next| (&one.arm, one.seed) == (&next.arm, next.seed));
    let count = |rows: &[StringRow], length: usize| {
        let of_length = rows.iter().filter(|row| length == 0 || row.truth.len() == length);
        let (mut strings, mut right, mut characters, mut edits) = (0, 0, 0, 0);
        for row in of_length {
            strings += 1;
            right += usize::from(row.edits == 0);
            characters += row.truth.len();
            edits += row.edits;
        }
        let interval = clopper_pearson(right, strings);
        LengthRow {
            arm: rows[0].arm.clone(),
            seed: rows[0].seed,
            length,
            strings,
            right,
            right_percent: percent(right, strings),
            right_low_percent: interval.low,
            right_high_percent: interval.high,
            characters,
            edits,
            character_error_percent: percent(edits, characters),
        }
    };
    networks.flat_map(|rows| LENGTHS.into_iter().chain([0]).map(move |length| count(rows, length))).collect()
}

/// The share of strings of `length` digits that are right if each digit is wrong with this probability, in percent, whatever the others
/// are; of all strings for length 0, as many of each length.
fn limit(error_percent: f64, length: usize) -> f64 {
    let of_length = |length: usize| 100.0 * (1.0 - error_percent / 100.0).powi(length as i32);
    if length > 0 { of_length(length) } else { summarise(LENGTHS.map(of_length)).mean }
}

/// A row for each arm and length, in the order of `lengths`. `digits` may be empty: then there are no limits.
pub fn summary_rows(lengths: &[LengthRow], digits: &[DigitRow]) -> Vec<SummaryRow> {
    let row = |rows: &[LengthRow], length: usize| {
        let arm = &rows[0].arm;
        let of_length = || rows.iter().filter(|row| row.length == length);
        let right = summarise(of_length().map(|row| row.right_percent));
        let limit_by = |error: fn(&DigitRow) -> f64| {
            let limits = digits.iter().filter(|row| row.arm == *arm).map(|row| limit(error(row), length));
            Some(summarise(limits).mean).filter(|limit| limit.is_finite())
        };
        SummaryRow {
            arm: arm.clone(),
            length,
            seeds: of_length().count(),
            strings: of_length().next().map_or(0, |row| row.strings),
            right_mean_percent: right.mean,
            right_deviation_percent: right.deviation,
            right_half_interval_percent: right.half_interval,
            character_error_mean_percent: summarise(of_length().map(|row| row.character_error_percent)).mean,
            limit_alone_percent: limit_by(|row| row.error_alone_percent),
            limit_beside_percent: limit_by(|row| row.error_beside_percent),
        }
    };
    let arms = lengths.chunk_by(|one, next| one.arm == next.arm);
    arms.flat_map(|rows| LENGTHS.into_iter().chain([0]).map(move |length| row(rows, length))).collect()
}

/// Rows of the same arm, which stand together.
pub fn arms(rows: &[SummaryRow]) -> impl Iterator<Item = &[SummaryRow]> {
    rows.chunk_by(|one, next| one.arm == next.arm)
}

/// A chart for each arm: its strings read right by length, below the limits.
pub fn charts(rows: &[SummaryRow]) -> Vec<Chart> {
    let chart = |rows: &[SummaryRow]| {
        let by_length = || rows.iter().filter(|row| row.length > 0);
        let limit = |label: &str, colour, line, limit: fn(&SummaryRow) -> Option<f64>| {
            Curve::new(label, colour, line, by_length().filter_map(|row| Some((row.length as f64, limit(row)?))))
        };
        let read = by_length().map(|row| (row.length as f64, row.right_mean_percent));
        let interval = by_length().map(|row| {
            let (mean, half) = (row.right_mean_percent, row.right_half_interval_percent);
            // Of one seed, NaN, which max and min would hide.
            (row.length as f64, (mean - half).clamp(0.0, 100.0), (mean + half).clamp(0.0, 100.0))
        });
        let (name, own) = legend(&rows[0].arm);
        let mut curves = vec![
            limit("limit, e of digits alone", colour::PAPER, LineStyle::Dashed, |row| row.limit_alone_percent),
            limit("limit, e of digits with neighbours", colour::PAPER, LineStyle::Dotted, |row| {
                row.limit_beside_percent
            }),
        ];
        curves.retain(|curve| !curve.points.is_empty());
        curves.push(Curve::new("read right", own, LineStyle::Solid, read).with_band(interval));
        Chart {
            title: format!("Trained on {name}"),
            x: Axis { low: Some(1.8), high: Some(5.2), ..Axis::whole("digits in the string") },
            y: Axis { high: Some(100.0), ..Axis::new("strings read right (%)") },
            curves,
            ..Chart::default()
        }
    };
    arms(rows).map(chart).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_counted_for_each_network() {
        let row = |seed, truth: &str, answer: &str, edits| {
            let (truth, answer) = (truth.into(), answer.into());
            StringRow { arm: "flanked".into(), seed, string: 0, truth, answer, edits }
        };
        let rows = [row(1, "12", "12", 0), row(1, "34", "3", 1), row(1, "567", "8867", 2), row(2, "12", "12", 0)];
        let counted = length_rows(&rows);
        let of = |seed, length| counted.iter().find(|row| (row.seed, row.length) == (seed, length)).unwrap();
        let numbers = |row: &LengthRow| (row.strings, row.right, row.characters, row.edits);
        assert_eq!(counted.len(), 2 * 5);
        assert_eq!(numbers(of(1, 2)), (2, 1, 4, 1));
        assert_eq!(numbers(of(1, 3)), (1, 0, 3, 2));
        assert_eq!(numbers(of(1, 0)), (3, 1, 7, 3));
        assert_eq!((of(1, 2).right_percent, of(1, 2).character_error_percent), (50.0, 25.0));
        assert_eq!(numbers(of(2, 0)), (1, 1, 2, 0));
    }

    #[test]
    fn digits_that_err_independently_limit_strings() {
        assert!((limit(10.0, 1) - 90.0).abs() < 1e-12);
        assert!((limit(10.0, 5) - 59.049).abs() < 1e-12);
        assert!((limit(10.0, 0) - (81.0 + 72.9 + 65.61 + 59.049) / 4.0).abs() < 1e-12);
        assert_eq!((limit(0.0, 5), limit(100.0, 2)), (100.0, 0.0));
    }

    #[test]
    fn means_are_over_seeds_and_limits_those_of_the_same_arm() {
        let row = |arm: &str, seed, length, right: usize| LengthRow {
            arm: arm.into(),
            seed,
            length,
            strings: 10,
            right,
            right_percent: percent(right, 10),
            right_low_percent: 0.0,
            right_high_percent: 100.0,
            characters: 10,
            edits: 1,
            character_error_percent: 10.0,
        };
        let lengths = [row("a", 1, 2, 9), row("a", 1, 0, 8), row("a", 2, 2, 7), row("a", 2, 0, 6), row("b", 1, 2, 1)];
        let digits = |arm: &str, seed, alone, beside| DigitRow {
            arm: arm.into(),
            seed,
            digits: 100,
            errors_alone: 0,
            error_alone_percent: alone,
            errors_beside: 0,
            error_beside_percent: beside,
        };
        let rows = summary_rows(&lengths, &[digits("a", 1, 10.0, 20.0), digits("a", 2, 0.0, 20.0)]);
        let of = |arm: &str, length| rows.iter().find(|row| (row.arm.as_str(), row.length) == (arm, length)).unwrap();
        let a = of("a", 2);
        assert_eq!((a.seeds, a.strings, a.right_mean_percent), (2, 10, 80.0));
        assert!((a.right_deviation_percent - 200_f64.sqrt()).abs() < 1e-9);
        assert!((a.limit_alone_percent.unwrap() - 90.5).abs() < 1e-9, "the mean of 81 and 100");
        assert!((a.limit_beside_percent.unwrap() - 64.0).abs() < 1e-9);
        assert_eq!(of("a", 0).right_mean_percent, 70.0);
        assert_eq!((of("b", 2).right_mean_percent, of("b", 2).limit_alone_percent), (10.0, None));
        assert_eq!(charts(&rows).iter().map(|chart| chart.curves.len()).collect::<Vec<_>>(), [3, 1]);
    }
}
