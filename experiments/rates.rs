//! The effective step sizes eps_k, layer by layer and pass by pass, beside the range that section III-B prints for the first
//! pass.
//!
//! `rates.csv` has a row for each tensor, pass and seed.

use std::collections::{BTreeMap, BTreeSet};

use lenet5::drawing::plot::{self, Axis, Chart, Curve, LineStyle, colour};
use lenet5::evaluation::statistics::summarise;
use lenet5::paper;
use lenet5::runs::folder::read_table;
use lenet5::training::rates::RateRecord;
use serde::{Deserialize, Serialize};

use crate::cells::{Arm, Extent};
use crate::experiment::{Context, Experiment};
use crate::fig5;
use crate::record::Folder;
use crate::section::{Finding, Section, mean_of};

pub const EXPERIMENT: Experiment = Experiment {
    name: "rates",
    about: "effective step sizes by layer and pass, against the printed range",
    arms: |extent| vec![arm(extent)],
    summarise: summary,
    plot: draw,
    section,
};

fn arm(extent: &Extent) -> Arm {
    fig5::arm(extent)
}

/// The first column of `rates.csv`; those of [`RateRecord`] follow.
#[derive(Serialize)]
struct Seed {
    seed: u64,
}

/// A row of `rates.csv`.
#[derive(Debug, Clone, Deserialize)]
struct RateRow {
    seed: u64,
    #[serde(flatten)]
    rate: RateRecord,
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for cell in context.finished(&arm(context.extent))? {
        let rates: Vec<RateRecord> = read_table(&cell.folder().join("rates.csv"))?;
        rows.extend(rates.into_iter().map(|rate| (Seed { seed: cell.seed }, rate)));
    }
    context.folder.write("rates.csv", &rows)
}

/// The names of the tensors, in the order of the layers.
fn tensors(rows: &[RateRecord]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    rows.iter().map(|row| &row.tensor).filter(|name| seen.insert(*name)).cloned().collect()
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<RateRow> = folder.read("rates.csv")?;
    let seed = rows.first().map_or(0, |row| row.seed);
    let rows: Vec<RateRecord> = rows.into_iter().filter(|row| row.seed == seed).map(|row| row.rate).collect();
    let names = tensors(&rows);
    let (low, high) = paper::EFFECTIVE_RATES;
    let marks = vec![(low, format!("printed {low:.0e}")), (high, format!("printed {high}"))];
    let height = |name: &str| names.iter().rev().position(|other| other == name).unwrap_or(0) as f64;
    let first: Vec<&RateRecord> = rows.iter().filter(|row| row.pass == 1).collect();
    let mut ranges = Vec::new();
    for row in &first {
        let y = height(&row.tensor);
        ranges.push(Curve::new("", colour::SIXTH, LineStyle::Plain, [(row.smallest, y), (row.largest, y)]));
        ranges.push(Curve::new("", colour::TEST, LineStyle::Solid, [(row.lower_quartile, y), (row.upper_quartile, y)]));
    }
    let medians = first.iter().map(|row| (row.median, height(&row.tensor)));
    ranges.push(Curve::new("median", colour::TRAINING, LineStyle::Dots, medians));
    let y = Axis { names: names.iter().rev().cloned().collect(), ..Axis::between("", -0.7, names.len() as f64 - 0.3) };
    let one = Chart {
        title: format!("Effective rates of pass 1 (seed {seed}): smallest to largest, quartiles, median"),
        x: Axis { low: Some(1e-6), high: Some(0.1), ..Axis::logarithmic("eps_k") },
        y,
        curves: ranges,
        marks,
    };
    let weights = names.iter().filter(|name| name.ends_with("weight") || name.ends_with("coefficient"));
    let curves = weights.zip(colour::ALL).map(|(name, colour)| {
        let own = || rows.iter().filter(|row| row.tensor == *name);
        let points = own().map(|row| (row.pass as f64, row.median));
        let band = own().map(|row| (row.pass as f64, row.lower_quartile, row.upper_quartile));
        Curve::new(name, colour, LineStyle::Solid, points).with_band(band)
    });
    let passes = Chart {
        title: format!("Effective rates by pass (seed {seed}): median and quartiles of weights and coefficients"),
        x: Axis::whole("pass"),
        y: Axis::logarithmic("eps_k"),
        curves: curves.collect(),
        ..Chart::default()
    };
    folder.charts("pass-1.svg", "rates.csv", [one], plot::ALONE)?;
    folder.charts("passes.svg", "rates.csv", [passes], plot::ALONE)
}

/// The rate of all parameters in pass 1 that is at this end of its seed's range, over the seeds, beside the printed one.
fn of_an_end(rows: &[RateRow], (name, is_largest, printed): (&str, bool, f64)) -> Finding {
    let mut ends: BTreeMap<u64, f64> = BTreeMap::new();
    for RateRow { seed, rate } in rows.iter().filter(|row| row.rate.pass == 1) {
        let own = if is_largest { rate.largest } else { rate.smallest };
        let end = ends.entry(*seed).or_insert(own);
        *end = if is_largest { end.max(own) } else { end.min(own) };
    }
    let what = format!("{name} effective rate in pass 1, all parameters (geometric {})", mean_of(ends.len()));
    Finding::of_logarithms(what, (printed, "III-B"), &summarise(ends.values().map(|rate| rate.ln()))).headline()
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let rows: Vec<RateRow> = folder.read("rates.csv")?;
    let ends = [("smallest", false, paper::EFFECTIVE_RATES.0), ("largest", true, paper::EFFECTIVE_RATES.1)];
    let mut findings: Vec<Finding> = ends.map(|end| of_an_end(&rows, end)).into();
    let rows: Vec<RateRecord> = rows.into_iter().map(|row| row.rate).collect();
    let first = || rows.iter().filter(|row| row.pass == 1);
    let range = |keep: &dyn Fn(&str) -> bool| {
        let kept = || first().filter(|row| keep(&row.tensor));
        let smallest = kept().map(|row| row.smallest).fold(f64::INFINITY, f64::min);
        (smallest, kept().map(|row| row.largest).fold(0.0, f64::max))
    };
    let (low, high) = range(&|name| name.ends_with("weight"));
    let weights = format!("{low:.1e} to {high:.1e}");
    findings.push(Finding::new("effective rates in pass 1, weights alone", "- (printed for all)", weights));
    let mut table =
        String::from("Pass 1, over all seeds:\n\n| tensor | parameters | smallest | largest |\n|---|---|---|---|\n");
    for name in tensors(&rows) {
        let (low, high) = range(&|other| other == name);
        let parameters = first().find(|row| row.tensor == name).map_or(0, |row| row.parameters);
        table += &format!("| `{name}` | {parameters} | {low:.1e} | {high:.1e} |\n");
    }
    Ok(Section {
        title: "effective step sizes".into(),
        text: table,
        figures: vec![
            ("pass-1.svg".into(), "effective rates of the first pass by tensor, the printed range marked".into()),
            ("passes.svg".into(), "effective rates by pass".into()),
        ],
        findings,
    })
}
