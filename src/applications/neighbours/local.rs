//! Local learning (Bottou and Vapnik 1992): a linear layer for each pattern, fitted to the training patterns near it.
//!
//! The layer has a bias and is fitted to targets of +1 for the right class and -1 for the others by least squares with a ridge.
//! Readings: the ridge draws the weights, and not the bias, towards zero, since the trained last layer sees other features than
//! S4's; it is a share of the mean squared distance of the neighbours from their mean, so that it means the same wherever they
//! lie close or wide. With a large ridge the classifier becomes K-NN. Neighbours count alike, however near they are.
//!
//! Only the layer's value at the pattern is wanted, which is a weighted sum of the neighbours' targets. Its weights follow from
//! the products of the neighbours among each other, a k x k system of equations.

use nalgebra::{Cholesky, DMatrix, DVector};
use rayon::prelude::*;

use super::{ChoiceRecord, Features, Labelled, Neighbour, nearest};
use crate::evaluation::Outputs;
use crate::kernels::fast::multiply;
use crate::kernels::simd::{LANES, Level};
use crate::network::loss;

/// The numbers of neighbours that are tried.
pub const SIZES: [usize; 3] = [30, 100, 200];
/// The ridges that are tried.
pub const RIDGES: [f64; 3] = [0.01, 0.1, 1.0];

/// A linear layer for each pattern, fitted to its k nearest training patterns.
#[derive(Debug, Clone)]
pub struct LocalLearning {
    training: Labelled,
    k: usize,
    ridge: f64,
    choice: Vec<ChoiceRecord>,
}

impl LocalLearning {
    /// With this k, 1 or more, and this ridge: 1e-4 or more, below which the rounding of the products to `f32` would show.
    pub fn new(training: Labelled, k: usize, ridge: f64) -> Self {
        Self { training, k, ridge, choice: Vec::new() }
    }

    /// With the k of [`SIZES`] and the ridge of [`RIDGES`] that make fewest errors on the first `asked` of the last `held_out`
    /// patterns, by neighbours among the others; the first of those as good, by k and then by ridge.
    ///
    /// # Panics
    /// If no pattern is held out, or none is left.
    pub fn choose(training: Labelled, held_out: usize, asked: usize) -> Self {
        let (kept, held_out) = training.split(held_out);
        let queries = held_out.features.first(asked);
        let found = nearest(&kept.features, &queries, SIZES[SIZES.len() - 1]);
        let candidates: Vec<(usize, f64)> = SIZES.iter().flat_map(|&k| RIDGES.map(|ridge| (k, ridge))).collect();
        let wrong = |(query, near): (usize, &Vec<Neighbour>)| -> Vec<bool> {
            let (gram, label) = (gram(&kept.features, near, queries.row(query)), held_out.labels[query]);
            let of = |&(k, ridge): &(usize, f64)| {
                let k = k.min(near.len());
                loss::answer(&distances(&kept, &near[..k], &weights(&gram, k, ridge))) != usize::from(label)
            };
            candidates.iter().map(of).collect()
        };
        let wrong: Vec<Vec<bool>> = found.par_iter().enumerate().map(wrong).collect();
        let record = |(place, &(k, ridge)): (usize, &(usize, f64))| {
            let errors = wrong.iter().filter(|wrong| wrong[place]).count();
            ChoiceRecord { k, ridge: Some(ridge), patterns: wrong.len(), errors }
        };
        let choice: Vec<ChoiceRecord> = candidates.iter().enumerate().map(record).collect();
        let best = choice.iter().zip(&candidates).min_by_key(|(record, _)| record.errors).expect("some are tried");
        let &(k, ridge) = best.1;
        Self { training, k, ridge, choice }
    }

    /// The number of neighbours to which a layer is fitted.
    pub fn k(&self) -> usize {
        self.k
    }

    /// The ridge, as a share of the neighbours' mean squared distance from their mean.
    pub fn ridge(&self) -> f64 {
        self.ridge
    }

    /// The result of each choice on the held-out patterns; empty where the choice was given.
    pub fn choice(&self) -> &[ChoiceRecord] {
        &self.choice
    }

    /// A distance for each class, of which the smallest wins: the layer's output with its sign changed, about -1 for the right class
    /// and +1 for the others.
    pub fn outputs(&self, queries: &Features) -> Outputs<f32> {
        let features = &self.training.features;
        let found = nearest(features, queries, self.k);
        let row = |(query, near): (usize, &Vec<Neighbour>)| {
            let gram = gram(features, near, queries.row(query));
            distances(&self.training, near, &weights(&gram, near.len(), self.ridge))
        };
        let rows: Vec<Vec<f32>> = found.par_iter().enumerate().map(row).collect();
        Outputs::new(self.training.classes, rows.concat())
    }
}

/// The products of the neighbours' features, as seen from the query, with each other: k x k.
fn gram(features: &Features, near: &[Neighbour], query: &[f32]) -> DMatrix<f64> {
    let (count, width) = (near.len(), query.len());
    let pitch = count.next_multiple_of(LANES);
    let (mut rows, mut columns) = (Vec::with_capacity(count * width), vec![0.0; width * pitch]);
    for (place, neighbour) in near.iter().enumerate() {
        for ((&x, &from), column) in
            features.row(neighbour.index).iter().zip(query).zip(columns.chunks_exact_mut(pitch))
        {
            rows.push(x - from);
            column[place] = x - from;
        }
    }
    let mut products = vec![0.0; count * pitch];
    multiply(Level::of_process(), (&rows, width), &columns, (&mut products, pitch), pitch);
    DMatrix::from_fn(count, count, |row, column| f64::from(products[row * pitch + column]))
}

/// The weight of each of the first `k` neighbours' targets at the query. The weights add up to 1: the bias takes no
/// part in the ridge. They are equal where the equations have no solution, as for neighbours that coincide.
///
/// With G the products of the neighbours as seen from the query, r the means of its rows and g the mean of all, G_ij - r_i - r_j + g
/// are their products as seen from their mean, and g - r_i those with the query.
fn weights(gram: &DMatrix<f64>, k: usize, ridge: f64) -> Vec<f64> {
    let count = k as f64;
    let means: Vec<f64> = (0..k).map(|row| (0..k).map(|column| gram[(row, column)]).sum::<f64>() / count).collect();
    let mean = means.iter().sum::<f64>() / count;
    let mut centred = DMatrix::from_fn(k, k, |row, column| gram[(row, column)] - means[row] - means[column] + mean);
    let added = ridge * centred.trace() / count;
    for place in 0..k {
        centred[(place, place)] += added;
    }
    let query = DVector::from_fn(k, |place, _| mean - means[place]);
    let solved = Cholesky::new(centred).map(|equations| equations.solve(&query));
    let solved = solved.filter(|solved| solved.iter().all(|weight| weight.is_finite()));
    (0..k).map(|place| 1.0 / count + solved.as_ref().map_or(0.0, |solved| solved[place])).collect()
}

/// The layer's output for each class, with its sign changed.
fn distances(training: &Labelled, near: &[Neighbour], weights: &[f64]) -> Vec<f32> {
    let mut scores = vec![-1.0; training.classes];
    for (neighbour, weight) in near.iter().zip(weights) {
        scores[usize::from(training.labels[neighbour.index])] += 2.0 * weight;
    }
    scores.into_iter().map(|score| -score as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::stream;
    use rand::RngExt;

    fn random(count: usize, width: usize, index: u64) -> Features {
        let mut generator = stream(1, "local", index);
        Features::new(width, (0..count * width).map(|_| generator.random_range(-1.0..1.0_f32)).collect())
    }

    /// Hardly drawn to zero, the layer reproduces any rule that is linear, away from its neighbours' middle as well.
    #[test]
    fn a_linear_rule_is_recovered() {
        let (features, query) = (random(40, 5, 0), [2.0_f32, -1.5, 0.5, 0.0, 1.0]);
        let rule =
            |x: &[f32]| 0.7 + x.iter().zip([1.0, -2.0, 0.5, 3.0, 0.25]).map(|(&x, w)| f64::from(x) * w).sum::<f64>();
        let near = nearest(&features, &Features::new(5, query.to_vec()), 30).remove(0);
        let gram = gram(&features, &near, &query);
        let value = |ridge| -> f64 {
            let weights = weights(&gram, 30, ridge);
            assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            near.iter().zip(weights).map(|(neighbour, weight)| weight * rule(features.row(neighbour.index))).sum()
        };
        let mean = near.iter().map(|neighbour| rule(features.row(neighbour.index))).sum::<f64>() / 30.0;
        assert!((value(1e-4) - rule(&query)).abs() < 5e-3, "{} for {}", value(1e-4), rule(&query));
        assert!((value(1e9) - mean).abs() < 1e-6, "a large ridge leaves the mean");
    }

    /// By the primal equations: weights of the layer and its bias, in `f64`.
    #[test]
    fn the_dual_solution_is_that_of_the_layer() {
        let (features, query) = (random(20, 3, 2), [0.3_f32, 0.1, -0.4]);
        let near: Vec<Neighbour> = (0..20).map(|index| Neighbour { index, distance: 0.0 }).collect();
        let target = |index: usize| if index.is_multiple_of(3) { 1.0 } else { -1.0 };
        let x = DMatrix::from_fn(20, 3, |row, column| f64::from(features.row(row)[column]));
        let mean = x.row_mean();
        let centred = DMatrix::from_fn(20, 3, |row, column| x[(row, column)] - mean[column]);
        let bias = (0..20).map(target).sum::<f64>() / 20.0;
        let ridge = 0.2 * centred.norm_squared() / 20.0;
        let equations = centred.transpose() * &centred + DMatrix::identity(3, 3) * ridge;
        let layer =
            equations.cholesky().unwrap().solve(&(centred.transpose() * DVector::from_fn(20, |i, _| target(i))));
        let expected = bias + (0..3).map(|i| layer[i] * (f64::from(query[i]) - mean[i])).sum::<f64>();
        let weights = weights(&gram(&features, &near, &query), 20, 0.2);
        let found: f64 = weights.iter().enumerate().map(|(index, weight)| weight * target(index)).sum();
        assert!((found - expected).abs() < 1e-5, "{found} for {expected}");
    }

    #[test]
    fn neighbours_that_are_all_one_count_alike() {
        let features = Features::new(2, vec![1.0; 8]);
        let training = Labelled::new(features.clone(), &[1, 1, 0, 1], 2);
        let outputs = LocalLearning::new(training, 4, 0.1).outputs(&Features::new(2, vec![0.0, 1.0]));
        assert_eq!(outputs.row(0), [0.5, -0.5]);
    }

    /// Two classes with a straight border, few patterns: the layers find it where the majority of as many neighbours does not.
    #[test]
    fn the_choice_is_made_on_the_patterns_held_out() {
        let features = random(260, 6, 1);
        let label = |row: &[f32]| u8::from(row.iter().sum::<f32>() > 0.0);
        let labels: Vec<u8> = features.rows().chunks(6).map(label).collect();
        let chosen = LocalLearning::choose(Labelled::new(features.clone(), &labels, 2), 100, 60);
        assert_eq!(chosen.choice().len(), SIZES.len() * RIDGES.len());
        assert!(chosen.choice().iter().all(|record| record.patterns == 60));
        let (asked, all) = (features.skip(160), Labelled::new(features.first(160), &labels[..160], 2));
        let errors =
            |answers: Vec<usize>| answers.iter().zip(&labels[160..]).filter(|(a, b)| **a != usize::from(**b)).count();
        let local = errors(LocalLearning::new(all.clone(), chosen.k(), chosen.ridge()).outputs(&asked).answers());
        let votes = errors(crate::applications::neighbours::NearestNeighbours::new(all, 15).outputs(&asked).answers());
        assert!(local < 10 && local < votes, "{local} and {votes} of 100");
    }
}
