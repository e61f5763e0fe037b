//! Fig. 5: training and test error of LeNet-5 against the pass.
//!
//! Trains the `paper` preset with several seeds. Writes, below `fig5` in the results folder, `seeds.csv` (a row for each pass
//! of each seed), `summary.csv` (mean, standard deviation and 95 % interval over seeds, the paper's value beside it) and
//! `fig5.svg`, which is drawn from `summary.csv` alone.

use std::fs;
use std::path::Path;

use lenet5::config_file::Builder;
use lenet5::data::{self, Choice, download::Options};
use lenet5::paper;
use lenet5::plot::{self, Curve, Line, colour};
use lenet5::run::Run;
use lenet5::seeds;
use lenet5::statistics::{Summary, summarise};
use lenet5::training::{Observer, PassRecord};
use serde::{Deserialize, Serialize};

/// A row of `seeds.csv`.
#[derive(Serialize)]
struct SeedRow {
    seed: u64,
    pass: usize,
    running_training_error_percent: f64,
    training_error_percent: f64,
    test_error_percent: f64,
    smallest_effective_rate: f64,
    largest_effective_rate: f64,
}

/// A row of `summary.csv`.
#[derive(Serialize, Deserialize)]
struct SummaryRow {
    pass: usize,
    running_training_error_mean_percent: f64,
    running_training_error_deviation_percent: f64,
    training_error_mean_percent: f64,
    training_error_deviation_percent: f64,
    test_error_mean_percent: f64,
    test_error_deviation_percent: f64,
    test_error_half_interval_percent: f64,
    paper_training_error_percent: Option<f64>,
    paper_test_error_percent: Option<f64>,
}

/// Runs the experiment.
pub fn run(options: &crate::Options) -> anyhow::Result<()> {
    let dataset = data::open(Choice::Mnist, options.data_dir.as_deref(), &Options::default(), &mut ())?;
    let settings = Builder::default().build()?;
    let mut runs = seeds::open(&options.out.join("runs").join("fig5"), &options.seeds, &settings, &dataset)?;
    seeds::train(&mut runs, &dataset, Lines::new)?;

    let folder = options.out.join("fig5");
    fs::create_dir_all(&folder)?;
    write_seeds(&folder.join("seeds.csv"), &runs)?;
    let summary = folder.join("summary.csv");
    write_summary(&summary, &runs)?;
    plot(&summary, &folder.join("fig5.svg"))?;
    for row in read_summary(&summary)?.iter().filter(|row| row.pass >= 19) {
        println!(
            "pass {}, {} seeds: test error {:.3} +- {:.3} %, training error {:.3} % on the fly, {:.3} % after the pass",
            row.pass,
            runs.len(),
            row.test_error_mean_percent,
            row.test_error_half_interval_percent,
            row.running_training_error_mean_percent,
            row.training_error_mean_percent
        );
    }
    println!("Written to {}", folder.display());
    Ok(())
}

/// Prints a line where a run begins and one where it ends.
struct Lines {
    folder: String,
    passes: usize,
}

impl Lines {
    fn new(run: &Run) -> Self {
        let (folder, passes) = (run.folder().display().to_string(), run.settings().passes);
        println!("{folder}: {} of {passes} passes done", run.records().len());
        Self { folder, passes }
    }
}

impl Observer for Lines {
    fn pass(&mut self, record: &PassRecord) {
        if record.pass == self.passes {
            println!("{}: finished", self.folder);
        }
    }
}

fn write_seeds(path: &Path, runs: &[Run]) -> anyhow::Result<()> {
    let mut writer = csv::Writer::from_path(path)?;
    for run in runs {
        for record in run.records() {
            writer.serialize(SeedRow {
                seed: run.settings().seed,
                pass: record.pass,
                running_training_error_percent: record.running_training_error_percent,
                training_error_percent: record.training_error_percent,
                test_error_percent: record.test_error_percent,
                smallest_effective_rate: record.smallest_effective_rate,
                largest_effective_rate: record.largest_effective_rate,
            })?;
        }
    }
    Ok(writer.flush()?)
}

fn write_summary(path: &Path, runs: &[Run]) -> anyhow::Result<()> {
    let mut writer = csv::Writer::from_path(path)?;
    let passes = runs.iter().map(|run| run.records().len()).min().unwrap_or(0);
    for pass in 1..=passes {
        let over_seeds = |value: fn(&PassRecord) -> f64| -> Summary {
            summarise(&runs.iter().map(|run| value(&run.records()[pass - 1])).collect::<Vec<f64>>())
        };
        let running = over_seeds(|record| record.running_training_error_percent);
        let training = over_seeds(|record| record.training_error_percent);
        let test = over_seeds(|record| record.test_error_percent);
        let paper = paper::LEARNING_CURVE.iter().find(|point| point.0 == pass);
        writer.serialize(SummaryRow {
            pass,
            running_training_error_mean_percent: running.mean,
            running_training_error_deviation_percent: running.deviation,
            training_error_mean_percent: training.mean,
            training_error_deviation_percent: training.deviation,
            test_error_mean_percent: test.mean,
            test_error_deviation_percent: test.deviation,
            test_error_half_interval_percent: test.half_interval,
            paper_training_error_percent: paper.map(|point| point.1),
            paper_test_error_percent: paper.map(|point| point.2),
        })?;
    }
    Ok(writer.flush()?)
}

fn read_summary(path: &Path) -> anyhow::Result<Vec<SummaryRow>> {
    Ok(csv::Reader::from_path(path)?.deserialize().collect::<Result<_, _>>()?)
}

fn plot(summary: &Path, svg: &Path) -> anyhow::Result<()> {
    let rows = read_summary(summary)?;
    let curve = |label: &str, colour, value: fn(&SummaryRow) -> (f64, f64)| {
        let points = rows.iter().map(|row| (row.pass as f64, value(row).0));
        let band = rows.iter().map(|row| {
            let (mean, deviation) = value(row);
            // One seed has no deviation.
            let deviation = if deviation.is_nan() { 0.0 } else { deviation };
            (row.pass as f64, mean - deviation, mean + deviation)
        });
        Curve { band: band.collect(), ..Curve::new(label, colour, Line::Solid, points) }
    };
    let mut curves = plot::paper_learning_curves(rows.len()).to_vec();
    curves.push(curve("ours, training (on the fly), mean and s.d.", colour::TRAINING, |row| {
        (row.running_training_error_mean_percent, row.running_training_error_deviation_percent)
    }));
    curves.push(curve("ours, test, mean and s.d.", colour::TEST, |row| {
        (row.test_error_mean_percent, row.test_error_deviation_percent)
    }));
    plot::chart(svg, "Fig. 5: LeNet-5 on MNIST, error against the pass", ("pass", "error (%)"), &curves)
        .map_err(|error| anyhow::anyhow!("{}: {error}", svg.display()))
}
