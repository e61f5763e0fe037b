//! A stage of the grid with one seed for each reading: the files, figure and table of [`super::coarse`] and [`super::fine`].

use lenet5::drawing::plot::{self, Axis, Chart, Curve, LineStyle, colour};
use serde::{Deserialize, Serialize};

use super::distance::{Scales, SeedRow};
use super::reading::Reading;
use crate::cells::{Arm, Extent};
use crate::experiment::Context;
use crate::record::Folder;
use crate::section::Section;

/// The seeds of the readings in the last stage, and of the preset before the grid.
pub const SEEDS: &str = "1-5";

/// As many readings go on to the next stage.
pub const NEAREST: usize = 10;

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

impl ReadingRow {
    /// Nothing for a network that diverged.
    pub fn of(row: &SeedRow, scales: &Scales) -> Option<Self> {
        let [smallest_rate, largest_rate, end, curve] = row.squares(scales)?;
        let squared_distance = smallest_rate + largest_rate + end + curve;
        Some(Self { reading: row.reading.clone(), smallest_rate, largest_rate, end, curve, squared_distance })
    }
}

/// The rows of a table that an earlier stage wrote, as it was when this program was compiled.
pub fn compiled<T: serde::de::DeserializeOwned>(table: &str) -> Vec<T> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(table.as_bytes());
    reader.deserialize().map(|row| row.expect("the table of an earlier stage")).collect()
}

/// The nearest of these readings, by the tables of the stages that trained them.
pub fn nearest(readings: Vec<Reading>, tables: &[&str]) -> Vec<Reading> {
    let mut rows: Vec<ReadingRow> = tables.iter().flat_map(|table| compiled(table)).collect();
    rows.sort_by(|a, b| a.squared_distance.total_cmp(&b.squared_distance));
    let of_row = |row: &ReadingRow| readings.iter().find(|reading| reading.to_string() == row.reading).copied();
    rows.iter().take(NEAREST).filter_map(of_row).collect()
}

/// The networks of a stage: its own readings, and five seeds of the preset before the grid, whose spread is the scale of a distance.
pub fn arms(readings: &[Reading], extent: &Extent) -> Vec<Arm> {
    let own = readings.iter().map(|reading| reading.arm(extent, "1"));
    std::iter::once(Reading::BEFORE.arm(extent, SEEDS)).chain(own).collect()
}

/// The networks of a reading as rows.
pub fn seed_rows(context: &Context, reading: &Reading, seeds: &str) -> anyhow::Result<Vec<SeedRow>> {
    let cells = context.all(&reading.arm(context.extent, seeds))?;
    Ok(cells.iter().map(|cell| SeedRow::of(reading, cell)).collect())
}

/// Writes `seeds.csv` and `readings.csv`.
pub fn summary(context: &Context, readings: &[Reading]) -> anyhow::Result<()> {
    let before = seed_rows(context, &Reading::BEFORE, SEEDS)?;
    let own = readings.iter().map(|reading| seed_rows(context, reading, "1"));
    let own: Vec<SeedRow> = own.collect::<Result<Vec<_>, _>>()?.concat();
    let scales = Scales::of(&before);
    let mut rows: Vec<ReadingRow> = own.iter().filter_map(|row| ReadingRow::of(row, &scales)).collect();
    rows.sort_by(|a, b| a.squared_distance.total_cmp(&b.squared_distance));
    context.folder.write("readings.csv", &rows)?;
    context.folder.write("seeds.csv", before.into_iter().chain(own))
}

pub fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<ReadingRow> = folder.read("readings.csv")?;
    let curve = |label: &str, colour, value: fn(&ReadingRow) -> f64| {
        let points = rows.iter().enumerate().map(|(index, row)| ((index + 1) as f64, value(row).max(0.01)));
        Curve::new(label, colour, LineStyle::Dots, points)
    };
    let chart = Chart {
        title: "Readings, one seed each: parts of the squared distance from what is printed".into(),
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
    folder.charts("distances.svg", "readings.csv", [chart], plot::ALONE)
}

/// The part of the page: the nearest readings as a table, and the number of those that learnt nothing.
pub fn section(folder: &Folder, title: &str) -> anyhow::Result<Section> {
    let (rows, seeds): (Vec<ReadingRow>, Vec<SeedRow>) = (folder.read("readings.csv")?, folder.read("seeds.csv")?);
    let readings = seeds.iter().filter(|row| row.reading != Reading::BEFORE.to_string()).count();
    let mut text = format!(
        "{readings} readings, one seed each, all 60,000 training patterns, the test set unread; {} learnt nothing. The squared distance \
         is by the rule in paper_notes.md: a number of deviations, squared, for either end of the rates, the end of training and its \
         curve.\n\n| reading | smallest rate | largest rate | pass 19 | curve | sum |\n|---|---|---|---|---|---|\n",
        readings - rows.len()
    );
    for row in rows.iter().take(2 * NEAREST) {
        let ReadingRow { reading, smallest_rate, largest_rate, end, curve, squared_distance } = row;
        text += &format!(
            "| {reading} | {smallest_rate:.1} | {largest_rate:.1} | {end:.1} | {curve:.1} | {squared_distance:.1} |\n"
        );
    }
    Ok(Section {
        title: title.into(),
        text,
        figures: vec![("distances.svg".into(), "parts of the squared distance, reading by reading".into())],
        findings: Vec::new(),
    })
}
