//! The squashing function (section II-B, eq. 6; Appendix A): x = f(a) = A tanh(S a).

use crate::scalar::Scalar;

/// A, the amplitude (Appendix A: with S = 2/3 it makes f(1) = 1 and f(-1) = -1).
pub const AMPLITUDE: f64 = 1.7159;
/// S, the slope at the origin over A (Appendix A).
pub const SLOPE: f64 = 2.0 / 3.0;

/// Writes x = f(a) to `states`.
pub fn forward<T: Scalar>(sums: &[T], states: &mut [T]) {
    let (amplitude, slope) = (T::of(AMPLITUDE), T::of(SLOPE));
    for (x, &a) in states.iter_mut().zip(sums) {
        *x = amplitude * (slope * a).portable_tanh();
    }
}

/// f'(a), computed from x = f(a): A S (1 - tanh^2(S a)) = S (A - x^2 / A)
#[inline]
pub fn derivative<T: Scalar>(state: T) -> T {
    let (slope_over_amplitude, amplitude_slope) = (T::of(SLOPE / AMPLITUDE), T::of(SLOPE * AMPLITUDE));
    amplitude_slope - slope_over_amplitude * (state * state)
}
