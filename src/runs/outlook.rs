//! What is left to train, and the time that it is expected to take.

use std::ops::ControlFlow;
use std::time::Instant;

use crate::config::Settings;
use crate::data::Dataset;
use crate::evaluation::evaluate;
use crate::runs::cells::State;
use crate::runs::folder::RunError;
use crate::training::Trainer;
use crate::words::count;

/// The training patterns, and the test patterns, on which the time of a pass is measured.
const PATTERNS: usize = 400;

/// A cell that is to be trained, or is finished.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Planned<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its settings.
    pub settings: &'a Settings,
    /// The number of passes that it is to have in all.
    pub passes: usize,
    /// Its progress.
    pub state: State,
}

/// Lists the cells: of each its passes, and the time that the rest of it is expected to take on one core, measured on a few hundred
/// patterns; below them the sum, and its share for each of `jobs` side by side. `line` receives each line when it is known. Nothing is
/// trained or written.
///
/// # Errors
/// If a network cannot be trained on the data.
pub fn outlook<'a>(
    cells: impl IntoIterator<Item = Planned<'a>>,
    dataset: &Dataset,
    jobs: usize,
    mut line: impl FnMut(String),
) -> Result<(), RunError> {
    let (mut left, mut number) = (0.0, 0);
    line(format!("{:>10}  {:>8}  cell", "passes", "expected"));
    for Planned { name, settings, passes, state } in cells {
        number += 1;
        let State::Partial(done) = state else {
            line(format!("{passes:>4} of {passes:<3}  {:>8}  {name}", "-"));
            continue;
        };
        let seconds = (passes - done) as f64 * seconds_per_pass(&settings.for_data(dataset)?, dataset)?;
        left += seconds;
        line(format!("{done:>4} of {passes:<3}  {seconds:>6.0} s  {name}"));
    }
    line(format!(
        "{}, {left:.0} s of one core, {:.1} minutes with {}",
        count(number, "cell"),
        left / 60.0 / jobs as f64,
        count(jobs, "job")
    ));
    Ok(())
}

/// The time of one pass with its evaluations on one core, from a few hundred patterns of each.
fn seconds_per_pass(settings: &Settings, dataset: &Dataset) -> Result<f64, RunError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("the system starts a thread");
    pool.install(|| {
        let mut trainer = Trainer::<f32>::try_new(settings, dataset)?;
        let order = trainer.order(1);
        let started = Instant::now();
        let _ = trainer.present(&order[..order.len().min(PATTERNS)], |_| ControlFlow::Continue(()));
        let steps = started.elapsed().as_secs_f64() / order.len().min(PATTERNS) as f64;
        let images = dataset.test.first(PATTERNS);
        let started = Instant::now();
        evaluate(trainer.network(), &trainer.parameters().values, settings.loss_function(), &images);
        let forward = started.elapsed().as_secs_f64() / images.len() as f64;
        let evaluated =
            settings.split(dataset.sizes()).measured + if settings.training_error { order.len() } else { 0 };
        Ok(order.len() as f64 * steps + evaluated as f64 * forward)
    })
}
