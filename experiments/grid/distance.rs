//! The distance of a network from what is printed of its training: both ends of the rates of pass 1 over all parameters, the training
//! error on the fly pass by pass (Fig. 5), and in pass 19 (section III-B).

use lenet5::evaluation::statistics::summarise;
use lenet5::paper;
use serde::{Deserialize, Serialize};

use super::reading::Reading;
use crate::fig5;
use crate::finished::Finished;

/// The pass of the printed training error.
const END: usize = 19;

/// What is left open by 7e-5 and 0.016, by half of their last digits.
const ROUNDED_RATES: [f64; 2] = [0.5 / 7.0, 0.5 / 16.0];
/// And by 0.35 %.
const ROUNDED_END: f64 = 0.5 / 35.0;
/// How far a point of Fig. 5 may be off, in points of the error in percent.
const DIGITISED_PERCENT: f64 = 0.03;

/// A row of `seeds.csv`: a network by what is printed of the paper's.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SeedRow {
    pub reading: String,
    pub seed: u64,
    pub passes: usize,
    /// True if it learnt nothing in its first passes, or diverged.
    pub diverged: bool,
    /// Nothing where it diverged in its first pass.
    pub smallest_effective_rate_of_pass_1: Option<f64>,
    pub largest_effective_rate_of_pass_1: Option<f64>,
    pub running_training_error_of_pass_19_percent: Option<f64>,
    pub distance_from_fig_5: Option<f64>,
    /// The errors on the fly of all passes, in percent.
    pub running_training_errors_percent: String,
}

impl SeedRow {
    pub fn of(reading: &Reading, cell: &Finished) -> Self {
        let errors = || cell.records.iter().map(|record| record.running_training_error_percent);
        let texts: Vec<String> = errors().map(|error| format!("{error:.3}")).collect();
        let (first, diverged) = (cell.records.first(), cell.diverged());
        let end = || cell.records.get(END - 1).or(cell.records.last());
        Self {
            reading: reading.to_string(),
            seed: cell.seed,
            passes: cell.records.len(),
            diverged,
            smallest_effective_rate_of_pass_1: first.map(|first| first.smallest_effective_rate),
            largest_effective_rate_of_pass_1: first.map(|first| first.largest_effective_rate),
            running_training_error_of_pass_19_percent: end()
                .filter(|_| !diverged)
                .map(|record| record.running_training_error_percent),
            distance_from_fig_5: (!diverged).then(|| fig5::distance(errors())),
            running_training_errors_percent: texts.join(" "),
        }
    }

    fn errors(&self) -> impl Iterator<Item = f64> {
        self.running_training_errors_percent.split(' ').filter_map(|text| text.parse().ok())
    }

    /// ln(ours / printed) of either end of the rates, and of the end of training.
    fn logarithms(&self) -> Option<[f64; 3]> {
        let end = self.running_training_error_of_pass_19_percent?;
        let (low, high) = paper::EFFECTIVE_RATES;
        let ratios = [
            self.smallest_effective_rate_of_pass_1? / low,
            self.largest_effective_rate_of_pass_1? / high,
            end / paper::TRAINING_ERROR_PERCENT,
        ];
        Some(ratios.map(f64::ln))
    }

    /// The four parts of the squared distance: either end of the rates, the end of training, and the curve. Nothing for a network that
    /// diverged.
    pub fn squares(&self, scales: &Scales) -> Option<[f64; 4]> {
        let [low, high, end] = self.logarithms()?;
        let parts = [low, high, end, self.distance_from_fig_5?];
        Some(std::array::from_fn(|part| (parts[part] / scales.0[part]).powi(2)))
    }
}

/// The scales of the four parts of a distance: the standard deviations of the logarithms over seeds of the preset before the grid, and
/// at least what the print leaves open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scales([f64; 4]);

impl Scales {
    /// The parts of both ends of the rates.
    pub fn of_rates(&self, smallest: f64, largest: f64) -> f64 {
        let (low, high) = paper::EFFECTIVE_RATES;
        ((smallest / low).ln() / self.0[0]).powi(2) + ((largest / high).ln() / self.0[1]).powi(2)
    }

    /// From networks of that preset.
    pub fn of(rows: &[SeedRow]) -> Self {
        let rows: Vec<&SeedRow> = rows.iter().filter(|row| !row.diverged).collect();
        let deviation = |values: &mut dyn Iterator<Item = f64>| match summarise(values).deviation {
            deviation if deviation.is_finite() => deviation,
            _ => 0.0, // of one seed
        };
        let of_part = |part: usize| deviation(&mut rows.iter().filter_map(|row| Some(row.logarithms()?[part])));
        let curve = paper::LEARNING_CURVE.iter().enumerate().filter_map(|(index, point)| {
            let errors: Vec<f64> = rows.iter().filter_map(|row| row.errors().nth(index)).collect();
            let own = deviation(&mut errors.iter().map(|error| error.ln()));
            (!errors.is_empty()).then(|| own.max(DIGITISED_PERCENT / point.1).powi(2))
        });
        Self([
            of_part(0).max(ROUNDED_RATES[0]),
            of_part(1).max(ROUNDED_RATES[1]),
            of_part(2).max(ROUNDED_END),
            summarise(curve).mean.sqrt(),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(smallest: f64, largest: f64, factor: f64) -> SeedRow {
        let errors: Vec<f64> = paper::LEARNING_CURVE.iter().take(20).map(|point| factor * point.1).collect();
        let texts: Vec<String> = errors.iter().map(f64::to_string).collect();
        SeedRow {
            reading: "a".into(),
            seed: 1,
            passes: 20,
            diverged: false,
            smallest_effective_rate_of_pass_1: Some(smallest),
            largest_effective_rate_of_pass_1: Some(largest),
            running_training_error_of_pass_19_percent: Some(factor * paper::TRAINING_ERROR_PERCENT),
            distance_from_fig_5: Some(fig5::distance(errors)),
            running_training_errors_percent: texts.join(" "),
        }
    }

    /// What is printed has distance 0; twice the printed number is ln 2 away, in the scale of its part.
    #[test]
    fn a_distance_is_in_deviations() {
        let scales = Scales::of(&[0.9, 1.1].map(|factor| row(7e-5 * factor, 0.016, factor)));
        let deviation = (1.1_f64 / 0.9).ln() / 2.0_f64.sqrt();
        assert!((scales.0[0] - deviation).abs() < 1e-12 && (scales.0[2] - deviation).abs() < 1e-12, "{scales:?}");
        assert_eq!(scales.0[1], 0.5 / 16.0, "the largest rate is the same in both");
        assert!((scales.0[3] - deviation).abs() < 1e-3, "above 0.03 points nearly everywhere: {scales:?}");
        let near = |squares: [f64; 4], expected: [f64; 4]| {
            squares.iter().zip(expected).all(|(ours, expected)| (ours - expected).abs() < 1e-9)
        };
        assert!(near(row(7e-5, 0.016, 1.0).squares(&scales).unwrap(), [0.0; 4]));
        let square = |part: usize| (2.0_f64.ln() / scales.0[part]).powi(2);
        assert!(near(row(1.4e-4, 0.016, 1.0).squares(&scales).unwrap(), [square(0), 0.0, 0.0, 0.0]));
        assert!(near(row(7e-5, 0.008, 2.0).squares(&scales).unwrap(), [0.0, square(1), square(2), square(3)]));
        let diverged = SeedRow { running_training_error_of_pass_19_percent: None, ..row(7e-5, 0.016, 1.0) };
        assert!(diverged.squares(&scales).is_none());
    }
}
