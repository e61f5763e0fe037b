//! A line of digits, drawn or in a picture file, as both methods of the paper read it: over-segmentation, as `scan` does it, and the
//! replicated network.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::rectangle::Rectangle;
use super::refusal::Refusal;
use super::see::drawing;
use crate::applications::reading::{Reading, segmentation};
use crate::applications::scan::{Character, Scanner};
use crate::applications::segmentation::RowReader;
use crate::data::flanked::STRIDE;
use crate::picture::{LINE_HEIGHT, Line, LinePicture, Problem, Readings, Written};
use crate::runs::checkpoint::Model;

/// The networks that read lines: the LeNet-5 that comes with the program, and the one that reads strings. None as long as they have no weights.
#[derive(Debug, Default)]
pub struct Readers {
    rows: Mutex<Option<RowReader>>,
    scanner: Mutex<Option<Scanner>>,
}

impl Readers {
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives the reader of single digits its weights.
    pub fn give_lenet5(&self, model: &Model) {
        *self.rows.lock().unwrap_or_else(PoisonError::into_inner) = RowReader::new(model).ok();
    }

    /// Gives the reader of strings its weights.
    pub fn give_strings(&self, model: &Model) {
        *self.scanner.lock().unwrap_or_else(PoisonError::into_inner) = Scanner::new(model).ok();
    }
}

/// What a reader makes of something, for one question at a time.
fn with<R, T>(reader: &Mutex<Option<R>>, read: impl FnOnce(&mut R) -> Result<T, String>) -> Result<T, String> {
    let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
    reader.as_mut().map_or_else(|| Err("the weights of this network have not been given".into()), read)
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

/// `scan`: the readings of the drawing that is the body.
///
/// # Errors
/// If the size is not the drawing's, or there is no ink.
pub fn scan(readers: &Readers, size: Size, body: &[u8]) -> Result<LineReading, Refusal> {
    let drawing = drawing(body, (size.width, size.height))?;
    read(readers, Readings::from(drawing).lines(), "drawing")
}

/// The readings of a drawing or a picture, which is called `name`, by both methods.
///
/// # Errors
/// If both refuse it.
pub fn read(readers: &Readers, picture: LinePicture, name: &str) -> Result<LineReading, Refusal> {
    let refused = |problem: &Problem| format!("the {name} {problem}");
    let (width, height) = match (&picture.written, &picture.line) {
        (Ok(Written { size, .. }), _) | (_, Ok(Line { size, .. })) => *size,
        (Err(problem), Err(_)) => return Err(Refusal::unreadable(refused(problem))),
    };
    let rows = |written: Written| {
        with(&readers.rows, |reader| segmentation::read(reader, &written).map_err(|error| error.to_string()))
    };
    let scanned = |line: Line| with(&readers.scanner, |scanner| scanned(scanner, line));
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
