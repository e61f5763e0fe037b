//! Kernels for `f32` and layers of any size, by the vector instructions of the processor.
//!
//! Convolutions and full connections are one matrix product; subsampling and squashing run along rows. A multiply-add takes about
//! twice as long as in LeNet-5 as one piece of code, and longer still in full connections alone and in convolutions of a few hundred
//! multiply-adds (`cargo bench --bench kernels -- step`).
//!
//! Maps of sixteen patterns go to [`batch`]; other numbers of patterns than 1 and 16 go to the plain kernels.
//!
//! A closure passed to one of these functions must be `#[inline(always)]` as well, and `std::array::from_fn`, which is not inlined,
//! must not be called: either would be compiled without the level's instructions.

mod convolution;
mod dense;
mod elements;
mod max_pool;
mod positions;
mod product;
pub(super) mod rooms;
pub mod squash;
mod subsampling;

use crate::connections::Connections;
use crate::interface::{Kernels, Plain};
use crate::maps::{Maps, PATTERNS};
use crate::simd::{Level, Simd, at_level, fma, splat};
use crate::{batch, plain};

/// Kernels at a level. The bits are the same at every level.
#[derive(Debug, Clone, Copy)]
pub struct Fast {
    /// The instruction set.
    pub level: Level,
}

/// C(r, c) = sum over k of A(r, k) B(k, c), each sum by multiply-adds in the order of k. A has rows of `length`, those of B and C
/// are `pitch` long; the first `columns` of C are written, a multiple of sixteen. A, B and C are row-major.
pub fn multiply(
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
        match input.patterns() {
            1 => at_level!(self.level, simd => convolution::forward(simd, connections, values, input, output, scratch)),
            PATTERNS => batch::convolution_forward(self.level, connections, values, input, output),
            _ => Plain.convolution_forward(connections, values, input, output, scratch),
        }
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
        match input.patterns() {
            1 => at_level!(self.level, simd => {
                convolution::parameter_derivative(simd, connections, input, from, to, scratch);
            }),
            PATTERNS => batch::convolution_parameter_derivative(self.level, connections, input, from, to, scratch),
            _ => Plain.convolution_parameter_derivative(connections, input, from, to, scratch),
        }
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
        match from.patterns() {
            1 => at_level!(self.level, simd => {
                convolution::input_derivative(simd, connections, values, from, to, scratch);
            }),
            PATTERNS => batch::convolution_input_derivative(self.level, connections, values, from, to, scratch),
            _ => Plain.convolution_input_derivative(connections, values, from, to, scratch),
        }
    }

    fn subsampling_add_fields(&self, size: usize, input: &Maps<f32>, output: &mut Maps<f32>) {
        if input.patterns() != 1 {
            return Plain.subsampling_add_fields(size, input, output);
        }
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
        match input.patterns() {
            1 => at_level!(self.level, simd => subsampling::forward(simd, size, coefficients, biases, input, output)),
            PATTERNS => batch::subsampling_forward(self.level, size, coefficients, biases, input, output),
            _ => Plain.subsampling_forward(size, coefficients, biases, input, output),
        }
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
        match input.patterns() {
            1 => at_level!(self.level, simd => subsampling::parameter_derivative(simd, size, input, from, to, scratch)),
            PATTERNS => batch::subsampling_parameter_derivative(self.level, size, input, from, to),
            _ => Plain.subsampling_parameter_derivative(size, input, from, to, scratch),
        }
    }

    fn subsampling_input_derivative(
        &self,
        size: usize,
        coefficients: &[f32],
        output_derivative: &Maps<f32>,
        input_derivative: &mut Maps<f32>,
    ) {
        let (from, to) = (output_derivative, input_derivative);
        match from.patterns() {
            1 => at_level!(self.level, _simd => subsampling::input_derivative(size, coefficients, from, to)),
            PATTERNS => batch::subsampling_input_derivative(self.level, size, coefficients, from, to),
            _ => Plain.subsampling_input_derivative(size, coefficients, from, to),
        }
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

    // Loops without sums of products: mostly the plain functions, compiled for the level.

    fn max_pool_forward(&self, size: usize, input: &Maps<f32>, output: &mut Maps<f32>) {
        match input.patterns() {
            1 => at_level!(self.level, _simd => max_pool::forward(size, input, output)),
            PATTERNS => batch::max_pool_forward(self.level, size, input, output),
            _ => Plain.max_pool_forward(size, input, output),
        }
    }

    fn max_pool_input_derivative(
        &self,
        size: usize,
        input: &Maps<f32>,
        output_derivative: &Maps<f32>,
        input_derivative: &mut Maps<f32>,
    ) {
        let (from, to) = (output_derivative, input_derivative);
        match input.patterns() {
            1 => at_level!(self.level, _simd => max_pool::input_derivative(size, input, from, to)),
            PATTERNS => batch::max_pool_input_derivative(self.level, size, input, from, to),
            _ => Plain.max_pool_input_derivative(size, input, from, to),
        }
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
