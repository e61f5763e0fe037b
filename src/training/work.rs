//! The time that a run is expected to take beside others, reckoned from its settings: the same on every machine and at every state of the
//! run, so that machines that share runs out agree without a word.

use super::benchmark::multiply_adds;
use crate::config::{Optimizer, Settings};
use crate::models;

/// Of a step on one pattern, layer by layer: what does not depend on the size of the network, in nanoseconds. This number and those below
/// are fitted to steps of LeNet-1, LeNet-4, LeNet-5 in several variants, and the modern network, on one core with AVX2.
const STEP: f64 = 17_000.0;

/// For each multiply-add of a forward pass, in nanoseconds: a step has the passes back too.
const MULTIPLY_ADD: f64 = 0.14;

/// A step takes this share where the network is one piece of code, or several patterns are taken at a time.
const TOGETHER: f64 = 0.4;

/// The answer to a pattern in an evaluation takes this share of a step.
const ANSWER: f64 = 0.25;

/// The time of all passes of a run on a data set with this many (training, test) patterns, in nanoseconds of a machine that stands for all:
/// only the proportion between runs means something. Counted are steps, curvature estimates and evaluations.
///
/// ```
/// use lenet5::models::builder::Builder;
/// use lenet5::training::work;
/// let run = |assignment: &str| work::of_run(&Builder::assigned(&[assignment]).unwrap(), (60_000, 10_000));
/// assert!(run("passes=40") > run("passes=20"));
/// assert!(run("training_patterns=15000") < run("training_patterns=30000"));
/// // In place of code for the whole network, code for each layer.
/// assert!(run("activation=relu") > 2 * run("activation=squash"));
/// ```
pub fn of_run(settings: &Settings, sizes: (usize, usize)) -> u64 {
    let network = models::build::<f32>(settings);
    let forward = multiply_adds(&network, network.input()).forward as f64;
    let in_one_piece = network.is_lenet5() && settings.optimizer == Optimizer::LevenbergMarquardt;
    let together = if in_one_piece || settings.batch > 1 { TOGETHER } else { 1.0 };
    let step = together * (STEP + MULTIPLY_ADD * forward);
    let split = settings.split(sizes);
    let evaluated = split.measured + if settings.training_error { split.training } else { 0 };
    let pass = split.training as f64 + ANSWER * evaluated as f64;
    let estimates = (1..=settings.passes).filter(|&pass| settings.estimates_curvature(pass)).count();
    let patterns = settings.passes as f64 * pass + (estimates * settings.curvature_count) as f64;
    (patterns * step) as u64
}
