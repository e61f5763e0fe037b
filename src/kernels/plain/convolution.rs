//! Convolution with a connection table, stride 1, no padding (section II-A).
//!
//! Output map i, with V(i) the input maps that the table joins to it and K x K kernels:
//!
//! a_i(y, x) = b_i + sum over j in V(i), u, v of w_ij(u, v) * x_j(y + u, x + v)
//!
//! Arguments: `pairs` are the table's (output map, input map); `weights` hold one K x K kernel a pair, in that order;
//! `biases` one number an output map. An input of H x W gives an output of (H - K + 1) x (W - K + 1). K is known at compile
//! time so that the loops over it unroll.

use crate::maps::{Maps, Shape};
use crate::scalar::Scalar;

/// Calls `row(kernel row, output row, input row)` with the starts of each three rows that meet: row u of a pair's kernel
/// (counted in kernel rows), row y of its output map, row y + u of its input map (both counted in units).
///
/// All passes walk the same connections in the same order and differ in what they do with the three rows.
#[inline(always)]
fn for_each_row<const K: usize>(
    pairs: &[(usize, usize)],
    input: Shape,
    output: Shape,
    mut row: impl FnMut(usize, usize, usize),
) {
    for (pair, &(to, from)) in pairs.iter().enumerate() {
        for y in 0..output.height {
            for u in 0..K {
                row(pair * K + u, (to * output.height + y) * output.width, (from * input.height + y + u) * input.width);
            }
        }
    }
}

/// Writes a_i to `output`.
pub fn forward<T: Scalar, const K: usize>(
    pairs: &[(usize, usize)],
    weights: &[T],
    biases: &[T],
    input: &Maps<T>,
    output: &mut Maps<T>,
) {
    for (map, &bias) in biases.iter().enumerate() {
        output.map_mut(map).fill(bias);
    }
    let (from, to) = (input.shape(), output.shape());
    let kernel_rows = weights.as_chunks::<K>().0;
    for_each_row::<K>(pairs, from, to, |kernel_row, out, inp| {
        let weights = &kernel_rows[kernel_row];
        let sums = &mut output.values[out..][..to.width];
        for (sum, window) in sums.iter_mut().zip(input.values[inp..][..from.width].windows(K)) {
            let mut part = T::zero();
            for v in 0..K {
                part += weights[v] * window[v];
            }
            *sum += part;
        }
    });
}

/// Adds to `weights` and `biases` the derivatives with respect to them, given those with respect to a_i:
///
/// dw_ij(u, v) += sum over y, x of da_i(y, x) * x_j(y + u, x + v), and db_i += sum over y, x of da_i(y, x)
pub fn parameter_derivative<T: Scalar, const K: usize>(
    pairs: &[(usize, usize)],
    input: &Maps<T>,
    output_derivative: &Maps<T>,
    weights: &mut [T],
    biases: &mut [T],
) {
    for (map, bias) in biases.iter_mut().enumerate() {
        for &da in output_derivative.map(map) {
            *bias += da;
        }
    }
    let (from, to) = (input.shape(), output_derivative.shape());
    let kernel_rows = weights.as_chunks_mut::<K>().0;
    for_each_row::<K>(pairs, from, to, |kernel_row, out, inp| {
        let das = &output_derivative.values[out..][..to.width];
        let mut sums = [T::zero(); K];
        for (&da, window) in das.iter().zip(input.values[inp..][..from.width].windows(K)) {
            for v in 0..K {
                sums[v] += da * window[v];
            }
        }
        for v in 0..K {
            kernel_rows[kernel_row][v] += sums[v];
        }
    });
}

/// Writes to `input_derivative` the derivatives with respect to x_j, given those with respect to a_i:
///
/// dx_j(y + u, x + v) = sum over i with j in V(i), and over y, x, u, v that meet there, of w_ij(u, v) * da_i(y, x)
pub fn input_derivative<T: Scalar, const K: usize>(
    pairs: &[(usize, usize)],
    weights: &[T],
    output_derivative: &Maps<T>,
    input_derivative: &mut Maps<T>,
) {
    input_derivative.values.fill(T::zero());
    let (from, to) = (input_derivative.shape(), output_derivative.shape());
    let kernel_rows = weights.as_chunks::<K>().0;
    for_each_row::<K>(pairs, from, to, |kernel_row, out, inp| {
        let das = &output_derivative.values[out..][..to.width];
        let dxs = &mut input_derivative.values[inp..][..from.width];
        for (v, &w) in kernel_rows[kernel_row].iter().enumerate() {
            for (dx, &da) in dxs[v..].iter_mut().zip(das) {
                *dx += w * da;
            }
        }
    });
}
