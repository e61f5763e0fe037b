//! The kernels that layers call.

use std::fmt::Debug;

use crate::connections::{Connections, with_kernel_size};
use crate::maps::Maps;
use crate::plain;
use crate::plain::patterns::{each, each_to};
use crate::scalar::Scalar;

/// A method for each kernel. Its default is the [`plain`] function; others compute the same to the accuracy of T.
///
/// Maps hold one pattern or several, as many in each argument of a call. Derivatives with respect to parameters are summed over the
/// patterns and added to the values in the slice; all other results are overwritten.
///
/// "Derivative" is the first derivative of the loss in the gradient pass and the diagonal second derivative in the curvature
/// pass. `scratch` is a reusable buffer: only the first pass allocates.
pub trait Kernels<T: Scalar>: Debug + Send + Sync {
    /// Weighted sums of a convolution; `values` are its weights, then its biases ([`plain::convolution::forward`]).
    fn convolution_forward(
        &self,
        connections: &Connections,
        values: &[T],
        input: &Maps<T>,
        output: &mut Maps<T>,
        _scratch: &mut Vec<T>,
    ) {
        let (weights, biases) = values.split_at(connections.weights());
        let pairs = connections.table.pairs();
        let dense = connections.is_dense(output.shape());
        each_to([input], output, |[x], a| {
            if dense {
                return plain::dense::forward(weights, biases, &x.values, &mut a.values);
            }
            with_kernel_size!(connections.size, K => plain::convolution::forward::<T, K>(pairs, weights, biases, x, a));
        });
    }

    /// Adds to `derivative`: weights, then biases ([`plain::convolution::parameter_derivative`]).
    fn convolution_parameter_derivative(
        &self,
        connections: &Connections,
        input: &Maps<T>,
        output_derivative: &Maps<T>,
        derivative: &mut [T],
        _scratch: &mut Vec<T>,
    ) {
        let (weights, biases) = derivative.split_at_mut(connections.weights());
        let (pairs, dense) = (connections.table.pairs(), connections.is_dense(output_derivative.shape()));
        each([input, output_derivative], |[x, da]| {
            if dense {
                return plain::dense::parameter_derivative(&x.values, &da.values, weights, biases);
            }
            with_kernel_size!(connections.size, K => {
                plain::convolution::parameter_derivative::<T, K>(pairs, x, da, weights, biases);
            });
        });
    }

    /// Writes `input_derivative` ([`plain::convolution::input_derivative`]).
    fn convolution_input_derivative(
        &self,
        connections: &Connections,
        values: &[T],
        output_derivative: &Maps<T>,
        input_derivative: &mut Maps<T>,
        _scratch: &mut Vec<T>,
    ) {
        let (weights, pairs) = (&values[..connections.weights()], connections.table.pairs());
        let dense = connections.is_dense(output_derivative.shape());
        each_to([output_derivative], input_derivative, |[da], dx| {
            if dense {
                return plain::dense::input_derivative(weights, &da.values, &mut dx.values);
            }
            with_kernel_size!(connections.size, K => plain::convolution::input_derivative::<T, K>(pairs, weights, da, dx));
        });
    }

    /// Sums over the fields of a subsampling ([`plain::subsampling::add_fields`]).
    fn subsampling_add_fields(&self, size: usize, input: &Maps<T>, output: &mut Maps<T>) {
        each_to([input], output, |[x], sums| plain::subsampling::add_fields(size, x, sums));
    }

    /// Weighted sums of a subsampling ([`plain::subsampling::forward`]).
    fn subsampling_forward(
        &self,
        size: usize,
        coefficients: &[T],
        biases: &[T],
        input: &Maps<T>,
        output: &mut Maps<T>,
    ) {
        each_to([input], output, |[x], a| plain::subsampling::forward(size, coefficients, biases, x, a));
    }

    /// Adds to `derivative`: coefficients, then biases ([`plain::subsampling::parameter_derivative`]).
    fn subsampling_parameter_derivative(
        &self,
        size: usize,
        input: &Maps<T>,
        output_derivative: &Maps<T>,
        derivative: &mut [T],
        _scratch: &mut Vec<T>,
    ) {
        let (coefficients, biases) = derivative.split_at_mut(input.shape().maps);
        each([input, output_derivative], |[x, da]| {
            plain::subsampling::parameter_derivative(size, x, da, coefficients, biases);
        });
    }

    /// Writes `input_derivative` ([`plain::subsampling::input_derivative`]).
    fn subsampling_input_derivative(
        &self,
        size: usize,
        coefficients: &[T],
        output_derivative: &Maps<T>,
        input_derivative: &mut Maps<T>,
    ) {
        each_to([output_derivative], input_derivative, |[da], dx| {
            plain::subsampling::input_derivative(size, coefficients, da, dx);
        });
    }

    /// x = f(a) ([`plain::squash::forward`]).
    fn squash_forward(&self, sums: &[T], states: &mut [T]) {
        plain::squash::forward(sums, states);
    }

    /// f'(a) times dE/dx, or with `squared` f'(a)^2 times d2E/dx^2 ([`plain::squash::input_derivative`]).
    fn squash_input_derivative(
        &self,
        squared: bool,
        states: &[T],
        output_derivative: &[T],
        input_derivative: &mut [T],
    ) {
        plain::squash::input_derivative(squared, states, output_derivative, input_derivative);
    }

    /// Largest inputs of the fields ([`plain::max_pool::forward`]).
    fn max_pool_forward(&self, size: usize, input: &Maps<T>, output: &mut Maps<T>) {
        each_to([input], output, |[x], a| plain::max_pool::forward(size, x, a));
    }

    /// Writes `input_derivative` ([`plain::max_pool::input_derivative`]).
    fn max_pool_input_derivative(
        &self,
        size: usize,
        input: &Maps<T>,
        output_derivative: &Maps<T>,
        input_derivative: &mut Maps<T>,
    ) {
        each_to([input, output_derivative], input_derivative, |[x, da], dx| {
            plain::max_pool::input_derivative(size, x, da, dx);
        });
    }

    /// x = max(a, 0) ([`plain::relu::forward`]).
    fn relu_forward(&self, sums: &[T], states: &mut [T]) {
        plain::relu::forward(sums, states);
    }

    /// Writes `input_derivative` ([`plain::relu::input_derivative`]).
    fn relu_input_derivative(&self, states: &[T], output_derivative: &[T], input_derivative: &mut [T]) {
        plain::relu::input_derivative(states, output_derivative, input_derivative);
    }

    /// A step by step sizes alone ([`plain::steps::descend`]).
    fn descend(&self, values: &mut [T], gradient: &mut [T], step_size: &[T]) {
        plain::steps::descend(values, gradient, step_size);
    }

    /// A step with momentum ([`plain::steps::momentum`]).
    fn momentum(&self, momentum: T, values: &mut [T], gradient: &mut [T], step_size: &[T], velocity: &mut [T]) {
        plain::steps::momentum(momentum, values, gradient, step_size, velocity);
    }

    /// A step of Adam ([`plain::steps::adam`]).
    fn adam(
        &self,
        adam: plain::steps::Adam<T>,
        values: &mut [T],
        gradient: &mut [T],
        step_size: &[T],
        moments: &mut [T],
    ) {
        plain::steps::adam(adam, values, gradient, step_size, moments);
    }

    /// Distances to the codes ([`plain::rbf::forward`]).
    fn rbf_forward(&self, scale: T, codes: &[T], input: &[T], output: &mut [T]) {
        plain::rbf::forward(scale, codes, input, output);
    }

    /// Writes `input_gradient` ([`plain::rbf::gradient`]).
    fn rbf_gradient(&self, scale: T, codes: &[T], input: &[T], output_gradient: &[T], input_gradient: &mut [T]) {
        plain::rbf::gradient(scale, codes, input, output_gradient, input_gradient);
    }
}

/// The reference, for any number type: every method is the plain function.
#[derive(Debug, Clone, Copy)]
pub struct Plain;

impl<T: Scalar> Kernels<T> for Plain {}
