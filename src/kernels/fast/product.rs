//! The one matrix product behind the convolutions and the full connections: C(r, c) = sum over k of A(r, k) B(k, c).
//!
//! Lanes run along c, and each sum over k runs in order in a register of its own, so that neither the width of a vector nor the
//! number of rows and vectors that are computed together changes any bit. Four rows by three vectors use each vector of B four
//! times and fill the sixteen registers of AVX2. Numbers in columns that nobody asked for never reach another column: rows of B
//! may be followed by anything.

use crate::kernels::simd::{LANES, Simd, SimdBase, fma, load_at, splat, store_at, unroll};

/// What is multiplied: gives A(row .. row + R, k) and row k of B, for each k in order.
pub trait Terms {
    /// The terms of R rows.
    fn terms<const R: usize>(&self, row: usize) -> impl Iterator<Item = ([f32; R], &[f32])>;
}

/// A is row-major with rows of `length` at a distance of `pitch`; rows of B are `width` long.
pub struct RowMajor<'a> {
    /// A.
    pub a: &'a [f32],
    /// From one row of A to the next.
    pub pitch: usize,
    /// How many k there are.
    pub length: usize,
    /// B.
    pub b: &'a [f32],
    /// From one row of B to the next.
    pub width: usize,
}

impl Terms for RowMajor<'_> {
    #[inline(always)]
    fn terms<const R: usize>(&self, row: usize) -> impl Iterator<Item = ([f32; R], &[f32])> {
        let rows: [&[f32]; R] = std::array::from_fn(|r| &self.a[(row + r) * self.pitch..][..self.length]);
        (0..self.length).map(move |k| (std::array::from_fn(|r| rows[r][k]), &self.b[k * self.width..]))
    }
}

/// Element (r, k) of A stands at `starts[k] + r`; it meets the row of B that starts at `rows[k]`.
pub struct Listed<'a, I> {
    /// A.
    pub a: &'a [f32],
    /// B.
    pub b: &'a [f32],
    /// (start in A, start in B) for each k.
    pub starts: I,
}

impl<I: Iterator<Item = (usize, usize)> + Clone> Terms for Listed<'_, I> {
    #[inline(always)]
    fn terms<const R: usize>(&self, row: usize) -> impl Iterator<Item = ([f32; R], &[f32])> {
        self.starts.clone().map(move |(a, b)| {
            let a = &self.a[a + row..][..R];
            (std::array::from_fn(|r| a[r]), &self.b[b..])
        })
    }
}

/// R rows by V vectors of C, from `row` and `column` on.
#[inline(always)]
fn block<S: Simd, const R: usize, const V: usize>(
    simd: S,
    terms: &impl Terms,
    row: usize,
    column: usize,
    c: &mut [f32],
    pitch: usize,
) {
    let mut sums = [[splat::<S>(simd, 0.0); V]; R];
    for (a, b) in terms.terms::<R>(row) {
        let b = &b[column..][..V * S::f32s::LEN];
        let b: [S::f32s; V] = std::array::from_fn(|v| load_at(simd, b, v * S::f32s::LEN));
        unroll!(ROW in [0 1 2 3] {
            if ROW < R {
                let a = splat::<S>(simd, a[ROW]);
                unroll!(VECTOR in [0 1 2 3 4 5 6 7] {
                    if VECTOR < V {
                        sums[ROW][VECTOR] = fma::<S>(a, b[VECTOR], sums[ROW][VECTOR]);
                    }
                });
            }
        });
    }
    unroll!(ROW in [0 1 2 3] {
        if ROW < R {
            let c = &mut c[(row + ROW) * pitch + column..][..V * S::f32s::LEN];
            unroll!(VECTOR in [0 1 2 3 4 5 6 7] {
                if VECTOR < V {
                    store_at::<S>(sums[ROW][VECTOR], c, VECTOR * S::f32s::LEN);
                }
            });
        }
    });
}

/// All rows of V vectors of C, from `column` on.
#[inline(always)]
fn panel<S: Simd, const V: usize>(
    simd: S,
    terms: &impl Terms,
    rows: usize,
    column: usize,
    c: &mut [f32],
    pitch: usize,
) {
    let mut row = 0;
    while row + 4 <= rows {
        block::<S, 4, V>(simd, terms, row, column, c, pitch);
        row += 4;
    }
    if row + 2 <= rows {
        block::<S, 2, V>(simd, terms, row, column, c, pitch);
        row += 2;
    }
    if row < rows {
        block::<S, 1, V>(simd, terms, row, column, c, pitch);
    }
}

/// Writes `rows` x `columns` of C, whose rows are at a distance of `pitch`.
///
/// `columns` is a multiple of [`LANES`]; B and C must be that wide.
#[inline(always)]
pub fn product<S: Simd>(simd: S, terms: &impl Terms, rows: usize, columns: usize, c: &mut [f32], pitch: usize) {
    debug_assert!(columns.is_multiple_of(LANES));
    let (width, mut column) = (S::f32s::LEN, 0);
    while column + 3 * width <= columns {
        panel::<S, 3>(simd, terms, rows, column, c, pitch);
        column += 3 * width;
    }
    if column + 2 * width <= columns {
        panel::<S, 2>(simd, terms, rows, column, c, pitch);
        column += 2 * width;
    }
    if column < columns {
        panel::<S, 1>(simd, terms, rows, column, c, pitch);
    }
}

/// Writes one row of C: eight vectors at a time, as few sums would wait for each other.
#[inline(always)]
pub fn one_row<S: Simd>(simd: S, terms: &impl Terms, c: &mut [f32]) {
    let (width, mut column) = (S::f32s::LEN, 0);
    while column + 8 * width <= c.len() {
        block::<S, 1, 8>(simd, terms, 0, column, c, 0);
        column += 8 * width;
    }
    while column + width <= c.len() {
        block::<S, 1, 1>(simd, terms, 0, column, c, 0);
        column += width;
    }
    if column < c.len() && c.len() >= width {
        // Some of the last vector's columns a second time: the same sums in the same order.
        block::<S, 1, 1>(simd, terms, 0, c.len() - width, c, 0);
    } else if column < c.len() {
        for (column, c) in c.iter_mut().enumerate() {
            *c = terms.terms::<1>(0).fold(0.0, |sum, ([a], b)| a.mul_add(b[column], sum));
        }
    }
}
