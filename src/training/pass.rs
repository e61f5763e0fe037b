//! One pass, at once or in parts.

use std::ops::ControlFlow;

use super::{Observer, PassRecord, Progress, Step, Trainer};
use crate::clock::Stopwatch;
use crate::evaluation::{Evaluation, evaluate_while, percent};
use crate::kernels::compute::Compute;

/// A pass that has begun: the patterns that are left of it, and its counts so far. A program that shows training goes through one part
/// by part.
///
/// ```
/// # #[cfg(feature = "digits")] {
/// use lenet5::{data::digits, models::builder::Builder, training::Trainer};
///
/// let (settings, dataset) = (Builder::assigned(&["training_patterns=300"])?, digits::load());
/// let mut trainer = Trainer::<f32>::new(&settings, &dataset);
/// let mut pass = trainer.begin_pass(&mut ()).continue_value().expect("nobody stops it");
/// while pass.progress().presented < pass.progress().patterns {
///     let _ = trainer.advance(&mut pass, 100, &mut ());
///     // Show the network as it is now.
/// }
/// let record = trainer.end_pass(pass, &mut ()).continue_value().expect("nobody stops it");
/// assert_eq!((record.pass, trainer.passes()), (1, 1));
/// # }
/// # Ok::<(), lenet5::config::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct Pass {
    order: Vec<usize>,
    progress: Progress,
    loss_sum: f64,
    last: Option<Step>,
    /// The smallest and the largest effective step size.
    rates: (f64, f64),
    started: Stopwatch,
    /// Seconds of the steps alone.
    seconds: f64,
}

impl Pass {
    /// How far it has come.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// The patterns that are left, as [`Presentation`](super::presentation::Presentation) numbers them, in their order.
    pub fn left(&self) -> &[usize] {
        &self.order[self.progress.presented..]
    }

    /// The last step, if there has been one.
    pub fn last(&self) -> Option<Step> {
        self.last
    }

    /// The mean loss of the patterns so far, each before its step; NaN before the first.
    pub fn running_loss(&self) -> f64 {
        self.loss_sum / self.progress.presented as f64
    }

    /// The share of the patterns so far that were answered wrongly before their steps, in percent; NaN before the first.
    pub fn running_error_percent(&self) -> f64 {
        percent(self.progress.errors, self.progress.presented)
    }
}

impl<T: Compute> Trainer<T> {
    /// One pass: estimates the curvature, sets the step sizes, presents every training pattern once, evaluates.
    pub fn pass(&mut self, observer: &mut dyn Observer) -> ControlFlow<(), PassRecord> {
        let mut pass = self.begin_pass(observer)?;
        self.advance(&mut pass, usize::MAX, observer)?;
        self.end_pass(pass, observer)
    }

    /// Begins a pass: estimates the curvature, where the settings have it estimated now, and sets the step sizes.
    pub fn begin_pass(&mut self, observer: &mut dyn Observer) -> ControlFlow<(), Pass> {
        let (number, started) = (self.passes + 1, Stopwatch::start());
        if self.settings.estimates_curvature(number) {
            self.estimate_curvature_while(|| observer.measuring())?;
        }
        let (rates, order) = (self.set_step_sizes(), self.order(number));
        let progress = Progress { pass: number, presented: 0, patterns: order.len(), errors: 0 };
        ControlFlow::Continue(Pass { order, progress, loss_sum: 0.0, last: None, rates, started, seconds: 0.0 })
    }

    /// Presents the next `count` patterns of the pass, or those that are left. With batches, parts of a pass have to be multiples of the
    /// batch for the bits of a whole one.
    pub fn advance(&mut self, pass: &mut Pass, count: usize, observer: &mut dyn Observer) -> ControlFlow<()> {
        let Pass { order, progress, loss_sum, last, seconds, .. } = pass;
        let started = Stopwatch::start();
        let left = &order[progress.presented..];
        let outcome = self.present(&left[..count.min(left.len())], |step| {
            *loss_sum += step.loss;
            progress.errors += usize::from(!step.right);
            progress.presented += 1;
            *last = Some(step);
            observer.step(*progress)
        });
        *seconds += started.seconds();
        outcome
    }

    /// Ends a pass whose patterns have been presented: measures the errors, and counts it.
    pub fn end_pass(&mut self, pass: Pass, observer: &mut dyn Observer) -> ControlFlow<(), PassRecord> {
        let (network, values, loss) = (&self.network, &self.parameters.values, &*self.loss);
        let mut evaluate = |images| evaluate_while(network, values, loss, images, || observer.measuring());
        let training = match self.settings.training_error {
            true => Some(evaluate(self.presentation.images())?),
            false => None,
        };
        let test = evaluate(&self.test)?;
        let number = pass.progress.pass;
        self.passes = number;
        ControlFlow::Continue(PassRecord {
            pass: number,
            global_rate: self.settings.eta(number),
            smallest_effective_rate: pass.rates.0,
            largest_effective_rate: pass.rates.1,
            running_training_loss: pass.running_loss(),
            running_training_error_percent: pass.running_error_percent(),
            training_loss: training.as_ref().map(|training| training.mean_loss),
            training_error_percent: training.as_ref().map(Evaluation::error_percent),
            test_loss: test.mean_loss,
            test_error_percent: test.error_percent(),
            test_errors: test.errors(),
            seconds: pass.started.seconds(),
            samples_per_second: pass.progress.presented as f64 / pass.seconds,
        })
    }
}
