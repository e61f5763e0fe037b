//! Error against the pass, as in Fig. 5.

use std::path::Path;

use super::axis::Axis;
use super::chart::{ALONE, Chart, draw};
use super::curve::{Curve, DrawError, LineStyle, colour};
use crate::config::Measured;
use crate::files::write_atomically;
use crate::paper;
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
    let measured = match on {
        Measured::Test => "test",
        Measured::HeldOut => "held out",
        Measured::Nothing => "", // a curve without points
    };
    let points = |error: fn(&PassRecord) -> Option<f64>| {
        records.iter().filter_map(move |record| Some((record.pass as f64, error(record)?)))
    };
    let last = records.last().map_or(0, |record| record.pass);
    let mut curves = if with_paper { paper_learning_curves(last).to_vec() } else { Vec::new() };
    curves.extend([
        Curve::new(
            "training, on the fly",
            colour::TRAINING,
            LineStyle::Solid,
            points(|r| Some(r.running_training_error_percent)),
        ),
        Curve::new("training, after the pass", colour::AFTER, LineStyle::Solid, points(|r| r.training_error_percent)),
        Curve::new(measured, colour::TEST, LineStyle::Solid, points(|r| r.is_tested().then_some(r.test_error_percent))),
    ]);
    curves.retain(|curve| !curve.points.is_empty());
    let (x, y) = (Axis::whole("pass"), Axis { low: Some(0.0), ..Axis::new("error (%)") });
    let svg = draw(&[Chart { title: title.into(), x, y, curves, ..Chart::default() }], ALONE)?;
    Ok(write_atomically(path, svg.as_bytes())?)
}
