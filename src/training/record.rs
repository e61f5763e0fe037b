//! Records of training, and the observer that receives them.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::config::Measured;

/// The record of one pass: a row of `metrics.csv`. Where the run holds patterns out of training, the columns that begin
/// with `test` are about those, and begin with `held_out` in the file. Where it measures errors on nothing, the file has no such
/// columns, and they are NaN here, and no errors.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PassRecord {
    /// The pass, counted from 1.
    pub pass: usize,
    /// eta of this pass.
    pub global_rate: f64,
    /// The smallest eps_k of all parameters.
    pub smallest_effective_rate: f64,
    /// The largest eps_k of all parameters.
    pub largest_effective_rate: f64,
    /// Mean loss of the training patterns, each just before the network learnt from it.
    pub running_training_loss: f64,
    /// Share of the training patterns answered wrongly, in percent, each just before the network learnt from it: the training
    /// error of Fig. 5.
    pub running_training_error_percent: f64,
    /// Mean loss of the training set's originals after the pass; nothing where it was not asked for.
    pub training_loss: Option<f64>,
    /// Share of the training set's originals answered wrongly after the pass, in percent; nothing where it was not asked for.
    pub training_error_percent: Option<f64>,
    /// Mean loss of the test set, or of the patterns held out, after the pass.
    #[serde(alias = "held_out_loss", default = "nothing")]
    pub test_loss: f64,
    /// Share of these patterns answered wrongly after the pass, in percent.
    #[serde(alias = "held_out_error_percent", default = "nothing")]
    pub test_error_percent: f64,
    /// The number of these patterns answered wrongly.
    #[serde(alias = "held_out_errors", default)]
    pub test_errors: usize,
    /// Time of the whole pass with its curvature estimate and its evaluations, in seconds; NaN in WebAssembly without a clock.
    pub seconds: f64,
    /// Training patterns presented per second, of the steps alone; NaN where [`seconds`](Self::seconds) is.
    pub samples_per_second: f64,
}

/// The value of what is measured on no patterns.
fn nothing() -> f64 {
    f64::NAN
}

impl PassRecord {
    /// True if errors were measured on the test set, or on patterns held out.
    pub fn is_tested(&self) -> bool {
        !self.test_error_percent.is_nan()
    }

    /// True if it has the errors that a run measures on these patterns: all three columns, or none where it measures on nothing.
    pub fn has_errors_on(&self, measured: Measured) -> bool {
        let counted = (self.test_errors == 0) == (self.test_error_percent == 0.0);
        match measured {
            Measured::Nothing => !self.is_tested(),
            Measured::Test | Measured::HeldOut => self.is_tested() && !self.test_loss.is_nan() && counted,
        }
    }
}

/// The progress of a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The pass, counted from 1.
    pub pass: usize,
    /// Patterns presented in it.
    pub presented: usize,
    /// Patterns that it has.
    pub patterns: usize,
    /// The number of presented patterns that were answered wrongly.
    pub errors: usize,
}

/// Receives the events of training.
pub trait Observer {
    /// After each pattern. `Break` stops training at once; the pass counts for nothing then.
    fn step(&mut self, _progress: Progress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// Now and then while curvatures before a pass, or errors after it, are measured. `Break` as in [`step`](Self::step).
    fn measuring(&mut self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// After each pass, once it is recorded.
    fn pass(&mut self, _record: &PassRecord) {}
}

/// Ignores all events.
impl Observer for () {}
