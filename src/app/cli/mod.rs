//! The commands: arguments and printing. The library does the work.

/// `println!` without control characters. A closed pipe is not an error: it must not end a long run.
macro_rules! say {
    ($($argument:tt)*) => { $crate::app::cli::print(std::io::stdout(), format_args!($($argument)*)) };
}

/// `eprintln!` without control characters; a closed pipe is not an error.
macro_rules! complain {
    ($($argument:tt)*) => { $crate::app::cli::print(std::io::stderr(), format_args!($($argument)*)) };
}

mod bench;
mod compare;
mod data;
mod dataset;
mod demo;
mod describe;
mod export;
mod figure;
mod format;
mod import;
mod input;
mod notes;
mod output;
mod pictures;
mod predict;
mod progress;
mod scan;
mod seeds;
mod summary;
mod sweep;
mod test;
mod train;
mod verdict;

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use lenet5::kernels::simd::Level;
use lenet5::runs::environment;
use lenet5::words::terminal::PlainWriter;

use crate::app::package::{Package, with_commit};

/// LeNet-5 as published in 1998: train it by the paper's protocol, test it, let it read your digits. What the paper leaves open is a setting.
#[derive(Parser)]
#[command(version, about, long_about = None)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Train the network and record the run in a folder
    Train(train::Arguments),
    /// Measure a trained model's error on the test patterns
    Test(test::Arguments),
    /// Compare trained runs: means with their intervals, differences over common seeds, tests of whether they are chance
    Compare(compare::Arguments),
    /// Classify pictures, of single digits where the model knows digits: PNG, JPEG, WebP, GIF, TIFF, BMP or PNM
    Predict(predict::Arguments),
    /// Read a line of digits from a picture
    Scan(scan::Arguments),
    /// Measure how many pictures of a labelled set are read right
    Pictures(pictures::Arguments),
    /// Serve a page on this machine: draw a digit, or open a picture, and see what the network makes of it
    Demo(demo::Arguments),
    /// Write a model to a file that other programs read: for NumPy, or as an ONNX graph
    Export(export::Arguments),
    /// Make a model of another program's tensors
    Import(import::Arguments),
    /// Print the table of layers beside the paper's; fails if they differ
    Summary(summary::Arguments),
    /// Print every setting with its default, its meaning and where it comes from
    Settings {
        /// The set of defaults
        #[arg(long, default_value = "paper")]
        preset: String,
    },
    /// Find, fetch or verify MNIST; find CIFAR-10; describe a data set, also one of your own
    Data(data::Arguments),
    /// Measure the training step beside the fastest multiply-adds that one core of this machine can do
    Bench(bench::Arguments),
    #[command(flatten)]
    Package(Package),
}

/// Runs the command line. Exit code 0: done; 1: an error, printed; 2: wrong arguments; 3: training diverged;
/// 129, 130, 143: stopped by SIGHUP, Ctrl-C or SIGTERM.
pub fn main() -> ExitCode {
    environment::set_commit(lenet5_commit::commit!());
    let typed = with_commit(Cli::command()).try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    let command = match typed {
        Ok(typed) => typed.command,
        Err(error) => return refuse(&error),
    };
    run(command).unwrap_or_else(|error| {
        // The reader of the pipe has read enough: `lenet5 summary | head -1`.
        let closed = |cause: &io::Error| cause.kind() == ErrorKind::BrokenPipe;
        if error.downcast_ref::<io::Error>().is_some_and(closed) {
            return ExitCode::SUCCESS;
        }
        complain!("error: {error:#}");
        ExitCode::FAILURE
    })
}

/// A line of `say!` or `complain!`.
fn print(to: impl Write, line: Arguments<'_>) {
    let _ = writeln!(PlainWriter(to), "{line}");
}

/// Prints clap's message. An error quotes the arguments, so that it is printed without control characters, and so without colours.
fn refuse(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        error.exit();
    }
    complain!("{}", error.to_string().trim_end());
    ExitCode::from(2)
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    Level::from_environment()?; // a wrong LENET5_SIMD is an error before anything is done
    let mut out = PlainWriter(io::stdout().lock());
    match command {
        Command::Train(arguments) => {
            // The progress bar writes lines from inside the training loop.
            drop(out);
            train::run(&arguments)
        }
        Command::Test(arguments) => test::run(&arguments, &mut out),
        Command::Compare(arguments) => compare::run(&arguments, &mut out),
        Command::Predict(arguments) => predict::run(&arguments, &mut out),
        Command::Scan(arguments) => scan::run(&arguments, &mut out),
        Command::Pictures(arguments) => pictures::run(&arguments, &mut out),
        Command::Demo(arguments) => demo::run(&arguments, &mut out),
        Command::Export(arguments) => export::run(&arguments, &mut out),
        Command::Import(arguments) => import::run(&arguments, &mut out),
        Command::Summary(arguments) => summary::run(&arguments, &mut out),
        Command::Settings { preset } => settings(&preset, &mut out),
        Command::Data(arguments) => data::run(&arguments, &mut out),
        Command::Bench(arguments) => bench::run(&arguments, &mut out),
        Command::Package(command) => {
            drop(out);
            command.run(Cli::command()).map(|()| ExitCode::SUCCESS)
        }
    }
}

fn settings(preset: &str, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let settings = lenet5::models::preset(preset)?.check()?;
    write!(out, "{}", settings.to_toml())?;
    Ok(ExitCode::SUCCESS)
}
