//! A picture file that is opened on the page: prepared as `predict` and `scan` do it, and shown step by step.

use image::{GrayImage, imageops};
use serde::Serialize;

use super::line::{self, LineReading, Readers};
use super::rectangle::Rectangle;
use super::refusal::Refusal;
use crate::picture::{FRAME, Form, LinePicture, Picture, Problem, Whole, data_uri, gray_from_bytes, whole_from_bytes};

/// The steps from a picture file to what the network sees. The images are addresses that carry a PNG.
#[derive(Serialize)]
struct Steps {
    /// The grey levels of the picture, upright, at most 512 pixels a side.
    original: String,
    /// Width and height of the picture, in pixels.
    width: u32,
    height: u32,
    /// Of the digit in it; nothing where the picture is read as a whole.
    #[serde(flatten)]
    digit: Option<DigitSteps>,
    /// True if it was inverted, since its border is light; only where the picture is read as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    inverted: Option<bool>,
    /// What the network sees, black on white.
    prepared: String,
}

#[derive(Serialize)]
struct DigitSteps {
    polarity: String,
    ink: Rectangle,
    /// The ink of the digit, black on white, of the size of the original.
    mask: String,
    /// The width of the strokes before and after, as a phrase.
    strokes: String,
    /// The characters that were seen, of which the network reads one.
    characters: usize,
}

#[derive(Serialize)]
pub struct Digit {
    /// Levels, 255 for ink, of the size that the network reads: a prepared image for `/api/see`.
    pixels: Vec<u8>,
    steps: Steps,
}

#[derive(Serialize)]
pub struct PictureReading {
    #[serde(flatten)]
    reading: LineReading,
    /// The grey levels of the picture, as in [`Steps`].
    original: String,
}

/// `picture/digit`: the digit in the picture file that is the body; for a model of a user's own classes, the whole picture.
///
/// # Errors
/// If it is not a picture, or [`Picture`] finds no digit in it.
pub fn digit(form: Option<Form>, body: &[u8]) -> Result<Digit, Refusal> {
    form.map_or_else(|| prepared_digit(body), |form| prepared_whole(body, form))
}

fn prepared_digit(bytes: &[u8]) -> Result<Digit, Refusal> {
    let picture = Picture::from_bytes(bytes).map_err(refused)?;
    let steps = Steps {
        original: data_uri(&gray_from_bytes(bytes).map_err(refused)?.into()),
        width: picture.width,
        height: picture.height,
        digit: Some(DigitSteps {
            polarity: picture.polarity.to_string(),
            ink: picture.ink.into(),
            mask: address(picture.mask.as_raw(), picture.mask.dimensions()),
            strokes: picture.stroke.to_string(),
            characters: picture.characters,
        }),
        inverted: None,
        prepared: address(&picture.pixels, (FRAME as u32, FRAME as u32)),
    };
    Ok(Digit { pixels: picture.pixels, steps })
}

fn prepared_whole(bytes: &[u8], form: Form) -> Result<Digit, Refusal> {
    let Whole { pixels, size, inverted } = whole_from_bytes(bytes, form).map_err(refused)?;
    let steps = Steps {
        original: data_uri(&gray_from_bytes(bytes).map_err(refused)?.into()),
        width: size.0,
        height: size.1,
        digit: None,
        inverted: Some(inverted),
        prepared: address(&pixels, (form.frame.1 as u32, form.frame.0 as u32)),
    };
    Ok(Digit { pixels, steps })
}

/// `picture/line`: the line of digits in the picture file that is the body, and its readings.
///
/// # Errors
/// If it is not a picture in which ink is found.
pub fn line(readers: &Readers, body: &[u8]) -> Result<PictureReading, Refusal> {
    let mut picture = LinePicture::from_bytes(body).map_err(refused)?;
    let levels = std::mem::take(&mut picture.levels);
    Ok(PictureReading { reading: line::read(readers, picture, "picture")?, original: data_uri(&levels.into()) })
}

/// The address that carries an image whose levels are 255 for ink.
fn address(pixels: &[u8], (width, height): (u32, u32)) -> String {
    let mut image = GrayImage::from_raw(width, height, pixels.to_vec()).expect("as many levels as pixels");
    imageops::invert(&mut image);
    data_uri(&image.into())
}

fn refused(problem: Problem) -> Refusal {
    Refusal::unreadable(format!("the picture {problem}"))
}
