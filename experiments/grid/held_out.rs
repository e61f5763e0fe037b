//! Generalisation of the nearest readings, on the last 10,000 training patterns: trained on the others, the test set unread.

use lenet5::evaluation::clopper_pearson;
use lenet5::evaluation::statistics::summarise;
use serde::{Deserialize, Serialize};

use super::distance::SeedRow;
use super::reading::Reading;
use super::stage::SEEDS;
use crate::cells::{Arm, Extent};
use crate::experiment::Context;
use crate::section::with_interval;

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

/// A table of the means over seeds.
pub fn text(rows: &[HeldOutRow]) -> String {
    let mut text = String::from(
        "\nGeneralisation, on the last 10,000 training patterns, with the first 50,000 trained on (means over seeds; the first row is \
         the preset before the grid):\n\n\
         | reading | held-out error | rates of pass 1 | training error, pass 19 | distance from Fig. 5 |\n|---|---|---|---|---|\n",
    );
    let mut names: Vec<&str> = Vec::new();
    for row in rows.iter().filter(|row| !row.diverged) {
        if !names.contains(&row.reading.as_str()) {
            names.push(&row.reading);
        }
    }
    for name in names {
        let over_seeds = |value: fn(&HeldOutRow) -> Option<f64>| {
            summarise(rows.iter().filter(|row| row.reading == name && !row.diverged).filter_map(value))
        };
        let error = over_seeds(|row| row.held_out_error_percent);
        let training = over_seeds(|row| row.running_training_error_of_pass_19_percent);
        text += &format!(
            "| {name} | {} | {:.1e} to {:.4} | {} | {:.3} |\n",
            with_interval(error.mean, error.half_interval, 2),
            over_seeds(|row| row.smallest_effective_rate_of_pass_1).mean,
            over_seeds(|row| row.largest_effective_rate_of_pass_1).mean,
            with_interval(training.mean, training.half_interval, 2),
            over_seeds(|row| row.distance_from_fig_5).mean
        );
    }
    text
}
