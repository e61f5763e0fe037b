//! Paired numbers, such as the errors of two networks over the same seeds: are their differences more than chance?
//!
//! [`student`] asks it of the mean of the differences, [`wilcoxon`] of their ranks. Both are two-sided.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// The result of Student's t test of paired numbers.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Student {
    /// The mean difference over its standard error.
    pub t: f64,
    /// Degrees of freedom: the number of pairs less one.
    pub degrees: usize,
    /// The probability of a t so far from 0, or farther, where the true mean is 0; 0 to 1.
    pub p_value: f64,
}

/// The result of Wilcoxon's signed-rank test.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Wilcoxon {
    /// W: of the sums of the ranks of positive and of negative differences the smaller one. Equal sizes share their mean rank.
    pub w: f64,
    /// The probability of a W so small, or smaller, where differences of either sign are equally likely; 0 to 1.
    pub p_value: f64,
    /// True if the probability was counted over all signs, false if it is that of the normal approximation.
    pub exact: bool,
}

/// Student's t test that the mean of these differences is 0. `None` for fewer than two, and where all of them are 0.
///
/// ```
/// let test = lenet5::evaluation::paired::student(&[1.0, 2.0, 3.0]).unwrap();
/// assert_eq!(test.degrees, 2);
/// assert!((test.t - 12_f64.sqrt()).abs() < 1e-12 && (test.p_value - 0.0742).abs() < 1e-4);
/// ```
pub fn student(differences: &[f64]) -> Option<Student> {
    let n = differences.len();
    let summary = super::statistics::summarise(differences.iter().copied());
    let t = summary.mean / (summary.deviation / (n as f64).sqrt());
    if n < 2 || t.is_nan() {
        return None;
    }
    let tail = StudentsT::new(0.0, 1.0, (n - 1) as f64).map_or(f64::NAN, |distribution| distribution.sf(t.abs()));
    Some(Student { t, degrees: n - 1, p_value: (2.0 * tail).min(1.0) })
}

/// The most differences of which the signs are counted, where none is 0 and no two have one size; of others, [`EXACT_WITH_TIES`].
const EXACT: usize = 50;
/// See [`EXACT`].
const EXACT_WITH_TIES: usize = 13;

/// Wilcoxon's signed-rank test that these differences lie around 0; those that are 0 are left out. `None` for no difference.
///
/// The probability is exact for at most 50 differences, or 13 where some are 0 or of equal size; else that of the normal approximation
/// with the variance for equal sizes, and without a correction for continuity: the choices of SciPy 1.17.
///
/// ```
/// let test = lenet5::evaluation::paired::wilcoxon(&[1.0, 2.0, -3.0, 4.0, 5.0]).unwrap();
/// assert_eq!((test.w, test.p_value, test.exact), (3.0, 0.3125, true));
/// ```
pub fn wilcoxon(differences: &[f64]) -> Option<Wilcoxon> {
    if differences.is_empty() || differences.iter().any(|difference| difference.is_nan()) {
        return None;
    }
    let mut sorted: Vec<f64> = differences.iter().copied().filter(|difference| *difference != 0.0).collect();
    sorted.sort_by(|one, other| one.abs().total_cmp(&other.abs()));
    // Twice the ranks, which are whole where sizes are equal, too.
    let (mut ranks, mut ties) = (Vec::new(), 0.0);
    for equal in sorted.chunk_by(|one, other| one.abs() == other.abs()) {
        let count = equal.len();
        ranks.extend(std::iter::repeat_n(2 * ranks.len() + count + 1, count));
        ties += (count as f64).powi(3) - count as f64;
    }
    let positive: usize =
        ranks.iter().zip(&sorted).filter(|(_, difference)| **difference > 0.0).map(|(rank, _)| rank).sum();
    let smaller = positive.min(ranks.iter().sum::<usize>() - positive);
    let has_ties = ties > 0.0 || sorted.len() < differences.len();
    let exact = differences.len() <= if has_ties { EXACT_WITH_TIES } else { EXACT };
    let p_value =
        if exact { counted(&ranks, smaller) } else { approximated(sorted.len() as f64, smaller as f64 / 2.0, ties) };
    Some(Wilcoxon { w: smaller as f64 / 2.0, p_value: p_value.min(1.0), exact })
}

/// The share of all choices of signs with which the positive `ranks` add up to at most `sum`, twice.
fn counted(ranks: &[usize], sum: usize) -> f64 {
    // The share of the choices so far with each sum.
    let mut shares = vec![0.0; sum + 1];
    shares[0] = 1.0;
    for &rank in ranks {
        for at in (0..=sum).rev() {
            let with = if at >= rank { shares[at - rank] } else { 0.0 };
            shares[at] = 0.5 * (shares[at] + with);
        }
    }
    2.0 * shares.iter().sum::<f64>()
}

/// The probability by the normal distribution of a sum of `n` signed ranks; `ties` is the sum of t^3 - t over sets of t equal sizes.
fn approximated(n: f64, w: f64, ties: f64) -> f64 {
    let (mean, variance) = (n * (n + 1.0) / 4.0, (n * (n + 1.0) * (2.0 * n + 1.0) - ties / 2.0) / 24.0);
    // The smaller sum is at most the mean; without differences, both are 0.
    let z = if w == mean { 0.0 } else { (w - mean) / variance.sqrt() };
    2.0 * Normal::new(0.0, 1.0).map_or(f64::NAN, |normal| normal.cdf(z))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agree(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{found}, not {expected}");
    }

    /// t, its p-value, W, its p-value and whether it is exact, from SciPy 1.17.1:
    /// `r = stats.ttest_1samp(d, 0); s = stats.wilcoxon(d); print(r.statistic, r.pvalue, s.statistic, s.pvalue)`
    #[test]
    fn the_tests_of_scipy() {
        let wave = |n: usize| (1..=n).map(|k| (k as f64 * 1.3).sin() + 0.2).collect::<Vec<f64>>();
        let steps = |n: usize| (1..=n).map(|k| ((k * 7) % 11) as f64 - 4.0).collect::<Vec<f64>>();
        let cases = [
            (vec![0.3, -0.1], [0.49999999999999994, 0.7048327646991335, 1.0, 1.0], true),
            (wave(5), [0.6363938832469171, 0.5591138176733593, 5.0, 0.625], true),
            (wave(10), [0.960798787240845, 0.3617537469368594, 19.0, 0.431640625], true),
            (wave(50), [2.2488657292153893, 0.029050463836266017, 408.0, 0.02616696817119646], true),
            (wave(51), [2.220331682816043, 0.03095773506576443, 432.0, 0.03036694960820756], false),
            (vec![2.0, 2.0, 2.0, -2.0, 3.0, 0.0], [1.557479558214947, 0.18009031921797566, 2.5, 0.3125], true),
            (steps(5), [1.1147728228665883, 0.3274057153928329, 3.5, 0.375], true),
            (steps(13), [1.1497973292302799, 0.27262711638038645, 25.0, 0.294921875], true),
            (steps(14), [1.5407136933499606, 0.1473684909009367, 25.0, 0.15057858112290795], false),
            (steps(60), [2.565774697355152, 0.012855072649295399, 483.5, 0.015931553492604805], false),
        ];
        for (differences, [t, p, w, q], exact) in cases {
            let (student, wilcoxon) = (student(&differences).unwrap(), wilcoxon(&differences).unwrap());
            agree(student.t, t);
            agree(student.p_value, p);
            assert_eq!((wilcoxon.w, wilcoxon.exact, student.degrees), (w, exact, differences.len() - 1));
            agree(wilcoxon.p_value, q);
        }
    }

    #[test]
    fn what_has_no_answer() {
        assert_eq!((student(&[]), student(&[1.0]), student(&[0.0, 0.0])), (None, None, None));
        assert_eq!(student(&[1.0, 1.0]).unwrap().p_value, 0.0);
        assert_eq!((wilcoxon(&[]), wilcoxon(&[f64::NAN])), (None, None));
        for none in [&[0.0][..], &[0.0; 60]] {
            assert_eq!(wilcoxon(none).unwrap().p_value, 1.0);
        }
        assert_eq!(wilcoxon(&[2.0]).unwrap(), Wilcoxon { w: 0.0, p_value: 1.0, exact: true });
    }
}
