//! Loss functions on the distances of the output layer (section II-C).

use std::fmt::Debug;

use serde::{Deserialize, Serialize};

use crate::kernels::scalar::Scalar;

/// A loss of one pattern: the program's own ([`Loss`]), or one of yours, with which
/// [`Trainer::with_loss`](crate::training::Trainer::with_loss) trains.
///
/// The network's outputs are distances y_i, one a class, of which the smallest is the answer; of a network that ends in scores they are the
/// scores with the other sign.
pub trait LossFunction<T: Scalar>: Debug + Send + Sync {
    /// The loss of a pattern of class `class` with these distances.
    fn value(&self, distances: &[T], class: usize) -> f64;

    /// Writes dE/dy_i to `gradient`, as long as `distances`, and returns the loss.
    fn gradient(&self, distances: &[T], class: usize, gradient: &mut [T]) -> f64;

    /// True if class `class` is the answer: by default, if its distance is the smallest.
    fn is_right(&self, distances: &[T], class: usize) -> bool {
        answer(distances) == class
    }

    /// Writes the weight of the curvature of each distance in the estimate of h_kk, from which the step sizes follow; see
    /// [`Loss::curvature`]. By default 1 for the right class and 0 for the others, as of eqs. 8 and 9.
    fn curvature(&self, class: usize, weights: &mut [T]) {
        Loss::Eq8.curvature(class, weights);
    }
}

impl<T: Scalar, L: LossFunction<T> + ?Sized> LossFunction<T> for &L {
    fn value(&self, distances: &[T], class: usize) -> f64 {
        (**self).value(distances, class)
    }

    fn gradient(&self, distances: &[T], class: usize, gradient: &mut [T]) -> f64 {
        (**self).gradient(distances, class, gradient)
    }

    fn is_right(&self, distances: &[T], class: usize) -> bool {
        (**self).is_right(distances, class)
    }

    fn curvature(&self, class: usize, weights: &mut [T]) {
        (**self).curvature(class, weights);
    }
}

impl<T: Scalar> LossFunction<T> for Loss {
    fn value(&self, distances: &[T], class: usize) -> f64 {
        Loss::value(*self, distances, class)
    }

    fn gradient(&self, distances: &[T], class: usize, gradient: &mut [T]) -> f64 {
        Loss::gradient(*self, distances, class, gradient)
    }

    fn is_right(&self, distances: &[T], class: usize) -> bool {
        Loss::is_right(*self, distances, class)
    }

    fn curvature(&self, class: usize, weights: &mut [T]) {
        Loss::curvature(*self, class, weights);
    }
}

/// The program's losses of one pattern, whose mean over the patterns is E.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Loss {
    /// Eq. 8: the distance of the right class, y_c.
    Eq8,
    /// Eq. 9: y_c + log(exp(-j) + sum over i of exp(-y_i)). It also pushes the wrong classes away; the constant j keeps it from
    /// pushing those that are already far.
    Eq9 {
        /// j > 0; the paper does not give its value.
        j: f64,
    },
    /// y_c + log(sum over i of exp(-y_i)): cross-entropy after softmax where the distances are negative scores. It is eq. 9 without
    /// its constant.
    #[serde(rename = "cross_entropy")]
    CrossEntropy,
}

/// The distances y_i with the class whose distance is smallest: the first of them if several are.
///
/// ```
/// assert_eq!(lenet5::network::loss::answer(&[7.0, 0.5, 9.0]), 1);
/// ```
pub fn answer<T: Scalar>(distances: &[T]) -> usize {
    let mut best = 0;
    for (class, &distance) in distances.iter().enumerate() {
        if distance < distances[best] {
            best = class;
        }
    }
    best
}

impl Loss {
    /// The loss of a pattern of class `class` with these distances, one a class. The class beyond the last is that of rubbish, "none of
    /// these", whose distance is j.
    pub fn value<T: Scalar>(self, distances: &[T], class: usize) -> f64 {
        let right = self.right(distances, class);
        match self {
            Self::Eq8 => right,
            Self::Eq9 { j } => right + log_sum(distances, j),
            Self::CrossEntropy => right + log_sum(distances, f64::INFINITY),
        }
    }

    /// Writes dE/dy_i to `gradient` and returns the loss.
    ///
    /// Eq. 8: 1 for the right class. Eq. 9: less the probability of class i, exp(-y_i) / (exp(-j) + sum over k of exp(-y_k)).
    pub fn gradient<T: Scalar>(self, distances: &[T], class: usize, gradient: &mut [T]) -> f64 {
        let right = |i: usize| if i == class { 1.0 } else { 0.0 };
        match self {
            Self::Eq8 => {
                for (i, dy) in gradient.iter_mut().enumerate() {
                    *dy = T::of(right(i));
                }
                self.right(distances, class)
            }
            Self::Eq9 { .. } | Self::CrossEntropy => {
                let j = self.j();
                let smallest = smallest(distances, j);
                let mut sum = libm::exp(smallest - j);
                for (term, y) in gradient.iter_mut().zip(distances) {
                    *term = T::of(libm::exp(smallest - y.widen()));
                    sum += term.widen();
                }
                for (i, dy) in gradient.iter_mut().enumerate() {
                    *dy = T::of(right(i) - dy.widen() / sum);
                }
                self.right(distances, class) + (libm::log(sum) - smallest)
            }
        }
    }

    /// The distance of class `class`.
    fn right<T: Scalar>(self, distances: &[T], class: usize) -> f64 {
        distances.get(class).map_or(self.j(), |right| right.widen())
    }

    /// True if class `class` is the answer. Rubbish, the class beyond the last, is recognised if no distance is below j.
    pub fn is_right<T: Scalar>(self, distances: &[T], class: usize) -> bool {
        if class < distances.len() { answer(distances) == class } else { smallest(distances, self.j()) >= self.j() }
    }

    /// The j of eq. 9; infinite for the other losses, which have no class of "none of these".
    pub fn j(self) -> f64 {
        match self {
            Self::Eq9 { j } => j,
            Self::Eq8 | Self::CrossEntropy => f64::INFINITY,
        }
    }

    /// Writes the weight of the curvature of each distance in the curvature estimate: 1 for the right class, for eqs. 8 and 9; for rubbish,
    /// whose distance is constant, none.
    ///
    /// For eq. 8 this is dE/dy_i. Reading for eq. 9 (*assumed*): the same, because its own weights vanish with the error, and
    /// with them every h_kk, so that the step sizes grow until training diverges.
    ///
    /// Cross-entropy is on scores, which have no curvature of their own, so that these are its second derivatives with respect to
    /// them: p (1 - p), which vanish with the error too. Reading (*ours*): their largest value, 1/4, for every class.
    pub fn curvature<T: Scalar>(self, class: usize, weights: &mut [T]) {
        if self == Self::CrossEntropy {
            return weights.fill(T::of(0.25));
        }
        weights.fill(T::zero());
        if let Some(weight) = weights.get_mut(class) {
            *weight = T::one();
        }
    }
}

/// The probability that eq. 9 leaves for "none of these": exp(-j) / (exp(-j) + sum over i of exp(-y_i)), the class of "rubbish"
/// whose distance is always j. In 0..=1.
///
/// ```
/// use lenet5::network::loss::rubbish_probability;
/// assert!(rubbish_probability(&[0.1, 90.0], 2.0) < 0.2);
/// assert!(rubbish_probability(&[70.0, 90.0], 2.0) > 0.999);
/// ```
pub fn rubbish_probability<T: Scalar>(distances: &[T], j: f64) -> f64 {
    libm::exp(-j - log_sum(distances, j))
}

/// The probability of each class after eq. 9: exp(-y_i) / (exp(-j) + sum over k of exp(-y_k)). In 0..=1; with the
/// [`rubbish_probability`] they add up to 1. With an infinite j it is the softmax.
pub fn probabilities<T: Scalar>(distances: &[T], j: f64) -> Vec<f64> {
    let log_sum = log_sum(distances, j);
    distances.iter().map(|y| libm::exp(-y.widen() - log_sum)).collect()
}

/// log(exp(-j) + sum over i of exp(-y_i)), with the largest term taken out so that nothing overflows or vanishes.
fn log_sum<T: Scalar>(distances: &[T], j: f64) -> f64 {
    let smallest = smallest(distances, j);
    let terms = distances.iter().map(|y| libm::exp(smallest - y.widen()));
    let sum = terms.fold(libm::exp(smallest - j), |sum, term| sum + term);
    libm::log(sum) - smallest
}

/// The smallest of j and the distances.
fn smallest<T: Scalar>(distances: &[T], j: f64) -> f64 {
    distances.iter().fold(j, |smallest, y| smallest.min(y.widen()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equation_9_as_printed() {
        let (y, j) = ([3.0_f64, 0.25, 5.0], 2.0_f64);
        let expected = y[1] + ((-j).exp() + (-y[0]).exp() + (-y[1]).exp() + (-y[2]).exp()).ln();
        assert!((Loss::Eq9 { j }.value(&y, 1) - expected).abs() < 1e-14);
    }

    #[test]
    fn probabilities_and_rubbish_add_up_to_one() {
        let (y, j) = ([3.0_f64, 0.25, 5.0], 2.0);
        let mut gradient = [0.0; 3];
        Loss::Eq9 { j }.gradient(&y, 2, &mut gradient);
        let sum: f64 = 1.0 - gradient.iter().sum::<f64>();
        assert!((sum + rubbish_probability(&y, j) - 1.0).abs() < 1e-14);
        let same = |(i, p): (usize, &f64)| (p + gradient[i] - if i == 2 { 1.0 } else { 0.0 }).abs() < 1e-14;
        assert!(probabilities(&y, j).iter().enumerate().all(same));
    }

    /// A pattern of rubbish pushes every class away, by its probability; the gradient is the difference quotient of the loss.
    #[test]
    fn rubbish_is_a_class_whose_distance_is_j() {
        let (y, loss, rubbish) = ([3.0_f64, 0.25, 5.0], Loss::Eq9 { j: 2.0 }, 3);
        let mut gradient = [0.0; 3];
        let value = loss.gradient(&y, rubbish, &mut gradient);
        assert!((value + rubbish_probability(&y, 2.0).ln()).abs() < 1e-14 && value == loss.value(&y, rubbish));
        for (class, &derivative) in gradient.iter().enumerate() {
            let moved = |by: f64| std::array::from_fn::<f64, 3, _>(|i| if i == class { y[i] + by } else { y[i] });
            let quotient = (loss.value(&moved(1e-6), rubbish) - loss.value(&moved(-1e-6), rubbish)) / 2e-6;
            assert!((derivative - quotient).abs() < 1e-8 && derivative < 0.0, "class {class}");
        }
        assert!(!loss.is_right(&y, rubbish) && loss.is_right(&y, 1) && loss.is_right(&[3.0_f64, 2.5, 5.0], rubbish));
        let mut weights = [1.0; 3];
        loss.curvature(rubbish, &mut weights);
        assert_eq!(weights, [0.0; 3]);
    }

    #[test]
    fn distances_far_beyond_the_range_of_exp_stay_finite() {
        let y = [1e6_f32, 2e6];
        let mut gradient = [0.0_f32; 2];
        let loss = Loss::Eq9 { j: 1e5 }.gradient(&y, 0, &mut gradient);
        assert!(loss.is_finite() && gradient == [1.0, 0.0]);
        assert_eq!(rubbish_probability(&y, 1e7), 0.0);
    }
}
