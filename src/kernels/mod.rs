//! The hot loops, and which of them a network runs on.
//!
//! | module | what is in it |
//! |---|---|
//! | [`plain`] | the reference: any number type, each kernel reads like its equation |
//! | [`fast`] | for `f32`, any size: convolutions and full connections as one matrix product, the rest along rows |
//! | [`lenet5`] | for `f32`, LeNet-5 on a 32x32 image: the whole training step, the update included |
//! | [`batch`] | for `f32`, any size: sixteen patterns at once |
//! | [`simd`] | vectors at three levels, chosen at run time |
//! | [`peak`] | the most multiply-adds that a core can do, to compare with |
//!
//! The fast kernels are held to the plain ones by property tests (`tests/kernels.rs`, `tests/batch.rs`, `tests/fixed.rs`: 1e-5 of a tensor's norm).
//!
//! # The same bits everywhere
//!
//! Each kernel of [`fast`], [`lenet5`] and [`batch`] is written once and compiled for every level. What decides about bits is the code and
//! not the width of the machine's vectors: products are added by multiply-adds that round once (updates of single numbers, here
//! and there, round twice, on every machine); lanes meet only where sixteen of them are added, in a stated order; every sum takes
//! its products in one order, however many sums are worked on together. `tests/bits.rs` holds 2,000 steps at every level, on 1, 2 and 7 threads, to a stored hash. (The plain kernels do
//! not fuse: where the instruction cannot be taken for granted, each product would be a library call. So they have bits of
//! their own.)
//!
//! # fearless_simd, not `std::arch`
//!
//! The forward product of C3 on a trial, the same loop on either, on one core of an AMD EPYC (Zen 4): 2.71 us on both at AVX-512,
//! 2.85 and 2.84 us at AVX2. With no difference in speed, the one that needs no `unsafe` was taken; there is none in this
//! package. Two instructions that it does not offer, a lookup of lanes by AVX-512 and by AVX2, are called through its `kernel!`.
//!
//! # What made LeNet-5 fast
//!
//! Zen 4, one core, microseconds at AVX-512 unless it says otherwise; a step took 249 with the plain kernels, takes 45 with
//! those of [`fast`], layer by layer, and 25.6 with those of [`lenet5`] (`lenet5 bench`), 57 % of the peak; 30.1 at AVX2, 49 %.
//! In order of what they gave:
//!
//! - All code of a kernel inlined, helpers and closures included, and sums in registers only: loops over sums written out
//!   ([`simd`]'s `unroll`). Before that C3's product took 6.8 instead of 2.8, and the step 46 instead of 30 as long as
//!   `array::map` and `from_fn` were in it, which are calls.
//! - The squashing function as a rational: 16 lanes in about 4 ns, where `tanh` of a library takes 8 ns for one.
//! - C3 with its sixteen maps as lanes and its sixty kernels packed into 4 x 16 slots: 2.7 for its forward product where all
//!   six maps of S2 for each map, with zeros, take 4.2; as much again for the weights' derivatives.
//! - C5's and F6's weights in the order of the walk, moved in the walk that reads them: both ways in 6.3, which is what the
//!   second level of the cache can deliver.
//! - C1 by three maps and two rows at a time: 3.9, where six maps took 7.9 because they did not fit the registers; columns split
//!   into even and odd ones, so that S2 adds vectors.
//! - At AVX2, the derivatives with respect to S2 by rows chosen so that no sum waits for its last product: 4.6 instead of 6.9.
//! - Blocks of 4x4 transposed in registers, the image split by vector instructions, eq. 9's exponentials computed once: 1.1.
//!
//! Where it goes, kernel by kernel ([`lenet5::Kernel`]; reading the image, the loss and the answer are the rest of the step):
//!
//! | kernel | AVX-512, us | AVX2, us |
//! |---|---|---|
//! | C1S2 | 4.01 | 5.10 |
//! | C3S4 | 3.81 | 4.43 |
//! | C5F6 | 2.11 | 2.51 |
//! | Rbf | 0.04 | 0.05 |
//! | RbfBack | 0.03 | 0.05 |
//! | C5F6Back | 4.22 | 4.20 |
//! | C3S4Back | 7.34 | 8.93 |
//! | C1S2Back | 2.92 | 3.34 |
//! | sum | 24.48 | 28.61 |
//!
//! No gain: all 25 taps of a C3 kernel at once (they do not fit the registers), smaller blocks of columns at AVX2.

pub mod batch;
pub mod batch_maps;
pub mod fast;
pub mod lenet5;
pub mod maps;
pub mod peak;
pub mod plain;
pub mod scalar;
pub mod simd;
mod table;

use std::fmt::Debug;

use batch::BatchKernels;
use simd::Level;
use table::with_kernel_size;
pub use table::{Connections, MAX_KERNEL, Table};

use crate::kernels::maps::Maps;
use crate::kernels::scalar::Scalar;

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

    /// Largest inputs of the fields ([`plain::max_pool::forward`]).
    fn max_pool_forward(&self, size: usize, input: &Maps<T>, output: &mut Maps<T>) {
        plain::max_pool::forward(size, input, output);
    }

    /// Writes `input_derivative` ([`plain::max_pool::input_derivative`]).
    fn max_pool_input_derivative(
        &self,
        size: usize,
        input: &Maps<T>,
        output_derivative: &Maps<T>,
        input_derivative: &mut Maps<T>,
    ) {
        plain::max_pool::input_derivative(size, input, output_derivative, input_derivative);
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

    /// The same for sixteen patterns at once, where there are such kernels.
    fn batch(&self) -> Option<&dyn BatchKernels<T>> {
        None
    }
}

/// A network as one piece of code for inputs of its declared shape, with the parameters in a layout of its own.
///
/// It computes what the network's layers compute, to the rounding of its numbers; tests hold it to them.
pub trait Fixed<T>: std::fmt::Debug + Send + Sync {
    /// A copy of it, to work beside it.
    fn fork(&self) -> Box<dyn Fixed<T>>;

    /// Uses the instructions of this level from now on.
    fn set_level(&mut self, level: Level);

    /// Takes over the parameters' values, in the order of the network's layout.
    fn load_values(&mut self, values: &[T]);

    /// Takes over the step sizes.
    fn load_step_sizes(&mut self, step_sizes: &[T]);

    /// Writes the values as they are now.
    fn save_values(&mut self, values: &mut [T]);

    /// Computes the outputs for an input.
    fn forward(&mut self, input: &[T], output: &mut [T]);

    /// Moves every parameter by its step (eq. 17) after [`forward`](Self::forward), given the derivatives of the loss with
    /// respect to the outputs.
    fn learn(&mut self, output_derivative: &[T]);
}

/// The reference, for any number type: every method is the plain function.
#[derive(Debug, Clone, Copy)]
pub struct Plain;

impl<T: Scalar> Kernels<T> for Plain {}
