//! Max-pooling: each unit is the largest of the N x N inputs of its field, which do not overlap.
//!
//! An input of H x W gives an output of floor(H / N) x floor(W / N); a row or column left over is not read. Of equal inputs the
//! first counts, row by row. The derivative goes to the one that counts, the others' is 0.

use crate::maps::{Maps, Shape};
use crate::scalar::Scalar;

/// The unit of the input map that counts for output (y, x) of map `map`.
#[inline(always)]
fn largest<T: Scalar>(size: usize, input: &[T], shape: Shape, (map, y, x): (usize, usize, usize)) -> usize {
    let first = (map * shape.height + size * y) * shape.width + size * x;
    let mut best = first;
    for u in 0..size {
        for unit in first + u * shape.width..first + u * shape.width + size {
            if input[unit] > input[best] {
                best = unit;
            }
        }
    }
    best
}

/// Writes the largest input of each field to `output`.
#[inline(always)]
pub fn forward<T: Scalar>(size: usize, input: &Maps<T>, output: &mut Maps<T>) {
    let (from, to) = (input.shape(), output.shape());
    for (row, units) in output.values.chunks_exact_mut(to.width).enumerate() {
        for (x, unit) in units.iter_mut().enumerate() {
            *unit = input.values[largest(size, &input.values, from, (row / to.height, row % to.height, x))];
        }
    }
}

/// Writes the derivatives with respect to the inputs to `input_derivative`.
#[inline(always)]
pub fn input_derivative<T: Scalar>(
    size: usize,
    input: &Maps<T>,
    output_derivative: &Maps<T>,
    input_derivative: &mut Maps<T>,
) {
    input_derivative.values.fill(T::zero());
    let (from, to) = (input.shape(), output_derivative.shape());
    for (row, derivatives) in output_derivative.values.chunks_exact(to.width).enumerate() {
        for (x, &derivative) in derivatives.iter().enumerate() {
            let unit = largest(size, &input.values, from, (row / to.height, row % to.height, x));
            input_derivative.values[unit] = derivative;
        }
    }
}
