//! The last stage: the ten nearest readings with five seeds each, and the one that the rule chooses.
//!
//! `seeds.csv` has a row for each network trained on all patterns, `choice.csv` one for each of the ten, the chosen first;
//! `held_out.csv` has a row for each network trained on the first 50,000 patterns, `posterior.csv` one for each reading with its
//! weight.

use lenet5::evaluation::statistics::summarise;
use serde::{Deserialize, Serialize};

use super::distance::{Scales, SeedRow};
use super::posterior::{self, Parts};
use super::reading::Reading;
use super::stage::{ReadingRow, SEEDS};
use super::{coarse, figure, fine, held_out, stage};
use crate::cells::{Arm, Extent};
use crate::experiment::{Context, Experiment};
use crate::record::Folder;
use crate::section::{Section, plus_minus};

pub const EXPERIMENT: Experiment = Experiment {
    name: "grid",
    about: "which reading of the paper its own numbers of training support best, with five seeds each",
    arms,
    summarise: summary,
    plot: figure::draw,
    section,
};

/// The nearest readings of the coarse and the fine grid.
fn nearest() -> Vec<Reading> {
    stage::nearest([coarse::readings(), fine::readings()].concat(), &[coarse::TABLE, fine::TABLE])
}

fn arms(extent: &Extent) -> Vec<Arm> {
    let readings = [vec![Reading::BEFORE], nearest()].concat();
    let whole = readings.iter().map(|reading| reading.arm(extent, SEEDS));
    whole.chain(readings.iter().map(|reading| held_out::arm(reading, extent))).collect()
}

/// A row of `choice.csv`: a reading by the means over its seeds. The difference is that of the squared distance from the nearest
/// reading's, paired by seed.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct ChoiceRow {
    reading: String,
    seeds: usize,
    diverged: usize,
    smallest_rate: f64,
    largest_rate: f64,
    end: f64,
    curve: f64,
    squared_distance: f64,
    difference: f64,
    difference_half_interval: Option<f64>,
    /// True if five seeds tell it from the nearest.
    is_told_apart: bool,
    /// The number of its settings that depart from the printed text.
    departures: usize,
    is_chosen: bool,
}

/// The rows of one reading, seed by seed, those that diverged left out.
type Distances = (Reading, Vec<(u64, ReadingRow)>, usize);

fn summary(context: &Context) -> anyhow::Result<()> {
    let before = stage::seed_rows(context, &Reading::BEFORE, SEEDS)?;
    let scales = Scales::of(&before);
    let (mut seeds, mut distances) = (before, Vec::<Distances>::new());
    for reading in nearest() {
        let rows = stage::seed_rows(context, &reading, SEEDS)?;
        let of_row = |row: &SeedRow| Some((row.seed, ReadingRow::of(row, &scales)?));
        let own: Vec<(u64, ReadingRow)> = rows.iter().filter_map(of_row).collect();
        distances.push((reading, own.clone(), rows.len() - own.len()));
        seeds.extend(rows);
    }
    let choice = choice(&distances);
    let parts = |row: &ChoiceRow| (row.smallest_rate + row.largest_rate, row.end + row.curve);
    let means: Vec<Parts> = choice.iter().map(|row| (row.reading.clone(), parts(row))).collect();
    context.folder.write("posterior.csv", posterior::rows(&means, &scales))?;
    context.folder.write("held_out.csv", held_out::rows(context, &nearest())?)?;
    context.folder.write("choice.csv", &choice)?;
    context.folder.write("seeds.csv", &seeds)
}

/// By the rule: the nearest on the mean; of those that five seeds cannot tell from it, the one that departs least often from the
/// printed text.
fn choice(distances: &[Distances]) -> Vec<ChoiceRow> {
    let mean = |rows: &[(u64, ReadingRow)], value: fn(&ReadingRow) -> f64| {
        summarise(rows.iter().map(|(_, row)| value(row))).mean
    };
    // A reading of which a network diverged trains no network of the paper's.
    let mut sorted: Vec<&Distances> =
        distances.iter().filter(|(_, rows, diverged)| *diverged == 0 && !rows.is_empty()).collect();
    sorted.sort_by(|a, b| mean(&a.1, |row| row.squared_distance).total_cmp(&mean(&b.1, |row| row.squared_distance)));
    let Some((_, nearest, _)) = sorted.first() else { return Vec::new() };
    let row = |(reading, rows, diverged): &&Distances| {
        let other = |seed: u64| nearest.iter().find(|(own, _)| *own == seed).map(|(_, row)| row.squared_distance);
        let differences = summarise(rows.iter().filter_map(|(seed, row)| Some(row.squared_distance - other(*seed)?)));
        let half = Some(differences.half_interval).filter(|half| half.is_finite());
        ChoiceRow {
            reading: reading.to_string(),
            seeds: rows.len(),
            diverged: *diverged,
            smallest_rate: mean(rows, |row| row.smallest_rate),
            largest_rate: mean(rows, |row| row.largest_rate),
            end: mean(rows, |row| row.end),
            curve: mean(rows, |row| row.curve),
            squared_distance: mean(rows, |row| row.squared_distance),
            difference: differences.mean,
            difference_half_interval: half,
            is_told_apart: half.is_some_and(|half| differences.mean > half),
            departures: reading.departures(),
            is_chosen: false,
        }
    };
    let mut rows: Vec<ChoiceRow> = sorted.iter().map(row).collect();
    // They are in the order of their distances, and the first of equals is taken.
    let chosen = rows.iter().enumerate().filter(|(_, row)| !row.is_told_apart).min_by_key(|(_, row)| row.departures);
    if let Some(chosen) = chosen.map(|(index, _)| index) {
        rows[chosen].is_chosen = true;
        rows[..=chosen].rotate_right(1);
    }
    rows
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let choice: Vec<ChoiceRow> = folder.read("choice.csv")?;
    let mut text = String::from(
        "The nearest readings of `grid-coarse` and `grid-fine`, with five seeds each: the mean squared distance from what is printed \
         of training, in deviations of the seeds of the preset before the grid (2.4, 0.25, full, sum, eta x 1, j = 2). The chosen \
         one stands first: of those that five seeds cannot tell from the nearest, it departs least often from the printed text. A \
         perfect reading would be expected at about 4, one for each part.\n\n\
         | reading | smallest rate | largest rate | pass 19 | curve | sum | more than the nearest, paired | departures |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for row in &choice {
        let half = plus_minus(row.difference_half_interval.unwrap_or(f64::NAN), 1);
        let mark = if row.is_chosen { "**" } else { "" };
        text += &format!(
            "| {mark}{}{mark} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1}{half} | {} |\n",
            row.reading,
            row.smallest_rate,
            row.largest_rate,
            row.end,
            row.curve,
            row.squared_distance,
            row.difference,
            row.departures
        );
    }
    text += &held_out::text(&folder.read("held_out.csv")?);
    Ok(Section {
        title: "the choice of the reading".into(),
        text,
        figures: vec![(
            "posterior.svg".into(),
            "the weight of each value of what the paper leaves open, and the two distances of each reading".into(),
        )],
        findings: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::reading::Start;

    fn distances(reading: Reading, sums: [f64; 3]) -> Distances {
        let row = |squared_distance: f64| ReadingRow {
            reading: reading.to_string(),
            smallest_rate: squared_distance,
            largest_rate: 0.0,
            end: 0.0,
            curve: 0.0,
            squared_distance,
        };
        (reading, (1..).zip(sums.map(row)).collect(), 0)
    }

    /// The nearest has two departures. One reading departs once and is not told from it, another departs not at all and is.
    #[test]
    fn the_chosen_reading_departs_least_among_those_not_told_apart() {
        let of = |distance, curvature| Reading {
            start: Start { distance, curvature, ..Reading::BEFORE.start },
            ..Reading::BEFORE
        };
        let all = [
            distances(of("half", "sum"), [10.0, 11.0, 12.0]),
            distances(of("half", "connections"), [10.0, 13.0, 12.0]),
            distances(of("sum", "connections"), [20.0, 21.5, 22.0]),
        ];
        let rows = choice(&all);
        assert_eq!(rows.iter().map(|row| row.departures).collect::<Vec<_>>(), [1, 2, 0]);
        assert_eq!(rows.iter().map(|row| row.is_chosen).collect::<Vec<_>>(), [true, false, false]);
        assert_eq!(rows.iter().map(|row| row.is_told_apart).collect::<Vec<_>>(), [false, false, true]);
        let one_diverged = (all[0].0, all[0].1.clone(), 1);
        assert!(choice(&[one_diverged, all[2].clone()])[0].is_chosen, "the only one left");
    }
}
