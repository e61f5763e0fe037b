//! Detection of training that is no better than chance: the network does no better than one constant answer.
//!
//! The best constant answer is the most frequent class among the tested patterns. A pass is no better than chance if
//! the 95 % interval of its error rate (Clopper and Pearson) reaches the error of that answer: on MNIST's test set,
//! where one digit in 8.8 is a 1, from 88.0 % on. A network that always answers another class is found as well.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::divergence::large_rate;
use super::record::PassRecord;
use crate::config::Settings;
use crate::data::Images;
use crate::evaluation::{clopper_pearson, percent};
use crate::models::preset;

/// The number of a run's last passes that are judged, or all of fewer.
pub const LAST_PASSES: usize = 3;

/// The most frequent class of tested patterns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chance {
    patterns: usize,
    most_frequent: usize,
}

impl Chance {
    /// The chance level of these patterns.
    pub fn of(tested: &Images) -> Self {
        let mut counts = [0; 256];
        tested.labels().iter().for_each(|&label| counts[usize::from(label)] += 1);
        Self { patterns: tested.len(), most_frequent: counts.into_iter().max().unwrap_or(0) }
    }

    /// The error of always answering it, in percent; NaN without patterns.
    pub fn error_percent(self) -> f64 {
        percent(self.patterns - self.most_frequent, self.patterns)
    }

    /// True if this many errors are no better than chance. False where the patterns are so few, or so much of one
    /// class, that even a network without errors could not be told from chance.
    pub fn is_reached(self, errors: usize) -> bool {
        let reaches = |errors| clopper_pearson(errors, self.patterns).high >= self.error_percent();
        reaches(errors) && !reaches(0)
    }
}

/// A run whose last passes were all no better than chance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AtChance {
    /// The last pass, counted from 1.
    pub pass: usize,
    /// The number of last passes that were no better: [`LAST_PASSES`], or all of fewer.
    pub passes: usize,
    /// The error after the last pass, in percent.
    pub error_percent: f64,
    /// The error of always answering the most frequent class, in percent.
    pub chance_error_percent: f64,
    /// Advice in words.
    pub advice: String,
}

impl AtChance {
    /// The verdict on these records of a run's passes, by the patterns that it was tested on; `None` if one of the last
    /// passes was better, or there is no pass.
    pub fn of(records: &[PassRecord], chance: Chance, settings: &Settings) -> Option<Self> {
        let last = &records[records.len().saturating_sub(LAST_PASSES)..];
        let (end, all) = (last.last()?, last.iter().all(|record| chance.is_reached(record.test_errors)));
        all.then(|| Self {
            pass: end.pass,
            passes: last.len(),
            error_percent: end.test_error_percent,
            chance_error_percent: chance.error_percent(),
            advice: advice(settings, end.pass),
        })
    }
}

/// Such as: was no better than chance in its last 3 passes.
impl fmt::Display for AtChance {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.passes {
            1 => write!(formatter, "was no better than chance in its only pass"),
            passes => write!(formatter, "was no better than chance in its last {passes} passes"),
        }
    }
}

/// Beside more passes and patterns: other steps, to the side from which the preset's are reached.
fn advice(settings: &Settings, pass: usize) -> String {
    if let Some(rate) = large_rate(settings, pass) {
        return rate;
    }
    let usual = preset(&settings.preset).map_or(1.0, |preset| preset.eta_factor);
    let factor = settings.eta_factor;
    let steps = if factor > usual {
        format!("smaller steps (eta_factor, {factor} here and {usual} in the preset)")
    } else if factor < usual {
        format!("larger steps (eta_factor, {factor} here and {usual} in the preset)")
    } else {
        "smaller steps (a tenth of eta_factor)".into()
    };
    format!("{steps}, another start (weight_range, weight_fan_in, coefficient), more passes, or more training patterns")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::builder::Builder;

    fn images(counts: &[usize]) -> Images {
        let labels: Vec<u8> = counts.iter().zip(0..).flat_map(|(&count, class)| vec![class; count]).collect();
        Images::new(1, 1, vec![0; labels.len()], labels)
    }

    /// The counts of MNIST's test set.
    const MNIST: [usize; 10] = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009];

    #[test]
    fn one_answer_to_everything_is_chance_whichever_it_is() {
        let chance = Chance::of(&images(&MNIST));
        assert_eq!(chance.error_percent(), 88.65);
        assert!(MNIST.iter().all(|right| chance.is_reached(10_000 - right)));
        assert!(chance.is_reached(8_810) && !chance.is_reached(8_790), "the documented 88.0 %");
    }

    #[test]
    fn classes_of_different_size_are_counted() {
        let chance = Chance::of(&images(&[900, 100]));
        assert!(chance.is_reached(100) && chance.is_reached(900) && !chance.is_reached(60), "10 % is chance here");
    }

    #[test]
    fn patterns_that_cannot_tell_say_nothing() {
        for counts in [&[][..], &[1], &[50], &[1, 1], &[2, 1], &[0, 400]] {
            let chance = Chance::of(&images(counts));
            assert!((0..=counts.iter().sum()).all(|errors| !chance.is_reached(errors)), "{counts:?}");
        }
    }

    #[test]
    fn the_last_three_passes_count_or_all_of_fewer() {
        let (chance, settings) = (Chance::of(&images(&MNIST)), Builder::default().build().unwrap());
        let of = |errors: &[usize]| {
            let record = |(index, &test_errors): (usize, &usize)| PassRecord {
                pass: index + 1,
                test_errors,
                test_error_percent: test_errors as f64 / 100.0,
                ..PassRecord::default()
            };
            let records: Vec<PassRecord> = errors.iter().enumerate().map(record).collect();
            AtChance::of(&records, chance, &settings)
        };
        assert_eq!((of(&[]), of(&[9000, 9000, 100]), of(&[100, 9000, 100, 9000])), (None, None, None));
        assert_eq!(of(&[9020]).unwrap().to_string(), "was no better than chance in its only pass");
        assert_eq!(of(&[9020, 8865]).unwrap().passes, 2);
        let found = of(&[100, 9000, 9000, 9018]).unwrap();
        assert_eq!((found.pass, found.passes, found.error_percent, found.chance_error_percent), (4, 3, 90.18, 88.65));
        assert_eq!(found.to_string(), "was no better than chance in its last 3 passes");
    }

    #[test]
    fn the_advice_leads_back_to_the_preset() {
        let advice_of = |assignment: &str| advice(&Builder::assigned(&[assignment]).unwrap(), 1);
        assert!(advice_of("eta_factor=20").starts_with("smaller steps (eta_factor, 20 here and 1 in the preset)"));
        assert!(advice_of("eta_factor=1e-6").starts_with("larger steps"));
        assert!(advice_of("weight_fan_in=linear").contains("weight_fan_in"));
    }
}
