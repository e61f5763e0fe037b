//! What the paper would look like without the ink: its level at every pixel.

use image::imageops::{self, FilterType};
use image::{GrayImage, Luma};

/// Four fifths of the border within this many levels: an evenly lit background.
const PLAIN: u8 = 20;
/// The longer side of the copy on which an uneven background is found, in pixels.
const COARSE: u32 = 64;

/// The paper's level at every pixel.
pub(super) enum Background {
    /// The same everywhere.
    Plain(u8),
    /// As in this picture, which has the size of the original.
    Uneven(GrayImage),
}

/// Whether the border, whose levels these are, sorted, is nearly of one level.
pub(super) fn is_plain(border: &[u8]) -> bool {
    let part = |tenths: usize| border[(border.len() - 1) * tenths / 10];
    part(9) - part(1) <= PLAIN
}

impl Background {
    /// The usual level of a border with these levels, sorted, at least one. A digit may touch it and fill as much of the
    /// picture as it likes.
    pub(super) fn plain(border: &[u8]) -> Self {
        Self::Plain(border[(border.len() - 1) / 2])
    }

    /// The background at a pixel is the median of the half of the picture around it: ink is in the minority there, a slope of
    /// light has its own level in the middle, and at the edge of a shadow the pixel's own side has the majority.
    pub(super) fn uneven(levels: &GrayImage) -> Self {
        let (width, height) = levels.dimensions();
        let longest = width.max(height);
        let side = |side: u32| (side * COARSE.min(longest) / longest).max(1);
        let coarse = imageops::thumbnail(levels, side(width), side(height));
        let medians = medians(&coarse, coarse.width().max(coarse.height()) / 4);
        Self::Uneven(imageops::resize(&medians, width, height, FilterType::Triangle))
    }

    /// Whether it is the same everywhere.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self, Self::Plain(_))
    }

    /// The level at column `x` and row `y`.
    pub(super) fn at(&self, x: u32, y: u32) -> u8 {
        match self {
            Self::Plain(level) => *level,
            Self::Uneven(levels) => levels.get_pixel(x, y).0[0],
        }
    }
}

/// The median of the square of `2 * radius + 1` pixels around each pixel, of what of it lies within the picture.
fn medians(levels: &GrayImage, radius: u32) -> GrayImage {
    let (width, height) = levels.dimensions();
    let mut medians = GrayImage::new(width, height);
    for y in 0..height {
        let rows = || y.saturating_sub(radius)..(y + radius + 1).min(height);
        let column = |x: u32| rows().map(move |row| usize::from(levels.get_pixel(x, row).0[0]));
        let (mut counts, mut total) = ([0_u32; 256], 0);
        let (mut first, mut end) = (0, 0);
        for x in 0..width {
            while end < (x + radius + 1).min(width) {
                column(end).for_each(|level| counts[level] += 1);
                total += rows().len() as u32;
                end += 1;
            }
            while first < x.saturating_sub(radius) {
                column(first).for_each(|level| counts[level] -= 1);
                total -= rows().len() as u32;
                first += 1;
            }
            medians.put_pixel(x, y, Luma([middle(&counts, total)]));
        }
    }
    medians
}

/// The lower median of `total` levels that occur so often.
fn middle(counts: &[u32; 256], total: u32) -> u8 {
    let mut sum = 0;
    let reaches = |count: &u32| {
        sum += count;
        2 * sum >= total
    };
    counts.iter().position(reaches).unwrap_or(0) as u8
}
