//! The factor of the rates that suits each network of the ladder, chosen on the last 10,000 training patterns.
//!
//! `choice.csv` has a row for each network, factor and seed.

use lenet5::drawing::plot::{Axis, Chart, Curve, LineStyle, colour};
use lenet5::evaluation::clopper_pearson;
use lenet5::evaluation::statistics::summarise;
use serde::{Deserialize, Serialize};

use crate::cells::{Arm, Extent};
use crate::experiment::{Context, Experiment};
use crate::record::Folder;
use crate::section::Section;

use super::{Rung, rungs};

pub const EXPERIMENT: Experiment = Experiment {
    name: "ladder-choice",
    about: "the factor of the rates for each network of the ladder, chosen on training patterns held out",
    arms: |extent| rungs().iter().flat_map(|rung| candidates(rung, extent)).collect(),
    summarise: summary,
    plot: draw,
    section,
};

/// Six passes with rates that fall as the printed ones do over twenty.
const SCHEDULE: &str = "schedule=[{ passes = 1, eta = 0.0005 }, { passes = 1, eta = 0.0002 }, { passes = 1, eta = 0.0001 }, \
                        { passes = 2, eta = 0.00005 }, { passes = 1, eta = 0.00001 }]";

/// The figure shows larger errors as this, in percent.
const SHOWN_PERCENT: f64 = 5.0;

fn candidates(rung: &Rung, extent: &Extent) -> Vec<Arm> {
    let arm = |factor: f64| {
        let name = format!("ladder/choice/{}/{factor}", rung.name);
        rung.with_factor(extent, &name, factor, &["held_out=10000", "passes=6", SCHEDULE], "1")
    };
    rung.candidates().map(arm).into()
}

/// A row of `choice.csv`: the error on the 10,000 training patterns held out; none for a network that diverged.
#[derive(Serialize, Deserialize)]
struct FactorRow {
    network: String,
    alone: bool,
    optimizer: String,
    batch: usize,
    eta_factor: f64,
    seed: u64,
    passes: usize,
    given_up: bool,
    held_out_error_percent: Option<f64>,
    held_out_errors: Option<usize>,
    held_out_error_low_percent: Option<f64>,
    held_out_error_high_percent: Option<f64>,
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for rung in rungs() {
        for arm in candidates(&rung, context.extent) {
            for cell in context.all(&arm)? {
                let (last, split) = (cell.result(), arm.settings.split(context.dataset.sizes()));
                let interval = last.map(|last| clopper_pearson(last.test_errors, split.measured));
                rows.push(FactorRow {
                    network: rung.name.clone(),
                    alone: rung.alone,
                    optimizer: arm.settings.optimizer.name().into(),
                    batch: arm.settings.batch,
                    eta_factor: arm.settings.eta_factor,
                    seed: cell.seed,
                    passes: cell.records.len(),
                    given_up: cell.given_up,
                    held_out_error_percent: last.map(|last| last.test_error_percent),
                    held_out_errors: last.map(|last| last.test_errors),
                    held_out_error_low_percent: interval.map(|interval| interval.low),
                    held_out_error_high_percent: interval.map(|interval| interval.high),
                });
            }
        }
    }
    context.folder.write("choice.csv", &rows)
}

/// The factors that a network was tried with, each with its mean error over seeds, from the smallest factor up: infinite where a
/// seed diverged, so that it is not chosen.
fn tried(rows: &[FactorRow], network: &str) -> Vec<(f64, f64)> {
    let own = || rows.iter().filter(|row| row.network == network);
    let mut factors: Vec<f64> = own().map(|row| row.eta_factor).collect();
    factors.sort_by(f64::total_cmp);
    factors.dedup();
    let error = |factor: f64| {
        let errors = own().filter(|row| row.eta_factor == factor);
        let errors = errors.map(|row| row.held_out_error_percent.unwrap_or(f64::INFINITY));
        (factor, summarise(errors).mean)
    };
    factors.into_iter().map(error).collect()
}

/// The factor with the smallest error, the smallest of equal ones.
fn best(tried: &[(f64, f64)]) -> Option<(f64, f64)> {
    tried.iter().copied().min_by(|left, right| left.1.total_cmp(&right.1))
}

/// The first row of each network, whose rows stand together.
fn networks(rows: &[FactorRow]) -> impl Iterator<Item = &FactorRow> {
    rows.chunk_by(|one, next| one.network == next.network).map(|own| &own[0])
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<FactorRow> = folder.read("choice.csv")?;
    let chart = |alone: bool, title: &str| {
        let own = networks(&rows).filter(|row| row.alone == alone).enumerate();
        let curve = |(index, row): (usize, &FactorRow)| {
            let line = if index < colour::ALL.len() { LineStyle::Solid } else { LineStyle::Dashed };
            let colour = colour::ALL[index % colour::ALL.len()];
            let points = tried(&rows, &row.network).into_iter();
            Curve::new(&row.network, colour, line, points.map(|(factor, error)| (factor, error.min(SHOWN_PERCENT))))
        };
        let label = format!("error held out (%; {SHOWN_PERCENT}: or more)");
        Chart {
            title: title.into(),
            x: Axis { low: Some(0.02), high: Some(1000.0), ..Axis::logarithmic("factor of the printed rates") },
            y: Axis { high: Some(1.05 * SHOWN_PERCENT), ..Axis::new(&label) },
            curves: own.map(curve).collect(),
            ..Chart::default()
        }
    };
    let charts = [chart(false, "One change after the other"), chart(true, "Each change alone")];
    folder.charts("choice.svg", "choice.csv", charts, (2, (560, 460)))
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let rows: Vec<FactorRow> = folder.read("choice.csv")?;
    let mut text = String::from(
        "The step sizes that suit one network do not suit another. Each network of the ladder was trained with four factors of \
         the printed rates for six passes, in which they fall as they do over twenty, on the first 50,000 training patterns, \
         with one seed unless a row says otherwise; the errors are those on the last 10,000. The original keeps the printed \
         rates.\n\n| network | optimizer, batch | factor: error | chosen |\n|---|---|---|---|\n",
    );
    let shown = |error: f64| if error.is_finite() { format!("{error:.2} %") } else { "diverged".into() };
    let mut at_the_end = Vec::new();
    for first in networks(&rows) {
        let tried = tried(&rows, &first.network);
        let Some((factor, _)) = best(&tried) else { continue };
        let errors: Vec<String> = tried.iter().map(|(factor, error)| format!("{factor}: {}", shown(*error))).collect();
        let seeds = rows.iter().filter(|row| row.network == first.network && row.eta_factor == factor).count();
        let seeds = if seeds == 1 { String::new() } else { format!(" ({seeds} seeds)") };
        let (optimizer, batch) = (first.optimizer.replace('_', "-"), first.batch);
        text += &format!("| `{}` | {optimizer}, {batch} | {}{seeds} | {factor} |\n", first.network, errors.join(", "));
        if [tried.first(), tried.last()].into_iter().flatten().any(|end| end.0 == factor) {
            at_the_end.push(format!("`{}`", first.network));
        }
    }
    if !at_the_end.is_empty() {
        text += &format!(
            "\nThe best factor is the smallest or largest one that was tried for {}: a better one may be beyond it.\n",
            at_the_end.join(", ")
        );
    }
    Ok(Section {
        title: "the step sizes of the ladder".into(),
        text,
        figures: vec![(
            "choice.svg".into(),
            format!(
                "error on the patterns held out against the factor of the rates; above {SHOWN_PERCENT} % drawn there"
            ),
        )],
        findings: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ladder::FACTORS;

    #[test]
    fn the_factors_are_those_that_the_patterns_held_out_chose() {
        let folder = Folder::existing("results".as_ref(), EXPERIMENT.name);
        if !folder.path("choice.csv").exists() {
            return; // not run yet
        }
        let rows: Vec<FactorRow> = folder.read("choice.csv").unwrap();
        for rung in rungs() {
            let chosen = best(&tried(&rows, &rung.name)).map(|(factor, _)| (rung.name.as_str(), factor));
            assert!(FACTORS.iter().any(|&factor| Some(factor) == chosen), "{}: {chosen:?}", rung.name);
        }
    }
}
