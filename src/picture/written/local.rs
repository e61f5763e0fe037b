//! Ink by a local threshold: a pixel is ink if it strays from the paper by a good part of what the strongest ink near it does.

use image::imageops::{self, FilterType};
use image::{GrayImage, Luma};
use imageproc::distance_transform::Norm;
use imageproc::morphology::{dilate, open};

use super::super::background::{self, Background};
use super::super::ink::{self, Polarity};
use super::super::problem::Problem;
use super::super::{histogram, sheet};

/// The part of the strongest ink near a pixel from which on it is ink itself.
const PART: f32 = 0.35;
/// The least that the strongest ink near a pixel is taken for, as a part of the strongest in the picture: far from any ink there is only
/// grain.
const LEAST_PART: f32 = 0.25;
/// The least share of the paper's light that ink takes, of 255: what JPEG leaves around a stroke is less.
const LEAST: f32 = 8.0;
/// The least share that the strongest ink takes, of 255.
const LEAST_FULL: u8 = 16;
/// Near means within this part of the picture's shorter side.
const REACH: u32 = 5;
/// The longer side of the grid on which the strongest ink is looked up, in cells.
const CELLS: u32 = 96;

/// Ink thicker than one part in so many of the picture's shorter side is a shadow, or something dark that lies there.
const THICK: u32 = 12;
/// The background between the strokes is the median within one part in so many of the picture's longer side.
const PARTS: u32 = 10;

/// How far a picture strays from its paper towards ink.
pub(super) struct Drop {
    /// The share of the paper's light that is missing, or added, at each pixel, of 255.
    levels: GrayImage,
    /// The share that grain reaches.
    floor: f32,
    /// The share that the strongest ink takes.
    full: f32,
    pub(super) polarity: Polarity,
}

/// The ink in a picture of grey levels: on a sheet of paper, if there is one on something darker, else in the whole picture.
pub(super) fn find(levels: &GrayImage, may_have_sheet: bool) -> Result<Drop, Problem> {
    let border = ink::border(levels);
    if border.is_empty() {
        return Err(Problem::Empty);
    }
    let sheet = may_have_sheet.then(|| sheet::find(levels, &border, sheet::LINE)).flatten();
    let on_sheet = sheet.and_then(|sheet| {
        let (paper, background) = ink::only_sheet(levels, &sheet);
        drop(&paper, &background, Polarity::DarkOnLight).ok()
    });
    if let Some(found) = on_sheet {
        return Ok(found);
    }
    if background::is_plain(&border) {
        let background = Background::plain(&border, levels.dimensions());
        return drop(levels, &background, ink::polarity(levels, &background));
    }
    let background = Background::uneven(levels, None);
    let first = drop(levels, &background, ink::polarity(levels, &background))?;
    // Where ink is dense it darkens the median, and the light may fall off faster: once more, between the strokes.
    let (_, ink) = first.ink();
    let thick = open(&ink, Norm::LInf, (levels.width().min(levels.height()) / THICK).clamp(2, 255) as u8);
    let mut paper = dilate(&ink, Norm::LInf, 1);
    for (level, thick) in paper.iter_mut().zip(thick.iter()) {
        *level = if *thick > 0 { 255 } else { 255 - *level };
    }
    drop(levels, &Background::of_parts(levels, Some(&paper), PARTS), first.polarity)
}

fn drop(levels: &GrayImage, background: &Background, polarity: Polarity) -> Result<Drop, Problem> {
    let strayed = ink::strayed(levels, background, polarity);
    let drop = ink::towards_ink(strayed.clone(), levels, background, polarity);
    // Of grain, 2.7 standard deviations: away from the ink, where there is nothing else.
    let away: Vec<u8> =
        strayed.iter().zip(drop.iter()).filter(|(_, drop)| **drop == 0).map(|(strayed, _)| *strayed).collect();
    let variation = 4 * u32::from(histogram::median(&away));
    let full = ink::full_ink(&drop);
    if full < LEAST_FULL || 2 * u32::from(full) < 3 * variation {
        return Err(ink::no_ink(&ink::border(levels), full));
    }
    Ok(Drop { levels: drop, floor: (variation as f32).max(LEAST), full: full.into(), polarity })
}

impl Drop {
    /// The amount of ink at each pixel, 0 to 255, of the strongest near it; and a mask, 255 where it is ink and 0 elsewhere.
    pub(super) fn ink(&self) -> (GrayImage, GrayImage) {
        let (mut strength, mut mask) = (self.levels.clone(), self.levels.clone());
        let near = strongest_near(&strength);
        for ((level, inked), near) in strength.iter_mut().zip(mask.iter_mut()).zip(near.iter()) {
            let near = f32::from(*near).max(LEAST_PART * self.full);
            let zero = self.floor.min(0.3 * near);
            let amount = f32::from(*level);
            *inked = if amount >= self.floor.max(PART * near) { 255 } else { 0 };
            *level = (255.0 * (amount - zero) / (near - zero)).clamp(0.0, 255.0) as u8;
        }
        (strength, mask)
    }

    /// The reason why a picture is refused in which no ink looks written.
    pub(super) fn nothing_written(&self) -> Problem {
        Problem::Uneven { variation: self.floor as u32, contrast: self.full as u8 }
    }

    /// Takes away what is 255 in `gone` and its grey edges, but for what is 255 in `ink`.
    pub(super) fn remove(&mut self, gone: &GrayImage, ink: &GrayImage) {
        let edges = dilate(gone, Norm::LInf, 1);
        for ((level, edge), ink) in self.levels.iter_mut().zip(edges.iter()).zip(ink.iter()) {
            if *edge > 0 && *ink == 0 {
                *level = 0;
            }
        }
        self.full = f32::from(ink::full_ink(&self.levels));
    }
}

/// The largest level near each pixel, smoothed.
fn strongest_near(drop: &GrayImage) -> GrayImage {
    let (width, height) = drop.dimensions();
    let cell = width.max(height).div_ceil(CELLS).max(1);
    let mut grid = GrayImage::new(width.div_ceil(cell), height.div_ceil(cell));
    for (x, y, level) in drop.enumerate_pixels() {
        let most = &mut grid.get_pixel_mut(x / cell, y / cell).0[0];
        *most = (*most).max(level.0[0]);
    }
    let radius = (width.min(height) / REACH).div_ceil(cell);
    let along = largest_in_row(&grid, radius);
    let both = imageops::rotate270(&largest_in_row(&imageops::rotate90(&along), radius));
    imageops::resize(&both, width, height, FilterType::Triangle)
}

fn largest_in_row(levels: &GrayImage, radius: u32) -> GrayImage {
    let (width, height) = levels.dimensions();
    GrayImage::from_fn(width, height, |x, y| {
        let columns = x.saturating_sub(radius)..(x + radius + 1).min(width);
        Luma([columns.map(|x| levels.get_pixel(x, y).0[0]).max().unwrap_or(0)])
    })
}
