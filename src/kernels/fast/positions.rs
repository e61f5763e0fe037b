//! Convolutions with a full table and few output positions: a full connection of the field at each position. The matrix products
//! of [`convolution`](super::convolution) have positions in the lanes, most of which would be empty.

use super::dense;
use super::rooms::rooms;
use crate::connections::{Connections, with_kernel_size};
use crate::maps::{Maps, Shape};
use crate::simd::Simd;

/// The most positions at which this is faster than the matrix products, forward and for the input's derivatives.
pub const FEW: usize = 6;

/// The most positions for the weights' derivatives, whose matrix product has elements of fields in the lanes.
pub const FEW_FOR_WEIGHTS: usize = 4;

/// True if the table is full and there are at most `few` positions.
pub fn are_at_most(few: usize, connections: &Connections, output: Shape) -> bool {
    connections.table.is_full() && output.area() <= few
}

/// The starts of each row of the field at a position: in the input, and in the field.
#[inline(always)]
fn rows<const K: usize>(input: Shape, position: usize) -> impl Iterator<Item = (usize, usize)> {
    let width = input.width + 1 - K;
    let first = (position / width) * input.width + position % width;
    (0..input.maps)
        .flat_map(move |map| (0..K).map(move |u| (map * input.area() + u * input.width + first, (map * K + u) * K)))
}

/// Writes the fields of all positions, one after another, each in the order of a row of weights.
#[inline(always)]
fn gather<const K: usize>(input: &Maps<f32>, fields: &mut [f32]) {
    for (position, field) in fields.chunks_exact_mut(input.shape().maps * K * K).enumerate() {
        rows::<K>(input.shape(), position).for_each(
            #[inline(always)]
            |(from, to)| field[to..][..K].copy_from_slice(&input.values[from..][..K]),
        );
    }
}

/// Adds a position's field to the input maps that it was gathered from.
#[inline(always)]
fn scatter<const K: usize>(field: &[f32], position: usize, input: &mut Maps<f32>) {
    rows::<K>(input.shape(), position).for_each(
        #[inline(always)]
        |(to, from)| {
            for (sum, x) in input.values[to..][..K].iter_mut().zip(&field[from..][..K]) {
                *sum += x;
            }
        },
    );
}

/// Writes a to `output`. Four rows of weights meet all fields before the next ones are read.
#[inline(always)]
pub fn forward<S: Simd>(
    simd: S,
    connections: &Connections,
    values: &[f32],
    input: &Maps<f32>,
    output: &mut Maps<f32>,
    scratch: &mut Vec<f32>,
) {
    let (size, area) = (connections.size, output.shape().area());
    let field = input.shape().maps * size * size;
    let (weights, biases) = values.split_at(connections.weights());
    let [fields] = rooms(scratch, [area * field]);
    let fields = &mut fields[..area * field];
    with_kernel_size!(size, K => gather::<K>(input, fields));
    let outputs = output.values.chunks_mut(4 * area);
    for ((weights, biases), output) in weights.chunks(4 * field).zip(biases.chunks(4)).zip(outputs) {
        for (position, field) in fields.chunks_exact(field).enumerate() {
            let mut a = [0.0; 4];
            dense::forward(simd, weights, biases, field, &mut a[..biases.len()]);
            for (map, a) in output.chunks_exact_mut(area).zip(a) {
                map[position] = a;
            }
        }
    }
}

#[inline(always)]
pub fn parameter_derivative<S: Simd>(
    simd: S,
    connections: &Connections,
    input: &Maps<f32>,
    output_derivative: &Maps<f32>,
    derivative: &mut [f32],
    scratch: &mut Vec<f32>,
) {
    let (size, area) = (connections.size, output_derivative.shape().area());
    let field = input.shape().maps * size * size;
    let (weights, biases) = derivative.split_at_mut(connections.weights());
    let [fields] = rooms(scratch, [area * field]);
    let fields = &mut fields[..area * field];
    with_kernel_size!(size, K => gather::<K>(input, fields));
    let das = output_derivative.values.chunks_exact(area);
    for ((row, bias), das) in weights.chunks_exact_mut(field).zip(biases.chunks_exact_mut(1)).zip(das) {
        for (da, field) in das.chunks_exact(1).zip(fields.chunks_exact(field)) {
            dense::parameter_derivative(simd, field, da, row, bias);
        }
    }
}

#[inline(always)]
pub fn input_derivative<S: Simd>(
    simd: S,
    connections: &Connections,
    values: &[f32],
    output_derivative: &Maps<f32>,
    input_derivative: &mut Maps<f32>,
    scratch: &mut Vec<f32>,
) {
    let (from, weights) = (output_derivative.shape(), &values[..connections.weights()]);
    let field = weights.len() / from.maps;
    let [dx, da] = rooms(scratch, [field, from.maps]);
    let (dx, da) = (&mut dx[..field], &mut da[..from.maps]);
    input_derivative.values.fill(0.0);
    for position in 0..from.area() {
        for (da, map) in da.iter_mut().zip(output_derivative.values.chunks_exact(from.area())) {
            *da = map[position];
        }
        dense::input_derivative(simd, weights, da, dx);
        with_kernel_size!(connections.size, K => scatter::<K>(dx, position, input_derivative));
    }
}
