//! Euclidean radial basis functions (eq. 7): y_i = s * (sum over j of (x_j - w_ij)^2), with s = 1 as printed, or 1/2.
//!
//! `codes` hold w, one row of `input.len()` an output.

use crate::scalar::Scalar;

/// Writes y_i to `output`.
pub fn forward<T: Scalar>(scale: T, codes: &[T], input: &[T], output: &mut [T]) {
    for (y, code) in output.iter_mut().zip(codes.chunks_exact(input.len())) {
        let mut sum = T::zero();
        for (&x, &w) in input.iter().zip(code) {
            sum += (x - w) * (x - w);
        }
        *y = scale * sum;
    }
}

/// Writes to `input_derivative`: dx_j = sum over i of dy_i * 2 s (x_j - w_ij).
pub fn gradient<T: Scalar>(scale: T, codes: &[T], input: &[T], output_gradient: &[T], input_gradient: &mut [T]) {
    input_gradient.fill(T::zero());
    for (&dy, code) in output_gradient.iter().zip(codes.chunks_exact(input.len())) {
        let factor = (scale + scale) * dy;
        for (dx, (&x, &w)) in input_gradient.iter_mut().zip(input.iter().zip(code)) {
            *dx += factor * (x - w);
        }
    }
}
