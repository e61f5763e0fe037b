//! The connected pieces of ink.

use image::{GrayImage, ImageBuffer, Luma};
use imageproc::region_labelling::{Connectivity, connected_components};

/// A piece of ink that reaches this strength somewhere is written; the others are shadows and dirt.
pub(super) const WRITTEN: u8 = 128;

/// In a picture that may be cut to its ink, a component with less than one part in so many of the largest one's ink is no digit.
const PART: u64 = 20;

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
    pub(super) fn lies_along_border(&self) -> bool {
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

    fn height(&self) -> u32 {
        1 + self.bounds[3] - self.bounds[1]
    }

    /// True if `other` is a character of its own, not a part of the one whose largest component this is, in a picture of this size: of like
    /// height and not much less ink, and not the edge of something.
    pub(super) fn is_beside(&self, other: &Self, size: (u32, u32)) -> bool {
        let (ours, theirs) = (self.height(), other.height());
        let is_alike =
            5 * ours.min(theirs) >= 3 * ours.max(theirs) && 6 * other.mass.min(self.mass) >= other.mass.max(self.mass);
        is_alike && self.stands_apart(other) && !other.is_strip(size) && !other.lies_along_border()
    }

    /// True if no column, or no row, has ink of both.
    fn stands_apart(&self, other: &Self) -> bool {
        self.gap(other) > 0
    }

    /// True if `part` is a stroke of the digit whose largest component this is: a large one near it, such as the bar of
    /// a five, or a piece of a broken stroke close to it.
    pub(super) fn owns(&self, part: &Self, margins: Margins) -> bool {
        let (near, close) = (self.longest() / 4, self.longest() / 12);
        let gap = self.gap(part);
        let stray = margins == Margins::Around && part.on_border > 0 && self.on_border == 0;
        // A stroke as high as the digit, beside it, is a digit.
        let is_character = 4 * part.height() >= 3 * self.height()
            && self.bounds[0].max(part.bounds[0]) > self.bounds[2].min(part.bounds[2]);
        !stray
            && !is_character
            && ((gap <= near && 16 * part.mass >= self.mass) || (gap <= close && 100 * part.mass >= self.mass))
    }
}

/// The connected components of a mask of 0 and 255; the first is the background.
pub(super) struct Components {
    pub(super) labels: ImageBuffer<Luma<u32>, Vec<u32>>,
    pub(super) components: Vec<Component>,
}

impl Components {
    pub(super) fn new(mask: &GrayImage, strength: &GrayImage) -> Self {
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

    /// Without these components: they count as if nothing were written there.
    pub(super) fn without(mut self, labels: &[usize]) -> Self {
        labels.iter().for_each(|&label| self.components[label].peak = 0);
        self
    }

    pub(super) fn weight(&self, component: &Component, margins: Margins) -> u64 {
        component.weight(margins, self.labels.dimensions())
    }

    /// The component that looks most like a digit, if anything is written.
    pub(super) fn largest(&self, margins: Margins) -> Option<&Component> {
        let written = || self.components.iter().filter(|component| component.is_written());
        let most = written().map(|component| component.mass).max()?;
        let is_part = |component: &&Component| margins == Margins::Around || PART * component.mass >= most;
        written().filter(is_part).max_by_key(|component| self.weight(component, margins))
    }

    /// Leaves of `mask` what is written and wanted.
    pub(super) fn keep(&self, mask: &mut GrayImage, wanted: impl Fn(&Component) -> bool) {
        let is_kept = |component: &Component| component.is_written() && wanted(component);
        let kept: Vec<bool> = self.components.iter().map(is_kept).collect();
        for (pixel, label) in mask.iter_mut().zip(self.labels.iter()) {
            if !kept[*label as usize] {
                *pixel = 0;
            }
        }
    }
}
