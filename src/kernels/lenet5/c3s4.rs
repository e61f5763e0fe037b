//! C3 and S4: lanes are maps.
//!
//! The sixty kernels of C3 are packed into four slots of sixteen lanes ([`PLACES`]), 60 of 64 used: a product of vectors is
//! a tap of sixteen kernels at one position. No lanes are added, but for map 15, which has a lane and two guests elsewhere.

use super::packed::{PLACES, Packed, Place, SLOTS};
use super::spread::spread;
use super::states::{Back, States};
use crate::fast::squash::{derivative, squash};
use crate::simd::{Lanes, Simd, SimdBase, f32x4, fma, load, load_at, parts, splat, store, transpose, unroll, vectors};

/// The lanes of the last slot that hold kernels of their own map.
const OWN: Lanes = {
    let mut lanes = Lanes([1.0; 16]);
    let mut lane = 0;
    while lane < 6 {
        lanes.0[lane] = 0.0;
        lane += 1;
    }
    lanes
};
/// The lane of the map whose last two kernels are lanes 0 and 1 of the last slot.
const HOST: Lanes = {
    let mut lanes = Lanes::ZERO;
    lanes.0[15] = 1.0;
    lanes
};

/// From the states of S2 to those of S4.
#[inline(always)]
pub fn forward<S: Simd>(simd: S, values: &Packed, states: &mut States) {
    spread(simd, &states.s2, &mut states.spread);
    for y in 0..10 {
        let mut last = [Lanes::ZERO; 10];
        for part in 0..parts::<S>() {
            let sums = row::<S, 3, 4>(simd, values, states, y, part, splat(simd, 0.0));
            unroll!(X in [0 1 2 3 4 5 6 7 8 9] { store::<S>(sums[X], &mut last[X], part); });
        }
        for part in 0..parts::<S>() {
            let sums = row::<S, 0, 3>(simd, values, states, y, part, load(simd, &values.c3_bias, part));
            let (own, host) = (load(simd, &OWN, part), load(simd, &HOST, part));
            unroll!(X in [0 1 2 3 4 5 6 7 8 9] {
                let sum = fma::<S>(own, load(simd, &last[X], part), sums[X]);
                let guests = splat::<S>(simd, last[X].0[0] + last[X].0[1]);
                store::<S>(squash(simd, fma::<S>(host, guests, sum)), &mut states.c3[y][X], part);
            });
        }
    }
    for part in 0..parts::<S>() {
        let (coefficient, bias) = (load(simd, &values.s4_coefficient, part), load(simd, &values.s4_bias, part));
        for y in 0..5 {
            for x in 0..5 {
                let at = |v: usize, u: usize| load(simd, &states.c3[2 * y + u][2 * x + v], part);
                let field = (at(0, 0) + at(1, 0)) + (at(0, 1) + at(1, 1));
                store::<S>(field, &mut states.s4_fields[5 * y + x], part);
                store::<S>(squash(simd, fma::<S>(coefficient, field, bias)), &mut states.s4[5 * y + x], part);
            }
        }
    }
}

/// The sums of row y over slots FROM to TO, one for each of its ten positions.
#[inline(always)]
fn row<S: Simd, const FROM: usize, const TO: usize>(
    simd: S,
    values: &Packed,
    states: &States,
    y: usize,
    part: usize,
    start: S::f32s,
) -> [S::f32s; 10] {
    let mut sums = [start; 10];
    for slot in FROM..TO {
        for u in 0..5 {
            let weights = &values.c3[slot][u];
            let w = vectors!(V in [0 1 2 3 4] => load(simd, &weights[V], part));
            let row = &states.spread[y + u][slot];
            unroll!(X in [0 1 2 3 4 5 6 7 8 9 10 11 12 13] {
                let x = load(simd, &row[X], part);
                for v in 0..5 {
                    if X >= v && X - v < 10 {
                        sums[X - v] = fma::<S>(w[v], x, sums[X - v]);
                    }
                }
            });
        }
    }
    sums
}

/// Moves the parameters of C3 and S4 and writes the derivatives with respect to the states of S2, given those with respect to
/// the states of S4.
#[inline(always)]
pub fn learn<S: Simd>(simd: S, values: &mut Packed, steps: &Packed, states: &States, back: &mut Back) {
    through_s4(simd, values, steps, states, back);
    by_maps(simd, back);
    s2_back(simd, values, back);
    for slot in 0..SLOTS {
        let derivative = if slot + 1 < SLOTS { &back.c3 } else { &back.c3_last };
        for part in 0..parts::<S>() {
            if parts::<S>() == 1 {
                kernel_rows::<S, 0, 3>(simd, values, steps, states, derivative, slot, part);
                kernel_rows::<S, 3, 2>(simd, values, steps, states, derivative, slot, part);
            } else {
                kernel_rows::<S, 0, 2>(simd, values, steps, states, derivative, slot, part);
                kernel_rows::<S, 2, 2>(simd, values, steps, states, derivative, slot, part);
                kernel_rows::<S, 4, 1>(simd, values, steps, states, derivative, slot, part);
            }
        }
    }
}

/// From dE/dx of S4 to dE/da of C3; moves S4's parameters and C3's biases.
#[inline(always)]
pub fn through_s4<S: Simd>(simd: S, values: &mut Packed, steps: &Packed, states: &States, back: &mut Back) {
    for part in 0..parts::<S>() {
        let zero = splat(simd, 0.0);
        let (mut s4_coefficient, mut s4_bias, mut c3_bias) = (zero, zero, zero);
        let coefficient = load(simd, &values.s4_coefficient, part);
        for y in 0..5 {
            for x in 0..5 {
                let position = 5 * y + x;
                let slope = derivative(simd, load(simd, &states.s4[position], part));
                let da = slope * load(simd, &back.s4[position], part);
                s4_bias += da;
                s4_coefficient = fma::<S>(da, load(simd, &states.s4_fields[position], part), s4_coefficient);
                let dx = coefficient * da;
                for (y, x) in [(2 * y, 2 * x), (2 * y, 2 * x + 1), (2 * y + 1, 2 * x), (2 * y + 1, 2 * x + 1)] {
                    let da = derivative(simd, load(simd, &states.c3[y][x], part)) * dx;
                    c3_bias += da;
                    store::<S>(da, &mut back.c3[y][x], part);
                }
            }
        }
        let moved = |value: &mut Lanes, step: &Lanes, gradient: S::f32s| {
            let to = fma::<S>(-load(simd, step, part), gradient, load(simd, value, part));
            store::<S>(to, value, part);
        };
        moved(&mut values.s4_coefficient, &steps.s4_coefficient, s4_coefficient);
        moved(&mut values.s4_bias, &steps.s4_bias, s4_bias);
        moved(&mut values.c3_bias, &steps.c3_bias, c3_bias);
    }
}

/// dE/da of C3 in the two other orders that are read.
#[inline(always)]
fn by_maps<S: Simd>(simd: S, back: &mut Back) {
    for y in 0..10 {
        // Blocks of 4x4, the last one over again in part: ten columns.
        for x in [0, 4, 6] {
            for map in [0, 4, 8, 12] {
                let four = |x: usize| f32x4::from_slice(simd, &back.c3[y][x].0[map..map + 4]);
                let rows = transpose([four(x), four(x + 1), four(x + 2), four(x + 3)]);
                unroll!(MAP in [0 1 2 3] {
                    rows[MAP].store_slice(&mut back.c3_rows[map + MAP][y].0[4 + x..8 + x]);
                });
            }
        }
        for x in 0..10 {
            let last = &mut back.c3_last[y][x];
            *last = back.c3[y][x];
            last.0[0] = last.0[15];
            last.0[1] = last.0[15];
        }
    }
}

/// For each map of S2, where its ten kernels stand.
const READERS: [[Place; 10]; 6] = {
    let mut readers = [[PLACES[0]; 10]; 6];
    let mut used = [0; 6];
    let mut pair = 0;
    while pair < PLACES.len() {
        let place = PLACES[pair];
        readers[place.from][used[place.from]] = place;
        used[place.from] += 1;
        pair += 1;
    }
    readers
};

/// dE/dx of S2. Lanes are columns.
///
/// A row takes up to five products of a kernel's column v, one after the other (those at the edges take fewer). As many sums
/// must be under way that none waits for its last product, and no more than there are registers for.
#[inline(always)]
fn s2_back<S: Simd>(simd: S, values: &Packed, back: &mut Back) {
    for map in 0..6 {
        if parts::<S>() == 1 {
            s2_rows::<S, 0b11_1111_1111_1111, 14, 1>(simd, values, back, map, 0);
        } else {
            for part in (0..parts::<S>()).step_by(2) {
                s2_rows::<S, 0b11_1000_0000_0111, 6, 2>(simd, values, back, map, part);
                s2_rows::<S, 0b00_0000_0111_1000, 4, 2>(simd, values, back, map, part);
                s2_rows::<S, 0b00_0111_1000_0000, 4, 2>(simd, values, back, map, part);
            }
        }
    }
}

/// The ROWS rows of a map that are set in SET, PARTS parts of them.
#[inline(always)]
fn s2_rows<S: Simd, const SET: usize, const ROWS: usize, const PARTS: usize>(
    simd: S,
    values: &Packed,
    back: &mut Back,
    map: usize,
    part: usize,
) {
    const fn place(set: usize, row: usize) -> usize {
        (set & ((1 << row) - 1)).count_ones() as usize
    }
    let mut sums = [[splat(simd, 0.0); PARTS]; ROWS];
    for Place { slot, lane, to, .. } in READERS[map] {
        let (kernel, rows) = (&values.c3[slot], &back.c3_rows[to]);
        for v in 0..5 {
            let w = vectors!(U in [0 1 2 3 4] => splat::<S>(simd, kernel[U][v].0[lane]));
            unroll!(Y in [0 1 2 3 4 5 6 7 8 9] {
                if SET >> Y & 0b1_1111 != 0 {
                    for p in 0..PARTS {
                        let da = load_at(simd, &rows[Y].0, 4 - v + (part + p) * S::f32s::LEN);
                        for u in 0..5 {
                            if SET >> (Y + u) & 1 == 1 {
                                let sum = &mut sums[place(SET, Y + u)][p];
                                *sum = fma::<S>(w[u], da, *sum);
                            }
                        }
                    }
                }
            });
        }
    }
    unroll!(Y in [0 1 2 3 4 5 6 7 8 9 10 11 12 13] {
        if SET >> Y & 1 == 1 {
            for p in 0..PARTS {
                store::<S>(sums[place(SET, Y)][p], &mut back.s2[map][Y], part + p);
            }
        }
    });
}

/// Moves rows FIRST to FIRST + ROWS of the kernels in a slot by their derivatives, the sums over all positions of
/// da(y, x) * x(y + u, x + v).
#[inline(always)]
fn kernel_rows<S: Simd, const FIRST: usize, const ROWS: usize>(
    simd: S,
    values: &mut Packed,
    steps: &Packed,
    states: &States,
    derivative: &[[Lanes; 10]; 10],
    slot: usize,
    part: usize,
) {
    let mut sums = [[splat(simd, 0.0); 5]; ROWS];
    for y in 0..10 {
        for half in [0, 5] {
            let da = vectors!(X in [0 1 2 3 4] => load(simd, &derivative[y][half + X], part));
            for u in 0..ROWS {
                let row = &states.spread[y + FIRST + u][slot];
                unroll!(X in [0 1 2 3 4 5 6 7 8] {
                    let x = load(simd, &row[half + X], part);
                    for v in 0..5 {
                        if X >= v && X - v < 5 {
                            sums[u][v] = fma::<S>(da[X - v], x, sums[u][v]);
                        }
                    }
                });
            }
        }
    }
    for u in 0..ROWS {
        for v in 0..5 {
            let weight = &mut values.c3[slot][FIRST + u][v];
            let step = load(simd, &steps.c3[slot][FIRST + u][v], part);
            store::<S>(fma::<S>(-step, sums[u][v], load(simd, weight, part)), weight, part);
        }
    }
}
