//! What of a picture is ink, and what of the ink is the digit.

use image::{GrayImage, Luma};
use imageproc::distance_transform::Norm;
use imageproc::morphology::dilate;

use super::background::{self, Background};
use super::{MIN_CONTRAST, Polarity, Problem, components, rules};

/// Ink from here on counts for the bounding box, an eighth of the full ink. At half of it, faint outer edges that belong
/// to MNIST's boxes would be cut off, and MNIST's own digits would grow; at 8, the ripples that JPEG makes around a stroke
/// would widen the box and the digits shrink. At 32, 99 % of MNIST's test digits keep their size.
const BOX_LEVEL: u8 = 32;
/// The same where the light is uneven: the edges of shadows are fainter than this.
const UNEVEN_LEVEL: u8 = 105;
/// One pixel in so many may be darker than full ink: specks.
const SPECKS: usize = 5000;

/// What is written in a picture: a digit, or a line of them.
pub(super) struct Ink {
    /// How much of its ink each pixel has, 0 to 255.
    pub(super) strength: GrayImage,
    /// 255 where it is, 0 elsewhere.
    pub(super) mask: GrayImage,
    /// What is ink.
    pub(super) polarity: Polarity,
}

/// What of all the ink is wanted: takes the rest out of a mask, by the strength of the ink, and says how well what is left looks,
/// 0 if nothing is.
type Keep = fn(&mut GrayImage, &GrayImage) -> u64;

/// Finds the digit in a picture of grey levels.
pub(super) fn find(levels: &GrayImage) -> Result<Ink, Problem> {
    find_what(levels, components::keep_digit)
}

/// Finds a line of characters in a picture of grey levels.
pub(super) fn find_line(levels: &GrayImage) -> Result<Ink, Problem> {
    find_what(levels, components::keep_line)
}

/// Finds what is written in a picture of grey levels.
///
/// On a plain background ink is what strays furthest from it. If the border is of several levels, it may be that the light is
/// uneven, or that the digit lies on the border: both are tried, the former with both polarities, because a bright corner of
/// the paper may be further from its shadow than any ink, and what looks most like a digit wins.
fn find_what(levels: &GrayImage, keep: Keep) -> Result<Ink, Problem> {
    let mut border = border(levels);
    border.sort_unstable();
    if border.is_empty() {
        return Err(Problem::Empty);
    }
    let plain = Background::plain(&border);
    let found = candidate(levels, &plain, polarity(levels, &plain), &border, keep);
    if background::is_plain(&border) {
        return found.map(|(ink, _)| ink);
    }
    let uneven = Background::uneven(levels);
    let likely = polarity(levels, &uneven);
    let others = [likely, likely.other()].map(|polarity| candidate(levels, &uneven, polarity, &border, keep));
    let better = |one: Result<(Ink, u64), Problem>, other: Result<(Ink, u64), Problem>| match (&one, &other) {
        (Ok((_, weight)), Ok((_, more))) if more > weight => other,
        (Err(_), Ok(_)) => other,
        _ => one,
    };
    others.into_iter().fold(found, better).map(|(ink, _)| ink)
}

/// What is written, if ink is of this polarity, and how much it looks like that. `border` has the levels of the border, sorted.
fn candidate(
    levels: &GrayImage,
    background: &Background,
    polarity: Polarity,
    border: &[u8],
    keep: Keep,
) -> Result<(Ink, u64), Problem> {
    let contrast = contrast(levels, background, polarity);
    // What is left of a slope of light is no ink.
    if contrast < MIN_CONTRAST || 3 * u32::from(contrast) < spread(border) {
        return Err(no_ink(border, contrast));
    }
    let drop = drop(levels, background, polarity);
    let strayed = strayed(levels, background, polarity);
    // An uneven background is known least at the border.
    let mut grain = if background.is_plain() { self::border(&strayed) } else { strayed.into_raw() };
    let variation = 4 * median(&mut grain);
    let full = full_ink(&drop);
    if 2 * u32::from(full) < 3 * variation {
        return Err(Problem::Uneven { variation, contrast: full });
    }
    let strength = rescaled(drop, variation, full.into());
    let least = if background.is_plain() { BOX_LEVEL } else { UNEVEN_LEVEL };
    let mut mask = GrayImage::from_fn(levels.width(), levels.height(), |x, y| {
        Luma([if strength.get_pixel(x, y).0[0] >= least { 255 } else { 0 }])
    });
    rules::remove(&mut mask);
    let weight = keep(&mut mask, &strength);
    if weight == 0 {
        return Err(no_ink(border, contrast));
    }
    Ok((Ink { strength: within(strength, &mask), mask, polarity }, weight * u64::from(full)))
}

/// The levels along the border, each pixel once.
fn border(levels: &GrayImage) -> Vec<u8> {
    let (width, height) = levels.dimensions();
    let rows = (0..height).flat_map(|y| {
        let inner = y > 0 && y + 1 < height && width > 1;
        let columns = (0..width).step_by(if inner { width as usize - 1 } else { 1 });
        columns.map(move |x| levels.get_pixel(x, y).0[0])
    });
    rows.collect()
}

/// Four times the median deviation of sorted levels: the whole of an even slope, or 2.7 standard deviations of grain.
fn spread(sorted: &[u8]) -> u32 {
    let middle = sorted[(sorted.len() - 1) / 2];
    4 * median(&mut sorted.iter().map(|level| level.abs_diff(middle)).collect::<Vec<u8>>())
}

/// The middle one of `levels` (the lower of two middle ones), which it reorders; 0 if there are none.
fn median(levels: &mut [u8]) -> u32 {
    let middle = levels.len().saturating_sub(1) / 2;
    if levels.is_empty() { 0 } else { u32::from(*levels.select_nth_unstable(middle).1) }
}

fn no_ink(border: &[u8], contrast: u8) -> Problem {
    let variation = spread(border);
    if variation >= u32::from(MIN_CONTRAST) {
        Problem::Uneven { variation, contrast }
    } else {
        Problem::NoInk { contrast }
    }
}

/// What strays further from the background, in squares: ink is rare and far from it.
fn polarity(levels: &GrayImage, background: &Background) -> Polarity {
    let (mut dark, mut light) = (0_u64, 0_u64);
    for (x, y, level) in levels.enumerate_pixels() {
        let paper = background.at(x, y);
        let square = u64::from(level.0[0].abs_diff(paper)).pow(2);
        if level.0[0] < paper { dark += square } else { light += square }
    }
    if dark >= light { Polarity::DarkOnLight } else { Polarity::LightOnDark }
}

/// The largest difference from the background towards ink.
fn contrast(levels: &GrayImage, background: &Background, polarity: Polarity) -> u8 {
    let difference = |(x, y, level): (u32, u32, &Luma<u8>)| match polarity {
        Polarity::DarkOnLight => background.at(x, y).saturating_sub(level.0[0]),
        Polarity::LightOnDark => level.0[0].saturating_sub(background.at(x, y)),
    };
    levels.enumerate_pixels().map(difference).max().unwrap_or(0)
}

/// How much of the paper's light is missing, 0 to 255 for all of it: a shadow takes the same part from paper and ink. Of light
/// ink on a dark ground, the same with black and white exchanged.
fn drop(levels: &GrayImage, background: &Background, polarity: Polarity) -> GrayImage {
    against(levels, background, polarity, u8::saturating_sub)
}

/// The same, whether light is missing or there is more of it.
fn strayed(levels: &GrayImage, background: &Background, polarity: Polarity) -> GrayImage {
    against(levels, background, polarity, u8::abs_diff)
}

fn against(levels: &GrayImage, background: &Background, polarity: Polarity, difference: fn(u8, u8) -> u8) -> GrayImage {
    let exchanged = |level: u8| if polarity == Polarity::DarkOnLight { level } else { 255 - level };
    GrayImage::from_fn(levels.width(), levels.height(), |x, y| {
        let paper = exchanged(background.at(x, y));
        let missing = difference(paper, exchanged(levels.get_pixel(x, y).0[0]));
        // In the deepest shadow grain would become ink.
        Luma([(255 * u32::from(missing) / u32::from(paper.max(32))).min(255) as u8])
    })
}

/// What all but a few pixels are at most.
fn full_ink(drop: &GrayImage) -> u8 {
    let mut counts = [0_usize; 256];
    drop.iter().for_each(|level| counts[usize::from(*level)] += 1);
    let mut above = drop.len() / SPECKS;
    let stays = |level: &usize| {
        let enough = counts[*level] > above;
        above = above.saturating_sub(counts[*level]);
        enough
    };
    (0..256).rev().find(stays).unwrap_or(0) as u8
}

/// `variation` becomes 0 and `full` 255.
fn rescaled(mut drop: GrayImage, variation: u32, full: u32) -> GrayImage {
    let range = full.saturating_sub(variation).max(1);
    for level in drop.iter_mut() {
        *level = ((u32::from(*level).saturating_sub(variation) * 255 + range / 2) / range).min(255) as u8;
    }
    drop
}

/// The ink in the mask and at its grey edges.
fn within(mut strength: GrayImage, mask: &GrayImage) -> GrayImage {
    let edge = 1 + mask.width().max(mask.height()) / 200;
    let near = dilate(mask, Norm::LInf, edge as u8);
    for (level, near) in strength.iter_mut().zip(near.iter()) {
        if *near == 0 {
            *level = 0;
        }
    }
    strength
}
