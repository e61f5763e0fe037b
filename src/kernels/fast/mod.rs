//! Kernels for `f32` that use what the processor has, for any size.
//!
//! Convolutions and full connections are one matrix product, subsampling and squashing run along rows. On a Zen 4 core, whose
//! multiply-add takes 17 ps at best, a step of LeNet-5 on 64x32 takes 58 ps a multiply-add and on 32x36 65 ps at AVX-512, 62 and 72
//! at AVX2, where its fixed step takes 28 and 33; the plain kernels take 250 to 450 ps. Dearer than three times the fixed step: full
//! connections alone (5.4 times, half of it the update) and convolutions of a few hundred multiply-adds. (`cargo bench --bench
//! kernels -- step`, smallest of four runs on a shared machine, at `d56a217`)
//!
//! A closure that is handed to one of these functions must be `#[inline(always)]` as well, and arrays are not made by
//! `std::array::from_fn`, which is not: either would be compiled without the level's instructions.

mod convolution;
mod dense;
mod elements;
mod max_pool;
mod positions;
mod product;
pub mod squash;
mod subsampling;

use super::batch::BatchKernels;
use super::simd::{LANES, Level, Simd, at_level, fma, splat};
use super::{Connections, Kernels, plain};
use crate::kernels::maps::Maps;

/// Kernels at a level. The bits are the same at every level.
#[derive(Debug, Clone, Copy)]
pub struct Fast {
    /// The instructions that are used.
    pub level: Level,
}

/// Rooms of at least these sizes in the scratch buffer, each from a line of the cache on and with room for a vector more.
pub(super) fn rooms<const N: usize>(scratch: &mut Vec<f32>, sizes: [usize; N]) -> [&mut [f32]; N] {
    let sizes = sizes.map(|size| size.next_multiple_of(LANES) + LANES);
    let all = sizes.iter().sum::<usize>() + LANES;
    if scratch.len() < all {
        scratch.resize(all, 0.0);
    }
    // Where a platform cannot say, any start will do.
    let start = scratch.as_ptr().align_offset(size_of::<[f32; LANES]>()).min(LANES);
    let mut rest = &mut scratch[start..];
    sizes.map(|size| rest.split_off_mut(..size).expect("as long as all of them"))
}

/// C(r, c) = sum over k of A(r, k) B(k, c), each sum by multiply-adds in the order of k. A has rows of `length`, those of B and C
/// are `pitch` long; the first `columns` of C are written, a multiple of sixteen. A, B and C are row-major.
pub(crate) fn multiply(
    level: Level,
    (a, length): (&[f32], usize),
    b: &[f32],
    (c, pitch): (&mut [f32], usize),
    columns: usize,
) {
    let terms = product::RowMajor { a, pitch: length, length, b, width: pitch };
    at_level!(level, simd => product::product(simd, &terms, a.len() / length, columns, c, pitch));
}

impl Kernels<f32> for Fast {
    fn convolution_forward(
        &self,
        connections: &Connections,
        values: &[f32],
        input: &Maps<f32>,
        output: &mut Maps<f32>,
        scratch: &mut Vec<f32>,
    ) {
        at_level!(self.level, simd => convolution::forward(simd, connections, values, input, output, scratch));
    }

    fn convolution_parameter_derivative(
        &self,
        connections: &Connections,
        input: &Maps<f32>,
        output_derivative: &Maps<f32>,
        derivative: &mut [f32],
        scratch: &mut Vec<f32>,
    ) {
        let (to, from) = (derivative, output_derivative);
        at_level!(self.level, simd => {
            convolution::parameter_derivative(simd, connections, input, from, to, scratch);
        });
    }

    fn convolution_input_derivative(
        &self,
        connections: &Connections,
        values: &[f32],
        output_derivative: &Maps<f32>,
        input_derivative: &mut Maps<f32>,
        scratch: &mut Vec<f32>,
    ) {
        let (from, to) = (output_derivative, input_derivative);
        at_level!(self.level, simd => convolution::input_derivative(simd, connections, values, from, to, scratch));
    }

    fn dense_forward(&self, weights: &[f32], biases: &[f32], input: &[f32], output: &mut [f32]) {
        at_level!(self.level, simd => dense::forward(simd, weights, biases, input, output));
    }

    fn dense_parameter_derivative(
        &self,
        input: &[f32],
        output_derivative: &[f32],
        weights: &mut [f32],
        biases: &mut [f32],
    ) {
        let from = output_derivative;
        at_level!(self.level, simd => dense::parameter_derivative(simd, input, from, weights, biases));
    }

    fn dense_input_derivative(&self, weights: &[f32], output_derivative: &[f32], input_derivative: &mut [f32]) {
        at_level!(self.level, simd => dense::input_derivative(simd, weights, output_derivative, input_derivative));
    }

    fn subsampling_add_fields(&self, size: usize, input: &Maps<f32>, output: &mut Maps<f32>) {
        let (from, to) = (input.shape(), output.shape());
        at_level!(self.level, _simd => subsampling::add_fields(size, &input.values, from, to, &mut output.values));
    }

    fn subsampling_forward(
        &self,
        size: usize,
        coefficients: &[f32],
        biases: &[f32],
        input: &Maps<f32>,
        output: &mut Maps<f32>,
    ) {
        at_level!(self.level, simd => subsampling::forward(simd, size, coefficients, biases, input, output));
    }

    fn subsampling_parameter_derivative(
        &self,
        size: usize,
        input: &Maps<f32>,
        output_derivative: &Maps<f32>,
        derivative: &mut [f32],
        scratch: &mut Vec<f32>,
    ) {
        let (from, to) = (output_derivative, derivative);
        at_level!(self.level, simd => subsampling::parameter_derivative(simd, size, input, from, to, scratch));
    }

    fn subsampling_input_derivative(
        &self,
        size: usize,
        coefficients: &[f32],
        output_derivative: &Maps<f32>,
        input_derivative: &mut Maps<f32>,
    ) {
        let (from, to) = (output_derivative, input_derivative);
        at_level!(self.level, _simd => subsampling::input_derivative(size, coefficients, from, to));
    }

    fn squash_forward(&self, sums: &[f32], states: &mut [f32]) {
        at_level!(self.level, simd => {
            elements::map(simd, sums, states, #[inline(always)] |a| squash::squash(simd, a));
        });
    }

    fn squash_input_derivative(
        &self,
        squared: bool,
        states: &[f32],
        output_derivative: &[f32],
        input_derivative: &mut [f32],
    ) {
        at_level!(self.level, simd => {
            squash::input_derivative(simd, squared, states, output_derivative, input_derivative);
        });
    }

    // Loops without products to fuse: mostly the plain functions, compiled for the level.

    fn max_pool_forward(&self, size: usize, input: &Maps<f32>, output: &mut Maps<f32>) {
        at_level!(self.level, _simd => max_pool::forward(size, input, output));
    }

    fn max_pool_input_derivative(
        &self,
        size: usize,
        input: &Maps<f32>,
        output_derivative: &Maps<f32>,
        input_derivative: &mut Maps<f32>,
    ) {
        let (from, to) = (output_derivative, input_derivative);
        at_level!(self.level, _simd => max_pool::input_derivative(size, input, from, to));
    }

    fn relu_forward(&self, sums: &[f32], states: &mut [f32]) {
        at_level!(self.level, _simd => plain::relu::forward(sums, states));
    }

    fn relu_input_derivative(&self, states: &[f32], output_derivative: &[f32], input_derivative: &mut [f32]) {
        at_level!(self.level, _simd => plain::relu::input_derivative(states, output_derivative, input_derivative));
    }

    fn descend(&self, values: &mut [f32], gradient: &mut [f32], step_size: &[f32]) {
        at_level!(self.level, _simd => plain::steps::descend(values, gradient, step_size));
    }

    fn momentum(
        &self,
        momentum: f32,
        values: &mut [f32],
        gradient: &mut [f32],
        step_size: &[f32],
        velocity: &mut [f32],
    ) {
        at_level!(self.level, _simd => plain::steps::momentum(momentum, values, gradient, step_size, velocity));
    }

    fn adam(
        &self,
        adam: plain::steps::Adam<f32>,
        values: &mut [f32],
        gradient: &mut [f32],
        step_size: &[f32],
        moments: &mut [f32],
    ) {
        at_level!(self.level, _simd => plain::steps::adam(adam, values, gradient, step_size, moments));
    }

    fn rbf_forward(&self, scale: f32, codes: &[f32], input: &[f32], output: &mut [f32]) {
        at_level!(self.level, simd => {
            for (y, code) in output.iter_mut().zip(codes.chunks_exact(input.len())) {
                *y = scale * elements::squared_distance(simd, input, code);
            }
        });
    }

    fn rbf_gradient(
        &self,
        scale: f32,
        codes: &[f32],
        input: &[f32],
        output_gradient: &[f32],
        input_gradient: &mut [f32],
    ) {
        at_level!(self.level, simd => rbf_gradient(simd, scale + scale, codes, input, output_gradient, input_gradient));
    }

    fn batch(&self) -> Option<&dyn BatchKernels<f32>> {
        Some(self)
    }
}

#[inline(always)]
fn rbf_gradient<S: Simd>(simd: S, factor: f32, codes: &[f32], input: &[f32], dy: &[f32], dx: &mut [f32]) {
    dx.fill(0.0);
    for (&dy, code) in dy.iter().zip(codes.chunks_exact(input.len())) {
        let factor = splat::<S>(simd, factor * dy);
        elements::update2(
            simd,
            input,
            code,
            dx,
            #[inline(always)]
            |x, w, dx| fma::<S>(factor, x - w, dx),
        );
    }
}
