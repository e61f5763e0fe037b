//! Error against the pass, as in Fig. 5.

use std::path::Path;

use plotters::style::RGBColor;

use super::axis::Axis;
use super::chart::{ALONE, Chart, draw};
use super::curve::{Curve, DrawError, LineStyle, colour};
use crate::config::Measured;
use crate::files::write_atomically;
use crate::paper;
use crate::runs::seeds::mean_curve;
use crate::training::PassRecord;

/// The curves of Fig. 5 as the paper has them, up to `last` passes.
pub fn paper_learning_curves(last: usize) -> [Curve; 2] {
    let shown = || paper::LEARNING_CURVE.iter().filter(move |(pass, ..)| *pass <= last);
    let training = shown().map(|&(pass, training, _)| (pass as f64, training));
    let test = shown().map(|&(pass, _, test)| (pass as f64, test));
    [
        Curve::new("paper, training (on the fly)", colour::PAPER, LineStyle::Dotted, training),
        Curve::new("paper, test", colour::PAPER, LineStyle::Dashed, test),
    ]
}

/// Draws the learning curve of one run: error against the pass, measured on those patterns, with Fig. 5 of the paper behind it if
/// `with_paper` (see [`is_run_of_fig_5`](crate::models::is_run_of_fig_5)).
///
/// # Errors
/// If the file cannot be written.
pub fn learning_curve(
    path: &Path,
    title: &str,
    records: &[PassRecord],
    on: Measured,
    with_paper: bool,
) -> Result<(), DrawError> {
    mean_learning_curve(path, title, &[records], on, with_paper)
}

/// As [`learning_curve`], of several runs: the mean over them, with its 95 % interval as a band, up to the last pass that all of them
/// have.
///
/// # Errors
/// If the file cannot be written.
pub fn mean_learning_curve(
    path: &Path,
    title: &str,
    runs: &[&[PassRecord]],
    on: Measured,
    with_paper: bool,
) -> Result<(), DrawError> {
    let curve = |label: &str, colour: RGBColor, error: fn(&PassRecord) -> Option<f64>| {
        Curve::of_means(label, colour, LineStyle::Solid, means(runs, error))
    };
    let last = runs.iter().map(|records| records.len()).min().unwrap_or(0);
    let mut curves = if with_paper { paper_learning_curves(last).to_vec() } else { Vec::new() };
    curves.extend([
        curve("training, on the fly", colour::TRAINING, |r| Some(r.running_training_error_percent)),
        curve("training, after the pass", colour::AFTER, |r| r.training_error_percent),
        curve(measured(on), colour::TEST, |r| r.is_tested().then_some(r.test_error_percent)),
    ]);
    Ok(write_atomically(path, of_curves(title, curves, "error (%)")?.as_bytes())?)
}

/// The mean error on those patterns against the pass, with its 95 % interval as a band, of several sets of runs by their names, as SVG.
///
/// # Errors
/// If it cannot be drawn.
pub fn compared(title: &str, sets: &[(&str, Vec<&[PassRecord]>)], on: Measured) -> Result<String, DrawError> {
    let tested = |record: &PassRecord| record.is_tested().then_some(record.test_error_percent);
    let several =
        |index: usize| (colour::ALL[index % colour::ALL.len()], LINES[index / colour::ALL.len() % LINES.len()]);
    let curves = sets.iter().enumerate().map(|(index, (name, runs))| {
        let (colour, line) = several(index);
        Curve::of_means(name, colour, line, means(runs, tested))
    });
    of_curves(title, curves.collect(), &format!("{} error (%)", measured(on)))
}

/// The lines of more curves than there are colours.
const LINES: [LineStyle; 3] = [LineStyle::Solid, LineStyle::Dashed, LineStyle::Dotted];

/// Each pass with the mean of an error over the runs, and half the mean's 95 % interval, which is no number for one run.
fn means(runs: &[&[PassRecord]], error: impl Fn(&PassRecord) -> Option<f64>) -> Vec<(f64, f64, f64)> {
    let means = mean_curve(runs, error).into_iter();
    means.map(|(pass, summary)| (pass as f64, summary.mean, summary.half_interval)).collect()
}

/// The patterns that errors are measured on; none for a curve without points.
fn measured(on: Measured) -> &'static str {
    match on {
        Measured::Test => "test",
        Measured::HeldOut => "held out",
        Measured::Nothing => "",
    }
}

/// Curves of an error against the pass, without those that have no points.
fn of_curves(title: &str, mut curves: Vec<Curve>, label: &str) -> Result<String, DrawError> {
    curves.retain(|curve| !curve.points.is_empty());
    let (x, y) = (Axis::whole("pass"), Axis { low: Some(0.0), ..Axis::new(label) });
    draw(&[Chart { title: title.into(), x, y, curves, ..Chart::default() }], ALONE)
}
