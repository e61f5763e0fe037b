//! The cost of the classifiers of Figs. 11 and 12, counted from the declarations of their networks: nothing is trained for it.

use lenet5::applications::boosting::MEMBERS;
use lenet5::config::Config;
use lenet5::data::Dataset;
use lenet5::models;
use lenet5::paper;
use lenet5::training::benchmark::multiply_adds_by_layer;

use crate::family::{
    Classifier, LENET1, LENET4, LENET4_BOOSTED, LENET4_LOCAL, LENET4_NEIGHBOURS, LENET5, LUSH, MODERN,
};
use crate::lenet4::FEATURES;

const COMMITTEE: usize = MEMBERS.len();

pub struct Cost {
    pub classifier: &'static str,
    pub bars: Option<&'static paper::Classifier>,
    /// The operations that are counted, in words.
    pub counted: String,
    /// The variables that are counted, in words.
    pub stored: String,
    /// Multiply-adds with trainable weights, or stored numbers, to recognise a pattern.
    pub multiply_adds: f64,
    /// Connections as the paper counts them in section II-B: products and biases, those of every layer.
    pub connections: f64,
    pub variables: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Counts {
    multiply_adds: usize,
    connections: usize,
    variables: usize,
    /// Units of the last layer.
    units: usize,
}

impl Counts {
    /// Those of a preset's network, up to the layer `last` if that is given.
    ///
    /// # Panics
    /// If there is no such preset or no such layer.
    fn of(preset: &str, last: Option<&str>) -> Self {
        let settings = models::preset(preset).and_then(Config::check).expect("a preset is fine");
        let network = models::build::<f32>(&settings);
        let mut rows = network.table(network.input()).expect("its own input");
        if let Some(last) = last {
            rows.truncate(1 + rows.iter().position(|row| row.name == last).expect("one of its layers"));
        }
        let layers = multiply_adds_by_layer(&network, network.input());
        let counted = layers.iter().filter(|(layer, _)| rows.iter().any(|row| row.name.to_lowercase() == *layer));
        Self {
            multiply_adds: counted.map(|(_, count)| count).sum(),
            connections: rows.iter().map(|row| row.connections).sum(),
            variables: rows.iter().map(|row| row.parameters).sum(),
            units: rows.last().map_or(0, |row| row.output.maps * row.output.area()),
        }
    }

    /// Those of `networks` such networks as the cost of a classifier.
    fn cost(self, classifier: &'static str, bar: Option<&str>, networks: f64) -> Cost {
        Cost {
            classifier,
            bars: bar.and_then(paper::classifier),
            counted: "the network".into(),
            stored: "the parameters".into(),
            multiply_adds: networks * self.multiply_adds as f64,
            connections: networks * self.connections as f64,
            variables: self.variables,
        }
    }
}

/// The cost of each, in the paper's order. A committee takes `networks` networks a pattern, or all of them if that was not measured.
pub fn costs(dataset: &Dataset, networks: Option<f64>) -> Vec<Cost> {
    let alone = |classifier: &Classifier, preset| Counts::of(preset, None).cost(classifier.name, classifier.bar, 1.0);
    vec![
        alone(&LENET1, "lenet1"),
        alone(&LENET4, "lenet4"),
        neighbours(&LENET4_LOCAL, dataset),
        neighbours(&LENET4_NEIGHBOURS, dataset),
        alone(&LENET5, "paper"),
        committee(networks),
        alone(&LUSH, "lush"),
        alone(&MODERN, "modern"),
        Counts::of("modern-wide", None).cost("modern LeNet for CIFAR-10", None, 1.0),
    ]
}

fn committee(networks: Option<f64>) -> Cost {
    let one = Counts::of("lenet4", None);
    let counted = match networks {
        Some(networks) => format!("{networks:.2} networks a pattern, the mean that was measured"),
        None => format!("{COMMITTEE} networks for every pattern: the most that it can be"),
    };
    Cost {
        counted,
        stored: format!("the parameters of {COMMITTEE} networks"),
        variables: COMMITTEE * one.variables,
        ..one.cost(LENET4_BOOSTED.name, LENET4_BOOSTED.bar, networks.unwrap_or(COMMITTEE as f64))
    }
}

/// A classifier that compares the features of a pattern with those of each training pattern.
fn neighbours(classifier: &Classifier, dataset: &Dataset) -> Cost {
    let features = Counts::of("lenet4", Some(FEATURES));
    let (patterns, units) = (dataset.training.len(), features.units);
    let stored = patterns * units;
    let all = Counts {
        multiply_adds: features.multiply_adds + stored,
        connections: features.connections + stored,
        variables: features.variables + stored,
        units,
    };
    Cost {
        counted: format!(
            "the network up to {FEATURES}, and a product for each of its {units} units with each of {patterns} training patterns; \
             not what is made of the nearest"
        ),
        stored: format!(
            "the {units} units of {FEATURES} for each of {patterns} training patterns, and the parameters up to there"
        ),
        ..all.cost(classifier.name, classifier.bar, 1.0)
    }
}

pub fn in_thousands(count: f64) -> String {
    let kilo = count / 1000.0;
    if kilo < 1000.0 { format!("{kilo:.1}") } else { format!("{kilo:.0}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lenet5::data::digits;

    #[test]
    fn networks_cost_what_the_paper_counts() {
        let counts = |preset| Counts::of(preset, None);
        assert_eq!((counts("lenet1").connections, counts("lenet1").variables), (98_442, 2_578));
        assert_eq!((counts("lenet4").connections, counts("lenet4").variables), (258_193, 16_885));
        assert_eq!((counts("paper").connections, counts("paper").variables), (340_908, 60_000));
        assert_eq!(Counts::of("lenet4", Some(FEATURES)).units, 400);
        assert_eq!(Counts::of("paper", Some("C1")).multiply_adds, 28 * 28 * 6 * 25);
        assert_eq!((in_thousands(2_578.0), in_thousands(24_092_812.0)), ("2.6".into(), "24093".into()));
    }

    #[test]
    fn a_committee_costs_what_was_measured_and_else_three_networks() {
        let (dataset, one) = (digits::load(), Counts::of("lenet4", None));
        for (networks, expected) in [(None, 3.0), (Some(1.5), 1.5)] {
            let costs = costs(&dataset, networks);
            let boosted = costs.iter().find(|cost| cost.classifier == LENET4_BOOSTED.name).unwrap();
            assert_eq!(boosted.connections, expected * one.connections as f64);
            assert_eq!(boosted.variables, 3 * one.variables);
        }
    }

    #[test]
    fn neighbours_cost_a_comparison_with_each_pattern() {
        let dataset = digits::load();
        let cost = neighbours(&LENET4_NEIGHBOURS, &dataset);
        let features = Counts::of("lenet4", Some(FEATURES));
        assert_eq!(cost.variables, 400 * dataset.training.len() + features.variables);
        assert_eq!(cost.bars.and_then(|bars| bars.kilo_variables), Some(24_000.0));
    }
}
