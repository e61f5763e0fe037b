//! `lenet5 test`

mod report;
mod wrong;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::ensure;
use clap::Args;
use lenet5::data::Dataset;
use lenet5::evaluation::{Evaluation, evaluate, outputs};
use lenet5::models::{Counterpart, counterpart};
use lenet5::network::loss::Loss;
use lenet5::runs::answers;
use lenet5::runs::checkpoint::Model;

use super::dataset::DataArguments;
use super::figure;
use super::format::{confusion, count, thousands};
use super::notes::note;
use super::output::OutputArguments;
use report::Report;

#[derive(Args)]
pub struct Arguments {
    /// A model.safetensors that `lenet5 train` has written, or its run's folder [default: the one that comes with the program]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Print a JSON object
    #[arg(long)]
    json: bool,
    /// Write a table with a row for each pattern: its index, its class, the answer, and the distance of each class
    #[arg(long, value_name = "FILE.csv")]
    predictions: Option<PathBuf>,
    /// Draw the patterns that were answered wrongly, in a file (svg, png or pdf)
    #[arg(long, value_name = "FILE.svg")]
    wrong: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArguments,
    #[command(flatten)]
    data: DataArguments,
}

/// Prints error, interval and confusion matrix.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let (table, page, output) = (arguments.predictions.as_ref(), arguments.wrong.as_ref(), arguments.output);
    table.map_or(Ok(()), |path| output.check_ending(path, "--predictions", "csv"))?;
    page.map_or(Ok(()), |path| figure::check("--wrong", path, output))?;
    let model = Model::load_or_pretrained(arguments.model.as_deref())?;
    let dataset = arguments.data.open(&model.choice(), &model.settings)?;
    check(&model, &dataset, arguments.data.dataset.is_some())?;
    if !arguments.json {
        if dataset.source != model.source {
            writeln!(out, "Note: this model was trained on {}, and is tested on {}.\n", model.source, dataset.source)?;
        }
        if arguments.model.is_none() {
            writeln!(out, "The model that comes with the program:\n")?;
        }
    }
    let network = model.network();
    dataset.check_fits(network.input(), network.outputs())?;
    let evaluation = evaluate(&network, &model.values, model.settings.loss_function(), &dataset.test);
    if arguments.json {
        let report = Report::new(&model, &dataset, &evaluation, printed(&model, &dataset).as_ref());
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        print(&model, &dataset, &evaluation, out)?;
    }
    write_files(arguments, &model, &dataset)?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the table of answers and the page of errors, where they are asked for.
fn write_files(arguments: &Arguments, model: &Model, dataset: &Dataset) -> anyhow::Result<()> {
    if arguments.predictions.is_none() && arguments.wrong.is_none() {
        return Ok(());
    }
    let (names, test) = (model.class_names(), &dataset.test);
    let outputs = outputs(&model.network(), &model.values, test);
    if let Some(path) = &arguments.predictions {
        let scores = model.settings.loss_function() == Loss::CrossEntropy;
        arguments.output.write(path, &answers::table(&names, &outputs, test.labels(), scores)?)?;
    }
    if let Some(path) = &arguments.wrong {
        let title = format!("{}, seed {}, on {}", model.settings.label(), model.settings.seed, dataset.source);
        figure::write(path, &wrong::page(&title, &names, test, &outputs), arguments.output)?;
    }
    Ok(())
}

/// The printed result that is comparable with this one.
fn printed(model: &Model, dataset: &Dataset) -> Option<Counterpart> {
    let finished = model.passes == model.settings.passes && dataset.source == model.source;
    counterpart(&model.settings, model.source).filter(|_| finished)
}

/// Checks that the classes are those of the model, and, unless the user has named the data, that they are the ones that it was trained on.
fn check(model: &Model, dataset: &Dataset, is_named: bool) -> anyhow::Result<()> {
    let own = dataset.own_data();
    if own.is_none() && model.own_data.is_none() {
        return Ok(());
    }
    let (mut known, found) = (model.class_names(), dataset.training.class_names());
    known.truncate(model.settings.data_classes());
    ensure!(
        known == found,
        "{}: expected the classes of the model, {}, found {}; name data with the same classes (--dataset)",
        dataset.origin,
        known.join(" "),
        found.join(" ")
    );
    ensure!(
        is_named || own == model.own_data,
        "{0}: expected the images and labels that the model was trained on, found others; to test on these all the same, name them: \
         --dataset {1}",
        dataset.origin,
        dataset.choice()
    );
    Ok(())
}

fn print(model: &Model, dataset: &Dataset, evaluation: &Evaluation, out: &mut dyn Write) -> anyhow::Result<()> {
    let interval = evaluation.interval();
    let (errors, patterns) = (thousands(evaluation.errors()), thousands(evaluation.patterns()));
    let Model { settings, passes, .. } = model;
    let after = count(*passes, "pass");
    let Dataset { source, origin, .. } = dataset;
    writeln!(out, "{}, seed {}, after {after}, on {source} ({origin})", settings.label(), settings.seed)?;
    writeln!(
        out,
        "test error {:.2} % ({errors} of {patterns}), 95 % interval {:.2} to {:.2} %",
        evaluation.error_percent(),
        interval.low,
        interval.high
    )?;
    let printed = printed(model, dataset);
    if let Some(Counterpart { run, place, test_error_percent, .. }) = printed {
        writeln!(out, "beside it: {test_error_percent:.2} % ({run}; {place})")?;
    }
    if let Some(note) = note(&model.settings, printed.as_ref()) {
        writeln!(out, "{note}")?;
    }
    writeln!(
        out,
        "mean loss {:.4}\n\nconfusion matrix, a row for each class, a column for each answer",
        evaluation.mean_loss
    )?;
    write!(out, "{}", confusion(&model.class_names(), &evaluation.confusion))?;
    Ok(())
}
