//! A line of digits, drawn or in a picture file, as both methods of the paper read it: over-segmentation, as `scan` does it, and the
//! replicated network.

use std::ops::Range;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Query, State};
use lenet5::applications::scan::{Character, Scanner};
use lenet5::applications::segmentation::RowReader;
use lenet5::data::flanked::STRIDE;
use lenet5::picture::{LINE_HEIGHT, Line, LinePicture, Problem, Written};
use lenet5::runs::checkpoint::Model;
use serde::{Deserialize, Serialize};

use super::rectangle::Rectangle;
use super::refusal::Refusal;
use super::see::drawing;
use super::workers::Workers;
use crate::app::reading::{Reading, segmentation};

/// The networks that read lines, which come with the program.
pub struct Readers {
    rows: RowReader,
    scanner: Scanner,
}

impl Readers {
    pub fn new() -> Self {
        let strings = Model::pretrained_as("strings").expect("it comes with the program");
        Self {
            rows: RowReader::new(&Model::pretrained()).expect("checked when the model was read"),
            scanner: Scanner::new(&strings).expect("checked when the model was read"),
        }
    }
}

#[derive(Deserialize)]
pub struct Size {
    width: u32,
    height: u32,
}

/// What is read in a drawing or a picture.
#[derive(Serialize)]
pub struct LineReading {
    /// Width and height, in pixels.
    width: u32,
    height: u32,
    /// As `lenet5 scan --json` has it.
    segmentation: Outcome<Reading>,
    replicated: Outcome<Scan>,
}

/// What a method reads, or why it refuses the picture.
#[derive(Serialize)]
#[serde(untagged)]
enum Outcome<T> {
    Read(T),
    Refused { error: String },
}

/// The replicated network's reading.
#[derive(Serialize)]
struct Scan {
    height: usize,
    width: usize,
    pixels: Vec<u8>,
    polarity: String,
    /// The rectangle of the ink in the drawing or the picture.
    ink: Rectangle,
    positions: Vec<Position>,
    classes: Vec<String>,
    characters: Vec<ReadCharacter>,
    bound: f64,
    text: String,
}

#[derive(Serialize)]
struct Position {
    left: usize,
    distances: Vec<f32>,
}

/// A character: the columns of the window in which it was seen, and within them those of its ink.
#[derive(Serialize)]
struct ReadCharacter {
    class: usize,
    name: String,
    left: usize,
    right: usize,
    ink_left: usize,
    ink_right: usize,
}

/// `POST /api/scan`: the drawing that is the body, and its readings.
///
/// # Errors
/// If the size is not the drawing's, or there is no ink.
pub async fn scan(
    State((readers, drawing_workers)): State<(Arc<Readers>, Workers)>,
    size: Result<Query<Size>, QueryRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<LineReading>, Refusal> {
    let (Query(size), body) = (size?, body?);
    let work = move || {
        let drawing = drawing(&body, (size.width, size.height))?;
        read(&readers, LinePicture::from_gray(drawing), "drawing")
    };
    drawing_workers.run(work).await?.map(Json)
}

/// The readings of a drawing or a picture, which is called `name`, by both methods.
///
/// # Errors
/// If both refuse it.
pub fn read(readers: &Readers, picture: LinePicture, name: &str) -> Result<LineReading, Refusal> {
    let refused = |problem: &Problem| format!("the {name} {problem}");
    let (width, height) = match (&picture.written, &picture.line) {
        (Ok(Written { size, .. }), _) | (_, Ok(Line { size, .. })) => *size,
        (Err(problem), Err(_)) => return Err(Refusal::picture(refused(problem))),
    };
    let rows = |written: Written| segmentation::read(&mut readers.rows.clone(), &written).map_err(|e| e.to_string());
    let scanned = |line: Line| scanned(&readers.scanner, line);
    Ok(LineReading {
        width,
        height,
        segmentation: picture.written.map_err(|problem| refused(&problem)).and_then(rows).into(),
        replicated: picture.line.map_err(|problem| refused(&problem)).and_then(scanned).into(),
    })
}

impl<T> From<Result<T, String>> for Outcome<T> {
    fn from(read: Result<T, String>) -> Self {
        read.map_or_else(|error| Self::Refused { error }, Self::Read)
    }
}

/// The replicated network's reading of a line.
fn scanned(scanner: &Scanner, line: Line) -> Result<Scan, String> {
    let size = (LINE_HEIGHT, line.width);
    let distances = scanner.scan(&line.pixels, size).map_err(|error| error.to_string())?;
    let characters = scanner.read(&distances, 0);
    let position = |x: usize| Position {
        left: STRIDE * x,
        distances: (0..scanner.names().len()).map(|class| distances.matrix(class)[(0, x)]).collect(),
    };
    let left = |character: &Character| STRIDE * character.position;
    let middles: Vec<usize> = characters.iter().map(|character| left(character) + LINE_HEIGHT / 2).collect();
    let seen = |(character, ink): (&Character, Range<usize>)| {
        let (left, right) = (left(character), left(character) + LINE_HEIGHT);
        let within = |column: usize| column.clamp(left, right);
        let (ink_left, ink_right) = (within(ink.start), within(ink.end));
        ReadCharacter {
            class: character.class,
            name: scanner.names()[character.class].clone(),
            left,
            right,
            ink_left,
            ink_right,
        }
    };
    Ok(Scan {
        height: LINE_HEIGHT,
        width: line.width,
        polarity: line.polarity.to_string(),
        ink: line.ink.into(),
        positions: (0..distances.shape().width).map(position).collect(),
        classes: scanner.names().to_vec(),
        characters: characters.iter().zip(line.ink_columns(&middles)).map(seen).collect(),
        bound: scanner.bound,
        text: scanner.text(&characters),
        pixels: line.pixels,
    })
}
