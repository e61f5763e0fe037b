//! Finished cells, and which of them have a result: one rule for all experiments. What a mean leaves out is said, in
//! `left_out.csv` of the experiment, on its part of the page and on the terminal.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::Context as _;
use lenet5::applications::boosting::{self, Committee};
use lenet5::data::Dataset;
use lenet5::runs::cells::Cell as _;
use lenet5::runs::checkpoint::Model;
use lenet5::runs::folder::Verdict;
use lenet5::training::{AtChance, Chance, PassRecord, split};
use serde::{Deserialize, Serialize};

use crate::cells::{Arm, Cell, State, cells};
use crate::record::{Folder, read_text_if_there};

/// A network whose last test error is at most this has learnt, in percent; where none is measured, whose error on the fly is.
const LEARNT_PERCENT: f64 = 20.0;

/// The file with what an experiment leaves out.
const LEFT_OUT: &str = "left_out.csv";

#[derive(Debug)]
pub struct Finished {
    /// Its name: the arm's, and `seed-N`.
    pub name: String,
    pub seed: u64,
    /// A record for each pass that it keeps; of three networks, one after the other.
    pub records: Vec<PassRecord>,
    /// True if it ended before its last pass, because it learnt nothing or diverged.
    pub given_up: bool,
    /// Why it is in no mean, if so; of three networks, on the first that has one.
    pub verdict: Option<Verdict>,
    folder: PathBuf,
}

impl Finished {
    /// The cells of an arm, all of which must be finished.
    pub fn of(runs: &Path, arm: &Arm, dataset: &Dataset) -> anyhow::Result<Vec<Self>> {
        let finish = |cell: Cell| {
            anyhow::ensure!(cell.state()? == State::Finished, "{}: not finished", cell.folder().display());
            let (records, verdict) = (cell.records()?, verdict(&cell, arm, dataset)?);
            let (given_up, folder) = (records.len() < cell.passes(), cell.folder().to_path_buf());
            Ok(Self { name: cell.name.clone(), seed: cell.seed(), records, given_up, verdict, folder })
        };
        cells(runs, std::slice::from_ref(arm)).into_iter().map(finish).collect()
    }

    /// The record of its last pass; nothing where it diverged: it then has no last pass, only a last good one.
    pub fn result(&self) -> Option<&PassRecord> {
        let diverged = self.verdict.as_ref().is_some_and(|verdict| verdict.divergence().is_some());
        self.records.last().filter(|_| !diverged)
    }

    /// The record of its last pass.
    ///
    /// # Panics
    /// If it has no result: [`Results::of`] leaves those out.
    pub fn last(&self) -> &PassRecord {
        self.result().expect("a cell with a result has passes")
    }

    /// True if tables call it diverged: it was given up, or has not learnt.
    pub fn diverged(&self) -> bool {
        let learnt = |last: &PassRecord| match last.is_tested() {
            true => last.test_loss.is_finite() && last.test_error_percent <= LEARNT_PERCENT,
            false => last.running_training_error_percent <= LEARNT_PERCENT,
        };
        self.given_up || !self.result().is_some_and(learnt)
    }

    pub fn model(&self) -> anyhow::Result<Model> {
        Ok(Model::load(&self.folder.join("model.safetensors"))?)
    }

    /// Its three networks, where it is boosted.
    pub fn committee(&self) -> anyhow::Result<Committee> {
        Ok(Committee::load(&self.folder)?)
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The commits that it was trained at, by its `environment.toml`.
    pub fn commits(&self) -> anyhow::Result<Vec<String>> {
        let commit = |line: &str| Some(line.strip_prefix("commit = \"")?.strip_suffix('"')?.to_string());
        let mut commits = Vec::new();
        for name in [""].into_iter().chain(boosting::MEMBERS) {
            let path = self.folder.join(name).join("environment.toml");
            // Of the folder of three networks, each has its own.
            let text = read_text_if_there(&path)?.unwrap_or_default();
            commits.extend(text.lines().filter_map(commit));
        }
        Ok(commits)
    }
}

/// The verdict on the first of its runs that has no result: a divergence is recorded in the run's folder; chance is judged by the
/// metrics, which runs of older programs have too.
fn verdict(cell: &Cell, arm: &Arm, dataset: &Dataset) -> anyhow::Result<Option<Verdict>> {
    let chance = Chance::of(&split(&arm.settings, dataset).1);
    for (folder, records) in cell.runs()? {
        let compared = || AtChance::of(&records, chance, &arm.settings).map(Verdict::AtChance);
        let diverged = Verdict::read(&folder)?.filter(|verdict| verdict.divergence().is_some());
        let verdict = diverged.or_else(compared);
        if verdict.is_some() {
            return Ok(verdict);
        }
    }
    Ok(None)
}

/// A row of `left_out.csv`: a network without a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    pub network: String,
    pub why: String,
}

/// Hands out the finished cells, and remembers which of them have no result.
#[derive(Debug, Default)]
pub struct Results {
    left_out: Mutex<Vec<LeftOut>>,
}

impl Results {
    /// Those of these cells that have a result to average.
    pub fn of(&self, cells: Vec<Finished>) -> anyhow::Result<Vec<Finished>> {
        let all = cells.len();
        let (left_out, kept): (Vec<Finished>, Vec<Finished>) =
            cells.into_iter().partition(|cell| cell.verdict.is_some());
        self.remember(left_out.iter());
        let why = || left_out.iter().filter_map(row).map(|row| format!("{} {}", row.network, row.why));
        anyhow::ensure!(
            !kept.is_empty(),
            "none of {all} networks has a result: {}; to try: {}",
            why().collect::<Vec<_>>().join("; "),
            left_out.iter().find_map(|cell| Some(cell.verdict.as_ref()?.advice())).unwrap_or("other settings")
        );
        Ok(kept)
    }

    /// All of these cells: for tables that count those that learnt nothing. Those that diverged have no result.
    pub fn all(&self, cells: Vec<Finished>) -> Vec<Finished> {
        self.remember(cells.iter().filter(|cell| cell.result().is_none()));
        cells
    }

    fn remember<'a>(&self, cells: impl Iterator<Item = &'a Finished>) {
        let mut left_out = self.left_out.lock().expect("no thread panics with it");
        for row in cells.filter_map(row) {
            if !left_out.contains(&row) {
                left_out.push(row);
            }
        }
    }

    /// Writes what was left out to the folder of the experiment, which has no such file where that is nothing. Returns it in words.
    pub fn write(&self, folder: &Folder) -> anyhow::Result<String> {
        let rows = self.left_out.lock().expect("no thread panics with it");
        let path = folder.path(LEFT_OUT);
        if !rows.is_empty() {
            folder.write(LEFT_OUT, rows.iter())?;
        } else if path.exists() {
            std::fs::remove_file(&path).with_context(|| path.display().to_string())?;
        }
        Ok(in_words(&rows))
    }
}

fn row(cell: &Finished) -> Option<LeftOut> {
    Some(LeftOut { network: cell.name.clone(), why: cell.verdict.as_ref()?.to_string() })
}

/// Nothing for nothing.
fn in_words(rows: &[LeftOut]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let each: Vec<String> = rows.iter().map(|row| format!("`{}` {}", row.network, row.why)).collect();
    format!("Left out of all means, {}: {}.", rows.len(), each.join("; "))
}

/// The networks that an experiment left out, by its files: their number, and a sentence with the reasons. `None` for no network.
pub fn left_out(folder: &Folder) -> anyhow::Result<Option<(usize, String)>> {
    let rows = folder.read_if_there::<LeftOut>(LEFT_OUT)?;
    Ok(rows.map(|rows| (rows.len(), in_words(&rows))))
}
