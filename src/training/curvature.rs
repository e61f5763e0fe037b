//! The estimate of the curvature: which patterns, and the mean over them (eqs. 22 to 24).

use std::ops::ControlFlow;

use rand::seq::SliceRandom;
use rayon::prelude::*;

use super::presentation::Presentation;
use crate::config::{CurvaturePatterns, Settings};
use crate::kernels::maps::Maps;
use crate::kernels::scalar::Scalar;
use crate::network::Network;
use crate::network::loss::LossFunction;
use crate::random::stream;

/// Patterns that are worked on together. Their sums are added in order: the same bits for any number of threads.
const CHUNK: usize = 25;

/// The number of these sums that are kept at a time.
const CHUNKS_AT_ONCE: usize = 32;

/// The training patterns of the estimate before pass `pass`: 500 of them in the paper.
pub fn patterns<T: Scalar>(settings: &Settings, presentation: &Presentation<T>, pass: usize) -> Vec<usize> {
    let mut patterns = presentation.listed();
    if settings.curvature_patterns == CurvaturePatterns::Random {
        patterns.shuffle(&mut stream(settings.seed, "curvature patterns", pass as u64));
    }
    patterns.truncate(settings.curvature_count);
    patterns
}

/// The mean over these patterns of the diagonal second derivatives of the loss. `write` writes a pattern to the network's input and
/// returns its class. `go_on` is asked now and then whether to go on.
pub fn mean<T: Scalar>(
    network: &Network<T>,
    values: &[T],
    loss: impl LossFunction<T>,
    patterns: &[usize],
    write: impl Fn(usize, &mut Maps<T>) -> usize + Sync,
    mut go_on: impl FnMut() -> ControlFlow<()>,
) -> ControlFlow<(), Vec<T>> {
    let sum = |chunk: &[usize]| {
        let mut workspace = network.standard_workspace();
        let mut curvature = vec![T::zero(); values.len()];
        for &pattern in chunk {
            let class = write(pattern, workspace.input_mut());
            network.forward(values, &mut workspace);
            loss.curvature(class, &mut workspace.output_and_derivative().1.values);
            network.curvature(values, &mut workspace, &mut curvature);
        }
        curvature
    };
    let count = T::of(patterns.len() as f64);
    let mut total = vec![T::zero(); values.len()];
    // A sum is as large as the network: not all of them at once.
    for chunks in patterns.chunks(CHUNKS_AT_ONCE * CHUNK) {
        go_on()?;
        let sums: Vec<Vec<T>> = chunks.par_chunks(CHUNK).map(sum).collect();
        for sum in sums {
            for (h, part) in total.iter_mut().zip(sum) {
                *h += part / count;
            }
        }
    }
    ControlFlow::Continue(total)
}
