//! Convolutions as matrix products. With p = (j, u, v) an element of a unit's field and n = (y, x) a unit:
//!
//! - forward: a(i, n) = b(i) + sum over p of w(i, p) x(p, n), with x(p, n) the input as columns of fields;
//! - weights: dw(i, p) = sum over n of da(i, n) x(n, p), with the fields as rows; a last column of ones makes the bias one of
//!   the weights;
//! - input: dx(p, n) = sum over i of w(i, p) da(i, n), whose elements are then added where their fields overlap.
//!
//! For a sparse table, the first and the last sum run over its pairs. The weights' derivatives are computed for all pairs of maps, and
//! those that are not in the table are dropped.
//!
//! [`dense`] computes convolutions whose units see the whole input, [`positions`] those with few units.

use super::product::{Listed, OfPairs, RowMajor, inlined, product, vectors_of_row};
use super::rooms::rooms;
use super::{dense, elements, positions};
use crate::connections::Connections;
use crate::maps::{Maps, Shape};
use crate::simd::{COUNT, LANES, Select, Simd, SimdBase, load_at, splat, store_at};

/// The largest number of elements in a matrix of fields, so that it stays in the second-level cache.
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

/// Writes the fields of `rows` output rows from `top` on as columns. Whole vectors are copied, the last ones of all rows first:
/// later vectors overwrite the excess.
#[inline(always)]
fn columns_of_fields<S: Simd>(
    simd: S,
    (input, shape): (&[f32], Shape),
    size: usize,
    (top, rows): (usize, usize),
    (mut columns, pitch): (&mut [f32], usize),
) {
    let width = shape.width + 1 - size;
    for map in 0..shape.maps {
        for (u, v) in (0..size * size).map(|element| (element / size, element % size)) {
            let first = (map * shape.height + top + u) * shape.width + v;
            for x in (0..width).step_by(S::f32s::LEN).rev() {
                let (mut from, mut to) = (&input[first + x..], &mut columns[x..]);
                for _ in 1..rows {
                    store_at::<S>(load_at(simd, from, 0), to, 0);
                    (from, to) = (&from[shape.width..], &mut to[width..]);
                }
                store_at::<S>(load_at(simd, from, 0), to, 0);
            }
            columns = &mut columns[pitch..];
        }
    }
}

#[inline(always)]
pub fn forward<S: Simd>(
    simd: S,
    connections: &Connections,
    values: &[f32],
    input: &Maps<f32>,
    output: &mut Maps<f32>,
    scratch: &mut Vec<f32>,
) {
    if connections.is_dense(output.shape()) {
        let (weights, biases) = values.split_at(connections.weights());
        return dense::forward(simd, weights, biases, &input.values, &mut output.values);
    }
    if positions::are_at_most(positions::FEW, connections, output.shape()) {
        return positions::forward(simd, connections, values, input, output, scratch);
    }
    let (from, to, size, table) = (input.shape(), output.shape(), connections.size, &connections.table);
    let (weights, biases) = values.split_at(connections.weights());
    let field = from.maps * size * size;
    let band = bands(field, to).map(|(_, rows)| pitch(rows * to.width)).max().expect("one row at least");
    let [fields, sums, x] = rooms(scratch, [field * band, to.maps * band, from.units()]);
    x[..from.units()].copy_from_slice(&input.values);
    for (top, rows) in bands(field, to) {
        let count = rows * to.width;
        let pitch = pitch(count);
        columns_of_fields(simd, (x, from), size, (top, rows), (fields, pitch));
        let columns = count.next_multiple_of(LANES);
        if table.is_full() {
            let terms = RowMajor { a: weights, pitch: field, length: field, b: fields, width: pitch };
            product(simd, &terms, to.maps, columns, sums, pitch);
        } else {
            let terms = OfPairs { table, area: size * size, a: weights, b: fields, width: pitch };
            for (map, sums) in sums.chunks_mut(pitch).take(to.maps).enumerate() {
                vectors_of_row(simd, &terms, map, &mut sums[..columns]);
            }
        }
        for (map, &bias) in biases.iter().enumerate() {
            let (a, bias) = (&mut output.map_mut(map)[top * to.width..][..count], splat::<S>(simd, bias));
            elements::map(
                simd,
                &sums[map * pitch..],
                a,
                #[inline(always)]
                |sum| sum + bias,
            );
        }
    }
}

/// Writes the field of each unit in `rows` output rows from `top` on as a row of its own, followed by a one. C numbers are
/// copied for each row of a kernel: the next row overwrites the excess.
#[inline(always)]
fn rows_of_fields<const C: usize>(
    (input, shape): (&[f32], Shape),
    size: usize,
    (top, rows): (usize, usize),
    (fields, pitch): (&mut [f32], usize),
) {
    let width = shape.width + 1 - size;
    for (y, fields) in fields.chunks_mut(width * pitch).take(rows).enumerate() {
        for (map, u) in (0..shape.maps * size).map(|row| (row / size, row % size)) {
            let from = &input[(map * shape.height + top + y + u) * shape.width..][..width + C - 1];
            let place = (map * size + u) * size;
            for (field, from) in fields.chunks_exact_mut(pitch).zip(from.windows(C)) {
                field[place..][..C].copy_from_slice(from);
            }
        }
        for field in fields.chunks_exact_mut(pitch) {
            field[shape.maps * size * size] = 1.0;
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
    if connections.is_dense(output_derivative.shape()) {
        let (dw, db) = derivative.split_at_mut(connections.weights());
        return dense::parameter_derivative(simd, &input.values, &output_derivative.values, dw, db);
    }
    if positions::are_at_most(positions::FEW_FOR_WEIGHTS, connections, output_derivative.shape()) {
        return positions::parameter_derivative(simd, connections, input, output_derivative, derivative, scratch);
    }
    let (from, to, size) = (input.shape(), output_derivative.shape(), connections.size);
    let (area, field) = (size * size, from.maps * size * size);
    let pitch = pitch(field + LANES / 2);
    let band = bands(field, to).map(|(_, rows)| rows * to.width).max().expect("one row at least");
    let [fields, sums, x] = rooms(scratch, [band * pitch, to.maps * pitch, from.units()]);
    x[..from.units()].copy_from_slice(&input.values);
    let (weights, biases) = derivative.split_at_mut(connections.weights());
    for (top, rows) in bands(field, to) {
        if size <= 4 {
            rows_of_fields::<4>((x, from), size, (top, rows), (fields, pitch));
        } else {
            rows_of_fields::<8>((x, from), size, (top, rows), (fields, pitch));
        }
        let a = &output_derivative.values[top * to.width..];
        let terms = RowMajor { a, pitch: to.area(), length: rows * to.width, b: fields, width: pitch };
        product(simd, &terms, to.maps, (field + 1).next_multiple_of(LANES), sums, pitch);
        for (bias, sums) in biases.iter_mut().zip(sums.chunks_exact(pitch)) {
            *bias += sums[field];
        }
        if connections.table.is_full() {
            for (weights, sums) in weights.chunks_exact_mut(field).zip(sums.chunks_exact(pitch)) {
                elements::add(simd, sums, weights);
            }
        } else {
            for (&(to, from), kernel) in connections.table.pairs().iter().zip(weights.chunks_exact_mut(area)) {
                elements::add(simd, &sums[to * pitch + from * area..], kernel);
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
    let lanes = load_at::<S>(simd, &COUNT.0, 0);
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
                    total += within.select(load_at(simd, sums, start), zero);
                }
            }
            store_at::<S>(total, map, row * input.width + column);
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
    if connections.is_dense(output_derivative.shape()) {
        let weights = &values[..connections.weights()];
        return dense::input_derivative(simd, weights, &output_derivative.values, &mut input_derivative.values);
    }
    if positions::are_at_most(positions::FEW, connections, output_derivative.shape()) {
        return positions::input_derivative(simd, connections, values, output_derivative, input_derivative, scratch);
    }
    let (from, to, table) = (output_derivative.shape(), input_derivative.shape(), &connections.table);
    let (size, area) = (connections.size, connections.size * connections.size);
    let (pitch, columns) = (pitch(from.area()), from.area().next_multiple_of(LANES));
    let single = table.is_full() && size == 1;
    let rows = if single { to.maps } else { area };
    let [sums, das, dx] = rooms(scratch, [rows * pitch, from.units(), to.area()]);
    das[..from.units()].copy_from_slice(&output_derivative.values);
    if single {
        let start = inlined(
            #[inline(always)]
            |map| (map * to.maps, map * from.area()),
        );
        let terms = Listed { a: values, b: das, length: from.maps, start };
        product(simd, &terms, rows, columns, sums, pitch);
        for (map, sums) in input_derivative.values.chunks_exact_mut(to.area()).zip(sums.chunks_exact(pitch)) {
            elements::map(
                simd,
                sums,
                map,
                #[inline(always)]
                |sum| sum,
            );
        }
        return;
    }
    for map in 0..to.maps {
        let pairs = table.of_input(map);
        let start = inlined(
            #[inline(always)]
            |k: usize| (pairs[k].0 * area, pairs[k].1 * from.area()),
        );
        let terms = Listed { a: values, b: das, length: pairs.len(), start };
        product(simd, &terms, rows, columns, sums, pitch);
        add_fields(simd, (sums, pitch), size, from, to, dx);
        input_derivative.map_mut(map).copy_from_slice(&dx[..to.area()]);
    }
}
