//! A picture file that is opened on the page: prepared as `predict` and `scan` do it, and shown step by step.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use image::{GrayImage, imageops};
use lenet5::drawing::sheet::Thumbnail;
use lenet5::picture::{FRAME, Form, LinePicture, Picture, Problem, Whole, gray_from_bytes, whole_from_bytes};
use serde::Serialize;
use tokio::sync::Semaphore;

use super::line::{self, LineReading, Readers};
use super::rectangle::Rectangle;
use super::refusal::Refusal;
use super::workers::Workers;

/// The most bytes of a picture file: it is in memory as a whole.
pub const MOST_BYTES: usize = 64 << 20;
/// The largest number of picture files that are received at a time.
pub const MOST_AT_A_TIME: usize = 2;

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

/// `POST /api/picture/digit`: the digit in the picture file that is the body; for a model of a user's own classes, the whole picture.
///
/// # Errors
/// If it is too large, or not a picture, or [`Picture`] finds no digit in it.
pub async fn digit(
    State((form, workers)): State<(Option<Form>, Workers)>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Digit>, Refusal> {
    let body = file(body)?;
    let prepare = move || form.map_or_else(|| prepared_digit(&body), |form| prepared_whole(&body, form));
    workers.run(prepare).await?.map(Json)
}

fn prepared_digit(bytes: &[u8]) -> Result<Digit, Refusal> {
    let picture = Picture::from_bytes(bytes).map_err(refused)?;
    let steps = Steps {
        original: original(gray_from_bytes(bytes).map_err(refused)?),
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
        original: original(gray_from_bytes(bytes).map_err(refused)?),
        width: size.0,
        height: size.1,
        digit: None,
        inverted: Some(inverted),
        prepared: address(&pixels, (form.frame.1 as u32, form.frame.0 as u32)),
    };
    Ok(Digit { pixels, steps })
}

/// `POST /api/picture/line`: the line of digits in the picture file that is the body, and its readings.
///
/// # Errors
/// If it is too large, or not a picture in which ink is found.
pub async fn line(
    State((readers, workers)): State<(Arc<Readers>, Workers)>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<PictureReading>, Refusal> {
    let body = file(body)?;
    workers.run(move || read_line(&readers, &body)).await?.map(Json)
}

fn read_line(readers: &Readers, bytes: &[u8]) -> Result<PictureReading, Refusal> {
    let mut picture = LinePicture::from_bytes(bytes).map_err(refused)?;
    let levels = std::mem::take(&mut picture.levels);
    Ok(PictureReading { reading: line::read(readers, picture, "picture")?, original: original(levels) })
}

/// The address that carries a picture's own grey levels.
fn original(mut levels: GrayImage) -> String {
    imageops::invert(&mut levels);
    address(levels.as_raw(), levels.dimensions())
}

/// The address that carries an image whose levels are 255 for ink.
fn address(pixels: &[u8], (width, height): (u32, u32)) -> String {
    Thumbnail::of_bytes(pixels, (height as usize, width as usize)).data_uri()
}

fn refused(problem: Problem) -> Refusal {
    Refusal::picture(format!("the picture {problem}"))
}

/// The content of the file.
fn file(body: Result<Bytes, BytesRejection>) -> Result<Bytes, Refusal> {
    body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            let reason =
                format!("the picture is too large: at most {MOST_BYTES} bytes are accepted here; scale it down");
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, reason)
        }
        _ => rejection.into(),
    })
}

/// Lets a request wait until fewer than [`MOST_AT_A_TIME`] others are received and answered.
pub async fn in_turn(State(free): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let _held = free.acquire().await.expect("it is never closed");
    next.run(request).await
}
