//! The coarse grid: each start whose rates are near those printed (`grid-rates`), with eq. 8 and with eq. 9 and three values of j, one
//! seed each; and five seeds of the preset before the grid, for the scale of a distance.
//!
//! `seeds.csv` has a row for each network, `readings.csv` one for each reading that learnt.

use super::reading::Reading;
use super::{rates, stage};
use crate::experiment::Experiment;

pub const EXPERIMENT: Experiment = Experiment {
    name: "grid-coarse",
    about: "training by the reading, one seed each: which are near what is printed of training?",
    arms: |extent| stage::arms(&readings(), extent),
    summarise: |context| stage::summary(context, &readings()),
    plot: stage::draw,
    section: |folder| stage::section(folder, "readings, coarse"),
};

/// What it found, for the next stages.
pub const TABLE: &str = include_str!("../../results/grid-coarse/readings.csv");

/// Eq. 8, and values of j.
pub const LOSSES: [Option<f64>; 4] = [None, Some(1.0), Some(2.0), Some(5.0)];

pub fn readings() -> Vec<Reading> {
    let with = |j| move |start| Reading { start, j };
    LOSSES.into_iter().flat_map(|j| rates::candidates().into_iter().map(with(j))).collect()
}
