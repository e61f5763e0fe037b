//! Three networks as one classifier.

use std::path::Path;

use super::{MEMBERS, member};
use crate::data::Images;
use crate::evaluation::rejection::Criterion;
use crate::evaluation::{Outputs, outputs};
use crate::network::loss;
use crate::runs::checkpoint::Model;
use crate::runs::folder::RunError;

/// The three networks of a folder.
#[derive(Debug)]
pub struct Committee {
    models: [Model; 3],
}

impl Committee {
    /// The networks that were trained below `folder`.
    ///
    /// # Errors
    /// If one of them cannot be read, or has other settings than it would have beside the first.
    pub fn load(folder: &Path) -> Result<Self, RunError> {
        let load = |name: &str| Model::load_file(&folder.join(name).join("model.safetensors"));
        let models = [load(MEMBERS[0])?, load(MEMBERS[1])?, load(MEMBERS[2])?];
        for (index, model) in models.iter().enumerate() {
            let differences = model.settings.differences(&member(&models[0].settings, index)?);
            if !differences.is_empty() {
                let folder = folder.join(MEMBERS[index]);
                return Err(RunError::Different { folder, differences: differences.join(", ") });
            }
        }
        Ok(Self { models })
    }

    /// The networks, first to third.
    pub fn models(&self) -> &[Model; 3] {
        &self.models
    }

    /// The outputs of each network for these images, in parallel: the same bits for any number of threads.
    pub fn members(&self, images: &Images) -> Members {
        Members::new(self.models.each_ref().map(|model| outputs(&model.network(), &model.values, images)))
    }
}

/// The outputs of the three networks for the same patterns.
#[derive(Debug, Clone, PartialEq)]
pub struct Members {
    outputs: [Outputs<f32>; 3],
}

/// The answers of a cascade, and what they cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Cascade {
    /// The class that each pattern was taken for.
    pub answers: Vec<usize>,
    /// The average number of networks asked: 1 to 3; NaN without patterns.
    pub networks_per_pattern: f64,
}

impl Members {
    /// These outputs, first network to third.
    ///
    /// # Panics
    /// If they are not of as many patterns and classes.
    pub fn new(outputs: [Outputs<f32>; 3]) -> Self {
        let size = |outputs: &Outputs<f32>| (outputs.len(), outputs.classes());
        assert!(outputs.iter().all(|other| size(other) == size(&outputs[0])), "the same patterns and classes");
        Self { outputs }
    }

    /// The outputs of each network alone.
    pub fn each(&self) -> &[Outputs<f32>; 3] {
        &self.outputs
    }

    /// Their sums: the first two added first.
    pub fn sum(&self) -> Outputs<f32> {
        let [first, second, third] = self.outputs.each_ref().map(|outputs| outputs.rows().flatten());
        let sums = first.zip(second).zip(third).map(|((a, b), c)| (a + b) + c).collect();
        Outputs::new(self.outputs[0].classes(), sums)
    }

    /// The first network alone answers where the second smallest of its distances is at least `threshold` above the smallest; the
    /// sum of all three elsewhere. This is what makes a boosted network cost 1.75 networks in the paper, and not 3 (section III-C).
    pub fn cascade(&self, threshold: f64) -> Cascade {
        let (sum, mut asked) = (self.sum(), 0);
        let pairs = self.outputs[0].rows().zip(sum.rows());
        let answer = |(first, all): (&[f32], &[f32])| {
            let sure = margin(first) >= threshold;
            asked += if sure { 1 } else { 3 };
            loss::answer(if sure { first } else { all })
        };
        let answers: Vec<usize> = pairs.map(answer).collect();
        let networks_per_pattern = f64::from(asked) / answers.len() as f64;
        Cascade { answers, networks_per_pattern }
    }

    /// The smallest threshold of all, 0 or more, with which the cascade makes no more errors on these patterns than the sum of all
    /// three does. Reading (*ours*): the paper says that the first network must be confident, and not what that is; the threshold is
    /// chosen on the training originals.
    ///
    /// # Panics
    /// If there is not a label for each pattern.
    pub fn threshold(&self, labels: &[u8]) -> f64 {
        let (first, sum) = (&self.outputs[0], self.sum());
        assert_eq!(labels.len(), sum.len(), "a label for each pattern");
        // The margin of the first, and by how many errors it is worse than the sum: -1, 0 or 1.
        let pattern = |((first, all), &label): ((&[f32], &[f32]), &u8)| {
            let wrong = |distances| i64::from(loss::answer::<f32>(distances) != usize::from(label));
            (margin(first), wrong(first) - wrong(all))
        };
        let mut patterns: Vec<(f64, i64)> = first.rows().zip(sum.rows()).zip(labels).map(pattern).collect();
        patterns.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut worse: i64 = patterns.iter().map(|pattern| pattern.1).sum();
        let mut threshold = 0.0;
        let mut rest = patterns.as_slice();
        while worse > 0 && !rest.is_empty() {
            // All of one margin go to the three at once.
            let equal = rest.iter().take_while(|pattern| pattern.0 == rest[0].0).count().max(1);
            threshold = rest[0].0.next_up();
            worse -= rest[..equal].iter().map(|pattern| pattern.1).sum::<i64>();
            rest = &rest[equal..];
        }
        threshold
    }
}

/// The second smallest distance less the smallest.
fn margin(distances: &[f32]) -> f64 {
    -Criterion::Close.doubt(distances)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt;

    use crate::random::stream;

    fn members(patterns: usize) -> (Members, Vec<u8>) {
        let mut generator = stream(1993, "committee", 0);
        let mut draw = || (0..patterns * 4).map(|_| generator.random_range(0.0..8.0_f32).round()).collect();
        let outputs = [draw(), draw(), draw()].map(|distances| Outputs::new(4, distances));
        (Members::new(outputs), (0..patterns).map(|_| generator.random_range(0..4)).collect())
    }

    fn errors(answers: &[usize], labels: &[u8]) -> usize {
        answers.iter().zip(labels).filter(|&(&answer, &label)| answer != usize::from(label)).count()
    }

    #[test]
    fn distances_are_added() {
        let (members, _) = members(30);
        let sum = members.sum();
        for (index, row) in sum.rows().enumerate() {
            for (class, &distance) in row.iter().enumerate() {
                assert_eq!(distance, members.each().iter().map(|one| one.row(index)[class]).sum::<f32>());
            }
        }
    }

    #[test]
    fn a_cascade_is_between_one_network_and_three() {
        let (members, _) = members(200);
        let (one, three) = (members.cascade(0.0), members.cascade(f64::INFINITY));
        assert_eq!((one.answers, one.networks_per_pattern), (members.each()[0].answers(), 1.0));
        assert_eq!((three.answers, three.networks_per_pattern), (members.sum().answers(), 3.0));
        let costs: Vec<f64> = (0..10).map(|t| members.cascade(f64::from(t)).networks_per_pattern).collect();
        assert!(costs.is_sorted() && costs[1] > 1.0 && costs[3] < 3.0, "{costs:?}");
    }

    /// No threshold below the one that is chosen does as well.
    #[test]
    fn the_threshold_is_the_smallest_that_costs_no_errors() {
        for patterns in 0..120 {
            let (members, labels) = members(patterns);
            let at_most = errors(&members.sum().answers(), &labels);
            let chosen = members.threshold(&labels);
            assert!(errors(&members.cascade(chosen).answers, &labels) <= at_most);
            for smaller in (0..40).map(|step| f64::from(step) / 4.0).filter(|&smaller| smaller < chosen) {
                assert!(errors(&members.cascade(smaller).answers, &labels) > at_most, "{smaller} for {chosen}");
            }
        }
    }
}
