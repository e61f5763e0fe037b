//! The nearest of many patterns.
//!
//! |r - q|^2 / 2 without the part that all references have in common is |r|^2 / 2 - q r: one matrix product of blocks of references and of
//! queries that stay in the cache together. It is in `f32`; the best of it, some more than wanted, are then measured in `f64`.

use rayon::prelude::*;

use super::Features;
use crate::kernels::fast::multiply;
use crate::kernels::simd::{LANES, Level};

/// Queries of a block: one thread's work.
const QUERIES: usize = 192;
/// References of a block.
const REFERENCES: usize = 128;
/// The number of candidates, beyond the neighbours wanted, that are measured in `f64`.
const MORE: usize = 32;

/// A reference near a query.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// Its number.
    pub index: usize,
    /// The squared Euclidean distance.
    pub distance: f64,
}

/// The `k` references nearest to each query, or all if there are fewer, nearest first; of those as near, the lower number. Squared
/// Euclidean distances. In parallel: the same bits for any number of threads.
///
/// # Panics
/// If references and queries are not of one width.
pub fn nearest(references: &Features, queries: &Features, k: usize) -> Vec<Vec<Neighbour>> {
    assert_eq!(references.width(), queries.width(), "features of one kind");
    let half = |row: &[f32]| (row.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>() / 2.0) as f32;
    let halves: Vec<f32> = references.rows().par_chunks(references.width()).map(half).collect();
    let starts: Vec<usize> = (0..queries.len()).step_by(QUERIES).collect();
    let block = |&start: &usize| of_block(references, &halves, &queries.skip(start).first(QUERIES), k);
    let blocks: Vec<Vec<Vec<Neighbour>>> = starts.par_iter().map(block).collect();
    blocks.concat()
}

/// The best candidates of a query so far, best first.
struct Candidates {
    most: usize,
    /// Distances, without the part that is the same for all, and numbers.
    list: Vec<(f32, usize)>,
}

impl Candidates {
    /// Takes a candidate in, and returns the distance below which there is room for another.
    fn take(&mut self, distance: f32, index: usize) -> f32 {
        // Behind its equals: numbers come in order.
        let place = self.list.partition_point(|candidate| candidate.0 <= distance);
        self.list.insert(place, (distance, index));
        self.list.truncate(self.most);
        if self.list.len() < self.most { f32::INFINITY } else { self.list[self.most - 1].0 }
    }
}

/// The neighbours of up to [`QUERIES`] queries.
fn of_block(references: &Features, halves: &[f32], queries: &Features, k: usize) -> Vec<Vec<Neighbour>> {
    let (width, count, level) = (references.width(), queries.len(), Level::of_process());
    let mut columns = vec![0.0; width * QUERIES];
    for (query, row) in queries.rows().chunks_exact(width).enumerate() {
        for (column, &x) in columns.chunks_exact_mut(QUERIES).zip(row) {
            column[query] = x;
        }
    }
    let most = if k == 0 { 0 } else { (k + MORE).min(references.len()) };
    let mut candidates: Vec<Candidates> = (0..count).map(|_| Candidates { most, list: Vec::new() }).collect();
    let mut limits = vec![if most == 0 { f32::NEG_INFINITY } else { f32::INFINITY }; count];
    let mut products = vec![0.0; REFERENCES * QUERIES];
    for (block, rows) in references.rows().chunks(REFERENCES * width).enumerate() {
        multiply(level, (rows, width), &columns, (&mut products, QUERIES), count.next_multiple_of(LANES));
        let first = block * REFERENCES;
        for (place, products) in products.chunks_exact(QUERIES).take(rows.len() / width).enumerate() {
            let half = halves[first + place];
            for (query, (&product, limit)) in products.iter().zip(&mut limits).enumerate() {
                if half - product < *limit {
                    *limit = candidates[query].take(half - product, first + place);
                }
            }
        }
    }
    let measured = |(query, candidates): (usize, Candidates)| {
        let to = |index| Neighbour { index, distance: distance(references.row(index), queries.row(query)) };
        let mut list: Vec<Neighbour> = candidates.list.into_iter().map(|(_, index)| to(index)).collect();
        list.sort_by(|a, b| a.distance.total_cmp(&b.distance).then(a.index.cmp(&b.index)));
        list.truncate(k);
        list
    };
    candidates.into_iter().enumerate().map(measured).collect()
}

/// |a - b|^2.
fn distance(a: &[f32], b: &[f32]) -> f64 {
    let square = |(&a, &b): (&f32, &f32)| (f64::from(a) - f64::from(b)).powi(2);
    a.iter().zip(b).map(square).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::stream;
    use rand::RngExt;

    fn random(count: usize, width: usize, index: u64) -> Features {
        let mut generator = stream(1, "neighbours", index);
        Features::new(width, (0..count * width).map(|_| generator.random_range(-1.7..1.7_f32)).collect())
    }

    fn by_brute_force(references: &Features, query: &[f32], k: usize) -> Vec<Neighbour> {
        let to = |index| Neighbour { index, distance: distance(references.row(index), query) };
        let mut all: Vec<Neighbour> = (0..references.len()).map(to).collect();
        all.sort_by(|a, b| a.distance.total_cmp(&b.distance)); // keeps the order of equals
        all.truncate(k);
        all
    }

    #[test]
    fn the_nearest_are_those_found_by_brute_force_for_any_number_of_threads() {
        for (count, asked, width, k) in [(700, 211, 37, 9), (129, 16, 5, 1), (3, 2, 4, 10), (300, 17, 40, 0)] {
            let (references, queries) = (random(count, width, 0), random(asked, width, 1));
            let on = |threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                pool.install(|| nearest(&references, &queries, k))
            };
            let found = on(1);
            assert_eq!(found, on(3));
            assert_eq!(found.len(), asked);
            for (query, found) in found.iter().enumerate() {
                assert_eq!(*found, by_brute_force(&references, queries.row(query), k), "{count} references");
            }
        }
    }

    #[test]
    fn of_equals_the_lower_number_comes_first() {
        let values: Vec<f32> = (0..200).map(|index| (index % 4) as f32).collect();
        let found = nearest(&Features::new(1, values), &Features::new(1, vec![2.2]), 3);
        assert_eq!(found[0].iter().map(|neighbour| neighbour.index).collect::<Vec<_>>(), [2, 6, 10]);
    }
}
