//! Charts as SVG, for the command line and the experiments: curves here, bars in [`bars`].

mod axis;
pub mod bars;
mod legend;
mod scale;

pub use axis::Axis;

use std::error::Error;
use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::config::Measured;
use crate::files::write_atomically;
use crate::paper;
use crate::training::PassRecord;

use legend::{Legend, Place};
use scale::Scale;

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
    let (x, y) = (Axis::whole("pass"), Axis { low: Some(0.0), ..Axis::new("error (%)") });
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
            chart.draw_on(&area, (left, right), (bottom, top))?;
        }
        area.present()?;
    }
    Ok(svg)
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Context<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Scale, Scale>>;

/// The colour of the lines behind the curves, and around the legend.
const MESH: RGBColor = RGBColor(225, 225, 225);

impl Chart {
    /// Draws the chart, with its legend where no curve is: inside the axes, or below them where there is no such place.
    fn draw_on(&self, area: &Area<'_>, x: (f64, f64), y: (f64, f64)) -> Result<(), DrawError> {
        let Some(legend) = Legend::of(&self.curves) else {
            return self.draw_curves(&mut self.axes(area, x, y)?, y);
        };
        let (width, height) = area.dim_in_pixel();
        let place = {
            let mut unseen = String::new();
            let trial = SVGBackend::with_string(&mut unseen, (width, height)).into_drawing_area();
            let axes = self.axes(&trial, x, y)?;
            legend.place(axes.plotting_area().get_pixel_range(), &self.obstacles(&axes, y))
        };
        if let Some(place) = place {
            self.draw_curves(&mut self.axes(area, x, y)?, y)?;
            return legend.draw_inside(area, place);
        }
        let (above, below) = area.split_vertically(height.saturating_sub(legend.height_below(width)));
        self.draw_curves(&mut self.axes(&above, x, y)?, y)?;
        legend.draw_below(&below)
    }

    /// The axes, nothing drawn yet but the title.
    fn axes<'a, 'b>(
        &self,
        area: &Area<'b>,
        (left, right): (f64, f64),
        (bottom, top): (f64, f64),
    ) -> Result<Context<'a, 'b>, DrawError> {
        let context = ChartBuilder::on(area)
            .caption(&self.title, ("sans-serif", 20))
            .margin(16)
            .x_label_area_size(44)
            .y_label_area_size(self.y.names.iter().map(|name| 8 * name.len() + 12).max().unwrap_or(60) as u32)
            .build_cartesian_2d(self.x.scale(left, right), self.y.scale(bottom, top))?;
        Ok(context)
    }

    fn draw_curves(&self, context: &mut Context<'_, '_>, (bottom, top): (f64, f64)) -> Result<(), DrawError> {
        let range = |axis: std::ops::Range<f64>| (axis.start, axis.end);
        let (x, y) = (range(context.x_range()), range(context.y_range()));
        context
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(MESH)
            .x_desc(&self.x.label)
            .y_desc(&self.y.label)
            .x_labels(11)
            .x_label_formatter(&|value| self.x.text(*value, x))
            .y_labels(if self.y.names.is_empty() { 10 } else { self.y.names.len() + 4 })
            .y_label_formatter(&|value| self.y.text(*value, y))
            .axis_desc_style(("sans-serif", 16))
            .label_style(("sans-serif", 14))
            .draw()?;
        for (at, text) in &self.marks {
            let line = [(*at, bottom), (*at, top)];
            context.draw_series(DashedLineSeries::new(line, 4, 4, colour::PAPER.stroke_width(1)))?;
            let style = ("sans-serif", 13).into_font().color(&colour::PAPER);
            context.draw_series([Text::new(text.clone(), (*at, top), style)])?;
        }
        self.curves.iter().try_for_each(|curve| curve.draw_on(context))
    }

    /// Where the legend must not be: what is drawn of the curves and the marks, in places of the drawing.
    fn obstacles(&self, context: &Context<'_, '_>, (bottom, top): (f64, f64)) -> Vec<Place> {
        let place = |x: f64, y: f64| context.backend_coord(&(x, y));
        let mut places = Vec::new();
        for curve in &self.curves {
            let points: Vec<Place> = curve.shown().map(|(x, y)| place(x, y)).collect();
            places.extend(&points);
            if curve.line != Line::Dots {
                points.windows(2).for_each(|ends| places.extend(legend::between(ends[0], ends[1])));
            }
            let bars: Vec<[Place; 2]> =
                curve.band.iter().map(|bar| [place(bar.0, bar.1), place(bar.0, bar.2)]).collect();
            bars.iter().for_each(|bar| places.extend(legend::between(bar[0], bar[1])));
            if curve.line != Line::Dots {
                for ends in bars.windows(2) {
                    (0..2).for_each(|side| places.extend(legend::between(ends[0][side], ends[1][side])));
                }
            }
        }
        for (at, text) in &self.marks {
            let (head, foot) = (place(*at, top), place(*at, bottom));
            places.extend(legend::between(head, foot));
            places.extend(legend::between(head, (head.0 + legend::width(text), head.1)));
        }
        places
    }
}

impl Curve {
    /// The points that can be drawn.
    fn shown(&self) -> impl Iterator<Item = (f64, f64)> + Clone {
        self.points.iter().copied().filter(|(x, y)| x.is_finite() && y.is_finite())
    }

    fn draw_on(&self, chart: &mut Context<'_, '_>) -> Result<(), DrawError> {
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
        let points = self.shown();
        // A line through one point would not be seen.
        if matches!(self.line, Line::Solid | Line::Dots) || points.clone().count() == 1 {
            chart.draw_series(points.clone().map(|point| Circle::new(point, 3, self.colour.filled())))?;
        }
        match self.line {
            Line::Solid | Line::Plain => drop(chart.draw_series(LineSeries::new(points, style))?),
            Line::Dashed => drop(chart.draw_series(DashedLineSeries::new(points, 8, 4, style))?),
            Line::Dotted => drop(chart.draw_series(DashedLineSeries::new(points, 3, 5, style))?),
            Line::Dots => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
