//! `lenet5 scan --method replicated`

use lenet5::applications::scan::{self, Scanner};
use lenet5::data::flanked::STRIDE;
use lenet5::network::loss::Loss;
use lenet5::picture::{self, LINE_HEIGHT};
use lenet5::runs::checkpoint::Model;

use super::super::input::Input;
use lenet5::applications::reading::{Character, Line, Method, Output, Place, Reading};

/// Reads the line in a picture, and says what the network saw.
pub fn read(model: &Model, bound: Option<f64>, input: &Input) -> anyhow::Result<(Reading, String)> {
    let scores = model.settings.loss_function() == Loss::CrossEntropy;
    let mut scanner = Scanner::new(model)?;
    scanner.bound = bound.unwrap_or(scanner.bound);
    let line = input.line()?;
    let distances = scanner.scan(&line.pixels, (LINE_HEIGHT, line.width))?;
    let found = scanner.read(&distances, 0);
    let ink = line.ink;
    let place = |(left, right): (u32, u32)| Place { left, right, top: ink.top, bottom: ink.top + ink.height };
    let seen = |character: &scan::Character| {
        let left = STRIDE * character.position;
        let distance = distances.matrix(character.class)[(0, character.position)];
        Character {
            character: scanner.names()[character.class].clone(),
            line: 0,
            kind: "digit",
            place: place(line.columns_of_original(left, left + LINE_HEIGHT)),
            output: Some(if scores { Output::Score(-distance) } else { Output::Distance(distance) }),
            distances: Vec::new(),
            probability: None,
            trusted: true,
        }
    };
    let text = scanner.text(&found);
    let reading = Reading {
        method: Method::Replicated,
        text: text.clone(),
        guess: text.clone(),
        digits: text.clone(),
        characters: found.iter().map(seen).collect(),
        lines: vec![Line {
            text: text.clone(),
            guess: text,
            probability: None,
            place: place((ink.left, ink.left + ink.width)),
        }],
    };
    let (width, height) = line.size;
    let seen = format!(
        "by the replicated network; ink of {}x{} at ({}, {}) of {width}x{height} pixels, {}; what it scans:\n\n{}",
        ink.width,
        ink.height,
        ink.left,
        ink.top,
        line.polarity,
        picture::as_text(&line.pixels, line.width).trim_end_matches('\n')
    );
    Ok((reading, seen))
}
