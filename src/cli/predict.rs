//! `lenet5 predict`

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use lenet5::checkpoint::Model;
use lenet5::data::encoder::Encoder;
use lenet5::engine::Engine;
use lenet5::loss;
use lenet5::picture::{self, Picture};
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
    /// Pictures of one digit each: PNG, JPEG, BMP or PNM, of any size, dark on light or light on dark
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,
}

/// What the network says of one picture.
#[derive(Serialize)]
struct Prediction {
    file: String,
    /// Its character, or `blank`.
    class: String,
    /// y_i of each class; the smallest wins.
    distances: Vec<f32>,
    /// Of eq. 9, 0 to 1.
    rubbish_probability: f64,
}

/// Classifies each picture. One that cannot be read does not keep the others from being.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let model = Model::load_or_pretrained(arguments.model.as_deref())?;
    let mut predictions = Vec::new();
    let mut code = ExitCode::SUCCESS;
    for path in &arguments.images {
        let picture = match picture::read(path) {
            Ok(picture) => picture,
            Err(error) => {
                complain!("error: {error}");
                code = ExitCode::FAILURE;
                continue;
            }
        };
        let prediction = predict(&model, path, &picture);
        if !arguments.json {
            print(&model, &picture, &prediction, out)?;
        }
        predictions.push(prediction);
    }
    if arguments.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&predictions)?)?;
    }
    Ok(code)
}

fn predict(model: &Model, path: &Path, picture: &Picture) -> Prediction {
    let network = model.network();
    let mut engine = Engine::new(&network);
    engine.load_values(&model.values);
    Encoder::default().encode(&picture.pixels, (picture::FRAME, picture::FRAME), engine.input_mut());
    let distances = engine.forward(&network).0.to_vec();
    let class = loss::answer(&distances);
    Prediction {
        file: path.display().to_string(),
        class: model.settings.class_names().swap_remove(class),
        rubbish_probability: loss::rubbish_probability(&distances, model.settings.j),
        distances,
    }
}

fn print(model: &Model, picture: &Picture, prediction: &Prediction, out: &mut dyn Write) -> anyhow::Result<()> {
    let ink = picture.ink;
    writeln!(out, "{}: {}", prediction.file, prediction.class)?;
    writeln!(
        out,
        "ink of {}x{} at ({}, {}) of {}x{} pixels, {}; what the network sees:\n",
        ink.width, ink.height, ink.left, ink.top, picture.width, picture.height, picture.polarity
    )?;
    writeln!(out, "{}", picture::as_text(&picture.pixels, picture::FRAME))?;
    writeln!(out, "class  distance (the smallest wins)")?;
    for (name, distance) in model.settings.class_names().iter().zip(&prediction.distances) {
        let mark = if *name == prediction.class { "  <--" } else { "" };
        writeln!(out, "{name:>5}{distance:>10.3}{mark}")?;
    }
    writeln!(out, "probability of rubbish (eq. 9, j = {}): {:.4}\n", model.settings.j, prediction.rubbish_probability)?;
    Ok(())
}
