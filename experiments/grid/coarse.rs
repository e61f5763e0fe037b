//! The coarse grid: each start whose rates are near those printed (`grid-rates`), with eq. 8 and with eq. 9 and three values of j, one
//! seed each; and five seeds of the preset before the grid, for the scale of a distance.
//!
//! `seeds.csv` has a row for each network.

use lenet5::drawing::plot::{self, Axis, Chart, Curve, LineStyle, colour};
use serde::{Deserialize, Serialize};

use super::distance::{Scales, SeedRow};
use super::rates;
use super::reading::Reading;
use crate::cells::{Arm, Extent};
use crate::experiment::{Context, Experiment};
use crate::record::Folder;
use crate::section::Section;

pub const EXPERIMENT: Experiment = Experiment {
    name: "grid-coarse",
    about: "training by the reading, one seed each: which are near what is printed of training?",
    arms,
    summarise: summary,
    plot: draw,
    section,
};

/// Eq. 8, and values of j.
const LOSSES: [Option<f64>; 4] = [None, Some(1.0), Some(2.0), Some(5.0)];

/// As many readings go on to the fine grid.
pub const NEAREST: usize = 10;

fn readings() -> Vec<Reading> {
    let with = |j| move |start| Reading { start, j };
    LOSSES.into_iter().flat_map(|j| rates::candidates().into_iter().map(with(j))).collect()
}

fn arms(extent: &Extent) -> Vec<Arm> {
    let own = readings().into_iter().map(|reading| reading.arm(extent, "1"));
    std::iter::once(Reading::BEFORE.arm(extent, "1-5")).chain(own).collect()
}

/// A row of `readings.csv`, the nearest first: the four parts of its squared distance, and their sum.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadingRow {
    pub reading: String,
    pub smallest_rate: f64,
    pub largest_rate: f64,
    pub end: f64,
    pub curve: f64,
    pub squared_distance: f64,
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let seeds = |reading: Reading, seeds: &str| {
        let cells = context.all(&reading.arm(context.extent, seeds))?;
        anyhow::Ok(cells.iter().map(|cell| SeedRow::of(&reading, cell)).collect::<Vec<_>>())
    };
    let before = seeds(Reading::BEFORE, "1-5")?;
    let own = readings().into_iter().map(|reading| seeds(reading, "1")).collect::<Result<Vec<_>, _>>()?.concat();
    let scales = Scales::of(&before);
    let row = |row: &SeedRow| {
        let [smallest_rate, largest_rate, end, curve] = row.squares(&scales)?;
        let squared_distance = smallest_rate + largest_rate + end + curve;
        Some(ReadingRow { reading: row.reading.clone(), smallest_rate, largest_rate, end, curve, squared_distance })
    };
    let mut rows: Vec<ReadingRow> = own.iter().filter_map(row).collect();
    rows.sort_by(|a, b| a.squared_distance.total_cmp(&b.squared_distance));
    context.folder.write("readings.csv", &rows)?;
    context.folder.write("seeds.csv", before.into_iter().chain(own))
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<ReadingRow> = folder.read("readings.csv")?;
    let curve = |label: &str, colour, value: fn(&ReadingRow) -> f64| {
        let points = rows.iter().enumerate().map(|(index, row)| ((index + 1) as f64, value(row).max(0.01)));
        Curve::new(label, colour, LineStyle::Dots, points)
    };
    let chart = Chart {
        title: "The coarse grid: parts of the squared distance from what is printed".into(),
        x: Axis::new("reading, the nearest first"),
        y: Axis { low: Some(0.01), ..Axis::logarithmic("squared distance, in deviations") },
        curves: vec![
            curve("both ends of the rates", colour::AFTER, |row| row.smallest_rate + row.largest_rate),
            curve("training curve", colour::TRAINING, |row| row.curve),
            curve("training error of pass 19", colour::SIXTH, |row| row.end),
            curve("sum", colour::TEST, |row| row.squared_distance),
        ],
        marks: Vec::new(),
    };
    folder.charts("coarse.svg", "readings.csv", [chart], plot::ALONE)
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let (rows, seeds): (Vec<ReadingRow>, Vec<SeedRow>) = (folder.read("readings.csv")?, folder.read("seeds.csv")?);
    let readings = seeds.iter().filter(|row| row.reading != Reading::BEFORE.to_string()).count();
    let mut text = format!(
        "{readings} readings, one seed each, all 60,000 training patterns, the test set unread; {} learnt nothing. The squared distance \
         is by the rule in paper_notes.md: a number of deviations, squared, for either end of the rates, the end of training and its \
         curve. The {NEAREST} nearest go on to the fine grid.\n\n\
         | reading | smallest rate | largest rate | pass 19 | curve | sum |\n|---|---|---|---|---|---|\n",
        readings - rows.len()
    );
    for row in rows.iter().take(2 * NEAREST) {
        let ReadingRow { reading, smallest_rate, largest_rate, end, curve, squared_distance } = row;
        text += &format!(
            "| {reading} | {smallest_rate:.1} | {largest_rate:.1} | {end:.1} | {curve:.1} | {squared_distance:.1} |\n"
        );
    }
    Ok(Section {
        title: "readings, coarse".into(),
        text,
        figures: vec![("coarse.svg".into(), "parts of the squared distance, reading by reading".into())],
        findings: Vec::new(),
    })
}
