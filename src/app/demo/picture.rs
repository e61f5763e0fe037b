//! A picture file that is opened on the page: prepared as `predict` and `scan` do it, and shown step by step.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use image::imageops;
use lenet5::applications::scan::Scanner;
use lenet5::drawing::sheet::Thumbnail;
use lenet5::picture::{FRAME, LINE_HEIGHT, Line, Picture, Polarity, Problem, Region, gray_from_bytes};
use serde::Serialize;
use tokio::sync::Semaphore;

use super::line::{self, Reading};
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
    polarity: String,
    ink: Rectangle,
    /// The ink of the digit, black on white, of the size of the original.
    #[serde(skip_serializing_if = "Option::is_none")]
    mask: Option<String>,
    /// What the network sees, black on white.
    prepared: String,
}

/// The rectangle of the ink, in pixels of the picture.
#[derive(Serialize)]
struct Rectangle {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

impl From<Region> for Rectangle {
    fn from(Region { left, top, width, height }: Region) -> Self {
        Self { left, top, width, height }
    }
}

#[derive(Serialize)]
pub struct Digit {
    /// 28 x 28 levels, 255 for ink: a prepared image for `/api/see`.
    pixels: Vec<u8>,
    steps: Steps,
}

#[derive(Serialize)]
pub struct LineReading {
    #[serde(flatten)]
    reading: Reading,
    steps: Steps,
}

/// `POST /api/picture/digit`: the digit in the picture file that is the body.
///
/// # Errors
/// If it is too large, or not a picture in which [`Picture`] finds a digit.
pub async fn digit(
    State(workers): State<Workers>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Digit>, Refusal> {
    let body = file(body)?;
    workers.run(move || prepared_digit(&body)).await?.map(Json)
}

fn prepared_digit(bytes: &[u8]) -> Result<Digit, Refusal> {
    let picture = Picture::from_bytes(bytes).map_err(refused)?;
    let steps = Steps {
        mask: Some(address(picture.mask.as_raw(), picture.mask.dimensions())),
        prepared: address(&picture.pixels, (FRAME as u32, FRAME as u32)),
        ..steps(bytes, (picture.width, picture.height), picture.polarity, picture.ink)?
    };
    Ok(Digit { pixels: picture.pixels, steps })
}

/// `POST /api/picture/line`: the line of digits in the picture file that is the body, and its reading.
///
/// # Errors
/// If it is too large, or not a picture in which [`Line`] finds ink.
pub async fn line(
    State((scanner, workers)): State<(Arc<Scanner>, Workers)>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<LineReading>, Refusal> {
    let body = file(body)?;
    workers.run(move || read_line(&scanner, &body)).await?.map(Json)
}

fn read_line(scanner: &Scanner, bytes: &[u8]) -> Result<LineReading, Refusal> {
    let line = Line::from_bytes(bytes).map_err(refused)?;
    let steps = Steps {
        prepared: address(&line.pixels, (line.width as u32, LINE_HEIGHT as u32)),
        ..steps(bytes, line.size, line.polarity, line.ink)?
    };
    Ok(LineReading { reading: line::reading(scanner, line)?, steps })
}

/// The first steps, without the mask and the prepared image.
fn steps(bytes: &[u8], (width, height): (u32, u32), polarity: Polarity, ink: Region) -> Result<Steps, Refusal> {
    let mut levels = gray_from_bytes(bytes).map_err(refused)?;
    imageops::invert(&mut levels);
    let original = address(levels.as_raw(), levels.dimensions());
    let (polarity, ink) = (polarity.to_string(), ink.into());
    Ok(Steps { original, width, height, polarity, ink, mask: None, prepared: String::new() })
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
