//! Fig. 6: test error of LeNet-5 against the size of the training set, and with distorted patterns.
//!
//! The strength of the distortions is chosen on training patterns held out: `strength.csv`, where strength 0 is without them. `seeds.csv` has a row for each network,
//! `summary.csv` one for each size with the paper's value beside it, `gaps.csv` one for each step from a size to the next, paired
//! by seed.

use lenet5::drawing::plot::{self, Axis, Chart, Curve, LineStyle, colour};
use lenet5::evaluation::clopper_pearson;
use lenet5::evaluation::statistics::{Summary, summarise};
use lenet5::paper;
use serde::{Deserialize, Serialize};

use crate::cells::{Arm, Extent};
use crate::distortions;
use crate::experiment::{Context, Experiment};
use crate::fig5;
use crate::finished::Finished;
use crate::record::Folder;
use crate::schedule::stretched;
use crate::section::{Finding, Section, mean_of, plus_minus};

pub const EXPERIMENT: Experiment = Experiment {
    name: "fig6",
    about: "test error of LeNet-5 against the size of the training set, and with distortions",
    arms,
    summarise: summary,
    plot: draw,
    section,
};

/// Strengths of the distortions among which the patterns held out choose; 0 stands for no distorted copies.
const STRENGTHS: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];

/// The strength chosen: that of the smallest mean error in `strength.csv`, among those with distorted copies.
const CHOSEN: f64 = 0.5;

/// The preset `paper` with the distorted patterns of section III-B, 60,000 originals and 540,000 copies, of the strength chosen.
pub fn distorted(extent: &Extent) -> Arm {
    let strength = format!("distortion={CHOSEN:?}");
    extent.arm("paper-distorted", &["distorted_copies=9", &strength], "1-10")
}

pub fn distorted_as_fig_7(extent: &Extent) -> Arm {
    extent.arm("paper-distorted-1", &["distorted_copies=9"], "1-5")
}

fn strengths(extent: &Extent) -> Vec<Arm> {
    STRENGTHS.into_iter().map(|strength| distortions::of_the_preset(extent, strength)).collect()
}

/// As many presentations as 60,000 patterns have in 20 passes, with rates that fall as in these.
fn with_equal_presentations(patterns: usize, extent: &Extent) -> Arm {
    let passes = 20 * 60_000 / patterns;
    let own = [format!("training_patterns={patterns}"), format!("passes={passes}"), stretched(passes)];
    extent.arm(&format!("paper-{patterns}-{passes}-passes"), &own.each_ref().map(String::as_str), "1-10")
}

fn sizes(extent: &Extent) -> Vec<Arm> {
    vec![
        extent.arm("paper-15000", &["training_patterns=15000"], "1-10"),
        extent.arm("paper-30000", &["training_patterns=30000"], "1-10"),
        fig5::arm(extent),
        distorted(extent),
        distorted_as_fig_7(extent),
        with_equal_presentations(15_000, extent),
        with_equal_presentations(30_000, extent),
    ]
}

fn arms(extent: &Extent) -> Vec<Arm> {
    [strengths(extent), sizes(extent)].concat()
}

#[derive(Serialize, Deserialize)]
struct SeedRow {
    arm: String,
    training_patterns: usize,
    distorted_copies: usize,
    distortion: f64,
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
    passes: usize,
    distorted_copies: usize,
    distortion: f64,
    seeds: usize,
    test_error_mean_percent: f64,
    test_error_deviation_percent: f64,
    test_error_half_interval_percent: f64,
    training_error_mean_percent: f64,
    training_error_deviation_percent: f64,
    paper_test_error_percent: f64,
    paper_training_error_percent: Option<f64>,
}

/// A row of `strength.csv`: the error on the 10,000 training patterns held out.
#[derive(Serialize, Deserialize)]
struct StrengthRow {
    distortion: f64,
    seed: u64,
    held_out_error_percent: f64,
    held_out_errors: usize,
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
    let [first, second, .., with_distortions] = &paper::TRAINING_SET_SIZE;
    let papers = paper::TRAINING_SET_SIZE.iter().chain([with_distortions, first, second]);
    for (arm, &(_, paper_test, paper_training)) in sizes(context.extent).iter().zip(papers) {
        let rows: Vec<SeedRow> = context.finished(arm)?.iter().map(|cell| seed_row(context, arm, cell)).collect();
        summary.push(summary_row(arm, &rows, paper_test, paper_training));
        seeds.extend(rows);
    }
    context.folder.write(
        "gaps.csv",
        [(0, 1), (1, 2), (2, 3), (2, 4)].map(|(from, to)| gap_row(&summary[from], &summary[to], &seeds)),
    )?;
    context.folder.write("strength.csv", strength_rows(context)?)?;
    context.folder.write("summary.csv", &summary)?;
    context.folder.write("seeds.csv", &seeds)
}

fn seed_row(context: &Context, arm: &Arm, cell: &Finished) -> SeedRow {
    let (last, settings) = (cell.last(), &arm.settings);
    let split = settings.split(context.dataset.sizes());
    let interval = clopper_pearson(last.test_errors, split.measured);
    SeedRow {
        arm: arm.name.clone(),
        training_patterns: split.training,
        distorted_copies: settings.distorted_copies,
        distortion: settings.distortion,
        seed: cell.seed,
        test_error_percent: last.test_error_percent,
        test_errors: last.test_errors,
        test_error_low_percent: interval.low,
        test_error_high_percent: interval.high,
        running_training_error_percent: last.running_training_error_percent,
        training_error_percent: last.training_error_percent,
    }
}

fn summary_row(arm: &Arm, rows: &[SeedRow], paper_test: f64, paper_training: Option<f64>) -> SummaryRow {
    let over_seeds = |value: fn(&SeedRow) -> f64| summarise(rows.iter().map(value));
    let test = over_seeds(|row| row.test_error_percent);
    let training = over_seeds(|row| row.training_error_percent.unwrap_or(f64::NAN));
    SummaryRow {
        arm: arm.name.clone(),
        training_patterns: rows.first().map_or(0, |row| row.training_patterns),
        passes: arm.settings.passes,
        distorted_copies: arm.settings.distorted_copies,
        distortion: arm.settings.distortion,
        seeds: rows.len(),
        test_error_mean_percent: test.mean,
        test_error_deviation_percent: test.deviation,
        test_error_half_interval_percent: test.half_interval,
        training_error_mean_percent: training.mean,
        training_error_deviation_percent: training.deviation,
        paper_test_error_percent: paper_test,
        paper_training_error_percent: paper_training,
    }
}

/// Over the seeds that both arms have.
fn gap_row(from: &SummaryRow, to: &SummaryRow, seeds: &[SeedRow]) -> GapRow {
    let own = |arm: &str, seed: u64| seeds.iter().find(|row| row.arm == arm && row.seed == seed);
    let before = seeds.iter().filter(|row| row.arm == from.arm);
    let differences: Vec<f64> =
        before.filter_map(|row| Some(row.test_error_percent - own(&to.arm, row.seed)?.test_error_percent)).collect();
    let gap = summarise(differences.iter().copied());
    GapRow {
        from: from.arm.clone(),
        to: to.arm.clone(),
        seeds: differences.len(),
        gap_mean_percent: gap.mean,
        gap_deviation_percent: gap.deviation,
        gap_half_interval_percent: gap.half_interval,
        paper_gap_percent: from.paper_test_error_percent - to.paper_test_error_percent,
    }
}

fn strength_rows(context: &Context) -> anyhow::Result<Vec<StrengthRow>> {
    let mut rows = Vec::new();
    for arm in strengths(context.extent) {
        rows.extend(context.finished(&arm)?.iter().map(|cell| StrengthRow {
            distortion: if arm.settings.distorted_copies == 0 { 0.0 } else { arm.settings.distortion },
            seed: cell.seed,
            held_out_error_percent: cell.last().test_error_percent,
            held_out_errors: cell.last().test_errors,
        }));
    }
    Ok(rows)
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<SummaryRow> = folder.read("summary.csv")?;
    let (whole, rows): (Vec<SummaryRow>, Vec<SummaryRow>) = rows.into_iter().partition(with_fig_7_ranges);
    let (longer, rows): (Vec<SummaryRow>, Vec<SummaryRow>) = rows.into_iter().partition(is_longer);
    // All patterns that there are, in thousands: 60 and 540 with the distorted ones.
    let size = |row: &SummaryRow| (row.training_patterns * (1 + row.distorted_copies)) as f64 / 1000.0;
    let test = |row: &SummaryRow| (size(row), row.test_error_mean_percent, row.test_error_half_interval_percent);
    let training =
        |row: &SummaryRow| (size(row), row.training_error_mean_percent, row.training_error_deviation_percent);
    let paper_test = rows.iter().map(|row| (size(row), row.paper_test_error_percent));
    let paper_training = rows.iter().filter_map(|row| Some((size(row), row.paper_training_error_percent?)));
    let mut curves = vec![
        Curve::new("paper, test", colour::PAPER, LineStyle::Dashed, paper_test),
        Curve::new("paper, training", colour::PAPER, LineStyle::Dotted, paper_training),
        Curve::of_means("ours, test, mean and 95 % interval", colour::TEST, LineStyle::Solid, rows.iter().map(test)),
        Curve::of_means(
            "ours, test, distortions of Fig. 7's whole ranges",
            colour::AFTER,
            LineStyle::Dots,
            whole.iter().map(test),
        ),
        Curve::of_means(
            "ours, training after the last pass, mean and s.d.",
            colour::TRAINING,
            LineStyle::Solid,
            rows.iter().map(training),
        ),
        Curve::of_means(
            "ours, test, as many presentations as of 60,000 patterns",
            colour::ALL[3],
            LineStyle::Dots,
            longer.iter().map(test),
        ),
        Curve::of_means(
            "ours, training, as many presentations as of 60,000 patterns",
            colour::ALL[4],
            LineStyle::Dots,
            longer.iter().map(training),
        ),
    ];
    curves.retain(|curve| !curve.points.is_empty());
    let title = "Fig. 6: LeNet-5, error against the size of the training set".into();
    let x = Axis::logarithmic("training patterns (thousands; the last one: with nine distorted copies of each)");
    let y = Axis { low: Some(0.0), ..Axis::new("error (%)") };
    let marks = rows.iter().filter(|row| row.distorted_copies == 0).map(|row| (size(row), size(row).to_string()));
    let chart = Chart { title, x, y, curves, marks: marks.collect() };
    folder.charts("fig6.svg", "summary.csv", [chart], plot::ALONE)
}

fn is_longer(row: &SummaryRow) -> bool {
    row.arm.ends_with("-passes")
}

fn with_fig_7_ranges(row: &SummaryRow) -> bool {
    row.distorted_copies > 0 && row.distortion == 1.0
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let (rows, gaps): (Vec<SummaryRow>, Vec<GapRow>) = (folder.read("summary.csv")?, folder.read("gaps.csv")?);
    let seeds: Vec<SeedRow> = folder.read("seeds.csv")?;
    let over_seeds = |row: &SummaryRow, value: fn(&SeedRow) -> f64| {
        summarise(seeds.iter().filter(|seed| seed.arm == row.arm).map(value))
    };
    let test = |row: &SummaryRow| {
        let with = match row.distorted_copies {
            0 if is_longer(row) => format!(" in {} passes", row.passes),
            0 => String::new(),
            _ => format!(" and distorted copies (strength {})", row.distortion),
        };
        let finding = Finding::of_runs(
            format!("test error, {} training patterns{with} ({})", row.training_patterns, mean_of(row.seeds)),
            Some((row.paper_test_error_percent, "Fig. 6")),
            &over_seeds(row, |seed| seed.test_error_percent),
        );
        if with_fig_7_ranges(row) { finding } else { finding.headline() }
    };
    let training = |row: &SummaryRow| {
        let printed = row.paper_training_error_percent?;
        let finding = Finding::of_runs(
            format!("training error, {} training patterns, after pass {}", row.training_patterns, row.passes),
            Some((printed, "Fig. 6")),
            &over_seeds(row, |seed| seed.training_error_percent.unwrap_or(f64::NAN)),
        );
        Some(finding.headline())
    };
    let mut text = String::from(
        "Each step of the paper's figure, paired by seed (same initial weights): by how much the test error falls.\n\n\
         | from | to | seeds | ours, 95 % interval | paper |\n|---|---|---|---|---|\n",
    );
    for gap in &gaps {
        text += &format!(
            "| `{}` | `{}` | {} | {:.2}{} points | {:.2} |\n",
            gap.from,
            gap.to,
            gap.seeds,
            gap.gap_mean_percent,
            plus_minus(gap.gap_half_interval_percent, 2),
            gap.paper_gap_percent
        );
    }
    text += &strength_text(folder)?;
    Ok(Section {
        title: "training-set size".into(),
        text,
        figures: vec![("fig6.svg".into(), "error against the size of the training set, ours and the paper's".into())],
        findings: rows.iter().map(test).chain(rows.iter().filter_map(training)).collect(),
    })
}

fn of_strength(rows: &[StrengthRow], strength: f64) -> Summary {
    let own = rows.iter().filter(|row| row.distortion == strength);
    summarise(own.map(|row| row.held_out_error_percent))
}

fn strength_text(folder: &Folder) -> anyhow::Result<String> {
    let rows: Vec<StrengthRow> = folder.read("strength.csv")?;
    let mut text = String::from(
        "\nThe paper does not print the ranges of its distortions. Strength 1 is that of Fig. 7's 100 pictures; the one used was \
         chosen on the last 10,000 training patterns, with the others trained on:\n\n\
         | strength | error on the patterns held out, mean of its seeds |\n|---|---|\n",
    );
    for strength in STRENGTHS {
        let errors = of_strength(&rows, strength);
        let strength = if strength == 0.0 { "0 (no distorted patterns)".into() } else { strength.to_string() };
        text +=
            &format!("| {strength} | {:.2} % (seeds {:.2} to {:.2}) |\n", errors.mean, errors.smallest, errors.largest);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strength_is_the_one_that_the_patterns_held_out_chose() {
        let rows: Vec<StrengthRow> = Folder::existing("results".as_ref(), "fig6").read("strength.csv").unwrap();
        let mean = |strength: &f64| of_strength(&rows, *strength).mean;
        let distorted = STRENGTHS.into_iter().filter(|strength| *strength > 0.0);
        let best = distorted.min_by(|left, right| mean(left).total_cmp(&mean(right)));
        assert_eq!(best, Some(CHOSEN));
    }
}
