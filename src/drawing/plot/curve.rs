//! Curves: their colours and lines, and how each is drawn.

use std::error::Error;

use plotters::coord::Shift;
use plotters::prelude::*;

use super::scale::Scale;

/// Colours that stay apart for colour-blind readers (Okabe and Ito).
pub mod colour {
    use plotters::style::RGBColor;

    /// Test error, and the first of several.
    pub const TEST: RGBColor = RGBColor(0, 114, 178);
    /// Training error, and the second of several.
    pub const TRAINING: RGBColor = RGBColor(213, 94, 0);
    /// A second training curve, and the third of several.
    pub const AFTER: RGBColor = RGBColor(0, 158, 115);
    /// The sixth of several.
    pub const SIXTH: RGBColor = RGBColor(86, 180, 233);
    /// Values from the paper.
    pub const PAPER: RGBColor = RGBColor(120, 120, 120);
    /// Several, in their order.
    pub const ALL: [RGBColor; 6] = [TEST, TRAINING, AFTER, RGBColor(204, 121, 167), RGBColor(230, 159, 0), SIXTH];
}

/// The style of a curve's line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineStyle {
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
    /// The style of its line.
    pub line: LineStyle,
    /// Its points (x, y), from left to right.
    pub points: Vec<(f64, f64)>,
    /// A band around it: (x, low, high) from left to right; may be empty.
    pub band: Vec<(f64, f64, f64)>,
}

impl Curve {
    /// A curve without a band.
    pub fn new(label: &str, colour: RGBColor, line: LineStyle, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        Self { label: label.into(), colour, line, points: points.into_iter().collect(), band: Vec::new() }
    }

    /// A curve of means, each given by its x, the mean and the spread on either side, which is drawn as a band.
    pub fn of_means(
        label: &str,
        colour: RGBColor,
        line: LineStyle,
        means: impl IntoIterator<Item = (f64, f64, f64)>,
    ) -> Self {
        let means: Vec<(f64, f64, f64)> = means.into_iter().collect();
        let band = means.iter().map(|&(x, mean, spread)| (x, mean - spread, mean + spread));
        Self::new(label, colour, line, means.iter().map(|&(x, mean, _)| (x, mean))).with_band(band)
    }

    /// The curve with this band around it; what is not finite is left out.
    pub fn with_band(self, band: impl IntoIterator<Item = (f64, f64, f64)>) -> Self {
        let finite = |&(_, low, high): &(f64, f64, f64)| low.is_finite() && high.is_finite();
        Self { band: band.into_iter().filter(finite).collect(), ..self }
    }
}

/// The reason why a chart cannot be drawn or written.
pub type DrawError = Box<dyn Error + Send + Sync>;

/// A part of a drawing.
pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
/// The axes of a chart, to draw on.
pub type Context<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Scale, Scale>>;

/// The colour of the lines behind the curves, and around the legend.
pub const MESH: RGBColor = RGBColor(225, 225, 225);

impl Curve {
    /// The points that can be drawn.
    pub(super) fn shown(&self) -> impl Iterator<Item = (f64, f64)> + Clone {
        self.points.iter().copied().filter(|(x, y)| x.is_finite() && y.is_finite())
    }

    pub(super) fn draw_on(&self, chart: &mut Context<'_, '_>) -> Result<(), DrawError> {
        let style = self.colour.stroke_width(2);
        if self.line == LineStyle::Dots {
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
        if matches!(self.line, LineStyle::Solid | LineStyle::Dots) || points.clone().count() == 1 {
            chart.draw_series(points.clone().map(|point| Circle::new(point, 3, self.colour.filled())))?;
        }
        match self.line {
            LineStyle::Solid | LineStyle::Plain => drop(chart.draw_series(LineSeries::new(points, style))?),
            LineStyle::Dashed => drop(chart.draw_series(DashedLineSeries::new(points, 8, 4, style))?),
            LineStyle::Dotted => drop(chart.draw_series(DashedLineSeries::new(points, 3, 5, style))?),
            LineStyle::Dots => {}
        }
        Ok(())
    }
}
