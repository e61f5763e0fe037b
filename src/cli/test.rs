//! `lenet5 test`

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use lenet5::checkpoint::Model;
use lenet5::data::{Dataset, Source};
use lenet5::evaluation::{Evaluation, evaluate};
use lenet5::paper;

use super::data::DataArguments;
use super::format::{count, thousands};

/// What `lenet5 test` takes.
#[derive(Args)]
pub struct Arguments {
    /// A model.safetensors that `lenet5 train` has written [default: the one that comes with the program]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    #[command(flatten)]
    data: DataArguments,
}

/// Prints error, interval and confusion matrix.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let model = Model::load_or_pretrained(arguments.model.as_deref())?;
    let dataset = arguments.data.open(model.source.into())?;
    if dataset.source != model.source {
        writeln!(out, "Note: this model was trained on {}, and is tested on {}.\n", model.source, dataset.source)?;
    }
    if arguments.model.is_none() {
        writeln!(
            out,
            "The model that comes with the program: preset {}, seed {}\n",
            model.settings.preset, model.settings.seed
        )?;
    }
    let network = model.network();
    dataset.check_channels(network.input().maps)?;
    let evaluation = evaluate(&network, &model.values, model.settings.loss_function(), &dataset.test);
    print(&model, &dataset, &evaluation, out)?;
    Ok(ExitCode::SUCCESS)
}

fn print(model: &Model, dataset: &Dataset, evaluation: &Evaluation, out: &mut dyn Write) -> anyhow::Result<()> {
    let interval = evaluation.interval();
    let (errors, patterns) = (thousands(evaluation.errors()), thousands(evaluation.patterns()));
    writeln!(out, "{}, after {}", dataset.source, count(model.passes, "pass"))?;
    writeln!(
        out,
        "test error {:.2} % ({errors} of {patterns}), 95 % interval {:.2} to {:.2} %",
        evaluation.error_percent(),
        interval.low,
        interval.high
    )?;
    if dataset.source == Source::Mnist
        && model.source == Source::Mnist
        && let Some(error) = paper::test_error_percent(&model.settings)
    {
        writeln!(out, "the paper's {error:.2} % for such a network (section III-B, Fig. 9)")?;
    }
    if model.settings.network == "lenet4" {
        writeln!(out, "{}", paper::LENET4_NOTE)?;
    }
    writeln!(
        out,
        "mean loss {:.4}\n\nconfusion matrix, a row for each class, a column for each answer",
        evaluation.mean_loss
    )?;
    let names = model.class_names();
    // Six columns are enough for a count; longer names are cut at the top.
    let heading: String = names.iter().map(|name| format!("{name:>6.5}")).collect();
    let width = names.iter().map(String::len).fold(6, usize::max);
    writeln!(out, "{:width$}{heading}", "")?;
    for (name, row) in names.iter().zip(evaluation.confusion.row_iter()) {
        let cells: String =
            row.iter().map(|&count| if count == 0 { "     .".into() } else { format!("{count:>6}") }).collect();
        writeln!(out, "{name:>width$}{cells}")?;
    }
    Ok(())
}
