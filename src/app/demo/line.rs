//! A line of digits, read by the replicated network.

use std::ops::Range;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Query, State};
use lenet5::applications::scan::{Character, Scanner};
use lenet5::data::flanked::STRIDE;
use lenet5::picture::{LINE_HEIGHT, Line};
use lenet5::runs::checkpoint::Model;
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use super::see::drawing;
use super::workers::Workers;

/// The network that reads lines, which comes with the program.
pub fn scanner() -> Scanner {
    let model = Model::pretrained_as("strings").expect("it comes with the program");
    Scanner::new(&model).expect("checked when the model was read")
}

#[derive(Deserialize)]
pub struct Size {
    width: u32,
    height: u32,
}

#[derive(Serialize)]
pub struct Reading {
    height: usize,
    width: usize,
    pixels: Vec<u8>,
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

/// `POST /api/scan`
///
/// # Errors
/// If the size is not the drawing's, or there is no ink.
pub async fn scan(
    State((scanner, drawing_workers)): State<(Arc<Scanner>, Workers)>,
    size: Result<Query<Size>, QueryRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Reading>, Refusal> {
    let (Query(size), body) = (size?, body?);
    drawing_workers.run(move || read(&scanner, &size, &body)).await?.map(Json)
}

fn read(scanner: &Scanner, size: &Size, body: &[u8]) -> Result<Reading, Refusal> {
    let drawing = drawing(body, (size.width, size.height))?;
    reading(scanner, Line::from_gray(&drawing).map_err(Refusal::picture)?)
}

/// The network's reading of a line.
pub fn reading(scanner: &Scanner, line: Line) -> Result<Reading, Refusal> {
    let distances = scanner.scan(&line.pixels, (LINE_HEIGHT, line.width)).map_err(Refusal::picture)?;
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
    Ok(Reading {
        height: LINE_HEIGHT,
        width: line.width,
        positions: (0..distances.shape().width).map(position).collect(),
        classes: scanner.names().to_vec(),
        characters: characters.iter().zip(line.ink_columns(&middles)).map(seen).collect(),
        bound: scanner.bound,
        text: scanner.text(&characters),
        pixels: line.pixels,
    })
}
