//! Kernels on sixteen patterns at once, for training by batches and for evaluation: what [`Fast`](super::fast::Fast) calls for maps of
//! so many. Derivatives with respect to parameters are summed over the patterns.
//!
//! Lanes are patterns: a weight is the same number in each lane, and no kernel depends on a width. Sums are as many
//! as there are registers for, and lanes meet only where a parameter's derivative is added over the patterns.
//!
//! The bits do not depend on the level: each sum has an order of its own, which the modules state. How many sums are worked on
//! together depends on the level.
//!
//! At AVX-512 the products run at nine tenths of the peak, at AVX2 at three quarters (`cargo bench --bench batch`): AVX2 lacks the
//! registers that hide the latency of the derivatives with respect to C3's input. Ten columns of them at a time gave 8 % at AVX2 only
//! with fences for the compiler, and cost AVX-512 3 %.

#![allow(clippy::needless_range_loop, reason = "loops over registers, several arrays at one index")]

mod dense;
mod forward;
mod input;
mod pooling;
mod sparse;
mod unit;
mod weights;

use self::forward::{Field, Source};
use self::pooling::Fields;
use self::unit::{units, units_mut};
use crate::kernels::connections::{Connections, with_kernel_size};
use crate::kernels::fast::rooms::rooms;
use crate::kernels::maps::{Maps, PATTERNS, Shape};
use crate::kernels::simd::{Level, Simd, at_level};

/// How many weights there are with those that a sparse table lacks.
fn full_weights(connections: &Connections) -> usize {
    connections.table.inputs() * connections.table.outputs() * connections.size * connections.size
}

/// Where the kernel of each pair of a table stands in the weights of a full one.
fn places(connections: &Connections) -> impl Iterator<Item = usize> {
    let (inputs, area) = (connections.table.inputs(), connections.size * connections.size);
    connections.table.pairs().iter().map(move |&(output, input)| (output * inputs + input) * area)
}

/// The weights of a full table; those that the table lacks are zero.
fn full<'a>(connections: &Connections, weights: &'a [f32], room: &'a mut [f32]) -> &'a [f32] {
    if connections.table.is_full() {
        return weights;
    }
    let area = connections.size * connections.size;
    let room = &mut room[..full_weights(connections)];
    room.fill(0.0);
    for (place, kernel) in places(connections).zip(weights.chunks_exact(area)) {
        room[place..][..area].copy_from_slice(kernel);
    }
    room
}

/// How much room [`full`] needs.
fn room_for_full(connections: &Connections) -> usize {
    if connections.table.is_full() { 0 } else { full_weights(connections) }
}

/// Weighted sums of a convolution; `values` are its weights, then its biases. A full connection is a convolution whose output is of one
/// row and one column.
pub fn convolution_forward(
    level: Level,
    connections: &Connections,
    values: &[f32],
    input: &Maps<f32>,
    output: &mut Maps<f32>,
) {
    let (from, to, size) = (input.shape(), output.shape(), connections.size);
    let (weights, biases) = values.split_at(connections.weights());
    let (input, output) = (units(input), units_mut(output));
    if !connections.table.is_full() {
        let source = sparse::Source { connections, weights, biases, input, from };
        with_kernel_size!(size, K => at_level!(level, simd => sparse::forward::<_, K>(simd, source, output, to)));
        return;
    }
    let (field, from) = if to.area() == 1 {
        // All inputs side by side.
        (Field { maps: 1, height: 1, width: from.units() }, Shape::new(1, 1, from.units()))
    } else {
        (Field { maps: from.maps, height: size, width: size }, from)
    };
    let source = Source { weights, biases, field, input, from };
    at_level!(level, simd => forward::forward(simd, &source, output, to));
}

/// Adds to `derivative`: weights, then biases.
pub fn convolution_parameter_derivative(
    level: Level,
    connections: &Connections,
    input: &Maps<f32>,
    output_derivative: &Maps<f32>,
    derivative: &mut [f32],
    scratch: &mut Vec<f32>,
) {
    let (from, to, area) = (input.shape(), output_derivative.shape(), connections.size * connections.size);
    let rows = if to.area() == 1 { dense::pitch(from.units()) * PATTERNS } else { 0 };
    let [room, rows] = rooms(scratch, [room_for_full(connections), rows]);
    let (weights, biases) = derivative.split_at_mut(connections.weights());
    let sparse = !connections.table.is_full();
    let sums = if sparse { &mut room[..full_weights(connections)] } else { &mut *weights };
    if sparse {
        sums.fill(0.0);
    }
    let (x, da) = (units(input), units(output_derivative));
    if to.area() == 1 {
        at_level!(level, simd => dense::parameter_derivative(simd, x, da, sums, biases, rows));
    } else {
        let factors = weights::Factors { input: x, from, output_derivative: da, to };
        with_kernel_size!(connections.size, K => {
            at_level!(level, simd => weights::derivative::<_, K>(simd, factors, sums, biases));
        });
    }
    if sparse {
        for (place, kernel) in places(connections).zip(weights.chunks_exact_mut(area)) {
            for (weight, sum) in kernel.iter_mut().zip(&room[place..]) {
                *weight += sum;
            }
        }
    }
}

/// Writes `input_derivative`.
pub fn convolution_input_derivative(
    level: Level,
    connections: &Connections,
    values: &[f32],
    output_derivative: &Maps<f32>,
    input_derivative: &mut Maps<f32>,
    scratch: &mut Vec<f32>,
) {
    let (from, to) = (output_derivative.shape(), input_derivative.shape());
    let [room] = rooms(scratch, [room_for_full(connections)]);
    let weights = full(connections, &values[..connections.weights()], room);
    let (da, dx) = (units(output_derivative), units_mut(input_derivative));
    if from.area() == 1 {
        at_level!(level, simd => dense::input_derivative(simd, weights, da, dx));
    } else {
        let factors = input::Factors { weights, output_derivative: da, from, to };
        with_kernel_size!(connections.size, K => {
            at_level!(level, simd => input::derivative::<_, K>(simd, factors, dx));
        });
    }
}

/// The largest of each field of `size` x `size` units, which do not overlap; what is left over at the right and at the
/// bottom is not read. Units are compared row by row, and a later one has to be larger to take the place of the one before.
pub fn max_pool_forward(level: Level, size: usize, input: &Maps<f32>, output: &mut Maps<f32>) {
    let fields = Fields { size, from: input.shape(), to: output.shape() };
    at_level!(level, simd => pooling::max(simd, fields, units(input), units_mut(output)));
}

/// Writes `input_derivative`: that of the field where [`max_pool_forward`] took the unit, the first of equal ones; zero elsewhere.
pub fn max_pool_input_derivative(
    level: Level,
    size: usize,
    input: &Maps<f32>,
    output_derivative: &Maps<f32>,
    input_derivative: &mut Maps<f32>,
) {
    let fields = Fields { size, from: input.shape(), to: output_derivative.shape() };
    let (x, da, dx) = (units(input), units(output_derivative), units_mut(input_derivative));
    at_level!(level, simd => pooling::max_input_derivative(simd, fields, x, da, dx));
}

/// Weighted sums of a subsampling.
pub fn subsampling_forward(
    level: Level,
    size: usize,
    coefficients: &[f32],
    biases: &[f32],
    input: &Maps<f32>,
    output: &mut Maps<f32>,
) {
    let fields = Fields { size, from: input.shape(), to: output.shape() };
    let (x, a) = (units(input), units_mut(output));
    at_level!(level, simd => pooling::weighted(simd, fields, (coefficients, biases), x, a));
}

/// Adds to `derivative`: coefficients, then biases.
pub fn subsampling_parameter_derivative(
    level: Level,
    size: usize,
    input: &Maps<f32>,
    output_derivative: &Maps<f32>,
    derivative: &mut [f32],
) {
    let fields = Fields { size, from: input.shape(), to: output_derivative.shape() };
    let (coefficients, biases) = derivative.split_at_mut(fields.to.maps);
    let (x, da) = (units(input), units(output_derivative));
    at_level!(level, simd => {
        pooling::weighted_parameter_derivative(simd, fields, x, da, coefficients, biases);
    });
}

/// Writes `input_derivative`.
pub fn subsampling_input_derivative(
    level: Level,
    size: usize,
    coefficients: &[f32],
    output_derivative: &Maps<f32>,
    input_derivative: &mut Maps<f32>,
) {
    let fields = Fields { size, from: input_derivative.shape(), to: output_derivative.shape() };
    let (da, dx) = (units(output_derivative), units_mut(input_derivative));
    at_level!(level, simd => pooling::weighted_input_derivative(simd, fields, coefficients, da, dx));
}
