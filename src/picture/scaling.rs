//! Pictures made smaller, and where something stands in one that was.

use image::GrayImage;
use image::imageops::{self, FilterType};

/// The longer side of the ink, in pixels, once it is scaled.
pub const BOX: usize = 20;

/// A rectangle of a picture, in pixels from its top left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// First column.
    pub left: u32,
    /// First row.
    pub top: u32,
    /// Number of columns, at least 1.
    pub width: u32,
    /// Number of rows, at least 1.
    pub height: u32,
}

/// The smallest rectangle that holds all of the mask; `None` if it is empty.
pub(super) fn bounds(mask: &GrayImage) -> Option<Region> {
    let (mut columns, mut rows) = (vec![false; mask.width() as usize], vec![false; mask.height() as usize]);
    for (x, y, _) in mask.enumerate_pixels().filter(|(_, _, pixel)| pixel.0[0] > 0) {
        columns[x as usize] = true;
        rows[y as usize] = true;
    }
    let first = |seen: &[bool]| seen.iter().position(|inked| *inked).map(|place| place as u32);
    let length = |seen: &[bool]| Some(seen.iter().rposition(|inked| *inked)? as u32 - first(seen)? + 1);
    Some(Region { left: first(&columns)?, top: first(&rows)?, width: length(&columns)?, height: length(&rows)? })
}

/// The ink of a picture that was cut to it fills this part of a side.
const CUT: f64 = 0.9;
/// The least ratio of the sides of a narrow picture.
const NARROW: u32 = 3;

/// True if ink that takes this part of a side, of both lengths in pixels, may be what the side was cut to.
pub(super) fn fills(part: u32, side: u32) -> bool {
    f64::from(part) >= CUT * f64::from(side)
}

/// True for a picture of this size that shows an upright or a lying bar and nothing else, if it was cut to its ink.
pub(super) fn is_narrow((width, height): (u32, u32)) -> bool {
    width.max(height) >= NARROW * width.min(height)
}

/// `region` of a picture of size `from`, in the picture of size `to` of which that one is a scaled copy.
pub(super) fn enlarged(region: Region, from: (u32, u32), to: (u32, u32)) -> Region {
    let scale = |value: u32, from: u32, to: u32| (u64::from(value) * u64::from(to) / u64::from(from.max(1))) as u32;
    let (left, top) = (scale(region.left, from.0, to.0), scale(region.top, from.1, to.1));
    let right = scale(region.left + region.width, from.0, to.0).max(left + 1);
    let bottom = scale(region.top + region.height, from.1, to.1).max(top + 1);
    Region { left, top, width: right - left, height: bottom - top }
}

/// `levels` with the longer side scaled to `side` pixels and the other in proportion, at least 1. The filter averages over
/// all the pixels that fall together, so that thin strokes fade instead of breaking up.
pub(super) fn scaled(levels: &GrayImage, side: u32) -> GrayImage {
    let longest = levels.width().max(levels.height()).max(1);
    let length = |old: u32| {
        (((u64::from(old) * u64::from(side) * 2 + u64::from(longest)) / (2 * u64::from(longest))) as u32).max(1)
    };
    resized(levels, (length(levels.width()), length(levels.height())))
}

/// A copy of `levels` whose longer side has at most `side` pixels, the other in proportion, at least 1: averages.
pub(super) fn coarse(levels: &GrayImage, side: u32) -> GrayImage {
    let (width, height) = levels.dimensions();
    let longest = width.max(height).max(1);
    let length = |old: u32| ((u64::from(old) * u64::from(side.min(longest)) / u64::from(longest)) as u32).max(1);
    imageops::thumbnail(levels, length(width), length(height))
}

/// `levels` with this width and height, by the same filter.
pub(super) fn resized(levels: &GrayImage, (width, height): (u32, u32)) -> GrayImage {
    imageops::resize(levels, width, height, FilterType::CatmullRom)
}
