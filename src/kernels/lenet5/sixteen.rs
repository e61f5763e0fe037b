//! The forward pass of sixteen patterns at once: lanes are patterns.
//!
//! No lane is empty, and a number that is loaded serves sixteen patterns. Every sum is added in the order in which the kernels for one
//! pattern add it, so that the bits are theirs: the sixteen lanes of a sum there are sixteen sums here, added as `Lanes::sum` adds.

use super::output::Code;
use super::packed::{Block, PLACES, Packed, Place, ROWS, SLOTS};
use crate::batch::unit::{Unit, of_unit, to_unit};
use crate::fast::squash::squash;
use crate::maps::{Maps, PATTERNS};
use crate::simd::{LANES, Simd, SimdBase, f32x4, fma, parts, splat, transpose, unroll, vectors};

/// The states of sixteen patterns that more than one kernel needs.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub struct States {
    /// \[row\]\[column\]
    image: [[Unit; 32]; 32],
    /// \[map\]\[row\]\[column\]
    s2: [[[Unit; 14]; 14]; 6],
    /// \[5 row + column\]\[map\]
    s4: [[Unit; 16]; 25],
    /// The 120 units and zeros.
    c5: [[Unit; 16]; 8],
    /// The 84 units and zeros.
    f6: [[Unit; 16]; 6],
}

impl States {
    pub const ZERO: Self = Self {
        image: [[[0.0; 16]; 32]; 32],
        s2: [[[[0.0; 16]; 14]; 14]; 6],
        s4: [[[0.0; 16]; 16]; 25],
        c5: [[[0.0; 16]; 16]; 8],
        f6: [[[0.0; 16]; 16]; 6],
    };
}

/// Copies the images of up to sixteen patterns side by side; where there are fewer, the last one also takes the place of the others.
#[inline(always)]
pub fn read<S: Simd>(simd: S, images: &[Maps<f32>], states: &mut States) {
    let last = images.len() - 1;
    let images: [&[f32]; PATTERNS] = std::array::from_fn(|n| &*images[n.min(last)].values);
    for (block, units) in states.image.as_flattened_mut().as_chunks_mut::<4>().0.iter_mut().enumerate() {
        for n in [0, 4, 8, 12] {
            let rows = vectors!(I in [0 1 2 3] => f32x4::from_slice(simd, &images[n + I][4 * block..][..4]));
            let columns = transpose(rows);
            unroll!(I in [0 1 2 3] { columns[I].store_slice(&mut units[I][n..n + 4]); });
        }
    }
}

/// From the images to S2: four columns of two rows of a map of C1 together.
#[inline(always)]
pub fn c1s2<S: Simd>(simd: S, values: &Packed, states: &mut States) {
    for part in 0..parts::<S>() {
        for y in 0..14 {
            for map in 0..6 {
                let coefficient = splat(simd, values.s2_coefficient[map]);
                let bias = splat(simd, values.s2_bias[map]);
                for x in 0..7 {
                    let [upper, lower] = sums_of_c1(simd, values, map, &states.image[2 * y..], 4 * x, part);
                    unroll!(FIELD in [0 1] {
                        let upper = squash(simd, upper[2 * FIELD]) + squash(simd, upper[2 * FIELD + 1]);
                        let lower = squash(simd, lower[2 * FIELD]) + squash(simd, lower[2 * FIELD + 1]);
                        let s2 = squash(simd, fma::<S>(coefficient, upper + lower, bias));
                        to_unit::<S>(s2, &mut states.s2[map][y][2 * x + FIELD], part);
                    });
                }
            }
        }
    }
}

/// The sums of four columns, from `x` on, of the first two rows of a map.
#[inline(always)]
fn sums_of_c1<S: Simd>(
    simd: S,
    values: &Packed,
    map: usize,
    images: &[[Unit; 32]],
    x: usize,
    part: usize,
) -> [[S::f32s; 4]; 2] {
    let mut sums = [[splat(simd, values.c1_bias[map]); 4]; 2];
    let rows: &[[Unit; 32]; 6] = images.first_chunk().expect("six rows are left");
    for u in 0..5 {
        let w = vectors!(V in [0 1 2 3 4] => splat::<S>(simd, values.c1[map][5 * u + V]));
        unroll!(ROW in [0 1] {
            let inputs: &[Unit; 8] = rows[u + ROW][x..].first_chunk().expect("eight columns are left");
            unroll!(COLUMN in [0 1 2 3 4 5 6 7] {
                let input = of_unit(simd, &inputs[COLUMN], part);
                for v in 0..5 {
                    if COLUMN >= v && COLUMN - v < 4 {
                        sums[ROW][COLUMN - v] = fma::<S>(w[v], input, sums[ROW][COLUMN - v]);
                    }
                }
            });
        });
    }
    sums
}

/// From S4 to F6.
#[inline(always)]
pub fn c5f6<S: Simd>(simd: S, values: &Packed, states: &mut States) {
    for part in 0..parts::<S>() {
        dense(simd, &values.c5, &values.c5_bias, &states.s4, &mut states.c5, part);
        dense(simd, &values.f6, &values.f6_bias, &states.c5, &mut states.f6, part);
    }
}

/// The distances of F6 from each code.
#[inline(always)]
pub fn distances<S: Simd>(simd: S, scale: f32, codes: &[Code], states: &States, distances: &mut [Unit]) {
    for part in 0..parts::<S>() {
        for (distance, code) in distances.iter_mut().zip(codes) {
            let mut sums = [splat(simd, 0.0); LANES];
            for (x, code) in states.f6.iter().zip(code) {
                unroll!(LANE in [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15] {
                    let difference = of_unit::<S>(simd, &x[LANE], part) - splat(simd, code.0[LANE]);
                    sums[LANE] = fma::<S>(difference, difference, sums[LANE]);
                });
            }
            to_unit::<S>(splat::<S>(simd, scale) * added::<S>(&sums), distance, part);
        }
    }
}

/// The sum of sixteen, in the order of [`Lanes::sum`].
#[inline(always)]
fn added<S: Simd>(sums: &[S::f32s; LANES]) -> S::f32s {
    let four = vectors!(I in [0 1 2 3] => (sums[I] + sums[I + 8]) + (sums[I + 4] + sums[I + 12]));
    (four[0] + four[2]) + (four[1] + four[3])
}

/// From S2 to S4: a row of C3 together.
#[inline(always)]
pub fn c3s4<S: Simd>(simd: S, values: &Packed, states: &mut States) {
    for part in 0..parts::<S>() {
        c3s4_part(simd, values, states, part);
    }
}

#[inline(always)]
fn c3s4_part<S: Simd>(simd: S, values: &Packed, states: &mut States, part: usize) {
    let zeros = [splat(simd, 0.0); 10];
    for (map, places) in PLACES.chunk_by(|a, b| a.to == b.to).enumerate() {
        let (first, last) = places.split_at(SLOTS - 1);
        let bias = [splat(simd, values.c3_bias.0[map]); 10];
        let (coefficient, s4_bias) = (splat(simd, values.s4_coefficient.0[map]), splat(simd, values.s4_bias.0[map]));
        for y in 0..5 {
            let mut c3 = [[splat(simd, 0.0); 10]; 2];
            for (row, c3) in c3.iter_mut().enumerate() {
                let y = 2 * y + row;
                let mut sums = bias;
                for place in first {
                    sums = row_of_c3(simd, values, place, &states.s2, y, part, sums);
                }
                // The last slot is added apart, and the guests there as a pair.
                if let Some((own, guests)) = last.split_first() {
                    sums = plus::<S>(sums, row_of_c3(simd, values, own, &states.s2, y, part, zeros));
                    if let [one, other] = guests {
                        let one = row_of_c3(simd, values, one, &states.s2, y, part, zeros);
                        let other = row_of_c3(simd, values, other, &states.s2, y, part, zeros);
                        sums = plus::<S>(sums, plus::<S>(one, other));
                    }
                }
                for x in 0..10 {
                    c3[x] = squash(simd, sums[x]);
                }
            }
            for x in 0..5 {
                let field = (c3[0][2 * x] + c3[0][2 * x + 1]) + (c3[1][2 * x] + c3[1][2 * x + 1]);
                let s4 = squash(simd, fma::<S>(coefficient, field, s4_bias));
                to_unit::<S>(s4, &mut states.s4[5 * y + x][map], part);
            }
        }
    }
}

#[inline(always)]
fn plus<S: Simd>(mut sums: [S::f32s; 10], more: [S::f32s; 10]) -> [S::f32s; 10] {
    for x in 0..10 {
        sums[x] += more[x];
    }
    sums
}

/// Adds the products of a kernel to the sums of row `y` of C3.
#[inline(always)]
fn row_of_c3<S: Simd>(
    simd: S,
    values: &Packed,
    &Place { slot, lane, from, .. }: &Place,
    s2: &[[[Unit; 14]; 14]; 6],
    y: usize,
    part: usize,
    mut sums: [S::f32s; 10],
) -> [S::f32s; 10] {
    for u in 0..5 {
        let w = vectors!(V in [0 1 2 3 4] => splat::<S>(simd, values.c3[slot][u][V].0[lane]));
        let inputs = &s2[from][y + u];
        unroll!(X in [0 1 2 3 4 5 6 7 8 9 10 11 12 13] {
            let input = of_unit(simd, &inputs[X], part);
            for v in 0..5 {
                if X >= v && X - v < 10 {
                    sums[X - v] = fma::<S>(w[v], input, sums[X - v]);
                }
            }
        });
    }
    sums
}

/// The states of C5 or F6.
#[inline(always)]
fn dense<S: Simd, const K: usize>(
    simd: S,
    weights: &[Block<K>],
    biases: &[f32],
    input: &[[Unit; LANES]; K],
    states: &mut [[Unit; LANES]],
    part: usize,
) {
    let units = states.as_flattened_mut().as_chunks_mut::<ROWS>().0.iter_mut().zip(biases.as_chunks::<ROWS>().0);
    for (block, (units, biases)) in weights.iter().zip(units) {
        // As many units together as there are registers for.
        if parts::<S>() == 1 {
            rows::<S, K, 0, 6>(simd, block, biases, input, units, part);
        } else {
            rows::<S, K, 0, 3>(simd, block, biases, input, units, part);
            rows::<S, K, 3, 3>(simd, block, biases, input, units, part);
        }
    }
}

/// COUNT units of a block from FIRST on: a quarter of the lanes after the other.
#[inline(always)]
fn rows<S: Simd, const K: usize, const FIRST: usize, const COUNT: usize>(
    simd: S,
    block: &Block<K>,
    biases: &[f32; ROWS],
    input: &[[Unit; LANES]; K],
    units: &mut [Unit; ROWS],
    part: usize,
) {
    let zero = splat(simd, 0.0);
    let mut quarters = [[zero; COUNT]; 4];
    for (lane, quarter) in quarters.iter_mut().enumerate() {
        let mut sums = [[zero; 4]; COUNT];
        for (weights, input) in block.iter().zip(input) {
            let x = vectors!(I in [0 1 2 3] => of_unit::<S>(simd, &input[lane + 4 * I], part));
            unroll!(ROW in [0 1 2 3 4 5] {
                if ROW < COUNT {
                    unroll!(I in [0 1 2 3] {
                        let w = splat(simd, weights[FIRST + ROW].0[lane + 4 * I]);
                        sums[ROW][I] = fma::<S>(w, x[I], sums[ROW][I]);
                    });
                }
            });
        }
        unroll!(ROW in [0 1 2 3 4 5] {
            if ROW < COUNT {
                quarter[ROW] = (sums[ROW][0] + sums[ROW][2]) + (sums[ROW][1] + sums[ROW][3]);
            }
        });
    }
    for row in 0..COUNT {
        let sum = (quarters[0][row] + quarters[2][row]) + (quarters[1][row] + quarters[3][row]);
        to_unit::<S>(squash(simd, splat::<S>(simd, biases[FIRST + row]) + sum), &mut units[FIRST + row], part);
    }
}
