//! One side of a comparison, read from its folder or file.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::ComparisonError;
use crate::config::{Measured, Settings};
use crate::data::Dataset;
use crate::evaluation::{outputs, percent};
use crate::runs::answers::Answers;
use crate::runs::checkpoint::Model;
use crate::runs::folder::{RunError, Snapshot};
use crate::runs::seeds::SeedRecord;
use crate::training::{PassRecord, split};
use crate::words::{count, terminal};

/// A run, the runs of several seeds, or recorded answers.
#[derive(Debug, Clone)]
pub struct Side {
    /// The path, in words.
    pub name: String,
    /// The settings of its runs, with the first one's seed; none of recorded answers.
    pub settings: Option<Settings>,
    /// Its runs with a result, one at least, in rising order of their seeds.
    pub members: Vec<Member>,
    /// Its seeds without a result, each with the reason.
    pub left_out: Vec<String>,
}

/// One run of a side.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its seed; none of recorded answers.
    pub seed: Option<u64>,
    /// The number of patterns that it answers wrongly.
    pub errors: usize,
    /// Their share, in percent.
    pub error_percent: f64,
    /// A record for each pass; none of recorded answers.
    pub records: Vec<PassRecord>,
    /// Its answers, where they are known.
    pub answers: Option<Answers>,
    folder: Option<PathBuf>,
}

/// A run's folder and what is in it.
type Found = (PathBuf, Snapshot);

impl Side {
    /// Reads the run or the runs in the folder `path`, or the recorded answers in the file `path`. Nothing is locked: a run that is being
    /// trained is read as it is.
    ///
    /// # Errors
    /// If there is none of these, a file of them cannot be read, runs of one folder have different settings, or none has all its passes.
    pub fn read(path: &Path) -> Result<Self, ComparisonError> {
        let name = terminal::name(path);
        if path.is_file() {
            return Ok(Self::of_answers(name, Answers::read(path)?));
        }
        let read = |folder: PathBuf| Snapshot::read(&folder).map(|run| (folder, run));
        let mut found: Vec<Found> = folders(path)?.into_iter().map(read).collect::<Result<_, _>>()?;
        found.sort_by_key(|(_, run)| run.settings.seed);
        check_alike(path, &found)?;
        let settings = found[0].1.settings.clone();
        if settings.measured() == Measured::Nothing {
            return Err(ComparisonError::NothingMeasured(name));
        }
        let (mut members, mut left_out) = (Vec::new(), Vec::new());
        for (folder, run) in found {
            let seed = run.settings.seed;
            match Member::of(folder, run) {
                Ok(member) => members.push(member),
                Err(reason) => left_out.push(format!("seed {seed} {reason}")),
            }
        }
        if members.is_empty() {
            return Err(ComparisonError::NoResult { path: path.into(), reasons: left_out.join("; ") });
        }
        Ok(Self { name, settings: Some(settings), members, left_out })
    }

    fn of_answers(name: String, answers: Answers) -> Self {
        let (errors, patterns) = (answers.errors(), answers.patterns());
        let error_percent = percent(errors, patterns);
        let only =
            Member { seed: None, errors, error_percent, records: Vec::new(), answers: Some(answers), folder: None };
        Self { name, settings: None, members: vec![only], left_out: Vec::new() }
    }

    /// The number of patterns that errors are measured on, as far as errors, answers or settings tell.
    pub fn patterns(&self) -> Option<usize> {
        let answered = self.members.iter().find_map(|member| Some(member.answers.as_ref()?.patterns()));
        let wrong = self.members.iter().find(|member| member.errors > 0);
        let counted = wrong.map(|member| (100.0 * member.errors as f64 / member.error_percent).round() as usize);
        let set = || {
            let settings = self.settings.as_ref()?;
            match settings.measured() {
                Measured::HeldOut => Some(settings.held_out),
                _ => settings.dataset.sizes().map(|sizes| sizes.1),
            }
        };
        answered.or(counted).or_else(set)
    }

    /// Lets the model of each run answer the patterns that its errors are measured on.
    ///
    /// # Errors
    /// If a model cannot be read, is not that of the last pass, or reads no images like these.
    pub fn answer(&mut self, dataset: &Dataset) -> Result<(), ComparisonError> {
        self.members.iter_mut().try_for_each(|member| member.answer(dataset))
    }
}

impl Member {
    /// The run with its result, or the reason why it has none.
    fn of(folder: PathBuf, Snapshot { settings, records, verdict }: Snapshot) -> Result<Self, String> {
        let (seed, done, all) = (settings.seed, records.len(), settings.passes);
        if let Some(verdict) = &verdict {
            return Err(verdict.to_string());
        }
        let record = SeedRecord::of(seed, &records, None).filter(|_| done == all);
        let result = record.and_then(|record| Some((record.test_errors?, record.test_error_percent?)));
        let (errors, error_percent) = result.ok_or_else(|| format!("has {done} of {}", count(all, "pass")))?;
        Ok(Self { seed: Some(seed), errors, error_percent, records, answers: None, folder: Some(folder) })
    }

    fn answer(&mut self, dataset: &Dataset) -> Result<(), ComparisonError> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let path = folder.join("model.safetensors");
        let model = Model::load_file(&path)?;
        let network = model.network();
        dataset.check_channels(network.input().maps).map_err(RunError::from)?;
        let images = split(&model.settings, dataset).1;
        let outputs = outputs(&network, &model.values, &images);
        let answers = Answers::of(&model.class_names(), &outputs, images.labels());
        if answers.errors() != self.errors {
            let problem = format!(
                "expected the model of the last pass, with {} as in metrics.csv, found {} on {}",
                count(self.errors, "error"),
                count(answers.errors(), "error"),
                count(answers.patterns(), "pattern")
            );
            return Err(RunError::Metrics(path, problem).into());
        }
        self.answers = Some(answers);
        Ok(())
    }
}

/// The folders of runs that `path` stands for: itself, or those of seeds in it.
fn folders(path: &Path) -> Result<Vec<PathBuf>, ComparisonError> {
    let nothing = |found: &str| ComparisonError::Nothing(path.into(), found.into());
    if !path.is_dir() {
        return Err(nothing(if path.exists() {
            "found neither a folder nor a file"
        } else {
            "there is nothing of this name; check the path"
        }));
    }
    let is_run = |folder: &Path| folder.join("config.toml").exists();
    if is_run(path) {
        return Ok(vec![path.into()]);
    }
    let io = |error| RunError::Io(path.into(), error);
    let mut inner = Vec::new();
    for entry in fs::read_dir(path).map_err(io)? {
        inner.push(entry.map_err(io)?.path());
    }
    inner.sort();
    let is_number = |name: &str| name.strip_prefix("seed-").is_some_and(|seed| seed.parse::<u64>().is_ok());
    let is_seed = |folder: &Path| folder.file_name().is_some_and(|name| is_number(&name.to_string_lossy()));
    let seeds: Vec<PathBuf> = inner.iter().filter(|inner| is_seed(inner) && is_run(inner)).cloned().collect();
    if !seeds.is_empty() {
        return Ok(seeds);
    }
    let holds_runs = |folder: &PathBuf| is_run(folder) || is_run(&folder.join("seed-1"));
    let nearest: Vec<String> =
        inner.iter().filter(|inner| holds_runs(inner)).take(5).map(|inner| terminal::name(inner)).collect();
    Err(nothing(&match (inner.is_empty(), nearest.is_empty()) {
        (true, _) => "the folder is empty".to_string(),
        (false, true) => "found a folder without runs".into(),
        (false, false) => format!("found a folder of such folders; name those to compare: {}", nearest.join(" ")),
    }))
}

/// Checks that runs differ by their seeds alone.
fn check_alike(folder: &Path, runs: &[Found]) -> Result<(), ComparisonError> {
    let first = &runs[0].1.settings;
    if let Some([(one, run), (other, _)]) = runs
        .windows(2)
        .map(|pair| [&pair[0], &pair[1]])
        .find(|[one, other]| one.1.settings.seed == other.1.settings.seed)
    {
        let differences = format!("the seed {} of {}, too", run.settings.seed, terminal::name(one));
        return Err(ComparisonError::Mixed { folder: folder.into(), other: terminal::name(other), differences });
    }
    for (other, run) in &runs[1..] {
        let differences = run.settings.differences(&first.with(|config| config.seed = run.settings.seed)?);
        if !differences.is_empty() {
            let (folder, differences) = (folder.into(), differences.join(", "));
            return Err(ComparisonError::Mixed { folder, other: terminal::name(other), differences });
        }
    }
    Ok(())
}
