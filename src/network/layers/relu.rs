//! The rectifier that today's networks have in place of the squashing function.

use super::{Derivatives, Layer, ShapeError, Tools};
use crate::kernels::batch_maps::Batch;
use crate::kernels::maps::{Maps, Shape};
use crate::kernels::scalar::Scalar;

/// x = max(a, 0) on every unit. It has no parameters, and is counted as part of the layer that computes the weighted sums.
#[derive(Debug, Clone)]
pub struct Relu;

impl<T: Scalar> Layer<T> for Relu {
    fn name(&self) -> &str {
        ""
    }

    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        Ok(input)
    }

    fn connections(&self, _input: Shape) -> usize {
        0
    }

    fn forward(&self, _values: &[T], input: &Maps<T>, output: &mut Maps<T>, tools: Tools<'_, T>) {
        tools.kernels.relu_forward(&input.values, &mut output.values);
    }

    fn gradient(&self, _values: &[T], pass: Derivatives<'_, T>, tools: Tools<'_, T>) {
        if let Some(to) = pass.input_derivative {
            let (states, from) = (&pass.output.values, &pass.output_derivative.values);
            tools.kernels.relu_input_derivative(states, from, &mut to.values);
        }
    }

    /// f'(a) is 0 or 1 and its own square (eq. 26).
    fn curvature(&self, values: &[T], pass: Derivatives<'_, T>, tools: Tools<'_, T>) {
        self.gradient(values, pass, tools);
    }

    fn forward_batch(&self, _values: &[T], input: &Batch<T>, output: &mut Batch<T>, tools: Tools<'_, T>) {
        tools.kernels.relu_forward(input.values(), output.values_mut());
    }

    fn gradient_batch(&self, _values: &[T], pass: Derivatives<'_, T, Batch<T>>, tools: Tools<'_, T>) {
        if let Some(to) = pass.input_derivative {
            let (states, from) = (pass.output.values(), pass.output_derivative.values());
            tools.kernels.relu_input_derivative(states, from, to.values_mut());
        }
    }
}
