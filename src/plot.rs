//! Curves as SVG, for the command line and the experiments. Nothing else in the library draws.

use std::error::Error;
use std::path::Path;

use plotters::prelude::*;

use crate::files::write_atomically;
use crate::paper;
use crate::training::PassRecord;

/// Colours that stay apart for colour-blind readers (Okabe and Ito).
pub mod colour {
    use plotters::style::RGBColor;

    /// Test error.
    pub const TEST: RGBColor = RGBColor(0, 114, 178);
    /// Training error.
    pub const TRAINING: RGBColor = RGBColor(213, 94, 0);
    /// A second training curve.
    pub const AFTER: RGBColor = RGBColor(0, 158, 115);
    /// What the paper reports.
    pub const PAPER: RGBColor = RGBColor(120, 120, 120);
}

/// How a curve is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// With a dot at each point: ours.
    Solid,
    /// Dashed: the paper's.
    Dashed,
    /// Dashed with wide gaps: the paper's second.
    Dotted,
}

/// One curve of a chart.
#[derive(Debug, Clone)]
pub struct Curve {
    /// Its name in the legend.
    pub label: String,
    /// Its colour.
    pub colour: RGBColor,
    /// How it is drawn.
    pub line: Line,
    /// Its points (x, y), from left to right.
    pub points: Vec<(f64, f64)>,
    /// A band around it: (x, low, high) from left to right; may be empty.
    pub band: Vec<(f64, f64, f64)>,
}

impl Curve {
    /// A curve without a band.
    pub fn new(label: &str, colour: RGBColor, line: Line, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        Self { label: label.into(), colour, line, points: points.into_iter().collect(), band: Vec::new() }
    }
}

/// The curves of Fig. 5 as the paper has them, up to `last` passes.
pub fn paper_learning_curves(last: usize) -> [Curve; 2] {
    let shown = || paper::LEARNING_CURVE.iter().filter(move |(pass, ..)| *pass <= last);
    let training = shown().map(|&(pass, training, _)| (pass as f64, training));
    let test = shown().map(|&(pass, _, test)| (pass as f64, test));
    [
        Curve::new("paper, training (on the fly)", colour::PAPER, Line::Dotted, training),
        Curve::new("paper, test", colour::PAPER, Line::Dashed, test),
    ]
}

/// Draws the learning curve of one run: error against the pass, with Fig. 5 of the paper behind it if `with_paper` (only where
/// the run used the paper's data).
///
/// # Errors
/// If the file cannot be written.
pub fn learning_curve(
    path: &Path,
    title: &str,
    records: &[PassRecord],
    with_paper: bool,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let points = |error: fn(&PassRecord) -> f64| records.iter().map(move |record| (record.pass as f64, error(record)));
    let last = records.last().map_or(0, |record| record.pass);
    let mut curves = if with_paper { paper_learning_curves(last).to_vec() } else { Vec::new() };
    curves.extend([
        Curve::new("training, on the fly", colour::TRAINING, Line::Solid, points(|r| r.running_training_error_percent)),
        Curve::new("training, after the pass", colour::AFTER, Line::Solid, points(|r| r.training_error_percent)),
        Curve::new("test", colour::TEST, Line::Solid, points(|r| r.test_error_percent)),
    ]);
    chart(path, title, ("pass", "error (%)"), &curves)
}

/// Draws curves in one chart, 800 x 500 units, y from 0.
///
/// # Errors
/// If the file cannot be written.
pub fn chart(
    path: &Path,
    title: &str,
    (x_label, y_label): (&str, &str),
    curves: &[Curve],
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let points = || curves.iter().flat_map(|curve| &curve.points);
    let bands = curves.iter().flat_map(|curve| &curve.band);
    let left = points().map(|point| point.0).fold(f64::INFINITY, f64::min).min(1.0);
    let right = points().map(|point| point.0).fold(left + 1.0, f64::max);
    let top = points().map(|point| point.1).chain(bands.map(|band| band.2)).fold(1e-3, f64::max);
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (800, 500)).into_drawing_area();
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area)
            .caption(title, ("sans-serif", 20))
            .margin(16)
            .x_label_area_size(44)
            .y_label_area_size(60)
            .build_cartesian_2d(left..right, 0.0..1.05 * top)?;
        let mesh_style = RGBColor(225, 225, 225);
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(mesh_style)
            .x_desc(x_label)
            .y_desc(y_label)
            .x_labels(11)
            .x_label_formatter(&|x| format!("{x:.0}"))
            .axis_desc_style(("sans-serif", 16))
            .label_style(("sans-serif", 14))
            .draw()?;
        for curve in curves {
            draw_curve(&mut chart, curve)?;
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperRight)
            .background_style(WHITE.mix(0.9))
            .border_style(mesh_style)
            .label_font(("sans-serif", 14))
            .draw()?;
        area.present()?;
    }
    Ok(write_atomically(path, svg.as_bytes())?)
}

type Chart<'a, 'b> = ChartContext<
    'a,
    SVGBackend<'b>,
    Cartesian2d<plotters::coord::types::RangedCoordf64, plotters::coord::types::RangedCoordf64>,
>;

fn draw_curve<'a, 'b: 'a>(chart: &mut Chart<'a, 'b>, curve: &Curve) -> Result<(), Box<dyn Error + Send + Sync>> {
    if !curve.band.is_empty() {
        let lower = curve.band.iter().map(|&(x, low, _)| (x, low));
        let upper = curve.band.iter().rev().map(|&(x, _, high)| (x, high));
        let outline: Vec<(f64, f64)> = lower.chain(upper).collect();
        chart.draw_series([Polygon::new(outline, curve.colour.mix(0.2))])?;
    }
    let style = curve.colour.stroke_width(2);
    let points = curve.points.iter().copied();
    let series = match curve.line {
        Line::Solid => {
            chart.draw_series(points.clone().map(|point| Circle::new(point, 3, curve.colour.filled())))?;
            chart.draw_series(LineSeries::new(points, style))?
        }
        Line::Dashed => chart.draw_series(DashedLineSeries::new(points, 8, 4, style))?,
        Line::Dotted => chart.draw_series(DashedLineSeries::new(points, 3, 5, style))?,
    };
    // Three pieces of a line: without gaps, with small ones, with wide ones.
    let length = match curve.line {
        Line::Solid => 9,
        Line::Dashed => 6,
        Line::Dotted => 3,
    };
    let piece = move |from: i32| PathElement::new([(from, 0), (from + length, 0)], style);
    series.label(&curve.label).legend(move |at| EmptyElement::at(at) + piece(0) + piece(9) + piece(18));
    Ok(())
}
