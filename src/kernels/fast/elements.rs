//! Loops over arrays of any length, in whole vectors up to the last elements.

use crate::simd::{
    COUNT, LANES, Lanes, Select, Simd, SimdBase, fma, load, load_at, parts, splat, store, store_at, unroll,
};

/// Replaces each z in `to` by f(x, y, z), with the x and y of the same index.
///
/// The last vector overlaps the one before; it is computed from the original values, so that the overlap has the same results.
#[inline(always)]
pub fn update2<S: Simd>(
    simd: S,
    xs: &[f32],
    ys: &[f32],
    to: &mut [f32],
    f: impl Fn(S::f32s, S::f32s, S::f32s) -> S::f32s,
) {
    let (count, width) = (to.len(), S::f32s::LEN);
    let (xs, ys) = (&xs[..count], &ys[..count]);
    if count < width {
        let (x, y, mut z) = (short(xs), short(ys), short(to));
        store::<S>(f(load(simd, &x, 0), load(simd, &y, 0), load(simd, &z, 0)), &mut z, 0);
        for (to, &value) in to.iter_mut().zip(&z.0) {
            *to = value;
        }
        return;
    }
    let end = count - width;
    let last = f(load_at(simd, xs, end), load_at(simd, ys, end), load_at(simd, to, end));
    for start in (0..end).step_by(width) {
        let z = load_at(simd, to, start);
        store_at::<S>(f(load_at(simd, xs, start), load_at(simd, ys, start), z), to, start);
    }
    store_at::<S>(last, to, end);
}

/// Replaces each z in `to` by f(z).
#[inline(always)]
pub fn update<S: Simd>(simd: S, to: &mut [f32], f: impl Fn(S::f32s) -> S::f32s) {
    let (count, width) = (to.len(), S::f32s::LEN);
    if count < width {
        let mut z = short(to);
        store::<S>(f(load(simd, &z, 0)), &mut z, 0);
        for (to, &value) in to.iter_mut().zip(&z.0) {
            *to = value;
        }
        return;
    }
    let end = count - width;
    let last = f(load_at(simd, to, end));
    for start in (0..end).step_by(width) {
        store_at::<S>(f(load_at(simd, to, start)), to, start);
    }
    store_at::<S>(last, to, end);
}

/// Writes f(x, y) to `to`.
#[inline(always)]
pub fn map2<S: Simd>(simd: S, xs: &[f32], ys: &[f32], to: &mut [f32], f: impl Fn(S::f32s, S::f32s) -> S::f32s) {
    update2(
        simd,
        xs,
        ys,
        to,
        #[inline(always)]
        |x, y, _| f(x, y),
    );
}

/// Writes f(x) to `to`.
#[inline(always)]
pub fn map<S: Simd>(simd: S, xs: &[f32], to: &mut [f32], f: impl Fn(S::f32s) -> S::f32s) {
    update2(
        simd,
        xs,
        xs,
        to,
        #[inline(always)]
        |x, _, _| f(x),
    );
}

/// Adds each x to its element of `to`.
#[inline(always)]
pub fn add<S: Simd>(simd: S, xs: &[f32], to: &mut [f32]) {
    update2(
        simd,
        xs,
        xs,
        to,
        #[inline(always)]
        |x, _, z| z + x,
    );
}

/// Fewer numbers than there are lanes, filled up with zeros.
#[inline(always)]
fn short(numbers: &[f32]) -> Lanes {
    let mut lanes = Lanes::ZERO;
    for (lane, &number) in lanes.0.iter_mut().zip(numbers) {
        *lane = number;
    }
    lanes
}

/// Sums over R rows of y, each in sixteen lanes: `step(x, y, sum)` for each x and y, sixteen after sixteen.
#[inline(always)]
fn sums<S: Simd, const R: usize>(
    simd: S,
    xs: &[f32],
    ys: [&[f32]; R],
    step: impl Fn(S::f32s, S::f32s, S::f32s) -> S::f32s,
) -> [f32; R] {
    if xs.len() < LANES {
        let (x, ys) = (short(xs), ys.map(short));
        return sums_of_sixteens(simd, &x.0, ys.each_ref().map(|y| &y.0[..]), step);
    }
    sums_of_sixteens(simd, xs, ys, step)
}

/// [`sums`] of at least sixteen: the last sixteen overlap those before, in lanes whose x and y are zero then.
#[inline(always)]
fn sums_of_sixteens<S: Simd, const R: usize>(
    simd: S,
    xs: &[f32],
    ys: [&[f32]; R],
    step: impl Fn(S::f32s, S::f32s, S::f32s) -> S::f32s,
) -> [f32; R] {
    let (width, end, zero) = (S::f32s::LEN, xs.len() - LANES, splat::<S>(simd, 0.0));
    let overlap = splat::<S>(simd, (xs.len().next_multiple_of(LANES) - xs.len()) as f32);
    let (mut sums, mut lanes, mut totals) = ([[zero; LANES / 4]; R], [Lanes::ZERO; R], [0.0; R]);
    for start in (0..end).step_by(LANES) {
        unroll!(PART in [0 1 2 3] {
            if PART < parts::<S>() {
                let x = load_at(simd, xs, start + PART * width);
                unroll!(ROW in [0 1 2 3] {
                    if ROW < R {
                        let y = load_at(simd, ys[ROW], start + PART * width);
                        sums[ROW][PART] = step(x, y, sums[ROW][PART]);
                    }
                });
            }
        });
    }
    unroll!(PART in [0 1 2 3] {
        if PART < parts::<S>() {
            let fresh = load::<S>(simd, &COUNT, PART).simd_ge(overlap);
            let x = fresh.select(load_at(simd, xs, end + PART * width), zero);
            unroll!(ROW in [0 1 2 3] {
                if ROW < R {
                    let y = fresh.select(load_at(simd, ys[ROW], end + PART * width), zero);
                    store::<S>(step(x, y, sums[ROW][PART]), &mut lanes[ROW], PART);
                }
            });
        }
    });
    unroll!(ROW in [0 1 2 3] {
        if ROW < R {
            totals[ROW] = lanes[ROW].sum(simd);
        }
    });
    totals
}

/// The sum of x y, for each of R rows of y.
#[inline(always)]
pub fn dots<S: Simd, const R: usize>(simd: S, xs: &[f32], ys: [&[f32]; R]) -> [f32; R] {
    sums(
        simd,
        xs,
        ys,
        #[inline(always)]
        |x, y, sum| fma::<S>(x, y, sum),
    )
}

/// The sum of x.
#[inline(always)]
pub fn sum<S: Simd>(simd: S, xs: &[f32]) -> f32 {
    let [sum] = sums(
        simd,
        xs,
        [xs],
        #[inline(always)]
        |x, _, sum| sum + x,
    );
    sum
}

/// The sum of (x - y)^2.
#[inline(always)]
pub fn squared_distance<S: Simd>(simd: S, xs: &[f32], ys: &[f32]) -> f32 {
    let [sum] = sums(
        simd,
        xs,
        [ys],
        #[inline(always)]
        |x, y, sum| fma::<S>(x - y, x - y, sum),
    );
    sum
}
