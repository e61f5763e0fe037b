//! Rows of characters as people write them, cut into more pieces than there are characters.
//!
//! Heuristic over-segmentation (section V-A of the paper): ink is found by a local threshold, printed lines and boxes are taken out, and each
//! connected piece of ink is cut where a path from its top to its bottom crosses little ink. A *candidate* is one piece or some neighbouring
//! ones together: a character if the cuts within it are none. Which candidates are characters, a network decides
//! (`applications::segmentation`).

mod blobs;
mod candidates;
mod cuts;
mod local;
mod rows;
mod straight;

pub use candidates::{Candidate, Content, Mark, Row};

use image::GrayImage;

use self::blobs::Blob;
use super::ink::Polarity;
use super::problem::Problem;
use super::scaling::{coarse, enlarged, resized};

/// Larger pictures are averaged down to this many pixels a side.
const WORKING_SIDE: u32 = 1280;
/// Pictures with a shorter side than this are enlarged, at most so many times.
const LEAST_SIDE: u32 = 120;
const MOST_TIMES: u32 = 4;
/// The least and the largest size of a piece, in heights of a usual character.
const LEAST: f64 = 0.07;
const LARGEST: f64 = 3.2;
/// The part of the pieces that a usual character is as high as, and a higher one: printed lines must be longer than that.
const MIDDLE: f64 = 0.5;
const HIGH: f64 = 0.65;
/// The most pieces of a picture; those beyond, the smallest, are dirt.
const MOST: usize = 400;

/// What is written in a picture, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The rows, from top to bottom, at least one.
    pub rows: Vec<Row>,
    /// The polarity of the ink.
    pub polarity: Polarity,
    /// Width and height of the original, in pixels.
    pub size: (u32, u32),
}

impl Written {
    /// What is written in a picture of grey levels from 0, black, to 255, white.
    ///
    /// # Errors
    /// [`Problem`] if the picture has no pixels, no ink or too uneven a background.
    pub fn from_gray(levels: &GrayImage) -> Result<Self, Problem> {
        let size = levels.dimensions();
        let levels = &at_working_size(levels);
        let mut drop = local::find(levels, levels.width() <= size.0)?;
        let from = levels.dimensions();
        let (mut strength, mut mask) = drop.ink();
        let mut height = high(&mask, &strength).ok_or_else(|| drop.nothing_written())?;
        // What is printed may be stronger than what is written, which is then weighed anew.
        let gone = straight::remove(&mut mask, height);
        if gone.iter().any(|level| *level > 0) {
            drop.remove(&gone, &mask);
            (strength, mask) = drop.ink();
            height = high(&mask, &strength).ok_or_else(|| drop.nothing_written())?;
            straight::remove(&mut mask, height);
        }
        let (labels, found) = blobs::find(&mask, &strength);
        let height = blobs::height(&found, from, MIDDLE).ok_or_else(|| drop.nothing_written())?;
        let kept = sensible(found, height);
        let rows = rows::find(kept, height);
        let mut rows: Vec<Row> = rows.iter().map(|row| candidates::row(&labels, &strength, row, height)).collect();
        for row in &mut rows {
            row.region = enlarged(row.region, from, size);
            for candidate in &mut row.candidates {
                candidate.region = enlarged(candidate.region, from, size);
            }
        }
        if rows.is_empty() {
            return Err(drop.nothing_written());
        }
        Ok(Self { rows, polarity: drop.polarity, size })
    }
}

/// The picture at a size at which strokes are some pixels wide and paths between characters can be told: larger ones averaged down,
/// smaller ones enlarged.
fn at_working_size(levels: &GrayImage) -> GrayImage {
    let (width, height) = levels.dimensions();
    let (shorter, longer) = (width.min(height), width.max(height));
    if longer > WORKING_SIDE {
        return coarse(levels, WORKING_SIDE);
    }
    let times = LEAST_SIDE.div_ceil(shorter.max(1)).min(MOST_TIMES).min(WORKING_SIDE / longer.max(1)).max(1);
    if times > 1 { resized(levels, (width * times, height * times)) } else { levels.clone() }
}

/// The height of the higher characters in this ink.
fn high(mask: &GrayImage, strength: &GrayImage) -> Option<f64> {
    let (_, found) = blobs::find(mask, strength);
    blobs::height(&found, mask.dimensions(), HIGH)
}

/// The pieces that may be characters, marks or parts of them.
fn sensible(mut blobs: Vec<Blob>, height: f64) -> Vec<Blob> {
    blobs.retain(|blob| {
        let size = f64::from(blob.width().max(blob.height()));
        let along_border = 3 * blob.on_border > blob.pixels;
        let fits = size >= LEAST * height && f64::from(blob.height()) <= LARGEST * height;
        fits && !along_border && !blob.is_object(height)
    });
    blobs.sort_by_key(|blob| std::cmp::Reverse(blob.pixels));
    blobs.truncate(MOST);
    blobs
}
