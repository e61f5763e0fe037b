//! The legend of a chart, where it covers no curve.

use std::ops::Range;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::curve::{Area, Curve, DrawError, LineStyle, MESH};

/// A point of a drawing: right and down, in its units.
pub type Corner = (i32, i32);

/// Units of the drawing: a line's height, the piece of curve before a name, the space between columns, and that to what is around.
const LINE: i32 = 20;
const SAMPLE: i32 = 34;
const GAP: i32 = 18;
const MARGIN: i32 = 8;

/// The names of curves, each behind a piece of its curve.
pub struct Legend<'a> {
    curves: Vec<&'a Curve>,
}

impl<'a> Legend<'a> {
    /// The legend of the curves that have a name; `None` if no curve has one.
    pub fn of(curves: &'a [Curve]) -> Option<Self> {
        let curves: Vec<&Curve> = curves.iter().filter(|curve| !curve.label.is_empty()).collect();
        (!curves.is_empty()).then_some(Self { curves })
    }

    /// Its upper left corner in the first of eight places along the border of this part of the drawing in which none of the
    /// `obstacles` lies; `None` if there is one in each.
    pub fn place(&self, (across, down): (Range<i32>, Range<i32>), obstacles: &[Corner]) -> Option<Corner> {
        let (width, height) = self.size();
        let [left, right] = [across.start + MARGIN, across.end - MARGIN - width];
        let [top, bottom] = [down.start + MARGIN, down.end - MARGIN - height];
        if right < left || bottom < top {
            return None;
        }
        let (centre, middle) = ((left + right) / 2, (top + bottom) / 2);
        let places = [
            (right, top),
            (right, bottom),
            (left, top),
            (left, bottom),
            (right, middle),
            (centre, top),
            (left, middle),
            (centre, bottom),
        ];
        let within = |at: i32, from: i32, length: i32| from - MARGIN <= at && at <= from + length + MARGIN;
        let covers = |&(x, y): &Corner, at: &Corner| within(at.0, x, width) && within(at.1, y, height);
        places.into_iter().find(|place| !obstacles.iter().any(|at| covers(place, at)))
    }

    /// Width and height of all names, one below the other.
    fn size(&self) -> (i32, i32) {
        let widest = self.curves.iter().map(|curve| width(&curve.label)).max().unwrap_or(0);
        (SAMPLE + widest + 2 * MARGIN, LINE * self.curves.len() as i32 + MARGIN)
    }

    /// Draws it in a frame with its upper left corner at this place.
    pub fn draw_inside(&self, area: &Area<'_>, (x, y): Corner) -> Result<(), DrawError> {
        let (width, height) = self.size();
        let corners = [(x, y), (x + width, y + height)];
        area.draw(&Rectangle::new(corners, WHITE.mix(0.9).filled()))?;
        area.draw(&Rectangle::new(corners, MESH))?;
        let lines = (0..).map(|line| y + MARGIN / 2 + LINE * line + LINE / 2);
        self.curves.iter().zip(lines).try_for_each(|(curve, middle)| entry(curve, area, (x + MARGIN, middle)))
    }

    /// The rows in which its names fit into this width.
    fn rows(&self, available: i32) -> Vec<Vec<&Curve>> {
        let mut rows: Vec<Vec<&Curve>> = Vec::new();
        let mut left = 0;
        for &curve in &self.curves {
            let needed = SAMPLE + width(&curve.label) + GAP;
            match rows.last_mut() {
                Some(row) if needed <= left => row.push(curve),
                _ => {
                    rows.push(vec![curve]);
                    left = available - 2 * MARGIN;
                }
            }
            left -= needed;
        }
        rows
    }

    /// The height of a strip of this width for it.
    pub fn height_below(&self, width: u32) -> u32 {
        (LINE * self.rows(width as i32).len() as i32 + MARGIN) as u32
    }

    /// Draws it row by row into a strip of that height, each row in the middle.
    pub fn draw_below(&self, area: &Area<'_>) -> Result<(), DrawError> {
        let available = area.dim_in_pixel().0 as i32;
        for (number, row) in (0..).zip(self.rows(available)) {
            let widths = row.iter().map(|curve| SAMPLE + width(&curve.label) + GAP);
            let mut x = ((available - widths.clone().sum::<i32>() + GAP) / 2).max(MARGIN);
            for (curve, width) in row.iter().zip(widths) {
                entry(curve, area, (x, LINE * number + LINE / 2))?;
                x += width;
            }
        }
        Ok(())
    }
}

/// A piece of a curve and its name, from this place to the right.
fn entry(curve: &Curve, area: &Area<'_>, (x, y): Corner) -> Result<(), DrawError> {
    let style = curve.colour.stroke_width(2);
    // Three pieces of a line: without gaps, with small ones, with wide ones.
    let length = match curve.line {
        LineStyle::Solid | LineStyle::Plain => 9,
        LineStyle::Dashed => 6,
        LineStyle::Dotted => 3,
        LineStyle::Dots => 0,
    };
    if length == 0 {
        area.draw(&Circle::new((x + 13, y), 4, curve.colour.filled()))?;
    } else {
        for from in [x, x + 9, x + 18] {
            area.draw(&PathElement::new([(from, y), (from + length, y)], style))?;
        }
    }
    let style = ("sans-serif", 14).into_font().color(&BLACK).pos(Pos::new(HPos::Left, VPos::Center));
    area.draw(&Text::new(curve.label.as_str(), (x + SAMPLE, y), style))?;
    Ok(())
}

/// About how wide a text is.
pub fn width(text: &str) -> i32 {
    (6.8 * text.chars().count() as f64) as i32
}

/// Corners on the line between two, close enough to each other that no legend fits between them.
pub fn between((x, y): Corner, (to_x, to_y): Corner) -> impl Iterator<Item = Corner> {
    let steps = ((to_x - x).abs().max((to_y - y).abs()) / MARGIN).clamp(1, 1000);
    (0..=steps).map(move |step| (x + (to_x - x) * step / steps, y + (to_y - y) * step / steps))
}
