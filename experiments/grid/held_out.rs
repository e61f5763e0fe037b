//! Generalisation of the nearest readings, on the last 10,000 training patterns: trained on the others, the test set unread.

use lenet5::evaluation::clopper_pearson;
use lenet5::evaluation::statistics::{Summary, summarise};
use serde::{Deserialize, Serialize};

use super::distance::SeedRow;
use super::reading::Reading;
use super::stage::SEEDS;
use crate::cells::{Arm, Extent};
use crate::experiment::Context;
use crate::section::{plus_minus, with_interval};

const PATTERNS: usize = 10_000;

pub fn arm(reading: &Reading, extent: &Extent) -> Arm {
    reading.arm_with(extent, "grid-held-out", &[format!("held_out={PATTERNS}")], SEEDS)
}

/// A row of `held_out.csv`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HeldOutRow {
    reading: String,
    seed: u64,
    diverged: bool,
    held_out_error_percent: Option<f64>,
    held_out_errors: Option<usize>,
    held_out_error_low_percent: Option<f64>,
    held_out_error_high_percent: Option<f64>,
    smallest_effective_rate_of_pass_1: Option<f64>,
    largest_effective_rate_of_pass_1: Option<f64>,
    running_training_error_of_pass_19_percent: Option<f64>,
    distance_from_fig_5: Option<f64>,
}

/// The networks of the preset before the grid, then those of these readings.
pub fn rows(context: &Context, readings: &[Reading]) -> anyhow::Result<Vec<HeldOutRow>> {
    let mut rows = Vec::new();
    for reading in std::iter::once(&Reading::BEFORE).chain(readings) {
        let arm = arm(reading, context.extent);
        let patterns = arm.settings.split(context.dataset.sizes()).measured;
        for cell in context.all(&arm)? {
            let (row, last) = (SeedRow::of(reading, &cell), cell.result());
            let interval = last.map(|last| clopper_pearson(last.test_errors, patterns));
            rows.push(HeldOutRow {
                reading: row.reading,
                seed: row.seed,
                diverged: row.diverged,
                held_out_error_percent: last.map(|last| last.test_error_percent),
                held_out_errors: last.map(|last| last.test_errors),
                held_out_error_low_percent: interval.map(|interval| interval.low),
                held_out_error_high_percent: interval.map(|interval| interval.high),
                smallest_effective_rate_of_pass_1: row.smallest_effective_rate_of_pass_1,
                largest_effective_rate_of_pass_1: row.largest_effective_rate_of_pass_1,
                running_training_error_of_pass_19_percent: row.running_training_error_of_pass_19_percent,
                distance_from_fig_5: row.distance_from_fig_5,
            });
        }
    }
    Ok(rows)
}

/// A reading by the means over its seeds.
pub struct Mean {
    pub reading: String,
    pub error: Summary,
    /// By how much its error is above that of the preset before the grid, paired by seed.
    above: Summary,
    rates: (f64, f64),
    training: Summary,
    pub distance_from_fig_5: f64,
}

/// The means of each reading, in the order of the rows. Networks that diverged are left out.
pub fn means(rows: &[HeldOutRow]) -> Vec<Mean> {
    let learnt: Vec<&HeldOutRow> = rows.iter().filter(|row| !row.diverged).collect();
    let mut names: Vec<&str> = Vec::new();
    for row in &learnt {
        if !names.contains(&row.reading.as_str()) {
            names.push(&row.reading);
        }
    }
    let before = Reading::BEFORE.to_string();
    let before = |seed| learnt.iter().find(|row| row.reading == before && row.seed == seed)?.held_out_error_percent;
    let mean = |name: &str| {
        let own = || learnt.iter().filter(|row| row.reading == name);
        let over_seeds = |value: fn(&HeldOutRow) -> Option<f64>| summarise(own().filter_map(|row| value(row)));
        Mean {
            reading: name.into(),
            error: over_seeds(|row| row.held_out_error_percent),
            above: summarise(own().filter_map(|row| Some(row.held_out_error_percent? - before(row.seed)?))),
            rates: (
                over_seeds(|row| row.smallest_effective_rate_of_pass_1).mean,
                over_seeds(|row| row.largest_effective_rate_of_pass_1).mean,
            ),
            training: over_seeds(|row| row.running_training_error_of_pass_19_percent),
            distance_from_fig_5: over_seeds(|row| row.distance_from_fig_5).mean,
        }
    };
    names.into_iter().map(mean).collect()
}

/// A table of the means over seeds.
pub fn text(rows: &[HeldOutRow]) -> String {
    let mut text = String::from(
        "\nGeneralisation, on the last 10,000 training patterns, with the first 50,000 trained on (means over seeds; the first row is \
         the preset before the grid, and the others' errors are compared with its own, seed by seed):\n\n\
         | reading | held-out error | above the first, paired | rates of pass 1 | training error, pass 19 | distance from Fig. 5 |\n\
         |---|---|---|---|---|---|\n",
    );
    for mean in means(rows) {
        text += &format!(
            "| {} | {} | {:+.2}{} | {:.1e} to {:.4} | {} | {:.3} |\n",
            mean.reading,
            with_interval(mean.error.mean, mean.error.half_interval, 2),
            mean.above.mean,
            plus_minus(mean.above.half_interval, 2),
            mean.rates.0,
            mean.rates.1,
            with_interval(mean.training.mean, mean.training.half_interval, 2),
            mean.distance_from_fig_5
        );
    }
    text
}
