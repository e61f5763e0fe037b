//! Convolutions as matrix products. With p = (j, u, v) an element of a unit's field and n = (y, x) a unit:
//!
//! - forward: a(i, n) = b(i) + sum over p of w(i, p) x(p, n), with x(p, n) the input as columns of fields;
//! - weights: dw(i, p) = sum over n of da(i, n) x(n, p), with the fields as rows; a last column of ones makes the bias one of
//!   the weights;
//! - input: dx(p, n) = sum over i of w(i, p) da(i, n), whose elements are then added where their fields overlap.
//!
//! For a sparse table the first two take zeros for the pairs that it lacks: 1.6 times the products for Table I, still cheaper
//! than rows that have nothing in common.

use super::product::{Listed, RowMajor, product};
use super::{elements, rooms};
use crate::kernels::Connections;
use crate::kernels::simd::{LANES, Select, Simd, SimdBase, load_at, splat, store_at};
use crate::maps::{Maps, Shape};

/// How many numbers a matrix of fields may have, so that it stays in the second-level cache.
const FIELDS: usize = 1 << 15;

/// A distance between rows: whole vectors, and an odd number of them, as powers of two would share lines of the cache.
fn pitch(columns: usize) -> usize {
    columns.next_multiple_of(LANES) | LANES
}

/// Output rows to be computed together.
fn bands(field: usize, output: Shape) -> impl Iterator<Item = (usize, usize)> {
    let rows = (FIELDS / (field * output.width)).max(1);
    (0..output.height).step_by(rows).map(move |top| (top, rows.min(output.height - top)))
}

/// The weights as a matrix of outputs x fields, with zeros for the pairs that the table lacks.
fn spread(connections: &Connections, weights: &[f32], matrix: &mut [f32]) {
    let (inputs, area) = (connections.table.inputs(), connections.size * connections.size);
    matrix.fill(0.0);
    for (&(to, from), kernel) in connections.table.pairs().iter().zip(weights.chunks_exact(area)) {
        matrix[(to * inputs + from) * area..][..area].copy_from_slice(kernel);
    }
}

/// Writes the fields of `rows` output rows from `top` on as columns. Whole vectors are copied: what is too much is overwritten
/// by the next row.
#[inline(always)]
fn columns_of_fields<S: Simd>(
    simd: S,
    (input, shape): (&[f32], Shape),
    size: usize,
    (top, rows): (usize, usize),
    (columns, pitch): (&mut [f32], usize),
) {
    let width = shape.width + 1 - size;
    for p in 0..shape.maps * size * size {
        let (map, u, v) = (p / (size * size), p / size % size, p % size);
        let first = (map * shape.height + top + u) * shape.width + v;
        for y in 0..rows {
            let from = &input[first + y * shape.width..];
            let to = &mut columns[p * pitch + y * width..];
            for x in (0..width).step_by(S::f32s::LEN) {
                store_at::<S>(load_at(simd, from, x), to, x);
            }
        }
    }
}

/// Writes a to `output`.
#[inline(always)]
pub fn forward<S: Simd>(
    simd: S,
    connections: &Connections,
    values: &[f32],
    input: &Maps<f32>,
    output: &mut Maps<f32>,
    scratch: &mut Vec<f32>,
) {
    let (from, to, size) = (input.shape(), output.shape(), connections.size);
    let (weights, biases) = values.split_at(connections.weights());
    let field = from.maps * size * size;
    let band = bands(field, to).map(|(_, rows)| pitch(rows * to.width)).max().expect("one row at least");
    let dense = if connections.table.is_full() { 0 } else { to.maps * field };
    let [fields, sums, x, matrix] = rooms(scratch, [field * band, to.maps * band, from.units(), dense]);
    x[..from.units()].copy_from_slice(&input.values);
    let a = if dense == 0 {
        weights
    } else {
        spread(connections, weights, &mut matrix[..dense]);
        &matrix[..dense]
    };
    for (top, rows) in bands(field, to) {
        let count = rows * to.width;
        let pitch = pitch(count);
        columns_of_fields(simd, (x, from), size, (top, rows), (fields, pitch));
        let terms = RowMajor { a, pitch: field, length: field, b: fields, width: pitch };
        product(simd, &terms, to.maps, count.next_multiple_of(LANES), sums, pitch);
        for (map, &bias) in biases.iter().enumerate() {
            let (a, bias) = (&mut output.map_mut(map)[top * to.width..][..count], splat::<S>(simd, bias));
            elements::map(simd, &sums[map * pitch..], a, |sum| sum + bias);
        }
    }
}

/// Writes the field of each unit in `rows` output rows from `top` on as a row of its own, followed by a one.
pub fn rows_of_fields<const K: usize>(
    input: &Maps<f32>,
    (top, rows): (usize, usize),
    (fields, pitch): (&mut [f32], usize),
) {
    let shape = input.shape();
    let width = shape.width + 1 - K;
    for (n, field) in fields.chunks_exact_mut(pitch).take(rows * width).enumerate() {
        let first = (top + n / width) * shape.width + n % width;
        for (row, to) in field.as_chunks_mut::<K>().0.iter_mut().take(shape.maps * K).enumerate() {
            let from = &input.values[(row / K * shape.height + row % K) * shape.width + first..];
            *to = *from.first_chunk().expect("within the map");
        }
        field[shape.maps * K * K] = 1.0;
    }
}

/// Adds to `derivative` those with respect to the weights, then those with respect to the biases.
///
/// `fill` is [`rows_of_fields`] for the kernel size.
#[inline(always)]
pub fn parameter_derivative<S: Simd>(
    simd: S,
    connections: &Connections,
    input: &Maps<f32>,
    output_derivative: &Maps<f32>,
    derivative: &mut [f32],
    scratch: &mut Vec<f32>,
    fill: fn(&Maps<f32>, (usize, usize), (&mut [f32], usize)),
) {
    let (to, area) = (output_derivative.shape(), connections.size * connections.size);
    let field = input.shape().maps * area;
    let pitch = pitch(field + 1);
    let band = bands(field, to).map(|(_, rows)| rows * to.width).max().expect("one row at least");
    let [fields, sums] = rooms(scratch, [band * pitch, to.maps * pitch]);
    let (weights, biases) = derivative.split_at_mut(connections.weights());
    for (top, rows) in bands(field, to) {
        fill(input, (top, rows), (fields, pitch));
        let a = &output_derivative.values[top * to.width..];
        let terms = RowMajor { a, pitch: to.area(), length: rows * to.width, b: fields, width: pitch };
        product(simd, &terms, to.maps, (field + 1).next_multiple_of(LANES), sums, pitch);
        for (bias, sums) in biases.iter_mut().zip(sums.chunks_exact(pitch)) {
            *bias += sums[field];
        }
        if connections.table.is_full() {
            for (weights, sums) in weights.chunks_exact_mut(field).zip(sums.chunks_exact(pitch)) {
                elements::add(simd, sums, weights, |sum| sum);
            }
        } else {
            for (&(to, from), kernel) in connections.table.pairs().iter().zip(weights.chunks_exact_mut(area)) {
                elements::add(simd, &sums[to * pitch + from * area..], kernel, |sum| sum);
            }
        }
    }
}

/// Writes one map of the derivatives with respect to the input, whose rows and columns meet `sums`: element (u, v) of the field
/// of each output unit. A number too many is written after each row, and after the last.
#[inline(always)]
fn add_fields<S: Simd>(
    simd: S,
    (sums, pitch): (&[f32], usize),
    size: usize,
    output: Shape,
    input: Shape,
    map: &mut [f32],
) {
    let lanes = S::f32s::from_fn(simd, |lane| lane as f32);
    let (zero, end) = (splat::<S>(simd, 0.0), splat::<S>(simd, output.width as f32));
    for row in 0..input.height {
        let us = (row + 1).saturating_sub(output.height)..size.min(row + 1);
        for column in (0..input.width).step_by(S::f32s::LEN) {
            let mut total = zero;
            for v in 0..size {
                // Lane l belongs to input column `column` + l, which meets output column `column` + l - v.
                let met = lanes + splat::<S>(simd, column as f32 - v as f32);
                let within = met.simd_ge(zero) & met.simd_lt(end);
                for u in us.clone() {
                    let start = (u * size + v) * pitch + (row - u) * output.width + column - v;
                    total = total + within.select(load_at(simd, sums, start), zero);
                }
            }
            store_at::<S>(total, map, row * input.width + column);
        }
    }
}

/// Writes `input_derivative`.
#[inline(always)]
pub fn input_derivative<S: Simd>(
    simd: S,
    connections: &Connections,
    values: &[f32],
    output_derivative: &Maps<f32>,
    input_derivative: &mut Maps<f32>,
    scratch: &mut Vec<f32>,
) {
    let (from, to, table) = (output_derivative.shape(), input_derivative.shape(), &connections.table);
    let (size, area) = (connections.size, connections.size * connections.size);
    let (pitch, columns) = (pitch(from.area()), from.area().next_multiple_of(LANES));
    let single = table.is_full() && size == 1;
    let rows = if single { to.maps } else { area };
    let [sums, das, dx] = rooms(scratch, [rows * pitch, from.units(), to.area()]);
    das[..from.units()].copy_from_slice(&output_derivative.values);
    if single {
        let starts = (0..from.maps).map(|map| (map * to.maps, map * from.area()));
        product(simd, &Listed { a: values, b: das, starts }, rows, columns, sums, pitch);
        for (map, sums) in input_derivative.values.chunks_exact_mut(to.area()).zip(sums.chunks_exact(pitch)) {
            elements::map(simd, sums, map, |sum| sum);
        }
        return;
    }
    for map in 0..to.maps {
        let starts = table.of_input(map).iter().map(|&(pair, output)| (pair * area, output * from.area()));
        product(simd, &Listed { a: values, b: das, starts }, rows, columns, sums, pitch);
        add_fields(simd, (sums, pitch), size, from, to, dx);
        input_derivative.map_mut(map).copy_from_slice(&dx[..to.area()]);
    }
}
