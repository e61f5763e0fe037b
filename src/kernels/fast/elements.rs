//! Loops over single numbers, the last few of which are lanes too.

use crate::kernels::simd::{LANES, Lanes, Simd, SimdBase, fma, load, load_at, parts, splat, store, store_at};

/// Writes f(x, y, z) over each z in `to`, with x of `xs` and y of `ys` in the same place.
#[inline(always)]
pub fn update2<S: Simd>(
    simd: S,
    xs: &[f32],
    ys: &[f32],
    to: &mut [f32],
    f: impl Fn(S::f32s, S::f32s, S::f32s) -> S::f32s,
) {
    let (count, width) = (to.len(), S::f32s::LEN);
    let (xs, ys, whole) = (&xs[..count], &ys[..count], count - count % width);
    for start in (0..whole).step_by(width) {
        let z = load_at(simd, to, start);
        store_at::<S>(f(load_at(simd, xs, start), load_at(simd, ys, start), z), to, start);
    }
    if whole < count {
        let (x, y, mut z) = (rest(&xs[whole..]), rest(&ys[whole..]), rest(&to[whole..]));
        store::<S>(f(load(simd, &x, 0), load(simd, &y, 0), load(simd, &z, 0)), &mut z, 0);
        for (to, &value) in to[whole..].iter_mut().zip(&z.0) {
            *to = value;
        }
    }
}

/// Writes f(z) over each z.
#[inline(always)]
pub fn update<S: Simd>(simd: S, to: &mut [f32], f: impl Fn(S::f32s) -> S::f32s) {
    let width = S::f32s::LEN;
    let mut chunks = to.chunks_exact_mut(width);
    for chunk in &mut chunks {
        store_at::<S>(f(load_at(simd, chunk, 0)), chunk, 0);
    }
    let last = chunks.into_remainder();
    let mut z = rest(last);
    store::<S>(f(load(simd, &z, 0)), &mut z, 0);
    for (to, &value) in last.iter_mut().zip(&z.0) {
        *to = value;
    }
}

/// Writes f(x, y).
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

/// Writes f(x).
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

/// Adds f(x).
#[inline(always)]
pub fn add<S: Simd>(simd: S, xs: &[f32], to: &mut [f32], f: impl Fn(S::f32s) -> S::f32s) {
    update2(
        simd,
        xs,
        xs,
        to,
        #[inline(always)]
        |x, _, z| z + f(x),
    );
}

/// Fewer numbers than there are lanes, then zeros.
#[inline(always)]
fn rest(numbers: &[f32]) -> Lanes {
    let mut lanes = Lanes::ZERO;
    for (lane, &number) in lanes.0.iter_mut().zip(numbers) {
        *lane = number;
    }
    lanes
}

/// Sixteen lanes of partial sums: `step(x, y, sum)` for each x and y, a row of sixteen after the other.
#[inline(always)]
fn sums<S: Simd>(simd: S, xs: &[f32], ys: &[f32], step: impl Fn(S::f32s, S::f32s, S::f32s) -> S::f32s) -> f32 {
    let ((xs, x_rest), (ys, y_rest)) = (xs.as_chunks::<LANES>(), ys.as_chunks::<LANES>());
    let (x_rest, y_rest) = (rest(x_rest), rest(y_rest));
    let mut sums = Lanes::ZERO;
    for part in 0..parts::<S>() {
        let at = part * S::f32s::LEN;
        let mut sum = splat::<S>(simd, 0.0);
        for (x, y) in xs.iter().zip(ys) {
            sum = step(load_at(simd, x, at), load_at(simd, y, at), sum);
        }
        sum = step(load(simd, &x_rest, part), load(simd, &y_rest, part), sum);
        store::<S>(sum, &mut sums, part);
    }
    sums.sum(simd)
}

/// Sum of x y.
#[inline(always)]
pub fn dot<S: Simd>(simd: S, xs: &[f32], ys: &[f32]) -> f32 {
    sums(
        simd,
        xs,
        ys,
        #[inline(always)]
        |x, y, sum| fma::<S>(x, y, sum),
    )
}

/// Sum of x.
#[inline(always)]
pub fn sum<S: Simd>(simd: S, xs: &[f32]) -> f32 {
    sums(
        simd,
        xs,
        xs,
        #[inline(always)]
        |x, _, sum| sum + x,
    )
}

/// Sum of (x - y)^2.
#[inline(always)]
pub fn squared_distance<S: Simd>(simd: S, xs: &[f32], ys: &[f32]) -> f32 {
    sums(
        simd,
        xs,
        ys,
        #[inline(always)]
        |x, y, sum| fma::<S>(x - y, x - y, sum),
    )
}
