//! `lenet5-reproduce`: the paper's figures and tables, each by one command.
//!
//! # Another experiment
//!
//! An experiment is a file of this folder with an [`Experiment`], and a line in [`EXPERIMENTS`]. That is all: it has a command with the
//! options of the others, its networks are trained once and shared with the experiments that need the same, its CSV files say how they
//! were made, and its part of the page is written. This is such a file, `example.rs`; its command is hidden, and it is not on the page:
//!
//! ```ignore
#![doc = include_str!("example.rs")]
//! ```

/// `println!`, but for whoever has closed the pipe or the terminal: that must end no long run.
macro_rules! say {
    ($($argument:tt)*) => {{
        let _ = std::io::Write::write_fmt(&mut std::io::stdout(), format_args!("{}\n", format_args!($($argument)*)));
    }};
}

mod answers;
mod cells;
mod compare;
mod costs;
mod curvature;
mod distortions;
mod example;
mod experiment;
mod family;
mod fig10;
mod fig11_and_12;
mod fig13;
mod fig5;
mod fig6;
mod fig7;
mod fig8;
mod fig9;
mod finished;
mod grid;
mod ladder;
mod lenet4;
#[path = "../src/app/markup.rs"]
mod markup;
mod options;
#[path = "../src/app/package.rs"]
mod package;
mod page;
mod rates;
mod readings;
mod record;
mod rubbish;
mod scan;
mod schedule;
mod section;
mod speed;
mod tuned;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::builder::PossibleValuesParser;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use lenet5::data::{self, Choice, Dataset, download};
use lenet5::drawing::format::Format;
use lenet5::kernels::simd::Level;
use lenet5::runs::cells::Cell as _;
use lenet5::runs::environment;
use lenet5::runs::interruption;
use lenet5::words::terminal;

use cells::{Arm, Cell, Extent, Shard};
use experiment::{Context, Experiment};
use finished::{Finished, Results};
use markup::Markup;
use options::{Options, Scope};
use package::{Package, with_commit};
use record::{COMMAND, Folder};

/// All experiments, in the order of the page.
const EXPERIMENTS: [Experiment; 25] = [
    fig5::EXPERIMENT,
    fig6::EXPERIMENT,
    fig7::EXPERIMENT,
    distortions::EXPERIMENT,
    fig8::EXPERIMENT,
    fig9::EXPERIMENT,
    fig10::EXPERIMENT,
    fig11_and_12::OPERATIONS,
    fig11_and_12::VARIABLES,
    fig13::EXPERIMENT,
    scan::EXPERIMENT,
    scan::choice::EXPERIMENT,
    readings::EXPERIMENT,
    grid::rates::EXPERIMENT,
    grid::coarse::EXPERIMENT,
    grid::fine::EXPERIMENT,
    grid::choice::EXPERIMENT,
    curvature::EXPERIMENT,
    rates::EXPERIMENT,
    tuned::EXPERIMENT,
    tuned::choice::EXPERIMENT,
    rubbish::EXPERIMENT,
    compare::EXPERIMENT,
    ladder::EXPERIMENT,
    ladder::choice::EXPERIMENT,
];

/// Run what a figure or table of the 1998 paper shows, and draw it with the paper's own numbers beside ours.
#[derive(Parser)]
#[command(name = "lenet5-reproduce", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the experiments
    List,
    /// Run all experiments
    All(Options),
    /// Write an experiment's tables, figures and page from the networks that are trained; trains none, and says which are missing
    Summarise {
        /// The experiment, or all
        #[arg(value_parser = names())]
        name: String,
        #[command(flatten)]
        scope: Scope,
    },
    /// Draw an experiment's figures again, from its CSV files alone
    Plot {
        /// The experiment, or all
        #[arg(value_parser = names())]
        name: String,
        /// Folder of the results
        #[arg(long, value_name = "DIR", default_value = "results")]
        out: PathBuf,
        /// Also write the figures as png (two pixels for each unit of the SVG) or pdf, beside the SVG
        #[arg(long, value_name = "FORMAT", value_delimiter = ',')]
        format: Vec<Format>,
    },
    /// Print an experiment's tables, for a paper of your own
    Tables {
        /// The experiment, or all
        #[arg(value_parser = names())]
        name: String,
        /// Folder of the results
        #[arg(long, value_name = "DIR", default_value = "results")]
        out: PathBuf,
        /// The form of the tables
        #[arg(long, value_enum, default_value_t = Markup::Markdown, value_name = "FORMAT")]
        format: Markup,
    },
    /// Write the page of results again, and the table in README.md
    Page {
        /// Folder of the results
        #[arg(long, value_name = "DIR", default_value = "results")]
        out: PathBuf,
    },
    #[command(flatten)]
    Package(Package),
}

fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(EXPERIMENTS.iter().map(|experiment| experiment.name).chain(["all"]))
}

/// The experiment of this name, or all.
fn of_name(name: &str) -> impl Iterator<Item = &'static Experiment> {
    EXPERIMENTS.iter().filter(move |experiment| name == "all" || experiment.name == name)
}

/// The experiment of this name, or the example.
fn experiment(name: &str) -> Option<&'static Experiment> {
    EXPERIMENTS.iter().chain([&example::EXPERIMENT]).find(|experiment| experiment.name == name)
}

/// The command line: each experiment is a command with the options of `all`.
fn command_line() -> clap::Command {
    let command = |experiment: &Experiment| {
        Options::augment_args(clap::Command::new(experiment.name)).about(experiment.about).long_about(None)
    };
    Cli::command().subcommands(EXPERIMENTS.iter().map(command)).subcommand(command(&example::EXPERIMENT).hide(true))
}

fn main() -> ExitCode {
    environment::set_commit(lenet5_commit::commit!());
    let matches = match with_commit(command_line()).try_get_matches() {
        Ok(matches) => matches,
        Err(help) if !help.use_stderr() => help.exit(),
        Err(error) => return complain(error.to_string().trim_end(), 2),
    };
    // Not in the form of `Debug`, to which RUST_BACKTRACE adds a backtrace.
    answer(&matches).unwrap_or_else(|error| complain(&format!("error: {error:#}"), 1))
}

/// Prints an error, which may quote what was typed or read, without control characters.
fn complain(text: &str, code: u8) -> ExitCode {
    eprintln!("{}", terminal::plain(text));
    ExitCode::from(code)
}

fn answer(matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    Level::from_environment()?; // a wrong LENET5_SIMD is an error before anything is done
    if let Some((name, own)) = matches.subcommand()
        && let Some(experiment) = experiment(name)
    {
        let options = Options::from_arg_matches(own).unwrap_or_else(|error| error.exit());
        return run(&[experiment], &options);
    }
    match Cli::from_arg_matches(matches).unwrap_or_else(|error| error.exit()).command {
        Command::List => {
            EXPERIMENTS.iter().for_each(|experiment| say!("{:<13} {}", experiment.name, experiment.about));
            Ok(ExitCode::SUCCESS)
        }
        Command::Summarise { name, scope } => summarise(&of_name(&name).collect::<Vec<_>>(), &scope),
        Command::Plot { name, out, format } => {
            for experiment in of_name(&name) {
                (experiment.plot)(&Folder::existing(&out, experiment.name).with_formats(&format))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Tables { name, out, format } => {
            for experiment in of_name(&name).filter(|experiment| name != "all" || out.join(experiment.name).is_dir()) {
                page::print_tables(experiment, &Folder::existing(&out, experiment.name), format)?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Page { out } => page::write(&out, &EXPERIMENTS).map(|()| ExitCode::SUCCESS),
        Command::Package(command) => command.run(command_line()).map(|()| ExitCode::SUCCESS),
        Command::All(options) => run(&EXPERIMENTS.iter().collect::<Vec<_>>(), &options),
    }
}

/// What experiments are made from.
struct Plan<'a> {
    experiments: &'a [&'a Experiment],
    scope: &'a Scope,
    extent: Extent,
    /// The folder of the results.
    out: PathBuf,
    /// That of the runs.
    runs: PathBuf,
    dataset: Dataset,
    /// The networks that the experiments need.
    cells: Vec<Cell>,
    commit: &'static str,
}

impl<'a> Plan<'a> {
    fn new(experiments: &'a [&'a Experiment], scope: &'a Scope) -> anyhow::Result<Self> {
        let commit = environment::commit();
        let extent = Extent { seeds: scope.seeds.clone(), quick: scope.quick, digits: scope.dataset == Choice::Digits };
        let (out, runs) = scope.folders();
        let (dir, options) = (scope.data_dir.as_deref(), download::Options::default());
        let dataset = data::open(scope.dataset.clone(), dir, &options, &mut ())?;
        let arms: Vec<Arm> = experiments.iter().flat_map(|experiment| (experiment.arms)(&extent)).collect();
        let cells = cells::cells(&runs, &arms);
        Ok(Self { experiments, scope, extent, out, runs, dataset, cells, commit })
    }

    /// Checks, before hours of training, that the results can be written, as far as it can be told.
    fn check_replaceable(&self) -> anyhow::Result<()> {
        for experiment in self.experiments {
            Folder::existing(&self.out, experiment.name).check_replaceable(self.scope.is_complete())?;
        }
        page::check(&self.out.join("README.md"))
    }

    /// Summarises and draws each experiment, whose cells must be finished, and writes the page.
    fn conclude(&self) -> anyhow::Result<ExitCode> {
        let Self { scope, extent, out, runs, dataset, .. } = self;
        for experiment in self.experiments {
            let context = |stage| format!("{}: {stage}", experiment.name);
            let header = header(experiment, scope, self.commit, (runs, dataset), extent)?;
            let folder = Folder::new(out, experiment.name, header)?.with_formats(&scope.format);
            let (folder, results, is_complete, cells) = (&folder, &**out, scope.is_complete(), Results::default());
            let at_hand = Context { dataset, extent, folder, results, is_complete, runs, cells };
            (experiment.summarise)(&at_hand).with_context(|| context("summary"))?;
            let left_out = at_hand.cells.write(folder)?;
            (experiment.plot)(folder).with_context(|| context("plot"))?;
            let section = page::section(experiment, folder).with_context(|| context("page"))?;
            say!("\n{}{left_out}", section.as_text());
        }
        page::write(out, &EXPERIMENTS)?;
        say!("\nWritten to {}", out.display());
        Ok(ExitCode::SUCCESS)
    }
}

/// Trains what these experiments need and is not there yet, then summarises and draws each.
fn run(experiments: &[&Experiment], options: &Options) -> anyhow::Result<ExitCode> {
    let plan = Plan::new(experiments, &options.scope)?;
    let (dataset, jobs) = (&plan.dataset, options.jobs.map_or_else(rayon::current_num_threads, usize::from));
    let share = |shard: Shard| shard.of(plan.cells.clone(), |cell| cell.work(dataset.sizes()));
    let cells = options.shard.map_or_else(|| plan.cells.clone(), share);
    if options.dry_run {
        cells::dry_run(&cells, dataset, jobs)?;
        return Ok(ExitCode::SUCCESS);
    }
    plan.check_replaceable()?;
    interruption::catch()?;
    let finished = cells::train(&cells, dataset, jobs)?;
    if let Some(code) = interruption::exit_code() {
        say!("Stopped. All full passes are kept; the same command goes on.");
        return Ok(ExitCode::from(code));
    }
    // From here on nothing is lost.
    interruption::release();
    anyhow::ensure!(finished, "another process trains some of the cells; when it is done: the same command again");
    if let Some(shard) = options.shard {
        say!("Shard {shard} is done. When all are: the same command without --shard, or `lenet5-reproduce summarise`");
        return Ok(ExitCode::SUCCESS);
    }
    plan.conclude()
}

/// Summarises and draws these experiments from the networks that are there.
fn summarise(experiments: &[&Experiment], scope: &Scope) -> anyhow::Result<ExitCode> {
    let plan = Plan::new(experiments, scope)?;
    plan.check_replaceable()?;
    cells::check_finished(&plan.cells, &plan.runs, &plan.dataset)?;
    plan.conclude()
}

/// The header of an experiment's CSV files: the command that makes them, and the commits that made them.
fn header(
    experiment: &Experiment,
    scope: &Scope,
    commit: &str,
    (runs, dataset): (&Path, &Dataset),
    extent: &Extent,
) -> anyhow::Result<Vec<String>> {
    let mut command = format!("cargo run --release --bin lenet5-reproduce -- {}", experiment.name);
    if let Some(seeds) = &scope.seeds {
        command += &format!(" --seeds {seeds}");
    }
    if scope.quick {
        command += " --quick";
    }
    if scope.dataset != Choice::Mnist {
        command += &format!(" --dataset {}", scope.dataset);
    }
    let mut trained = Vec::new();
    for arm in (experiment.arms)(extent) {
        for cell in Finished::of(runs, &arm, dataset)? {
            trained.extend(cell.commits()?);
        }
    }
    trained.sort();
    trained.dedup();
    let mut lines = vec![format!("{}: {}", experiment.name, experiment.about), format!("{COMMAND}{command}")];
    lines.push(format!("commit: {commit}"));
    if !trained.is_empty() {
        lines.push(format!("networks trained at: {}", trained.join(", ")));
    }
    Ok(lines)
}
