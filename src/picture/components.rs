//! Which of the ink is the digit.

use image::{GrayImage, Luma};
use imageproc::region_labelling::{Connectivity, connected_components};

/// A piece of ink that reaches this strength somewhere is written; the others are shadows and dirt.
const WRITTEN: u8 = 128;

/// Ink that hangs together.
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

    /// How much it looks like the digit: what touches the border is more likely to be cut off there.
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

    /// Whether `part` is a stroke of the digit that this is the largest component of: a large one near it, such as the bar of a
    /// five, or a piece of a broken stroke close to it.
    fn owns(&self, part: &Self) -> bool {
        let (near, close) = (self.longest() / 4, self.longest() / 12);
        let gap = self.gap(part);
        let stray = part.on_border > 0 && self.on_border == 0;
        !stray && ((gap <= near && 16 * part.mass >= self.mass) || (gap <= close && 100 * part.mass >= self.mass))
    }
}

/// Leaves of `mask`, 0 or 255, the digit: the largest sensible component and the broken strokes beside it. `strength` is the
/// ink of each pixel. Says how much it looks like a digit: 0 if nothing is written, and then nothing is left.
pub(super) fn keep_digit(mask: &mut GrayImage, strength: &GrayImage) -> u64 {
    let labels = connected_components(mask, Connectivity::Eight, Luma([0]));
    let (width, height) = mask.dimensions();
    let count = labels.iter().max().map_or(0, |last| *last as usize);
    let mut components = vec![Component::default(); count + 1];
    for ((x, y, label), level) in labels.enumerate_pixels().zip(strength.iter()) {
        let on_border = x == 0 || y == 0 || x == width - 1 || y == height - 1;
        if label.0[0] > 0 {
            components[label.0[0] as usize].add((x, y), *level, on_border);
        }
    }
    let written = |component: &&Component| component.peak >= WRITTEN;
    let largest = components.iter().filter(written).max_by_key(|component| component.weight());
    let kept: Vec<bool> = match largest {
        Some(largest) => {
            let is_part = |part: &Component| part.peak >= WRITTEN && largest.owns(part);
            components.iter().map(is_part).collect()
        }
        None => vec![false; components.len()],
    };
    for (pixel, label) in mask.iter_mut().zip(labels.iter()) {
        if !kept[*label as usize] {
            *pixel = 0;
        }
    }
    largest.map_or(0, Component::weight)
}
