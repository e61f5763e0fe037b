//! Weighted sums of a convolution with a sparse table, in the order of [`forward`](super::forward):
//! a(i, y, x) = b(i) + sum over j in V(i), u, v of w(i, j, u, v) x(j, y + u, x + v).
//!
//! Neighbouring maps share few of their inputs, so that each is computed alone: X columns of a row, whose sums are in
//! registers with the K weights of a kernel's row. Each input is loaded once for the up to K sums that it is part of.

#![allow(clippy::absurd_extreme_comparisons, reason = "conditions on constants of unrolled loops")]

use super::unit::{Unit, of_unit, registers, starts, to_unit};
use crate::connections::Connections;
use crate::maps::Shape;
use crate::simd::{Simd, fma, parts, splat, unroll};

/// The operands of a convolution with a sparse table.
#[derive(Clone, Copy)]
pub struct SparseOperands<'a> {
    /// The pairs of maps that are joined.
    pub connections: &'a Connections,
    /// A kernel for each pair of the table.
    pub weights: &'a [f32],
    /// One for each output map.
    pub biases: &'a [f32],
    pub input: &'a [Unit],
    pub from: Shape,
}

#[inline(always)]
pub fn forward<S: Simd, const K: usize>(simd: S, operands: SparseOperands, output: &mut [Unit], to: Shape) {
    if const { registers::<S>() == 32 } && to.width >= 10 {
        rows::<S, 10, K>(simd, operands, output, to);
    } else if to.width >= 5 {
        rows::<S, 5, K>(simd, operands, output, to);
    } else {
        rows::<S, 1, K>(simd, operands, output, to);
    }
}

#[inline(always)]
fn rows<S: Simd, const X: usize, const K: usize>(simd: S, operands: SparseOperands, output: &mut [Unit], to: Shape) {
    for part in 0..parts::<S>() {
        for (map, &bias) in operands.biases.iter().enumerate() {
            for y in 0..to.height {
                for x in starts(to.width, X) {
                    let sums = block::<S, X, K>(simd, operands, (map, y, x), splat(simd, bias), part);
                    let row = &mut output[(map * to.height + y) * to.width + x..][..X];
                    unroll!(COLUMN in [0 1 2 3 4 5 6 7 8 9] {
                        if COLUMN < X {
                            to_unit::<S>(sums[COLUMN], &mut row[COLUMN], part);
                        }
                    });
                }
            }
        }
    }
}

#[inline(always)]
fn block<S: Simd, const X: usize, const K: usize>(
    simd: S,
    operands: SparseOperands,
    (map, y, x): (usize, usize, usize),
    bias: S::f32s,
    part: usize,
) -> [S::f32s; X] {
    let SparseOperands { connections, weights, input, from, .. } = operands;
    let pairs = connections.table.of_output(map);
    let kernels = weights[pairs.start * K * K..].chunks_exact(K * K);
    let mut sums = [bias; X];
    for (&(_, j), kernel) in connections.table.pairs()[pairs].iter().zip(kernels) {
        for (u, kernel) in kernel.as_chunks::<K>().0.iter().enumerate() {
            let mut w = [splat::<S>(simd, 0.0); K];
            for v in 0..K {
                w[v] = splat(simd, kernel[v]);
            }
            let row = &input[(j * from.height + y + u) * from.width + x..][..X + K - 1];
            unroll!(COLUMN in [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15] {
                if COLUMN + 1 < X + K {
                    let x = of_unit(simd, &row[COLUMN], part);
                    for v in 0..K {
                        if COLUMN >= v && COLUMN - v < X {
                            sums[COLUMN - v] = fma::<S>(w[v], x, sums[COLUMN - v]);
                        }
                    }
                }
            });
        }
    }
    sums
}
