//! A run is a folder: `config.toml` (complete, can be run again), `metrics.csv` (a row a pass), `rates.csv` (step sizes),
//! `checkpoint.safetensors` (to go on from), `model.safetensors` (to use), `environment.toml` (program and machine); `patterns.csv`
//! where it trains on chosen patterns alone; event files where it logs for TensorBoard; `verdict.toml` where it has no
//! usable result: it diverged, or is no better than chance.

mod error;
#[cfg(feature = "export")]
mod events;
mod left_over;
mod lock;
mod patterns;
pub(super) mod snapshot;
mod table;
mod verdict;

pub use error::RunError;
pub use lock::is_training;
pub use patterns::chosen_patterns;
pub use snapshot::Snapshot;
pub use table::{check_errors, read_table, read_table_if_there};
pub(crate) use table::{write_measured, write_table};
pub use verdict::Verdict;

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::config::{Settings, Split};
use crate::data::Dataset;
use crate::files::{LONG_AGO, write_atomically};
use crate::models;
use crate::models::builder::Builder;
use crate::runs::checkpoint::{CheckpointError, Model};
use crate::runs::environment;
use crate::training::rates::{self, RateRecord};
use crate::training::{AtChance, Chance, Divergence, Observer, PassRecord, Trainer};
use crate::words::count;

use error::RUN;
#[cfg(feature = "export")]
use events::Events;
use left_over::is_left_over;
pub(crate) use left_over::is_made;
use lock::Lock;
use table::read_text_if_there;

/// The outcome of training.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// All passes are done.
    Finished,
    /// The observer stopped it; the last full pass is kept.
    Stopped,
    /// Numbers were not finite after a pass, of which nothing is kept; the full pass before it is.
    Diverged(Divergence),
}

/// A run in its folder, which no other process can train while this value lives.
#[derive(Debug)]
pub struct Run {
    folder: PathBuf,
    settings: Settings,
    checkpoint: Model,
    records: Vec<PassRecord>,
    rates: Vec<RateRecord>,
    patterns: Option<Vec<u32>>,
    tensorboard: bool,
    verdict: Option<Verdict>,
    lock: Lock,
}

impl Run {
    /// Makes a new run in `folder`, which must not exist or be empty, before its first pass.
    ///
    /// # Errors
    /// If the folder holds something or cannot be written, or the network cannot read the images.
    pub fn create(folder: &Path, settings: Settings, dataset: &Dataset) -> Result<Self, RunError> {
        Self::new(folder, settings, dataset, None)
    }

    /// As [`Run::create`], but the run trains on these patterns alone, numbered as by
    /// [`Presentation`](crate::training::presentation::Presentation); they are kept in `patterns.csv`. The training
    /// error after each pass is still measured on the originals.
    ///
    /// # Errors
    /// As [`Run::create`], or if there is no pattern.
    pub fn create_on(
        folder: &Path,
        settings: Settings,
        dataset: &Dataset,
        patterns: Vec<u32>,
    ) -> Result<Self, RunError> {
        Self::new(folder, settings, dataset, Some(patterns))
    }

    fn new(folder: &Path, settings: Settings, dataset: &Dataset, patterns: Option<Vec<u32>>) -> Result<Self, RunError> {
        let io = |error| RunError::Io(folder.into(), error);
        let (held_out, count) = (settings.held_out, dataset.training.len());
        if held_out >= count {
            return Err(RunError::HeldOut { held_out, patterns: count });
        }
        if patterns.as_ref().is_some_and(Vec::is_empty) {
            return Err(RunError::NoPatterns(folder.into()));
        }
        let settings = settings.for_data(dataset)?;
        let input = models::build::<f32>(&settings).input();
        dataset.check_channels(input.maps)?;
        dataset.check_fits(input, settings.data_classes())?;
        fs::create_dir_all(folder).map_err(io)?;
        let occupied = |what| Err(RunError::Occupied { folder: folder.into(), what });
        if is_made(folder)? {
            return occupied(RUN);
        }
        for entry in fs::read_dir(folder).map_err(io)? {
            if !is_left_over(&entry.map_err(io)?.path())? {
                return occupied("files");
            }
        }
        let lock = Lock::take(folder)?;
        // Another process may have made its run here in between.
        if is_made(folder)? {
            return occupied(RUN);
        }
        let checkpoint = Model::untrained_on(settings.clone(), dataset);
        let (records, rates, tensorboard) = (Vec::new(), Vec::new(), false);
        let (folder, verdict) = (folder.to_path_buf(), None);
        let run = Self { folder, settings, checkpoint, records, rates, patterns, tensorboard, verdict, lock };
        run.checkpoint.save(&run.path("checkpoint.safetensors"))?;
        patterns::write(&run.folder, run.patterns())?;
        // Last, because a folder with this file is a run that can be resumed.
        run.write("config.toml", run.settings.to_toml().as_bytes())?;
        Ok(run)
    }

    /// Takes up the run in `folder` after its last full pass. `passes`, if given, is the new number of passes in all. Nothing is written
    /// before it is trained.
    ///
    /// # Errors
    /// If there is no run, its files are broken, it has more passes already, or another process is training it.
    pub fn resume(folder: &Path, passes: Option<usize>) -> Result<Self, RunError> {
        if !is_made(folder)? {
            return Err(RunError::Missing(folder.into()));
        }
        let lock = Lock::take(folder)?;
        let mut builder = Builder::default();
        builder.file(&folder.join("config.toml"))?;
        let settings = builder.build()?.with(|config| config.passes = passes.unwrap_or(config.passes))?;
        let mut checkpoint = Model::load_file(&folder.join("checkpoint.safetensors"))?;
        if checkpoint.settings.with(|config| config.passes = settings.passes)? != settings {
            return Err(RunError::Changed(folder.into()));
        }
        if settings.passes < checkpoint.passes {
            return Err(RunError::Passes { folder: folder.into(), done: checkpoint.passes, wanted: settings.passes });
        }
        let optimizer_state = settings.optimizer_state_size(checkpoint.values.len());
        if checkpoint.passes > 0 && checkpoint.optimizer_state.len() != optimizer_state {
            let problem = format!(
                "expected {optimizer_state} numbers of the optimizer, found {}",
                checkpoint.optimizer_state.len()
            );
            return Err(CheckpointError::Contents { path: folder.join("checkpoint.safetensors"), problem }.into());
        }
        checkpoint.settings = settings.clone();
        // There is no table before the first pass. A pass whose row was written but whose checkpoint was not is done again.
        let mut records: Vec<PassRecord> =
            if checkpoint.passes == 0 { Vec::new() } else { read_table(&folder.join("metrics.csv"))? };
        records.truncate(checkpoint.passes);
        if records.iter().map(|record| record.pass).ne(1..=checkpoint.passes) {
            let problem = format!("expected rows for the {} of the checkpoint", count(checkpoint.passes, "pass"));
            return Err(RunError::Metrics(folder.join("metrics.csv"), problem));
        }
        check_errors(folder, &records, settings.measured())?;
        // Not in folders of older versions.
        let mut rates: Vec<RateRecord> = read_table_if_there(&folder.join("rates.csv"))?.unwrap_or_default();
        rates.retain(|rate| rate.pass <= checkpoint.passes);
        let (patterns, tensorboard, verdict) = (patterns::read(folder)?, false, Verdict::read(folder)?);
        let folder = folder.to_path_buf();
        Ok(Self { folder, settings, checkpoint, records, rates, patterns, tensorboard, verdict, lock })
    }

    /// Takes up the run in `folder` if there is one, as [`Run::resume`] does. It must have these settings; only `passes` may be
    /// new.
    ///
    /// # Errors
    /// If it has other settings or was trained on other data, or for the reasons of [`Run::resume`].
    pub fn take_up(folder: &Path, settings: &Settings, dataset: &Dataset) -> Result<Option<Self>, RunError> {
        let run = match Self::resume(folder, Some(settings.passes)) {
            Err(RunError::Missing(_)) => return Ok(None),
            run => run?,
        };
        let expected = settings.for_data(dataset)?;
        let differences = run.settings.differences(&expected);
        if differences.is_empty() {
            return Ok(Some(run));
        }
        Err(RunError::Different { folder: folder.into(), differences: differences.join(", ") })
    }

    /// Turns logging for TensorBoard on or off: event files in the run's folder, with all passes so far.
    pub fn with_tensorboard(self, tensorboard: bool) -> Self {
        Self { tensorboard, ..self }
    }

    /// Trains all passes that are left, recording each. A pass whose numbers are not finite ends it, and leaves all files as they
    /// were but for the [`verdict`](Self::verdict).
    ///
    /// # Errors
    /// If the data are not those of the run, or a file cannot be written.
    pub fn train(&mut self, dataset: &Dataset, observer: &mut dyn Observer) -> Result<Outcome, RunError> {
        self.check_data(dataset)?;
        self.begin(dataset)?;
        if self.tensorboard && !cfg!(feature = "export") {
            return Err(RunError::NoExport);
        }
        let settings = self.settings.clone();
        #[cfg(feature = "export")]
        let mut events = Events::new(self.tensorboard, &self.folder, &self.records, &settings)?;
        let Model { values, optimizer_state, passes, .. } = &self.checkpoint;
        let mut trainer = Trainer::resume(&settings, dataset, values.clone(), optimizer_state.clone(), *passes);
        if let Some(patterns) = &self.patterns {
            trainer = trainer.with_patterns(patterns.clone());
        }
        let chance = trainer.chance();
        if !self.is_to_diverge() {
            self.judge(chance)?;
        }
        while trainer.passes() < settings.passes {
            let ControlFlow::Continue(record) = trainer.pass(observer) else {
                return Ok(Outcome::Stopped);
            };
            if let Some(divergence) = trainer.divergence(&record) {
                self.set_verdict(Some(Verdict::Diverged(divergence.clone())))?;
                #[cfg(feature = "export")]
                events.end(false)?;
                return Ok(Outcome::Diverged(divergence));
            }
            self.checkpoint.values.clone_from(&trainer.parameters().values);
            self.checkpoint.optimizer_state = trainer.optimizer_state().to_vec();
            self.checkpoint.passes = trainer.passes();
            let step_sizes = &trainer.parameters().step_size;
            self.rates.extend(rates::by_tensor(record.pass, trainer.network().layout(), step_sizes));
            self.record(&record)?;
            self.judge(chance)?;
            #[cfg(feature = "export")]
            events.pass(&record, trainer.network().layout(), trainer.parameters())?;
            observer.pass(&record);
        }
        #[cfg(feature = "export")]
        events.end(self.verdict.is_none())?;
        Ok(Outcome::Finished)
    }

    /// Checks that the data are those of the run: by their name, or, where they are a user's own, by all images and labels, wherever they
    /// are now.
    fn check_data(&self, dataset: &Dataset) -> Result<(), RunError> {
        let own = dataset.own_data();
        let is_same = match (&self.checkpoint.own_data, &own) {
            (Some(before), Some(now)) => before == now,
            (None, None) => self.settings.dataset == dataset.choice(),
            _ => false,
        };
        if is_same {
            return Ok(());
        }
        let (folder, expected, found) = (self.folder.clone(), self.settings.dataset.clone(), dataset.choice());
        Err(RunError::Data { folder, changed: expected == found, expected, found })
    }

    /// Brings the folder up to date: the number of passes may be new, and a kill may have come between two files.
    fn begin(&self, dataset: &Dataset) -> Result<(), RunError> {
        let before = read_text_if_there(&self.path("environment.toml"))?;
        self.remove_temporaries()?;
        self.write("config.toml", self.settings.to_toml().as_bytes())?;
        if self.checkpoint.passes > 0 {
            self.write_metrics()?;
            self.checkpoint.without_optimizer_state().save(&self.path("model.safetensors"))?;
        }
        if self.checkpoint.passes == self.settings.passes {
            return Ok(());
        }
        let session = environment::describe(dataset, self.checkpoint.passes + 1);
        self.write("environment.toml", (before + &session).as_bytes())
    }

    /// The row before the checkpoint: whichever moment a kill comes at, the checkpoint's passes all have rows. And the model
    /// before the row: where the last row is there, the model is that of the last pass.
    fn record(&mut self, record: &PassRecord) -> Result<(), RunError> {
        self.records.push(record.clone());
        self.checkpoint.without_optimizer_state().save(&self.path("model.safetensors"))?;
        self.write_metrics()?;
        self.checkpoint.save(&self.path("checkpoint.safetensors"))?;
        Ok(())
    }

    /// The whole table each time: it is small, and so never ends in half a row.
    fn write_metrics(&self) -> Result<(), RunError> {
        write_table(&self.path("rates.csv"), &self.rates)?;
        write_measured(&self.path("metrics.csv"), &self.records, self.settings.measured())
    }

    fn write(&self, name: &str, contents: &[u8]) -> Result<(), RunError> {
        let path = self.path(name);
        write_atomically(&path, contents).map_err(|error| RunError::Io(path, error))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// True if the next pass is the one that diverged before.
    fn is_to_diverge(&self) -> bool {
        let divergence = self.verdict.as_ref().and_then(Verdict::divergence);
        let next = self.checkpoint.passes + 1;
        divergence.is_some_and(|divergence| divergence.pass == next && next <= self.settings.passes)
    }

    fn judge(&mut self, chance: Chance) -> Result<(), RunError> {
        self.set_verdict(AtChance::of(&self.records, chance, &self.settings).map(Verdict::AtChance))
    }

    /// Makes this the verdict, in the folder too.
    fn set_verdict(&mut self, verdict: Option<Verdict>) -> Result<(), RunError> {
        if verdict != self.verdict {
            Verdict::write(verdict.as_ref(), &self.folder)?;
            self.verdict = verdict;
        }
        Ok(())
    }

    /// Removes the temporary files of killed processes: under the lock, no other process writes them any more.
    fn remove_temporaries(&self) -> Result<(), RunError> {
        let age = if self.lock.missing().is_some() { LONG_AGO } else { Duration::ZERO };
        left_over::remove(&self.folder, age)
    }

    /// A warning to give the user before this run is trained, where there is reason for one.
    pub fn warning(&self) -> Option<String> {
        let (folder, reason) = (self.folder.display(), self.lock.missing()?);
        Some(format!(
            "{folder}: there are no locks on this file system ({reason}); nothing keeps a second process from training this run \
             at the same time, so start no other"
        ))
    }

    /// The run's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The run's settings; `dataset` names the one that it is trained on and is never `auto`.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The patterns that it trains on, where they were chosen.
    pub fn patterns(&self) -> Option<&[u32]> {
        self.patterns.as_deref()
    }

    /// The reason why it has no usable result, if so.
    pub fn verdict(&self) -> Option<&Verdict> {
        self.verdict.as_ref()
    }

    /// The numbers of patterns that a pass presents and that are measured.
    pub fn split(&self, dataset: &Dataset) -> Split {
        let split = self.settings.split(dataset.sizes());
        Split { training: self.patterns.as_ref().map_or(split.training, Vec::len), ..split }
    }

    /// One record for each full pass.
    pub fn records(&self) -> &[PassRecord] {
        &self.records
    }
}
