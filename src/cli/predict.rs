//! `lenet5 predict`

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use lenet5::checkpoint::Model;
use lenet5::data::encoder::Encoder;
use lenet5::data::{Source, cifar10, reduction};
use lenet5::engine::Engine;
use lenet5::loss::{self, Loss};
use lenet5::picture::{self, Picture, PictureError};
use serde::Serialize;

/// What `lenet5 predict` takes.
#[derive(Args)]
pub struct Arguments {
    /// A model.safetensors that `lenet5 train` has written [default: the one that comes with the program]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Print a JSON array with an object for each picture
    #[arg(long)]
    json: bool,
    /// Pictures of one digit each: PNG, JPEG, BMP or PNM, of any size, dark on light or light on dark. For a model trained on
    /// CIFAR-10: in colour, of which it sees the largest square in the middle
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,
}

/// What the network says of one picture.
#[derive(Serialize)]
struct Prediction {
    file: String,
    /// Its character, or `blank`, or what is in it.
    class: String,
    /// y_i of each class; the smallest wins. Of a network that ends in scores, these with the other sign.
    distances: Vec<f32>,
    /// Of eq. 9, 0 to 1; only for a network with RBF units.
    #[serde(skip_serializing_if = "Option::is_none")]
    rubbish_probability: Option<f64>,
    /// After softmax; only for a network that ends in scores.
    #[serde(skip_serializing_if = "Option::is_none")]
    probabilities: Option<Vec<f64>>,
}

/// What was read from a file.
enum Seen {
    Digit(Picture),
    /// Three channels of 32x32 pixels.
    Colour(Vec<u8>),
}

/// Classifies each picture. One that cannot be read does not keep the others from being.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let model = Model::load_or_pretrained(arguments.model.as_deref())?;
    let mut predictions = Vec::new();
    let mut code = ExitCode::SUCCESS;
    for path in &arguments.images {
        let seen = match read(&model, path) {
            Ok(seen) => seen,
            Err(error) => {
                complain!("error: {error}");
                code = ExitCode::FAILURE;
                continue;
            }
        };
        let prediction = predict(&model, path, &seen);
        if !arguments.json {
            print(&model, &seen, &prediction, out)?;
        }
        predictions.push(prediction);
    }
    if arguments.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&predictions)?)?;
    }
    Ok(code)
}

/// A picture as the images that the model was trained on: a network for colour may know digits.
fn read(model: &Model, path: &Path) -> Result<Seen, PictureError> {
    match model.source {
        Source::Cifar10 => picture::read_colour(path, cifar10::SIDE).map(Seen::Colour),
        Source::Mnist | Source::Digits => picture::read(path).map(Seen::Digit),
    }
}

fn predict(model: &Model, path: &Path, seen: &Seen) -> Prediction {
    let network = model.network();
    let mut engine = Engine::new(&network);
    engine.load_values(&model.values);
    let (pixels, side) = match seen {
        Seen::Digit(picture) => (&picture.pixels, picture::FRAME),
        Seen::Colour(pixels) => (pixels, cifar10::SIDE),
    };
    Encoder::new(network.encoding()).encode(pixels, (side, side), engine.input_mut());
    let distances = engine.forward(&network).0.to_vec();
    let class = loss::answer(&distances);
    let (scores, rbf) = (model.settings.loss_function() == Loss::CrossEntropy, !network.constants().is_empty());
    Prediction {
        file: path.display().to_string(),
        class: model.class_names().swap_remove(class),
        rubbish_probability: rbf.then(|| loss::rubbish_probability(&distances, model.settings.j)),
        probabilities: scores.then(|| loss::probabilities(&distances, f64::INFINITY)),
        distances,
    }
}

fn print(model: &Model, seen: &Seen, prediction: &Prediction, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "{}: {}", prediction.file, prediction.class)?;
    if let Seen::Digit(picture) = seen {
        print_ink(model, picture, out)?;
    }
    let names = model.class_names();
    let width = names.iter().map(String::len).fold(5, usize::max);
    let heading =
        if prediction.probabilities.is_some() { "score  probability" } else { "distance (the smallest wins)" };
    writeln!(out, "{:<width$}  {heading}", "class")?;
    for (index, (name, distance)) in names.iter().zip(&prediction.distances).enumerate() {
        let mark = if *name == prediction.class { "  <--" } else { "" };
        match &prediction.probabilities {
            Some(all) => writeln!(out, "{name:>width$}{:>7.2}{:>13.4}{mark}", -distance, all[index])?,
            None => writeln!(out, "{name:>width$}{distance:>10.3}{mark}")?,
        }
    }
    match prediction.rubbish_probability {
        Some(rubbish) => writeln!(out, "probability of rubbish (eq. 9, j = {}): {rubbish:.4}\n", model.settings.j)?,
        None => writeln!(out)?,
    }
    Ok(())
}

/// Where the ink was, and the digit as the network sees it.
fn print_ink(model: &Model, picture: &Picture, out: &mut dyn Write) -> anyhow::Result<()> {
    let ink = picture.ink;
    writeln!(
        out,
        "ink of {}x{} at ({}, {}) of {}x{} pixels, {}; what the network sees:\n",
        ink.width, ink.height, ink.left, ink.top, picture.width, picture.height, picture.polarity
    )?;
    let (pixels, side) = (&picture.pixels, picture::FRAME);
    if model.network().encoding().reduced {
        writeln!(out, "{}", picture::as_text(&reduction::reduced(pixels, (side, side)), side))?;
    } else {
        writeln!(out, "{}", picture::as_text(pixels, side))?;
    }
    Ok(())
}
