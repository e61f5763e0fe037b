//! What is printed around a digit and does not touch it: a frame, or lines below and beside it.

use super::components::{Component, Components};

/// The part of the sides of a frame's rectangle in which its strokes lie, from the edges inwards; rounded corners and a slant of 3 degrees
/// need as much.
const BAND: f64 = 0.15;
/// The least part of a frame's ink in that band.
const IN_BAND: f64 = 0.95;
/// A corner of a rectangle is so large a part of its sides; an ellipse has no ink there.
const CORNER: f64 = 0.12;
/// The least number of inked corners: a frame may be open at one side.
const CORNERS: usize = 2;
/// What is framed has at least this part of the frame's height.
const FRAMED: f64 = 0.25;
/// What is framed, or underlined, has at least one part in so many of the ink.
const WRITTEN: u64 = 30;
/// The greatest thickness of a printed line, as a part of the longer side of its rectangle.
const THICKNESS: f64 = 0.125;
/// A line printed below or beside a digit is so many times as long as the digit in its direction, or ends so near the picture's border, as a
/// part of its sides.
const LONGER: f64 = 1.3;
const NEAR: f64 = 0.12;

fn size([left, top, right, bottom]: [u32; 4]) -> (f64, f64) {
    (f64::from(1 + right - left), f64::from(1 + bottom - top))
}

fn lies_in(inner: [u32; 4], outer: [u32; 4]) -> bool {
    inner[0] > outer[0] && inner[1] > outer[1] && inner[2] < outer[2] && inner[3] < outer[3]
}

/// The labels of the components that are frames or lines. Something else is always left.
pub(super) fn find(components: &Components) -> Vec<usize> {
    let all = &components.components;
    let written: Vec<usize> = (0..all.len()).filter(|&label| all[label].is_written()).collect();
    let frames: Vec<usize> = written
        .iter()
        .copied()
        .filter(|&label| {
            let framed = |&other: &usize| other != label && is_framed(&all[other], &all[label]);
            written.iter().any(framed) && has_shape_of_frame(components, label)
        })
        .collect();
    let rest = || written.iter().copied().filter(|label| !frames.contains(label));
    let is_line = |label: &usize| is_along_two_edges(components, *label);
    let Some(digit) = rest().filter(|label| !is_line(label)).max_by_key(|&label| all[label].mass) else {
        return frames;
    };
    let lines = rest().filter(|&label| is_line(&label) && is_printed(components, label, &all[digit]));
    frames.iter().copied().chain(lines).collect()
}

fn is_framed(inner: &Component, outer: &Component) -> bool {
    let ((_, height), (_, whole)) = (size(inner.bounds), size(outer.bounds));
    lies_in(inner.bounds, outer.bounds) && height >= FRAMED * whole && WRITTEN * inner.mass >= outer.mass
}

/// True if the ink of the component lies along the edges and in the corners of its rectangle.
fn has_shape_of_frame(components: &Components, label: usize) -> bool {
    let component = &components.components[label];
    let [left, top, right, bottom] = component.bounds;
    let (width, height) = size(component.bounds);
    let (mut in_band, mut corners) = (0_u64, [false; 4]);
    for (x, y) in pixels(components, label) {
        let across = f64::from((x - left).min(right - x)) / width;
        let down = f64::from((y - top).min(bottom - y)) / height;
        in_band += u64::from(across.min(down) <= BAND);
        if across.max(down) <= CORNER {
            corners[2 * usize::from(2 * (y - top) > bottom - top) + usize::from(2 * (x - left) > right - left)] = true;
        }
    }
    in_band as f64 >= IN_BAND * component.pixels as f64 && corners.iter().filter(|inked| **inked).count() >= CORNERS
}

/// True for a straight line, level or upright or nearly so, and for two that meet in a corner.
fn is_along_two_edges(components: &Components, label: usize) -> bool {
    let component = &components.components[label];
    let [left, top, right, bottom] = component.bounds;
    let (width, height) = size(component.bounds);
    let thickness = (THICKNESS * width.max(height)).max(2.0);
    let near = |one: u32, other: u32| f64::from(one.abs_diff(other)) < thickness;
    let is_along = |side: u32, end: u32| pixels(components, label).all(|(x, y)| near(x, side) || near(y, end));
    [left, right].iter().any(|&side| [top, bottom].iter().any(|&end| is_along(side, end)))
}

/// The places of a component.
fn pixels(components: &Components, label: usize) -> impl Iterator<Item = (u32, u32)> {
    let [left, top, right, bottom] = components.components[label].bounds;
    let places = (top..=bottom).flat_map(move |y| (left..=right).map(move |x| (x, y)));
    places.filter(move |&(x, y)| components.labels.get_pixel(x, y).0[0] as usize == label)
}

/// True if a line lies outside of the digit's rectangle, and is longer than the digit in its own direction or ends at the picture's border;
/// not if the digit touches the border and the line does not: then that is a shadow, or the edge of something.
fn is_printed(components: &Components, label: usize, digit: &Component) -> bool {
    let line = &components.components[label];
    if digit.on_border > 0 && line.on_border == 0 {
        return false;
    }
    let ((width, height), (across, down)) = (size(line.bounds), size(digit.bounds));
    let (columns, rows) = components.labels.dimensions();
    let near = |first: u32, last: u32, side: u32| f64::from(first.min(side - 1 - last)) <= NEAR * f64::from(side);
    let [left, top, right, bottom] = line.bounds;
    let long = if width > height {
        width >= LONGER * across || near(left, right, columns)
    } else {
        height >= LONGER * down || near(top, bottom, rows)
    };
    let [first, highest, last, lowest] = digit.bounds;
    let is_inside = |(x, y): (u32, u32)| (first..=last).contains(&x) && (highest..=lowest).contains(&y);
    long && !pixels(components, label).any(is_inside)
}
