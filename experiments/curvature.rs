//! The two readings of h for the coefficients of S2 and S4 (Appendix C): by the connections that share a coefficient, as in the preset,
//! and by the sum that it multiplies, as in the authors' code.
//!
//! `seeds.csv` has a row for each pass of each network, `pairs.csv` one for each seed after the last pass.

use lenet5::drawing::plot::{self, Axis, Chart, Curve, LineStyle, colour};
use lenet5::evaluation::statistics::summarise;
use lenet5::paper;
use serde::{Deserialize, Serialize};

use crate::cells::{Arm, Extent};
use crate::experiment::{Context, Experiment};
use crate::fig5;
use crate::record::Folder;
use crate::section::{Finding, Section, mean_of, plus_minus, with_interval};

pub const EXPERIMENT: Experiment = Experiment {
    name: "curvature",
    about: "h of the subsampling coefficients: by the sum that they multiply, and by their connections",
    arms: |extent| readings(extent).into_iter().map(|(_, arm)| arm).collect(),
    summarise: summary,
    plot: draw,
    section,
};

const NAMES: [&str; 2] = ["connections", "sum"];

/// The readings by their names.
fn readings(extent: &Extent) -> Vec<(&'static str, Arm)> {
    let sum = extent.arm("curvature/sum", &["coefficient_curvature=sum", "training_error=false"], "1-10");
    let sum = Arm { trial: true, ..sum };
    NAMES.into_iter().zip([fig5::arm(extent), sum]).collect()
}

/// A row of `seeds.csv`.
#[derive(Serialize, Deserialize)]
struct PassRow {
    reading: String,
    seed: u64,
    pass: usize,
    running_training_error_percent: f64,
    test_error_percent: f64,
    test_errors: usize,
}

/// A row of `pairs.csv`: errors by the sum less those by connections, of the same seed; in training those of pass 19, which the paper
/// prints.
#[derive(Serialize, Deserialize)]
struct PairRow {
    seed: u64,
    test_error_difference_percent: f64,
    running_training_error_of_pass_19_difference_percent: f64,
    distance_from_fig_5_difference: f64,
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for (reading, arm) in readings(context.extent) {
        for cell in context.finished(&arm)? {
            rows.extend(cell.records.iter().map(|record| PassRow {
                reading: reading.into(),
                seed: cell.seed,
                pass: record.pass,
                running_training_error_percent: record.running_training_error_percent,
                test_error_percent: record.test_error_percent,
                test_errors: record.test_errors,
            }));
        }
    }
    context.folder.write("pairs.csv", pairs(&rows))?;
    context.folder.write("seeds.csv", &rows)
}

/// The rows of a reading after this pass, or after its last one if that is earlier.
fn after<'a>(rows: &'a [PassRow], reading: &'a str, pass: usize) -> impl Iterator<Item = &'a PassRow> {
    let pass = rows.iter().map(|row| row.pass).max().unwrap_or(0).min(pass);
    rows.iter().filter(move |row| row.reading == reading && row.pass == pass)
}

const LAST: usize = usize::MAX;

/// Of the seeds that both readings have.
fn pairs(rows: &[PassRow]) -> Vec<PairRow> {
    let difference = |seed: u64, pass: usize, value: fn(&PassRow) -> f64| {
        let of = |reading| after(rows, reading, pass).find(|row| row.seed == seed).map(value);
        Some(of(NAMES[1])? - of(NAMES[0])?)
    };
    let distance = |seed, reading: &str| {
        let own = rows.iter().filter(|row| row.reading == reading && row.seed == seed);
        fig5::distance(own.map(|row| row.running_training_error_percent))
    };
    let pair = |seed| {
        Some(PairRow {
            seed,
            test_error_difference_percent: difference(seed, LAST, |row| row.test_error_percent)?,
            running_training_error_of_pass_19_difference_percent: difference(seed, 19, |row| {
                row.running_training_error_percent
            })?,
            distance_from_fig_5_difference: distance(seed, NAMES[1]) - distance(seed, NAMES[0]),
        })
    };
    after(rows, NAMES[0], LAST).filter_map(|row| pair(row.seed)).collect()
}

/// The mean training error on the fly of a reading, by pass.
fn curve(rows: &[PassRow], reading: &str) -> Vec<(usize, f64)> {
    let passes = rows.iter().map(|row| row.pass).max().unwrap_or(0);
    let mean = |pass| {
        let own = rows.iter().filter(|row| row.reading == reading && row.pass == pass);
        summarise(own.map(|row| row.running_training_error_percent)).mean
    };
    (1..=passes).map(|pass| (pass, mean(pass))).collect()
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<PassRow> = folder.read("seeds.csv")?;
    let points = |reading| curve(&rows, reading).into_iter().map(|(pass, error)| (pass as f64, error));
    let printed = paper::LEARNING_CURVE.iter().map(|point| (point.0 as f64, point.1));
    let curves = vec![
        Curve::new("paper, training (Fig. 5)", colour::PAPER, LineStyle::Dashed, printed.take(points(NAMES[0]).len())),
        Curve::new("ours, h by connections", colour::TRAINING, LineStyle::Solid, points(NAMES[0])),
        Curve::new("ours, h by the sum", colour::TEST, LineStyle::Solid, points(NAMES[1])),
    ];
    let title = "Training error on the fly, by the reading of h (means over seeds)".into();
    let (x, y) = (Axis::whole("pass"), Axis { low: Some(0.1), high: Some(10.0), ..Axis::logarithmic("error (%)") });
    folder.charts("curvature.svg", "seeds.csv", [Chart { title, x, y, curves, ..Chart::default() }], plot::ALONE)
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let (rows, pairs): (Vec<PassRow>, Vec<PairRow>) = (folder.read("seeds.csv")?, folder.read("pairs.csv")?);
    let mut text = String::from(
        "A coefficient of S2 or S4 multiplies the sum of its unit's four inputs. Its second derivative has the square of that sum \
         (the authors' code); by the paper's count of connections it has the sum of the four squares (preset `paper`). The \
         distance is that of a training curve from Fig. 5's, the mean over seeds: the root mean square of log(ours / paper's) over the \
         passes.\n\n| h by | seeds | test errors, seed by seed | training error on the fly, pass 19 | distance |\n|---|---|---|---|---|\n",
    );
    for reading in NAMES {
        let tests: Vec<String> =
            after(&rows, reading, LAST).map(|row| format!("{:.2}", row.test_error_percent)).collect();
        let training = summarise(after(&rows, reading, 19).map(|row| row.running_training_error_percent));
        let distances = after(&rows, reading, LAST).map(|last| {
            let own = rows.iter().filter(|row| row.reading == reading && row.seed == last.seed);
            fig5::distance(own.map(|row| row.running_training_error_percent))
        });
        text += &format!(
            "| {reading} | {} | {} % | {} | {:.3} |\n",
            tests.len(),
            tests.join(", "),
            with_interval(training.mean, training.half_interval, 2),
            summarise(distances).mean
        );
    }
    let differences = [
        ("test error", summarise(pairs.iter().map(|pair| pair.test_error_difference_percent))),
        (
            "training error in pass 19",
            summarise(pairs.iter().map(|pair| pair.running_training_error_of_pass_19_difference_percent)),
        ),
    ];
    let distance = summarise(pairs.iter().map(|pair| pair.distance_from_fig_5_difference));
    for (name, difference) in differences {
        let interval = plus_minus(difference.half_interval, 2);
        text += &format!(
            "\n- {name} by the sum less by connections, paired by seed: {:+.2}{interval} points",
            difference.mean
        );
    }
    text += &format!(
        "\n- distance by the sum less by connections, paired by seed: {:+.3}{}",
        distance.mean,
        plus_minus(distance.half_interval, 3)
    );
    let tests: Vec<f64> = after(&rows, NAMES[1], LAST).map(|row| row.test_error_percent).collect();
    let what = format!("LeNet-5 with h by the sum, test error ({})", mean_of(tests.len()));
    let test = Finding::of_runs(what, Some((paper::TEST_ERROR_PERCENT, "III-B")), &summarise(tests));
    let errors = after(&rows, NAMES[1], 19).map(|row| row.running_training_error_percent);
    let what = "LeNet-5 with h by the sum, training error in pass 19, on the fly";
    let training = Finding::of_runs(what, Some((paper::TRAINING_ERROR_PERCENT, "III-B")), &summarise(errors));
    Ok(Section {
        title: "two readings of h".into(),
        text,
        figures: vec![("curvature.svg".into(), "training error by pass with h by connections and by the sum".into())],
        findings: vec![test, training],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of seeds 1 to 3 the two readings share one; of twenty passes the test error is that of the last, the training error that of the 19th.
    #[test]
    fn readings_are_paired_by_seed() {
        let row = |reading: &str, seed, pass, errors: usize| PassRow {
            reading: reading.into(),
            seed,
            pass,
            running_training_error_percent: errors as f64,
            test_error_percent: 2.0 * errors as f64,
            test_errors: errors,
        };
        let rows: Vec<PassRow> = [("connections", 1, 1), ("connections", 2, 1), ("sum", 1, 3), ("sum", 3, 1)]
            .into_iter()
            .flat_map(|(reading, seed, factor)| (1..=20).map(move |pass| row(reading, seed, pass, factor * pass)))
            .collect();
        let pairs = pairs(&rows);
        assert_eq!((pairs.len(), pairs[0].seed), (1, 1));
        assert_eq!(pairs[0].test_error_difference_percent, 2.0 * (60.0 - 20.0));
        assert_eq!(pairs[0].running_training_error_of_pass_19_difference_percent, 57.0 - 19.0);
        assert_eq!(after(&rows, "connections", LAST).map(|row| row.pass).collect::<Vec<_>>(), [20, 20]);
    }
}
