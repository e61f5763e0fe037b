//! Finding the ink of a picture, and the digit in the ink.

use image::{GrayImage, imageops};
use imageproc::distance_transform::Norm;
use imageproc::morphology::dilate;

use super::background::{self, Background, Kind};
use super::components::Margins;
use super::plausible::is_written;
use super::problem::Problem;
use super::scaling::{self, Region, bounds};
use super::selection::{self, Kept};
use super::{histogram, rules, sheet};

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

/// The least difference between ink and background that counts as ink: 10 % of the range of levels.
const MIN_CONTRAST: u8 = 26;
/// The least difference on clean ground.
const FAINT_CONTRAST: u8 = 8;
/// Nine tenths of the border within so many levels: clean ground.
const CLEAN: u8 = 2;
/// Ink from here on counts for the bounding box, an eighth of the full ink. At half of it, faint outer edges that belong
/// to MNIST's boxes would be cut off, and MNIST's own digits would grow; at 8, the ripples that JPEG makes around a stroke
/// would widen the box and the digits shrink. At 32, 99 % of MNIST's test digits keep their size.
const BOX_LEVEL: u8 = 32;
/// Paper that fills this part of both sides of the picture, and this part of its own rectangle, has a frame around it.
const SHEET: f64 = 0.7;
const FILLED: f64 = 0.75;
/// The least side of the paper in a frame, in pixels.
const LEAST_SHEET: u32 = 20;
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
    /// The characters that are seen, with those that were left out.
    pub(super) characters: usize,
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

/// Takes unwanted ink out of a mask, judging by the strength of the ink, and scores the rest; `None` if nothing is left.
type Keep = fn(&mut GrayImage, &GrayImage, Margins) -> Option<Kept>;

pub(super) fn find(levels: &GrayImage) -> Result<Ink, Problem> {
    find_what(levels, selection::keep_digit, sheet::ONE_DIGIT)
}

pub(super) fn find_line(levels: &GrayImage) -> Result<Ink, Problem> {
    find_what(levels, selection::keep_line, sheet::LINE)
}

/// Finds what is written in a picture of grey levels: on a sheet of paper, if there is one that lies on something darker and has
/// sides of this ratio at least.
fn find_what(levels: &GrayImage, keep: Keep, ratio: f64) -> Result<Ink, Problem> {
    let border = border(levels);
    let sheet = sheet::find(levels, &border, ratio).filter(|_| !is_cut_writing(levels, &border, keep));
    let on_sheet = sheet.and_then(|sheet| find_on(levels, &sheet, keep).ok());
    on_sheet.map_or_else(|| find_anywhere(levels, &border, keep), Ok)
}

/// True if a picture of two levels shows strokes that fill it: it is a digit that was cut to its ink, and no sheet.
fn is_cut_writing(levels: &GrayImage, border: &[u8], keep: Keep) -> bool {
    let paper = Background::of_two_levels(levels, border).next();
    let found = paper.and_then(|paper| candidate(levels, &paper, polarity(levels, &paper), border, keep).ok());
    let is_cut = |ink: &Ink| {
        bounds(&ink.mask)
            .is_some_and(|ink| scaling::fills(ink.width, levels.width()) && scaling::fills(ink.height, levels.height()))
    };
    found.is_some_and(|(ink, _)| is_cut(&ink) && is_written(&ink.mask, &ink.strength))
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
    for background in Background::of_two_levels(levels, border) {
        let found = candidate(levels, &background, polarity(levels, &background), border, keep);
        let ink = found.map(|(ink, _)| ink.clean());
        if let Some(paper) = ink.as_ref().ok().and_then(|ink| paper_in_a_frame(&ink.mask)) {
            return find_within(levels, paper, keep);
        }
        if ink.as_ref().is_ok_and(|ink| is_written(&ink.mask, &ink.strength)) {
            return ink;
        }
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

/// The paper, if what seems to be ink is a sheet that fills most of the picture, and the picture's border a frame around it: its inner part.
fn paper_in_a_frame(mask: &GrayImage) -> Option<Region> {
    let Region { left, top, width, height } = bounds(mask)?;
    let (columns, rows) = mask.dimensions();
    let fills = |part: u32, whole: u32| f64::from(part) >= SHEET * f64::from(whole);
    let inked = mask.iter().filter(|level| **level > 0).count() as f64;
    let is_inside = left > 0 && top > 0 && left + width < columns && top + height < rows;
    let is_filled = inked >= FILLED * f64::from(width) * f64::from(height);
    // The edges of the frame are soft.
    let edge = 1 + width.min(height) / 50;
    let inner = Region {
        left: left + edge,
        top: top + edge,
        width: width - 2 * edge.min(width / 2),
        height: height - 2 * edge.min(height / 2),
    };
    (is_inside
        && is_filled
        && fills(width, columns)
        && fills(height, rows)
        && inner.width.min(inner.height) >= LEAST_SHEET)
        .then_some(inner)
}

/// Finds what is written in a part of the picture.
fn find_within(levels: &GrayImage, region: Region, keep: Keep) -> Result<Ink, Problem> {
    let Region { left, top, width, height } = region;
    let part = imageops::crop_imm(levels, left, top, width, height).to_image();
    let ink = find_anywhere(&part, &border(&part), keep)?;
    let in_place = |part: &GrayImage| {
        let mut whole = GrayImage::new(levels.width(), levels.height());
        imageops::replace(&mut whole, part, left.into(), top.into());
        whole
    };
    Ok(Ink { strength: in_place(&ink.strength), mask: in_place(&ink.mask), ..ink })
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
    let is_paper = |level: &u8| !matches!(&background.kind, Kind::TwoLevels(paper) if !paper.contains(level));
    let border = &border.iter().copied().filter(is_paper).collect::<Vec<u8>>();
    // The rest of a slope of light is not ink.
    if contrast < least_contrast(border) || 3 * u32::from(contrast) < spread(border) {
        return Err(no_ink(border, contrast));
    }
    let strayed = strayed(levels, background, polarity);
    let drop = towards_ink(strayed.clone(), levels, background, polarity);
    // An uneven background is known least at the border.
    let grain = match &background.kind {
        Kind::Plain => self::border(&strayed),
        Kind::TwoLevels(paper) => {
            let is_paper = |&(x, y): &(u32, u32)| paper.contains(&levels.get_pixel(x, y).0[0]);
            places_of_border(levels).filter(is_paper).map(|(x, y)| strayed.get_pixel(x, y).0[0]).collect()
        }
        Kind::Uneven => strayed.into_raw(),
    };
    let variation = 4 * u32::from(histogram::median(&grain));
    let full = full_ink(&drop);
    if 2 * u32::from(full) < 3 * variation {
        return Err(Problem::Uneven { variation: variation.min(255), contrast: full });
    }
    let strength = rescaled(drop, variation, full.into());
    let least = if background.kind == Kind::Uneven { UNEVEN_LEVEL } else { BOX_LEVEL };
    let mut mask = strength.clone();
    mask.iter_mut().for_each(|level| *level = if *level >= least { 255 } else { 0 });
    rules::remove(&mut mask);
    let margins = if matches!(background.kind, Kind::TwoLevels(_)) { Margins::MayBeCut } else { Margins::Around };
    let Some(Kept { weight, characters }) = keep(&mut mask, &strength, margins) else {
        return Err(no_ink(border, contrast));
    };
    Ok((Ink { strength, mask, polarity, characters }, weight * u64::from(full)))
}

/// The places along the border, each once.
fn places_of_border(levels: &GrayImage) -> impl Iterator<Item = (u32, u32)> + use<> {
    let (width, height) = levels.dimensions();
    (0..height).flat_map(move |y| {
        let inner = y > 0 && y + 1 < height && width > 1;
        let columns = (0..width).step_by(if inner { width as usize - 1 } else { 1 });
        columns.map(move |x| (x, y))
    })
}

/// The levels along the border, sorted.
pub(super) fn border(levels: &GrayImage) -> Vec<u8> {
    let mut border: Vec<u8> = places_of_border(levels).map(|(x, y)| levels.get_pixel(x, y).0[0]).collect();
    border.sort_unstable();
    border
}

/// Four times the median deviation of sorted levels: the whole of an even slope, or 2.7 standard deviations of grain.
fn spread(sorted: &[u8]) -> u32 {
    let middle = sorted[(sorted.len() - 1) / 2];
    4 * u32::from(histogram::median(&sorted.iter().map(|level| level.abs_diff(middle)).collect::<Vec<u8>>()))
}

/// The least difference between ink and background, given the sorted levels of the border: on clean ground faint ink is ink.
fn least_contrast(border: &[u8]) -> u8 {
    let part = |twentieths: usize| border[(border.len() - 1) * twentieths / 20];
    if part(19) - part(1) <= CLEAN { FAINT_CONTRAST } else { MIN_CONTRAST }
}

pub(super) fn no_ink(border: &[u8], contrast: u8) -> Problem {
    let variation = spread(border);
    if variation >= u32::from(MIN_CONTRAST) {
        Problem::Uneven { variation: variation.min(255), contrast }
    } else {
        Problem::NoInk { contrast, least: least_contrast(border) }
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
