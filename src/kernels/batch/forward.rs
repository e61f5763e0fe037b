//! Weighted sums: a(i, y, x) = b(i) + sum over j, u, v of w(i, j, u, v) x(j, y + u, x + v), in this order.
//!
//! M maps by X columns of a row are worked on together. Each weight is used X times and each input M times, so that there are
//! fewer loads than products. Where maps or columns are left over, the last blocks overlap: the same sums a second time.

use super::unit::{Unit, of_unit, registers, starts, to_unit};
use crate::maps::Shape;
use crate::simd::{Simd, fma, parts, splat, unroll};

/// The inputs of a unit: in each map, `height` rows of `width` adjacent inputs, one a weight.
pub struct Window {
    /// Input maps.
    pub maps: usize,
    /// Rows of a kernel.
    pub height: usize,
    /// Columns of a kernel.
    pub width: usize,
}

/// The operands of a convolution with a full table.
pub struct FullOperands<'a> {
    /// A row of weights for each output map, as many as a window has inputs.
    pub weights: &'a [f32],
    /// One for each output map.
    pub biases: &'a [f32],
    /// The window of a unit.
    pub window: Window,
    pub input: &'a [Unit],
    pub from: Shape,
}

/// An estimate of the cycles that all blocks of M x X take for each weight of a map: a block takes a cycle for each product or each
/// load, whichever are more, and at least four, the latency of a sum.
const fn cost(to: Shape, m: usize, x: usize) -> usize {
    if m > to.maps || x > to.width {
        return usize::MAX;
    }
    let (products, loads) = (m * x, m + x);
    let cycles = if products > loads { products } else { loads };
    to.maps.div_ceil(m) * to.width.div_ceil(x) * (if cycles > 4 { cycles } else { 4 })
}

/// Runs the cheapest of these blocks; the last one is 1 x 1.
macro_rules! cheapest {
    ($simd:expr, $operands:expr, $output:expr, $to:expr, $(($m:literal, $x:literal))*) => {
        let best = [$(cost($to, $m, $x)),*].into_iter().min().expect("one at least");
        $(if best == cost($to, $m, $x) {
            return blocks::<S, $m, $x>($simd, $operands, $output, $to);
        })*
    };
}

#[inline(always)]
pub fn forward<S: Simd>(simd: S, operands: &FullOperands, output: &mut [Unit], to: Shape) {
    if const { registers::<S>() == 32 } {
        cheapest!(simd, operands, output, to, (4, 5)(3, 7)(12, 1)(8, 1)(4, 2)(1, 4)(1, 1));
    } else if const { registers::<S>() == 16 } {
        cheapest!(simd, operands, output, to, (2, 5)(2, 6)(8, 1)(4, 2)(1, 4)(1, 1));
    } else {
        cheapest!(simd, operands, output, to, (1, 2)(1, 1));
    }
}

#[inline(always)]
fn blocks<S: Simd, const M: usize, const X: usize>(simd: S, operands: &FullOperands, output: &mut [Unit], to: Shape) {
    for part in 0..parts::<S>() {
        for y in 0..to.height {
            for x in starts(to.width, X) {
                for map in starts(to.maps, M) {
                    let sums = block::<S, M, X>(simd, operands, map, (y, x), part);
                    unroll!(MAP in [0 1 2 3 4 5 6 7 8 9 10 11] {
                        if MAP < M {
                            let row = &mut output[((map + MAP) * to.height + y) * to.width + x..][..X];
                            unroll!(COLUMN in [0 1 2 3 4 5 6] {
                                if COLUMN < X {
                                    to_unit::<S>(sums[MAP][COLUMN], &mut row[COLUMN], part);
                                }
                            });
                        }
                    });
                }
            }
        }
    }
}

#[inline(always)]
fn block<S: Simd, const M: usize, const X: usize>(
    simd: S,
    operands: &FullOperands,
    map: usize,
    (y, x): (usize, usize),
    part: usize,
) -> [[S::f32s; X]; M] {
    let FullOperands { window, from, .. } = operands;
    let length = window.maps * window.height * window.width;
    let mut sums = [[splat::<S>(simd, 0.0); X]; M];
    unroll!(MAP in [0 1 2 3 4 5 6 7 8 9 10 11] {
        if MAP < M {
            sums[MAP] = [splat::<S>(simd, operands.biases[map + MAP]); X];
        }
    });
    let mut at = map * length;
    for j in 0..window.maps {
        for u in 0..window.height {
            let inputs = &operands.input[(j * from.height + y + u) * from.width + x..][..window.width + X - 1];
            let mut weights: [&[f32]; M] = [&[]; M];
            unroll!(MAP in [0 1 2 3 4 5 6 7 8 9 10 11] {
                if MAP < M {
                    weights[MAP] = &operands.weights[at + MAP * length..][..window.width];
                }
            });
            for v in 0..window.width {
                let inputs: &[Unit; X] = inputs[v..].first_chunk().expect("X are left");
                let mut ws = [splat::<S>(simd, 0.0); M];
                unroll!(MAP in [0 1 2 3 4 5 6 7 8 9 10 11] {
                    if MAP < M {
                        ws[MAP] = splat(simd, weights[MAP][v]);
                    }
                });
                unroll!(COLUMN in [0 1 2 3 4 5 6] {
                    if COLUMN < X {
                        let x = of_unit(simd, &inputs[COLUMN], part);
                        unroll!(MAP in [0 1 2 3 4 5 6 7 8 9 10 11] {
                            if MAP < M {
                                sums[MAP][COLUMN] = fma::<S>(ws[MAP], x, sums[MAP][COLUMN]);
                            }
                        });
                    }
                });
            }
            at += window.width;
        }
    }
    sums
}
