//! Rejection: the share of the patterns that must be left without an answer so that few of the answers are wrong (sections
//! III-C and III-D, Fig. 10).

use super::{Outputs, percent};
use crate::kernels::scalar::Scalar;
use crate::network::loss::answer;

/// The measure of doubt. The most doubtful patterns are rejected first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Criterion {
    /// The best output is poor: the smallest distance is large.
    Poor,
    /// The best output is close to the second best: the two smallest distances differ little. The score of Fig. 10 (section III-D).
    Close,
    /// Eq. 9's probability of the answer is small, "none of these" being a class of its own.
    Posterior {
        /// The j > 0 of eq. 9.
        j: f64,
    },
}

impl Criterion {
    /// The doubt about the answer to a pattern with these distances. `Poor`: y_best, 0 or more; `Close`: y_best - y_second, 0
    /// or less; `Posterior`: log((1 - p) / p), of any sign, with p = exp(-y_best) / (exp(-j) + sum over i of exp(-y_i)). It rises
    /// with 1 - p, and still orders patterns whose p rounds to 0 or 1.
    ///
    /// # Panics
    /// If there is no distance.
    pub fn doubt<T: Scalar>(self, distances: &[T]) -> f64 {
        let (best, second) = two_best(distances);
        match self {
            Self::Poor => best,
            Self::Close => best - second,
            Self::Posterior { j } => {
                let chosen = answer(distances);
                let others = distances.iter().enumerate().filter(|(class, _)| *class != chosen);
                let smallest = second.min(j);
                let terms = others.map(|(_, y)| libm::exp(smallest - y.widen()));
                best - smallest + libm::log(terms.fold(libm::exp(smallest - j), |sum, term| sum + term))
            }
        }
    }
}

/// The smallest distance, and the smallest of the others: infinite if there is no other.
fn two_best<T: Scalar>(distances: &[T]) -> (f64, f64) {
    let best = answer(distances);
    let others = distances.iter().enumerate().filter(|(class, _)| *class != best);
    (distances[best].widen(), others.map(|(_, y)| y.widen()).fold(f64::INFINITY, f64::min))
}

/// The two thresholds of section III-C together: a pattern is rejected if y_best > `poor` or y_second - y_best < `close`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// The largest distance that the answer may have.
    pub poor: f64,
    /// The least difference between the two smallest distances.
    pub close: f64,
}

impl Thresholds {
    /// True if a pattern with these distances is rejected.
    ///
    /// # Panics
    /// If there is no distance.
    pub fn reject<T: Scalar>(self, distances: &[T]) -> bool {
        let (best, second) = two_best(distances);
        best > self.poor || second - best < self.close
    }

    /// The pairs that serve these patterns best: for each number of wrong answers that can be left, the pair that rejects
    /// fewest. They begin with the pair that rejects nothing and reject more and more. Choose them on other patterns than those
    /// that they are judged on.
    ///
    /// # Panics
    /// If there is not a label for each pattern.
    pub fn choose<T: Scalar>(outputs: &Outputs<T>, labels: &[u8]) -> Vec<Self> {
        let is_wrong = outputs.wrong(labels);
        let measures: Vec<(f64, f64)> = outputs.rows().map(two_best).map(|(best, next)| (best, next - best)).collect();
        let wrong: Vec<(f64, f64)> =
            measures.iter().zip(&is_wrong).filter(|(_, wrong)| **wrong).map(|(m, _)| *m).collect();
        // The threshold that rejects a wrong answer and as little as possible besides lies just at that answer.
        let mut poor: Vec<f64> = wrong.iter().map(|measure| measure.0.next_down()).chain([f64::INFINITY]).collect();
        let mut close: Vec<f64> = wrong.iter().map(|measure| measure.1.next_up()).chain([f64::NEG_INFINITY]).collect();
        for thresholds in [&mut poor, &mut close] {
            thresholds.sort_by(f64::total_cmp);
            thresholds.dedup();
        }
        let mut best = vec![None; wrong.len() + 1];
        for &poor in &poor {
            let (kept, kept_wrong) = (kept(&measures, poor, &close), kept(&wrong, poor, &close));
            for ((&close, kept), errors) in close.iter().zip(kept).zip(kept_wrong) {
                let entry: &mut Option<(usize, Self)> = &mut best[errors];
                if entry.is_none_or(|(most, _)| kept > most) {
                    *entry = Some((kept, Self { poor, close }));
                }
            }
        }
        // From most errors to fewest, without pairs that keep no more patterns than one with fewer errors.
        let mut most = None;
        let mut chosen: Vec<Self> = Vec::new();
        for (kept, pair) in best.into_iter().flatten() {
            if most.is_none_or(|most| kept > most) {
                most = Some(kept);
                chosen.push(pair);
            }
        }
        chosen.reverse();
        chosen
    }
}

/// The number of these patterns (y_best, y_second - y_best) that each of the `close` thresholds, in rising order, keeps
/// beside this `poor`.
fn kept(measures: &[(f64, f64)], poor: f64, close: &[f64]) -> Vec<usize> {
    let mut kept = vec![0; close.len() + 1];
    for &(_, gap) in measures.iter().filter(|measure| measure.0 <= poor) {
        // Kept by the thresholds up to its gap: counted at the last of them.
        kept[close.partition_point(|&threshold| threshold <= gap)] += 1;
    }
    for index in (0..close.len()).rev() {
        kept[index] += kept[index + 1];
    }
    kept.split_off(1)
}

/// A point of a curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RejectionPoint {
    /// The number of rejected patterns.
    pub rejected: usize,
    /// The number of the others that are answered wrongly.
    pub errors: usize,
}

/// Error against rejection for one network on one set of patterns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectionCurve {
    patterns: usize,
    points: Vec<RejectionPoint>,
}

impl RejectionCurve {
    /// The curve of one threshold on the criterion's doubt: from no pattern rejected to all. Equally doubtful patterns are
    /// rejected together.
    ///
    /// # Panics
    /// If there is not a label for each pattern.
    pub fn new<T: Scalar>(criterion: Criterion, outputs: &Outputs<T>, labels: &[u8]) -> Self {
        let doubts = outputs.rows().map(|distances| criterion.doubt(distances));
        let mut patterns: Vec<(f64, bool)> = doubts.zip(outputs.wrong(labels)).collect();
        patterns.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut point = RejectionPoint { rejected: 0, errors: patterns.iter().filter(|(_, wrong)| *wrong).count() };
        let mut points = vec![point];
        for equal in patterns.chunk_by(|a, b| a.0 == b.0) {
            point.rejected += equal.len();
            point.errors -= equal.iter().filter(|(_, wrong)| *wrong).count();
            points.push(point);
        }
        Self { patterns: patterns.len(), points }
    }

    /// The curve of these pairs of thresholds, by rising number of rejected patterns.
    ///
    /// # Panics
    /// If there is not a label for each pattern.
    pub fn of_thresholds<T: Scalar>(pairs: &[Thresholds], outputs: &Outputs<T>, labels: &[u8]) -> Self {
        let wrong = outputs.wrong(labels);
        let point = |pair: &Thresholds| {
            let mut point = RejectionPoint { rejected: 0, errors: 0 };
            for (distances, wrong) in outputs.rows().zip(&wrong) {
                if pair.reject(distances) {
                    point.rejected += 1;
                } else if *wrong {
                    point.errors += 1;
                }
            }
            point
        };
        let mut points: Vec<RejectionPoint> = pairs.iter().map(point).collect();
        points.sort_by_key(|point| (point.rejected, point.errors));
        Self { patterns: outputs.len(), points }
    }

    /// Its points, by rising number of rejected patterns.
    pub fn points(&self) -> &[RejectionPoint] {
        &self.points
    }

    /// The share of the accepted patterns that is answered wrongly, in percent, with `rejected_percent` (0..=100) of all
    /// patterns rejected or a little less: that of the last point up to there. NaN where no pattern is accepted or no point is.
    pub fn error_percent(&self, rejected_percent: f64) -> f64 {
        let up_to = |point: &RejectionPoint| percent(point.rejected, self.patterns) <= rejected_percent;
        let last = self.points.partition_point(up_to).checked_sub(1);
        last.map_or(f64::NAN, |last| self.error_percent_at(self.points[last]))
    }

    /// The smallest share of patterns to reject, in percent, so that at most `error_percent` of the accepted ones are answered
    /// wrongly. `None` if no point of the curve with an accepted pattern reaches that.
    pub fn rate_for(&self, error_percent: f64) -> Option<f64> {
        let enough = |point: &&RejectionPoint| self.error_percent_at(**point) <= error_percent;
        self.points.iter().find(enough).map(|point| percent(point.rejected, self.patterns))
    }

    fn error_percent_at(&self, point: RejectionPoint) -> f64 {
        percent(point.errors, self.patterns - point.rejected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::stream;
    use rand::RngExt;

    #[test]
    fn doubts_as_defined() {
        let y = [4.0_f64, 1.5, 2.0];
        assert_eq!((Criterion::Poor.doubt(&y), Criterion::Close.doubt(&y)), (1.5, -0.5));
        let p = (-1.5_f64).exp() / ((-0.7_f64).exp() + y.iter().map(|y| (-y).exp()).sum::<f64>());
        assert!((Criterion::Posterior { j: 0.7 }.doubt(&y) - ((1.0 - p) / p).ln()).abs() < 1e-14);
        assert_eq!(Criterion::Close.doubt(&[3.0_f32]), f64::NEG_INFINITY);
        // Without "none of these", only the difference of two classes counts; far beyond the range of exp as well.
        assert_eq!(Criterion::Posterior { j: f64::INFINITY }.doubt(&[1e6_f32, 3e6]), -2e6);
        assert_eq!(Criterion::Posterior { j: 1.0 }.doubt(&[1e6_f32, 3e6]), 1e6 - 1.0);
    }

    /// Five patterns of class 0 with y_best 1, 2, 2, 3, 4; the second and the last are answered wrongly.
    fn five() -> (Outputs<f32>, [u8; 5]) {
        let rows = [[1.0, 9.0], [9.0, 2.0], [2.0, 9.0], [3.0, 9.0], [9.0, 4.0]];
        (Outputs::new(2, rows.concat()), [0; 5])
    }

    #[test]
    fn a_curve_counts_the_rest_and_rejects_equals_together() {
        let (outputs, labels) = five();
        let curve = RejectionCurve::new(Criterion::Poor, &outputs, &labels);
        let points =
            [(0, 2), (1, 1), (2, 1), (4, 0), (5, 0)].map(|(rejected, errors)| RejectionPoint { rejected, errors });
        assert_eq!(curve.points(), points);
        assert_eq!(curve.error_percent(0.0), 40.0);
        assert_eq!((curve.error_percent(20.0), curve.error_percent(39.9)), (25.0, 25.0));
        assert!((curve.error_percent(40.0) - 100.0 / 3.0).abs() < 1e-12 && curve.error_percent(100.0).is_nan());
        assert_eq!(
            (curve.rate_for(40.0), curve.rate_for(25.0), curve.rate_for(24.0)),
            (Some(0.0), Some(20.0), Some(80.0))
        );
        let wrong = RejectionCurve::new(Criterion::Poor, &Outputs::new(2, vec![1.0_f32, 0.0]), &[0]);
        assert_eq!(wrong.rate_for(50.0), None);
    }

    #[test]
    fn thresholds_reject_beyond_them() {
        let y = [3.0_f32, 1.0];
        let reject = |poor, close| Thresholds { poor, close }.reject(&y);
        assert!(!reject(1.0, 2.0) && reject(0.99, 2.0) && reject(1.0, 2.01));
        assert!(!reject(f64::INFINITY, f64::NEG_INFINITY));
    }

    /// 60 random patterns: each pair leaves fewer errors than the one before, and no pair of thresholds whatsoever leaves as
    /// few and rejects fewer.
    #[test]
    fn chosen_thresholds_are_the_best_of_all() {
        let mut generator = stream(1998, "rejection", 0);
        let distances: Vec<f32> = (0..180).map(|_| generator.random_range(0.0..9.0_f32).round()).collect();
        let labels: Vec<u8> = (0..60).map(|_| generator.random_range(0..3)).collect();
        let outputs = Outputs::new(3, distances);
        let chosen = Thresholds::choose(&outputs, &labels);
        let at = |pair: Thresholds| RejectionCurve::of_thresholds(&[pair], &outputs, &labels).points()[0];
        assert_eq!(at(chosen[0]).rejected, 0);
        assert_eq!(at(*chosen.last().unwrap()).errors, 0);
        assert!(chosen.len() > 5, "{}", chosen.len());
        for pairs in chosen.windows(2) {
            let (one, next) = (at(pairs[0]), at(pairs[1]));
            assert!(next.errors < one.errors && next.rejected > one.rejected, "{one:?}, {next:?}");
        }
        for poor in 0..=20 {
            for close in 0..=20 {
                let other = at(Thresholds { poor: f64::from(poor) / 2.0 - 0.5, close: f64::from(close) / 2.0 });
                let as_good = chosen.iter().map(|&pair| at(pair)).find(|point| point.errors <= other.errors);
                assert!(as_good.is_some_and(|point| point.rejected <= other.rejected), "{other:?}, {as_good:?}");
            }
        }
    }
}
