//! Two networks on the same patterns: McNemar's exact test.

use statrs::distribution::{Binomial, DiscreteCDF};

/// The two-sided p-value of McNemar's exact test: the probability that networks that err equally often disagree this
/// unevenly, or more so. Each pattern that only one of them gets wrong is then a toss of a coin, and those that both get right or both get
/// wrong do not count. In 0..=1; 1 where they never disagree.
///
/// ```
/// use lenet5::evaluation::mcnemar::mcnemar;
/// assert_eq!(mcnemar(5, 5), 1.0);
/// assert!((mcnemar(2, 8) - 0.109375).abs() < 1e-12); // 2 (1 + 10 + 45) / 1024
/// ```
pub fn mcnemar(only_first_wrong: usize, only_second_wrong: usize) -> f64 {
    let tosses = (only_first_wrong + only_second_wrong) as u64;
    let fewer = only_first_wrong.min(only_second_wrong) as u64;
    // 1/2 is a probability.
    let tail = Binomial::new(0.5, tosses).map_or(f64::NAN, |binomial| binomial.cdf(fewer));
    (2.0 * tail).min(1.0)
}

/// The numbers of patterns that only the first network, and only the second one, gets wrong.
pub fn disagreements(first_wrong: &[bool], second_wrong: &[bool]) -> (usize, usize) {
    let only = |one: &[bool], other: &[bool]| one.iter().zip(other).filter(|(one, other)| **one && !**other).count();
    (only(first_wrong, second_wrong), only(second_wrong, first_wrong))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twice the tail of the binomial distribution, added up term by term.
    fn by_terms(first: usize, second: usize) -> f64 {
        let tosses = first + second;
        let mut term = 0.5_f64.powi(tosses as i32);
        let mut tail = 0.0;
        for k in 0..=first.min(second) {
            tail += term;
            term *= (tosses - k) as f64 / (k + 1) as f64;
        }
        (2.0 * tail).min(1.0)
    }

    #[test]
    fn p_values_are_the_sums_of_the_binomial_terms() {
        for first in 0..40 {
            for second in (0..300).step_by(7) {
                let (found, expected) = (mcnemar(first, second), by_terms(first, second));
                assert!((found - expected).abs() <= 1e-9 * expected, "{first}, {second}: {found}, not {expected}");
                assert_eq!(found, mcnemar(second, first));
            }
        }
        assert_eq!((mcnemar(0, 0), mcnemar(3, 3)), (1.0, 1.0));
    }
}
