//! A picture of one digit, and the digit of MNIST that it becomes.

use image::{GrayImage, imageops};

use super::ink::{self, Ink, Polarity};
use super::problem::Problem;
use super::scaling::{Region, bounds, coarse, enlarged};
use super::stroke::{self, StrokeWidth};
use crate::data::centre_by_mass;

/// Width and height of the frame that the network sees, in pixels.
pub const FRAME: usize = 28;

/// Larger pictures are first averaged down to this many pixels a side: enough for any digit, and the averaging removes the
/// grain and specks of a photograph, which would otherwise count as ink far from the digit.
pub(super) const WORKING_SIDE: u32 = 512;

/// A picture of one digit as the network expects it, and what was found in the original.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// 28 x 28 levels, row by row from the top left; 0 is background, 255 the strongest ink.
    pub pixels: Vec<u8>,
    /// The polarity of the ink.
    pub polarity: Polarity,
    /// The rectangle of the ink in the original; for an original over 512 pixels a side, to the nearest 1/512 of that
    /// side.
    pub ink: Region,
    /// The width of the strokes, as drawn and as the network sees them.
    pub stroke: StrokeWidth,
    /// The characters that were seen, with this one. A network for single digits reads one of them.
    pub characters: usize,
    /// The digit's ink as a mask, 255 for ink and 0 elsewhere: the size of the original, or scaled to 512 pixels on its
    /// longer side.
    pub mask: GrayImage,
    /// Width of the original, in pixels.
    pub width: u32,
    /// Height of the original, in pixels.
    pub height: u32,
}

impl Picture {
    /// The digit in a picture of grey levels from 0, black, to 255, white.
    ///
    /// ```
    /// use lenet5::picture::{Picture, Polarity};
    /// // A vertical bar on white paper, 10 wide and 80 high.
    /// let paper = image::GrayImage::from_fn(100, 100, |x, y| {
    ///     image::Luma([if (20..30).contains(&x) && (10..90).contains(&y) { 0 } else { 255 }])
    /// });
    /// let picture = Picture::from_gray(&paper).unwrap();
    /// assert_eq!(picture.polarity, Polarity::DarkOnLight);
    /// assert_eq!((picture.ink.left, picture.ink.height), (20, 80));
    /// assert_eq!(picture.pixels[14 * 28 + 14], 255);
    /// assert_eq!(picture.pixels[0], 0);
    /// ```
    ///
    /// # Errors
    /// [`Problem`] if the picture has no pixels, no ink or too uneven a background.
    pub fn from_gray(levels: &GrayImage) -> Result<Self, Problem> {
        let (width, height) = levels.dimensions();
        let small = (width.max(height) > WORKING_SIDE).then(|| coarse(levels, WORKING_SIDE));
        let Ink { strength, mask, polarity, characters } = ink::find(small.as_ref().unwrap_or(levels))?;
        let region = bounds(&mask).ok_or(Problem::Empty)?;
        let cut = imageops::crop_imm(&strength, region.left, region.top, region.width, region.height).to_image();
        let (pixels, stroke) = framed(&cut);
        let ink = enlarged(region, mask.dimensions(), (width, height));
        Ok(Self { pixels, polarity, ink, stroke, characters, mask, width, height })
    }
}

/// Ink that was cut out, 0 to 255, as MNIST has it: scaled into the box of [`BOX`](super::BOX) pixels with its aspect kept, with strokes of
/// MNIST's width if its own are much thinner, and placed by its centre of mass in the frame of [`FRAME`] pixels.
pub(super) fn framed(cut: &GrayImage) -> (Vec<u8>, StrokeWidth) {
    let (mut digit, stroke) = stroke::in_box(cut);
    // A thin line averages out to a faint one; MNIST's digits all have full ink somewhere.
    let strongest = u32::from(digit.iter().copied().max().unwrap_or(0)).max(1);
    digit.iter_mut().for_each(|level| *level = (u32::from(*level) * 255 / strongest) as u8);
    let size = (digit.height() as usize, digit.width() as usize);
    (centre_by_mass(&digit, size.0, size.1, FRAME).expect("the box is smaller than the frame"), stroke)
}
