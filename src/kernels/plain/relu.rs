//! The rectifier: x = max(a, 0).

use crate::scalar::Scalar;

/// Writes max(a, 0) to `states`; NaN becomes 0.
#[inline(always)]
pub fn forward<T: Scalar>(sums: &[T], states: &mut [T]) {
    for (x, &a) in states.iter_mut().zip(sums) {
        *x = if a > T::zero() { a } else { T::zero() };
    }
}

/// Writes f'(a) times the derivative with respect to x to `input_derivative`, from x: f'(a) = 1 where x > 0, 0 elsewhere. It is
/// its own square, so that this is the curvature pass too.
#[inline(always)]
pub fn input_derivative<T: Scalar>(states: &[T], output_derivative: &[T], input_derivative: &mut [T]) {
    for (da, (&dx, &x)) in input_derivative.iter_mut().zip(output_derivative.iter().zip(states)) {
        *da = if x > T::zero() { dx } else { T::zero() };
    }
}
