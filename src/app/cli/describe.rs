//! `lenet5 data describe`

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use lenet5::data::{Choice, Dataset};
use lenet5::drawing::samples;
use lenet5::models::builder::Builder;

use super::dataset::DataArguments;
use super::figure;
use super::format::{count, thousands};
use super::output::OutputArguments;

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// The set of defaults, whose network the images are made ready for
    #[arg(long, value_name = "NAME", default_value = "paper")]
    preset: String,
    /// The page of samples to write
    #[arg(long, value_name = "FILE.svg", default_value = "samples.svg")]
    samples: PathBuf,
    #[command(flatten)]
    output: OutputArguments,
}

/// Prints what is in the data set, and draws the first images of each class.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let page = &arguments.samples;
    figure::check("--samples", page, arguments.output)?;
    let settings = Builder::assigned(&[&format!("preset={}", arguments.preset)])?;
    let dataset = arguments.data.open(&Choice::Auto, &settings)?;
    print(&dataset, out)?;
    // Published sets have the codes of the settings as they are.
    match settings.for_data(&dataset) {
        Ok(settings) => writeln!(out, "alphabet (codes of RBF outputs): {}", settings.alphabet)?,
        Err(error) => writeln!(out, "{error}")?,
    }
    figure::write(page, &samples::page(&dataset), arguments.output)?;
    writeln!(out, "a page of samples: {}", page.display())?;
    Ok(ExitCode::SUCCESS)
}

fn print(dataset: &Dataset, out: &mut dyn Write) -> anyhow::Result<()> {
    let Dataset { source, origin, training, test } = dataset;
    let (names, (height, width)) = (training.class_names(), training.size());
    let classes = count(names.len(), "class");
    writeln!(
        out,
        "{source} ({origin}): {classes}, images of {height} x {width} pixels, {}",
        count(training.channels(), "channel")
    )?;
    let counts = |labels: &[u8]| {
        let mut counts = vec![0_usize; names.len()];
        for label in labels {
            // A published set has its labels checked when it is read.
            if let Some(count) = counts.get_mut(usize::from(*label)) {
                *count += 1;
            }
        }
        counts
    };
    let (trained, tested) = (counts(training.labels()), counts(test.labels()));
    let longest = names.iter().map(|name| name.chars().count()).fold(5, usize::max);
    writeln!(out, "\n{:>longest$}{:>12}{:>12}", "class", "training", "test")?;
    for ((name, trained), tested) in names.iter().zip(&trained).zip(&tested) {
        writeln!(out, "{name:>longest$}{:>12}{:>12}", thousands(*trained), thousands(*tested))?;
    }
    writeln!(out, "{:>longest$}{:>12}{:>12}\n", "all", thousands(training.len()), thousands(test.len()))?;
    Ok(())
}
