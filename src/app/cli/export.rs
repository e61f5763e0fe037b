//! `lenet5 export`

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{anyhow, ensure};
use clap::{ArgGroup, Args};
use lenet5::files;
use lenet5::runs::checkpoint::Model;
use lenet5::runs::npz;
use lenet5::runs::onnx::{self, OPERATORS, OnnxError};
use lenet5::words::terminal::name;

use super::format::count;
use super::output::OutputArguments;

#[derive(Args)]
#[command(group = ArgGroup::new("form").required(true).args(["npz", "onnx"]))]
pub struct Arguments {
    /// A model.safetensors that `lenet5 train` has written, or its run's folder [default: the one that comes with the program]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// The same, without --model
    #[arg(value_name = "MODEL", conflicts_with = "model")]
    named: Option<PathBuf>,
    /// The file for NumPy: numpy.load("FILE")["c1.weight"]
    #[arg(long, value_name = "FILE")]
    npz: Option<PathBuf>,
    /// The ONNX file: the network with its weights, from pixels to the answer
    #[arg(long, value_name = "FILE.onnx")]
    onnx: Option<PathBuf>,
    /// Of the ONNX file: the size of its images, such as 28x28, at most the input's, in whose middle they are read [default: 28x28 for
    /// an input of one map of 32x32, otherwise the input's]
    #[arg(long, value_name = "HEIGHTxWIDTH", value_parser = size, conflicts_with = "npz")]
    image_size: Option<(usize, usize)>,
    #[command(flatten)]
    output: OutputArguments,
}

/// `28x28`
fn size(text: &str) -> Result<(usize, usize), String> {
    let sides = text.split_once('x').and_then(|(height, width)| Some((height.parse().ok()?, width.parse().ok()?)));
    sides.ok_or_else(|| "expected height and width in pixels, such as 28x28".into())
}

pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let model = arguments.model.as_deref().or(arguments.named.as_deref());
    let model = Model::load_or_pretrained(model)?;
    for path in arguments.npz.iter().chain(&arguments.onnx) {
        arguments.output.check(path)?;
    }
    if let Some(path) = &arguments.npz {
        arrays(&model, path, out)?;
    }
    if let Some(path) = &arguments.onnx {
        graph(&model, path, arguments.image_size, out)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn arrays(model: &Model, path: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    let tensors = model.tensors();
    npz::write(path, &tensors).map_err(|error| problem(path, "the arrays", &error))?;
    for tensor in &tensors {
        writeln!(out, "{:<16}{:>18}", tensor.name, format!("{:?}", tensor.shape))?;
    }
    let numbers = tensors.iter().map(|tensor| tensor.values.len()).sum();
    writeln!(out, "\n{}, {}: {}", count(tensors.len(), "array"), count(numbers, "number"), path.display())?;
    Ok(())
}

fn graph(model: &Model, path: &Path, size: Option<(usize, usize)>, out: &mut dyn Write) -> anyhow::Result<()> {
    let is_named = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("onnx"));
    ensure!(is_named, "{}: --onnx writes an ONNX file there; expected a name that ends in .onnx", name(path));
    let size = size.unwrap_or_else(|| onnx::usual_image_size(&model.network()));
    let written = onnx::write(path, model, size).map_err(|error| match error {
        OnnxError::Io(error) => problem(path, "the network", &error),
        other => anyhow!("--onnx {}: {other}", name(path)),
    })?;
    let (image, wins) = (written.image, if written.outputs == "scores" { "largest" } else { "smallest" });
    let shape = format!("[batch, {}, {}, {}]", image.maps, image.height, image.width);
    let classes = format!("[batch, {}]", written.classes);
    let names = model.class_names().join(" ");
    writeln!(out, "input   {:<10}{:<9}{shape:<22}0 is background, 255 is ink", "image", "uint8")?;
    writeln!(out, "output  {:<10}{:<9}{classes:<22}of each class; the {wins} wins", written.outputs, "float32")?;
    writeln!(out, "output  {:<10}{:<9}{:<22}the index of the class that wins: {names}", "answer", "int64", "[batch]")?;
    writeln!(out, "\n{}, operators of version {OPERATORS}: {}", count(written.nodes, "node"), path.display())?;
    Ok(())
}

fn problem(path: &Path, what: &str, error: &io::Error) -> anyhow::Error {
    anyhow!("{}: cannot write {what}: {error}{}", path.display(), files::advice(error))
}
