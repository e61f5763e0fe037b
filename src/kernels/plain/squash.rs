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

/// Writes dE/da = f'(a) dE/dx to `input_derivative`, or with `squared` d2E/da^2 = f'(a)^2 d2E/dx^2, from x = f(a).
pub fn input_derivative<T: Scalar>(squared: bool, states: &[T], output_derivative: &[T], input_derivative: &mut [T]) {
    for (da, (&dx, &x)) in input_derivative.iter_mut().zip(output_derivative.iter().zip(states)) {
        let slope = derivative(x);
        *da = if squared { slope * slope } else { slope } * dx;
    }
}
