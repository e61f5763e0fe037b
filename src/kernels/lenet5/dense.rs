//! C5 (on a 5x5 input) and F6: weighted sums of K x 16 inputs.
//!
//! Weights stand in the order in which they are walked: blocks of [`ROWS`] units, in each the inputs by sixteens, for each
//! sixteen the units. The walk backwards reads a weight, takes its part of the input's derivative and moves it, in one go.

use super::packed::{Block, ROWS};
use crate::simd::{Lanes, Simd, fma, load, parts, splat, store, unroll, vectors};

/// a_i = b_i + sum over j of w_ij x_j, each sum in sixteen lanes.
#[inline(always)]
pub fn forward<S: Simd, const K: usize>(
    simd: S,
    weights: &[Block<K>],
    biases: &[f32],
    input: &[Lanes; K],
    output: &mut [f32],
) {
    let units = output.as_chunks_mut::<ROWS>().0.iter_mut().zip(biases.as_chunks::<ROWS>().0);
    for (block, (a, bias)) in weights.iter().zip(units) {
        let mut sums = [Lanes::ZERO; ROWS];
        for part in 0..parts::<S>() {
            let mut sum = [splat(simd, 0.0); ROWS];
            for (weights, x) in block.iter().zip(input) {
                let x = load(simd, x, part);
                unroll!(ROW in [0 1 2 3 4 5] { sum[ROW] = fma::<S>(load(simd, &weights[ROW], part), x, sum[ROW]); });
            }
            unroll!(ROW in [0 1 2 3 4 5] { store::<S>(sum[ROW], &mut sums[ROW], part); });
        }
        for row in 0..ROWS {
            a[row] = bias[row] + sums[row].sum(simd);
        }
    }
}

/// A fully connected layer on the way back: what is read and what is moved.
pub struct Back<'a, const K: usize> {
    pub weights: &'a mut [Block<K>],
    /// eps_ij.
    pub steps: &'a [Block<K>],
    /// b_i, moved.
    pub biases: &'a mut [f32],
    /// eps_i of the biases.
    pub bias_steps: &'a [f32],
    pub input: &'a [Lanes; K],
    /// da_i = dE/da_i.
    pub derivative: &'a [f32],
}

impl<const K: usize> Back<'_, K> {
    /// Writes dx_j = sum over i of w_ij da_i, then moves w_ij -= eps_ij da_i x_j and b_i -= eps_i da_i (eq. 18).
    #[inline(always)]
    pub fn learn<S: Simd>(self, simd: S, input_derivative: &mut [Lanes; K]) {
        input_derivative.fill(Lanes::ZERO);
        let blocks = self.weights.iter_mut().zip(self.steps);
        for ((block, steps), da) in blocks.zip(self.derivative.as_chunks::<ROWS>().0) {
            let da = vectors!(ROW in [0 1 2 3 4 5] => splat::<S>(simd, da[ROW]));
            let columns = block.iter_mut().zip(steps).zip(self.input.iter().zip(&mut *input_derivative));
            for ((weights, steps), (x, dx)) in columns {
                for part in 0..parts::<S>() {
                    let (x, mut sum) = (load(simd, x, part), load(simd, dx, part));
                    unroll!(ROW in [0 1 2 3 4 5] {
                        let w = load(simd, &weights[ROW], part);
                        sum = fma::<S>(w, da[ROW], sum);
                        let moved = fma::<S>(-load(simd, &steps[ROW], part), da[ROW] * x, w);
                        store::<S>(moved, &mut weights[ROW], part);
                    });
                    store::<S>(sum, dx, part);
                }
            }
        }
        for ((bias, step), da) in self.biases.iter_mut().zip(self.bias_steps).zip(self.derivative) {
            *bias -= step * da;
        }
    }
}
