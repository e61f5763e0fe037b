//! Kernels on sixteen patterns at once, for training by batches and for evaluation; [`Fast`](super::fast::Fast) calls them for such maps.
//! Derivatives with respect to parameters are summed over the patterns.
//!
//! Lanes are patterns: a weight is the same number in each lane, and maps may have any width. As many sums are computed together as
//! there are registers for; lanes are added only in the derivative of a parameter, which is a sum over the patterns.
//!
//! The bits do not depend on the level: the order of each sum is fixed, as the modules state. The number of sums that are computed
//! together depends on the level.
//!
//! At AVX-512 the products run at nine tenths of the peak, at AVX2 at three quarters (`cargo bench --bench batch`): AVX2 lacks the
//! registers that hide the latency of the derivatives with respect to C3's input. Ten columns of them at a time gave 8 % at AVX2 only
//! with fences for the compiler, and cost AVX-512 3 %.

#![allow(clippy::needless_range_loop, reason = "loops over registers, several arrays at one index")]
#![allow(clippy::absurd_extreme_comparisons, reason = "conditions on constants of unrolled loops")]

mod dense;
mod forward;
mod input;
mod pooling;
mod sparse;
pub(crate) mod unit;
mod weights;

use self::forward::{FullOperands, Window};
use self::pooling::{Fields, at_size};
use self::unit::{units, units_mut};
use crate::connections::{Connections, with_kernel_size};
use crate::fast::rooms::rooms;
use crate::maps::{Maps, PATTERNS, Shape};
use crate::simd::{Level, Simd, at_level};

/// The number of weights of a full table on the same maps.
fn full_weights(connections: &Connections) -> usize {
    connections.table.inputs() * connections.table.outputs() * connections.size * connections.size
}

/// The index at which the kernel of each pair of a table starts in the weights of a full one.
fn starts_in_full(connections: &Connections) -> impl Iterator<Item = usize> {
    let (inputs, area) = (connections.table.inputs(), connections.size * connections.size);
    connections.table.pairs().iter().map(move |&(output, input)| (output * inputs + input) * area)
}

/// The weights of a full table; those of pairs that are not in the table are zero.
fn full<'a>(connections: &Connections, weights: &'a [f32], room: &'a mut [f32]) -> &'a [f32] {
    if connections.table.is_full() {
        return weights;
    }
    let area = connections.size * connections.size;
    let room = &mut room[..full_weights(connections)];
    room.fill(0.0);
    for (start, kernel) in starts_in_full(connections).zip(weights.chunks_exact(area)) {
        room[start..][..area].copy_from_slice(kernel);
    }
    room
}

/// The size of the buffer that [`full`] needs.
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
        let operands = sparse::SparseOperands { connections, weights, biases, input, from };
        with_kernel_size!(size, K => at_level!(level, simd => sparse::forward::<_, K>(simd, operands, output, to)));
        return;
    }
    let (window, from) = if to.area() == 1 {
        // All inputs side by side.
        (Window { maps: 1, height: 1, width: from.units() }, Shape::new(1, 1, from.units()))
    } else {
        (Window { maps: from.maps, height: size, width: size }, from)
    };
    let operands = FullOperands { weights, biases, window, input, from };
    at_level!(level, simd => forward::forward(simd, &operands, output, to));
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
        let operands = weights::WeightOperands { input: x, from, output_derivative: da, to };
        with_kernel_size!(connections.size, K => {
            at_level!(level, simd => weights::derivative::<_, K>(simd, operands, sums, biases));
        });
    }
    if sparse {
        for (start, kernel) in starts_in_full(connections).zip(weights.chunks_exact_mut(area)) {
            for (weight, sum) in kernel.iter_mut().zip(&room[start..]) {
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
        let operands = input::InputOperands { weights, output_derivative: da, from, to };
        with_kernel_size!(connections.size, K => {
            at_level!(level, simd => input::derivative::<_, K>(simd, operands, dx));
        });
    }
}

/// The largest of each field of `size` x `size` units; fields do not overlap, and units left over at the right and at the bottom are
/// not read. Units are compared row by row, and of equal ones the first counts.
pub fn max_pool_forward(level: Level, size: usize, input: &Maps<f32>, output: &mut Maps<f32>) {
    let fields = Fields { size, from: input.shape(), to: output.shape() };
    let (x, a) = (units(input), units_mut(output));
    at_level!(level, simd => at_size!(fields => pooling::max(simd, fields, x, a)));
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
    at_level!(level, simd => at_size!(fields => pooling::max_input_derivative(simd, fields, x, da, dx)));
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
    at_level!(level, simd => at_size!(fields => pooling::weighted(simd, fields, (coefficients, biases), x, a)));
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
