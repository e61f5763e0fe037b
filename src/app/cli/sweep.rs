//! `lenet5 train --set KEY=a,b,c --seeds`: runs of every combination of values with every seed, and their means.

mod figure;
mod results;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Once;
use std::sync::atomic::AtomicBool;

use lenet5::data::{Dataset, Source};
use lenet5::drawing::format::Format;
use lenet5::evaluation::statistics::Summary;
use lenet5::runs::cells::{self, Cell, Event, RunCell, Shard, State};
use lenet5::runs::folder::{Outcome, Run, RunError, Verdict};
use lenet5::runs::interruption;
use lenet5::runs::outlook::{Planned, outlook};
use lenet5::runs::seeds::{self, SeedRecord, Seeds};
use lenet5::runs::sweep::{Arm, Axis, check_parent, folder};

use super::format::{are, count, duration, program, shell};
use super::notes::warn_if_digits;
use super::progress::Quiet;

/// A sweep, and the folder for its runs.
pub struct Sweep<'a> {
    pub parent: &'a Path,
    pub axes: &'a [Axis],
    pub arms: &'a [Arm],
    pub seeds: &'a Seeds,
    pub dataset: &'a Dataset,
    /// The forms that figures are to have beside SVG.
    pub formats: &'a [Format],
}

/// What the runs of one combination came to.
struct ArmResult<'a> {
    arm: &'a Arm,
    records: Vec<SeedRecord>,
    verdicts: Vec<Verdict>,
    /// Of the errors of the runs with a result.
    measured: Summary,
    /// Of their training errors on the fly.
    on_the_fly: Summary,
}

impl ArmResult<'_> {
    /// The number of runs with a result.
    fn runs(&self) -> usize {
        self.records.iter().filter(|record| record.verdict.is_none()).count()
    }
}

impl Sweep<'_> {
    /// Trains what is not there yet, and says what all of it came to. `is_new` says that the folder was not named on the command line.
    pub fn run(&self, shard: Option<Shard>, tensorboard: bool, is_new: bool) -> anyhow::Result<ExitCode> {
        check_parent(self.parent, self.arms)?;
        let mut cells = self.cells(tensorboard)?;
        if let Some(shard) = shard {
            cells = shard.of(cells, |cell| cell.work(self.dataset.sizes()));
        }
        let (jobs, source) = (rayon::current_num_threads().min(cells.len()).max(1), self.dataset.source);
        say!(
            "Sweep of {} with {} each: {} on {source} ({}), {jobs} side by side, recorded below {}",
            count(self.arms.len(), "network"),
            count(self.seeds.iter().count(), "seed"),
            count(cells.len(), "run"),
            self.dataset.origin,
            self.parent.display()
        );
        warn_if_digits(source);
        say!("");
        interruption::catch()?;
        let finished = cells::train(&cells, self.dataset, jobs, report).map_err(anyhow::Error::from)?;
        if let Some(code) = interruption::exit_code() {
            say!("\nStopped. All full passes are kept. To go on:\n  {}", command(is_new.then_some(self.parent)));
            return Ok(ExitCode::from(code));
        }
        anyhow::ensure!(finished, "another process trains some of the runs; when it is done: the same command again");
        if let Some(shard) = shard {
            say!("\nShard {shard} is done. When all are: the same command without --shard");
            return Ok(ExitCode::SUCCESS);
        }
        self.conclude()
    }

    /// Prints what is left to train, and the time that it is expected to take.
    pub fn dry_run(&self, shard: Option<Shard>) -> anyhow::Result<ExitCode> {
        if !self.axes.is_empty() {
            check_parent(self.parent, self.arms)?;
        }
        let mut cells = self.cells(false)?;
        if let Some(shard) = shard {
            cells = shard.of(cells, |cell| cell.work(self.dataset.sizes()));
        }
        let jobs = rayon::current_num_threads().min(cells.len()).max(1);
        let states = cells.iter().map(Cell::state).collect::<Result<Vec<State>, RunError>>()?;
        let planned = cells.iter().zip(states).map(|(cell, state)| {
            let RunCell { name, settings, .. } = cell;
            Planned { name, settings, passes: settings.passes, state }
        });
        outlook(planned, self.dataset, jobs, |line| say!("{line}"))?;
        Ok(ExitCode::SUCCESS)
    }

    /// A cell for each combination and seed, the seeds of a combination one after another.
    fn cells(&self, tensorboard: bool) -> anyhow::Result<Vec<RunCell<Training>>> {
        let mut cells = Vec::new();
        for arm in self.arms {
            for seed in self.seeds.iter() {
                let settings = arm.settings.with(|config| config.seed = seed)?;
                let folder = seeds::folder(&folder(self.parent, arm), seed);
                let name = Path::new(&arm.name).join(format!("seed-{seed}")).display().to_string();
                let train = training(tensorboard, self.dataset.source);
                cells.push(RunCell { name, folder, settings, train });
            }
        }
        Ok(cells)
    }
}

/// What trains the run of a cell.
type Training = Box<dyn Fn(Run, &Dataset, &AtomicBool) -> Result<Outcome, RunError> + Sync>;

fn training(tensorboard: bool, source: Source) -> Training {
    Box::new(move |run, dataset, stop| {
        warn_once(&run);
        let mut run = run.with_tensorboard(tensorboard);
        let mut observer = Quiet::new(&run, source, stop);
        run.train(dataset, &mut observer)
    })
}

/// Warns where the file system has no locks; the others are on the same one.
fn warn_once(run: &Run) {
    static WARNED: Once = Once::new();
    if let Some(warning) = run.warning() {
        WARNED.call_once(|| complain!("warning: {warning}"));
    }
}

/// Prints a line about what happens.
fn report<C: Cell>(event: Event<'_, C>) {
    match event {
        Event::Begun(0, _) => {}
        Event::Begun(finished, open) => say!("{} finished already; training {open}", are(finished, "run")),
        Event::Busy(folder, holder) => say!("{}: {holder} is training this run", folder.display()),
        Event::Trained { cell, verdict, done, open, seconds } => {
            let mark = verdict.map_or_else(String::new, |verdict| format!("  {verdict}"));
            say!("{:>12}  {done}/{open}  {}{mark}", duration(seconds), cell.name());
        }
    }
}

/// This command again, with the folder `out` if it did not name one.
fn command(out: Option<&Path>) -> String {
    let typed = std::env::args_os().skip(1).map(|word| {
        let word = word.to_string_lossy();
        // The dashes of options.
        let (dashes, rest) = word.split_at(word.len() - word.trim_start_matches('-').len());
        dashes.to_string() + &shell(Path::new(rest))
    });
    let words: Vec<String> = std::iter::once(program()).chain(typed).collect();
    let out = out.map_or_else(String::new, |folder| format!(" --out {}", shell(folder)));
    words.join(" ") + &out
}
