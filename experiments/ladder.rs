//! From 1998 to today, one change at a time: each of today's habits added to those before it, and each alone on the original.
//!
//! Every network, the original too, has ten passes (half of the paper's, and as many as the modern preset), in which the rates fall as
//! the printed ones do over twenty, and the same order of patterns and seeds; the factor of its rates alone is its own, chosen on
//! training patterns held out ([`choice`]).
//!
//! `seeds.csv` has a row for each network, `pairs.csv` one for each network beside the one that it is a change of, `summary.csv`
//! one for each arm.

pub mod choice;
mod page;
mod rows;

use lenet5::config::Optimizer;

use crate::cells::{Arm, Extent};
use crate::experiment::{Context, Experiment};
use rows::{PairRow, SeedRow, SummaryRow, Trained, gain, measure, pairs, summary_row};

pub const EXPERIMENT: Experiment = Experiment {
    name: "ladder",
    about: "from 1998 to today, one change at a time, each on the ones before it and each alone",
    arms,
    summarise: summary,
    plot: page::draw,
    section: page::section,
};

/// One of today's habits.
struct Change {
    /// In the names of its arms.
    name: &'static str,
    /// In tables.
    title: &'static str,
    /// Over the original, or over the changes before it.
    assignments: &'static [&'static str],
}

const fn change(name: &'static str, title: &'static str, assignments: &'static [&'static str]) -> Change {
    Change { name, title, assignments }
}

/// Ten passes, with the printed rates for half as many each.
const PASSES: [&str; 2] = [
    "passes=10",
    "schedule=[{ passes = 1, eta = 0.0005 }, { passes = 2, eta = 0.0002 }, { passes = 1, eta = 0.0001 }, \
     { passes = 2, eta = 0.00005 }, { passes = 4, eta = 0.00001 }]",
];

const ORIGINAL: &str = "ladder/0-original";

/// The changes, in the order in which they are made. Adam takes the place of the gradient with momentum.
static CHANGES: [Change; 8] = [
    change("relu", "ReLU", &["activation=relu"]),
    change("max", "max-pooling", &["pooling=max"]),
    change("full", "a full C3", &["c3=full"]),
    change("softmax", "softmax", &["output=scores", "loss=cross_entropy"]),
    change("he", "He's start", &["weight_distribution=normal", "weight_range=1.4142135623730951"]),
    change("sgd", "momentum 0.9", &["optimizer=sgd"]),
    change("adam", "Adam", &["optimizer=adam"]),
    change("batch", "batches of 64", &["batch=64"]),
];

/// The factor of the rates that `ladder-choice` chose for each network.
const FACTORS: [(&str, f64); 15] = [
    ("1-relu", 0.3),
    ("2-max", 0.3),
    ("3-full", 0.3),
    ("4-softmax", 0.3),
    ("5-he", 1.0),
    ("6-sgd", 3.0),
    ("7-adam", 1.0),
    ("8-batch", 10.0),
    ("alone-max", 1.0),
    ("alone-full", 0.3),
    ("alone-softmax", 1.0),
    ("alone-he", 1.0),
    ("alone-sgd", 0.1),
    ("alone-adam", 1.0),
    ("alone-batch", 10.0),
];

/// A network of the ladder beside the original.
struct Rung {
    /// Its name in [`FACTORS`].
    name: String,
    /// The change that it adds.
    change: &'static Change,
    /// True for the original with this change alone; the first change is so on the ladder too.
    alone: bool,
    /// Its settings over the original, without the factor of its rates.
    assignments: Vec<&'static str>,
    /// The arm that it is a change of.
    before: String,
}

impl Rung {
    fn arm_name(&self) -> String {
        format!("ladder/{}", self.name)
    }

    /// The network with this factor of its rates and these settings more. A network that diverges is given up.
    fn with_factor(&self, extent: &Extent, name: &str, factor: f64, more: &[&str], seeds: &str) -> Arm {
        let factor = format!("eta_factor={factor:?}");
        let assignments = [&self.assignments[..], &["training_error=false", &factor], more].concat();
        Arm { trial: true, ..extent.arm(name, &assignments, seeds) }
    }

    fn arm(&self, extent: &Extent) -> Arm {
        let chosen = FACTORS.iter().find(|(name, _)| *name == self.name).expect("each has a factor");
        self.with_factor(extent, &self.arm_name(), chosen.1, &PASSES, "1-5")
    }

    /// The factors among which the patterns held out choose: what suits the printed rates, an update for 64 patterns, or another
    /// optimizer.
    fn candidates(&self) -> [f64; 4] {
        let arm = self.with_factor(&Extent::default(), "any", 1.0, &[], "1");
        match (arm.settings.optimizer, arm.settings.batch) {
            (Optimizer::LevenbergMarquardt, 1) => [0.1, 0.3, 1.0, 3.0],
            (Optimizer::Sgd, 1) => [0.1, 0.3, 1.0, 3.0],
            (Optimizer::Adam, 1) => [0.1, 0.3, 1.0, 3.0],
            (Optimizer::Adam, _) => [1.0, 3.0, 10.0, 30.0],
            _ => [3.0, 10.0, 30.0, 100.0],
        }
    }
}

/// The changes one after the other, then each alone from the second on: the first is alone on the ladder.
fn rungs() -> Vec<Rung> {
    let mut rungs: Vec<Rung> = Vec::new();
    for (index, change) in CHANGES.iter().enumerate() {
        let mut assignments = rungs.last().map(|rung| rung.assignments.clone()).unwrap_or_default();
        assignments.extend(change.assignments);
        let before = rungs.last().map_or_else(|| ORIGINAL.into(), Rung::arm_name);
        let name = format!("{}-{}", index + 1, change.name);
        rungs.push(Rung { name, change, alone: false, assignments, before });
    }
    let alone = |change: &'static Change| Rung {
        name: format!("alone-{}", change.name),
        change,
        alone: true,
        assignments: change.assignments.to_vec(),
        before: ORIGINAL.into(),
    };
    rungs.extend(CHANGES[1..].iter().map(alone));
    rungs
}

fn original(extent: &Extent) -> Arm {
    extent.arm(ORIGINAL, &[&PASSES[..], &["training_error=false"]].concat(), "1-5")
}

fn arms(extent: &Extent) -> Vec<Arm> {
    std::iter::once(original(extent)).chain(rungs().iter().map(|rung| rung.arm(extent))).collect()
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let original = original(context.extent);
    let mut networks: Vec<(Arm, Vec<Trained>)> = vec![(original.clone(), measure(context, &original)?)];
    let (rungs, mut pair_rows) = (rungs(), Vec::<PairRow>::new());
    for rung in &rungs {
        let arm = rung.arm(context.extent);
        let measured = measure(context, &arm)?;
        let (_, before) = networks.iter().find(|(arm, _)| arm.name == rung.before).expect("it stands above");
        pair_rows.extend(pairs(before, &measured));
        networks.push((arm, measured));
    }
    // The last step of the ladder beside the original, too.
    pair_rows.extend(pairs(&networks[0].1, &networks[CHANGES.len()].1));
    let seeds = |of: &[Trained]| -> Vec<SeedRow> { of.iter().map(|trained| trained.row.clone()).collect() };
    let mut summary: Vec<SummaryRow> = Vec::new();
    let nothing = std::iter::once(None).chain(rungs.iter().map(Some));
    for ((arm, measured), rung) in networks.iter().zip(nothing) {
        let change = rung.map_or(("the original", false), |rung| (rung.change.title, rung.alone));
        let before = rung.map(|rung| (rung.before.as_str(), gain(&pair_rows, &rung.before, &arm.name)));
        summary.push(summary_row(arm, &seeds(measured), change, before));
    }
    context.folder.write("pairs.csv", &pair_rows)?;
    context.folder.write("summary.csv", &summary)?;
    context.folder.write("seeds.csv", networks.iter().flat_map(|(_, measured)| seeds(measured)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lenet5::config::{Activation, C3, LossName, OutputLayer, Pooling, WeightDistribution};

    #[test]
    fn the_last_step_has_all_changes() {
        let rungs = rungs();
        let last = rungs[CHANGES.len() - 1].arm(&Extent::default()).settings;
        assert_eq!((last.activation, last.pooling), (Activation::Relu, Pooling::Max));
        assert_eq!((last.c3, last.output, last.loss), (C3::Full, OutputLayer::Scores, LossName::CrossEntropy));
        assert_eq!((last.weight_distribution, last.optimizer), (WeightDistribution::Normal, Optimizer::Adam));
        assert_eq!((last.batch, last.passes, last.training_error), (64, 10, false));
    }

    #[test]
    fn each_network_has_its_own_factor_and_changes_something() {
        let (rungs, extent) = (rungs(), Extent::default());
        assert_eq!(rungs.iter().map(|rung| rung.name.as_str()).collect::<Vec<_>>(), FACTORS.map(|(name, _)| name));
        let mut known = vec![original(&extent)];
        for rung in &rungs {
            let arm = rung.arm(&extent);
            assert!(rung.candidates().contains(&arm.settings.eta_factor), "{}", rung.name);
            assert!(known.iter().any(|before| before.name == rung.before), "{} is below its own", rung.name);
            assert!(known.iter().all(|other| other.settings != arm.settings && other.name != arm.name));
            known.push(arm);
        }
    }
}
