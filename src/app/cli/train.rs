//! `lenet5 train`

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail, ensure};
use clap::Args;
use lenet5::config::{ConfigError, Settings};
use lenet5::data::{Dataset, Source};
use lenet5::evaluation::clopper_pearson;
use lenet5::models::builder::Builder;
use lenet5::models::{Counterpart, counterpart};
use lenet5::runs::cells::Shard;
use lenet5::runs::folder::{Outcome, Run, RunError};
use lenet5::runs::interruption;
use lenet5::runs::seeds::Seeds;
use lenet5::runs::sweep::{self, Axis};

use super::dataset::DataArguments;
use super::figure::{self, FigureArguments};
use super::format::{are, count, duration, program, shell};
use super::notes::{announce, extent, note, option, warn_if_digits};
use super::progress::{Display, curve_of};
use super::sweep::Sweep;
use super::{seeds, verdict};

#[derive(Args)]
pub struct Arguments {
    /// The set of defaults [default: paper]
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// A network of your own: a TOML file that declares its layers (README.md)
    #[arg(long, value_name = "FILE")]
    network: Option<PathBuf>,
    /// The number of passes over the training patterns, in all [default: 20]
    #[arg(long, value_name = "N")]
    passes: Option<usize>,
    /// Seed of all random streams [default: 1]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// A run for each of these seeds, such as 1-10 or 1,3,5-8, side by side
    ///
    /// One run on each thread at a time (RAYON_NUM_THREADS). The runs go to seed-N below the folder, the table of their errors to
    /// seeds.csv in it. Where --out names a folder that has runs of these seeds already, they must have the same
    /// settings but for --passes, and go on.
    #[arg(long, value_name = "SEEDS", conflicts_with_all = ["seed", "resume"])]
    seeds: Option<Seeds>,
    /// The run's folder, or that of all runs [default: a new one below runs; with --resume, the newest unfinished one there]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// A TOML file with settings, such as another run's config.toml
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// One setting; can be given several times. `lenet5 settings` lists them
    ///
    /// With --seeds, KEY=A,B,C is a sweep: runs of every seed with each of the values, and with every combination of them where several settings
    /// have lists. Commas within brackets, braces or quotation marks are part of a value. The runs go to KEY=VALUE/seed-N below the folder.
    /// The same command with the same --out goes on; what is finished is not trained again.
    #[arg(long, value_name = "KEY=VALUE[,VALUE...]")]
    set: Vec<String>,
    /// Only train share I of N of the runs, for a cluster's job array; run without it when all are done
    ///
    /// The shares are of equal work, as far as it is known before: passes, patterns, and the network's multiply-adds.
    #[arg(long, value_name = "I/N", requires_all = ["seeds", "out"])]
    shard: Option<Shard>,
    /// Only list the runs with the time that each is expected to take
    #[arg(long, requires = "seeds")]
    dry_run: bool,
    /// Go on with a run after its last full pass; --dataset names its data where they have been moved to
    #[arg(long, conflicts_with_all = ["preset", "network", "seed", "config", "set", "transpose"])]
    resume: bool,
    /// Also log each pass for TensorBoard, in event files in the run's folder
    ///
    /// A run that is resumed so logs what it has had before, too. Look at them with: tensorboard --logdir runs
    #[arg(long)]
    tensorboard: bool,
    #[command(flatten)]
    figures: FigureArguments,
    #[command(flatten)]
    data: DataArguments,
}

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let (mut run, dataset) = if arguments.resume {
        let run = match &arguments.out {
            Some(folder) => Run::resume(folder, arguments.passes).map_err(|error| of_several(folder, error))?,
            None => newest_unfinished(Path::new("runs"), arguments.passes)?,
        };
        let dataset = arguments.data.open(&run.settings().dataset, run.settings())?;
        (run, dataset)
    } else {
        if let Some(code) = run_sweep(arguments)? {
            return Ok(code);
        }
        let settings = settings(arguments, &arguments.set)?;
        let dataset = arguments.data.open(&settings.dataset, &settings)?;
        let folder = |ending: String| {
            let kind = settings.network.declaration().map_or(&settings.preset, |declaration| &declaration.name);
            arguments.out.clone().unwrap_or_else(|| new_folder(kind, dataset.source, &ending))
        };
        if let Some(seeds) = &arguments.seeds {
            let parent = folder(format!("seeds{seeds}"));
            let formats = &arguments.figures.format;
            let options = seeds::Options { shard: arguments.shard, tensorboard: arguments.tensorboard, formats };
            return seeds::run(&parent, seeds, &settings, &dataset, options);
        }
        let folder = folder(format!("seed{}", settings.seed));
        (Run::create(&folder, settings, &dataset)?, dataset)
    };
    run = run.with_tensorboard(arguments.tensorboard);
    let (settings, done) = (run.settings().clone(), run.records().len());
    let seed = format!("seed {}", settings.seed);
    let record = format!("{}, recorded in {}", extent(&run, &dataset), run.folder().display());
    announce(&run, &dataset, [seed, record], (done > 0).then(|| are(done, "pass")));
    verdict::warn(&run);
    interruption::catch()?;
    let mut display = Display::new(&run, dataset.source);
    let outcome = run.train(&dataset, &mut display)?;
    display.draw();
    drop(display);
    figure::write_beside(&curve_of(&run), &arguments.figures.format)?;
    let command =
        format!("{} train --resume --out {}{}", program(), shell(run.folder()), option(arguments.tensorboard));
    if outcome == Outcome::Stopped {
        say!(
            "\nStopped. {} of {} complete and kept. To go on:\n  {command}",
            run.records().len(),
            are(settings.passes, "pass")
        );
        return Ok(ExitCode::from(interruption::exit_code().unwrap_or(1)));
    }
    if let Outcome::Diverged(divergence) = &outcome {
        return Ok(verdict::report(&run, divergence, arguments.tensorboard));
    }
    if done == settings.passes {
        say!("This run had all its passes already. For more:\n  {command} --passes {}", done + 1);
    }
    report(&run, &dataset);
    Ok(ExitCode::SUCCESS)
}

/// Trains a sweep below --out, or a new folder, where there are seeds and a setting has a list of values.
fn run_sweep(arguments: &Arguments) -> anyhow::Result<Option<ExitCode>> {
    let Some(seeds) = &arguments.seeds else { return Ok(None) };
    let (axes, single) = sweep::axes(&arguments.set);
    if axes.is_empty() && !arguments.dry_run {
        return Ok(None);
    }
    let arms = sweep::product(&axes, |assignments| settings(arguments, &[&single[..], assignments].concat()))?;
    let first = &arms[0].settings;
    ensure!(
        arms.iter().all(|arm| arm.settings.dataset == first.dataset),
        "--set dataset: expected one data set, found a list; a sweep is on one, since errors on different patterns can't be compared"
    );
    let dataset = arguments.data.open(&first.dataset, first)?;
    let new = || new_folder(&first.preset, dataset.source, &format!("sweep-seeds{seeds}"));
    let parent = arguments.out.clone().unwrap_or_else(new);
    let formats = &arguments.figures.format;
    let sweep = Sweep { parent: &parent, axes: &axes, arms: &arms, seeds, dataset: &dataset, formats };
    if arguments.dry_run {
        return sweep.dry_run(arguments.shard).map(Some);
    }
    sweep.run(arguments.shard, arguments.tensorboard, arguments.out.is_none()).map(Some)
}

/// The settings of the command line, `set` in place of its own assignments.
fn settings(arguments: &Arguments, set: &[String]) -> Result<Settings, ConfigError> {
    let mut builder = Builder::default();
    if let Some(path) = &arguments.config {
        builder.file(path)?;
    }
    for assignment in set {
        builder.assignment(assignment).map_err(|error| match error {
            ConfigError::Syntax { place, problem } if arguments.seeds.is_none() && Axis::of(assignment).is_some() => {
                let problem =
                    format!("{problem}; to train with each of several values, add the seeds of each (--seeds)");
                ConfigError::Syntax { place, problem }
            }
            error => error,
        })?;
    }
    let whole = |option: &'static str, number: u64| {
        let problem = |_| ConfigError::Syntax { place: option.into(), problem: "too large".into() };
        i64::try_from(number).map_err(problem)
    };
    if let Some(preset) = &arguments.preset {
        builder.set("--preset", "preset", preset.as_str())?;
    }
    if let Some(path) = &arguments.network {
        builder.network_file(path)?;
    }
    if let Some(passes) = arguments.passes {
        builder.set("--passes", "passes", whole("--passes", passes as u64)?)?;
    }
    if let Some(seed) = arguments.seed {
        builder.set("--seed", "seed", whole("--seed", seed)?)?;
    }
    if let Some(choice) = &arguments.data.dataset {
        builder.set("--dataset", "dataset", choice.to_string())?;
    }
    if arguments.data.transpose {
        builder.set("--transpose", "transpose", true)?;
    }
    builder.build()
}

/// The error of a folder without a run; where it has runs of several seeds, with the command that continues them.
fn of_several(folder: &Path, error: RunError) -> anyhow::Error {
    let seed = |entry: fs::DirEntry| entry.file_name().to_str()?.strip_prefix("seed-")?.parse::<u64>().ok();
    let mut seeds: Vec<u64> = fs::read_dir(folder).into_iter().flatten().flatten().filter_map(seed).collect();
    seeds.sort_unstable();
    let (RunError::Missing(_), Some(first)) = (&error, seeds.first()) else { return error.into() };
    let list: Vec<String> = seeds.iter().map(u64::to_string).collect();
    anyhow!(
        "{}: expected the folder of a run, found those of {}; to go on with them:\n  {} train --seeds {} --config {} --out {}",
        folder.display(),
        count(seeds.len(), "seed"),
        program(),
        list.join(","),
        shell(&lenet5::runs::seeds::folder(folder, *first).join("config.toml")),
        shell(folder)
    )
}

/// A folder below `runs` that does not exist yet, named after the run.
fn new_folder(kind: &str, source: Source, ending: &str) -> PathBuf {
    let name = format!("{kind}-{}-{ending}", source.name());
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut folders = std::iter::once(name.clone()).chain(numbered).map(|name| Path::new("runs").join(name));
    folders.find(|folder| !folder.exists()).expect("there is always a next number")
}

/// The run below `runs` that was trained last and has passes left.
fn newest_unfinished(runs: &Path, passes: Option<usize>) -> anyhow::Result<Run> {
    let mut folders: Vec<(std::time::SystemTime, PathBuf)> = Vec::new();
    let entries = match fs::read_dir(runs) {
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        entries => Some(entries.with_context(|| format!("{}: cannot be read", runs.display()))?),
    };
    for entry in entries.into_iter().flatten() {
        let folder = entry.with_context(|| runs.display().to_string())?.path();
        let checkpoint = folder.join("checkpoint.safetensors");
        match fs::metadata(&checkpoint).and_then(|file| file.modified()) {
            Ok(modified) => folders.push((modified, folder)),
            // Not a run.
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
            Err(error) => return Err(RunError::Io(checkpoint, error).into()),
        }
    }
    folders.sort_by(|left, right| right.cmp(left));
    for (_, folder) in &folders {
        match Run::resume(folder, passes) {
            Ok(run) if run.records().len() < run.settings().passes && !verdict::is_passed_over(&run) => return Ok(run),
            Ok(_) | Err(RunError::Passes { .. }) => {}
            // The user may mean this run: report its error.
            Err(error) => return Err(error.into()),
        }
    }
    let Some((_, newest)) = folders.first() else {
        bail!(
            "{}: expected a run to go on with, found none; name the folder of one (--out), or train a new run without --resume",
            runs.display()
        );
    };
    bail!(
        "{}: expected a run with passes left, found none among {}; to give the newest more passes:\n  \
         {} train --resume --out {} --passes N",
        runs.display(),
        count(folders.len(), "run"),
        program(),
        shell(newest)
    );
}

fn report(run: &Run, dataset: &Dataset) {
    let Some(last) = run.records().last() else { return };
    let split = run.split(dataset);
    say!("");
    let [after, on_the_fly] = [format!("ours, after {}", count(last.pass, "pass")), "training error on the fly".into()];
    let training = format!("{:.2} %", last.running_training_error_percent);
    if last.is_tested() {
        let interval = clopper_pearson(last.test_errors, split.measured);
        let interval = format!("{:.2} to {:.2} %", interval.low, interval.high);
        say!("{:<28}{:>14}{:>18}{on_the_fly:>26}", "", split.on.error_name(), "95 % interval");
        say!("{after:<28}{:>12.2} %{interval:>18}{training:>26}", last.test_error_percent);
    } else {
        say!("{:<28}{on_the_fly:>26}\n{after:<28}{training:>26}", "");
    }
    let printed = counterpart(run.settings(), dataset.source);
    if let Some(Counterpart { run, test_error_percent, training_error_percent, .. }) = printed {
        let training = training_error_percent.map_or_else(|| "-  ".into(), |error| format!("{error:.2} %"));
        say!("{run:<28}{test_error_percent:>12.2} %{:>18}{training:>26}", "");
    }
    if let Some(note) = note(run.settings(), printed.as_ref()) {
        say!("{note}");
    }
    warn_if_digits(dataset.source);
    say!(
        "{}, {:.0} samples/s in the last pass",
        duration(run.records().iter().map(|record| record.seconds).sum()),
        last.samples_per_second
    );
    say!("\nThe run's folder: {}", run.folder().display());
    if verdict::is_at_chance(run) {
        return;
    }
    say!(
        "Next:\n  {0} test --model {1}\n  {0} predict --model {1} IMAGE...",
        program(),
        shell(&run.folder().join("model.safetensors"))
    );
}
