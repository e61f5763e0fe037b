//! The fine grid: the neighbours of the nearest readings of the coarse one, half a step away in the scale of the start, in the S
//! coefficient or in j, one seed each.
//!
//! `seeds.csv` has a row for each network, `readings.csv` one for each reading that learnt.

use super::reading::{Reading, Start};
use super::{coarse, stage};
use crate::experiment::Experiment;

pub const EXPERIMENT: Experiment = Experiment {
    name: "grid-fine",
    about: "the neighbours of the nearest readings, one seed each",
    arms: |extent| stage::arms(&readings(), extent),
    summarise: |context| stage::summary(context, &readings()),
    plot: stage::draw,
    section: |folder| stage::section(folder, "readings, fine"),
};

/// What it found, for the last stage.
pub const TABLE: &str = include_str!("../../results/grid-fine/readings.csv");

/// Eq. 8, then the values of j of the coarse grid with those between and beyond.
const LOSSES: [Option<f64>; 8] = [None, Some(0.5), Some(1.0), Some(1.5), Some(2.0), Some(3.0), Some(5.0), Some(10.0)];

/// A number without what binary fractions add.
fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}

fn neighbours(reading: &Reading) -> Vec<Reading> {
    let Reading { start, j } = *reading;
    let with = |start| Reading { start, j };
    let ranges = [-0.1, 0.1].map(|step| with(Start { range: rounded(start.range + step), ..start }));
    let moved = |step: f64| Some(with(Start { coefficient: Some(rounded(start.coefficient? + step)), ..start }));
    let coefficients = [-0.025, 0.025].into_iter().filter_map(moved);
    let at = LOSSES.iter().position(|&other| other == j).unwrap_or(0);
    let losses = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|at| LOSSES.get(at));
    ranges.into_iter().chain(coefficients).chain(losses.map(|&j| Reading { start, j })).collect()
}

pub fn readings() -> Vec<Reading> {
    let coarse = coarse::readings();
    let mut readings: Vec<Reading> = Vec::new();
    for neighbour in stage::nearest(coarse.clone(), &[coarse::TABLE]).iter().flat_map(neighbours) {
        if !readings.contains(&neighbour) && !coarse.contains(&neighbour) {
            readings.push(neighbour);
        }
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_half_a_step_away() {
        let names: Vec<String> = neighbours(&Reading::BEFORE).iter().map(ToString::to_string).collect();
        let expected = [
            "2.3, 0.25, full, sum, eta x 1, j = 2",
            "2.5, 0.25, full, sum, eta x 1, j = 2",
            "2.4, 0.225, full, sum, eta x 1, j = 2",
            "2.4, 0.275, full, sum, eta x 1, j = 2",
            "2.4, 0.25, full, sum, eta x 1, j = 1.5",
            "2.4, 0.25, full, sum, eta x 1, j = 3",
        ];
        assert_eq!(names, expected);
        let random = Start { coefficient: None, ..Reading::BEFORE.start };
        assert_eq!(
            neighbours(&Reading { start: random, j: None }).len(),
            3,
            "no number to move, and no loss before eq. 8"
        );
    }
}
