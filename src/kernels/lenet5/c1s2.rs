//! C1 and S2: lanes are columns.
//!
//! C1's 28 columns stand in two rows of sixteen lanes, the even ones and the odd ones (14 of 16 used), so that the 2x2 sums
//! of S2 are sums of vectors. The image comes as six vectors a row for it ([`split`]).

use super::packed::Packed;
use super::states::{Back, Image, States};
use crate::fast::squash::{derivative, squash};
use crate::simd::{Lanes, Simd, SimdBase, SimdFrom, f32x16, fma, load, parts, splat, store, unroll, vectors};

/// Splits the 32x32 pixels into the vectors that C1 multiplies: of each row the columns 2k + v, for v = 0 to 5, in lane k. (What
/// lies right of the image is zero. It only meets the lanes past C1's fourteenth, whose derivatives are zero.)
#[inline(always)]
pub fn split<S: Simd>(simd: S, pixels: &[f32], image: &mut Image) {
    let zero = f32x16::simd_from(simd, 0.0);
    for (row, vectors) in pixels.as_chunks::<32>().0.iter().zip(image) {
        let (left, right) = (f32x16::from_slice(simd, &row[..16]), f32x16::from_slice(simd, &row[16..]));
        let (even, odd) = left.deinterleave(right);
        let shifted =
            [even, odd, even.slide::<1>(zero), odd.slide::<1>(zero), even.slide::<2>(zero), odd.slide::<2>(zero)];
        for (vector, lanes) in shifted.iter().zip(vectors) {
            vector.store_slice(&mut lanes.0);
        }
    }
}

/// From the 32x32 pixels to the states of S2.
#[inline(always)]
pub fn forward<S: Simd>(simd: S, values: &Packed, pixels: &[f32], states: &mut States) {
    split(simd, pixels, &mut states.image);
    for y in 0..14 {
        for part in 0..parts::<S>() {
            // As many maps together as there are registers for the sums of.
            if parts::<S>() == 1 {
                for map in [0, 3] {
                    two_rows::<S, 3>(simd, values, states, map, y, part);
                }
            } else {
                for map in [0, 2, 4] {
                    two_rows::<S, 2>(simd, values, states, map, y, part);
                }
            }
        }
    }
}

/// Two rows of C1 and their row y of S2, for M maps.
#[inline(always)]
fn two_rows<S: Simd, const M: usize>(simd: S, values: &Packed, states: &mut States, map: usize, y: usize, part: usize) {
    let mut sums = [[splat(simd, 0.0); 4]; M];
    for m in 0..M {
        sums[m] = [splat(simd, values.c1_bias[map + m]); 4];
    }
    let weights: &[[f32; 25]; M] = values.c1[map..].first_chunk().expect("M maps are left");
    for u in 0..5 {
        let (upper, lower) = (&states.image[2 * y + u], &states.image[2 * y + u + 1]);
        unroll!(V in [0 1 2 3 4] {
            let even = [load(simd, &upper[V], part), load(simd, &lower[V], part)];
            let odd = [load(simd, &upper[V + 1], part), load(simd, &lower[V + 1], part)];
            for m in 0..M {
                let w = splat(simd, weights[m][5 * u + V]);
                sums[m][0] = fma::<S>(w, even[0], sums[m][0]);
                sums[m][1] = fma::<S>(w, odd[0], sums[m][1]);
                sums[m][2] = fma::<S>(w, even[1], sums[m][2]);
                sums[m][3] = fma::<S>(w, odd[1], sums[m][3]);
            }
        });
    }
    for m in 0..M {
        let x = vectors!(I in [0 1 2 3] => squash(simd, sums[m][I]));
        let [upper, lower] = &mut states.c1[map + m][y];
        store::<S>(x[0], &mut upper[0], part);
        store::<S>(x[1], &mut upper[1], part);
        store::<S>(x[2], &mut lower[0], part);
        store::<S>(x[3], &mut lower[1], part);
        let field = (x[0] + x[1]) + (x[2] + x[3]);
        store::<S>(field, &mut states.s2_fields[map + m][y], part);
        let (coefficient, bias) = (splat(simd, values.s2_coefficient[map + m]), splat(simd, values.s2_bias[map + m]));
        store::<S>(squash(simd, fma::<S>(coefficient, field, bias)), &mut states.s2[map + m][y], part);
    }
}

/// Moves the parameters of C1 and S2, given the derivatives with respect to the states of S2.
#[inline(always)]
pub fn learn<S: Simd>(simd: S, values: &mut Packed, steps: &Packed, states: &States, back: &mut Back) {
    for map in 0..6 {
        let mut sums = Sums::default();
        let mut taps = [Lanes::ZERO; 25];
        for part in 0..parts::<S>() {
            through_s2(simd, values.s2_coefficient[map], states, back, map, part, &mut sums);
            if parts::<S>() == 1 {
                kernel_rows::<S, 0, 5>(simd, &states.image, &back.c1, part, &mut taps);
            } else {
                kernel_rows::<S, 0, 2>(simd, &states.image, &back.c1, part, &mut taps);
                kernel_rows::<S, 2, 2>(simd, &states.image, &back.c1, part, &mut taps);
                kernel_rows::<S, 4, 1>(simd, &states.image, &back.c1, part, &mut taps);
            }
        }
        values.s2_coefficient[map] -= steps.s2_coefficient[map] * sums.s2_coefficient.sum(simd);
        values.s2_bias[map] -= steps.s2_bias[map] * sums.s2_bias.sum(simd);
        values.c1_bias[map] -= steps.c1_bias[map] * sums.c1_bias.sum(simd);
        for ((w, step), tap) in values.c1[map].iter_mut().zip(&steps.c1[map]).zip(&taps) {
            *w -= step * tap.sum(simd);
        }
    }
}

/// The derivatives with respect to a map's few parameters, before its lanes are added.
#[derive(Default)]
struct Sums {
    s2_coefficient: Lanes,
    s2_bias: Lanes,
    c1_bias: Lanes,
}

/// From dE/dx of S2 to dE/da of C1, for one map.
#[inline(always)]
fn through_s2<S: Simd>(
    simd: S,
    coefficient: f32,
    states: &States,
    back: &mut Back,
    map: usize,
    part: usize,
    sums: &mut Sums,
) {
    let zero = splat(simd, 0.0);
    let (mut s2_coefficient, mut s2_bias, mut c1_bias) = (zero, zero, zero);
    let coefficient = splat(simd, coefficient);
    for y in 0..14 {
        let slope = derivative(simd, load(simd, &states.s2[map][y], part));
        let da = slope * load(simd, &back.s2[map][y], part);
        s2_bias += da;
        s2_coefficient = fma::<S>(da, load(simd, &states.s2_fields[map][y], part), s2_coefficient);
        let dx = coefficient * da;
        for row in 0..2 {
            for parity in 0..2 {
                let da = derivative(simd, load(simd, &states.c1[map][y][row][parity], part)) * dx;
                c1_bias += da;
                store::<S>(da, &mut back.c1[2 * y + row][parity], part);
            }
        }
    }
    store::<S>(s2_coefficient, &mut sums.s2_coefficient, part);
    store::<S>(s2_bias, &mut sums.s2_bias, part);
    store::<S>(c1_bias, &mut sums.c1_bias, part);
}

/// The derivatives with respect to rows FIRST to FIRST + ROWS of a kernel: sum over y, x of da(y, x) * image(y + u, x + v).
#[inline(always)]
fn kernel_rows<S: Simd, const FIRST: usize, const ROWS: usize>(
    simd: S,
    image: &Image,
    derivative: &[[Lanes; 2]; 28],
    part: usize,
    taps: &mut [Lanes; 25],
) {
    let mut sums = [[splat(simd, 0.0); 5]; ROWS];
    for y in 0..28 {
        let (even, odd) = (load(simd, &derivative[y][0], part), load(simd, &derivative[y][1], part));
        for u in 0..ROWS {
            let row = &image[y + FIRST + u];
            let mut x = load(simd, &row[0], part);
            unroll!(V in [0 1 2 3 4] {
                sums[u][V] = fma::<S>(even, x, sums[u][V]);
                x = load(simd, &row[V + 1], part);
                sums[u][V] = fma::<S>(odd, x, sums[u][V]);
            });
        }
    }
    for u in 0..ROWS {
        for v in 0..5 {
            store::<S>(sums[u][v], &mut taps[5 * (FIRST + u) + v], part);
        }
    }
}
