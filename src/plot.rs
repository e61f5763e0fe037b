//! Charts as SVG, for the command line and the experiments: curves here, bars in [`bars`].

pub mod bars;

use std::error::Error;
use std::path::Path;

use plotters::coord::Shift;
use plotters::coord::ranged1d::{AsRangedCoord, ValueFormatter};
use plotters::prelude::*;

use crate::config::Measured;
use crate::files::write_atomically;
use crate::paper;
use crate::training::PassRecord;

/// Colours that stay apart for colour-blind readers (Okabe and Ito).
pub mod colour {
    use plotters::style::RGBColor;

    /// Test error, and the first of several.
    pub const TEST: RGBColor = RGBColor(0, 114, 178);
    /// Training error, and the second of several.
    pub const TRAINING: RGBColor = RGBColor(213, 94, 0);
    /// A second training curve, and the third of several.
    pub const AFTER: RGBColor = RGBColor(0, 158, 115);
    /// The fourth of several.
    pub const FOURTH: RGBColor = RGBColor(204, 121, 167);
    /// The fifth of several.
    pub const FIFTH: RGBColor = RGBColor(230, 159, 0);
    /// The sixth of several.
    pub const SIXTH: RGBColor = RGBColor(86, 180, 233);
    /// What the paper reports.
    pub const PAPER: RGBColor = RGBColor(120, 120, 120);
    /// Several, in their order.
    pub const ALL: [RGBColor; 6] = [TEST, TRAINING, AFTER, FOURTH, FIFTH, SIXTH];
}

/// How a curve is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// With a dot at each point: ours.
    Solid,
    /// Without dots, for many points.
    Plain,
    /// Dashed: the paper's.
    Dashed,
    /// Dashed with wide gaps: the paper's second.
    Dotted,
    /// Dots alone, the band as a bar at each.
    Dots,
}

/// One curve of a chart.
#[derive(Debug, Clone)]
pub struct Curve {
    /// Its name in the legend; none if it is empty.
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

    /// The curve with this band around it; what is not finite is left out.
    pub fn with_band(self, band: impl IntoIterator<Item = (f64, f64, f64)>) -> Self {
        let finite = |&(_, low, high): &(f64, f64, f64)| low.is_finite() && high.is_finite();
        Self { band: band.into_iter().filter(finite).collect(), ..self }
    }
}

/// An axis: what it shows, and from where to where. A bound that is not given follows from the points.
#[derive(Debug, Clone, Default)]
pub struct Axis {
    /// Its name with the unit.
    pub label: String,
    /// Whether it is logarithmic; then all points must be above 0.
    pub log: bool,
    /// Its lower end.
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
    /// What is written at 0, 1, 2 and so on in place of numbers; may be empty. Only for the vertical axis.
    pub names: Vec<String>,
}

impl Axis {
    /// A linear axis.
    pub fn new(label: &str) -> Self {
        Self { label: label.into(), ..Self::default() }
    }

    /// A linear axis between these ends.
    pub fn between(label: &str, low: f64, high: f64) -> Self {
        Self { low: Some(low), high: Some(high), ..Self::new(label) }
    }

    /// A logarithmic axis.
    pub fn logarithmic(label: &str) -> Self {
        Self { log: true, ..Self::new(label) }
    }

    /// What is written at this value.
    fn text(&self, value: f64) -> String {
        if self.names.is_empty() {
            return label(&value);
        }
        let whole = (value - value.round()).abs() < 1e-6 && value > -0.5;
        self.names.get(value.round() as usize).filter(|_| whole).cloned().unwrap_or_default()
    }

    fn range(&self, values: impl Iterator<Item = f64>) -> (f64, f64) {
        let positive = |value: &f64| value.is_finite() && (!self.log || *value > 0.0);
        let extremes = |(low, high): (f64, f64), value: f64| (low.min(value), high.max(value));
        let (low, high) = values.filter(positive).fold((f64::INFINITY, f64::NEG_INFINITY), extremes);
        let (low, high) = if low <= high { (low, high) } else { (1.0, 1.0) };
        let extent = (high - low).max(1e-3);
        let (below, above) = if self.log {
            (low / 1.3, high * 1.3)
        } else {
            // What is not negative is not drawn below 0.
            let below = low - 0.02 * extent;
            (if low >= 0.0 { below.max(0.0) } else { below }, high + 0.05 * extent)
        };
        (self.low.unwrap_or(below), self.high.unwrap_or(above))
    }
}

/// A chart: curves over two axes.
#[derive(Debug, Clone, Default)]
pub struct Chart {
    /// What stands above it.
    pub title: String,
    /// From left to right.
    pub x: Axis,
    /// From bottom to top.
    pub y: Axis,
    /// Drawn in this order.
    pub curves: Vec<Curve>,
    /// Vertical lines: where, and what is written beside each.
    pub marks: Vec<(f64, String)>,
    /// Where the legend stands.
    pub legend: Legend,
}

/// Where a legend stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Legend {
    /// In the upper right corner.
    #[default]
    UpperRight,
    /// At the top, in the middle.
    UpperMiddle,
    /// At the right, in the middle.
    MiddleRight,
    /// In the lower right corner.
    LowerRight,
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
            Line::Solid,
            points(|r| Some(r.running_training_error_percent)),
        ),
        Curve::new("training, after the pass", colour::AFTER, Line::Solid, points(|r| r.training_error_percent)),
        Curve::new(measured, colour::TEST, Line::Solid, points(|r| Some(r.test_error_percent))),
    ]);
    curves.retain(|curve| !curve.points.is_empty());
    let (x, y) = (Axis { low: Some(1.0), ..Axis::new("pass") }, Axis { low: Some(0.0), ..Axis::new("error (%)") });
    let svg = draw(&[Chart { title: title.into(), x, y, curves, ..Chart::default() }], ALONE)?;
    Ok(write_atomically(path, svg.as_bytes())?)
}

/// A chart that cannot be drawn or written.
pub type DrawError = Box<dyn Error + Send + Sync>;

/// One column of charts of 800 x 500 units: how [`draw`] draws a chart that stands alone.
pub const ALONE: (usize, (u32, u32)) = (1, (800, 500));

/// Charts as one SVG, row by row in this many columns, each chart of this width and height.
///
/// # Errors
/// If an axis has no extent.
///
/// # Panics
/// If there is no column.
pub fn draw(charts: &[Chart], (columns, (width, height)): (usize, (u32, u32))) -> Result<String, DrawError> {
    let rows = charts.len().div_ceil(columns);
    let mut svg = String::new();
    {
        let area =
            SVGBackend::with_string(&mut svg, (width * columns as u32, height * rows as u32)).into_drawing_area();
        area.fill(&WHITE)?;
        for (chart, area) in charts.iter().zip(area.split_evenly((rows, columns))) {
            let points = || chart.curves.iter().flat_map(|curve| &curve.points);
            let bands = chart.curves.iter().flat_map(|curve| &curve.band);
            let (left, right) =
                chart.x.range(points().map(|point| point.0).chain(chart.marks.iter().map(|mark| mark.0)));
            let heights = points().map(|point| point.1).chain(bands.flat_map(|band| [band.1, band.2]));
            let (bottom, top) = chart.y.range(heights);
            let (x, y) = (left..right, bottom..top);
            match (chart.x.log, chart.y.log) {
                (false, false) => chart.draw_on(&area, x, y, (bottom, top))?,
                (true, false) => chart.draw_on(&area, x.log_scale(), y, (bottom, top))?,
                (false, true) => chart.draw_on(&area, x, y.log_scale(), (bottom, top))?,
                (true, true) => chart.draw_on(&area, x.log_scale(), y.log_scale(), (bottom, top))?,
            }
        }
        area.present()?;
    }
    Ok(svg)
}

/// A number on an axis: as short as it can be.
fn label(value: &f64) -> String {
    let size = value.abs();
    if size < 1e-12 {
        return "0".into();
    }
    if (1e-3..1e5).contains(&size) {
        let text = format!("{value:.3}");
        return text.trim_end_matches('0').trim_end_matches('.').to_string();
    }
    format!("{value:.0e}")
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

impl Chart {
    fn draw_on<X, Y>(&self, area: &Area<'_>, x: X, y: Y, (bottom, top): (f64, f64)) -> Result<(), DrawError>
    where
        X: AsRangedCoord<Value = f64>,
        Y: AsRangedCoord<Value = f64>,
        X::CoordDescType: ValueFormatter<f64>,
        Y::CoordDescType: ValueFormatter<f64>,
    {
        let mut context = ChartBuilder::on(area)
            .caption(&self.title, ("sans-serif", 20))
            .margin(16)
            .x_label_area_size(44)
            .y_label_area_size(self.y.names.iter().map(|name| 8 * name.len() + 12).max().unwrap_or(60) as u32)
            .build_cartesian_2d(x, y)?;
        let mesh_style = RGBColor(225, 225, 225);
        context
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(mesh_style)
            .x_desc(&self.x.label)
            .y_desc(&self.y.label)
            .x_labels(11)
            .x_label_formatter(&label)
            .y_labels(if self.y.names.is_empty() { 10 } else { self.y.names.len() + 4 })
            .y_label_formatter(&|value| self.y.text(*value))
            .axis_desc_style(("sans-serif", 16))
            .label_style(("sans-serif", 14))
            .draw()?;
        for (at, text) in &self.marks {
            let line = [(*at, bottom), (*at, top)];
            context.draw_series(DashedLineSeries::new(line, 4, 4, colour::PAPER.stroke_width(1)))?;
            let style = ("sans-serif", 13).into_font().color(&colour::PAPER);
            context.draw_series([Text::new(text.clone(), (*at, top), style)])?;
        }
        for curve in &self.curves {
            curve.draw_on(&mut context)?;
        }
        if self.curves.iter().any(|curve| !curve.label.is_empty()) {
            let position = match self.legend {
                Legend::UpperRight => SeriesLabelPosition::UpperRight,
                Legend::UpperMiddle => SeriesLabelPosition::UpperMiddle,
                Legend::MiddleRight => SeriesLabelPosition::MiddleRight,
                Legend::LowerRight => SeriesLabelPosition::LowerRight,
            };
            context
                .configure_series_labels()
                .position(position)
                .background_style(WHITE.mix(0.9))
                .border_style(mesh_style)
                .label_font(("sans-serif", 14))
                .draw()?;
        }
        Ok(())
    }
}

type Context<'a, 'b, X, Y> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<X, Y>>;

impl Curve {
    fn draw_on<'a, 'b: 'a, X, Y>(&self, chart: &mut Context<'a, 'b, X, Y>) -> Result<(), DrawError>
    where
        X: Ranged<ValueType = f64> + 'a,
        Y: Ranged<ValueType = f64> + 'a,
    {
        let style = self.colour.stroke_width(2);
        if self.line == Line::Dots {
            for &(x, low, high) in &self.band {
                chart.draw_series([PathElement::new([(x, low), (x, high)], style)])?;
            }
        } else if !self.band.is_empty() {
            let lower = self.band.iter().map(|&(x, low, _)| (x, low));
            let upper = self.band.iter().rev().map(|&(x, _, high)| (x, high));
            chart.draw_series([Polygon::new(lower.chain(upper).collect::<Vec<_>>(), self.colour.mix(0.2))])?;
        }
        let points = self.points.iter().copied();
        let dots = points.clone().map(|point| Circle::new(point, 3, self.colour.filled()));
        // Three pieces of a line: without gaps, with small ones, with wide ones.
        let (series, length) = match self.line {
            Line::Solid => {
                chart.draw_series(dots)?;
                (chart.draw_series(LineSeries::new(points, style))?, 9)
            }
            Line::Plain => (chart.draw_series(LineSeries::new(points, style))?, 9),
            Line::Dashed => (chart.draw_series(DashedLineSeries::new(points, 8, 4, style))?, 6),
            Line::Dotted => (chart.draw_series(DashedLineSeries::new(points, 3, 5, style))?, 3),
            Line::Dots => (chart.draw_series(dots)?, 0),
        };
        if self.label.is_empty() {
            return Ok(());
        }
        let (dot, colour) = (if length == 0 { 4 } else { 0 }, self.colour);
        let piece = move |from: i32| PathElement::new([(from, 0), (from + length, 0)], style);
        series.label(&self.label).legend(move |at| {
            EmptyElement::at(at) + piece(0) + piece(9) + piece(18) + Circle::new((13, 0), dot, colour.filled())
        });
        Ok(())
    }
}
