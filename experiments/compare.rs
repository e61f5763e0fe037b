//! The original beside its modern descendant: both learning curves, and what each costs.

use crate::cells::{Arm, Extent};
use crate::page::Section;
use crate::{Experiment, fig5};

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    name: "compare",
    about: "the original and the modern network side by side: error by pass and by second, and what each costs",
    arms,
    summarise: |_| Ok(()),
    plot: |_| Ok(()),
    section: |_| Ok(Section::default()),
};

/// The original, then the network of today.
fn arms(extent: &Extent) -> Vec<Arm> {
    vec![fig5::arm(extent).first(3), extent.arm("modern", &["preset=modern"], "1-5").first(3)]
}
