//! Places where a piece of ink may be two characters that touch: paths from its top to its bottom that cross little ink.

use super::blobs::{Blob, Labels};

/// Cuts of one piece are at least this far apart, in heights of a character.
const APART: f64 = 0.1;
/// A cut leaves at least this much on either side, in heights of a character.
const MARGIN: f64 = 0.08;
/// The cost of a step aside, in pixels of ink.
const ASIDE: f32 = 0.3;
/// The most ink that a cut crosses, in heights of a character.
const MOST_INK: f64 = 0.75;

/// A cut through a piece of ink.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    /// For each row of the piece, the first column right of the cut.
    pub(super) columns: Vec<u32>,
    /// Pixels of ink that it crosses.
    pub(super) ink: f64,
}

/// The cuts of a piece, from left to right: where less ink is crossed than at either side.
pub(super) fn find(labels: &Labels, blob: &Blob, height: f64) -> Vec<Cut> {
    let (columns, rows) = (blob.width() as usize, blob.height() as usize);
    let inked = |x: usize, y: usize| {
        let label = labels.get_pixel(blob.left + x as u32, blob.top + y as u32).0[0];
        f32::from(u8::from(label == blob.label))
    };
    let middle = rows / 2;
    let down = paths(columns, (0..=middle).collect(), &inked);
    let up = paths(columns, (middle..rows).rev().collect(), &inked);
    let cost = |x: usize| down.cost[x] + up.cost[x] - inked(x, middle);
    let margin = (MARGIN * height).ceil() as usize;
    let near = (APART * height / 2.0).max(1.0) as usize;
    let is_least =
        |&x: &usize| (x.saturating_sub(near)..(x + near + 1).min(columns)).all(|other| cost(x) <= cost(other));
    let mut order: Vec<usize> = (margin.max(1)..columns.saturating_sub(margin)).filter(is_least).collect();
    order.sort_by(|&a, &b| cost(a).total_cmp(&cost(b)).then(a.cmp(&b)));
    let apart = (APART * height).max(2.0);
    let mut chosen: Vec<usize> = Vec::new();
    for x in order {
        if f64::from(cost(x)) <= MOST_INK * height && chosen.iter().all(|other| x.abs_diff(*other) as f64 >= apart) {
            chosen.push(x);
        }
    }
    chosen.sort_unstable();
    let cut = |&x: &usize| {
        let (above, below) = (down.back(x), up.back(x));
        // Both begin at the middle row and lead away from it.
        let path = above.iter().rev().chain(below.iter().skip(1));
        Cut { columns: path.map(|&column| blob.left + column as u32).collect(), ink: f64::from(cost(x)) }
    };
    let mut cuts: Vec<Cut> = chosen.iter().map(cut).collect();
    in_order(&mut cuts, rows);
    cuts
}

/// No cut passes another: in each row their columns are sorted.
fn in_order(cuts: &mut [Cut], rows: usize) {
    for row in 0..rows {
        let mut columns: Vec<u32> = cuts.iter().map(|cut| cut.columns[row]).collect();
        columns.sort_unstable();
        cuts.iter_mut().zip(columns).for_each(|(cut, column)| cut.columns[row] = column);
    }
}

/// The cheapest paths from the first of some rows to each column of the last.
struct Paths {
    cost: Vec<f32>,
    /// For each row after the first and each column, the step from the row before: -1, 0 or 1.
    steps: Vec<Vec<i8>>,
}

fn paths(columns: usize, rows: Vec<usize>, inked: &dyn Fn(usize, usize) -> f32) -> Paths {
    let mut cost: Vec<f32> = (0..columns).map(|x| inked(x, rows[0])).collect();
    let mut steps = Vec::with_capacity(rows.len());
    for &row in &rows[1..] {
        let best = |x: usize| {
            let from = |step: i8| {
                let before = x as i64 - i64::from(step);
                let known = usize::try_from(before).ok().and_then(|before| cost.get(before));
                known.map(|cost| (cost + ASIDE * f32::from(step.unsigned_abs()), step))
            };
            [0, -1, 1].into_iter().filter_map(from).min_by(|a, b| a.0.total_cmp(&b.0)).expect("straight on")
        };
        let found: Vec<(f32, i8)> = (0..columns).map(best).collect();
        cost = found.iter().enumerate().map(|(x, best)| best.0 + inked(x, row)).collect();
        steps.push(found.iter().map(|best| best.1).collect());
    }
    Paths { cost, steps }
}

impl Paths {
    /// The columns of the path that ends in column `x`, from its end to its beginning.
    fn back(&self, mut x: usize) -> Vec<usize> {
        let mut columns = vec![x];
        for steps in self.steps.iter().rev() {
            x = (x as i64 - i64::from(steps[x])) as usize;
            columns.push(x);
        }
        columns
    }
}
