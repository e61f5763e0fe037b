//! Finding the ink of a picture, and the digit in the ink.

use image::GrayImage;
use imageproc::distance_transform::Norm;
use imageproc::morphology::dilate;

use super::background::{self, Background};
use super::problem::{MIN_CONTRAST, Problem};
use super::{components, histogram, rules, sheet};

/// The polarity of a picture: ink darker or lighter than its background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polarity {
    /// Dark ink on a light background, as on paper.
    DarkOnLight,
    /// Light ink on a dark background, as in MNIST.
    LightOnDark,
}

impl Polarity {
    fn other(self) -> Self {
        if self == Self::DarkOnLight { Self::LightOnDark } else { Self::DarkOnLight }
    }
}

/// As a phrase: "dark on light".
impl std::fmt::Display for Polarity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::DarkOnLight => "dark on light",
            Self::LightOnDark => "light on dark",
        })
    }
}

/// Ink from here on counts for the bounding box, an eighth of the full ink. At half of it, faint outer edges that belong
/// to MNIST's boxes would be cut off, and MNIST's own digits would grow; at 8, the ripples that JPEG makes around a stroke
/// would widen the box and the digits shrink. At 32, 99 % of MNIST's test digits keep their size.
const BOX_LEVEL: u8 = 32;
/// The threshold under uneven light: the edges of shadows are fainter than this.
const UNEVEN_LEVEL: u8 = 105;
/// One pixel in this many may be darker than full ink: a speck.
const SPECKS: usize = 5000;

/// A digit, or a line of digits, found in a picture.
pub(super) struct Ink {
    /// The amount of ink at each pixel, 0 to 255.
    pub(super) strength: GrayImage,
    /// 255 where it is, 0 elsewhere.
    pub(super) mask: GrayImage,
    /// The polarity of the ink.
    pub(super) polarity: Polarity,
}

impl Ink {
    /// Removes the ink outside the mask and its grey edges.
    fn clean(mut self) -> Self {
        let edge = 1 + self.mask.width().max(self.mask.height()) / 200;
        let near = dilate(&self.mask, Norm::LInf, edge as u8);
        for (level, near) in self.strength.iter_mut().zip(near.iter()) {
            if *near == 0 {
                *level = 0;
            }
        }
        self
    }
}

/// Takes unwanted ink out of a mask, judging by the strength of the ink, and scores the rest: 0 if nothing is left.
type Keep = fn(&mut GrayImage, &GrayImage) -> u64;

pub(super) fn find(levels: &GrayImage) -> Result<Ink, Problem> {
    find_what(levels, components::keep_digit, sheet::ONE_DIGIT)
}

pub(super) fn find_line(levels: &GrayImage) -> Result<Ink, Problem> {
    find_what(levels, components::keep_line, sheet::LINE)
}

/// Finds what is written in a picture of grey levels: on a sheet of paper, if there is one that lies on something darker and has
/// sides of this ratio at least.
fn find_what(levels: &GrayImage, keep: Keep, ratio: f64) -> Result<Ink, Problem> {
    let border = border(levels);
    let on_sheet = sheet::find(levels, &border, ratio).and_then(|sheet| find_on(levels, &sheet, keep).ok());
    on_sheet.map_or_else(|| find_anywhere(levels, &border, keep), Ok)
}

/// Finds what is written, dark, on the part of the picture that is 255 in `sheet`.
fn find_on(levels: &GrayImage, sheet: &GrayImage, keep: Keep) -> Result<Ink, Problem> {
    let (paper, background) = only_sheet(levels, sheet);
    candidate(&paper, &background, Polarity::DarkOnLight, &border(&paper), keep).map(|(ink, _)| ink.clean())
}

/// The picture with blank paper in place of what is not on the sheet, 255 in `sheet`; and the background.
pub(super) fn only_sheet(levels: &GrayImage, sheet: &GrayImage) -> (GrayImage, Background) {
    let background = Background::uneven(levels, Some(sheet));
    let mut paper = background.levels.clone();
    for ((paper, level), sheet) in paper.iter_mut().zip(levels.iter()).zip(sheet.iter()) {
        if *sheet > 0 {
            *paper = *level;
        }
    }
    (paper, background)
}

/// Finds what is written in the whole picture.
///
/// On a plain background ink is what strays furthest from it. If the border is of several levels, it may be that the light is
/// uneven, or that the digit lies on the border: both are tried, the former with both polarities, because a bright corner of
/// the paper may be further from its shadow than any ink, and what looks most like a digit wins.
fn find_anywhere(levels: &GrayImage, border: &[u8], keep: Keep) -> Result<Ink, Problem> {
    if border.is_empty() {
        return Err(Problem::Empty);
    }
    let plain = Background::plain(border, levels.dimensions());
    let found = candidate(levels, &plain, polarity(levels, &plain), border, keep);
    if background::is_plain(border) {
        return found.map(|(ink, _)| ink.clean());
    }
    let uneven = Background::uneven(levels, None);
    let likely = polarity(levels, &uneven);
    let others = [likely, likely.other()].map(|polarity| candidate(levels, &uneven, polarity, border, keep));
    let better = |one: Result<(Ink, u64), Problem>, other: Result<(Ink, u64), Problem>| match (&one, &other) {
        (Ok((_, weight)), Ok((_, more))) if more > weight => other,
        (Err(_), Ok(_)) => other,
        _ => one,
    };
    others.into_iter().fold(found, better).map(|(ink, _)| ink.clean())
}

/// The ink of this polarity, and its score. `border` has the levels of the border, sorted.
fn candidate(
    levels: &GrayImage,
    background: &Background,
    polarity: Polarity,
    border: &[u8],
    keep: Keep,
) -> Result<(Ink, u64), Problem> {
    let contrast = contrast(levels, background, polarity);
    // The rest of a slope of light is not ink.
    if contrast < MIN_CONTRAST || 3 * u32::from(contrast) < spread(border) {
        return Err(no_ink(border, contrast));
    }
    let strayed = strayed(levels, background, polarity);
    let drop = towards_ink(strayed.clone(), levels, background, polarity);
    // An uneven background is known least at the border.
    let grain = if background.plain { self::border(&strayed) } else { strayed.into_raw() };
    let variation = 4 * u32::from(histogram::median(&grain));
    let full = full_ink(&drop);
    if 2 * u32::from(full) < 3 * variation {
        return Err(Problem::Uneven { variation: variation.min(255), contrast: full });
    }
    let strength = rescaled(drop, variation, full.into());
    let least = if background.plain { BOX_LEVEL } else { UNEVEN_LEVEL };
    let mut mask = strength.clone();
    mask.iter_mut().for_each(|level| *level = if *level >= least { 255 } else { 0 });
    rules::remove(&mut mask);
    let weight = keep(&mut mask, &strength);
    if weight == 0 {
        return Err(no_ink(border, contrast));
    }
    Ok((Ink { strength, mask, polarity }, weight * u64::from(full)))
}

/// The levels along the border, each pixel once, sorted.
pub(super) fn border(levels: &GrayImage) -> Vec<u8> {
    let (width, height) = levels.dimensions();
    let rows = (0..height).flat_map(|y| {
        let inner = y > 0 && y + 1 < height && width > 1;
        let columns = (0..width).step_by(if inner { width as usize - 1 } else { 1 });
        columns.map(move |x| levels.get_pixel(x, y).0[0])
    });
    let mut border: Vec<u8> = rows.collect();
    border.sort_unstable();
    border
}

/// Four times the median deviation of sorted levels: the whole of an even slope, or 2.7 standard deviations of grain.
fn spread(sorted: &[u8]) -> u32 {
    let middle = sorted[(sorted.len() - 1) / 2];
    4 * u32::from(histogram::median(&sorted.iter().map(|level| level.abs_diff(middle)).collect::<Vec<u8>>()))
}

pub(super) fn no_ink(border: &[u8], contrast: u8) -> Problem {
    let variation = spread(border);
    if variation >= u32::from(MIN_CONTRAST) {
        Problem::Uneven { variation: variation.min(255), contrast }
    } else {
        Problem::NoInk { contrast }
    }
}

/// The level of each pixel and of the paper there.
fn pairs(levels: &GrayImage, background: &Background) -> impl Iterator<Item = (u8, u8)> {
    levels.iter().copied().zip(background.levels.iter().copied())
}

/// The polarity of the pixels furthest from the background, by sums of squares: ink is rare and far from it.
pub(super) fn polarity(levels: &GrayImage, background: &Background) -> Polarity {
    let squares = |difference: fn(u8, u8) -> u8| {
        pairs(levels, background).map(|(level, paper)| u64::from(difference(level, paper)).pow(2)).sum::<u64>()
    };
    let (dark, light) = (squares(|level, paper| paper.saturating_sub(level)), squares(u8::saturating_sub));
    if dark >= light { Polarity::DarkOnLight } else { Polarity::LightOnDark }
}

/// The largest difference from the background towards ink.
fn contrast(levels: &GrayImage, background: &Background, polarity: Polarity) -> u8 {
    let difference = |(level, paper): (u8, u8)| match polarity {
        Polarity::DarkOnLight => paper.saturating_sub(level),
        Polarity::LightOnDark => level.saturating_sub(paper),
    };
    pairs(levels, background).map(difference).max().unwrap_or(0)
}

/// The share of the paper's light that is missing or added at each pixel, 0 to 255: a share, because a shadow takes the
/// same part from paper and ink. For light ink on a dark ground, black and white are exchanged.
pub(super) fn strayed(levels: &GrayImage, background: &Background, polarity: Polarity) -> GrayImage {
    let exchanged = |level: u8| if polarity == Polarity::DarkOnLight { level } else { 255 - level };
    let part = |(level, paper): (u8, u8)| {
        // In the deepest shadow grain would become ink.
        let light = f32::from(exchanged(paper).max(32));
        (255.0 * f32::from(level.abs_diff(paper)) / light) as u8
    };
    let parts = pairs(levels, background).map(part).collect();
    GrayImage::from_raw(levels.width(), levels.height(), parts).expect("one for each pixel")
}

/// Keeps the differences towards ink.
pub(super) fn towards_ink(
    mut strayed: GrayImage,
    levels: &GrayImage,
    background: &Background,
    polarity: Polarity,
) -> GrayImage {
    for (part, (level, paper)) in strayed.iter_mut().zip(pairs(levels, background)) {
        if (level < paper) != (polarity == Polarity::DarkOnLight) {
            *part = 0;
        }
    }
    strayed
}

/// The level that all pixels but one in [`SPECKS`] reach at most.
pub(super) fn full_ink(drop: &GrayImage) -> u8 {
    let counts = histogram::counts(drop.iter());
    let mut above = (drop.len() / SPECKS) as u32;
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
    let scaled = |level: u32| ((level.saturating_sub(variation) * 255 + range / 2) / range).min(255) as u8;
    let levels: [u8; 256] = std::array::from_fn(|level| scaled(level as u32));
    drop.iter_mut().for_each(|level| *level = levels[usize::from(*level)]);
    drop
}
