//! The classifiers that are set beside the bars of Figs. 9 to 12: the networks of the family, each with its arm, and what is made of
//! a trained one.

use lenet5::data::Dataset;
use lenet5::drawing::plot::bars::Bar;
use lenet5::evaluation::outputs;
use lenet5::paper;

use crate::answers::{Answers, Set};
use crate::cells::{Arm, Extent};
use crate::finished::Finished;
use crate::lenet4;
use crate::section::with_interval;
use crate::{fig5, fig6};

/// Where the paper's test errors stand.
pub const FIG_9: &str = "Fig. 9";

pub struct Classifier {
    /// Its name in rows of CSV files where the other is too long.
    pub key: &'static str,
    /// Its name in tables and figures.
    pub name: &'static str,
    /// The name of its bars in the paper.
    pub bar: Option<&'static str>,
    /// A test error in percent that others have published, and who.
    pub elsewhere: Option<(f64, &'static str)>,
    /// True if its test error belongs to the short table in README.md.
    pub headline: bool,
    /// The networks that it needs.
    pub arm: fn(&Extent) -> Arm,
    /// Its answers, made of one seed of these.
    pub answer: fn(&Finished, &Dataset, Set) -> anyhow::Result<Answers>,
}

impl Classifier {
    /// The published test error in percent, and its source.
    pub fn published(&self) -> Option<(f64, &'static str)> {
        let bar = self.bar.and_then(paper::classifier);
        bar.map(|bar| (bar.test_error_percent, FIG_9)).or(self.elsewhere)
    }

    /// Its arm with as many seeds as the others have.
    pub fn networks(&self, extent: &Extent) -> Arm {
        (self.arm)(extent).first(SEEDS)
    }
}

pub const LENET1: Classifier = Classifier {
    key: "lenet1",
    name: "LeNet-1",
    bar: Some("[16x16] LeNet-1"),
    elsewhere: None,
    headline: true,
    arm: |extent| extent.arm("lenet1", &["preset=lenet1"], "1-5"),
    answer: alone,
};

pub const LENET4: Classifier = Classifier {
    key: "lenet4-reconstruction",
    name: "LeNet-4 (reconstruction)",
    bar: Some("LeNet-4"),
    arm: |extent| extent.arm("lenet4", &["preset=lenet4"], "1-5"),
    ..LENET1
};

pub const LENET5: Classifier =
    Classifier { key: "paper", name: "LeNet-5", bar: Some("LeNet-5"), headline: false, arm: fig5::arm, ..LENET1 };

pub const LENET5_DISTORTED: Classifier = Classifier {
    key: "paper-distorted",
    name: "LeNet-5 trained with distortions",
    bar: Some("[dist] LeNet-5"),
    arm: fig6::distorted,
    ..LENET5
};

pub const LUSH: Classifier = Classifier {
    key: "lush",
    name: "LeNet-5 of Lush",
    bar: None,
    elsewhere: Some((paper::LUSH_TEST_ERROR_PERCENT, "Yadav and Bottou, 2019")),
    arm: |extent| extent.arm("lush", &["preset=lush"], "1-5"),
    ..LENET1
};

pub const MODERN: Classifier = Classifier {
    key: "modern",
    name: "modern LeNet",
    bar: None,
    arm: |extent| extent.arm("modern", &["preset=modern"], "1-5"),
    ..LENET1
};

pub const MODERN_DISTORTED: Classifier = Classifier {
    key: "modern-distorted",
    name: "modern LeNet trained with distortions",
    headline: false,
    arm: |extent| extent.arm("modern-distorted", &["preset=modern", "distorted_copies=9", "distortion=0.5"], "1-5"),
    ..MODERN
};

pub const LENET4_NEIGHBOURS: Classifier = Classifier {
    key: "lenet4-k-nn",
    name: "LeNet-4 (reconstruction) with K-NN",
    bar: Some("LeNet-4 with K-NN"),
    headline: false,
    answer: lenet4::by_neighbours,
    ..LENET4
};

pub const LENET4_LOCAL: Classifier = Classifier {
    key: "lenet4-local",
    name: "LeNet-4 (reconstruction) with local learning",
    bar: Some("LeNet-4 with local learning"),
    answer: lenet4::by_local_learning,
    ..LENET4_NEIGHBOURS
};

pub const LENET4_BOOSTED: Classifier = Classifier {
    key: "boosted-lenet4",
    name: "boosted LeNet-4 (reconstruction) trained with distortions",
    bar: Some("[dist] boosted LeNet-4"),
    arm: lenet4::boosted,
    answer: lenet4::by_committee,
    ..LENET4
};

/// All that are trained, in the paper's order.
pub static CLASSIFIERS: [Classifier; 10] = [
    LENET1,
    LENET4,
    LENET4_LOCAL,
    LENET4_NEIGHBOURS,
    LENET4_BOOSTED,
    LENET5,
    LENET5_DISTORTED,
    LUSH,
    MODERN,
    MODERN_DISTORTED,
];

const SEEDS: u64 = 5;

pub fn arms(extent: &Extent) -> Vec<Arm> {
    CLASSIFIERS.iter().map(|classifier| classifier.networks(extent)).collect()
}

/// The data set with the patterns alone that an arm is trained on.
pub fn dataset_of(arm: &Arm, dataset: &Dataset) -> Dataset {
    let training = dataset.training.first(arm.settings.split(dataset.sizes()).training);
    Dataset { training, ..dataset.clone() }
}

/// The network's own outputs.
fn alone(cell: &Finished, dataset: &Dataset, set: Set) -> anyhow::Result<Answers> {
    let model = cell.model()?;
    let images = set.images(dataset).clone();
    Ok(Answers { outputs: outputs(&model.network(), &model.values, &images), images, networks: 1.0 })
}

/// The bar of a mean in percent, with its interval.
pub fn mean_bar(series: usize, mean: f64, half_interval: f64) -> Bar {
    Bar { half_interval, ..Bar::new(series, mean, with_interval(mean, half_interval, 2)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_classifier_has_names_of_its_own_and_bars_that_there_are() {
        for name in [|one: &Classifier| one.key, |one: &Classifier| one.name] {
            let names: BTreeSet<&str> = CLASSIFIERS.iter().map(name).collect();
            assert_eq!(names.len(), CLASSIFIERS.len());
        }
        for classifier in &CLASSIFIERS {
            assert!(classifier.bar.is_none_or(|bar| paper::classifier(bar).is_some()), "{}", classifier.name);
            let is_lenet4 =
                (classifier.arm)(&Extent::default()).settings.network == lenet5::config::Architecture::Lenet4;
            assert_eq!(classifier.name.contains("reconstruction"), is_lenet4, "{}", classifier.name);
        }
    }
}
