//! Subsampling (section II-B): each unit adds the N x N inputs of its field, which do not overlap, multiplies the sum by its
//! map's trainable coefficient and adds its map's trainable bias:
//!
//! a_i(y, x) = c_i * (sum over u, v of x_i(N y + u, N x + v)) + b_i
//!
//! An input of H x W gives an output of floor(H / N) x floor(W / N); a row or column left over is not read.

use crate::maps::{Maps, Shape};
use crate::scalar::Scalar;

/// Calls `field(output unit, input unit)` for each connection within map `map`.
#[inline(always)]
fn for_each_connection(map: usize, size: usize, input: Shape, output: Shape, mut connect: impl FnMut(usize, usize)) {
    for y in 0..output.height {
        for u in 0..size {
            let out = (map * output.height + y) * output.width;
            let inp = (map * input.height + size * y + u) * input.width;
            for x in 0..output.width {
                for v in 0..size {
                    connect(out + x, inp + size * x + v);
                }
            }
        }
    }
}

/// Writes to `output` the sum of the inputs of each field: the equation's parenthesis.
pub fn add_fields<T: Scalar>(size: usize, input: &Maps<T>, output: &mut Maps<T>) {
    output.values.fill(T::zero());
    let (from, to) = (input.shape(), output.shape());
    let (x, sums) = (&*input.values, &mut *output.values);
    for map in 0..to.maps {
        for_each_connection(map, size, from, to, |out, inp| sums[out] += x[inp]);
    }
}

/// Writes a_i to `output`.
pub fn forward<T: Scalar>(size: usize, coefficients: &[T], biases: &[T], input: &Maps<T>, output: &mut Maps<T>) {
    add_fields(size, input, output);
    for (map, (&coefficient, &bias)) in coefficients.iter().zip(biases).enumerate() {
        for a in output.map_mut(map) {
            *a = coefficient * *a + bias;
        }
    }
}

/// Adds to `coefficients` and `biases` the derivatives with respect to them, given those with respect to a_i:
///
/// dc_i += sum over y, x, u, v of da_i(y, x) * x_i(N y + u, N x + v), and db_i += sum over y, x of da_i(y, x)
pub fn parameter_derivative<T: Scalar>(
    size: usize,
    input: &Maps<T>,
    output_derivative: &Maps<T>,
    coefficients: &mut [T],
    biases: &mut [T],
) {
    let (from, to) = (input.shape(), output_derivative.shape());
    let (x, das) = (&*input.values, &*output_derivative.values);
    for (map, (coefficient, bias)) in coefficients.iter_mut().zip(biases).enumerate() {
        for &da in output_derivative.map(map) {
            *bias += da;
        }
        let mut sum = T::zero();
        for_each_connection(map, size, from, to, |out, inp| sum += das[out] * x[inp]);
        *coefficient += sum;
    }
}

/// Writes to `input_derivative` the derivatives with respect to x_i: dx_i(N y + u, N x + v) = c_i * da_i(y, x).
pub fn input_derivative<T: Scalar>(
    size: usize,
    coefficients: &[T],
    output_derivative: &Maps<T>,
    input_derivative: &mut Maps<T>,
) {
    input_derivative.values.fill(T::zero());
    let (from, to) = (input_derivative.shape(), output_derivative.shape());
    let (das, dx) = (&*output_derivative.values, &mut *input_derivative.values);
    for (map, &coefficient) in coefficients.iter().enumerate() {
        for_each_connection(map, size, from, to, |out, inp| dx[inp] = coefficient * das[out]);
    }
}
