//! `lenet5 scan`

mod replicated;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::ensure;
use clap::Args;
use lenet5::applications::segmentation::RowReader;
use lenet5::network::loss::Loss;
use lenet5::runs::checkpoint::Model;
use lenet5::words::terminal::name;
use serde::Serialize;

use super::format::{note_of_source, reads_characters};
use super::input::Input;
pub use lenet5::applications::reading::Method;
use lenet5::applications::reading::{Output, Place, Reading, segmentation};

#[derive(Args)]
pub struct Arguments {
    /// A model.safetensors that `lenet5 train` has written, or its run's folder [default: one that comes with the program]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// The way in which characters are told apart [default: segmentation]
    #[arg(long, value_name = "METHOD")]
    method: Option<Method>,
    /// For --method replicated, the most that "no character here" costs at a position, in units of the distance [default: 128 for a
    /// network with the class "blank", else its j]
    #[arg(long, value_name = "DISTANCE")]
    bound: Option<f64>,
    /// Print a JSON object
    #[arg(long)]
    json: bool,
    /// A picture of lines of digits: PNG, JPEG, WebP, GIF, TIFF, BMP or PNM, dark on light or light on dark; `-` reads it from
    /// standard input
    #[arg(value_name = "IMAGE")]
    image: PathBuf,
}

impl Arguments {
    fn method(&self) -> Method {
        let usual = if self.bound.is_some() { Method::Replicated } else { Method::Segmentation };
        self.method.unwrap_or(usual)
    }

    fn model(&self) -> anyhow::Result<Model> {
        self.model.as_ref().map_or_else(|| Ok(own_model(self.method())), |path| Ok(Model::load(path)?))
    }
}

/// The model for this method that comes with the program.
pub fn own_model(method: Method) -> Model {
    match method {
        Method::Segmentation => Model::pretrained(),
        Method::Replicated => Model::pretrained_as("strings").expect("it comes with the program"),
    }
}

/// Reads the lines in a picture, and says what was seen. The bound is the replicated network's.
pub fn read(method: Method, model: &Model, bound: Option<f64>, input: &Input) -> anyhow::Result<(Reading, String)> {
    match method {
        Method::Segmentation => read_segmented(model, input),
        Method::Replicated => replicated::read(model, bound, input),
    }
}

fn read_segmented(model: &Model, input: &Input) -> anyhow::Result<(Reading, String)> {
    let mut reader = RowReader::new(model)?;
    let written = input.written()?;
    let reading = segmentation::read(&mut reader, &written)?;
    let certain: f64 = reading.lines.iter().filter_map(|line| line.probability).product();
    let (width, height) = written.size;
    let seen = format!(
        "by segmentation of {width}x{height} pixels, {}; all of it is right with probability {certain:.3}",
        written.polarity
    );
    Ok((reading, seen))
}

/// What `--json` prints.
#[derive(Serialize)]
struct OfFile {
    file: String,
    #[serde(flatten)]
    reading: Reading,
}

pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    if let Some(bound) = arguments.bound {
        ensure!(bound > 0.0, "--bound must be above 0, found {bound}");
        ensure!(arguments.method() == Method::Replicated, "--bound belongs to --method replicated");
    }
    let model = arguments.model()?;
    let path = arguments.model.as_deref().map_or_else(String::new, |path| format!("{}: ", name(path)));
    ensure!(
        reads_characters(&model),
        "{path}this network knows no characters, but {}; scan needs one that was trained on digits",
        model.class_names().join(", ")
    );
    note_of_source(&model);
    let input = Input::open(&arguments.image)?;
    let (reading, seen) = read(arguments.method(), &model, arguments.bound, &input)?;
    if arguments.json {
        let of_file = OfFile { file: input.path().display().to_string(), reading };
        writeln!(out, "{}", serde_json::to_string_pretty(&of_file)?)?;
    } else {
        let scores = model.settings.loss_function() == Loss::CrossEntropy;
        print(&name(input.path()), &reading, &seen, if scores { "score" } else { "distance" }, out)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints each line, then what `seen` says of the picture, then the characters.
fn print(file: &str, reading: &Reading, seen: &str, output: &str, out: &mut dyn Write) -> anyhow::Result<()> {
    for line in &reading.lines {
        let text = if line.text.is_empty() { "nothing" } else { &line.text };
        writeln!(out, "{file}: {text}")?;
    }
    writeln!(out, "{seen}\n")?;
    writeln!(out, "character  columns       rows          {output:>9}  probability")?;
    for seen in &reading.characters {
        let Place { left, right, top, bottom } = seen.place;
        let shown = if seen.trusted { seen.character.clone() } else { format!("? ({})", seen.character) };
        let (columns, rows) = (format!("{left} to {right}"), format!("{top} to {bottom}"));
        let value = match seen.output {
            Some(Output::Distance(value) | Output::Score(value)) => format!("{value:.3}"),
            None => seen.kind.to_string(),
        };
        let probability = seen.probability.map_or_else(String::new, |probability| format!("{probability:.3}"));
        let line = format!("{shown:>9}  {columns:<13} {rows:<13} {value:>9}  {probability:>11}");
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
