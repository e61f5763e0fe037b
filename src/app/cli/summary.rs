//! `lenet5 summary`

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::ensure;
use clap::Args;
use lenet5::config::{Architecture, ConfigError, Settings};
use lenet5::models;
use lenet5::models::builder::Builder;
use lenet5::network::{LayerSummary, Network};
use lenet5::paper;
use lenet5::paper::codes;
use lenet5::runs::checkpoint::Model;

use super::format::thousands;

#[derive(Args)]
pub struct Arguments {
    /// The network of this preset
    #[arg(long, value_name = "NAME", default_value = "paper", conflicts_with = "model")]
    preset: String,
    /// The network that this TOML file declares
    #[arg(long, value_name = "FILE", conflicts_with = "model")]
    network: Option<PathBuf>,
    /// The network of this model, and the range of each of its tensors
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Print the network's declaration as --network reads it, in place of the table
    #[arg(long)]
    toml: bool,
}

/// Prints the table of layers, and the tensors of a model if one is given.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let model = arguments.model.as_deref().map(Model::load).transpose()?;
    let settings = match &model {
        Some(model) => model.settings.clone(),
        None => {
            let mut builder = Builder::default();
            builder.set("--preset", "preset", arguments.preset.as_str())?;
            arguments.network.iter().try_for_each(|path| builder.network_file(path))?;
            fitting(builder)?
        }
    };
    if arguments.toml {
        write!(out, "{}", models::declaration(&settings).to_toml())?;
        return Ok(ExitCode::SUCCESS);
    }
    layers(&models::build(&settings), &settings, out)?;
    model.iter().try_for_each(|model| tensors(model, out))?;
    Ok(ExitCode::SUCCESS)
}

/// The settings, with the loss that the network takes, which does not change its layers.
fn fitting(mut builder: Builder) -> Result<Settings, ConfigError> {
    match builder.clone().build() {
        Err(ConfigError::Range { key: "loss", .. }) => {
            builder.set("--network", "loss", "cross_entropy")?;
            builder.build()
        }
        built => built,
    }
}

/// Smallest, mean and largest value of each tensor, and the root of its mean square.
fn tensors(model: &Model, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(
        out,
        "\n{:<16}{:>18}{:>12}{:>12}{:>12}{:>12}",
        "tensor", "shape", "smallest", "mean", "largest", "r.m.s."
    )?;
    for (tensor, range) in model.network().layout().iter() {
        let values: Vec<f64> = model.values[range].iter().map(|&value| value.into()).collect();
        let mean = |value: fn(f64) -> f64| values.iter().map(|&w| value(w)).sum::<f64>() / values.len() as f64;
        let smallest = values.iter().copied().fold(f64::INFINITY, f64::min);
        let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (average, square) = (mean(|w| w), mean(|w| w * w).sqrt());
        let shape = format!("{:?}", tensor.shape);
        writeln!(out, "{:<16}{shape:>18}{smallest:>12.4}{average:>12.4}{largest:>12.4}{square:>12.4}", tensor.name)?;
    }
    Ok(())
}

/// Prints the table of layers beside the paper's totals, if it gives any, and for LeNet-5 beside each layer's; fails if they differ.
fn layers(network: &Network<f32>, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
    let rows = network.table(network.input())?;
    if settings.network == Architecture::Lenet5 && settings.is_as_published() && settings.classes() == 10 {
        return lenet5(network, &rows, out);
    }
    writeln!(out, "{} for an input of {} units\n", settings.network.name(), network.input())?;
    writeln!(out, "{:<8}{:<14}{:>12}{:>14}", "layer", "maps", "parameters", "connections")?;
    for row in &rows {
        let (output, counts) = (row.output.to_string(), [row.parameters, row.connections].map(thousands));
        writeln!(out, "{:<8}{output:<14}{:>12}{:>14}", row.name, counts[0], counts[1])?;
    }
    let found = (rows.iter().map(|row| row.parameters).sum(), rows.iter().map(|row| row.connections).sum());
    writeln!(out, "{:<8}{:<14}{:>12}{:>14}", "total", "", thousands(found.0), thousands(found.1))?;
    match settings.network {
        // The printed ones are those of ten outputs.
        _ if settings.classes() != 10 => {}
        Architecture::Lenet1 => {
            let (parameters, connections) = (paper::LENET1_PARAMETERS, paper::LENET1_CONNECTIONS);
            writeln!(out, "{:<8}{:<14}{:>12}{:>14}", "paper", "", thousands(parameters), thousands(connections))?;
            ensure!(found == (parameters, connections), "the totals differ from the paper's");
        }
        Architecture::Lenet4 => {
            writeln!(out, "{:<8}{:<14}{:>12}{:>14}", "paper", "", "about 17,000", "about 260,000")?;
            writeln!(out, "\n{}", paper::LENET4_NOTE)?;
        }
        _ => {}
    }
    Ok(())
}

/// Prints the table of LeNet-5: maps, parameters and connections beside the paper's.
fn lenet5(network: &Network<f32>, rows: &[LayerSummary], out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "LeNet-5 for an input of {} units (section II-B)\n", network.input())?;
    writeln!(
        out,
        "{:<6}{:<14}{:>12}{:>12}{:>14}{:>12}",
        "layer", "maps", "parameters", "paper", "connections", "paper"
    )?;
    let mut differ = Vec::new();
    for (row, &(name, maps, parameters, connections)) in rows.iter().zip(&paper::LENET5) {
        let output = row.output.to_string();
        let counts = [row.parameters, parameters, row.connections, connections].map(thousands);
        writeln!(
            out,
            "{:<6}{:<14}{:>12}{:>12}{:>14}{:>12}",
            row.name, output, counts[0], counts[1], counts[2], counts[3]
        )?;
        if (row.name.as_str(), output.as_str(), row.parameters, row.connections)
            != (name, maps, parameters, connections)
        {
            differ.push(name);
        }
    }
    let parameters = rows.iter().map(|row| row.parameters).sum();
    let connections = rows.iter().map(|row| row.connections).sum();
    let totals = [parameters, paper::LENET5_PARAMETERS, connections, paper::LENET5_CONNECTIONS];
    let counts = totals.map(thousands);
    writeln!(out, "{:<6}{:<14}{:>12}{:>12}{:>14}{:>12}", "total", "", counts[0], counts[1], counts[2], counts[3])?;
    writeln!(out, "\nRBF: {} fixed components, not trained.", thousands(10 * codes::BITS))?;
    ensure!(differ.is_empty() && rows.len() == paper::LENET5.len(), "these layers differ from the paper's: {differ:?}");
    ensure!(totals[0] == totals[1] && totals[2] == totals[3], "the totals differ from the paper's");
    Ok(())
}
