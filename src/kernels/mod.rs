//! The hot loops, as plain functions on numbers, and which of them a network runs on.

pub mod fast;
pub mod lenet5;
pub mod plain;
pub mod simd;
mod table;

use std::fmt::Debug;

use table::with_kernel_size;
pub use table::{Connections, MAX_KERNEL, Table};

use crate::maps::Maps;
use crate::scalar::Scalar;

/// One method a kernel; each is the [`plain`] function unless it is overridden, and computes the same to the accuracy of T.
///
/// "Derivative" is the first derivative of the loss in the gradient pass and the diagonal second derivative in the curvature
/// pass. Derivatives with respect to parameters are added to what stands there, all else is overwritten. `scratch` is room for
/// whatever a kernel likes; it keeps what it has grown to, so that only first passes allocate.
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
        with_kernel_size!(connections.size, K => plain::convolution::forward::<T, K>(pairs, weights, biases, input, output));
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
        let (pairs, from) = (connections.table.pairs(), output_derivative);
        with_kernel_size!(connections.size, K => {
            plain::convolution::parameter_derivative::<T, K>(pairs, input, from, weights, biases);
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
        let (from, to) = (output_derivative, input_derivative);
        with_kernel_size!(connections.size, K => plain::convolution::input_derivative::<T, K>(pairs, weights, from, to));
    }

    /// Weighted sums of a full connection ([`plain::dense::forward`]).
    fn dense_forward(&self, weights: &[T], biases: &[T], input: &[T], output: &mut [T]) {
        plain::dense::forward(weights, biases, input, output);
    }

    /// Adds to `weights` and `biases` ([`plain::dense::parameter_derivative`]).
    fn dense_parameter_derivative(&self, input: &[T], output_derivative: &[T], weights: &mut [T], biases: &mut [T]) {
        plain::dense::parameter_derivative(input, output_derivative, weights, biases);
    }

    /// Writes `input_derivative` ([`plain::dense::input_derivative`]).
    fn dense_input_derivative(&self, weights: &[T], output_derivative: &[T], input_derivative: &mut [T]) {
        plain::dense::input_derivative(weights, output_derivative, input_derivative);
    }

    /// Sums over the fields of a subsampling ([`plain::subsampling::add_fields`]).
    fn subsampling_add_fields(&self, size: usize, input: &Maps<T>, output: &mut Maps<T>) {
        plain::subsampling::add_fields(size, input, output);
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
        plain::subsampling::forward(size, coefficients, biases, input, output);
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
        plain::subsampling::parameter_derivative(size, input, output_derivative, coefficients, biases);
    }

    /// Writes `input_derivative` ([`plain::subsampling::input_derivative`]).
    fn subsampling_input_derivative(
        &self,
        size: usize,
        coefficients: &[T],
        output_derivative: &Maps<T>,
        input_derivative: &mut Maps<T>,
    ) {
        plain::subsampling::input_derivative(size, coefficients, output_derivative, input_derivative);
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
