//! From 1998 to today, one change at a time: each of today's habits added to those before it, and each alone on the original.
//!
//! Every network has the original's passes, order of patterns and seeds; the factor of its rates alone is its own, chosen on
//! training patterns held out ([`choice`]).

pub mod choice;

use lenet5::config::Optimizer;

use crate::cells::{Arm, Extent};
use crate::page::Section;
use crate::{Experiment, fig5};

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    name: "ladder",
    about: "from 1998 to today, one change at a time, each on the ones before it and each alone",
    arms,
    summarise: |_| Ok(()),
    plot: |_| Ok(()),
    section: |_| Ok(Section::default()),
};

/// One of today's habits.
pub struct Change {
    /// In the names of its arms.
    name: &'static str,
    /// In tables.
    title: &'static str,
    /// Over the preset `paper`, or over the changes before it.
    assignments: &'static [&'static str],
}

const fn change(name: &'static str, title: &'static str, assignments: &'static [&'static str]) -> Change {
    Change { name, title, assignments }
}

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

/// What `ladder-choice` chose for each network: the factor of its rates.
const FACTORS: [(&str, f64); 15] = [
    ("1-relu", 0.3),
    ("2-max", 0.3),
    ("3-full", 0.3),
    ("4-softmax", 1.0),
    ("5-he", 1.0),
    ("6-sgd", 1.0),
    ("7-adam", 0.3),
    ("8-batch", 3.0),
    ("alone-max", 1.0),
    ("alone-full", 1.0),
    ("alone-softmax", 1.0),
    ("alone-he", 1.0),
    ("alone-sgd", 1.0),
    ("alone-adam", 0.3),
    ("alone-batch", 3.0),
];

/// A network of the ladder beside the original.
pub struct Rung {
    /// Its name in [`FACTORS`].
    name: String,
    /// What is new in it.
    change: &'static Change,
    /// Whether it is the original with this change alone; the first change is so on the ladder too.
    alone: bool,
    /// Its settings over the preset `paper`, without the factor of its rates.
    assignments: Vec<&'static str>,
    /// The arm that it is a change of.
    before: String,
}

impl Rung {
    /// Its arm, with the factor of its rates.
    fn arm_name(&self) -> String {
        format!("ladder/{}", self.name)
    }

    /// The network with this factor of its rates and these settings more. A network that diverges is given up.
    fn with_factor(&self, extent: &Extent, name: &str, factor: f64, more: &[&str], seeds: &str) -> Arm {
        let factor = format!("eta_factor={factor:?}");
        let assignments = [&self.assignments, &["training_error=false", &factor][..], more].concat();
        Arm { trial: true, ..extent.arm(name, &assignments, seeds) }
    }

    fn arm(&self, extent: &Extent) -> Arm {
        let chosen = FACTORS.iter().find(|(name, _)| *name == self.name).expect("each has a factor");
        self.with_factor(extent, &self.arm_name(), chosen.1, &[], "1-5")
    }

    /// The factors among which the patterns held out choose: what suits the printed rates, an update for 64 patterns, or another
    /// optimizer.
    fn candidates(&self) -> [f64; 4] {
        let arm = self.with_factor(&Extent::default(), "any", 1.0, &[], "1");
        match (arm.settings.optimizer, arm.settings.batch) {
            (Optimizer::LevenbergMarquardt, 1) => [0.1, 0.3, 1.0, 3.0],
            (Optimizer::Sgd, 1) => [0.3, 1.0, 3.0, 10.0],
            (Optimizer::Adam, 1) => [0.03, 0.1, 0.3, 1.0],
            _ => [1.0, 3.0, 10.0, 30.0],
        }
    }
}

/// The changes one after the other, then each alone from the second on: the first is alone on the ladder.
pub fn rungs() -> Vec<Rung> {
    let mut rungs: Vec<Rung> = Vec::new();
    for (index, change) in CHANGES.iter().enumerate() {
        let mut assignments = rungs.last().map(|rung| rung.assignments.clone()).unwrap_or_default();
        assignments.extend(change.assignments);
        let before = rungs.last().map_or_else(|| "paper".into(), Rung::arm_name);
        let name = format!("{}-{}", index + 1, change.name);
        rungs.push(Rung { name, change, alone: false, assignments, before });
    }
    let alone = |change: &'static Change| Rung {
        name: format!("alone-{}", change.name),
        change,
        alone: true,
        assignments: change.assignments.to_vec(),
        before: "paper".into(),
    };
    rungs.extend(CHANGES[1..].iter().map(alone));
    rungs
}

/// The original, with as many seeds as the others have.
fn original(extent: &Extent) -> Arm {
    fig5::arm(extent).first(5)
}

fn arms(extent: &Extent) -> Vec<Arm> {
    std::iter::once(original(extent)).chain(rungs().iter().map(|rung| rung.arm(extent))).collect()
}
