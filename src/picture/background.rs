//! The background of a picture: an estimate of the paper's level at every pixel, as if there were no ink.

use std::ops::RangeInclusive;

use image::imageops::{self, FilterType};
use image::{GrayImage, Luma};

use super::histogram;
use super::scaling::{coarse, is_narrow};

/// Four fifths of the border within this many levels: an evenly lit background.
const PLAIN: u8 = 20;
/// The longer side of the copy on which an uneven background is found, in pixels.
const COARSE: u32 = 64;

/// The least part of the variance of all levels that two levels must explain; an even slope of light has 0.75. Of MNIST's digits, cut to
/// their ink and enlarged, 99 % have at least 0.81; upright ones, of which little more than grey edges is left beside the ink, less.
const TWO_LEVELS: f64 = 0.79;
const TWO_LEVELS_OF_A_BAR: f64 = 0.65;

/// How the background was estimated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One level for the whole picture.
    Plain,
    /// One level for the whole picture, which has two in all; the levels of paper.
    TwoLevels(RangeInclusive<u8>),
    /// Another level at each pixel.
    Uneven,
}

pub(super) struct Background {
    /// Of the size of the original.
    pub(super) levels: GrayImage,
    pub(super) kind: Kind,
}

/// True if the sorted levels of the border are nearly equal.
pub(super) fn is_plain(border: &[u8]) -> bool {
    let part = |tenths: usize| border[(border.len() - 1) * tenths / 10];
    part(9) - part(1) <= PLAIN
}

impl Background {
    /// The usual level of a border with these levels, sorted, at least one. A digit may touch it and fill as much of the
    /// picture, of this width and height, as it likes.
    pub(super) fn plain(border: &[u8], (width, height): (u32, u32)) -> Self {
        let usual = Luma([border[(border.len() - 1) / 2]]);
        Self { levels: GrayImage::from_pixel(width, height, usual), kind: Kind::Plain }
    }

    /// The backgrounds of a picture of two levels and their mixtures, as a drawing has them that was cut to its ink: the level that most
    /// of the border has, however much of it the ink takes; and for an upright or a lying picture, whose border may be a bar's, then the other.
    /// None for a picture of more levels. `border` has the levels of the border, sorted.
    pub(super) fn of_two_levels(levels: &GrayImage, border: &[u8]) -> impl Iterator<Item = Self> {
        let (width, height) = levels.dimensions();
        let is_bar = is_narrow((width, height));
        let of = move |split: histogram::Split| {
            let (dark, light) = border.split_at(border.partition_point(|&level| level <= split.threshold));
            let both = [(dark, 0..=split.threshold), (light, split.threshold.saturating_add(1)..=u8::MAX)];
            let [less, more] = if dark.len() > light.len() {
                let [dark, light] = both;
                [light, dark]
            } else {
                both
            };
            let candidates = if is_bar { 2 } else { 1 };
            [more, less].into_iter().take(candidates).filter(|(paper, _)| !paper.is_empty())
        };
        let least = if is_bar { TWO_LEVELS_OF_A_BAR } else { TWO_LEVELS };
        let split = histogram::otsu(&histogram::counts(levels.iter())).filter(|split| split.explained >= least);
        split.into_iter().flat_map(of).map(move |(paper, range)| {
            let usual = Luma([paper[(paper.len() - 1) / 2]]);
            Self { levels: GrayImage::from_pixel(width, height, usual), kind: Kind::TwoLevels(range) }
        })
    }

    /// The background at a pixel is the median of the half of the picture around it: ink is in the minority there, a slope of
    /// light has its own level in the middle, and at the edge of a shadow the pixel's own side has the majority. Only what is
    /// inside, 255 in a picture of the same size, counts.
    pub(super) fn uneven(levels: &GrayImage, inside: Option<&GrayImage>) -> Self {
        Self::of_parts(levels, inside, 4)
    }

    /// The background at a pixel is the median of the square around it that reaches one part in `parts` of the picture's longer side to
    /// each side; what is inside counts, as for [`Self::uneven`].
    pub(super) fn of_parts(levels: &GrayImage, inside: Option<&GrayImage>, parts: u32) -> Self {
        let (width, height) = levels.dimensions();
        let small = coarse(levels, COARSE);
        let inside = inside.map(|inside| coarse(inside, COARSE));
        let medians = medians(&small, inside.as_ref(), small.width().max(small.height()) / parts);
        Self { levels: imageops::resize(&medians, width, height, FilterType::Triangle), kind: Kind::Uneven }
    }
}

/// The median of the square of `2 * radius + 1` pixels around each pixel, of what of it lies within the picture and is inside; of all
/// that is inside, if the square has none of it.
fn medians(levels: &GrayImage, inside: Option<&GrayImage>, radius: u32) -> GrayImage {
    let (width, height) = levels.dimensions();
    let counts = |x: u32, y: u32| inside.is_none_or(|inside| inside.get_pixel(x, y).0[0] == 255);
    let of_all = {
        let all = levels.enumerate_pixels().filter(|(x, y, _)| counts(*x, *y));
        histogram::median(&all.map(|(_, _, level)| level.0[0]).collect::<Vec<u8>>())
    };
    let mut medians = GrayImage::new(width, height);
    for y in 0..height {
        let rows = || y.saturating_sub(radius)..(y + radius + 1).min(height);
        let column = |x: u32| {
            rows().filter(move |&row| counts(x, row)).map(move |row| usize::from(levels.get_pixel(x, row).0[0]))
        };
        let (mut found, mut total) = ([0_u32; 256], 0);
        let (mut first, mut end) = (0, 0);
        for x in 0..width {
            while end < (x + radius + 1).min(width) {
                column(end).for_each(|level| {
                    found[level] += 1;
                    total += 1;
                });
                end += 1;
            }
            while first < x.saturating_sub(radius) {
                column(first).for_each(|level| {
                    found[level] -= 1;
                    total -= 1;
                });
                first += 1;
            }
            let median = if total > 0 { histogram::middle(&found, total) } else { of_all };
            medians.put_pixel(x, y, Luma([median]));
        }
    }
    medians
}
