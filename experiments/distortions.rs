//! The gain by distorted patterns, by the reading of the start: on the last 10,000 training patterns; then that of one reading on the test
//! set ([`on_test`]).
//!
//! `seeds.csv` has a row for each network, `gains.csv` one for each reading and strength: by how much the held-out error falls, paired by
//! seed.

mod on_test;

use lenet5::drawing::plot::{self, Axis, Chart, Curve, LineStyle, colour};
use lenet5::evaluation::clopper_pearson;
use lenet5::evaluation::statistics::summarise;
use serde::{Deserialize, Serialize};

use crate::cells::{Arm, Extent};
use crate::experiment::{Context, Experiment};
use crate::record::Folder;
use crate::section::{Section, plus_minus, with_interval};

pub const EXPERIMENT: Experiment = Experiment {
    name: "distortions",
    about: "the gain by distorted patterns, by the reading of the start",
    arms,
    summarise: summary,
    plot: draw,
    section,
};

/// As the authors' later code starts, with rates at which it trains.
const AUTHORS: &[&str] = &["weight_range=1.0", "coefficient=0.5", "distance=half", "eta_factor=0.3"];

/// The readings by their names, with their settings over the preset.
fn readings() -> Vec<(&'static str, Vec<String>)> {
    let authors = |j: &str| AUTHORS.iter().chain([&j]).map(ToString::to_string).collect();
    vec![
        ("paper", Vec::new()),
        ("2.4/sqrt(F)", vec!["preset=paper-2.4".into()]),
        ("1/sqrt(F), eta x 0.3, j = 1", authors("j=1.0")),
        ("1/sqrt(F), eta x 0.3, j = 5", authors("j=5.0")),
    ]
}

/// Strengths of the distortions: none, half of Fig. 7's ranges, and these.
const STRENGTHS: [f64; 3] = [0.0, 0.5, 1.0];

/// The settings of a reading with distorted patterns of this strength, nine copies of each original; none of strength 0.
fn assignments(reading: &str, strength: f64) -> Vec<String> {
    let (_, mut own) = readings().into_iter().find(|(name, _)| *name == reading).expect("a reading");
    if strength > 0.0 {
        own.extend(["distorted_copies=9".into(), format!("distortion={strength:?}")]);
    }
    own
}

/// A reading with distorted patterns of this strength, trained without the last 10,000 training patterns.
fn held_out(extent: &Extent, reading: &str, strength: f64) -> Arm {
    let own = [assignments(reading, strength), vec!["held_out=10000".into(), "training_error=false".into()]].concat();
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    let kept = |letter: char| if letter.is_ascii_alphanumeric() || letter == '.' { letter } else { '-' };
    let slug: String = reading.chars().map(kept).collect();
    extent.arm(&format!("distortions/{slug}/{strength}"), &own, "1-5")
}

/// The preset with distorted patterns of this strength, trained without the last 10,000 training patterns. Fig. 6 shares these arms.
pub fn of_the_preset(extent: &Extent, strength: f64) -> Arm {
    held_out(extent, "paper", strength)
}

/// Each reading with each strength.
fn all() -> impl Iterator<Item = (&'static str, f64)> {
    readings().into_iter().flat_map(|(reading, _)| STRENGTHS.map(|strength| (reading, strength)))
}

fn arms(extent: &Extent) -> Vec<Arm> {
    all().map(|(reading, strength)| held_out(extent, reading, strength)).chain(on_test::arms(extent)).collect()
}

/// A row of `seeds.csv`.
#[derive(Debug, Serialize, Deserialize)]
struct SeedRow {
    reading: String,
    /// Of the distortions; 0 stands for no distorted patterns.
    strength: f64,
    seed: u64,
    held_out_error_percent: f64,
    held_out_errors: usize,
    held_out_error_low_percent: f64,
    held_out_error_high_percent: f64,
    running_training_error_percent: f64,
}

/// A row of `gains.csv`: the held-out error of a reading, and by how much it is below that without distortions, over the seeds that have
/// both.
#[derive(Debug, Serialize, Deserialize)]
struct GainRow {
    reading: String,
    strength: f64,
    seeds: usize,
    held_out_error_mean_percent: f64,
    held_out_error_deviation_percent: f64,
    held_out_error_half_interval_percent: f64,
    gain_mean_percent: f64,
    gain_half_interval_percent: f64,
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for (reading, strength) in all() {
        let arm = held_out(context.extent, reading, strength);
        let patterns = arm.settings.split(context.dataset.sizes()).measured;
        rows.extend(context.finished(&arm)?.iter().map(|cell| {
            let last = cell.last();
            let interval = clopper_pearson(last.test_errors, patterns);
            SeedRow {
                reading: reading.into(),
                strength,
                seed: cell.seed,
                held_out_error_percent: last.test_error_percent,
                held_out_errors: last.test_errors,
                held_out_error_low_percent: interval.low,
                held_out_error_high_percent: interval.high,
                running_training_error_percent: last.running_training_error_percent,
            }
        }));
    }
    context.folder.write("gains.csv", gains(&rows))?;
    context.folder.write("seeds.csv", &rows)?;
    on_test::summary(context)
}

fn gains(rows: &[SeedRow]) -> Vec<GainRow> {
    let of = |reading: &str, strength: f64| {
        let own: Vec<&SeedRow> = rows.iter().filter(|row| row.reading == reading && row.strength == strength).collect();
        let errors = summarise(own.iter().map(|row| row.held_out_error_percent));
        let without = |seed| {
            let row = rows.iter().find(|row| (row.reading.as_str(), row.strength, row.seed) == (reading, 0.0, seed));
            row.map(|row| row.held_out_error_percent)
        };
        let gain = summarise(own.iter().filter_map(|row| Some(without(row.seed)? - row.held_out_error_percent)));
        GainRow {
            reading: reading.into(),
            strength,
            seeds: own.len(),
            held_out_error_mean_percent: errors.mean,
            held_out_error_deviation_percent: errors.deviation,
            held_out_error_half_interval_percent: errors.half_interval,
            gain_mean_percent: gain.mean,
            gain_half_interval_percent: gain.half_interval,
        }
    };
    all().map(|(reading, strength)| of(reading, strength)).collect()
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<GainRow> = folder.read("gains.csv")?;
    let curve = |((reading, _), colour): (&(&str, Vec<String>), _)| {
        let own = rows.iter().filter(|row| row.reading == *reading);
        let points =
            own.map(|row| (row.strength, row.held_out_error_mean_percent, row.held_out_error_half_interval_percent));
        Curve::of_means(reading, colour, LineStyle::Solid, points)
    };
    let chart = Chart {
        title: "Error on patterns held out, by the strength of the distortions (means, 95 % intervals)".into(),
        x: Axis::between("strength (1: the ranges of Fig. 7)", -0.05, 1.05),
        y: Axis::new("held-out error (%)"),
        curves: readings().iter().zip(colour::ALL).map(curve).collect(),
        marks: Vec::new(),
    };
    folder.charts("distortions.svg", "gains.csv", [chart], plot::ALONE)
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let rows: Vec<GainRow> = folder.read("gains.csv")?;
    let mut text = String::from(
        "Held out are the last 10,000 training patterns. Each network has 20 passes; with distortions, nine of ten patterns are distorted \
         ones. The gain is by how much the error falls, paired by seed; the paper's, on the test set, is 0.12 to 0.15 points (0.95 to 0.8 %, \
         III-B). The second reading was the preset before the grid, the last two start as the authors' later code does.\n\n\
         | reading | strength | seeds | held-out error | gain, 95 % interval |\n|---|---|---|---|---|\n",
    );
    for row in &rows {
        let gain = match row.strength {
            0.0 => "-".into(),
            _ => format!("{:+.2}{} points", row.gain_mean_percent, plus_minus(row.gain_half_interval_percent, 2)),
        };
        let error = with_interval(row.held_out_error_mean_percent, row.held_out_error_half_interval_percent, 2);
        text += &format!("| {} | {} | {} | {error} | {gain} |\n", row.reading, row.strength, row.seeds);
    }
    let (on_test, findings) = on_test::section(folder)?;
    text += &on_test;
    Ok(Section {
        title: "distortions by the reading of the start".into(),
        text,
        figures: vec![("distortions.svg".into(), "held-out error against the strength of the distortions".into())],
        findings,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gains_are_paired_by_seed() {
        let row = |strength, seed, errors: usize| SeedRow {
            reading: "paper".into(),
            strength,
            seed,
            held_out_error_percent: errors as f64 / 100.0,
            held_out_errors: errors,
            held_out_error_low_percent: 0.0,
            held_out_error_high_percent: 1.0,
            running_training_error_percent: 0.5,
        };
        let rows = [row(0.0, 1, 100), row(0.0, 2, 90), row(0.5, 1, 90), row(0.5, 2, 70), row(0.5, 3, 10)];
        let gains = gains(&rows);
        let half = gains.iter().find(|row| (row.reading.as_str(), row.strength) == ("paper", 0.5)).unwrap();
        assert!((half.gain_mean_percent - 0.15).abs() < 1e-12, "of the seeds that have both: {half:?}");
        assert_eq!(half.seeds, 3);
    }

    #[test]
    fn the_reading_tested_erred_least_at_fig_7s_ranges() {
        let rows: Vec<GainRow> = Folder::existing("results".as_ref(), EXPERIMENT.name).read("gains.csv").unwrap();
        let whole = rows.iter().filter(|row| row.strength == 1.0);
        let best =
            whole.min_by(|left, right| left.held_out_error_mean_percent.total_cmp(&right.held_out_error_mean_percent));
        assert_eq!(best.map(|row| row.reading.as_str()), Some(on_test::CHOSEN));
    }
}
