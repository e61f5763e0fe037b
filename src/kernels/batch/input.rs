//! The derivatives with respect to the input of a convolution:
//! dx(j, r, c) = sum over i, u, v of w(i, j, u, v) da(i, r - u, c - v).
//!
//! Five columns of da reach 5 + K - 1 columns of dx, whose sums are in registers while the walk goes over all maps i and the rows
//! u that meet row r. The next five columns carry on with the K - 1 sums that they share; single columns do so where less than
//! five are left. So a sum is over blocks of columns, i, u and v, in this order, at every level.

use super::unit::{Unit, of_unit, registers, to_unit};
use crate::connections::MAX_KERNEL;
use crate::maps::Shape;
use crate::simd::{Simd, fma, parts, splat, unroll};

/// The largest X + K - 1; fewer sums are used where it is less.
const SUMS: usize = 5 + MAX_KERNEL - 1;

/// The operands of the derivatives with respect to the input.
#[derive(Clone, Copy)]
pub struct InputOperands<'a> {
    /// The weights of a full table.
    pub weights: &'a [f32],
    pub output_derivative: &'a [Unit],
    pub from: Shape,
    pub to: Shape,
}

#[inline(always)]
pub fn derivative<S: Simd, const K: usize>(simd: S, operands: InputOperands, dx: &mut [Unit]) {
    let InputOperands { from, .. } = operands;
    for part in 0..parts::<S>() {
        let mut column = 0;
        while column + 5 <= from.width {
            // As many maps together as there are registers for.
            if const { registers::<S>() == 32 && K < 7 } {
                rows::<S, 2, 5, K>(simd, operands, column, part, dx);
            } else {
                rows::<S, 1, 5, K>(simd, operands, column, part, dx);
            }
            column += 5;
        }
        while column < from.width {
            rows::<S, 1, 1, K>(simd, operands, column, part, dx);
            column += 1;
        }
    }
}

/// Adds the contributions of X columns of da, from `column` on, to all rows of all maps.
#[inline(always)]
fn rows<S: Simd, const M: usize, const X: usize, const K: usize>(
    simd: S,
    operands: InputOperands,
    column: usize,
    part: usize,
    dx: &mut [Unit],
) {
    for row in 0..operands.to.height {
        let mut map = 0;
        while map + M <= operands.to.maps {
            block::<S, M, X, K>(simd, operands, map, (row, column), part, dx);
            map += M;
        }
        while map < operands.to.maps {
            block::<S, 1, X, K>(simd, operands, map, (row, column), part, dx);
            map += 1;
        }
    }
}

/// Adds the contributions of X columns of da, from `column` on, to row `row` of M maps.
#[inline(always)]
fn block<S: Simd, const M: usize, const X: usize, const K: usize>(
    simd: S,
    operands: InputOperands,
    map: usize,
    (row, column): (usize, usize),
    part: usize,
    dx: &mut [Unit],
) {
    let InputOperands { weights, output_derivative, from, to } = operands;
    let mut sums = [[splat::<S>(simd, 0.0); SUMS]; M];
    if column > 0 {
        unroll!(MAP in [0 1] {
            if MAP < M {
                let carried = &dx[((map + MAP) * to.height + row) * to.width + column..][..K - 1];
                unroll!(COLUMN in [0 1 2 3 4 5] {
                    if COLUMN + 1 < K {
                        sums[MAP][COLUMN] = of_unit(simd, &carried[COLUMN], part);
                    }
                });
            }
        });
    }
    let us = (row + 1).saturating_sub(from.height)..K.min(row + 1);
    for i in 0..from.maps {
        for u in us.clone() {
            let das = &output_derivative[(i * from.height + row - u) * from.width + column..];
            let das: &[Unit; X] = das.first_chunk().expect("X are left");
            let mut kernels = [&[0.0; K]; M];
            unroll!(MAP in [0 1] {
                if MAP < M {
                    let kernel = &weights[((i * to.maps + map + MAP) * K + u) * K..];
                    kernels[MAP] = kernel.first_chunk().expect("a row of a kernel");
                }
            });
            products::<S, M, X, K>(simd, das, kernels, part, &mut sums);
        }
    }
    unroll!(MAP in [0 1] {
        if MAP < M {
            let reached = &mut dx[((map + MAP) * to.height + row) * to.width + column..][..X + K - 1];
            unroll!(COLUMN in [0 1 2 3 4 5 6 7 8 9 10] {
                if COLUMN + 1 < X + K {
                    to_unit::<S>(sums[MAP][COLUMN], &mut reached[COLUMN], part);
                }
            });
        }
    });
}

/// Adds the products of X units of da and a kernel row of each map.
#[inline(always)]
fn products<S: Simd, const M: usize, const X: usize, const K: usize>(
    simd: S,
    das: &[Unit; X],
    kernels: [&[f32; K]; M],
    part: usize,
    sums: &mut [[S::f32s; SUMS]; M],
) {
    let mut da = [splat::<S>(simd, 0.0); X];
    unroll!(COLUMN in [0 1 2 3 4] {
        if COLUMN < X {
            da[COLUMN] = of_unit(simd, &das[COLUMN], part);
        }
    });
    unroll!(V in [0 1 2 3 4 5 6] {
        if V < K {
            unroll!(MAP in [0 1] {
                if MAP < M {
                    let w = splat::<S>(simd, kernels[MAP][V]);
                    unroll!(COLUMN in [0 1 2 3 4] {
                        if COLUMN < X {
                            sums[MAP][COLUMN + V] = fma::<S>(w, da[COLUMN], sums[MAP][COLUMN + V]);
                        }
                    });
                }
            });
        }
    });
}
