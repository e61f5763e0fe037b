//! Mean and spread of independent numbers, such as the errors of several seeds.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// Mean and spread of a set of independent numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// The mean; NaN for no number.
    pub mean: f64,
    /// The sample standard deviation, with n - 1 below; NaN for fewer than two numbers.
    pub deviation: f64,
    /// Half the width of the mean's 95 % interval (Student's t); NaN for fewer than two numbers.
    pub half_interval: f64,
    /// Half the width of the 95 % prediction interval around the mean: where one more number of their kind is expected (Student's t,
    /// times the deviation, times sqrt(1 + 1/n)); NaN for fewer than two numbers.
    pub half_prediction: f64,
    /// The smallest number; NaN for none.
    pub smallest: f64,
    /// The largest number; NaN for none.
    pub largest: f64,
}

/// Mean, standard deviation, both intervals and range of `values`.
///
/// ```
/// let summary = lenet5::evaluation::statistics::summarise([1.0, 2.0, 4.0, 5.0]);
/// assert_eq!((summary.mean, summary.smallest, summary.largest), (3.0, 1.0, 5.0));
/// assert!((summary.deviation - 1.826).abs() < 0.001 && (summary.half_interval - 2.905).abs() < 0.001);
/// ```
pub fn summarise(values: impl IntoIterator<Item = f64>) -> Summary {
    let values: Vec<f64> = values.into_iter().collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    // 0 / 0 for fewer than two.
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0).max(0.0);
    let quantile = StudentsT::new(0.0, 1.0, n - 1.0).map_or(f64::NAN, |t| t.inverse_cdf(0.975));
    Summary {
        mean,
        deviation: variance.sqrt(),
        half_interval: quantile * (variance / n).sqrt(),
        half_prediction: quantile * (variance * (1.0 + 1.0 / n)).sqrt(),
        smallest: values.iter().copied().fold(f64::NAN, f64::min),
        largest: values.iter().copied().fold(f64::NAN, f64::max),
    }
}

/// The middle one of these numbers, the mean of two in the middle; NaN for none.
pub fn median(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.into_iter().collect();
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    match numbers.len() {
        0 => f64::NAN,
        count if count.is_multiple_of(2) => (numbers[middle - 1] + numbers[middle]) / 2.0,
        _ => numbers[middle],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn student_of_five() {
        let summary = summarise([4.0, 2.0, 3.0, 1.0, 5.0]);
        assert!((summary.deviation - 2.5_f64.sqrt()).abs() < 1e-12);
        // t(0.975, 4) = 2.776445
        assert!((summary.half_interval - 2.776_445 * (0.5_f64).sqrt()).abs() < 1e-5);
        assert!((summary.half_prediction - 2.776_445 * 3.0_f64.sqrt()).abs() < 1e-5);
    }

    /// Half the prediction interval in deviations, as Hahn and Meeker tabulate it (Statistical Intervals, a single future observation,
    /// 95 %), and that of ten test errors as SciPy 1.17.1 has it: `t.ppf(.975, 9) * x.std(ddof=1) * sqrt(1.1)`.
    #[test]
    fn one_more_number() {
        for (n, factor) in [(4, 3.56), (5, 3.04), (10, 2.37), (20, 2.14)] {
            let summary = summarise((0..n).map(f64::from));
            assert!((summary.half_prediction / summary.deviation - factor).abs() <= 0.005, "{n} numbers");
        }
        let summary = summarise([1.02, 0.95, 1.00, 0.98, 1.01, 1.03, 0.98, 1.00, 0.92, 0.93]);
        assert!((summary.mean - 0.982).abs() < 1e-12 && (summary.half_prediction - 0.089_335_320_37).abs() < 1e-8);
    }

    #[test]
    fn one_number_has_no_spread_and_none_has_no_mean() {
        let one = summarise([1.5]);
        assert_eq!((one.mean, one.smallest, one.largest), (1.5, 1.5, 1.5));
        assert!(one.deviation.is_nan() && one.half_interval.is_nan() && one.half_prediction.is_nan());
        let none = summarise([]);
        assert!(
            [none.mean, none.deviation, none.half_interval, none.smallest, none.largest].iter().all(|x| x.is_nan())
        );
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!((median(vec![3.0, 1.0, 2.0]), median(vec![4.0, 1.0, 3.0, 2.0])), (2.0, 2.5));
        assert!(median(Vec::new()).is_nan());
    }
}
