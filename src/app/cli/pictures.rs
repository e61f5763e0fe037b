//! `lenet5 pictures`: how many pictures of a labelled set are read right.

mod answered;
mod page;
mod tally;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::Args;
use lenet5::applications::reader::Reader;
use lenet5::kernels::maps::Shape;
use lenet5::picture::{self, FRAME};
use lenet5::runs::checkpoint::Model;
use lenet5::words::terminal::name;
use rayon::prelude::*;
use serde::Deserialize;

use lenet5::applications::reading::Character;

use super::figure;
use super::format::{note_of_source, reads_characters};
use super::input::Input;
use super::output::OutputArguments;
use super::scan::{self, Method};
use answered::{Answered, is_line};

#[derive(Args)]
pub struct Arguments {
    /// A model.safetensors that `lenet5 train` has written, or its run's folder, for pictures of one digit [default: the one that
    /// comes with the program]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// The way in which the characters of a line are told apart; by `replicated`, with the network for lines that comes with the program
    #[arg(long, value_enum, default_value_t = Method::Segmentation, value_name = "METHOD")]
    method: Method,
    /// Print a JSON array with an object for each picture
    #[arg(long)]
    json: bool,
    /// Draw the pictures that were read wrongly, with what the network saw; in the form that the name ends in: .svg, .png or .pdf
    #[arg(long, value_name = "FILE.svg")]
    wrong: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArguments,
    /// A CSV file with the columns `file`, relative to it, and `label`, which is what the picture shows, and perhaps `kind`. A label of one
    /// character is read as by `predict`, a longer one as by `scan`
    #[arg(value_name = "LABELS.csv")]
    labels: PathBuf,
}

/// A row of the file of labels.
#[derive(Deserialize)]
struct Label {
    file: PathBuf,
    label: String,
    #[serde(default)]
    kind: String,
}

pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    if let Some(page) = &arguments.wrong {
        figure::check("--wrong", page, arguments.output)?;
    }
    let labels = labels(&arguments.labels)?;
    let digits = model(arguments.model.as_deref())?;
    let answered = answers(&arguments.labels, labels, &digits, arguments.method)?;
    if arguments.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&answered)?)?;
    } else {
        tally::print(&answered, digits.class_names(), out)?;
    }
    if let Some(path) = &arguments.wrong {
        let folder = arguments.labels.parent().unwrap_or(Path::new(""));
        figure::write(path, &page::of_wrong(&answered, folder), arguments.output)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn model(path: Option<&Path>) -> anyhow::Result<Model> {
    let model = Model::load_or_pretrained(path)?;
    let file = path.map_or_else(String::new, |path| format!("{}: ", name(path)));
    let names = || model.class_names().join(", ");
    ensure!(reads_characters(&model), "{file}this network knows no characters, but {}", names());
    note_of_source(&model);
    Ok(model)
}

/// The rows of the file of labels, at least one.
fn labels(path: &Path) -> anyhow::Result<Vec<Label>> {
    let what =
        || format!("{}: expected a CSV file with the columns `file` and `label`, and perhaps `kind`", name(path));
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_path(path).with_context(what)?;
    let labels = reader.deserialize().collect::<Result<Vec<Label>, _>>().with_context(what)?;
    ensure!(!labels.is_empty(), "{}: there is no picture in it", name(path));
    ensure!(labels.iter().all(|label| !label.label.is_empty()), "{}: a picture without a label", name(path));
    Ok(labels)
}

/// The answer to each picture, in their order.
fn answers(path: &Path, labels: Vec<Label>, digits: &Model, method: Method) -> anyhow::Result<Vec<Answered>> {
    let reader = Reader::new(digits)?;
    let own = (method == Method::Replicated).then(|| scan::own_model(method));
    let lines = own.as_ref().unwrap_or(digits);
    let folder = path.parent().unwrap_or(Path::new(""));
    let answer = |reader: &mut Reader, Label { file, label, kind }: Label| {
        let path = folder.join(&file);
        let read = if is_line(&label) { line(lines, method, path) } else { digit(reader, &path) };
        let unanswered = Answered {
            file,
            kind,
            label,
            answer: None,
            refused: None,
            rubbish_probability: None,
            seen: (Vec::new(), 0),
            characters: Vec::new(),
        };
        match read {
            Ok(Read { text, rubbish_probability, seen, characters }) => {
                Answered { answer: Some(text), rubbish_probability, seen, characters, ..unanswered }
            }
            Err(error) => Answered { refused: Some(format!("{error:#}")), ..unanswered },
        }
    };
    Ok(labels.into_par_iter().map_init(|| reader.clone(), answer).collect())
}

/// What a network read in a picture: one character and the input that it saw, or the characters of a line.
struct Read {
    text: String,
    rubbish_probability: Option<f64>,
    seen: (Vec<u8>, usize),
    characters: Vec<Character>,
}

fn digit(reader: &mut Reader, path: &Path) -> anyhow::Result<Read> {
    let picture = picture::read(path)?;
    let answer = reader.read(&picture.pixels, Shape::new(1, FRAME, FRAME))?;
    let text = reader.names()[answer.class].clone();
    Ok(Read { text, rubbish_probability: answer.rubbish, seen: (picture.pixels, FRAME), characters: Vec::new() })
}

/// The digits of a line, with the best guess for those that are not trusted.
fn line(model: &Model, method: Method, path: PathBuf) -> anyhow::Result<Read> {
    let (reading, _) = scan::read(method, model, None, &Input::File(path))?;
    Ok(Read { text: reading.digits, rubbish_probability: None, seen: (Vec::new(), 0), characters: reading.characters })
}
