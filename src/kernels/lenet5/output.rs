//! C5, F6 and the radial basis functions on one position: lanes are inputs.

use super::dense;
use super::packed::Packed;
use super::states::{Back, States};
use crate::fast::squash::{derivative, squash};
use crate::simd::{LANES, Lanes, Simd, SimdBase, fma, load, load_at, parts, splat, store, store_at};

/// A code of the radial basis functions: 84 components and zeros.
pub type Code = [Lanes; 6];

/// From the states of S4 to those of F6.
#[inline(always)]
pub fn forward<S: Simd>(simd: S, values: &Packed, states: &mut States) {
    let mut sums = [0.0; 128];
    dense::forward(simd, &values.c5, &values.c5_bias, &states.s4, &mut sums[..120]);
    squash_units(simd, &sums, &mut states.c5);
    let mut sums = [0.0; 96];
    dense::forward(simd, &values.f6, &values.f6_bias, &states.c5, &mut sums[..84]);
    squash_units(simd, &sums, &mut states.f6);
}

/// f of each unit. Where there is no unit the sum is 0, and so is the state.
#[inline(always)]
fn squash_units<S: Simd>(simd: S, sums: &[f32], states: &mut [Lanes]) {
    for (sums, states) in sums.chunks_exact(LANES).zip(states) {
        for part in 0..parts::<S>() {
            store::<S>(squash(simd, load_at(simd, sums, part * S::f32s::LEN)), states, part);
        }
    }
}

/// The distances s * sum over j of (x_j - w_ij)^2 of F6 from each code (eq. 7).
#[inline(always)]
pub fn distances<S: Simd>(simd: S, scale: f32, codes: &[Code], f6: &Code, distances: &mut [f32]) {
    for (distance, code) in distances.iter_mut().zip(codes) {
        let mut sums = Lanes::ZERO;
        for part in 0..parts::<S>() {
            let mut sum = splat(simd, 0.0);
            for (x, w) in f6.iter().zip(code) {
                let difference = load::<S>(simd, x, part) - load(simd, w, part);
                sum = fma::<S>(difference, difference, sum);
            }
            store::<S>(sum, &mut sums, part);
        }
        *distance = scale * sums.sum(simd);
    }
}

/// dE/dx of F6, the sum over i of dy_i 2 s (x_j - w_ij), given dy_i = dE/dy_i.
#[inline(always)]
pub fn distances_back<S: Simd>(simd: S, scale: f32, codes: &[Code], f6: &Code, dy: &[f32], to: &mut Code) {
    for ((column, x), to) in f6.iter().enumerate().zip(to) {
        for part in 0..parts::<S>() {
            let x = load(simd, x, part);
            let mut sum = splat(simd, 0.0);
            for (code, dy) in codes.iter().zip(dy) {
                sum = fma::<S>(splat(simd, 2.0 * scale * dy), x - load(simd, &code[column], part), sum);
            }
            store::<S>(sum, to, part);
        }
    }
}

/// Moves the parameters of F6 and C5 and writes the derivatives with respect to the states of S4, given those with respect to
/// the states of F6.
#[inline(always)]
pub fn learn<S: Simd>(simd: S, values: &mut Packed, steps: &Packed, states: &States, back: &mut Back) {
    let mut da = [0.0; 96];
    through_squash(simd, &states.f6, &back.f6, &mut da);
    let f6 = dense::Back {
        weights: &mut values.f6,
        steps: &steps.f6,
        biases: &mut values.f6_bias,
        bias_steps: &steps.f6_bias,
        input: &states.c5,
        derivative: &da[..84],
    };
    f6.learn(simd, &mut back.c5);
    let mut da = [0.0; 128];
    through_squash(simd, &states.c5, &back.c5, &mut da);
    let c5 = dense::Back {
        weights: &mut values.c5,
        steps: &steps.c5,
        biases: &mut values.c5_bias,
        bias_steps: &steps.c5_bias,
        input: &states.s4,
        derivative: &da[..120],
    };
    c5.learn(simd, &mut back.s4);
}

/// dE/da = f'(a) dE/dx
#[inline(always)]
fn through_squash<S: Simd>(simd: S, states: &[Lanes], derivatives: &[Lanes], to: &mut [f32]) {
    for ((x, dx), to) in states.iter().zip(derivatives).zip(to.chunks_exact_mut(LANES)) {
        for part in 0..parts::<S>() {
            let da = derivative(simd, load(simd, x, part)) * load(simd, dx, part);
            store_at::<S>(da, to, part * S::f32s::LEN);
        }
    }
}
