//! Kernels on sixteen patterns at once, for training by batches.
//!
//! Lanes are patterns ([`Batch`]): a weight is the same number in each lane, and no kernel depends on a width. Sums are as many
//! as there are registers for, and lanes meet only where a parameter's derivative is added over the patterns.
//!
//! The bits do not depend on the level: each sum has an order of its own, which the modules state. How many sums are worked on
//! together depends on the level.
//!
//! A LeNet with 6 and 16 maps, full tables and 2x2 max-pooling, on one core of an AMD EPYC (Zen 4), microseconds a pattern (a
//! sixteenth of a call), with the share of the peak, 58 G multiply-adds a second at either level:
//!
//! | layer | AVX-512: forward | parameters | input | AVX2: forward | parameters | input |
//! |---|---|---|---|---|---|---|
//! | C1 | 2.07, 96 % | 2.21, 90 % | | 2.42, 82 % | 2.41, 82 % | |
//! | C3 | 4.11, 99 % | 4.40, 92 % | 4.11, 99 % | 5.30, 77 % | 4.65, 88 % | 6.37, 64 % |
//! | C5 | 0.83, 98 % | 0.95, 86 % | 0.82, 99 % | 1.01, 81 % | 0.99, 82 % | 0.98, 83 % |
//! | F6 | 0.18, 95 % | 0.24, 72 % | 0.18, 94 % | 0.24, 71 % | 0.23, 75 % | 0.20, 86 % |
//! | output | 0.03 | 0.04 | 0.02 | 0.03 | 0.04 | 0.02 |
//! | S2, S4 | 0.28 | | 0.53 | 0.27 | | 0.52 |
//! | sum | 7.5, 94 % | 7.8, 91 % | 5.7, 90 % | 9.3, 76 % | 8.3, 86 % | 8.1, 63 % |
//!
//! That is 21 us for a step at AVX-512 and 26 at AVX2. AVX2 lacks the registers that hide the latency of the derivatives with
//! respect to C3's input. Ten columns of them at a time gave 8 % at AVX2 only with fences for the compiler, and cost AVX-512 3 %.

#![allow(clippy::needless_range_loop, reason = "loops over registers, several arrays at one index")]

mod dense;
mod forward;
mod input;
mod pooling;
mod weights;

use std::fmt::Debug;

use self::forward::{Field, Source};
use self::pooling::Fields;
use super::Connections;
use super::fast::{Fast, rooms};
use super::simd::{Simd, SimdBase, at_level, load_at, store_at};
use super::table::with_kernel_size;
use crate::kernels::batch_maps::{Batch, PATTERNS};
use crate::kernels::maps::Shape;

/// Kernels on sixteen patterns at once. Each computes what the method of [`Kernels`](super::Kernels) of the same name computes
/// for each pattern; derivatives with respect to parameters are summed over the patterns.
///
/// Those derivatives are added to what stands there, all else is overwritten. `scratch` is room for whatever a kernel likes; it
/// keeps what it has grown to, so that only first passes allocate.
pub trait BatchKernels<T>: Debug + Send + Sync {
    /// Weighted sums of a convolution; `values` are its weights, then its biases. A full connection is a convolution whose
    /// output is of one row and one column.
    fn convolution_forward(
        &self,
        connections: &Connections,
        values: &[T],
        input: &Batch<T>,
        output: &mut Batch<T>,
        scratch: &mut Vec<T>,
    );

    /// Adds to `derivative`: weights, then biases.
    fn convolution_parameter_derivative(
        &self,
        connections: &Connections,
        input: &Batch<T>,
        output_derivative: &Batch<T>,
        derivative: &mut [T],
        scratch: &mut Vec<T>,
    );

    /// Writes `input_derivative`.
    fn convolution_input_derivative(
        &self,
        connections: &Connections,
        values: &[T],
        output_derivative: &Batch<T>,
        input_derivative: &mut Batch<T>,
        scratch: &mut Vec<T>,
    );

    /// The largest of each field of `size` x `size` units, which do not overlap; what is left over at the right and at the
    /// bottom is not read. Units are compared row by row, and a later one has to be larger to take the place of the one before.
    fn max_pool_forward(&self, size: usize, input: &Batch<T>, output: &mut Batch<T>);

    /// Writes `input_derivative`: that of the field where [`max_pool_forward`](Self::max_pool_forward) took the unit, the first
    /// of equal ones; zero elsewhere.
    fn max_pool_input_derivative(
        &self,
        size: usize,
        input: &Batch<T>,
        output_derivative: &Batch<T>,
        input_derivative: &mut Batch<T>,
    );

    /// Weighted sums of a subsampling.
    fn subsampling_forward(
        &self,
        size: usize,
        coefficients: &[T],
        biases: &[T],
        input: &Batch<T>,
        output: &mut Batch<T>,
    );

    /// Adds to `derivative`: coefficients, then biases.
    fn subsampling_parameter_derivative(
        &self,
        size: usize,
        input: &Batch<T>,
        output_derivative: &Batch<T>,
        derivative: &mut [T],
    );

    /// Writes `input_derivative`.
    fn subsampling_input_derivative(
        &self,
        size: usize,
        coefficients: &[T],
        output_derivative: &Batch<T>,
        input_derivative: &mut Batch<T>,
    );
}

/// A unit of each pattern.
type Unit = [f32; PATTERNS];

/// The units of a batch.
fn units(batch: &Batch<f32>) -> &[Unit] {
    batch.values().as_chunks().0
}

/// The units of a batch, to write.
fn units_mut(batch: &mut Batch<f32>) -> &mut [Unit] {
    batch.values_mut().as_chunks_mut().0
}

/// Part `part` of a unit.
#[inline(always)]
fn of_unit<S: Simd>(simd: S, unit: &Unit, part: usize) -> S::f32s {
    load_at(simd, unit, part * S::f32s::LEN)
}

/// Writes part `part` of a unit.
#[inline(always)]
fn to_unit<S: Simd>(vector: S::f32s, unit: &mut Unit, part: usize) {
    store_at::<S>(vector, unit, part * S::f32s::LEN);
}

/// How many registers there are for sums and factors. Where a multiply-add is a piece of code, at the scalar level of x86-64,
/// blocks of many would be long and no faster.
#[inline(always)]
const fn registers<S: Simd>() -> usize {
    match S::f32s::LEN {
        16 => 32,
        8 => 16,
        _ if cfg!(target_arch = "aarch64") => 32,
        _ => 0,
    }
}

/// Where blocks of `step` start that cover 0..`count`; the last one may overlap the one before. There must be room for one.
#[inline(always)]
fn starts(count: usize, step: usize) -> impl Iterator<Item = usize> {
    (0..count).step_by(step).map(
        #[inline(always)]
        move |start| start.min(count - step),
    )
}

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

impl BatchKernels<f32> for Fast {
    fn convolution_forward(
        &self,
        connections: &Connections,
        values: &[f32],
        input: &Batch<f32>,
        output: &mut Batch<f32>,
        scratch: &mut Vec<f32>,
    ) {
        let (from, to, size) = (input.shape(), output.shape(), connections.size);
        let (weights, biases) = values.split_at(connections.weights());
        let [room] = rooms(scratch, [room_for_full(connections)]);
        let weights = full(connections, weights, room);
        let (field, from) = if to.area() == 1 {
            // All inputs side by side.
            (Field { maps: 1, height: 1, width: from.units() }, Shape::new(1, 1, from.units()))
        } else {
            (Field { maps: from.maps, height: size, width: size }, from)
        };
        let source = Source { weights, biases, field, input: units(input), from };
        at_level!(self.level, simd => forward::forward(simd, &source, units_mut(output), to));
    }

    fn convolution_parameter_derivative(
        &self,
        connections: &Connections,
        input: &Batch<f32>,
        output_derivative: &Batch<f32>,
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
            at_level!(self.level, simd => dense::parameter_derivative(simd, x, da, sums, biases, rows));
        } else {
            let factors = weights::Factors { input: x, from, output_derivative: da, to };
            with_kernel_size!(connections.size, K => {
                at_level!(self.level, simd => weights::derivative::<_, K>(simd, factors, sums, biases));
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

    fn convolution_input_derivative(
        &self,
        connections: &Connections,
        values: &[f32],
        output_derivative: &Batch<f32>,
        input_derivative: &mut Batch<f32>,
        scratch: &mut Vec<f32>,
    ) {
        let (from, to) = (output_derivative.shape(), input_derivative.shape());
        let [room] = rooms(scratch, [room_for_full(connections)]);
        let weights = full(connections, &values[..connections.weights()], room);
        let (da, dx) = (units(output_derivative), units_mut(input_derivative));
        if from.area() == 1 {
            at_level!(self.level, simd => dense::input_derivative(simd, weights, da, dx));
        } else {
            let factors = input::Factors { weights, output_derivative: da, from, to };
            with_kernel_size!(connections.size, K => {
                at_level!(self.level, simd => input::derivative::<_, K>(simd, factors, dx));
            });
        }
    }

    fn max_pool_forward(&self, size: usize, input: &Batch<f32>, output: &mut Batch<f32>) {
        let fields = Fields { size, from: input.shape(), to: output.shape() };
        at_level!(self.level, simd => pooling::max(simd, fields, units(input), units_mut(output)));
    }

    fn max_pool_input_derivative(
        &self,
        size: usize,
        input: &Batch<f32>,
        output_derivative: &Batch<f32>,
        input_derivative: &mut Batch<f32>,
    ) {
        let fields = Fields { size, from: input.shape(), to: output_derivative.shape() };
        let (x, da, dx) = (units(input), units(output_derivative), units_mut(input_derivative));
        at_level!(self.level, simd => pooling::max_input_derivative(simd, fields, x, da, dx));
    }

    fn subsampling_forward(
        &self,
        size: usize,
        coefficients: &[f32],
        biases: &[f32],
        input: &Batch<f32>,
        output: &mut Batch<f32>,
    ) {
        let fields = Fields { size, from: input.shape(), to: output.shape() };
        let (x, a) = (units(input), units_mut(output));
        at_level!(self.level, simd => pooling::weighted(simd, fields, coefficients, biases, x, a));
    }

    fn subsampling_parameter_derivative(
        &self,
        size: usize,
        input: &Batch<f32>,
        output_derivative: &Batch<f32>,
        derivative: &mut [f32],
    ) {
        let fields = Fields { size, from: input.shape(), to: output_derivative.shape() };
        let (coefficients, biases) = derivative.split_at_mut(fields.to.maps);
        let (x, da) = (units(input), units(output_derivative));
        at_level!(self.level, simd => {
            pooling::weighted_parameter_derivative(simd, fields, x, da, coefficients, biases);
        });
    }

    fn subsampling_input_derivative(
        &self,
        size: usize,
        coefficients: &[f32],
        output_derivative: &Batch<f32>,
        input_derivative: &mut Batch<f32>,
    ) {
        let fields = Fields { size, from: input_derivative.shape(), to: output_derivative.shape() };
        let (da, dx) = (units(output_derivative), units_mut(input_derivative));
        at_level!(self.level, simd => pooling::weighted_input_derivative(simd, fields, coefficients, da, dx));
    }
}
