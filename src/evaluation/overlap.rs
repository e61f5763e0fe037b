//! The number of errors that two networks share, beside the number expected by chance.

use statrs::distribution::{DiscreteCDF, Hypergeometric};

/// The expected number of `patterns` that two sets of `first` and `second` of them share if they are drawn
/// independently of each other; NaN without patterns.
pub fn by_chance(patterns: usize, first: usize, second: usize) -> f64 {
    first as f64 * second as f64 / patterns as f64
}

/// The probability that sets drawn independently of each other share at least `shared` patterns: the upper tail of the
/// hypergeometric distribution. NaN if a set is larger than all `patterns`.
///
/// ```
/// use lenet5::evaluation::overlap::{by_chance, p_value};
/// assert_eq!(by_chance(10, 5, 4), 2.0);
/// assert!((p_value(10, 5, 4, 4) - 5.0 / 210.0).abs() < 1e-12); // the four are among the five
/// assert_eq!(p_value(10, 5, 4, 0), 1.0);
/// ```
pub fn p_value(patterns: usize, first: usize, second: usize, shared: usize) -> f64 {
    let [patterns, first, second] = [patterns, first, second].map(|count| count as u64);
    let Some(fewer) = shared.checked_sub(1) else { return 1.0 };
    Hypergeometric::new(patterns, first, second).map_or(f64::NAN, |draws| draws.sf(fewer as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tail, from the products of the draws one after the other.
    fn by_terms(patterns: usize, first: usize, second: usize, shared: usize) -> f64 {
        let choose = |n: usize, k: usize| (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product::<f64>();
        let ways = |k| choose(first, k) * choose(patterns - first, second - k);
        (shared..=first.min(second)).map(ways).sum::<f64>() / choose(patterns, second)
    }

    #[test]
    fn p_values_are_the_sums_of_the_hypergeometric_terms() {
        for (patterns, first, second) in [(30, 7, 9), (200, 20, 50), (1000, 82, 30)] {
            for shared in 0..=first.min(second) {
                let (found, expected) =
                    (p_value(patterns, first, second, shared), by_terms(patterns, first, second, shared));
                assert!((found - expected).abs() < 1e-6 * expected, "{shared}: {found}, not {expected}");
            }
        }
    }
}
