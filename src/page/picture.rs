//! A picture file that is opened on the page: prepared as `predict` and `scan` do it, and shown step by step.

use image::{GrayImage, imageops};
use serde::{Deserialize, Serialize};

use super::answer::parameters;
use super::line::{self, LineReading, Readers};
use super::rectangle::Rectangle;
use super::refusal::Refusal;
use crate::picture::{FRAME, Form, Problem, Readings, Whole, data_uri, whole_from_bytes};

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

/// What decodes picture files. A program without it has no decoders in it.
#[derive(Debug, Clone, Copy)]
pub struct Decoders {
    readings: fn(&[u8]) -> Result<Readings, Problem>,
    whole: fn(&[u8], Form) -> Result<Whole, Problem>,
}

impl Decoders {
    /// Those of all formats.
    pub const ALL: Self = Self { readings: Readings::from_bytes, whole: whole_from_bytes };
}

/// The size of a picture that has been decoded; without it, the body is a picture file.
#[derive(Deserialize)]
struct Size {
    width: Option<u32>,
    height: Option<u32>,
}

/// The grey levels of the picture that is the body: a file, or, with its size, the levels themselves as
/// [`Readings::from_levels`] takes them.
fn readings(decoders: Option<Decoders>, query: &str, body: &[u8]) -> Result<Readings, Refusal> {
    let size: Size = parameters(query)?;
    match (size.width.zip(size.height), decoders) {
        (Some(size), _) => Readings::from_levels(body, size).ok_or_else(|| {
            Refusal::bad(format!("{} bytes are no picture of {} x {} levels", body.len(), size.0, size.1))
        }),
        (None, Some(decoders)) => (decoders.readings)(body).map_err(refused),
        (None, None) => Err(Refusal::bad("expected the levels of a picture, and their width and height")),
    }
}

/// `picture/digit`: the digit in the picture that is the body; for a model of a user's own classes, the whole picture, a file.
///
/// # Errors
/// If it is not a picture, or there is no digit in it.
pub fn digit(form: Option<Form>, decoders: Option<Decoders>, query: &str, body: &[u8]) -> Result<Digit, Refusal> {
    let readings = readings(decoders, query, body)?;
    match (form, decoders) {
        (Some(form), Some(decoders)) => {
            Ok(prepared_whole((decoders.whole)(body, form).map_err(refused)?, readings, form))
        }
        _ => prepared_digit(readings),
    }
}

fn prepared_digit(readings: Readings) -> Result<Digit, Refusal> {
    let picture = readings.digit().map_err(refused)?;
    let steps = Steps {
        original: data_uri(&readings.shown().into()),
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

fn prepared_whole(whole: Whole, readings: Readings, form: Form) -> Digit {
    let Whole { pixels, size, inverted } = whole;
    let steps = Steps {
        original: data_uri(&readings.shown().into()),
        width: size.0,
        height: size.1,
        digit: None,
        inverted: Some(inverted),
        prepared: address(&pixels, (form.frame.1 as u32, form.frame.0 as u32)),
    };
    Digit { pixels, steps }
}

/// `picture/line`: the line of digits in the picture that is the body, and its readings.
///
/// # Errors
/// If it is not a picture in which ink is found.
pub fn line(
    readers: &Readers,
    decoders: Option<Decoders>,
    query: &str,
    body: &[u8],
) -> Result<PictureReading, Refusal> {
    let readings = readings(decoders, query, body)?;
    let reading = line::read(readers, readings.lines(), "picture")?;
    Ok(PictureReading { reading, original: data_uri(&readings.shown().into()) })
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
