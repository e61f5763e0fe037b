//! The squashing function x = f(a) = A tanh(S a) (eq. 6) as a rational function, and its derivative.
//!
//! f(a) = a P(a^2) / Q(a^2) with polynomials of degree 4, fitted to f itself on |a| <= 12 for the smallest relative error,
//! 6.5e-9 before rounding. Evaluated in `f32` it is within 3e-7 of f, relative, everywhere; sums past 12, where f is within
//! 2.3e-7 of its limit, are clamped. NaN stays NaN.

use super::elements;
use crate::plain::squash::{AMPLITUDE, SLOPE};
use crate::simd::{Select, Simd, SimdBase, fma, splat, vectors};

/// The magnitude at which sums are clamped.
const LIMIT: f32 = 12.0;
/// True where `min` and `max` of a number and NaN are NaN, if NaN stands last.
const MIN_AND_MAX_KEEP_NAN: bool = cfg!(any(target_arch = "x86", target_arch = "x86_64", target_arch = "aarch64"));
/// P, lowest power first; P(0) = f'(0).
const NUMERATOR: [f32; 5] = [1.1439333, 6.835399e-2, 8.070546e-4, 2.1988903e-6, 6.798387e-10];
/// Q, lowest power first.
const DENOMINATOR: [f32; 5] = [1.0, 2.079016e-1, 5.168314e-3, 2.9948786e-5, 3.3254594e-8];

#[inline(always)]
fn polynomial<S: Simd>(simd: S, coefficients: &[f32; 5], t: S::f32s) -> S::f32s {
    let [c0, c1, c2, c3, c4] = vectors!(I in [0 1 2 3 4] => splat::<S>(simd, coefficients[I]));
    fma::<S>(fma::<S>(fma::<S>(fma::<S>(c4, t, c3), t, c2), t, c1), t, c0)
}

/// f of each lane.
#[inline(always)]
pub(crate) fn squash<S: Simd>(simd: S, sums: S::f32s) -> S::f32s {
    let clamped = splat::<S>(simd, LIMIT).min(splat::<S>(simd, -LIMIT).max(sums));
    // With that order of operands, min and max return NaN for NaN on x86 and aarch64; elsewhere they may lose it.
    let a = if MIN_AND_MAX_KEEP_NAN { clamped } else { sums.simd_eq(sums).select(clamped, sums) };
    let t = a * a;
    a * polynomial(simd, &NUMERATOR, t) / polynomial(simd, &DENOMINATOR, t)
}

/// f'(a), computed from x = f(a): S (A - x^2 / A).
#[inline(always)]
pub(crate) fn derivative<S: Simd>(simd: S, states: S::f32s) -> S::f32s {
    let at_zero = splat::<S>(simd, (SLOPE * AMPLITUDE) as f32);
    fma::<S>(states * splat::<S>(simd, -(SLOPE / AMPLITUDE) as f32), states, at_zero)
}

/// Writes f'(a) dE/dx, or with `squared` f'(a)^2 d2E/dx^2, from x = f(a).
#[inline(always)]
pub fn input_derivative<S: Simd>(
    simd: S,
    squared: bool,
    states: &[f32],
    output_derivative: &[f32],
    input_derivative: &mut [f32],
) {
    elements::map2(
        simd,
        states,
        output_derivative,
        input_derivative,
        #[inline(always)]
        |x, dx| {
            let slope = derivative(simd, x);
            if squared { slope * slope * dx } else { slope * dx }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain;
    use crate::simd::{Level, at_level, load_at, store_at};

    fn each(level: Level, numbers: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let (mut states, mut slopes) = (vec![0.0; numbers.len()], vec![0.0; numbers.len()]);
        at_level!(level, simd => at(simd, numbers, &mut states, &mut slopes));
        (states, slopes)
    }

    #[inline(always)]
    fn at<S: Simd>(simd: S, numbers: &[f32], states: &mut [f32], slopes: &mut [f32]) {
        for start in (0..numbers.len()).step_by(S::f32s::LEN) {
            let x = squash(simd, load_at(simd, numbers, start));
            store_at::<S>(x, states, start);
            store_at::<S>(derivative(simd, x), slopes, start);
        }
    }

    #[test]
    fn within_3e_7_of_the_hyperbolic_tangent() {
        let dense = (0..1 << 20).map(|i| i as f32 * 2f32.powi(-16));
        let small = (0..4096).map(|i| 2f32.powi(-40) * 1.01f32.powi(i));
        let numbers: Vec<f32> = dense.chain(small).flat_map(|a| [a, -a]).collect();
        let mut worst = 0.0_f64;
        for level in Level::available() {
            let (states, slopes) = each(level, &numbers);
            for ((&a, &x), &slope) in numbers.iter().zip(&states).zip(&slopes) {
                let exact = AMPLITUDE * libm::tanh(SLOPE * f64::from(a));
                worst = worst.max((f64::from(x) - exact).abs() / exact.abs().max(f64::MIN_POSITIVE));
                assert!(worst <= 3e-7, "{level:?}: f({a}) = {exact}, got {x}");
                let plain: f64 = plain::squash::derivative(f64::from(x));
                assert!((f64::from(slope) - plain).abs() <= 2e-7, "{level:?}: f'({a}) = {plain}, got {slope}");
            }
        }
        println!("worst relative error {worst:.1e}");
    }

    #[test]
    fn what_is_not_finite() {
        let mut numbers = [0.0; 16];
        numbers[..4].copy_from_slice(&[f32::INFINITY, f32::NEG_INFINITY, f32::NAN, -f32::NAN]);
        for level in Level::available() {
            let (states, _) = each(level, &numbers);
            let limit = AMPLITUDE as f32;
            assert!((states[0] / limit - 1.0).abs() < 3e-7 && states[1] == -states[0], "{level:?}");
            assert!(states[2].is_nan() && states[3].is_nan(), "{level:?}");
        }
    }
}
