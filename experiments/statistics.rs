//! Mean and spread over seeds.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// What a set of independent numbers says of their mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// The mean; NaN for no number.
    pub mean: f64,
    /// The sample standard deviation; NaN for fewer than two numbers.
    pub deviation: f64,
    /// Half the width of the mean's 95 % interval (Student's t); NaN for fewer than two numbers.
    pub half_interval: f64,
}

/// Mean, standard deviation and interval of `values`.
pub fn summarise(values: &[f64]) -> Summary {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let quantile = StudentsT::new(0.0, 1.0, n - 1.0).map_or(f64::NAN, |t| t.inverse_cdf(0.975));
    Summary { mean, deviation: variance.sqrt(), half_interval: quantile * (variance / n).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn student_of_five() {
        let summary = summarise(&[1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(summary.mean, 3.0);
        assert!((summary.deviation - 2.5_f64.sqrt()).abs() < 1e-12);
        // t(0.975, 4) = 2.776445
        assert!((summary.half_interval - 2.776_445 * (0.5_f64).sqrt()).abs() < 1e-5);
        assert!(summarise(&[1.0]).deviation.is_nan());
    }
}
