//! The ladder's figure and its part of the page, from its CSV files alone.

use lenet5::drawing::plot::{Axis, Chart, Curve, LineStyle, colour};
use plotters::style::RGBColor;

use super::rows::{PairRow, SummaryRow, gain};
use crate::record::Folder;
use crate::section::{Finding, Section, mean_of, plus_minus, with_interval};

/// From this error on the horizontal axis is logarithmic, in percent.
const WIDE_PERCENT: f64 = 10.0;

/// A change alone is drawn so far below the one on the ladder.
const BESIDE: f64 = 0.27;

pub fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<SummaryRow> = folder.read("summary.csv")?;
    let (alone, ladder): (Vec<SummaryRow>, Vec<SummaryRow>) = rows.into_iter().partition(|row| row.alone);
    // From top to bottom, so from the largest number down.
    let height = |change: &str| ladder.iter().rev().position(|row| row.change == change).unwrap_or(0) as f64;
    let bars = |rows: &[SummaryRow], below: f64, colour: RGBColor| -> Vec<Curve> {
        let bar = |row: &SummaryRow| {
            let (mean, half) = (row.test_error_mean_percent, row.test_error_half_interval_percent);
            let y = height(&row.change) - below;
            let half = if half.is_finite() { half } else { 0.0 };
            Curve::new("", colour, LineStyle::Plain, [((mean - half).max(0.05), y), (mean + half, y)])
        };
        rows.iter().map(bar).collect()
    };
    let points = |rows: &[SummaryRow], below: f64| -> Vec<(f64, f64)> {
        rows.iter().map(|row| (row.test_error_mean_percent, height(&row.change) - below)).collect()
    };
    let mut curves = bars(&ladder, 0.0, colour::TEST);
    curves.extend(bars(&alone, BESIDE, colour::TRAINING));
    let label = "each change on those above it, mean and 95 % interval";
    curves.push(Curve::new(label, colour::TEST, LineStyle::Solid, points(&ladder, 0.0)));
    let label = "the change alone on the original";
    curves.push(Curve::new(label, colour::TRAINING, LineStyle::Dots, points(&alone, BESIDE)));
    let largest = ladder.iter().chain(&alone).map(|row| row.test_error_mean_percent).fold(0.0, f64::max);
    let x = Axis { log: largest > WIDE_PERCENT, ..Axis::new("test error after the last pass (%)") };
    let number = |(index, row): (usize, &SummaryRow)| match index {
        0 => row.change.clone(),
        _ => format!("{index}  {}", row.change),
    };
    let mut names: Vec<String> = ladder.iter().enumerate().map(number).collect();
    names.reverse();
    let y = Axis { names, ..Axis::between("", -0.7, ladder.len() as f64 - 0.3) };
    let title = "From 1998 to today, one change at a time".into();
    let marks = ladder.first().map(|row| (row.test_error_mean_percent, String::new())).into_iter().collect();
    let chart = Chart { title, x, y, curves, marks };
    folder.charts("ladder.svg", "summary.csv", [chart], (1, (860, 560)))
}

/// A gain in the table: points with their interval, and the seeds that show it.
fn points(row: &SummaryRow) -> String {
    let (Some(mean), Some(half)) = (row.gain_mean_percent, row.gain_half_interval_percent) else { return "-".into() };
    if mean.is_nan() {
        return "-".into(); // there is no seed with which both networks have learnt
    }
    let (better, worse) = (row.seeds_better.unwrap_or(0), row.seeds_worse.unwrap_or(0));
    let mean = (100.0 * mean).round() / 100.0 + 0.0; // never -0.00
    format!("{mean:+.2}{} ({better} better, {worse} worse)", plus_minus(half, 2))
}

/// The number of an arm's networks that diverged, if any did.
fn diverged(row: &SummaryRow) -> String {
    if row.diverged == 0 { String::new() } else { format!(", {} diverged", row.diverged) }
}

fn line(row: &SummaryRow) -> String {
    let number = |value: f64, digits| if value.is_nan() { "-".into() } else { format!("{value:.digits$}") };
    format!(
        "| {} | {}{} | {} | {} / {} % | {} | {} | {} | {} |\n",
        row.change,
        with_interval(row.test_error_mean_percent, row.test_error_half_interval_percent, 2),
        diverged(row),
        points(row),
        number(row.running_training_error_mean_percent, 3),
        number(row.training_error_mean_percent.unwrap_or(f64::NAN), 3),
        number(row.passes_to_final_mean, 1),
        number(row.seconds_a_pass_median, 1),
        row.parameters,
        row.multiply_adds
    )
}

/// Sorts the changes by the intervals of their gains, in a sentence: those that lower the error, those that raise it, and the others.
fn sentence(base: &str, rows: &[&SummaryRow]) -> String {
    let clear = |row: &SummaryRow, sign: f64| {
        let (mean, half) = (row.gain_mean_percent?, row.gain_half_interval_percent?);
        (sign * mean > half).then(|| format!("{} ({:.2} +- {half:.2} points)", row.change, mean.abs()))
    };
    let list = |sign: f64| rows.iter().filter_map(|row| clear(row, sign)).collect::<Vec<String>>();
    let (lower, raise) = (list(1.0), list(-1.0));
    let open = rows.iter().filter(|row| clear(row, 1.0).is_none() && clear(row, -1.0).is_none());
    let names = |rows: Vec<&&SummaryRow>| rows.into_iter().map(|row| row.change.clone()).collect::<Vec<String>>();
    let (unlearnt, open): (Vec<&&SummaryRow>, Vec<&&SummaryRow>) =
        open.partition(|row| row.gain_mean_percent.is_none_or(f64::is_nan));
    let seeds = rows.iter().map(|row| row.seeds).max().unwrap_or(0);
    let nothing = format!("no difference that {seeds} seeds show");
    let kinds = [
        ("lowers the test error", lower),
        ("raises the test error", raise),
        (nothing.as_str(), names(open)),
        ("learns with no seed", names(unlearnt)),
    ];
    let said = kinds.iter().filter(|(_, names)| !names.is_empty());
    let said: Vec<String> = said.map(|(what, names)| format!("{what}: {}", names.join(", "))).collect();
    format!("{base} - {}.\n\n", said.join("; "))
}

const INTRODUCTION: &str = "What did each modern habit buy? Each line of the first table adds a change to all those above it; the \
    second has each change alone on the original. Every network, the original too, has ten passes, in which the rates fall as the printed ones do over twenty, the original's fixed order and the same seeds; the factor of \
    its rates is its own, chosen on training patterns held out (`ladder-choice`), but for the original, which keeps the paper's. \
    A gain is by how much the test error falls against the line above (or, alone, against the original), paired by seed, in \
    points with its 95 % interval over seeds; in brackets how many seeds have networks that differ on the test set with p < 0.05 \
    (McNemar), and in which direction. By chance alone one interval in twenty leaves out 0. The training error is the one on the fly in the last pass / the one after it. Passes: \
    until the test error is within 0.1 points of its last value and stays there. The seconds are those of the training steps of a \
    pass, the median over passes and then seeds, on a machine that other programs shared: they tell large differences alone. \
    The multiply-adds are those of a forward pass with trainable weights.\n\n";

fn head(base: &str) -> String {
    format!(
        "| change | test error | gain on {base} | training error | passes | s a pass | parameters | multiply-adds |\n\
         |---|---|---|---|---|---|---|---|\n"
    )
}

pub fn section(folder: &Folder) -> anyhow::Result<Section> {
    let (rows, pairs): (Vec<SummaryRow>, Vec<PairRow>) = (folder.read("summary.csv")?, folder.read("pairs.csv")?);
    let (alone, ladder): (Vec<&SummaryRow>, Vec<&SummaryRow>) = rows.iter().partition(|row| row.alone);
    let [original, steps @ ..] = &ladder[..] else { anyhow::bail!("no network of the ladder") };
    let mut text = format!("{INTRODUCTION}{}", head("the line above"));
    text.extend(ladder.iter().map(|row| line(row)));
    // The first change stands on the original: it is the same network alone.
    let single = |step: &SummaryRow| {
        let first = steps.first().filter(|first| first.change == step.change);
        first.or_else(|| alone.iter().find(|row| row.change == step.change)).copied()
    };
    let singles: Vec<&SummaryRow> = steps.iter().filter_map(|step| single(step)).collect();
    text += &format!("\n{}", head("the original"));
    text.extend(singles.iter().map(|row| line(row)));
    text += "\n";
    text += &sentence("Each on the changes before it", steps);
    text += &sentence("Each alone on the original", &singles);
    let Some(last) = steps.last() else { anyhow::bail!("no change") };
    let whole = gain(&pairs, &original.arm, &last.arm);
    let (mean, half) = (whole.points.mean, whole.points.half_interval);
    let verdict = match (mean > half, mean < -half) {
        (true, _) => format!("lower the test error by {mean:.2} +- {half:.2} points"),
        (_, true) => format!("raise the test error by {:.2} +- {half:.2} points", -mean),
        _ => format!("make no difference that {} seeds show", whole.seeds),
    };
    text += &format!(
        "All {} changes together {verdict} against the original ({} seeds better with p < 0.05, {} worse, of {}).\n",
        steps.len(),
        whole.better,
        whole.worse,
        whole.seeds
    );
    let finding = |what: &str, row: &SummaryRow| {
        let ours = with_interval(row.test_error_mean_percent, row.test_error_half_interval_percent, 2);
        Finding::new(format!("{what}, test error ({})", mean_of(row.seeds)), "not in it", ours)
    };
    Ok(Section {
        title: "from 1998 to today, one change at a time".into(),
        text,
        figures: vec![("ladder.svg".into(), "test error after each change, and with each change alone".into())],
        findings: vec![finding("LeNet-5 with all modern habits of the ladder", last)],
    })
}
