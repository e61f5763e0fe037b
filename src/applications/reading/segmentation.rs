//! The reading of a picture by over-segmentation (section V of the paper).

use super::{Character, Line, Method, Output, Place, Reading};
use crate::applications::reader::ReadError;
use crate::applications::segmentation::{Kind, ReadRow, RowReader, Sign};
use crate::picture::{Region, Written};

/// Reads the lines of a picture.
///
/// # Errors
/// [`ReadError`] if the network reads no grey images.
pub fn read(reader: &mut RowReader, written: &Written) -> Result<Reading, ReadError> {
    let rows = reader.read(written)?;
    let joined = |text: &dyn Fn(&ReadRow) -> String| rows.iter().map(text).collect::<Vec<String>>().join("\n");
    let line = |row: &ReadRow| Line {
        text: reader.text(row, false),
        guess: reader.text(row, true),
        probability: Some(row.probability),
        place: place(row.region),
    };
    let signs = rows.iter().enumerate().flat_map(|(line, row)| row.signs.iter().map(move |sign| (line, sign)));
    Ok(Reading {
        method: Method::Segmentation,
        text: joined(&|row| reader.text(row, false)),
        guess: joined(&|row| reader.text(row, true)),
        digits: joined(&|row| reader.digits(row)),
        lines: rows.iter().map(line).collect(),
        characters: signs.map(|(line, sign)| character(reader, line, sign)).collect(),
    })
}

fn character(reader: &RowReader, line: usize, sign: &Sign) -> Character {
    let (output, distances) = match &sign.kind {
        Kind::Character { class, answer, .. } => match answer.scores() {
            Some(scores) => (Some(Output::Score(scores[*class])), Vec::new()),
            None => (Some(Output::Distance(answer.distances[*class])), answer.distances.clone()),
        },
        Kind::Mark(_) => (None, Vec::new()),
    };
    Character {
        character: reader.name(sign),
        line,
        kind: if output.is_some() { "digit" } else { "mark" },
        place: place(sign.region),
        output,
        distances,
        probability: Some(sign.probability),
        trusted: sign.is_trusted(),
    }
}

fn place(Region { left, top, width, height }: Region) -> Place {
    Place { left, right: left + width, top, bottom: top + height }
}
