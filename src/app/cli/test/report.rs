//! The result of a test as JSON.

use lenet5::data::Dataset;
use lenet5::evaluation::Evaluation;
use lenet5::models::Counterpart;
use lenet5::runs::checkpoint::Model;
use serde::Serialize;

/// The JSON object.
#[derive(Serialize)]
pub struct Report {
    /// Preset and changed settings.
    settings: String,
    seed: u64,
    passes: usize,
    trained_on: String,
    tested_on: String,
    origin: String,
    patterns: usize,
    errors: usize,
    error_percent: f64,
    /// The ends of the exact 95 % interval (Clopper and Pearson).
    error_low_percent: f64,
    error_high_percent: f64,
    mean_loss: f64,
    /// The printed result that is comparable, if there is one.
    printed: Option<Printed>,
    /// The names of the classes.
    classes: Vec<String>,
    /// A row for each class, a column for each answer.
    confusion: Vec<Vec<usize>>,
}

#[derive(Serialize)]
struct Printed {
    run: &'static str,
    place: &'static str,
    test_error_percent: f64,
    difference: Option<&'static str>,
}

impl Report {
    pub fn new(model: &Model, dataset: &Dataset, evaluation: &Evaluation, printed: Option<&Counterpart>) -> Self {
        let interval = evaluation.interval();
        let printed = printed.map(|&Counterpart { run, place, test_error_percent, difference, .. }| Printed {
            run,
            place,
            test_error_percent,
            difference,
        });
        Self {
            settings: model.settings.label(),
            seed: model.settings.seed,
            passes: model.passes,
            trained_on: model.source.to_string(),
            tested_on: dataset.source.to_string(),
            origin: dataset.origin.clone(),
            patterns: evaluation.patterns(),
            errors: evaluation.errors(),
            error_percent: evaluation.error_percent(),
            error_low_percent: interval.low,
            error_high_percent: interval.high,
            mean_loss: evaluation.mean_loss,
            printed,
            classes: model.class_names(),
            confusion: evaluation.confusion.row_iter().map(|row| row.iter().copied().collect()).collect(),
        }
    }
}
