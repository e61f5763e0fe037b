//! The factor of the rates that suits each network of the ladder, chosen on the last 10,000 training patterns.

use crate::Experiment;
use crate::cells::{Arm, Extent};
use crate::page::Section;

use super::{Rung, rungs};

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    name: "ladder-choice",
    about: "the factor of the rates for each network of the ladder, chosen on training patterns held out",
    arms: |extent| rungs().iter().flat_map(|rung| candidates(rung, extent)).collect(),
    summarise: |_| Ok(()),
    plot: |_| Ok(()),
    section: |_| Ok(Section::default()),
};

/// Six passes with rates that fall as the printed ones do over twenty.
const SCHEDULE: &str = "schedule=[{ passes = 1, eta = 0.0005 }, { passes = 1, eta = 0.0002 }, { passes = 1, eta = 0.0001 }, \
                        { passes = 2, eta = 0.00005 }, { passes = 1, eta = 0.00001 }]";

/// The network with each of its factors.
fn candidates(rung: &Rung, extent: &Extent) -> Vec<Arm> {
    let arm = |factor: f64| {
        let name = format!("ladder/choice/{}/{factor}", rung.name);
        rung.with_factor(extent, &name, factor, &["held_out=10000", "passes=6", SCHEDULE], "1")
    };
    rung.candidates().map(arm).into()
}
