//! The derivatives with respect to the parameters of a convolution, summed over the patterns:
//! dw(i, j, u, v) = sum over y, x of da(i, y, x) x(j, y + u, x + v), and db(i) = sum over y, x of da(i, y, x).
//!
//! Each pattern has a sum of its own, row by row; then `Lanes::sum` adds the sixteen. M maps by the K weights of a kernel's row
//! are worked on together, over a few rows at a time that stay in the first-level cache for all rows of the kernel.

use super::unit::{Unit, of_unit, registers, starts};
use crate::maps::Shape;
use crate::simd::{Lanes, Simd, fma, load, parts, splat, store, transpose, unroll};
use crate::simd::{SimdBase, f32x4};

/// The units of da that stay in the first-level cache: 12.8 kB.
const NEAR: usize = 200;

/// The operands of the derivatives with respect to the parameters.
#[derive(Clone, Copy)]
pub struct WeightOperands<'a> {
    /// x.
    pub input: &'a [Unit],
    pub from: Shape,
    pub output_derivative: &'a [Unit],
    pub to: Shape,
}

/// Adds to `weights`, those of a full table, and to `biases`.
#[inline(always)]
pub fn derivative<S: Simd, const K: usize>(simd: S, operands: WeightOperands, weights: &mut [f32], biases: &mut [f32]) {
    let maps = operands.to.maps;
    if const { registers::<S>() == 32 && K < 6 } && maps >= 4 && (maps.is_multiple_of(4) || maps > 6) {
        return blocks::<S, 4, K>(simd, operands, weights, biases);
    }
    if const { registers::<S>() == 32 } && maps >= 3 {
        return blocks::<S, 3, K>(simd, operands, weights, biases);
    }
    if const { registers::<S>() == 16 && K < 7 } && maps >= 2 {
        return blocks::<S, 2, K>(simd, operands, weights, biases);
    }
    blocks::<S, 1, K>(simd, operands, weights, biases);
}

#[inline(always)]
fn blocks<S: Simd, const M: usize, const K: usize>(
    simd: S,
    operands: WeightOperands,
    weights: &mut [f32],
    biases: &mut [f32],
) {
    let WeightOperands { from, to, .. } = operands;
    let mut done = 0;
    for map in starts(to.maps, M) {
        // The last block may overlap the one before; what is known is not added again.
        let known = done - map;
        for j in 0..from.maps {
            let (mut sums, mut bias_sums) = ([[[Lanes::ZERO; K]; K]; M], [Lanes::ZERO; M]);
            for (top, rows) in tiles(to, M) {
                for part in 0..parts::<S>() {
                    if j == 0 {
                        add_units::<S, M>(simd, operands, map, (top, rows), part, &mut bias_sums);
                    }
                    for u in 0..K {
                        kernel_row::<S, M, K>(simd, operands, (map, j, u), (top, rows), part, &mut sums);
                    }
                }
            }
            for m in known..M {
                let start = ((map + m) * from.maps + j) * K * K;
                add_sums(simd, sums[m].as_flattened(), &mut weights[start..][..K * K]);
                if j == 0 {
                    biases[map + m] += bias_sums[m].sum(simd);
                }
            }
        }
        done = map + M;
    }
}

/// (First, number) of the rows to be worked on together.
fn tiles(to: Shape, maps: usize) -> impl Iterator<Item = (usize, usize)> {
    let rows = (NEAR / (maps * to.width)).max(1);
    (0..to.height).step_by(rows).map(move |top| (top, rows.min(to.height - top)))
}

/// Adds da of some rows.
#[inline(always)]
fn add_units<S: Simd, const M: usize>(
    simd: S,
    operands: WeightOperands,
    map: usize,
    (top, rows): (usize, usize),
    part: usize,
    lanes: &mut [Lanes; M],
) {
    let WeightOperands { to, output_derivative, .. } = operands;
    let mut sums = [splat::<S>(simd, 0.0); M];
    let mut das: [&[Unit]; M] = [&[]; M];
    unroll!(MAP in [0 1 2 3] {
        if MAP < M {
            sums[MAP] = load(simd, &lanes[MAP], part);
            das[MAP] = &output_derivative[((map + MAP) * to.height + top) * to.width..][..rows * to.width];
        }
    });
    for i in 0..rows * to.width {
        unroll!(MAP in [0 1 2 3] {
            if MAP < M {
                sums[MAP] += of_unit(simd, &das[MAP][i], part);
            }
        });
    }
    unroll!(MAP in [0 1 2 3] {
        if MAP < M {
            store::<S>(sums[MAP], &mut lanes[MAP], part);
        }
    });
}

/// Extends the sums of row u of the kernels from map j by some rows of da.
#[inline(always)]
fn kernel_row<S: Simd, const M: usize, const K: usize>(
    simd: S,
    operands: WeightOperands,
    (map, j, u): (usize, usize, usize),
    (top, rows): (usize, usize),
    part: usize,
    lanes: &mut [[[Lanes; K]; K]; M],
) {
    let WeightOperands { input, from, output_derivative, to } = operands;
    let mut sums = [[splat::<S>(simd, 0.0); K]; M];
    unroll!(MAP in [0 1 2 3] {
        if MAP < M {
            unroll!(V in [0 1 2 3 4 5 6] {
                if V < K {
                    sums[MAP][V] = load(simd, &lanes[MAP][u][V], part);
                }
            });
        }
    });
    for y in top..top + rows {
        let inputs = &input[(j * from.height + y + u) * from.width..][..to.width + K - 1];
        let mut das: [&[Unit]; M] = [&[]; M];
        unroll!(MAP in [0 1 2 3] {
            if MAP < M {
                das[MAP] = &output_derivative[((map + MAP) * to.height + y) * to.width..][..to.width];
            }
        });
        for x in 0..to.width {
            let inputs: &[Unit; K] = inputs[x..].first_chunk().expect("K are left");
            let mut da = [splat::<S>(simd, 0.0); M];
            unroll!(MAP in [0 1 2 3] {
                if MAP < M {
                    da[MAP] = of_unit(simd, &das[MAP][x], part);
                }
            });
            unroll!(V in [0 1 2 3 4 5 6] {
                if V < K {
                    let input = of_unit(simd, &inputs[V], part);
                    unroll!(MAP in [0 1 2 3] {
                        if MAP < M {
                            sums[MAP][V] = fma::<S>(da[MAP], input, sums[MAP][V]);
                        }
                    });
                }
            });
        }
    }
    unroll!(MAP in [0 1 2 3] {
        if MAP < M {
            unroll!(V in [0 1 2 3 4 5 6] {
                if V < K {
                    store::<S>(sums[MAP][V], &mut lanes[MAP][u][V], part);
                }
            });
        }
    });
}

/// Adds the sum of each sixteen lanes, four at a time, in the order of `Lanes::sum`.
#[inline(always)]
fn add_sums<S: Simd>(simd: S, lanes: &[Lanes], to: &mut [f32]) {
    let (fours, rest) = lanes.as_chunks::<4>();
    let (to_fours, to_rest) = to.as_chunks_mut::<4>();
    for (lanes, to) in fours.iter().zip(to_fours) {
        let quarter = |row: usize, start: usize| f32x4::from_slice(simd, &lanes[row].0[start..start + 4]);
        let four = |row: usize| (quarter(row, 0) + quarter(row, 8)) + (quarter(row, 4) + quarter(row, 12));
        let [a, b, c, d] = transpose([four(0), four(1), four(2), four(3)]);
        let sums = (a + c) + (b + d);
        (f32x4::from_slice(simd, to) + sums).store_slice(to);
    }
    for (lanes, to) in rest.iter().zip(to_rest) {
        *to += lanes.sum(simd);
    }
}
