//! `lenet5 compare`

mod figure;
mod paper;
mod tables;
mod text;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::ensure;
use clap::Args;
use lenet5::data::Source;
use lenet5::runs::comparison::{Comparison, Side, check};
use lenet5::words::terminal::name;

use super::dataset::DataArguments;
use super::figure as figures;
use super::output::OutputArguments;
use crate::app::markup::Markup;

#[derive(Args)]
pub struct Arguments {
    /// Runs' folders, folders with runs of several seeds, as `lenet5 train --seeds` makes them, or tables of answers, as `lenet5 test
    /// --predictions` writes them; two or more
    ///
    /// The error of a run is that after its last pass. Differences are over the seeds that two folders both have, the first less the second:
    /// Student's t test and Wilcoxon's signed-rank test. McNemar's test is on the patterns that the errors are measured on, for which each
    /// run's model answers them again.
    #[arg(required = true, num_args = 2.., value_name = "RUNS")]
    sides: Vec<PathBuf>,
    /// Print a JSON object
    #[arg(long)]
    json: bool,
    /// Print the means and the differences as tables for a paper
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with = "json")]
    tables: Option<Markup>,
    /// Write means.csv, errors.csv, differences.csv and mcnemar.csv to this folder
    #[arg(long, value_name = "DIR")]
    csv: Option<PathBuf>,
    /// Draw the mean errors by pass, and after the last one, with their intervals, in a file (svg, png or pdf)
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArguments,
    #[command(flatten)]
    data: DataArguments,
}

pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    for (index, side) in arguments.sides.iter().enumerate() {
        ensure!(!arguments.sides[..index].contains(side), "{}: given twice; expected different runs", name(side));
    }
    let output = arguments.output;
    arguments.plot.as_ref().map_or(Ok(()), |path| figures::check("--plot", path, output))?;
    if let Some(folder) = &arguments.csv {
        tables::NAMES.iter().try_for_each(|table| output.check(&folder.join(table)))?;
    }
    let mut sides = arguments.sides.iter().map(|path| Side::read(path)).collect::<Result<Vec<Side>, _>>()?;
    let mut warnings = check(&sides)?;
    answer(&mut sides, &arguments.data, &mut warnings)?;
    let comparison = Comparison::of(&sides, warnings)?;
    match arguments.tables {
        Some(markup) => {
            comparison.warnings.iter().for_each(|warning| complain!("warning: {warning}"));
            paper::tables(&comparison).iter().try_for_each(|table| writeln!(out, "{}", markup.of(table)))?;
        }
        None if arguments.json => writeln!(out, "{}", serde_json::to_string_pretty(&comparison)?)?,
        None => text::print(&sides, &comparison, out)?,
    }
    if let Some(folder) = &arguments.csv {
        for (name, table) in tables::all(&comparison)? {
            output.write(&folder.join(name), &table)?;
        }
    }
    if let Some(path) = &arguments.plot {
        figures::write(path, &figure::of(&sides, &comparison)?, output)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Lets the models answer the patterns, for McNemar's test. Where they can't, a warning says why, and all else goes on.
fn answer(sides: &mut [Side], data: &DataArguments, warnings: &mut Vec<String>) -> anyhow::Result<()> {
    let Some(settings) = sides.iter().find_map(|side| side.settings.clone()) else { return Ok(()) };
    if let Some(choice) = &data.dataset {
        ensure!(
            *choice == settings.dataset,
            "--dataset: expected the data set of the runs, whose patterns their errors are of"
        );
    }
    let answered = data.open(&settings.dataset, &settings).and_then(|dataset| {
        if dataset.source == Source::Digits {
            warnings.push("NOT MNIST: the small digits that come with the program".into());
        }
        sides.iter_mut().try_for_each(|side| Ok(side.answer(&dataset)?))
    });
    if let Err(error) = answered {
        warnings.push(format!("no McNemar's test: {error:#}"));
    }
    Ok(())
}
