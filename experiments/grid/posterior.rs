//! An approximate posterior over the readings: all have the same weight before, and exp(-d^2 / 2) after, where d^2 is the squared
//! distance of training from what is printed. A start that was not trained counts with the part of its rates, which bounds its weight from above.

use serde::{Deserialize, Serialize};

use super::coarse;
use super::distance::Scales;
use super::rates::{self, RateRow};
use super::reading::{Reading, Start};
use super::stage::{ReadingRow, compiled};

/// A row of `posterior.csv`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WeightRow {
    pub reading: String,
    pub range: f64,
    /// The S coefficient; nothing for random ones.
    pub coefficient: Option<f64>,
    pub distance: String,
    pub curvature: String,
    pub eta_factor: f64,
    /// j of eq. 9; nothing for eq. 8.
    pub j: Option<f64>,
    /// The parts of the rates.
    pub rates: f64,
    /// The parts of training; nothing for one that was not trained, or learnt nothing.
    pub training: Option<f64>,
    pub weight: f64,
}

/// A reading with its squared distances of the rates and of training.
pub type Parts = (String, (f64, f64));

/// The readings of the coarse grid, those of the last stage by their means over seeds, and the starts that were not trained.
pub fn rows(means: &[Parts], scales: &Scales) -> Vec<WeightRow> {
    let of_one_seed = |row: ReadingRow| (row.reading, (row.smallest_rate + row.largest_rate, row.end + row.curve));
    let coarse: Vec<Parts> = compiled(coarse::TABLE).into_iter().map(of_one_seed).collect();
    let starts: Vec<RateRow> = compiled(rates::TABLE);
    let mut rows = Vec::new();
    for (start, row) in Start::all().into_iter().zip(&starts) {
        let of_rates = scales.of_rates(row.smallest_effective_rate_of_pass_1, row.largest_effective_rate_of_pass_1);
        for j in coarse::LOSSES {
            let reading = Reading { start, j };
            let name = reading.to_string();
            let parts = means.iter().chain(&coarse).find(|(own, _)| *own == name);
            let (rates, training) = parts.map_or((of_rates, None), |&(_, (rates, training))| (rates, Some(training)));
            rows.push(weight_row(&reading, rates, training, row.is_candidate));
        }
    }
    normalise(&mut rows);
    rows
}

/// With its squared distance for weight, until [`normalise`]. Infinite where it learnt nothing.
fn weight_row(reading: &Reading, rates: f64, training: Option<f64>, was_trained: bool) -> WeightRow {
    let Reading { start, j } = reading;
    let of_training = training.unwrap_or(if was_trained { f64::INFINITY } else { 0.0 });
    WeightRow {
        reading: reading.to_string(),
        range: start.range,
        coefficient: start.coefficient,
        distance: start.distance.into(),
        curvature: start.curvature.into(),
        eta_factor: start.eta_factor,
        j: *j,
        rates,
        training,
        weight: rates + of_training,
    }
}

fn normalise(rows: &mut [WeightRow]) {
    let least = rows.iter().map(|row| row.weight).fold(f64::INFINITY, f64::min);
    rows.iter_mut().for_each(|row| row.weight = (-(row.weight - least) / 2.0).exp());
    let sum: f64 = rows.iter().map(|row| row.weight).sum();
    rows.iter_mut().for_each(|row| row.weight /= sum);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ln 4 more in the squared distance is half the weight; what learnt nothing has none.
    #[test]
    fn weights_fall_with_the_distance() {
        let row = |rates, training, was_trained| weight_row(&Reading::BEFORE, rates, training, was_trained);
        let more = 4.0_f64.ln();
        let mut rows =
            [row(1.0, Some(2.0), true), row(3.0, Some(more), true), row(0.0, None, true), row(3.0, None, false)];
        normalise(&mut rows);
        let expected = [0.4, 0.2, 0.0, 0.4];
        assert!(rows.iter().zip(expected).all(|(row, expected)| (row.weight - expected).abs() < 1e-12), "{rows:?}");
    }
}
