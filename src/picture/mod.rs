//! A user's picture of one digit, made into what the network expects: 28 x 28 pixels as MNIST has them.
//!
//! MNIST's recipe (section III-A of the paper): the ink is scaled into a 20 x 20 box with its aspect kept and grey edges,
//! and placed so that its centre of mass is at the centre of a 28 x 28 frame; 0 is background and 255 is ink.
//!
//! A photograph of paper is not a drawing on white. Its light may be uneven, there may be a shadow on it, it may be ruled and
//! dirty, and lie on a table that is seen around it. What the paper would look like without ink is estimated first. Ink is what
//! strays from that: dark on a sheet that lies on something darker; on an even background, to the side on which more strays; on an
//! uneven one, to the side on which it looks more like a digit. Printed lines are taken out, and frames around the digit; of the rest the
//! largest sensible component is the digit, with the strokes beside it that belong to it.
//!
//! A picture of two levels and their mixtures, whose darker or lighter part consists of strokes, may have been cut to its ink: its paper
//! is the level that most of the border has, however much of it the ink takes.
//!
//! People draw thinner strokes than MNIST has. Much thinner ones are redrawn at MNIST's mean width, 2.6 pixels ([`StrokeWidth`]).
//!
//! Ink is looked for on white paper where the picture is transparent. Where none is there, the strokes may be white themselves: ink is
//! then what is opaque. The levels of a picture of 16 bits may fill a small part of their range: then that part is stretched.
//!
//! A picture in colour, for networks that see more than digits, is its middle, scaled ([`read_colour`]). For a user's own classes it is
//! the whole picture ([`read_whole`]), and a folder of such pictures for each class is a data set ([`folders`]).

mod address;
mod background;
mod colour;
mod complete;
mod components;
mod decode;
pub mod folders;
mod format;
mod frames;
mod histogram;
mod ink;
mod jpeg;
mod line;
mod plausible;
mod problem;
mod rules;
mod scaling;
mod selection;
mod sheet;
mod stroke;
mod whole;
mod written;

pub use address::data_uri;
pub use colour::{colour_from_bytes, read_colour};
pub use ink::Polarity;
pub use line::{LINE_HEIGHT, Line};
pub use problem::{ENDINGS, FORMATS, MAX_BYTES, MAX_SIDE, PictureError, Problem, is_sidecar};
pub use scaling::{BOX, Region};
pub use stroke::StrokeWidth;
pub use whole::{Form, Whole, read_whole, whole_from_bytes, whole_of_gray};
pub use written::{Candidate, Content, Mark, Row, Written};

use std::borrow::Borrow;
use std::path::Path;

use image::GrayImage;
use image::imageops;

use self::ink::Ink;
use self::scaling::{bounds, coarse, enlarged};
use crate::data::centre_by_mass;

/// Width and height of the frame that the network sees, in pixels.
pub const FRAME: usize = 28;

/// Larger pictures are first averaged down to this many pixels a side: enough for any digit, and the averaging removes the
/// grain and specks of a photograph, which would otherwise count as ink far from the digit.
const WORKING_SIDE: u32 = 512;
/// The characters of [`as_text`], from background to ink.
const RAMP: &[u8; 10] = b" .:-=+*#%@";

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

/// The digit in the picture file `path`: PNG, JPEG, WebP, GIF, TIFF, BMP or PNM, by its content and not its name, of any size up
/// to [`MAX_SIDE`] and [`MAX_BYTES`], in colour or grey, of 8 or 16 bits, turned as its Exif data say. Of several pictures in one
/// file, such as those of an animation, it is the first.
///
/// # Errors
/// [`PictureError`], which names the file, if it is not such a picture or has no ink; see [`Problem`].
pub fn read(path: &Path) -> Result<Picture, PictureError> {
    decode::open(path, |picture| first(picture.readings(), Picture::from_gray))
}

/// The line of characters in the picture file `path`, accepted as by [`read`].
///
/// # Errors
/// As [`read`].
pub fn read_line(path: &Path) -> Result<Line, PictureError> {
    decode::open(path, |picture| first(picture.readings(), Line::from_gray))
}

/// The rows of characters in the picture file `path`, accepted as by [`read`].
///
/// # Errors
/// As [`read`].
pub fn read_written(path: &Path) -> Result<Written, PictureError> {
    decode::open(path, |picture| first(picture.readings(), Written::from_gray))
}

/// The grey levels of the picture file `path` in which [`read`] finds its digit, 0 being black, upright, and scaled down to at most
/// 512 pixels a side. It accepts the files that [`read`] accepts.
///
/// # Errors
/// [`PictureError`], which names the file, if it is not such a picture.
pub fn read_gray(path: &Path) -> Result<GrayImage, PictureError> {
    decode::open(path, |picture| Ok(small_gray(picture.readings())))
}

/// As [`read_gray`], of the file whose content is `bytes`.
///
/// # Errors
/// [`Problem`] if the bytes are not such a picture.
pub fn gray_from_bytes(bytes: &[u8]) -> Result<GrayImage, Problem> {
    decode::decode(bytes, |picture| Ok(small_gray(picture.readings())))
}

fn small_gray(readings: impl Iterator<Item = GrayImage>) -> GrayImage {
    let small = |levels: GrayImage| {
        let large = levels.width().max(levels.height()) > WORKING_SIDE;
        if large { coarse(&levels, WORKING_SIDE) } else { levels }
    };
    let mut readings: Vec<GrayImage> = readings.map(small).collect();
    let several = readings.len() > 1;
    let found = readings.iter().position(|levels| several && ink::find(levels).is_ok());
    readings.swap_remove(found.unwrap_or(0))
}

/// A picture of lines, as each of the two methods to read it takes it.
#[derive(Debug)]
pub struct LinePicture {
    /// For over-segmentation (section V of the paper).
    pub written: Result<Written, Problem>,
    /// For the replicated network (section VII).
    pub line: Result<Line, Problem>,
    /// Its grey levels, upright, at most 512 pixels a side; 0 is black.
    pub levels: GrayImage,
}

impl LinePicture {
    /// The picture file whose content is `bytes`, which is decoded once.
    ///
    /// # Errors
    /// [`Problem`] if the bytes are not a picture that [`read`] accepts.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Problem> {
        decode::decode(bytes, |picture| Ok(Self::of(picture.readings().collect())))
    }

    /// A picture of grey levels from 0, black, to 255, white.
    pub fn from_gray(levels: GrayImage) -> Self {
        Self::of(vec![levels])
    }

    fn of(readings: Vec<GrayImage>) -> Self {
        let written = first(readings.iter(), Written::from_gray);
        let line = first(readings.iter(), Line::from_gray);
        Self { written, line, levels: small_gray(readings.into_iter()) }
    }
}

/// The result of `find` on the first of these readings of a picture in which it finds something.
fn first<T>(
    readings: impl Iterator<Item = impl Borrow<GrayImage>>,
    find: impl Fn(&GrayImage) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let mut problem = Problem::Empty;
    for (number, levels) in readings.enumerate() {
        match find(levels.borrow()) {
            Ok(found) => return Ok(found),
            Err(first) if number == 0 => problem = first,
            Err(_) => {}
        }
    }
    Err(problem)
}

impl Line {
    /// The line in the picture file whose content is `bytes`; as [`read_line`].
    ///
    /// # Errors
    /// [`Problem`] if the bytes are not such a picture or it has no ink.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Problem> {
        decode::decode(bytes, |picture| first(picture.readings(), Self::from_gray))
    }
}

impl Written {
    /// The rows of characters in the picture file whose content is `bytes`; as [`read_written`].
    ///
    /// # Errors
    /// [`Problem`] if the bytes are not such a picture or it has no ink.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Problem> {
        decode::decode(bytes, |picture| first(picture.readings(), Self::from_gray))
    }
}

impl Picture {
    /// The digit in the picture file whose content is `bytes`; as [`read`].
    ///
    /// # Errors
    /// [`Problem`] if the bytes are not such a picture or it has no ink.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Problem> {
        decode::decode(bytes, |picture| first(picture.readings(), Self::from_gray))
    }

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

/// Ink that was cut out, 0 to 255, as MNIST has it: scaled into the box of [`BOX`] pixels with its aspect kept, with strokes of MNIST's width
/// if its own are much thinner, and placed by its centre of mass in the frame of [`FRAME`] pixels.
fn framed(cut: &GrayImage) -> (Vec<u8>, StrokeWidth) {
    let (mut digit, stroke) = stroke::in_box(cut);
    // A thin line averages out to a faint one; MNIST's digits all have full ink somewhere.
    let strongest = u32::from(digit.iter().copied().max().unwrap_or(0)).max(1);
    digit.iter_mut().for_each(|level| *level = (u32::from(*level) * 255 / strongest) as u8);
    let size = (digit.height() as usize, digit.width() as usize);
    (centre_by_mass(&digit, size.0, size.1, FRAME).expect("the box is smaller than the frame"), stroke)
}

/// `pixels`, rows of `width` levels from 0 to 255, as text: two characters a pixel, because a terminal's characters are
/// twice as high as wide, from blank for 0 to `@` for 255; a line for each row, without blanks at its end.
///
/// ```
/// assert_eq!(lenet5::picture::as_text(&[0, 255, 128, 0], 2), "  @@\n++\n");
/// ```
pub fn as_text(pixels: &[u8], width: usize) -> String {
    let mut text = String::new();
    for row in pixels.chunks(width.max(1)) {
        let line = row.iter().map(|level| char::from(RAMP[usize::from(*level) * RAMP.len() / 256]));
        let line: String = line.flat_map(|character| [character, character]).collect();
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
