//! `lenet5 scan`

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::Args;
use lenet5::applications::scan::{Character, Scanner};
use lenet5::data::Source;
use lenet5::data::flanked::STRIDE;
use lenet5::network::loss::Loss;
use lenet5::picture::{self, LINE_HEIGHT, Line};
use lenet5::runs::checkpoint::Model;
use lenet5::words::terminal::name;
use serde::Serialize;

use super::format::note_of_source;
use super::input::Input;

#[derive(Args)]
pub struct Arguments {
    /// A model.safetensors that `lenet5 train` has written, best with flanks=true, or its run's folder [default: one that comes
    /// with the program]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// The most that "no character here" costs at a position, in units of the distance [default: 128 for a network with the class
    /// "blank", else its j]
    #[arg(long, value_name = "DISTANCE")]
    bound: Option<f64>,
    /// Print a JSON object
    #[arg(long)]
    json: bool,
    /// A picture of one line of digits: PNG, JPEG, WebP, GIF, TIFF, BMP or PNM, dark on light or light on dark; `-` reads it from
    /// standard input
    #[arg(value_name = "IMAGE")]
    image: PathBuf,
}

#[derive(Serialize)]
struct Reading {
    file: String,
    text: String,
    characters: Vec<ReadCharacter>,
}

/// A character, and the columns of the picture in the network's window.
#[derive(Serialize)]
struct ReadCharacter {
    character: String,
    left: u32,
    right: u32,
    #[serde(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Output {
    /// y_i.
    Distance(f32),
    /// The output of a network that ends in scores.
    Score(f32),
}

pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let model = match &arguments.model {
        Some(path) => Model::load(path)?,
        None => Model::pretrained_as("strings").expect("it comes with the program"),
    };
    if model.source == Source::Cifar10 {
        let path = arguments.model.as_deref().map_or_else(String::new, |path| format!("{}: ", name(path)));
        bail!(
            "{path}this network was trained on CIFAR-10 and knows no digits; scan needs one that was trained on digits"
        );
    }
    note_of_source(&model);
    let scores = model.settings.loss_function() == Loss::CrossEntropy;
    let mut scanner = Scanner::new(&model)?;
    if let Some(bound) = arguments.bound {
        anyhow::ensure!(bound > 0.0, "--bound must be above 0, found {bound}");
        scanner.bound = bound;
    }
    let input = Input::open(&arguments.image)?;
    let line = input.line()?;
    let distances = scanner.scan(&line.pixels, (LINE_HEIGHT, line.width))?;
    let characters = scanner.read(&distances, 0);
    let seen = |character: &Character| {
        let left = STRIDE * character.position;
        let (left, right) = line.columns_of_original(left, left + LINE_HEIGHT);
        let distance = distances.matrix(character.class)[(0, character.position)];
        let output = if scores { Output::Score(-distance) } else { Output::Distance(distance) };
        ReadCharacter { character: scanner.names()[character.class].clone(), left, right, output }
    };
    let reading = Reading {
        file: input.path().display().to_string(),
        text: scanner.text(&characters),
        characters: characters.iter().map(seen).collect(),
    };
    if arguments.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&reading)?)?;
    } else {
        print(&line, &reading, if scores { "score" } else { "distance" }, out)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn print(line: &Line, reading: &Reading, output: &str, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(
        out,
        "{}: {}",
        name(reading.file.as_ref()),
        if reading.text.is_empty() { "nothing" } else { &reading.text }
    )?;
    let ink = line.ink;
    let (width, height) = line.size;
    writeln!(
        out,
        "ink of {}x{} at ({}, {}) of {width}x{height} pixels, {}; what the network scans:\n",
        ink.width, ink.height, ink.left, ink.top, line.polarity
    )?;
    writeln!(out, "{}", picture::as_text(&line.pixels, line.width))?;
    writeln!(out, "character  columns     {output:>9}")?;
    for seen in &reading.characters {
        let columns = format!("{} to {}", seen.left, seen.right);
        let (Output::Distance(value) | Output::Score(value)) = seen.output;
        writeln!(out, "{:>9}  {columns:<12}{value:>9.3}", seen.character)?;
    }
    Ok(())
}
