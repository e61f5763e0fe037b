//! `lenet5 scan`

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use lenet5::checkpoint::Model;
use lenet5::picture::{self, LINE_HEIGHT, Line};
use lenet5::scan::{Character, STRIDE, Scanner};
use serde::Serialize;

/// What `lenet5 scan` takes.
#[derive(Args)]
pub struct Arguments {
    /// A model.safetensors that `lenet5 train` has written, best with flanks=true [default: one that comes with the program]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// The most that "no character here" costs at a position, in units of the distance [default: 128 for a network with the class
    /// "blank", else its j]
    #[arg(long, value_name = "DISTANCE")]
    bound: Option<f64>,
    /// Print a JSON object
    #[arg(long)]
    json: bool,
    /// A picture of one line of digits: PNG, JPEG, BMP or PNM, dark on light or light on dark
    #[arg(value_name = "IMAGE")]
    image: PathBuf,
}

/// What was read.
#[derive(Serialize)]
struct Reading {
    file: String,
    text: String,
    characters: Vec<Seen>,
}

/// A character, and the columns of the picture that the network looked at.
#[derive(Serialize)]
struct Seen {
    character: String,
    left: u32,
    right: u32,
    distance: f32,
}

/// Reads a line of digits.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let model = match &arguments.model {
        Some(path) => Model::load(path)?,
        None => Model::pretrained_as("strings").expect("it comes with the program"),
    };
    let mut scanner = Scanner::new(&model);
    if let Some(bound) = arguments.bound {
        anyhow::ensure!(bound > 0.0, "--bound must be above 0, found {bound}");
        scanner.bound = bound;
    }
    let line = picture::read_line(&arguments.image)?;
    let outputs = scanner.scan(&line.pixels, (LINE_HEIGHT, line.width))?;
    let characters = scanner.read(&outputs, 0);
    let seen = |character: &Character| {
        let left = STRIDE * character.position;
        let (left, right) = line.columns_of_original(left, left + LINE_HEIGHT);
        let distance = outputs.distances.matrix(character.class)[(0, character.position)];
        Seen { character: scanner.names()[character.class].clone(), left, right, distance }
    };
    let reading = Reading {
        file: arguments.image.display().to_string(),
        text: scanner.text(&characters),
        characters: characters.iter().map(seen).collect(),
    };
    if arguments.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&reading)?)?;
    } else {
        print(&line, &reading, out)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn print(line: &Line, reading: &Reading, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "{}: {}", reading.file, if reading.text.is_empty() { "nothing" } else { &reading.text })?;
    let ink = line.ink;
    let (width, height) = line.size;
    writeln!(
        out,
        "ink of {}x{} at ({}, {}) of {width}x{height} pixels, {}; what the network scans:\n",
        ink.width, ink.height, ink.left, ink.top, line.polarity
    )?;
    writeln!(out, "{}", picture::as_text(&line.pixels, line.width))?;
    writeln!(out, "character  columns      distance")?;
    for seen in &reading.characters {
        let columns = format!("{} to {}", seen.left, seen.right);
        writeln!(out, "{:>9}  {columns:<12}{:>9.3}", seen.character, seen.distance)?;
    }
    Ok(())
}
