//! Runs that differ by their seed alone, trained side by side, to measure how far a result depends on chance.
//!
//! Each is an ordinary [`Run`], in a folder `seed-N` of its own, with the bits that it has when it is trained alone.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::ops::{ControlFlow, RangeInclusive};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde::{Deserialize, Serialize};

use crate::config::{Measured, Settings};
use crate::data::Dataset;
use crate::evaluation::statistics::{Summary, summarise};
use crate::files::{LONG_AGO, remove_temporaries};
use crate::runs::folder::{Outcome, Run, RunError, Verdict, write_measured};
use crate::training::{Observer, PassRecord, Progress};

/// The name of the figure of the mean learning curve, beside `seeds.csv`.
pub const MEAN_CURVE: &str = "learning_curve.svg";

/// The most seeds at a time: each run holds a file open, its lock, and some systems allow a process no more than 256.
const MOST: u64 = 200;

/// Seeds in rising order, each once, written `7`, `1-10` or `1,3,5-8`.
///
/// ```
/// use lenet5::runs::seeds::Seeds;
/// let seeds: Seeds = "9,1-3,5".parse().unwrap();
/// assert_eq!((seeds.iter().sum::<u64>(), seeds.to_string().as_str()), (20, "1-3,5,9"));
/// assert!("10-1".parse::<Seeds>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seeds(Vec<u64>);

impl Seeds {
    /// Those of these seeds that `keep` accepts; `None` if it accepts none.
    pub fn filter(&self, keep: impl Fn(u64) -> bool) -> Option<Self> {
        let kept: Vec<u64> = self.iter().filter(|&seed| keep(seed)).collect();
        (!kept.is_empty()).then_some(Self(kept))
    }

    /// One after another.
    pub fn iter(&self) -> impl Iterator<Item = u64> {
        self.0.iter().copied()
    }

    /// The first `count` of them, one at least.
    pub fn first(&self, count: u64) -> Self {
        Self(self.iter().take(count.max(1) as usize).collect())
    }
}

impl FromStr for Seeds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let range = |part: &str| -> Option<RangeInclusive<u64>> {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last): (u64, u64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
            (first <= last && last - first < MOST).then_some(first..=last)
        };
        let ranges: Option<Vec<RangeInclusive<u64>>> = text.split(',').map(range).collect();
        let seeds: BTreeSet<u64> = ranges.unwrap_or_default().into_iter().flatten().collect();
        if !seeds.is_empty() && seeds.len() as u64 <= MOST {
            return Ok(Self(seeds.into_iter().collect()));
        }
        Err(format!("expected seeds, at most {MOST}, such as 7, 1-10 or 1,3,5-8"))
    }
}

impl fmt::Display for Seeds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ranges = self.0.chunk_by(|one, next| one + 1 == *next).map(|range| match range {
            [first, .., last] => format!("{first}-{last}"),
            one => one[0].to_string(),
        });
        formatter.write_str(&ranges.collect::<Vec<_>>().join(","))
    }
}

/// The folder of the run with this seed: `seed-N` below `parent`.
pub fn folder(parent: &Path, seed: u64) -> PathBuf {
    parent.join(format!("seed-{seed}"))
}

/// The runs of these seeds below `parent`: those that are there already are taken up, as [`Run::take_up`] does, and the others
/// made.
///
/// # Errors
/// If one of them can be neither taken up nor made, or `parent` holds something else. No run is made if one that is there is
/// not to be taken up.
pub fn open(parent: &Path, seeds: &Seeds, settings: &Settings, dataset: &Dataset) -> Result<Vec<Run>, RunError> {
    check_parent(parent)?;
    let mut found = Vec::new();
    for seed in seeds.iter() {
        let (folder, settings) = (folder(parent, seed), settings.with(|config| config.seed = seed)?);
        found.push((Run::take_up(&folder, &settings, dataset)?, folder, settings));
    }
    found
        .into_iter()
        .map(|(run, folder, settings)| run.map_or_else(|| Run::create(&folder, settings, dataset), Ok))
        .collect()
}

/// Checks that `parent` is empty or holds runs of seeds, whatever else stands beside them, and is not a single run.
fn check_parent(parent: &Path) -> Result<(), RunError> {
    let names = names(parent)?;
    let occupied = |what| Err(RunError::Occupied { folder: parent.into(), what });
    if names.iter().any(|name| name == "config.toml") {
        return occupied("a single run");
    }
    if names.is_empty() || names.iter().any(|name| name.starts_with("seed-")) { Ok(()) } else { occupied("files") }
}

/// The names in a folder; none if it is missing.
pub(super) fn names(folder: &Path) -> Result<Vec<String>, RunError> {
    let io = |error| RunError::Io(folder.into(), error);
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(io)?,
    };
    entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect::<Result<_, _>>().map_err(io)
}

/// Trains all passes that are left in these runs, as many runs side by side as the current rayon pool has threads, each on one
/// thread. `observe` makes the observer of a run when its turn comes. When an observer stops its run, or a run fails, all stop. A run
/// that diverges stops no other: the outcome is then that of the others, and its [`Run::verdict`] says so.
///
/// # Errors
/// The first run's that failed, in the order of the threads.
///
/// # Panics
/// If an observer does, or the system starts no thread.
pub fn train<O: Observer>(
    runs: &mut [Run],
    dataset: &Dataset,
    observe: impl Fn(&Run) -> O + Sync,
) -> Result<Outcome, RunError> {
    let threads = rayon::current_num_threads().min(runs.len());
    side_by_side(runs.iter_mut(), threads, |run, stop| {
        let mut observer = Stoppable { observer: observe(run), stop };
        run.train(dataset, &mut observer)
    })
}

/// Does the work on all items, on this many threads side by side, each item on one thread alone. When an item's work stops or
/// fails, no other is begun, and the flag that each work is handed is set. One that diverges is done.
///
/// # Errors
/// The first of the works that failed, in the order of the threads.
///
/// # Panics
/// If a work does, or the system starts no thread.
pub fn side_by_side<I: Send, E: Send>(
    items: impl Iterator<Item = I> + Send,
    threads: usize,
    work: impl Fn(I, &AtomicBool) -> Result<Outcome, E> + Sync,
) -> Result<Outcome, E> {
    let (queue, stop) = (Mutex::new(items), AtomicBool::new(false));
    let worker = || -> Result<Outcome, E> {
        let _guard = StopOnPanic(&stop);
        // A pool of its own: in a shared one, a thread that waits for an evaluation would take up another whole run.
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("the system starts a thread");
        let next = || queue.lock().expect("no thread panics with it").next();
        while !stop.load(Ordering::Relaxed)
            && let Some(item) = next()
        {
            let outcome = pool.install(|| work(item, &stop));
            if !matches!(outcome, Ok(Outcome::Finished | Outcome::Diverged(_))) {
                stop.store(true, Ordering::Relaxed);
                return outcome;
            }
        }
        Ok(Outcome::Finished)
    };
    let outcomes: Vec<Result<Outcome, E>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().map(|worker| worker.join().expect("no thread panics")).collect()
    });
    let outcomes: Vec<Outcome> = outcomes.into_iter().collect::<Result<_, _>>()?;
    Ok(if outcomes.contains(&Outcome::Stopped) { Outcome::Stopped } else { Outcome::Finished })
}

/// Lets no run go on for hours when another one has panicked.
struct StopOnPanic<'a>(&'a AtomicBool);

impl Drop for StopOnPanic<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}

/// An observer that also stops when another run has stopped or failed.
struct Stoppable<'a, O> {
    observer: O,
    stop: &'a AtomicBool,
}

impl<O: Observer> Observer for Stoppable<'_, O> {
    fn step(&mut self, progress: Progress) -> ControlFlow<()> {
        if self.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { self.observer.step(progress) }
    }

    fn measuring(&mut self) -> ControlFlow<()> {
        if self.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { self.observer.measuring() }
    }

    fn pass(&mut self, record: &PassRecord) {
        self.observer.pass(record);
    }
}

/// The result of the run of one seed: a row of `seeds.csv`. One that diverged has no errors, since its last full pass
/// is not the one that was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeedRecord {
    /// The seed.
    pub seed: u64,
    /// The number of complete passes.
    pub passes: usize,
    /// [`PassRecord::running_training_error_percent`] of the last pass.
    pub running_training_error_percent: Option<f64>,
    /// [`PassRecord::training_error_percent`] of the last pass.
    pub training_error_percent: Option<f64>,
    /// [`PassRecord::test_error_percent`] of the last pass.
    #[serde(alias = "held_out_error_percent")]
    pub test_error_percent: Option<f64>,
    /// [`PassRecord::test_errors`] of the last pass.
    #[serde(alias = "held_out_errors")]
    pub test_errors: Option<usize>,
    /// The reason why it counts in no mean, if so: [`Run::verdict`] in words.
    pub verdict: Option<String>,
}

impl SeedRecord {
    /// The result of the run with this seed, of its full passes and the verdict on it. `None` before its first full pass, unless it
    /// diverged.
    pub fn of(seed: u64, records: &[PassRecord], verdict: Option<&Verdict>) -> Option<Self> {
        let diverged = verdict.is_some_and(|verdict| verdict.divergence().is_some());
        let last = records.last().filter(|_| !diverged);
        (diverged || last.is_some()).then(|| Self {
            seed,
            passes: records.len(),
            running_training_error_percent: last.map(|last| last.running_training_error_percent),
            training_error_percent: last.and_then(|last| last.training_error_percent),
            test_error_percent: last.filter(|last| last.is_tested()).map(|last| last.test_error_percent),
            test_errors: last.filter(|last| last.is_tested()).map(|last| last.test_errors),
            verdict: verdict.map(ToString::to_string),
        })
    }
}

/// A record for each run that has a full pass or diverged before one, in the order of the runs.
pub fn records(runs: &[Run]) -> Vec<SeedRecord> {
    runs.iter().filter_map(|run| SeedRecord::of(run.settings().seed, run.records(), run.verdict())).collect()
}

/// Mean and spread over these runs of a number of each pass, from the first pass to the last that all of them have. Empty where a
/// pass of one has no such number.
pub fn mean_curve(runs: &[&[PassRecord]], number: impl Fn(&PassRecord) -> Option<f64>) -> Vec<(usize, Summary)> {
    let passes = runs.iter().map(|records| records.len()).min().unwrap_or(0);
    let of_pass = |pass: usize| {
        let numbers: Option<Vec<f64>> = runs.iter().map(|records| number(&records[pass - 1])).collect();
        Some((pass, summarise(numbers?)))
    };
    (1..=passes).map(of_pass).collect::<Option<_>>().unwrap_or_default()
}

/// Writes `seeds.csv`, as a whole or not at all. Errors on patterns held out stand in columns of that name.
///
/// # Errors
/// If it cannot be written.
pub fn write(path: &Path, records: &[SeedRecord], on: Measured) -> Result<(), RunError> {
    if let (Some(folder), Some(name)) = (path.parent(), path.file_name()) {
        // Others may train runs of other seeds beside these.
        let removed = remove_temporaries(folder, |own| name == own || own == MEAN_CURVE, LONG_AGO);
        removed.map_err(|error| RunError::Io(folder.into(), error))?;
    }
    write_measured(path, records, on)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_read_and_written() {
        let cases = [
            ("1-3", "1-3", vec![1, 2, 3]),
            ("7", "7", vec![7]),
            ("0-0", "0", vec![0]),
            ("1,3,5", "1,3,5", vec![1, 3, 5]),
            ("5-8, 3 ,1", "1,3,5-8", vec![1, 3, 5, 6, 7, 8]),
            ("2-4,3-5,4", "2-5", vec![2, 3, 4, 5]),
            (
                "18446744073709551614-18446744073709551615",
                "18446744073709551614-18446744073709551615",
                vec![u64::MAX - 1, u64::MAX],
            ),
        ];
        for (text, written, list) in cases {
            let seeds: Seeds = text.parse().unwrap();
            assert_eq!((seeds.to_string().as_str(), seeds.iter().collect::<Vec<_>>()), (written, list));
            assert_eq!(seeds.to_string().parse(), Ok(seeds));
        }
        assert!("1-200".parse::<Seeds>().is_ok());
        for wrong in " - , 1, 3-1 a 1-201 1-150,201-251 1- -5 1-2-3 1.5 0-18446744073709551615".split(' ') {
            assert!(wrong.parse::<Seeds>().is_err(), "{wrong}");
        }
        assert_eq!("1,3,5-8".parse::<Seeds>().unwrap().first(3).to_string(), "1,3,5");
    }

    #[test]
    fn a_mean_curve_ends_with_the_shortest_run() {
        let run = |errors: &[f64]| -> Vec<PassRecord> {
            let record = |&error| PassRecord { running_training_error_percent: error, ..PassRecord::default() };
            errors.iter().map(record).collect()
        };
        let runs = [run(&[9.0, 4.0, 2.0]), run(&[7.0, 6.0])];
        let runs: Vec<&[PassRecord]> = runs.iter().map(Vec::as_slice).collect();
        let means = mean_curve(&runs, |record| Some(record.running_training_error_percent));
        assert_eq!(means.iter().map(|(pass, summary)| (*pass, summary.mean)).collect::<Vec<_>>(), [(1, 8.0), (2, 5.0)]);
        assert!(mean_curve(&runs, |record| record.training_error_percent).is_empty());
        assert!(mean_curve(&[], |record| Some(record.test_loss)).is_empty());
    }
}
