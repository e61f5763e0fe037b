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
mod digit;
pub mod folders;
mod format;
mod frames;
mod histogram;
mod ink;
mod jpeg;
mod line;
mod plausible;
mod problem;
mod readings;
mod rules;
mod scaling;
mod selection;
mod sheet;
mod stroke;
mod whole;
mod written;

pub use address::data_uri;
pub use colour::{colour_from_bytes, read_colour};
pub use digit::{FRAME, Picture};
pub use ink::Polarity;
pub use line::{LINE_HEIGHT, Line};
pub use problem::{ENDINGS, FORMATS, MAX_BYTES, MAX_SIDE, PictureError, Problem, is_sidecar};
pub use readings::{LinePicture, Readings};
pub use scaling::{BOX, Region};
pub use stroke::StrokeWidth;
pub use whole::{Form, Whole, read_whole, whole_from_bytes, whole_of_gray};
pub use written::{Candidate, Content, Mark, Row, Written};

use std::path::Path;

use image::GrayImage;

use self::readings::{first, shown};

/// The characters of [`as_text`], from background to ink.
const RAMP: &[u8; 10] = b" .:-=+*#%@";

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
    decode::open(path, |picture| Ok(shown(picture.readings())))
}

/// As [`read_gray`], of the file whose content is `bytes`.
///
/// # Errors
/// [`Problem`] if the bytes are not such a picture.
pub fn gray_from_bytes(bytes: &[u8]) -> Result<GrayImage, Problem> {
    decode::decode(bytes, |picture| Ok(shown(picture.readings())))
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
