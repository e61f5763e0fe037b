//! Selection of the ink that is the digit.

use image::{GrayImage, ImageBuffer, Luma};
use imageproc::distance_transform::{Norm, distance_transform};
use imageproc::region_labelling::{Connectivity, connected_components};

use super::frames;
use super::scaling::bounds;

/// A piece of ink that reaches this strength somewhere is written; the others are shadows and dirt.
const WRITTEN: u8 = 128;

/// Beside a line, a component with less than one part in so many of the largest character's ink is a speck.
const SPECK: u64 = 50;

/// In a picture that may be cut to its ink, a component with less than one part in so many of the largest one's ink is no digit.
const PART: u64 = 20;

/// The half of the greatest width of a stroke, as a part of the longer side of what it is a stroke of: a bar may fill its rectangle; a
/// digit with filled loops is thicker, but leaves corners.
const BAR: f64 = 0.2;
const FILLED_LOOP: f64 = 0.27;
/// The largest part of its rectangle that a digit with filled loops fills.
const CORNERS: f64 = 0.7;

/// What may be seen around the ink of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Margins {
    /// Paper, and perhaps the edges of other things: what touches the picture's border may be one of these.
    Around,
    /// Paper, or nothing, in a picture that was cut to its ink.
    MayBeCut,
}

#[derive(Clone, Default)]
pub(super) struct Component {
    pub(super) pixels: u64,
    /// The sum of its ink.
    pub(super) mass: u64,
    peak: u8,
    /// Of its pixels, those on the border of the picture.
    pub(super) on_border: u64,
    /// Left, top, right and bottom, all inside.
    pub(super) bounds: [u32; 4],
}

impl Component {
    /// True if something is written here, and no shadow or dirt.
    pub(super) fn is_written(&self) -> bool {
        self.peak >= WRITTEN
    }

    fn add(&mut self, (x, y): (u32, u32), level: u8, on_border: bool) {
        let [left, top, right, bottom] = if self.pixels == 0 { [x, y, x, y] } else { self.bounds };
        self.bounds = [left.min(x), top.min(y), right.max(x), bottom.max(y)];
        self.pixels += 1;
        self.mass += u64::from(level);
        self.peak = self.peak.max(level);
        self.on_border += u64::from(on_border);
    }

    fn longest(&self) -> u32 {
        1 + (self.bounds[2] - self.bounds[0]).max(self.bounds[3] - self.bounds[1])
    }

    /// A stroke may end at the border, but what lies along it is the edge of something.
    fn lies_along_border(&self) -> bool {
        3 * self.on_border > self.pixels
    }

    /// True for a strip along most of one side of a picture of this size: the edge of something.
    fn is_strip(&self, (width, height): (u32, u32)) -> bool {
        let [left, top, right, bottom] = self.bounds;
        let (across, down) = (1 + right - left, 1 + bottom - top);
        let upright = 4 * across <= width && 10 * down >= 6 * height && (left == 0 || right + 1 == width);
        let level = 4 * down <= height && 10 * across >= 6 * width && (top == 0 || bottom + 1 == height);
        upright || level
    }

    /// The likelihood of being the digit in a picture of this size: a component that touches the border is more likely to be cut off there.
    fn weight(&self, margins: Margins, size: (u32, u32)) -> u64 {
        let factor = match margins {
            Margins::Around if self.lies_along_border() => 1,
            Margins::Around if self.on_border > 0 => 20,
            Margins::MayBeCut if self.is_strip(size) => 1,
            _ => 400,
        };
        self.mass * factor
    }

    /// The width of the gap between the rectangles of two components, in pixels; 0 if they overlap.
    fn gap(&self, other: &Self) -> u32 {
        let along = |low: usize, high: usize| {
            let (ours, theirs) = (&self.bounds, &other.bounds);
            theirs[low].saturating_sub(ours[high]).max(ours[low].saturating_sub(theirs[high]))
        };
        along(0, 2).max(along(1, 3))
    }

    /// True if `part` is a stroke of the digit whose largest component this is: a large one near it, such as the bar of
    /// a five, or a piece of a broken stroke close to it.
    fn owns(&self, part: &Self, margins: Margins) -> bool {
        let (near, close) = (self.longest() / 4, self.longest() / 12);
        let gap = self.gap(part);
        let stray = margins == Margins::Around && part.on_border > 0 && self.on_border == 0;
        !stray && ((gap <= near && 16 * part.mass >= self.mass) || (gap <= close && 100 * part.mass >= self.mass))
    }
}

/// The connected components of a mask of 0 and 255; the first is the background.
pub(super) struct Components {
    pub(super) labels: ImageBuffer<Luma<u32>, Vec<u32>>,
    pub(super) components: Vec<Component>,
}

impl Components {
    fn new(mask: &GrayImage, strength: &GrayImage) -> Self {
        let labels = connected_components(mask, Connectivity::Eight, Luma([0]));
        let (width, height) = mask.dimensions();
        let count = labels.iter().max().map_or(0, |last| *last as usize);
        let mut components = vec![Component::default(); count + 1];
        for ((x, y, label), level) in labels.enumerate_pixels().zip(strength.iter()) {
            if label.0[0] > 0 {
                let on_border = x == 0 || y == 0 || x == width - 1 || y == height - 1;
                components[label.0[0] as usize].add((x, y), *level, on_border);
            }
        }
        Self { labels, components }
    }

    /// Without what is printed around the digit: frames, and lines below or beside it. They count as if nothing were written there.
    fn without_frames(mut self) -> Self {
        for label in frames::find(&self) {
            self.components[label].peak = 0;
        }
        self
    }

    fn weight(&self, component: &Component, margins: Margins) -> u64 {
        component.weight(margins, self.labels.dimensions())
    }

    /// The component that looks most like a digit, if anything is written.
    fn largest(&self, margins: Margins) -> Option<&Component> {
        let written = || self.components.iter().filter(|component| component.is_written());
        let most = written().map(|component| component.mass).max()?;
        let is_part = |component: &&Component| margins == Margins::Around || PART * component.mass >= most;
        written().filter(is_part).max_by_key(|component| self.weight(component, margins))
    }

    /// Leaves of `mask` what is written and wanted.
    fn keep(&self, mask: &mut GrayImage, wanted: impl Fn(&Component) -> bool) {
        let is_kept = |component: &Component| component.is_written() && wanted(component);
        let kept: Vec<bool> = self.components.iter().map(is_kept).collect();
        for (pixel, label) in mask.iter_mut().zip(self.labels.iter()) {
            if !kept[*label as usize] {
                *pixel = 0;
            }
        }
    }
}

/// Leaves of `mask`, 0 or 255, the digit: the largest sensible component and the broken strokes beside it. `strength` is the
/// ink of each pixel. Returns the weight of the digit: 0 if nothing is written, and then nothing is left.
pub(super) fn keep_digit(mask: &mut GrayImage, strength: &GrayImage, margins: Margins) -> u64 {
    let components = Components::new(mask, strength).without_frames();
    let largest = components.largest(margins);
    components.keep(mask, |part| largest.is_some_and(|largest| largest.owns(part, margins)));
    largest.map_or(0, |largest| components.weight(largest, margins))
}

/// Leaves of `mask` the characters of a line: every sensible component that is no speck. As [`keep_digit`] otherwise.
pub(super) fn keep_line(mask: &mut GrayImage, strength: &GrayImage, margins: Margins) -> u64 {
    let components = Components::new(mask, strength);
    let largest = components.largest(margins);
    let is_part = |largest: &Component, part: &Component| {
        let stray = part.lies_along_border() && !largest.lies_along_border();
        !stray && SPECK * part.mass >= largest.mass
    };
    components.keep(mask, |part| largest.is_some_and(|largest| is_part(largest, part)));
    largest.map_or(0, |largest| components.weight(largest, margins))
}

/// True if no part of this ink, 0 to 255, is thicker than a stroke of a digit of its size.
pub(super) fn is_stroke(strength: &GrayImage) -> bool {
    let (width, height) = strength.dimensions();
    // Nothing lies around the picture.
    let mut paper = GrayImage::from_pixel(width + 2, height + 2, Luma([255]));
    let mut ink = GrayImage::new(width, height);
    for (x, y, _) in strength.enumerate_pixels().filter(|(_, _, level)| level.0[0] >= WRITTEN) {
        paper.put_pixel(x + 1, y + 1, Luma([0]));
        ink.put_pixel(x, y, Luma([255]));
    }
    let Some(bounds) = bounds(&ink) else { return false };
    let half = distance_transform(&paper, Norm::L2).into_iter().copied().max().unwrap_or(0);
    let half = f64::from(half) / f64::from(bounds.width.max(bounds.height));
    let inked = ink.iter().filter(|level| **level > 0).count() as f64;
    half <= BAR || half <= FILLED_LOOP && inked <= CORNERS * f64::from(bounds.width) * f64::from(bounds.height)
}
