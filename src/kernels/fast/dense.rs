//! Full connection: a = b + W x, with W of outputs x inputs, row by row. It is bound by reading W.

use super::elements;
use super::product::{RowMajor, one_row};
use crate::simd::{Simd, fma, splat};

#[inline(always)]
pub fn forward<S: Simd>(simd: S, weights: &[f32], biases: &[f32], input: &[f32], output: &mut [f32]) {
    let (width, whole) = (input.len(), output.len() - output.len() % 4);
    let rows = |row: usize| &weights[row * width..][..width];
    for row in (0..whole).step_by(4) {
        let sums = elements::dots(simd, input, [rows(row), rows(row + 1), rows(row + 2), rows(row + 3)]);
        for (i, sum) in sums.into_iter().enumerate() {
            output[row + i] = biases[row + i] + sum;
        }
    }
    for row in whole..output.len() {
        let [sum] = elements::dots(simd, input, [rows(row)]);
        output[row] = biases[row] + sum;
    }
}

#[inline(always)]
pub fn parameter_derivative<S: Simd>(
    simd: S,
    input: &[f32],
    output_derivative: &[f32],
    weights: &mut [f32],
    biases: &mut [f32],
) {
    for ((&da, bias), row) in output_derivative.iter().zip(biases).zip(weights.chunks_exact_mut(input.len())) {
        *bias += da;
        let da = splat::<S>(simd, da);
        elements::update2(
            simd,
            input,
            input,
            row,
            #[inline(always)]
            |x, _, dw| fma::<S>(da, x, dw),
        );
    }
}

#[inline(always)]
pub fn input_derivative<S: Simd>(simd: S, weights: &[f32], output_derivative: &[f32], input_derivative: &mut [f32]) {
    let (length, width) = (output_derivative.len(), input_derivative.len());
    let terms = RowMajor { a: output_derivative, pitch: length, length, b: weights, width };
    one_row(simd, &terms, input_derivative);
}
