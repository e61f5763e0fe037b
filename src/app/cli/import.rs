//! `lenet5 import`

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;
use clap::Args;
use lenet5::config::Settings;
use lenet5::data::{Choice, Source};
use lenet5::models::builder::Builder;
use lenet5::runs::import::{self, Map};

use super::format::{count, program, shell};
use super::output::OutputArguments;

#[derive(Args)]
pub struct Arguments {
    /// The tensors: a safetensors file, such as safetensors.torch.save_file(model.state_dict(), "theirs.safetensors") writes, of F32,
    /// F64, F16 or BF16
    #[arg(value_name = "TENSORS.safetensors")]
    tensors: PathBuf,
    /// The model to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The network, by the preset that has it [default: paper]
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// A TOML file with settings, such as a run's config.toml
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// One setting, such as input_mean=[0.0] and input_deviation=[1.0] for pixels of 0 to 1; dataset= says what it was trained on
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Where a tensor goes: theirs=ours, such as conv1.weight=c1.weight, or theirs= to leave it out; can be given several times. Or a
    /// TOML file of such lines. Tensors of the same name need none
    ///
    /// Where the dimensions have another order, the value is a table, as for the kernels of Keras:
    /// "conv1.kernel" = {to = "c1.weight", transpose = [3, 2, 0, 1]}
    #[arg(long, value_name = "THEIRS=OURS", verbatim_doc_comment)]
    map: Vec<String>,
    #[command(flatten)]
    output: OutputArguments,
}

/// Writes the model and prints where each tensor went.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let path = &arguments.out;
    arguments.output.check(path)?;
    let settings = settings(arguments)?;
    let mut map = Map::default();
    for entry in &arguments.map {
        if entry.contains('=') { map.assignment(entry)? } else { map.file(Path::new(entry))? }
    }
    let source = source(&settings.dataset)?;
    let (model, imported) = import::import(&arguments.tensors, &map, settings, source)?;
    model.save(path)?;
    for tensor in &imported {
        let theirs = format!("{:<28} {:<5}{:>18}", tensor.theirs, tensor.dtype, format!("{:?}", tensor.shape));
        match &tensor.ours {
            Some((name, shape)) => writeln!(out, "{theirs}  -> {name:<16}{:>18}", format!("{shape:?}"))?,
            None => writeln!(out, "{theirs}  left out")?,
        }
    }
    let label = model.settings.label();
    writeln!(out, "\n{label}, trained on {source}: {}, {}", count(model.values.len(), "parameter"), path.display())?;
    writeln!(out, "Next:\n  {} test --model {}", program(), shell(path))?;
    Ok(ExitCode::SUCCESS)
}

fn settings(arguments: &Arguments) -> anyhow::Result<Settings> {
    let mut builder = Builder::default();
    if let Some(path) = &arguments.config {
        builder.file(path)?;
    }
    for assignment in &arguments.set {
        builder.assignment(assignment)?;
    }
    if let Some(preset) = &arguments.preset {
        builder.set("--preset", "preset", preset.as_str())?;
    }
    Ok(builder.build()?)
}

/// The data set that the settings name; MNIST where they leave it open.
fn source(choice: &Choice) -> anyhow::Result<Source> {
    Ok(match choice {
        Choice::Auto | Choice::Mnist => Source::Mnist,
        Choice::Qmnist => Source::Qmnist,
        Choice::Digits => Source::Digits,
        Choice::Cifar10 => Source::Cifar10,
        Choice::Idx(_) | Choice::Folder(_) | Choice::Own(_) => {
            bail!(
                "--set dataset: expected mnist, qmnist, digits or cifar10, on which the tensors were trained, found {choice}"
            )
        }
    })
}
