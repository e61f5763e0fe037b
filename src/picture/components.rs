//! Selection of the ink that is the digit.

use image::{GrayImage, ImageBuffer, Luma};
use imageproc::region_labelling::{Connectivity, connected_components};

/// A piece of ink that reaches this strength somewhere is written; the others are shadows and dirt.
const WRITTEN: u8 = 128;

/// Beside a line, a component with less than one part in so many of the largest character's ink is a speck.
const SPECK: u64 = 50;

#[derive(Clone, Default)]
struct Component {
    pixels: u64,
    /// The sum of its ink.
    mass: u64,
    peak: u8,
    /// Of its pixels, those on the border of the picture.
    on_border: u64,
    /// Left, top, right and bottom, all inside.
    bounds: [u32; 4],
}

impl Component {
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

    /// The likelihood of being the digit: a component that touches the border is more likely to be cut off there.
    fn weight(&self) -> u64 {
        self.mass
            * if self.lies_along_border() {
                1
            } else if self.on_border > 0 {
                20
            } else {
                400
            }
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
    fn owns(&self, part: &Self) -> bool {
        let (near, close) = (self.longest() / 4, self.longest() / 12);
        let gap = self.gap(part);
        let stray = part.on_border > 0 && self.on_border == 0;
        !stray && ((gap <= near && 16 * part.mass >= self.mass) || (gap <= close && 100 * part.mass >= self.mass))
    }
}

/// The connected components of a mask of 0 and 255; the first is the background.
struct Components {
    labels: ImageBuffer<Luma<u32>, Vec<u32>>,
    components: Vec<Component>,
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

    /// The component that looks most like a digit, if anything is written.
    fn largest(&self) -> Option<&Component> {
        let written = |component: &&Component| component.peak >= WRITTEN;
        self.components.iter().filter(written).max_by_key(|component| component.weight())
    }

    /// Leaves of `mask` what is written and wanted.
    fn keep(&self, mask: &mut GrayImage, wanted: impl Fn(&Component) -> bool) {
        let is_kept = |component: &Component| component.peak >= WRITTEN && wanted(component);
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
pub(super) fn keep_digit(mask: &mut GrayImage, strength: &GrayImage) -> u64 {
    let components = Components::new(mask, strength);
    let largest = components.largest();
    components.keep(mask, |part| largest.is_some_and(|largest| largest.owns(part)));
    largest.map_or(0, Component::weight)
}

/// Leaves of `mask` the characters of a line: every sensible component that is no speck. As [`keep_digit`] otherwise.
pub(super) fn keep_line(mask: &mut GrayImage, strength: &GrayImage) -> u64 {
    let components = Components::new(mask, strength);
    let largest = components.largest();
    let is_part = |largest: &Component, part: &Component| {
        let stray = part.lies_along_border() && !largest.lies_along_border();
        !stray && SPECK * part.mass >= largest.mass
    };
    components.keep(mask, |part| largest.is_some_and(|largest| is_part(largest, part)));
    largest.map_or(0, Component::weight)
}
