//! The squashing function as a layer.

use super::{Derivatives, Layer, ShapeError};
use crate::kernels::plain::squash as kernel;
use crate::maps::{Maps, Shape};
use crate::scalar::Scalar;

/// x = f(a) = 1.7159 tanh(2a/3), unit by unit (eq. 6, Appendix A). It has no parameters, and the paper counts it as part of
/// the layer that computes the weighted sums.
#[derive(Debug, Clone)]
pub struct Squash;

impl Squash {
    /// dE/da = factor(f'(a)) * dE/dx
    fn derivatives<T: Scalar>(pass: Derivatives<'_, T>, factor: impl Fn(T) -> T) {
        let Some(to) = pass.input_derivative else { return };
        let derivatives = pass.output_derivative.values.iter().zip(&pass.output.values);
        for (da, (&dx, &x)) in to.values.iter_mut().zip(derivatives) {
            *da = factor(kernel::derivative(x)) * dx;
        }
    }
}

impl<T: Scalar> Layer<T> for Squash {
    fn name(&self) -> &str {
        ""
    }

    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        Ok(input)
    }

    fn connections(&self, _input: Shape) -> usize {
        0
    }

    fn forward(&self, _values: &[T], input: &Maps<T>, output: &mut Maps<T>) {
        kernel::forward(&input.values, &mut output.values);
    }

    fn gradient(&self, _values: &[T], pass: Derivatives<'_, T>) {
        Self::derivatives(pass, |slope| slope);
    }

    /// d2E/da^2 = f'(a)^2 * d2E/dx^2 (eq. 26; the Gauss-Newton approximation leaves out the term with f'').
    fn curvature(&self, _values: &[T], pass: Derivatives<'_, T>) {
        Self::derivatives(pass, |slope| slope * slope);
    }
}
