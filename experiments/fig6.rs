//! Fig. 6: test error of LeNet-5 against the size of the training set, and with distorted patterns.
//!
//! `seeds.csv` has a row for each network, `summary.csv` one for each size with the paper's value beside it, `gaps.csv` one for
//! each step from a size to the next, paired by seed.

use lenet5::evaluation::clopper_pearson;
use lenet5::paper;
use lenet5::plot::{self, Axis, Chart, Curve, Line, colour};
use lenet5::statistics::summarise;
use serde::{Deserialize, Serialize};

use crate::cells::{Arm, Extent};
use crate::page::{Finding, Section};
use crate::record::Folder;
use crate::{Context, Experiment, fig5};

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    name: "fig6",
    about: "test error of LeNet-5 against the size of the training set, and with distortions",
    arms,
    summarise: summary,
    plot: draw,
    section,
};

/// The preset `paper` with the distorted patterns of section III-B: 60,000 originals and 540,000 copies.
pub fn distorted(extent: &Extent) -> Arm {
    extent.arm("paper-distorted", &["distorted_copies=9"], "1-10")
}

fn arms(extent: &Extent) -> Vec<Arm> {
    vec![
        extent.arm("paper-15000", &["training_patterns=15000"], "1-5"),
        extent.arm("paper-30000", &["training_patterns=30000"], "1-5"),
        first_seeds(fig5::arm(extent)),
        first_seeds(distorted(extent)),
    ]
}

/// As many seeds for all sizes.
fn first_seeds(arm: Arm) -> Arm {
    Arm { seeds: arm.seeds.first(5), ..arm }
}

/// A row of `seeds.csv`.
#[derive(Serialize, Deserialize)]
struct SeedRow {
    arm: String,
    training_patterns: usize,
    distorted_copies: usize,
    seed: u64,
    test_error_percent: f64,
    test_errors: usize,
    test_error_low_percent: f64,
    test_error_high_percent: f64,
    running_training_error_percent: f64,
    training_error_percent: Option<f64>,
}

/// A row of `summary.csv`: after the last pass.
#[derive(Serialize, Deserialize)]
struct SummaryRow {
    arm: String,
    training_patterns: usize,
    distorted_copies: usize,
    seeds: usize,
    test_error_mean_percent: f64,
    test_error_deviation_percent: f64,
    test_error_half_interval_percent: f64,
    training_error_mean_percent: f64,
    training_error_deviation_percent: f64,
    paper_test_error_percent: f64,
    paper_training_error_percent: Option<f64>,
}

/// A row of `gaps.csv`: by how much the test error falls from one size to the next, the mean of the seeds' differences.
#[derive(Serialize, Deserialize)]
struct GapRow {
    from: String,
    to: String,
    seeds: usize,
    gap_mean_percent: f64,
    gap_deviation_percent: f64,
    gap_half_interval_percent: f64,
    paper_gap_percent: f64,
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let (mut seeds, mut summary) = (Vec::new(), Vec::<SummaryRow>::new());
    let mut errors: Vec<Vec<f64>> = Vec::new();
    for (arm, &(_, paper_test, paper_training)) in arms(context.extent).iter().zip(&paper::TRAINING_SET_SIZE) {
        let finished = context.finished(arm)?;
        let over_seeds = |value: &dyn Fn(&lenet5::training::PassRecord) -> f64| {
            summarise(&finished.iter().map(|cell| value(cell.last())).collect::<Vec<f64>>())
        };
        let (name, settings) = (&arm.name, &arm.settings);
        let patterns = match settings.training_patterns {
            0 => context.dataset.training.len(),
            patterns => patterns,
        };
        let test = over_seeds(&|record| record.test_error_percent);
        let training = over_seeds(&|record| record.training_error_percent.unwrap_or(f64::NAN));
        summary.push(SummaryRow {
            arm: name.clone(),
            training_patterns: patterns,
            distorted_copies: settings.distorted_copies,
            seeds: finished.len(),
            test_error_mean_percent: test.mean,
            test_error_deviation_percent: test.deviation,
            test_error_half_interval_percent: test.half_interval,
            training_error_mean_percent: training.mean,
            training_error_deviation_percent: training.deviation,
            paper_test_error_percent: paper_test,
            paper_training_error_percent: paper_training,
        });
        errors.push(finished.iter().map(|cell| cell.last().test_error_percent).collect());
        seeds.extend(finished.iter().map(|cell| {
            let (last, interval) = (cell.last(), clopper_pearson(cell.last().test_errors, context.dataset.test.len()));
            SeedRow {
                arm: name.clone(),
                training_patterns: patterns,
                distorted_copies: settings.distorted_copies,
                seed: cell.seed,
                test_error_percent: last.test_error_percent,
                test_errors: last.test_errors,
                test_error_low_percent: interval.low,
                test_error_high_percent: interval.high,
                running_training_error_percent: last.running_training_error_percent,
                training_error_percent: last.training_error_percent,
            }
        }));
    }
    let gap = |(pair, rows): (&[Vec<f64>], &[SummaryRow])| {
        let differences: Vec<f64> = pair[0].iter().zip(&pair[1]).map(|(from, to)| from - to).collect();
        let gap = summarise(&differences);
        GapRow {
            from: rows[0].arm.clone(),
            to: rows[1].arm.clone(),
            seeds: differences.len(),
            gap_mean_percent: gap.mean,
            gap_deviation_percent: gap.deviation,
            gap_half_interval_percent: gap.half_interval,
            paper_gap_percent: rows[0].paper_test_error_percent - rows[1].paper_test_error_percent,
        }
    };
    context.folder.write("gaps.csv", errors.windows(2).zip(summary.windows(2)).map(gap))?;
    context.folder.write("summary.csv", &summary)?;
    context.folder.write("seeds.csv", &seeds)
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<SummaryRow> = folder.read("summary.csv")?;
    // All patterns that there are, in thousands: 60 and 540 with the distorted ones.
    let size = |row: &SummaryRow| (row.training_patterns * (1 + row.distorted_copies)) as f64 / 1000.0;
    let ours = |value: fn(&SummaryRow) -> f64| rows.iter().map(move |row| (size(row), value(row)));
    let band = |value: fn(&SummaryRow) -> (f64, f64)| {
        rows.iter().map(move |row| {
            let (mean, half) = value(row);
            (size(row), mean - half, mean + half)
        })
    };
    let paper_training = rows.iter().filter_map(|row| Some((size(row), row.paper_training_error_percent?)));
    let curves = vec![
        Curve::new("paper, test", colour::PAPER, Line::Dashed, ours(|row| row.paper_test_error_percent)),
        Curve::new("paper, training", colour::PAPER, Line::Dotted, paper_training),
        Curve::new(
            "ours, test, mean and 95 % interval",
            colour::TEST,
            Line::Solid,
            ours(|row| row.test_error_mean_percent),
        )
        .with_band(band(|row| (row.test_error_mean_percent, row.test_error_half_interval_percent))),
        Curve::new(
            "ours, training after the last pass, mean and s.d.",
            colour::TRAINING,
            Line::Solid,
            ours(|row| row.training_error_mean_percent),
        )
        .with_band(band(|row| (row.training_error_mean_percent, row.training_error_deviation_percent))),
    ];
    let title = "Fig. 6: LeNet-5, error against the size of the training set".into();
    let x = Axis::logarithmic("training patterns (thousands; the last one: 60 originals and 540 distorted)");
    let y = Axis { low: Some(0.0), ..Axis::new("error (%)") };
    let svg = plot::draw(&[Chart { title, x, y, curves, ..Chart::default() }], 1).map_err(anyhow::Error::from_boxed)?;
    folder.draw("fig6.svg", "summary.csv", &svg)
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let (rows, gaps): (Vec<SummaryRow>, Vec<GapRow>) = (folder.read("summary.csv")?, folder.read("gaps.csv")?);
    let finding = |row: &SummaryRow| {
        let with = if row.distorted_copies > 0 { " and distorted copies" } else { "" };
        let finding = Finding::new(
            format!("test error, {} training patterns{with} (mean of {} seeds)", row.training_patterns, row.seeds),
            format!("{} % (Fig. 6)", row.paper_test_error_percent),
            format!("{:.2} +- {:.2} %", row.test_error_mean_percent, row.test_error_half_interval_percent),
        );
        if row.distorted_copies > 0 { finding.headline() } else { finding }
    };
    let mut text = String::from(
        "Each step of the paper's figure, paired by seed (same initial weights): by how much the test error falls.\n\n\
         | from | to | ours, 95 % interval | paper |\n|---|---|---|---|\n",
    );
    for gap in &gaps {
        text += &format!(
            "| `{}` | `{}` | {:.2} +- {:.2} points | {:.2} |\n",
            gap.from, gap.to, gap.gap_mean_percent, gap.gap_half_interval_percent, gap.paper_gap_percent
        );
    }
    let held = gaps.iter().filter(|gap| gap.gap_mean_percent > 0.0).count();
    let clear = gaps.iter().filter(|gap| gap.gap_mean_percent > gap.gap_half_interval_percent).count();
    text += &format!(
        "\nThe error falls in {held} of {} steps, in {clear} of them by more than its interval.\n",
        gaps.len()
    );
    Ok(Section {
        title: "training-set size".into(),
        text,
        figures: vec![("fig6.svg".into(), "error against the size of the training set, ours and the paper's".into())],
        findings: rows.iter().map(finding).collect(),
    })
}
