//! The way back through a convolution that covers its whole input, C5 and full connections: a(i) = b(i) + sum over j of
//! w(i, j) x(j).

use super::unit::{Unit, of_unit, registers, starts, to_unit};
use crate::simd::{LANES, Lanes, Simd, SimdBase, f32x4, fma, load_at, parts, splat, store_at, transpose, unroll};

/// Writes dx(j) = sum over i of w(i, j) da(i), in this order.
#[inline(always)]
pub fn input_derivative<S: Simd>(simd: S, weights: &[f32], output_derivative: &[Unit], dx: &mut [Unit]) {
    if const { registers::<S>() == 32 } && dx.len() >= 16 {
        inputs::<S, 16>(simd, weights, output_derivative, dx);
    } else if dx.len() >= 8 {
        inputs::<S, 8>(simd, weights, output_derivative, dx);
    } else {
        inputs::<S, 1>(simd, weights, output_derivative, dx);
    }
}

/// N inputs at a time; the last ones may overlap the ones before.
#[inline(always)]
fn inputs<S: Simd, const N: usize>(simd: S, weights: &[f32], output_derivative: &[Unit], dx: &mut [Unit]) {
    let length = dx.len();
    for part in 0..parts::<S>() {
        for start in starts(length, N) {
            let mut sums = [splat::<S>(simd, 0.0); N];
            for (da, weights) in output_derivative.iter().zip(weights.chunks_exact(length)) {
                let da = of_unit(simd, da, part);
                let weights: &[f32; N] = weights[start..].first_chunk().expect("N are left");
                unroll!(I in [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15] {
                    if I < N {
                        sums[I] = fma::<S>(splat(simd, weights[I]), da, sums[I]);
                    }
                });
            }
            let dx: &mut [Unit; N] = dx[start..].first_chunk_mut().expect("N are left");
            unroll!(I in [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15] {
                if I < N {
                    to_unit::<S>(sums[I], &mut dx[I], part);
                }
            });
        }
    }
}

/// The length of the rows of [`pattern_rows`].
pub fn pitch(inputs: usize) -> usize {
    inputs.next_multiple_of(LANES)
}

/// Writes the inputs of each pattern as a row.
#[inline(always)]
fn pattern_rows<S: Simd>(simd: S, input: &[Unit], rows: &mut [f32], pitch: usize) {
    let (fours, rest) = input.as_chunks::<4>();
    for (block, four) in fours.iter().enumerate() {
        for n in [0, 4, 8, 12] {
            let quarter = |unit: usize| f32x4::from_slice(simd, &four[unit][n..n + 4]);
            let columns = transpose([quarter(0), quarter(1), quarter(2), quarter(3)]);
            unroll!(N in [0 1 2 3] {
                columns[N].store_slice(&mut rows[(n + N) * pitch + 4 * block..][..4]);
            });
        }
    }
    for (i, unit) in rest.iter().enumerate() {
        for (n, &x) in unit.iter().enumerate() {
            rows[n * pitch + 4 * fours.len() + i] = x;
        }
    }
}

/// Adds to `weights` sum over n of da(i, n) x(j, n): each is extended by pattern after pattern. Adds to `biases` the sums of da.
#[inline(always)]
pub fn parameter_derivative<S: Simd>(
    simd: S,
    input: &[Unit],
    output_derivative: &[Unit],
    weights: &mut [f32],
    biases: &mut [f32],
    rows: &mut [f32],
) {
    let (length, pitch) = (input.len(), pitch(input.len()));
    pattern_rows(simd, input, rows, pitch);
    for (bias, da) in biases.iter_mut().zip(output_derivative) {
        *bias += Lanes(*da).sum(simd);
    }
    let (fours, ones) = output_derivative.as_chunks::<4>();
    let (weights, last) = weights.split_at_mut(4 * fours.len() * length);
    for (da, weights) in fours.iter().zip(weights.chunks_exact_mut(4 * length)) {
        outputs::<S, 4>(simd, (rows, pitch), da, weights);
    }
    for (da, weights) in ones.iter().zip(last.chunks_exact_mut(length)) {
        outputs::<S, 1>(simd, (rows, pitch), std::array::from_ref(da), weights);
    }
}

/// The weights of N outputs.
#[inline(always)]
fn outputs<S: Simd, const N: usize>(simd: S, (rows, pitch): (&[f32], usize), da: &[Unit; N], weights: &mut [f32]) {
    let (length, width) = (weights.len() / N, S::f32s::LEN);
    let mut column = 0;
    while const { registers::<S>() == 32 } && column + 5 * width <= length {
        vectors::<S, N, 5>(simd, (rows, pitch), da, weights, (column, length));
        column += 5 * width;
    }
    while column + 2 * width <= length {
        vectors::<S, N, 2>(simd, (rows, pitch), da, weights, (column, length));
        column += 2 * width;
    }
    while column < length {
        // A vector, or what is left: through a row that is long enough.
        let count = width.min(length - column);
        let mut room = [[0.0; LANES]; N];
        for (row, room) in weights.chunks_exact(length).zip(&mut room) {
            room[..count].copy_from_slice(&row[column..][..count]);
        }
        vectors::<S, N, 1>(simd, (&rows[column..], pitch), da, room.as_flattened_mut(), (0, LANES));
        for (row, room) in weights.chunks_exact_mut(length).zip(&room) {
            row[column..][..count].copy_from_slice(&room[..count]);
        }
        column += width;
    }
}

/// V vectors from `column` on of the weights of N outputs.
#[inline(always)]
fn vectors<S: Simd, const N: usize, const V: usize>(
    simd: S,
    (rows, pitch): (&[f32], usize),
    da: &[Unit; N],
    weights: &mut [f32],
    (column, length): (usize, usize),
) {
    let width = S::f32s::LEN;
    let mut sums = [[splat::<S>(simd, 0.0); V]; N];
    unroll!(OUTPUT in [0 1 2 3] {
        if OUTPUT < N {
            let row = &weights[OUTPUT * length + column..][..V * width];
            unroll!(VECTOR in [0 1 2 3 4] {
                if VECTOR < V {
                    sums[OUTPUT][VECTOR] = load_at(simd, row, VECTOR * width);
                }
            });
        }
    });
    for n in 0..LANES {
        let row = &rows[n * pitch + column..][..V * width];
        let mut x = [splat::<S>(simd, 0.0); V];
        unroll!(VECTOR in [0 1 2 3 4] {
            if VECTOR < V {
                x[VECTOR] = load_at(simd, row, VECTOR * width);
            }
        });
        unroll!(OUTPUT in [0 1 2 3] {
            if OUTPUT < N {
                let da = splat::<S>(simd, da[OUTPUT][n]);
                unroll!(VECTOR in [0 1 2 3 4] {
                    if VECTOR < V {
                        sums[OUTPUT][VECTOR] = fma::<S>(da, x[VECTOR], sums[OUTPUT][VECTOR]);
                    }
                });
            }
        });
    }
    unroll!(OUTPUT in [0 1 2 3] {
        if OUTPUT < N {
            let row = &mut weights[OUTPUT * length + column..][..V * width];
            unroll!(VECTOR in [0 1 2 3 4] {
                if VECTOR < V {
                    store_at::<S>(sums[OUTPUT][VECTOR], row, VECTOR * width);
                }
            });
        }
    });
}
