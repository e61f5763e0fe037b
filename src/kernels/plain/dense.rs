//! Full connection: a = b + W x, with W of outputs x inputs, row by row.
//!
//! It serves every layer whose output units each see the whole input: F6, and C5 where the input is as large as the kernel
//! ("C5 is labeled as a convolutional layer instead of a fully connected one because if the input were made bigger, the
//! feature map dimension would be larger than 1x1", section II-B).

use crate::scalar::Scalar;

/// Sums over inputs run in this many interleaved partial sums, added in order at the end: a fixed order of additions that
/// hardware of any width can follow.
const LANES: usize = 16;

/// sum over j of w_j * x_j
#[inline]
fn dot<T: Scalar>(weights: &[T], input: &[T]) -> T {
    let mut lanes = [T::zero(); LANES];
    for (weights, input) in weights.chunks(LANES).zip(input.chunks(LANES)) {
        for (lane, (&w, &x)) in lanes.iter_mut().zip(weights.iter().zip(input)) {
            *lane += w * x;
        }
    }
    lanes.into_iter().fold(T::zero(), |sum, lane| sum + lane)
}

/// Writes a to `output`.
pub fn forward<T: Scalar>(weights: &[T], biases: &[T], input: &[T], output: &mut [T]) {
    for ((a, &bias), row) in output.iter_mut().zip(biases).zip(weights.chunks_exact(input.len())) {
        *a = bias + dot(row, input);
    }
}

/// Adds to `weights` and `biases`: dw_ij += da_i * x_j and db_i += da_i.
pub fn parameter_derivative<T: Scalar>(input: &[T], output_derivative: &[T], weights: &mut [T], biases: &mut [T]) {
    for ((&da, bias), row) in output_derivative.iter().zip(biases).zip(weights.chunks_exact_mut(input.len())) {
        *bias += da;
        for (w, &x) in row.iter_mut().zip(input) {
            *w += da * x;
        }
    }
}

/// Writes to `input_derivative`: dx_j = sum over i of w_ij * da_i.
pub fn input_derivative<T: Scalar>(weights: &[T], output_derivative: &[T], input_derivative: &mut [T]) {
    input_derivative.fill(T::zero());
    for (&da, row) in output_derivative.iter().zip(weights.chunks_exact(input_derivative.len())) {
        for (dx, &w) in input_derivative.iter_mut().zip(row) {
            *dx += w * da;
        }
    }
}
