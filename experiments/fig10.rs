//! Fig. 10: what share of the test patterns must be rejected so that few of the answers are wrong.
//!
//! The paper's criterion, by each of its two thresholds alone and by both, and the probability of eq. 9. Pairs of thresholds are
//! chosen on the training patterns and judged on the test patterns. `curves.csv` has the error against the rejection rate for
//! each seed, `rates.csv` the rate for 0.5 % error for each seed, `summary.csv` and `rates_summary.csv` their means over seeds.

use lenet5::data::Dataset;
use lenet5::evaluation::outputs;
use lenet5::evaluation::rejection::{Criterion, Curve as Rejection, Thresholds};
use lenet5::paper;
use lenet5::plot::{self, Axis, Chart, Curve, Line, colour};
use lenet5::statistics::summarise;
use serde::{Deserialize, Serialize};

use crate::cells::{Arm, Extent, Finished};
use crate::page::{Finding, Section, with_interval};
use crate::record::Folder;
use crate::{Context, Experiment, fig5, fig6};

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    name: "fig10",
    about: "rejection: error on the rest against the share of patterns rejected",
    arms,
    summarise: summary,
    plot: draw,
    section,
};

/// The error on the rest that Fig. 10 asks for, in percent.
const WANTED_PERCENT: f64 = 0.5;
/// Points of a curve, a tenth of a percent of rejected patterns apart.
const POINTS: usize = 51;

/// The criteria by their names in the tables, with what the legend calls them.
const CRITERIA: [(&str, &str); 4] = [
    ("poor", "best output poor"),
    ("close", "best close to second"),
    ("poor or close", "poor or close (the paper's)"),
    ("posterior", "probability by eq. 9"),
];

fn arms(extent: &Extent) -> Vec<Arm> {
    vec![fig5::arm(extent), fig6::distorted(extent)]
}

/// A row of `curves.csv`.
#[derive(Serialize, Deserialize)]
struct CurveRow {
    arm: String,
    seed: u64,
    criterion: String,
    rejected_percent: f64,
    error_percent: f64,
}

/// A row of `rates.csv`; no rate where the error stays above.
#[derive(Serialize, Deserialize)]
struct RateRow {
    arm: String,
    seed: u64,
    criterion: String,
    test_errors: usize,
    rejected_percent_for_half_percent: Option<f64>,
}

/// A row of `summary.csv`.
#[derive(Serialize, Deserialize)]
struct SummaryRow {
    arm: String,
    criterion: String,
    rejected_percent: f64,
    error_mean_percent: f64,
    error_deviation_percent: f64,
    error_half_interval_percent: f64,
}

/// A row of `rates_summary.csv`: the rates for 0.5 % error on the rest of those seeds that come to it.
#[derive(Serialize, Deserialize)]
struct RateSummaryRow {
    arm: String,
    criterion: String,
    seeds: usize,
    seeds_with_a_rate: usize,
    rejected_mean_percent: f64,
    rejected_deviation_percent: f64,
    rejected_half_interval_percent: f64,
    rejected_smallest_percent: f64,
    rejected_largest_percent: f64,
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let (mut curves, mut rates) = (Vec::new(), Vec::new());
    for arm in arms(context.extent) {
        for cell in context.finished(&arm)? {
            for ((criterion, _), curve) in CRITERIA.iter().zip(rejections(&cell, context.dataset)?) {
                let (arm, seed, criterion) = (arm.name.clone(), cell.seed, String::from(*criterion));
                curves.extend((0..POINTS).map(|tenths| {
                    let rejected_percent = tenths as f64 / 10.0;
                    let error_percent = curve.error_percent(rejected_percent);
                    CurveRow { arm: arm.clone(), seed, criterion: criterion.clone(), rejected_percent, error_percent }
                }));
                let rejected_percent_for_half_percent = curve.rate_for(WANTED_PERCENT);
                let test_errors = curve.points().first().map_or(0, |point| point.errors);
                rates.push(RateRow { arm, seed, criterion, test_errors, rejected_percent_for_half_percent });
            }
        }
    }
    context.folder.write("curves.csv", &curves)?;
    context.folder.write("rates.csv", &rates)?;
    let mut summary = Vec::new();
    let mut rates_summary = Vec::new();
    for arm in arms(context.extent) {
        for (criterion, _) in CRITERIA {
            let rows: Vec<&CurveRow> =
                curves.iter().filter(|row| row.arm == arm.name && row.criterion == criterion).collect();
            for point in 0..POINTS {
                summary.push(summary_row(&arm.name, criterion, rows.iter().skip(point).step_by(POINTS)));
            }
            let rows = rates.iter().filter(|row| row.arm == arm.name && row.criterion == criterion);
            rates_summary.push(rate_summary_row(&arm.name, criterion, rows));
        }
    }
    context.folder.write("summary.csv", summary)?;
    context.folder.write("rates_summary.csv", rates_summary)
}

/// The curve of a network by each of the criteria.
fn rejections(cell: &Finished, dataset: &Dataset) -> anyhow::Result<[Rejection; 4]> {
    let model = cell.model()?;
    let network = model.network();
    let count = model.settings.training_patterns;
    let training = dataset.training.first(if count == 0 { usize::MAX } else { count });
    let chosen = Thresholds::choose(&outputs(&network, &model.values, &training), training.labels());
    let (test, labels) = (outputs(&network, &model.values, &dataset.test), dataset.test.labels());
    // Without eq. 9's j there is no "none of these".
    let j = model.settings.loss_function().j();
    Ok([
        Rejection::new(Criterion::Poor, &test, labels),
        Rejection::new(Criterion::Close, &test, labels),
        Rejection::of_thresholds(&chosen, &test, labels),
        Rejection::new(Criterion::Posterior { j }, &test, labels),
    ])
}

/// The mean of one point of all seeds' curves.
fn summary_row<'a>(arm: &str, criterion: &str, rows: impl Iterator<Item = &'a &'a CurveRow>) -> SummaryRow {
    let (rejected, errors): (Vec<f64>, Vec<f64>) = rows.map(|row| (row.rejected_percent, row.error_percent)).unzip();
    let over_seeds = summarise(&errors);
    SummaryRow {
        arm: arm.into(),
        criterion: criterion.into(),
        rejected_percent: rejected[0],
        error_mean_percent: over_seeds.mean,
        error_deviation_percent: over_seeds.deviation,
        error_half_interval_percent: over_seeds.half_interval,
    }
}

fn rate_summary_row<'a>(arm: &str, criterion: &str, rows: impl Iterator<Item = &'a RateRow>) -> RateSummaryRow {
    let rates: Vec<Option<f64>> = rows.map(|row| row.rejected_percent_for_half_percent).collect();
    let known: Vec<f64> = rates.iter().copied().flatten().collect();
    let over_seeds = summarise(&known);
    RateSummaryRow {
        arm: arm.into(),
        criterion: criterion.into(),
        seeds: rates.len(),
        seeds_with_a_rate: known.len(),
        rejected_mean_percent: over_seeds.mean,
        rejected_deviation_percent: over_seeds.deviation,
        rejected_half_interval_percent: over_seeds.half_interval,
        rejected_smallest_percent: over_seeds.smallest,
        rejected_largest_percent: over_seeds.largest,
    }
}

/// The bar of Fig. 10 with this name, in percent.
fn bar(name: &str) -> f64 {
    paper::classifier(name).and_then(|bars| bars.rejection_percent).unwrap_or(f64::NAN)
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<SummaryRow> = folder.read("summary.csv")?;
    let top = rows.iter().map(|row| row.error_mean_percent + row.error_deviation_percent.max(0.0)).fold(0.0, f64::max);
    let chart = |arm: &str, title: &str| {
        let curve = |(index, (criterion, label)): (usize, &(&str, &str))| {
            let shown = || rows.iter().filter(|row| row.arm == arm && row.criterion == *criterion);
            let points = shown().map(|row| (row.rejected_percent, row.error_mean_percent));
            let band = shown().map(|row| {
                let (mean, deviation) = (row.error_mean_percent, row.error_deviation_percent);
                (row.rejected_percent, mean - deviation, mean + deviation)
            });
            // The last criterion may hide the first, which is drawn last and with gaps.
            let line = if index == 0 { Line::Dashed } else { Line::Plain };
            Curve::new(label, colour::ALL[index], line, points).with_band(band)
        };
        let right = (POINTS - 1) as f64 / 10.0;
        let bars = ["[dist] boosted LeNet-4", "LeNet-4"].map(|name| (bar(name), WANTED_PERCENT));
        let wanted = [(0.0, WANTED_PERCENT), (right, WANTED_PERCENT)];
        let mut curves = vec![Curve::new("", colour::PAPER, Line::Dotted, wanted)];
        curves.extend(CRITERIA.iter().enumerate().rev().map(curve));
        curves.push(Curve::new("paper: boosted LeNet-4, LeNet-4 (Fig. 10)", colour::PAPER, Line::Dots, bars));
        Chart {
            title: title.into(),
            x: Axis::between("test patterns rejected (%)", 0.0, right),
            y: Axis::between("error on the rest (%)", 0.0, 1.05 * top),
            curves,
            ..Chart::default()
        }
    };
    let charts = [
        chart("paper", "Fig. 10: LeNet-5, error against rejection, mean and s.d."),
        chart("paper-distorted", "LeNet-5 trained with distortions, error against rejection, mean and s.d."),
    ];
    let svg = plot::draw(&charts, 1).map_err(anyhow::Error::from_boxed)?;
    folder.draw("fig10.svg", "summary.csv", &svg)
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let rates: Vec<RateSummaryRow> = folder.read("rates_summary.csv")?;
    let reference = format!(
        "no bar for LeNet-5; LeNet-4 {} %, boosted {} % (Fig. 10)",
        bar("LeNet-4"),
        bar("[dist] boosted LeNet-4")
    );
    let finding = |row: &RateSummaryRow| {
        let trained = if row.arm == "paper" { "" } else { " trained with distortions" };
        let mut ours = with_interval(row.rejected_mean_percent, row.rejected_half_interval_percent, 2);
        if row.seeds_with_a_rate < row.seeds {
            ours += &format!(" ({} of {} seeds)", row.seeds_with_a_rate, row.seeds);
        }
        let what = format!("LeNet-5{trained}, to reject for {WANTED_PERCENT} % error on the rest: {}", row.criterion);
        Finding::new(what, reference.clone(), ours)
    };
    let seeds = rates.iter().map(|row| row.seeds).max().unwrap_or(0);
    let text = format!(
        "Mean and standard deviation over {seeds} seeds. A pattern is rejected if its best output is poor (smallest distance above \
         a threshold), if the best is close to the second best (the two smallest distances differ by less than a threshold), if \
         either is so (both thresholds chosen on the training patterns, to leave each number of errors with the fewest rejected), \
         or if the probability of its answer by eq. 9 is below a threshold. The error is that of the accepted patterns."
    );
    Ok(Section {
        title: "rejection".into(),
        text,
        figures: vec![("fig10.svg".into(), "error on the rest against the share of patterns rejected".into())],
        findings: rates.iter().map(finding).collect(),
    })
}
