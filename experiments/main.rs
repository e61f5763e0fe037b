//! `reproduce`: the paper's figures and tables, each by one command.

mod fig5;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use lenet5::kernels::simd::Level;
use lenet5::seeds::Seeds;

/// Run what a figure or table of the 1998 paper shows, and draw it with the paper's own numbers beside ours.
#[derive(Parser)]
#[command(name = "reproduce", version, about, long_about = None)]
struct Cli {
    #[command(subcommand)]
    experiment: Experiment,
}

#[derive(Subcommand)]
enum Experiment {
    /// List the experiments
    List,
    /// Fig. 5: training and test error of LeNet-5 against the pass
    Fig5(Options),
}

/// What every experiment takes.
#[derive(Args)]
pub struct Options {
    /// Seeds, as a range or one number
    #[arg(long, default_value = "1-5")]
    seeds: Seeds,
    /// Folder of the results; the runs go to `runs` below it
    #[arg(long, value_name = "DIR", default_value = "results")]
    out: PathBuf,
    /// Folder with the four files of MNIST
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let experiment = Cli::parse().experiment;
    Level::from_environment()?; // a wrong LENET5_SIMD is an error before anything is done
    match experiment {
        Experiment::List => {
            println!("fig5  training and test error of LeNet-5 against the pass, mean over seeds");
            Ok(())
        }
        Experiment::Fig5(options) => fig5::run(&options),
    }
}
