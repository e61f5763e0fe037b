//! A user's picture of a line of characters, made into the strip that a scanner reads.

use std::ops::Range;

use image::{GrayImage, imageops};

use super::ink::{self, Ink, Polarity};
use super::problem::Problem;
use super::scaling::{BOX, Region, bounds, coarse, enlarged, resized};

/// Rows of the strip: those of the network's input.
pub const LINE_HEIGHT: usize = 32;
/// Empty columns at either end: the middle of the narrowest character is then as far from the edge as that of a window.
const MARGIN: usize = 14;
/// The most columns of a strip, and the most pixels a side of the picture that it is taken from; larger ones are averaged down.
const MAX_WIDTH: u32 = 4096;
/// Ink from here on makes a column part of a character.
const LEVEL: u8 = 96;

/// A line of characters, its characters about 20 rows high in a strip of [`LINE_HEIGHT`] rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// `LINE_HEIGHT * width` levels, row by row; 0 is background, 255 the strongest ink.
    pub pixels: Vec<u8>,
    /// Columns of the strip, a whole number of [strides](crate::data::flanked::STRIDE).
    pub width: usize,
    /// The polarity of the ink.
    pub polarity: Polarity,
    /// The rectangle of the ink in the original.
    pub ink: Region,
    /// Width and height of the original, in pixels.
    pub size: (u32, u32),
}

impl Line {
    /// The line in a picture of grey levels from 0, black, to 255, white. Characters are as high as the median of what empty columns
    /// separate, whatever stands out above or below.
    ///
    /// # Errors
    /// [`Problem`] if the picture has no pixels, no ink or too uneven a background.
    pub fn from_gray(levels: &GrayImage) -> Result<Self, Problem> {
        let size = levels.dimensions();
        let small = (size.0.max(size.1) > MAX_WIDTH).then(|| coarse(levels, MAX_WIDTH));
        let Ink { strength: ink, mask, polarity, .. } = ink::find_line(small.as_ref().unwrap_or(levels))?;
        let region = bounds(&mask).ok_or(Problem::Empty)?;
        let (top, height) = characters(&ink, region);
        let scale = f64::from(BOX as u32) / f64::from(height);
        let length = |old: u32| (f64::from(old) * scale).round().clamp(1.0, f64::from(MAX_WIDTH)) as u32;
        let cut = imageops::crop_imm(&ink, region.left, region.top, region.width, region.height).to_image();
        let strip = resized(&cut, (length(region.width), length(region.height)));

        let width = (strip.width() as usize + 2 * MARGIN).next_multiple_of(crate::data::flanked::STRIDE);
        let mut pixels = vec![0; LINE_HEIGHT * width];
        let strongest = u32::from(strip.iter().copied().max().unwrap_or(0)).max(1);
        // The first row of the characters goes where it is for one that is centred alone.
        let first = (LINE_HEIGHT - BOX) as i64 / 2 - ((f64::from(top) - f64::from(region.top)) * scale).round() as i64;
        for (x, y, level) in strip.enumerate_pixels() {
            let row = first + i64::from(y);
            if (0..LINE_HEIGHT as i64).contains(&row) {
                let at = row as usize * width + MARGIN + x as usize;
                pixels[at] = (u32::from(level.0[0]) * 255 / strongest) as u8;
            }
        }
        Ok(Self { pixels, width, polarity, ink: enlarged(region, ink.dimensions(), size), size })
    }

    /// Columns `left` to `right` of the strip as columns of the original, cut at its edges.
    pub fn columns_of_original(&self, left: usize, right: usize) -> (u32, u32) {
        let inner = (self.width - 2 * MARGIN).max(1) as f64;
        let place = |column: usize| {
            let x = (column as f64 - MARGIN as f64) * f64::from(self.ink.width) / inner + f64::from(self.ink.left);
            x.round().clamp(0.0, f64::from(self.size.0)) as u32
        };
        (place(left), place(right))
    }

    /// The columns of the strip that hold the ink of each character, given the middles of the characters from left to right. Two
    /// neighbours are parted where between their middles there is least ink. Empty for a character without ink.
    ///
    /// ```
    /// # use lenet5::picture::Line;
    /// // Two upright bars on white paper, 6 wide and 60 high.
    /// let inked = |x, y| (20..80).contains(&y) && [20..26, 60..66].iter().any(|bar| bar.contains(&x));
    /// let paper = image::GrayImage::from_fn(90, 100, |x, y| image::Luma([if inked(x, y) { 0 } else { 255 }]));
    /// let line = Line::from_gray(&paper).unwrap();
    /// // They become 2 wide and 13 apart, after a margin of 14.
    /// assert_eq!(line.ink_columns(&[15, 28]), [14..16, 27..29]);
    /// ```
    pub fn ink_columns(&self, middles: &[usize]) -> Vec<Range<usize>> {
        let column = |x: usize| self.pixels.iter().skip(x).step_by(self.width);
        let ink = |x: usize| column(x).map(|&level| u32::from(level)).sum::<u32>();
        // Of columns with equally little ink the one nearest to half way.
        let parted = |pair: &[usize]| {
            let cost = |x: &usize| (ink(*x), (2 * x).abs_diff(pair[0] + pair[1]));
            (pair[0]..=pair[1].max(pair[0])).min_by_key(cost).expect("at least one column")
        };
        let inner: Vec<usize> = middles.windows(2).map(parted).collect();
        let firsts = std::iter::once(0).chain(inner.iter().copied());
        let lasts = inner.iter().copied().chain(std::iter::once(self.width));
        let inked = |x: &usize| column(*x).any(|&level| level >= LEVEL);
        let own = |(first, last): (usize, usize)| {
            let from = (first..last).find(inked).unwrap_or(first);
            from..(from..last).rev().find(inked).map_or(from, |x| x + 1)
        };
        firsts.zip(lasts).take(middles.len()).map(own).collect()
    }
}

/// The first row and the number of rows of a usual character: the medians over the runs of columns with ink that are at least half
/// as high as the highest.
fn characters(ink: &GrayImage, region: Region) -> (u32, u32) {
    let rows = region.top..region.top + region.height;
    let extent = |x: u32| {
        let inked = || rows.clone().filter(|&y| ink.get_pixel(x, y).0[0] >= LEVEL);
        Some((inked().next()?, inked().next_back()?))
    };
    let mut runs: Vec<(u32, u32)> = Vec::new();
    let mut open = false;
    for found in (region.left..region.left + region.width).map(extent) {
        match (found, runs.last_mut()) {
            (Some((top, bottom)), Some(run)) if open => *run = (run.0.min(top), run.1.max(bottom)),
            (Some(run), _) => runs.push(run),
            (None, _) => {}
        }
        open = found.is_some();
    }
    let heights = || runs.iter().map(|(top, bottom)| bottom - top + 1);
    let highest = heights().max().unwrap_or(region.height);
    let tall = || runs.iter().copied().filter(|(top, bottom)| 2 * (bottom - top + 1) >= highest);
    let median = |values: &mut Vec<u32>| {
        values.sort_unstable();
        values.get(values.len() / 2).copied()
    };
    let height = median(&mut tall().map(|(top, bottom)| bottom - top + 1).collect());
    let middle = median(&mut tall().map(|(top, bottom)| (top + bottom).div_ceil(2)).collect());
    match (height, middle) {
        (Some(height), Some(middle)) => ((middle + 1).saturating_sub(height.div_ceil(2)), height),
        _ => (region.top, region.height),
    }
}
