//! The rates of pass 1 of each start, before any training: both ends over all parameters are printed (section III-B).
//!
//! `rates.csv` has a row for each start, with seed 1.

use lenet5::drawing::plot::{self, Axis, Chart, Curve, LineStyle, colour};
use lenet5::models::builder::Builder;
use lenet5::paper;
use lenet5::training::Trainer;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::reading::Start;
use super::stage;
use crate::experiment::{Context, Experiment};
use crate::record::Folder;
use crate::section::Section;

pub const EXPERIMENT: Experiment = Experiment {
    name: "grid-rates",
    about: "the rates of pass 1 by the reading of the start: which are near those printed?",
    arms: |_| Vec::new(),
    summarise: summary,
    plot: draw,
    section,
};

/// A row of `rates.csv`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RateRow {
    pub start: String,
    pub seed: u64,
    pub smallest_effective_rate_of_pass_1: f64,
    pub largest_effective_rate_of_pass_1: f64,
    /// True if both ends are within a factor of two of those printed: such a start is trained.
    pub is_candidate: bool,
}

/// What it found, for the next stages.
pub const TABLE: &str = include_str!("../../results/grid-rates/rates.csv");

/// The starts that are trained, by the table as it was when this program was compiled.
pub fn candidates() -> Vec<Start> {
    let rows: Vec<RateRow> = stage::compiled(TABLE);
    let names: Vec<String> = rows.into_iter().filter(|row| row.is_candidate).map(|row| row.start).collect();
    Start::all().into_iter().filter(|start| names.contains(&start.to_string())).collect()
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let row = |start: &Start| {
        let assignments = start.assignments();
        let settings = Builder::assigned(&assignments.iter().map(String::as_str).collect::<Vec<_>>())?;
        let mut trainer = Trainer::<f32>::new(&settings, context.dataset);
        trainer.estimate_curvature();
        let (smallest, largest) = trainer.set_step_sizes();
        Ok(RateRow {
            start: start.to_string(),
            seed: settings.seed,
            smallest_effective_rate_of_pass_1: smallest,
            largest_effective_rate_of_pass_1: largest,
            is_candidate: near(smallest, paper::EFFECTIVE_RATES.0) && near(largest, paper::EFFECTIVE_RATES.1),
        })
    };
    let rows: Vec<RateRow> = Start::all().par_iter().map(row).collect::<anyhow::Result<_>>()?;
    context.folder.write("rates.csv", &rows)
}

/// Within a factor of two.
fn near(ours: f64, printed: f64) -> bool {
    (0.5..=2.0).contains(&(ours / printed))
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<RateRow> = folder.read("rates.csv")?;
    let dots = |label: &str, colour, candidate| {
        let own = rows.iter().filter(|row| row.is_candidate == candidate);
        let points = own.map(|row| (row.largest_effective_rate_of_pass_1, row.smallest_effective_rate_of_pass_1));
        Curve::new(label, colour, LineStyle::Dots, points)
    };
    let (low, high) = paper::EFFECTIVE_RATES;
    let curves = vec![
        dots("a start", colour::AFTER, false),
        dots("a start within a factor of two at both ends", colour::TEST, true),
        Curve::new("paper (III-B)", colour::PAPER, LineStyle::Dots, [(high, low)]),
    ];
    let chart = Chart {
        title: "Rates of pass 1, all parameters: a dot for each start".into(),
        x: Axis::logarithmic("largest eps_k"),
        y: Axis::logarithmic("smallest eps_k"),
        curves,
        ..Chart::default()
    };
    folder.charts("rates.svg", "rates.csv", [chart], plot::ALONE)
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let rows: Vec<RateRow> = folder.read("rates.csv")?;
    let mut text = format!(
        "{} starts: the scale of the weights over sqrt(F), the S coefficient (random: uniform in +- 0.6), full or half distances, h of \
         the coefficients by the sum or by connections, and the factor of the rates. The loss does not matter here. Both ends are \
         within a factor of two of those printed, 7e-5 and 0.016, for {}:\n\n| start | smallest | largest |\n|---|---|---|\n",
        rows.len(),
        rows.iter().filter(|row| row.is_candidate).count()
    );
    for row in rows.iter().filter(|row| row.is_candidate) {
        let (low, high) = (row.smallest_effective_rate_of_pass_1, row.largest_effective_rate_of_pass_1);
        text += &format!("| {} | {low:.1e} | {high:.4} |\n", row.start);
    }
    Ok(Section {
        title: "rates by start".into(),
        text,
        figures: vec![("rates.svg".into(), "smallest and largest rate of pass 1, a dot for each start".into())],
        findings: Vec::new(),
    })
}
