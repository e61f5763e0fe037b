//! Numbers over seeds, and their curves.

use lenet5::drawing::plot::{Curve, Line};
use lenet5::evaluation::statistics::{Summary, summarise};
use plotters::style::RGBColor;

/// Mean and spread of these numbers.
pub fn over(numbers: impl IntoIterator<Item = f64>) -> Summary {
    summarise(&numbers.into_iter().collect::<Vec<f64>>())
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

/// Patterns of which `one` is true and `other` is not.
pub fn only(one: &[bool], other: &[bool]) -> usize {
    one.iter().zip(other).filter(|(one, other)| **one && !**other).count()
}

/// A curve of means, each given by its x, the mean and the spread on either side, which is drawn as a band.
pub fn curve_of_means(
    label: &str,
    colour: RGBColor,
    line: Line,
    means: impl IntoIterator<Item = (f64, f64, f64)>,
) -> Curve {
    let means: Vec<(f64, f64, f64)> = means.into_iter().collect();
    let band = means.iter().map(|&(x, mean, spread)| (x, mean - spread, mean + spread));
    Curve::new(label, colour, line, means.iter().map(|&(x, mean, _)| (x, mean))).with_band(band)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!((median([3.0, 1.0, 2.0]), median([4.0, 1.0, 3.0, 2.0])), (2.0, 2.5));
        assert!(median([]).is_nan());
    }
}
