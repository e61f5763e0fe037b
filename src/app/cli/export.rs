//! `lenet5 export`

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{anyhow, ensure};
use clap::Args;
use lenet5::files;
use lenet5::runs::checkpoint::Model;
use lenet5::runs::npz;

use super::format::count;

#[derive(Args)]
pub struct Arguments {
    /// A model.safetensors that `lenet5 train` has written, or its run's folder [default: the one that comes with the program]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// The new file for NumPy: numpy.load("FILE")["c1.weight"]
    #[arg(long, value_name = "FILE")]
    npz: PathBuf,
}

pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let path = &arguments.npz;
    let tensors = Model::load_or_pretrained(arguments.model.as_deref())?.tensors();
    let is_there = files::is_there(path).map_err(|error| problem(path, &error))?;
    ensure!(!is_there, "{} is already there and is left as it is; choose another name", path.display());
    npz::write(path, &tensors).map_err(|error| problem(path, &error))?;
    for tensor in &tensors {
        writeln!(out, "{:<16}{:>18}", tensor.name, format!("{:?}", tensor.shape))?;
    }
    let numbers = tensors.iter().map(|tensor| tensor.values.len()).sum();
    writeln!(out, "\n{}, {}: {}", count(tensors.len(), "array"), count(numbers, "number"), path.display())?;
    Ok(ExitCode::SUCCESS)
}

fn problem(path: &Path, error: &io::Error) -> anyhow::Error {
    anyhow!("{}: cannot write the arrays: {error}{}", path.display(), files::advice(error))
}
