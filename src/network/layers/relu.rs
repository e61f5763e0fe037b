//! The rectifier of today's networks, in place of the squashing function.

use super::{Context, Derivatives, Layer, Operation};
use crate::kernels::maps::Maps;
use crate::kernels::scalar::Scalar;

/// x = max(a, 0) on every unit. It has no parameters, and is counted as part of the layer that computes the weighted sums.
#[derive(Debug, Clone)]
pub struct Relu;

impl<T: Scalar> Layer<T> for Relu {
    fn operation(&self) -> Option<Operation<'_, T>> {
        Some(Operation::Relu)
    }

    fn forward(&self, _values: &[T], input: &Maps<T>, output: &mut Maps<T>, context: Context<'_, T>) {
        context.kernels.relu_forward(&input.values, &mut output.values);
    }

    fn gradient(&self, _values: &[T], pass: Derivatives<'_, T>, context: Context<'_, T>) {
        if let Some(to) = pass.input_derivative {
            let (states, from) = (&pass.output.values, &pass.output_derivative.values);
            context.kernels.relu_input_derivative(states, from, &mut to.values);
        }
    }

    /// f'(a) is 0 or 1 and its own square (eq. 27).
    fn curvature(&self, values: &[T], pass: Derivatives<'_, T>, context: Context<'_, T>) {
        self.gradient(values, pass, context);
    }
}
