//! The one matrix product behind the convolutions and the full connections: C(r, c) = sum over k of A(r, k) B(k, c).
//!
//! Lanes run along c, and each sum over k runs in order in a register of its own, so that neither the width of a vector nor the
//! number of rows and vectors that are computed together changes any bit. Four rows use each vector of B four times. Columns
//! do not influence each other: rows of B may be followed by any numbers.

use crate::connections::Table;
use crate::simd::{LANES, Simd, SimdBase, fma, load_at, splat, store_at, unroll};

/// The terms of the sums over k.
pub trait Terms {
    /// Calls `step` with A(row .. row + R, k) and row k of B from `column` on, for each k in order.
    fn for_each<const R: usize>(&self, row: usize, column: usize, step: impl FnMut([&f32; R], &[f32]));
}

/// A is row-major with rows of `length` at a distance of `pitch`; rows of B are `width` long.
pub struct RowMajor<'a> {
    /// A.
    pub a: &'a [f32],
    /// From one row of A to the next.
    pub pitch: usize,
    pub length: usize,
    /// B.
    pub b: &'a [f32],
    /// From one row of B to the next.
    pub width: usize,
}

impl Terms for RowMajor<'_> {
    #[inline(always)]
    fn for_each<const R: usize>(&self, row: usize, column: usize, mut step: impl FnMut([&f32; R], &[f32])) {
        let (length, width) = (self.length, self.width);
        let mut rows: [&[f32]; R] = [&[]; R];
        unroll!(ROW in [0 1 2 3] {
            if ROW < R {
                rows[ROW] = &self.a[(row + ROW) * self.pitch..][..length];
            }
        });
        let mut b = &self.b[column..];
        #[allow(clippy::needless_range_loop)] // k counts along each of the rows
        for k in 0..length {
            let mut a = [&0.0; R];
            unroll!(ROW in [0 1 2 3] {
                if ROW < R {
                    a[ROW] = &rows[ROW][k];
                }
            });
            step(a, b);
            b = b.get(width..).unwrap_or_default();
        }
    }
}

/// Element (r, k) of A stands at `starts[k].0 + r`; it meets the row of B that starts at `starts[k].1`.
pub struct Listed<'a, F> {
    /// A.
    pub a: &'a [f32],
    /// B.
    pub b: &'a [f32],
    pub length: usize,
    /// The starts of each k in A and in B.
    pub start: F,
}

impl<F: Fn(usize) -> (usize, usize)> Terms for Listed<'_, F> {
    #[inline(always)]
    fn for_each<const R: usize>(&self, row: usize, column: usize, mut step: impl FnMut([&f32; R], &[f32])) {
        for k in 0..self.length {
            let (a, b) = (self.start)(k);
            step(self.a[a + row..].first_chunk::<R>().expect("R rows").each_ref(), &self.b[b + column..]);
        }
    }
}

/// One row of A for each output map of a sparse table: the kernels of its pairs, one after another. Each meets the rows of B that
/// belong to the pair's input map.
pub struct OfPairs<'a> {
    /// The table of pairs.
    pub table: &'a Table,
    /// Elements of a kernel.
    pub area: usize,
    /// The kernels.
    pub a: &'a [f32],
    /// B, with a row for each element of each input map.
    pub b: &'a [f32],
    /// From one row of B to the next.
    pub width: usize,
}

impl Terms for OfPairs<'_> {
    #[inline(always)]
    fn for_each<const R: usize>(&self, row: usize, column: usize, mut step: impl FnMut([&f32; R], &[f32])) {
        let pairs = self.table.of_output(row);
        let kernels = self.a[pairs.start * self.area..].chunks_exact(self.area);
        for (&(_, input), kernel) in self.table.pairs()[pairs].iter().zip(kernels) {
            let mut b = &self.b[input * self.area * self.width + column..];
            for w in kernel {
                step([w; R], b);
                b = b.get(self.width..).unwrap_or_default();
            }
        }
    }
}

/// Returns the closure. Attributes such as `#[inline(always)]` are allowed on a closure only where it is an argument.
#[inline(always)]
pub fn inlined<F>(closure: F) -> F {
    closure
}

/// R rows by V vectors of C, from `row` and `column` on; `c` begins with that row.
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
    terms.for_each::<R>(
        row,
        column,
        #[inline(always)]
        |a, b| {
            let b = &b[..V * S::f32s::LEN];
            let mut vectors = [splat::<S>(simd, 0.0); V];
            unroll!(VECTOR in [0 1 2 3 4 5 6 7] {
                if VECTOR < V {
                    vectors[VECTOR] = load_at(simd, b, VECTOR * S::f32s::LEN);
                }
            });
            unroll!(ROW in [0 1 2 3] {
                if ROW < R {
                    let a = splat::<S>(simd, *a[ROW]);
                    unroll!(VECTOR in [0 1 2 3 4 5 6 7] {
                        if VECTOR < V {
                            sums[ROW][VECTOR] = fma::<S>(a, vectors[VECTOR], sums[ROW][VECTOR]);
                        }
                    });
                }
            });
        },
    );
    unroll!(ROW in [0 1 2 3] {
        if ROW < R {
            let c = &mut c[ROW * pitch + column..][..V * S::f32s::LEN];
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
        block::<S, 4, V>(simd, terms, row, column, &mut c[row * pitch..], pitch);
        row += 4;
    }
    if row + 2 <= rows {
        block::<S, 2, V>(simd, terms, row, column, &mut c[row * pitch..], pitch);
        row += 2;
    }
    if row < rows {
        block::<S, 1, V>(simd, terms, row, column, &mut c[row * pitch..], pitch);
    }
}

/// Writes `rows` x `columns` of C, whose rows are at a distance of `pitch`.
///
/// `columns` is a multiple of [`LANES`]; B and C must be that wide.
#[inline(always)]
pub fn product<S: Simd>(simd: S, terms: &impl Terms, rows: usize, columns: usize, c: &mut [f32], pitch: usize) {
    debug_assert!(columns.is_multiple_of(LANES));
    let (width, mut column) = (S::f32s::LEN, 0);
    // With sixteen registers, four rows of three vectors would not leave one for what LLVM does.
    while width == LANES && column + 3 * width <= columns {
        panel::<S, 3>(simd, terms, rows, column, c, pitch);
        column += 3 * width;
    }
    while column + 2 * width <= columns {
        panel::<S, 2>(simd, terms, rows, column, c, pitch);
        column += 2 * width;
    }
    if column < columns {
        panel::<S, 1>(simd, terms, rows, column, c, pitch);
    }
}

/// Writes one row of C: eight vectors at a time, as few sums would wait for each other. Columns that are less than a vector are
/// left.
#[inline(always)]
pub fn vectors_of_row<S: Simd>(simd: S, terms: &impl Terms, row: usize, c: &mut [f32]) {
    let (width, mut column) = (S::f32s::LEN, 0);
    while column + 8 * width <= c.len() {
        block::<S, 1, 8>(simd, terms, row, column, c, 0);
        column += 8 * width;
    }
    let left = (c.len() - column) / width;
    unroll!(VECTORS in [1 2 3 4 5 6 7] {
        if left == VECTORS {
            block::<S, 1, VECTORS>(simd, terms, row, column, c, 0);
        }
    });
}

/// Writes the only row of C, of any length.
#[inline(always)]
pub fn one_row<S: Simd>(simd: S, terms: &impl Terms, c: &mut [f32]) {
    vectors_of_row(simd, terms, 0, c);
    let width = S::f32s::LEN;
    let column = c.len() - c.len() % width;
    if column < c.len() && c.len() >= width {
        // Some of the last vector's columns a second time: the same sums in the same order.
        block::<S, 1, 1>(simd, terms, 0, c.len() - width, c, 0);
    } else if column < c.len() {
        for (column, c) in c.iter_mut().enumerate() {
            *c = 0.0;
            terms.for_each::<1>(0, column, |a, b| *c = a[0].mul_add(b[0], *c));
        }
    }
}
