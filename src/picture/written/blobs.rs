//! Connected pieces of ink.

use image::{GrayImage, ImageBuffer, Luma};
use imageproc::region_labelling::{Connectivity, connected_components};

/// A piece of ink that reaches this strength somewhere is written; the others are shadows and dirt.
const WRITTEN: u8 = 128;

/// The least mean thickness of something dark that is no character, in heights of one.
const FILLED: f64 = 0.45;
/// The most ink a little beside a stroke, as a part of its own; and beside one at the picture's border, where light fades.
const FADED: [f64; 2] = [0.5, 0.3];

/// The square of the outline over the area, from which on something is made of strokes; of a square it is 16.
const SLENDER: f64 = 40.0;
/// What is lower than one part in so many of the highest strokes does not count for their height.
const DIRT: u32 = 12;

/// A connected piece of ink.
#[derive(Clone, Debug, Default)]
pub(super) struct Blob {
    /// Its number in the picture of labels, from 1.
    pub(super) label: u32,
    pub(super) pixels: u32,
    pub(super) peak: u8,
    /// Of its pixels, those on the border of the picture.
    pub(super) on_border: u32,
    /// Of its pixels, those beside paper.
    pub(super) outline: u32,
    /// The sum of the strength of its pixels, and of the paper a little beside them, and how many these are.
    inside: u64,
    beside: u64,
    count_beside: u32,
    pub(super) left: u32,
    pub(super) top: u32,
    /// The column after the last.
    pub(super) right: u32,
    /// The row after the last.
    pub(super) bottom: u32,
}

impl Blob {
    fn add(&mut self, (x, y): (u32, u32), level: u8, on_border: bool) {
        if self.pixels == 0 {
            (self.left, self.top) = (x, y);
        }
        (self.left, self.top) = (self.left.min(x), self.top.min(y));
        (self.right, self.bottom) = (self.right.max(x + 1), self.bottom.max(y + 1));
        self.pixels += 1;
        self.peak = self.peak.max(level);
        self.on_border += u32::from(on_border);
    }

    pub(super) fn width(&self) -> u32 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> u32 {
        self.bottom - self.top
    }

    /// Of its rectangle, in pixels.
    pub(super) fn middle(&self) -> (f64, f64) {
        (f64::from(self.left + self.right) / 2.0, f64::from(self.top + self.bottom) / 2.0)
    }

    /// True if it is filled, in a line of characters of this height: something dark that lies there.
    pub(super) fn is_object(&self, height: f64) -> bool {
        let size = f64::from(self.width().max(self.height()));
        f64::from(self.pixels) > FILLED * height * size && size > 1.3 * height
    }

    /// True if it ends at its outline, as a stroke does, and does not fade away, as a shadow.
    fn is_sharp(&self) -> bool {
        let mean = |sum: u64, count: u32| sum as f64 / f64::from(count.max(1));
        mean(self.beside, self.count_beside) <= FADED[usize::from(self.on_border > 0)] * mean(self.inside, self.pixels)
    }

    fn holds(&self, other: &Self) -> bool {
        self.left < other.left && self.top < other.top && self.right > other.right && self.bottom > other.bottom
    }
}

/// The label of each pixel, 0 for paper.
pub(super) type Labels = ImageBuffer<Luma<u32>, Vec<u32>>;

/// The connected pieces of a mask of 0 and 255.
pub(super) fn find(mask: &GrayImage, strength: &GrayImage) -> (Labels, Vec<Blob>) {
    let labels = connected_components(mask, Connectivity::Eight, Luma([0]));
    let (width, height) = mask.dimensions();
    let count = labels.iter().max().map_or(0, |last| *last as usize);
    let mut blobs = vec![Blob::default(); count + 1];
    for ((x, y, label), level) in labels.enumerate_pixels().zip(strength.iter()) {
        let on_border = x == 0 || y == 0 || x + 1 == width || y + 1 == height;
        blobs[label.0[0] as usize].add((x, y), *level, on_border);
    }
    look_around(&mut blobs, &labels, strength);
    blobs.iter_mut().zip(0..).for_each(|(blob, label)| blob.label = label);
    blobs.remove(0);
    blobs.retain(|blob| blob.pixels > 0 && blob.peak >= WRITTEN && blob.is_sharp());
    (labels, blobs)
}

/// Weighs the outlines of the blobs, and the paper beside them.
fn look_around(blobs: &mut [Blob], labels: &Labels, strength: &GrayImage) {
    let (width, height) = labels.dimensions();
    let far = 2 + i64::from(width.min(height)) / 80;
    for (x, y, label) in labels.enumerate_pixels().filter(|(_, _, label)| label.0[0] > 0) {
        let blob = &mut blobs[label.0[0] as usize];
        blob.inside += u64::from(strength.get_pixel(x, y).0[0]);
        let neighbour = |step: (i64, i64), far: i64| {
            let (x, y) = (i64::from(x) + step.0 * far, i64::from(y) + step.1 * far);
            let within = (0..i64::from(width)).contains(&x) && (0..i64::from(height)).contains(&y);
            within.then_some((x as u32, y as u32)).filter(|&(x, y)| labels.get_pixel(x, y).0[0] == 0)
        };
        let steps = [(1, 0), (-1, 0), (0, 1), (0, -1)];
        blob.outline += u32::from(steps.iter().any(|step| neighbour(*step, 1).is_some()));
        for (x, y) in steps.iter().filter_map(|step| neighbour(*step, far)) {
            blob.beside += u64::from(strength.get_pixel(x, y).0[0]);
            blob.count_beside += 1;
        }
    }
}

/// The height of a usual character among these pieces in a picture of this width and height: that which this part does not exceed, of what is neither a frame
/// around others nor spans the picture; longer and thinner ones count for more. `None` if there is none.
pub(super) fn height(blobs: &[Blob], (width, height): (u32, u32), part: f64) -> Option<f64> {
    let is_frame = |blob: &Blob| blobs.iter().any(|other| 3 * other.height() >= blob.height() && blob.holds(other));
    let spans = |blob: &Blob| {
        let (w, h) = (blob.width(), blob.height());
        let cut_off = blob.on_border > 0 && (w + 4 > width || h + 4 > height);
        cut_off || (3 * h > 2 * height && h > 6 * w) || (3 * w > 2 * width && w > 6 * h)
    };
    let eligible = |blob: &&Blob| 3 * blob.on_border <= blob.pixels && !spans(blob) && !is_frame(blob);
    let median = |found: Vec<&Blob>| {
        let slender = |blob: &Blob| f64::from(blob.outline).powi(2) / f64::from(blob.pixels);
        let weight = |blob: &Blob| (f64::from(blob.outline) * f64::from(blob.height())).sqrt();
        let highest = found.iter().filter(|blob| slender(blob) > SLENDER).map(|blob| blob.height()).max().unwrap_or(0);
        let counts = |blob: &&&Blob| DIRT * blob.height() >= highest;
        let mut sizes: Vec<(u32, f64)> =
            found.iter().filter(counts).map(|blob| (blob.height(), weight(blob))).collect();
        sizes.sort_by_key(|size| size.0);
        let total: f64 = sizes.iter().map(|size| size.1).sum();
        let mut sum = 0.0;
        let reaches = |size: &&(u32, f64)| {
            sum += size.1;
            sum >= part * total
        };
        sizes.iter().find(reaches).map(|size| f64::from(size.0))
    };
    median(blobs.iter().filter(eligible).collect()).or_else(|| median(blobs.iter().collect()))
}
