//! Arms and cells: an arm is a network with its settings, a cell one seed of it. Each cell is a run folder, `ARM/seed-N` below
//! `runs` in the results folder. A finished cell is never run again, a partial one goes on.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use lenet5::applications::boosting;
use lenet5::config::Settings;
use lenet5::data::Dataset;
use lenet5::models::builder::Builder;
use lenet5::runs::cells::{self as shared, Cell as _, Event};
pub use lenet5::runs::cells::{Shard, State};
use lenet5::runs::folder::{Outcome, Run, RunError, Verdict, check_errors, is_training};
use lenet5::runs::interruption;
use lenet5::runs::outlook::{Planned, outlook};
use lenet5::runs::seeds::{self, Seeds};
use lenet5::training::{Observer, PassRecord, Progress, work};
use lenet5::words::count;

/// With [`Arm::trial`], a cell is given up after this many passes...
pub const TRIAL_PASSES: usize = 3;
/// ... if its training error on the fly is still at least this, in percent.
pub const TRIAL_ERROR_PERCENT: f64 = 80.0;

/// A network with its settings, trained with several seeds. Experiments that need the same arm share its cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    /// The folder of its cells.
    pub name: String,
    /// Its settings; the seed is each cell's own.
    pub settings: Settings,
    pub seeds: Seeds,
    /// True if cells that learn nothing are given up after [`TRIAL_PASSES`].
    pub trial: bool,
    /// True if each cell is three networks, each with these settings: see [`boosting`].
    pub boosted: bool,
}

impl Arm {
    pub fn first(self, count: u64) -> Self {
        Self { seeds: self.seeds.first(count), ..self }
    }
}

/// The extent of an experiment: the seeds, and all patterns and passes or fewer.
#[derive(Debug, Clone, Default)]
pub struct Extent {
    /// Seeds that were asked for, in place of each experiment's own.
    pub seeds: Option<Seeds>,
    /// A tenth of the patterns, a quarter of the passes and at most two seeds: to see that everything works.
    pub quick: bool,
    /// True for the embedded digits, which are fewer than that tenth: of them a third.
    pub digits: bool,
}

impl Extent {
    /// The arm of this name: a preset with assignments over it, as `lenet5 train --set` takes them.
    ///
    /// # Panics
    /// If they are no settings.
    pub fn arm(&self, name: &str, assignments: &[&str], seeds: &str) -> Arm {
        let mut settings = Builder::assigned(assignments).expect("an experiment's own settings");
        let mut seeds = self.seeds.clone().unwrap_or_else(|| seeds.parse().expect("an experiment's own seeds"));
        if self.quick {
            let patterns = if settings.training_patterns == 0 { 60_000 } else { settings.training_patterns };
            let divisor = if self.digits { 125 } else { 10 };
            let fewer = settings.with(|config| {
                config.training_patterns = patterns / divisor;
                config.curvature_count = config.curvature_count.div_ceil(10);
                config.passes = config.passes.div_ceil(4);
                config.held_out /= divisor;
            });
            settings = fewer.expect("an experiment's own settings");
            seeds = seeds.first(2);
        }
        Arm { name: name.into(), settings, seeds, trial: false, boosted: false }
    }
}

#[derive(Debug, Clone)]
pub struct Cell {
    /// Its name: the arm's, and `seed-N`.
    pub name: String,
    folder: PathBuf,
    settings: Settings,
    trial: bool,
    boosted: bool,
}

/// The cells of these arms, each once: where several arms have one name, they are the same network.
///
/// # Panics
/// If they are not.
pub fn cells(runs: &Path, arms: &[Arm]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for arm in arms {
        for seed in arm.seeds.iter() {
            let settings = arm.settings.with(|config| config.seed = seed).expect("only the seed is new");
            let folder = seeds::folder(&runs.join(&arm.name), seed);
            match cells.iter().find(|cell| cell.folder == folder) {
                Some(same) => {
                    assert_eq!((&same.settings, same.boosted), (&settings, arm.boosted), "two arms: {}", arm.name);
                }
                None => {
                    let name = format!("{}/seed-{seed}", arm.name);
                    cells.push(Cell { name, folder, settings, trial: arm.trial, boosted: arm.boosted });
                }
            }
        }
    }
    cells
}

impl Cell {
    /// Of a cell on trial, a run of so many passes or fewer may have been given up.
    fn fewer(&self) -> usize {
        if self.trial { TRIAL_PASSES } else { 0 }
    }

    /// Checks that the finished runs in its folder have its settings.
    fn check(&self, dataset: &Dataset) -> Result<(), RunError> {
        if !self.boosted {
            return shared::check(&self.folder, &self.settings, dataset, self.fewer());
        }
        let diverged = self.diverged()?;
        let check = |(index, name)| {
            let folder = self.folder.join(name);
            // Those after one that diverged were never begun.
            if diverged && !folder.exists() {
                return Ok(());
            }
            shared::check(&folder, &boosting::member(&self.settings, index)?, dataset, self.fewer())
        };
        boosting::MEMBERS.into_iter().enumerate().try_for_each(check)
    }

    /// The folders of its runs, three where it is boosted, each with a record for each pass that is done.
    pub fn runs(&self) -> Result<Vec<(PathBuf, Vec<PassRecord>)>, RunError> {
        if !self.boosted {
            return Ok(vec![(self.folder.clone(), shared::records(&self.folder, &self.settings)?)]);
        }
        let folders = boosting::MEMBERS.map(|name| self.folder.join(name));
        let runs: Vec<_> = folders.into_iter().zip(boosting::records(&self.folder)?).collect();
        runs.iter().try_for_each(|(folder, records)| check_errors(folder, records, self.settings.measured()))?;
        Ok(runs)
    }

    /// A record for each pass that is done; of three networks, one after the other.
    pub fn records(&self) -> Result<Vec<PassRecord>, RunError> {
        Ok(self.runs()?.into_iter().flat_map(|(_, records)| records).collect())
    }

    /// True if a run of it diverged: it is never begun again.
    fn diverged(&self) -> Result<bool, RunError> {
        Ok(self.verdict()?.is_some_and(|verdict| verdict.divergence().is_some()))
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn seed(&self) -> u64 {
        self.settings.seed
    }

    /// The number of passes that it is to have in all.
    pub fn passes(&self) -> usize {
        self.settings.passes * if self.boosted { boosting::MEMBERS.len() } else { 1 }
    }

    fn open(&self, settings: &Settings, dataset: &Dataset) -> Result<Run, RunError> {
        static WARNED: Once = Once::new();
        let run = shared::open(&self.folder, settings, dataset)?;
        if let Some(warning) = run.warning() {
            // The others are on the same file system.
            WARNED.call_once(|| say!("warning: {warning}"));
        }
        Ok(run)
    }
}

impl shared::Cell for Cell {
    fn name(&self) -> &str {
        &self.name
    }

    /// Of three networks, that of their training alone.
    fn work(&self, sizes: (usize, usize)) -> u64 {
        let networks = if self.boosted { boosting::MEMBERS.len() } else { 1 };
        work::of_run(&self.settings, sizes) * networks as u64
    }

    /// Its progress, by its metrics, or by the verdict on its run.
    fn state(&self) -> Result<State, RunError> {
        let records = self.records()?;
        let done = records.len();
        let is_finished = done >= self.passes() || self.diverged()? || (self.trial && learns_nothing(&records));
        Ok(if is_finished { State::Finished } else { State::Partial(done) })
    }

    /// The first verdict on one of its runs.
    fn verdict(&self) -> Result<Option<Verdict>, RunError> {
        for (folder, _) in self.runs()? {
            if let Some(verdict) = Verdict::read(&folder)? {
                return Ok(Some(verdict));
            }
        }
        Ok(None)
    }

    fn run(&self, dataset: &Dataset, stop: &AtomicBool) -> Result<Outcome, RunError> {
        if self.state()? == State::Finished {
            return self.check(dataset).map(|()| Outcome::Finished);
        }
        if self.boosted {
            return boosting::train(&self.folder, &self.settings, dataset, &mut Stop(stop));
        }
        let passes = if self.trial { self.settings.passes.min(TRIAL_PASSES) } else { self.settings.passes };
        let settings = self.settings.with(|config| config.passes = passes)?;
        let outcome = match self.open(&settings, dataset) {
            Err(RunError::Passes { .. }) => Outcome::Finished, // beyond the trial already
            run => run?.train(dataset, &mut Stop(stop))?,
        };
        if outcome != Outcome::Finished || settings == self.settings {
            return Ok(outcome);
        }
        if self.state()? == State::Finished {
            return Ok(outcome);
        }
        self.open(&self.settings, dataset)?.train(dataset, &mut Stop(stop))
    }
}

/// True if a cell on trial is given up: it has learnt nothing in its trial, or its parameters are no numbers any more. ReLU makes
/// 0 of what is no number, so that the loss does not always tell.
fn learns_nothing(records: &[PassRecord]) -> bool {
    let (trial, last) = (records.get(TRIAL_PASSES - 1), records.last());
    let lost = last.is_some_and(|record| record.is_tested() && !record.test_loss.is_finite());
    let unlearnt = trial.is_some_and(|record| record.running_training_error_percent >= TRIAL_ERROR_PERCENT);
    lost || unlearnt || trial.and(last).is_some_and(|record| record.test_error_percent >= TRIAL_ERROR_PERCENT)
}

/// Stops a run at a signal, or when another cell has failed.
struct Stop<'a>(&'a AtomicBool);

impl Observer for Stop<'_> {
    fn step(&mut self, _progress: Progress) -> ControlFlow<()> {
        self.measuring()
    }

    fn measuring(&mut self) -> ControlFlow<()> {
        let stop = self.0.load(Ordering::Relaxed) || interruption::signal().is_some();
        if stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Trains all cells, `jobs` side by side, and prints what happens. Returns whether all are finished.
pub fn train(cells: &[Cell], dataset: &Dataset, jobs: usize) -> anyhow::Result<bool> {
    let finished = shared::train(cells, dataset, jobs, |event| match event {
        Event::Begun(finished, open) => {
            say!("{finished} of {} are finished; training {open}, {jobs} side by side", count(cells.len(), "cell"));
        }
        Event::Busy(folder, holder) => say!("{}: {holder} is training this run", folder.display()),
        Event::Trained { cell, verdict, done, open, seconds } => {
            let mark = verdict.map_or_else(String::new, |verdict| format!("  {verdict}"));
            say!("{seconds:>6.0} s  {done}/{open}  {}{mark}", cell.name);
        }
    });
    Ok(finished?)
}

/// The most cells that a message lists.
const MOST_LISTED: usize = 20;

/// Checks that all cells are finished, and are the ones that were asked for.
///
/// # Errors
/// If one is not; the message lists those that are missing, with the passes that they have.
pub fn check_finished(cells: &[Cell], runs: &Path, dataset: &Dataset) -> anyhow::Result<()> {
    let mut missing = Vec::new();
    for cell in cells {
        match cell.state()? {
            State::Finished => cell.check(dataset)?,
            State::Partial(done) => {
                let busy = cell.runs()?.iter().any(|(folder, _)| is_training(folder));
                let mark = if busy { ", a process is training it" } else { "" };
                missing.push(format!("\n  {}: {done} of {}{mark}", cell.name, count(cell.passes(), "pass")));
            }
        }
    }
    let listed = missing.iter().take(MOST_LISTED).map(String::as_str).collect::<String>();
    let more = missing.len().saturating_sub(MOST_LISTED);
    let more = if more > 0 { format!("\n  and {more} more") } else { String::new() };
    anyhow::ensure!(
        missing.is_empty(),
        "{}: expected {}, all finished, found {}; these are missing:{listed}{more}",
        runs.display(),
        count(cells.len(), "cell"),
        cells.len() - missing.len()
    );
    Ok(())
}

/// Prints each cell with its state and the time that it is expected to take; the search for the patterns of boosted networks comes on top.
pub fn dry_run(cells: &[Cell], dataset: &Dataset, jobs: usize) -> Result<(), RunError> {
    let states = cells.iter().map(shared::Cell::state).collect::<Result<Vec<State>, _>>()?;
    let planned = cells.iter().zip(states).map(|(cell, state)| Planned {
        name: &cell.name,
        settings: &cell.settings,
        passes: cell.passes(),
        state,
    });
    outlook(planned, dataset, jobs, |line| say!("{line}"))
}
