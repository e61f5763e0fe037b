//! Max-pooling of 2x2 fields without a branch, so that it runs along rows; other sizes as the plain kernel does.

use crate::maps::Maps;
use crate::plain;

/// The pairs of adjacent rows of each map of `height` x `width`; an odd last row is left out.
#[inline(always)]
fn pairs_of_rows(values: &[f32], height: usize, width: usize) -> impl Iterator<Item = (&[[f32; 2]], &[[f32; 2]])> {
    let maps = values.chunks_exact(height * width);
    maps.flat_map(
        #[inline(always)]
        move |map| {
            map.chunks_exact(2 * width).map(
                #[inline(always)]
                move |rows| {
                    let (above, below) = rows.split_at(width);
                    (above.as_chunks::<2>().0, below.as_chunks::<2>().0)
                },
            )
        },
    )
}

#[inline(always)]
pub fn forward(size: usize, input: &Maps<f32>, output: &mut Maps<f32>) {
    if size != 2 {
        return plain::max_pool::forward(size, input, output);
    }
    let (from, to) = (input.shape(), output.shape());
    let rows = pairs_of_rows(&input.values, from.height, from.width);
    for ((above, below), units) in rows.zip(output.values.chunks_exact_mut(to.width)) {
        for (unit, (a, b)) in units.iter_mut().zip(above.iter().zip(below)) {
            let first = if a[1] > a[0] { a[1] } else { a[0] };
            let second = if b[0] > first { b[0] } else { first };
            *unit = if b[1] > second { b[1] } else { second };
        }
    }
}

#[inline(always)]
pub fn input_derivative(
    size: usize,
    input: &Maps<f32>,
    output_derivative: &Maps<f32>,
    input_derivative: &mut Maps<f32>,
) {
    let (from, to) = (input.shape(), output_derivative.shape());
    if size != 2 {
        return plain::max_pool::input_derivative(size, input, output_derivative, input_derivative);
    }
    if from.height != 2 * to.height || from.width != 2 * to.width {
        input_derivative.values.fill(0.0);
    }
    let rows = pairs_of_rows(&input.values, from.height, from.width);
    let derivatives = output_derivative.values.chunks_exact(to.width);
    for (row, ((above, below), derivatives)) in rows.zip(derivatives).enumerate() {
        let start = (row / to.height * from.height + row % to.height * 2) * from.width;
        let (above_to, below_to) = input_derivative.values[start..][..2 * from.width].split_at_mut(from.width);
        let to = above_to.as_chunks_mut::<2>().0.iter_mut().zip(below_to.as_chunks_mut::<2>().0);
        for (((a, b), (da, db)), &derivative) in above.iter().zip(below).zip(to).zip(derivatives) {
            // A later input counts if it is larger than all before it and no smaller than those after it.
            let fourth = b[1] > b[0] && b[1] > a[1] && b[1] > a[0];
            let third = !fourth && b[0] > a[1] && b[0] > a[0];
            let second = !fourth && !third && a[1] > a[0];
            let first = !fourth && !third && !second;
            *da = [if first { derivative } else { 0.0 }, if second { derivative } else { 0.0 }];
            *db = [if third { derivative } else { 0.0 }, if fourth { derivative } else { 0.0 }];
        }
    }
}
