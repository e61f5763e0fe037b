//! Subsampling: each map's fields are added once; all else is one number a field.

use super::elements;
use super::rooms::rooms;
use crate::maps::{Maps, Shape};
use crate::simd::{Simd, fma, splat};

/// Writes the sum of each field to `sums`, map by map: rows first, then columns, each in order.
#[inline(always)]
pub fn add_fields(size: usize, input: &[f32], from: Shape, to: Shape, sums: &mut [f32]) {
    for (row, sums) in sums.chunks_exact_mut(to.width).take(to.maps * to.height).enumerate() {
        let first = (row / to.height * from.height + row % to.height * size) * from.width;
        let rows = &input[first..][..size * from.width];
        if size == 2 {
            let (above, below) = rows.split_at(from.width);
            let fields = above.as_chunks::<2>().0.iter().zip(below.as_chunks::<2>().0);
            for (sum, (a, b)) in sums.iter_mut().zip(fields) {
                *sum = (a[0] + b[0]) + (a[1] + b[1]);
            }
        } else {
            for (x, sum) in sums.iter_mut().enumerate() {
                *sum = 0.0;
                for v in 0..size {
                    let column = rows[x * size + v..].iter().step_by(from.width);
                    *sum += column.fold(
                        0.0,
                        #[inline(always)]
                        |sum, x| sum + x,
                    );
                }
            }
        }
    }
}

#[inline(always)]
pub fn forward<S: Simd>(
    simd: S,
    size: usize,
    coefficients: &[f32],
    biases: &[f32],
    input: &Maps<f32>,
    output: &mut Maps<f32>,
) {
    let to = output.shape();
    add_fields(size, &input.values, input.shape(), to, &mut output.values);
    for (map, (&coefficient, &bias)) in output.values.chunks_exact_mut(to.area()).zip(coefficients.iter().zip(biases)) {
        let (coefficient, bias) = (splat::<S>(simd, coefficient), splat::<S>(simd, bias));
        elements::update(
            simd,
            map,
            #[inline(always)]
            |sum| fma::<S>(coefficient, sum, bias),
        );
    }
}

#[inline(always)]
pub fn parameter_derivative<S: Simd>(
    simd: S,
    size: usize,
    input: &Maps<f32>,
    output_derivative: &Maps<f32>,
    derivative: &mut [f32],
    scratch: &mut Vec<f32>,
) {
    let to = output_derivative.shape();
    let (coefficients, biases) = derivative.split_at_mut(to.maps);
    let [sums] = rooms(scratch, [to.units()]);
    add_fields(size, &input.values, input.shape(), to, sums);
    let maps = sums.chunks_exact(to.area()).zip(output_derivative.values.chunks_exact(to.area()));
    for ((coefficient, bias), (sums, das)) in coefficients.iter_mut().zip(biases).zip(maps) {
        let [sum] = elements::dots(simd, das, [sums]);
        *coefficient += sum;
        *bias += elements::sum(simd, das);
    }
}

#[inline(always)]
pub fn input_derivative(
    size: usize,
    coefficients: &[f32],
    output_derivative: &Maps<f32>,
    input_derivative: &mut Maps<f32>,
) {
    let (from, to) = (output_derivative.shape(), input_derivative.shape());
    if to.height != from.height * size || to.width != from.width * size {
        input_derivative.values.fill(0.0);
    }
    for (row, das) in output_derivative.values.chunks_exact(from.width).enumerate() {
        let (map, y) = (row / from.height, row % from.height);
        let coefficient = coefficients[map];
        let first = (map * to.height + y * size) * to.width;
        for dxs in input_derivative.values[first..][..size * to.width].chunks_exact_mut(to.width) {
            if size == 2 {
                for (dx, &da) in dxs.as_chunks_mut::<2>().0.iter_mut().zip(das) {
                    *dx = [coefficient * da; 2];
                }
            } else {
                for (dx, &da) in dxs.chunks_exact_mut(size).zip(das) {
                    dx.fill(coefficient * da);
                }
            }
        }
    }
}
