//! `lenet5 scan --method segmentation`

use lenet5::applications::segmentation::{Kind, ReadRow, RowReader, Sign};
use lenet5::network::loss::Loss;
use lenet5::picture::Region;
use lenet5::runs::checkpoint::Model;

use super::super::input::Input;
use super::reading::{Character, Line, Method, Output, Place, Reading};

/// Reads the lines in a picture, and says how.
pub fn read(model: &Model, input: &Input) -> anyhow::Result<(Reading, String)> {
    let scores = model.settings.loss_function() == Loss::CrossEntropy;
    let mut reader = RowReader::new(model)?;
    let written = input.written()?;
    let rows = reader.read(&written)?;
    let joined = |text: &dyn Fn(&ReadRow) -> String| rows.iter().map(text).collect::<Vec<String>>().join("\n");
    let line = |row: &ReadRow| Line {
        text: reader.text(row, false),
        guess: reader.text(row, true),
        probability: Some(row.probability),
        place: place(row.region),
    };
    let signs = rows.iter().enumerate().flat_map(|(line, row)| row.signs.iter().map(move |sign| (line, sign)));
    let reading = Reading {
        file: input.path().display().to_string(),
        method: Method::Segmentation,
        text: joined(&|row| reader.text(row, false)),
        guess: joined(&|row| reader.text(row, true)),
        digits: joined(&|row| reader.digits(row)),
        lines: rows.iter().map(line).collect(),
        characters: signs.map(|(line, sign)| character(&reader, line, sign, scores)).collect(),
    };
    let certain: f64 = rows.iter().map(|row| row.probability).product();
    let (width, height) = written.size;
    let seen = format!(
        "by segmentation of {width}x{height} pixels, {}; all of it is right with probability {certain:.3}",
        written.polarity
    );
    Ok((reading, seen))
}

fn character(reader: &RowReader, line: usize, sign: &Sign, scores: bool) -> Character {
    let (output, distances) = match &sign.kind {
        Kind::Character { class, answer, .. } if scores => (Some(Output::Score(-answer.distances[*class])), Vec::new()),
        Kind::Character { class, answer, .. } => {
            (Some(Output::Distance(answer.distances[*class])), answer.distances.clone())
        }
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
