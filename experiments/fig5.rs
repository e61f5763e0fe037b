//! Fig. 5: training and test error of LeNet-5 against the pass.
//!
//! `seeds.csv` has a row for each pass of each seed, `summary.csv` mean, standard deviation and 95 % interval over seeds with
//! the paper's value beside them.

use lenet5::drawing::plot::{self, Axis, Chart, Curve, LineStyle, colour};
use lenet5::evaluation::clopper_pearson;
use lenet5::evaluation::statistics::summarise;
use lenet5::paper;
use lenet5::words;
use serde::{Deserialize, Serialize};

use crate::cells::{Arm, Extent};
use crate::experiment::{Context, Experiment};
use crate::record::Folder;
use crate::section::{Finding, Section, mean_of};

pub const EXPERIMENT: Experiment = Experiment {
    name: "fig5",
    about: "the learning curve: training and test error of LeNet-5 against the pass",
    arms: |extent| vec![arm(extent)],
    summarise: summary,
    plot: draw,
    section,
};

pub fn arm(extent: &Extent) -> Arm {
    extent.arm("paper", &[], "1-10")
}

/// The distance of a training curve, on the fly, in percent, from the paper's: the root mean square of log(ours / paper's) over the passes.
pub fn distance(errors: impl IntoIterator<Item = f64>) -> f64 {
    let ratios = errors.into_iter().zip(&paper::LEARNING_CURVE);
    summarise(ratios.map(|(ours, point)| (ours / point.1).ln().powi(2))).mean.sqrt()
}

#[derive(Serialize, Deserialize)]
struct SeedRow {
    seed: u64,
    pass: usize,
    running_training_error_percent: f64,
    training_error_percent: Option<f64>,
    test_error_percent: f64,
    test_errors: usize,
    test_error_low_percent: f64,
    test_error_high_percent: f64,
    smallest_effective_rate: f64,
    largest_effective_rate: f64,
}

/// A row of `summary.csv`; half an interval is half the width of the mean's 95 % interval.
#[derive(Serialize, Deserialize)]
struct SummaryRow {
    pass: usize,
    running_training_error_mean_percent: f64,
    running_training_error_deviation_percent: f64,
    running_training_error_half_interval_percent: f64,
    training_error_mean_percent: f64,
    training_error_deviation_percent: f64,
    training_error_half_interval_percent: f64,
    test_error_mean_percent: f64,
    test_error_deviation_percent: f64,
    test_error_half_interval_percent: f64,
    paper_training_error_percent: Option<f64>,
    paper_test_error_percent: Option<f64>,
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let finished = context.finished(&arm(context.extent))?;
    let patterns = arm(context.extent).settings.split(context.dataset.sizes()).measured;
    let row = |seed, record: &lenet5::training::PassRecord| {
        let interval = clopper_pearson(record.test_errors, patterns);
        SeedRow {
            seed,
            pass: record.pass,
            running_training_error_percent: record.running_training_error_percent,
            training_error_percent: record.training_error_percent,
            test_error_percent: record.test_error_percent,
            test_errors: record.test_errors,
            test_error_low_percent: interval.low,
            test_error_high_percent: interval.high,
            smallest_effective_rate: record.smallest_effective_rate,
            largest_effective_rate: record.largest_effective_rate,
        }
    };
    let rows: Vec<SeedRow> =
        finished.iter().flat_map(|cell| cell.records.iter().map(move |record| row(cell.seed, record))).collect();
    let passes = finished.iter().map(|cell| cell.records.len()).min().unwrap_or(0);
    let summary = (1..=passes).map(|pass| {
        let over_seeds = |value: fn(&SeedRow) -> f64| summarise(rows.iter().filter(|row| row.pass == pass).map(value));
        let running = over_seeds(|row| row.running_training_error_percent);
        let training = over_seeds(|row| row.training_error_percent.unwrap_or(f64::NAN));
        let test = over_seeds(|row| row.test_error_percent);
        let paper = paper::LEARNING_CURVE.iter().find(|point| point.0 == pass);
        SummaryRow {
            pass,
            running_training_error_mean_percent: running.mean,
            running_training_error_deviation_percent: running.deviation,
            running_training_error_half_interval_percent: running.half_interval,
            training_error_mean_percent: training.mean,
            training_error_deviation_percent: training.deviation,
            training_error_half_interval_percent: training.half_interval,
            test_error_mean_percent: test.mean,
            test_error_deviation_percent: test.deviation,
            test_error_half_interval_percent: test.half_interval,
            paper_training_error_percent: paper.map(|point| point.1),
            paper_test_error_percent: paper.map(|point| point.2),
        }
    });
    context.folder.write("summary.csv", summary)?;
    context.folder.write("seeds.csv", &rows)
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<SummaryRow> = folder.read("summary.csv")?;
    let curve = |label: &str, colour, value: fn(&SummaryRow) -> (f64, f64)| {
        let means = rows.iter().map(|row| (row.pass as f64, value(row).0, value(row).1));
        Curve::of_means(label, colour, LineStyle::Solid, means)
    };
    let mut curves = plot::paper_learning_curves(rows.len()).to_vec();
    curves.push(curve("ours, training (on the fly), mean and s.d.", colour::TRAINING, |row| {
        (row.running_training_error_mean_percent, row.running_training_error_deviation_percent)
    }));
    curves.push(curve("ours, test, mean and s.d.", colour::TEST, |row| {
        (row.test_error_mean_percent, row.test_error_deviation_percent)
    }));
    let title = "Fig. 5: LeNet-5 on MNIST, error against the pass".into();
    let x = Axis::whole("pass");
    let y = Axis { low: Some(0.0), ..Axis::new("error (%)") };
    folder.charts("fig5.svg", "summary.csv", [Chart { title, x, y, curves, ..Chart::default() }], plot::ALONE)
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let (rows, seeds): (Vec<SummaryRow>, Vec<SeedRow>) = (folder.read("summary.csv")?, folder.read("seeds.csv")?);
    let count = seeds.iter().filter(|row| row.pass == 1).count();
    let at = |pass: usize| rows.iter().find(|row| row.pass == pass).or(rows.last());
    let (Some(last), Some(nineteenth)) = (rows.last(), at(19)) else { anyhow::bail!("no pass") };
    let each = |pass: usize, value: fn(&SeedRow) -> f64| {
        let texts: Vec<String> =
            seeds.iter().filter(|row| row.pass == pass).map(|row| format!("{:.2}", value(row))).collect();
        texts.join(", ")
    };
    let over_seeds =
        |pass: usize, value: fn(&SeedRow) -> f64| summarise(seeds.iter().filter(|row| row.pass == pass).map(value));
    let later = summarise(rows.iter().filter(|row| row.pass >= 12).map(|row| row.test_error_mean_percent));
    let mut findings = vec![
        Finding::of_runs(
            format!("LeNet-5, test error after pass {} ({})", last.pass, mean_of(count)),
            Some((paper::TEST_ERROR_PERCENT, "III-B")),
            &over_seeds(last.pass, |row| row.test_error_percent),
        )
        .headline(),
        Finding::of_runs(
            format!("LeNet-5, training error in pass {}, on the fly", nineteenth.pass),
            Some((paper::TRAINING_ERROR_PERCENT, "III-B")),
            &over_seeds(nineteenth.pass, |row| row.running_training_error_percent),
        )
        .headline(),
    ];
    if later.mean.is_finite() {
        findings.push(Finding::new(
            "LeNet-5, mean test error from pass 12 to the last",
            "0.96 to 0.99 % (Fig. 5)",
            format!("{:.2} to {:.2} %", later.smallest, later.largest),
        ));
    }
    let text = format!(
        "Preset `paper`: mean and standard deviation over {}, the paper's curves behind them.\n\nTest errors after \
         pass {}, seed by seed: {} %. Training errors on the fly in pass {}: {} %; after that pass, measured on the whole \
         training set: mean {:.2} %.",
        words::count(count, "seed"),
        last.pass,
        each(last.pass, |row| row.test_error_percent),
        nineteenth.pass,
        each(nineteenth.pass, |row| row.running_training_error_percent),
        nineteenth.training_error_mean_percent
    );
    Ok(Section {
        title: "the learning curve".into(),
        text,
        figures: vec![("fig5.svg".into(), "error against the pass, ours and the paper's".into())],
        findings,
    })
}
