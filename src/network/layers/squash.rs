//! The squashing function as a layer.

use super::{Context, Derivatives, Layer, Operation};
use crate::kernels::maps::Maps;
use crate::kernels::plain::squash::{AMPLITUDE, SLOPE};
use crate::kernels::scalar::Scalar;

/// x = f(a) = 1.7159 tanh(2a/3), unit by unit (eq. 6, Appendix A). It has no parameters, and the paper counts it as part of
/// the layer that computes the weighted sums.
#[derive(Debug, Clone)]
pub struct Squash;

impl Squash {
    /// dE/da = f'(a) dE/dx, or with the factor squared.
    fn derivatives<T: Scalar>(squared: bool, pass: Derivatives<'_, T>, context: &Context<'_, T>) {
        if let Some(to) = pass.input_derivative {
            let (states, from) = (&pass.output.values, &pass.output_derivative.values);
            context.kernels.squash_input_derivative(squared, states, from, &mut to.values);
        }
    }
}

impl<T: Scalar> Layer<T> for Squash {
    fn operation(&self) -> Option<Operation<'_, T>> {
        Some(Operation::Tanh { amplitude: AMPLITUDE, slope: SLOPE })
    }

    fn range(&self) -> Option<(f64, f64)> {
        Some((-AMPLITUDE, AMPLITUDE))
    }

    fn forward(&self, _values: &[T], input: &Maps<T>, output: &mut Maps<T>, context: Context<'_, T>) {
        context.kernels.squash_forward(&input.values, &mut output.values);
    }

    fn gradient(&self, _values: &[T], pass: Derivatives<'_, T>, context: Context<'_, T>) {
        Self::derivatives(false, pass, &context);
    }

    /// d2E/da^2 = f'(a)^2 * d2E/dx^2 (eq. 27, the Gauss-Newton approximation: eq. 26 without its term with f'').
    fn curvature(&self, _values: &[T], pass: Derivatives<'_, T>, context: Context<'_, T>) {
        Self::derivatives(true, pass, &context);
    }
}
