//! A chart: curves over two axes, and where its legend stands.

use plotters::prelude::*;

use super::axis::Axis;
use super::curve::{Area, Context, Curve, DrawError, LineStyle, MESH, colour};
use super::legend::{self, Corner, Legend};

/// A chart: curves over two axes.
#[derive(Debug, Clone, Default)]
pub struct Chart {
    /// The title above it.
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

    /// The places that the legend must not cover, in units of the drawing: curves and marks.
    fn obstacles(&self, context: &Context<'_, '_>, (bottom, top): (f64, f64)) -> Vec<Corner> {
        let place = |x: f64, y: f64| context.backend_coord(&(x, y));
        let mut places = Vec::new();
        for curve in &self.curves {
            let points: Vec<Corner> = curve.shown().map(|(x, y)| place(x, y)).collect();
            places.extend(&points);
            if curve.line != LineStyle::Dots {
                points.windows(2).for_each(|ends| places.extend(legend::between(ends[0], ends[1])));
            }
            let bars: Vec<[Corner; 2]> =
                curve.band.iter().map(|bar| [place(bar.0, bar.1), place(bar.0, bar.2)]).collect();
            bars.iter().for_each(|bar| places.extend(legend::between(bar[0], bar[1])));
            if curve.line != LineStyle::Dots {
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
