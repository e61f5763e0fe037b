//! Weighted sums: a(i, y, x) = b(i) + sum over j, u, v of w(i, j, u, v) x(j, y + u, x + v), in this order.
//!
//! M maps by X columns of a row are worked on together. Each weight is used X times and each input M times, so that there are
//! fewer loads than products. Where maps or columns are left over, the last blocks overlap: the same sums a second time.

use super::unit::{Unit, of_unit, registers, starts, to_unit};
use crate::maps::Shape;
use crate::simd::{Simd, fma, parts, splat, unroll};

/// The products of a sum: for each row of a kernel in each input map, `width` weights times inputs that stand side by side.
pub struct Field {
    /// Input maps.
    pub maps: usize,
    /// Rows of a kernel.
    pub height: usize,
    /// Columns of a kernel.
    pub width: usize,
}

/// The operands of the blocks.
pub struct Source<'a> {
    /// A row of weights for each output map, each the whole of a field.
    pub weights: &'a [f32],
    /// One for each output map.
    pub biases: &'a [f32],
    /// The field of a unit.
    pub field: Field,
    /// The input's units.
    pub input: &'a [Unit],
    /// The input's shape.
    pub from: Shape,
}

/// About how many cycles a block of M x X takes for each weight of a map, times the number of blocks: products or loads, and no
/// sum is ready sooner than after four cycles.
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
    ($simd:expr, $source:expr, $output:expr, $to:expr, $(($m:literal, $x:literal))*) => {
        let best = [$(cost($to, $m, $x)),*].into_iter().min().expect("one at least");
        $(if best == cost($to, $m, $x) {
            return blocks::<S, $m, $x>($simd, $source, $output, $to);
        })*
    };
}

/// Writes a.
#[inline(always)]
pub fn forward<S: Simd>(simd: S, source: &Source, output: &mut [Unit], to: Shape) {
    if const { registers::<S>() == 32 } {
        cheapest!(simd, source, output, to, (4, 5)(3, 7)(12, 1)(8, 1)(4, 2)(1, 4)(1, 1));
    } else if const { registers::<S>() == 16 } {
        cheapest!(simd, source, output, to, (2, 5)(2, 6)(8, 1)(4, 2)(1, 4)(1, 1));
    } else {
        cheapest!(simd, source, output, to, (1, 2)(1, 1));
    }
}

#[inline(always)]
fn blocks<S: Simd, const M: usize, const X: usize>(simd: S, source: &Source, output: &mut [Unit], to: Shape) {
    for part in 0..parts::<S>() {
        for y in 0..to.height {
            for x in starts(to.width, X) {
                for map in starts(to.maps, M) {
                    let sums = block::<S, M, X>(simd, source, map, (y, x), part);
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
    source: &Source,
    map: usize,
    (y, x): (usize, usize),
    part: usize,
) -> [[S::f32s; X]; M] {
    let Source { field, from, .. } = source;
    let length = field.maps * field.height * field.width;
    let mut sums = [[splat::<S>(simd, 0.0); X]; M];
    unroll!(MAP in [0 1 2 3 4 5 6 7 8 9 10 11] {
        if MAP < M {
            sums[MAP] = [splat::<S>(simd, source.biases[map + MAP]); X];
        }
    });
    let mut at = map * length;
    for j in 0..field.maps {
        for u in 0..field.height {
            let inputs = &source.input[(j * from.height + y + u) * from.width + x..][..field.width + X - 1];
            let mut weights: [&[f32]; M] = [&[]; M];
            unroll!(MAP in [0 1 2 3 4 5 6 7 8 9 10 11] {
                if MAP < M {
                    weights[MAP] = &source.weights[at + MAP * length..][..field.width];
                }
            });
            for v in 0..field.width {
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
            at += field.width;
        }
    }
    sums
}
