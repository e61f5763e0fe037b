//! Measures of a network: error rate and its interval, confusion matrix; comparison with another network ([`mcnemar`],
//! [`overlap`]) and of sets of networks ([`paired`]); rejection of doubtful patterns ([`rejection`]).

pub mod mcnemar;
mod outputs;
pub mod overlap;
pub mod paired;
pub mod rejection;
pub mod statistics;

pub use outputs::{Outputs, outputs, outputs_of};

use std::ops::ControlFlow;

use nalgebra::DMatrix;
use rayon::prelude::*;
use statrs::distribution::{Beta, ContinuousCDF};

use crate::data::{Images, encoder::Encoder};
use crate::kernels::compute::Compute;
use crate::kernels::maps::{Maps, PATTERNS};
use crate::network::Network;
use crate::network::engine::Engine;
use crate::network::loss::{self, LossFunction};

/// Patterns are evaluated in chunks of this many, whose sums are added in order: the same bits for any number of threads.
const CHUNK: usize = 16 * PATTERNS;

/// The number for a network as one piece of code.
const CHUNK_IN_ONE_PIECE: usize = 250;

/// So many chunks are one thread's work: sixteen patterns may lie in two of them.
const TOGETHER: usize = 4;

/// So many works of each thread are done between two questions whether to go on.
const BETWEEN_QUESTIONS: usize = 4;

/// The answers of a network to a set of patterns, counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// Patterns by class: row = right class, column = answer.
    pub confusion: DMatrix<usize>,
    /// The mean loss over the patterns.
    pub mean_loss: f64,
}

impl Evaluation {
    /// The number of patterns.
    pub fn patterns(&self) -> usize {
        self.confusion.sum()
    }

    /// The number of wrong answers.
    pub fn errors(&self) -> usize {
        self.patterns() - self.confusion.trace()
    }

    /// The share answered wrongly, in percent; NaN without patterns.
    pub fn error_percent(&self) -> f64 {
        percent(self.errors(), self.patterns())
    }

    /// The 95 % interval of the error rate.
    pub fn interval(&self) -> Interval {
        clopper_pearson(self.errors(), self.patterns())
    }
}

/// `part` of `whole`, in percent.
pub fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole as f64
}

/// A 95 % confidence interval, in percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// The exact 95 % interval (Clopper and Pearson) of a rate that showed `errors` errors among `patterns`, in percent: 0 to 100
/// where there are no patterns.
///
/// ```
/// let interval = lenet5::evaluation::clopper_pearson(95, 10_000);
/// assert!((interval.low - 0.769).abs() < 0.001 && (interval.high - 1.160).abs() < 0.001);
/// ```
pub fn clopper_pearson(errors: usize, patterns: usize) -> Interval {
    let (k, n) = (errors as f64, patterns as f64);
    // Both parameters are positive where this is called.
    let quantile = |a: f64, b: f64, p: f64| 100.0 * Beta::new(a, b).map_or(f64::NAN, |beta| beta.inverse_cdf(p));
    let low = if errors == 0 { 0.0 } else { quantile(k, n - k + 1.0, 0.025) };
    let high = if errors >= patterns { 100.0 } else { quantile(k + 1.0, n - k, 0.975) };
    Interval { low, high }
}

/// Runs the network with these parameters over all images, in parallel. The mean loss of no images is NaN.
///
/// # Panics
/// If a label is not a class of the network.
pub fn evaluate<T: Compute>(
    network: &Network<T>,
    values: &[T],
    loss: impl LossFunction<T>,
    images: &Images,
) -> Evaluation {
    let evaluation = evaluate_while(network, values, loss, images, || ControlFlow::Continue(()));
    evaluation.continue_value().expect("nobody stops it")
}

/// As [`evaluate`], asking `go_on` again and again, on the calling thread, whether to go on.
///
/// # Panics
/// As [`evaluate`].
pub fn evaluate_while<T: Compute>(
    network: &Network<T>,
    values: &[T],
    loss: impl LossFunction<T>,
    images: &Images,
    go_on: impl FnMut() -> ControlFlow<()>,
) -> ControlFlow<(), Evaluation> {
    let classes = network.outputs();
    let nothing = || (DMatrix::zeros(classes, classes), 0.0);
    let write = |encoder: &Encoder<T>, index, input: &mut Maps<T>| encoder.encode_image(images, index, input);
    let add = |(confusion, sum): &mut (DMatrix<usize>, f64), index: usize, distances: &[T]| {
        let class = usize::from(images.labels()[index]);
        confusion[(class, loss::answer(distances))] += 1;
        *sum += loss.value(distances, class);
    };
    let chunks = in_chunks(network, values, (images.len(), write), nothing, add, go_on)?;
    let mut confusion: DMatrix<usize> = DMatrix::zeros(classes, classes);
    let mut sum = 0.0;
    for (part, part_sum) in chunks {
        confusion += part;
        sum += part_sum;
    }
    ControlFlow::Continue(Evaluation { confusion, mean_loss: sum / images.len() as f64 })
}

/// Runs the network over this many images, in parallel, sixteen at a time; `write` writes an image to the input. `add` is given its
/// chunk's part so far, first `nothing`, with each image's index and distances in turn. Returns the parts of all chunks, in order, unless
/// `go_on` says to stop, which is asked after every few chunks of each thread.
fn in_chunks<T: Compute, P: Send>(
    network: &Network<T>,
    values: &[T],
    (count, write): (usize, impl Fn(&Encoder<T>, usize, &mut Maps<T>) + Sync),
    nothing: impl Fn() -> P + Sync,
    add: impl Fn(&mut P, usize, &[T]) + Sync,
    mut go_on: impl FnMut() -> ControlFlow<()>,
) -> ControlFlow<(), Vec<P>> {
    let encoder = Encoder::new(network.encoding());
    let size = if network.fused().is_some() { CHUNK_IN_ONE_PIECE } else { CHUNK };
    let several = |engine: &mut Engine<T>, start: usize| {
        let (mut parts, end) = (Vec::with_capacity(TOGETHER), count.min(start + TOGETHER * size));
        for first in (start..end).step_by(PATTERNS) {
            let some = first..end.min(first + PATTERNS);
            engine.answer(network, some.clone(), |index, input| write(&encoder, index, input));
            for (n, index) in some.enumerate() {
                if index % size == 0 {
                    parts.push(nothing());
                }
                add(parts.last_mut().expect("a chunk has begun"), index, engine.output(n));
            }
        }
        parts
    };
    let (mut parts, round) = (Vec::new(), BETWEEN_QUESTIONS * rayon::current_num_threads() * TOGETHER * size);
    for start in (0..count).step_by(round) {
        go_on()?;
        let starts = (start..count.min(start + round)).into_par_iter().step_by(TOGETHER * size);
        let some: Vec<Vec<P>> = starts.map_init(|| Engine::for_answers(network, values), several).collect();
        parts.extend(some.into_iter().flatten());
    }
    ControlFlow::Continue(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The interval's ends are where the binomial tail is 2.5 %, added up term by term.
    #[test]
    fn intervals_cut_off_the_binomial_tails() {
        let tail = |n: u64, p: f64, keep: &dyn Fn(u64) -> bool| -> f64 {
            let mut term = (1.0 - p).powi(n as i32);
            let mut sum = 0.0;
            for k in 0..=n {
                if keep(k) {
                    sum += term;
                }
                term *= (n - k) as f64 / (k + 1) as f64 * p / (1.0 - p);
            }
            sum
        };
        let interval = clopper_pearson(7, 360);
        assert!((tail(360, interval.low / 100.0, &|k| k >= 7) - 0.025).abs() < 1e-6);
        assert!((tail(360, interval.high / 100.0, &|k| k <= 7) - 0.025).abs() < 1e-6);
        assert_eq!(clopper_pearson(0, 10).low, 0.0);
        assert_eq!(clopper_pearson(10, 10).high, 100.0);
        assert_eq!(clopper_pearson(0, 0), Interval { low: 0.0, high: 100.0 });
    }

    #[test]
    fn errors_are_what_is_off_the_diagonal() {
        let confusion = DMatrix::from_row_slice(2, 2, &[5, 1, 2, 12]);
        let evaluation = Evaluation { confusion, mean_loss: 0.0 };
        assert_eq!((evaluation.patterns(), evaluation.errors(), evaluation.error_percent()), (20, 3, 15.0));
    }
}
