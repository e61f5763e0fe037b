//! Cells: networks to train, each in a folder of its own, some side by side. One that is finished is never trained again, one that was
//! interrupted goes on, and one that another process trains is left to it; [`Shard`] shares them out to several machines.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use crate::config::Settings;
use crate::data::Dataset;
use crate::runs::folder::{Outcome, Run, RunError, Verdict, snapshot};
use crate::runs::seeds;
use crate::training::{PassRecord, work};

/// The share `index` of `count`, counted from 1; written `2/4`.
///
/// ```
/// use lenet5::runs::cells::Shard;
/// let shard: Shard = "2/3".parse().unwrap();
/// // Cells of equal work are dealt out in turn.
/// assert_eq!(shard.of(vec!['a', 'b', 'c', 'd', 'e'], |_| 1), ['b', 'e']);
/// assert!("0/3".parse::<Shard>().is_err() && "4/3".parse::<Shard>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    count: usize,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match parts {
            Some((index, count)) if 1 <= index && index <= count => Ok(Self { index, count }),
            _ => Err("expected I/N with I from 1 to N, such as 2/4".into()),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.index, self.count)
    }
}

impl Shard {
    /// This shard's share of all cells, in their order, when `work` is what each takes: beginning with the largest, each cell goes to the
    /// shard that has the least to do so far. All shards agree on it as long as they are given the same cells.
    pub fn of<C>(self, cells: Vec<C>, work: impl Fn(&C) -> u64) -> Vec<C> {
        let works: Vec<u64> = cells.iter().map(work).collect();
        let mut largest_first: Vec<usize> = (0..cells.len()).collect();
        largest_first.sort_by_key(|&cell| std::cmp::Reverse(works[cell])); // stable: the same on every machine
        let (mut sums, mut shards) = (vec![0_u64; self.count], vec![0; cells.len()]);
        for cell in largest_first {
            let least = (0..self.count).min_by_key(|&shard| sums[shard]).expect("one shard at least");
            sums[least] += works[cell];
            shards[cell] = least;
        }
        cells.into_iter().zip(shards).filter(|&(_, shard)| shard == self.index - 1).map(|(cell, _)| cell).collect()
    }
}

/// The progress of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Its passes are done, or it was given up, or diverged.
    Finished,
    /// This many passes are done.
    Partial(usize),
}

/// A network to train.
pub trait Cell: Sync {
    /// Its name for messages.
    fn name(&self) -> &str;

    /// The time that all its passes are expected to take on a data set with this many (training, test) patterns, as [`work::of_run`]
    /// reckons it.
    fn work(&self, sizes: (usize, usize)) -> u64;

    /// Its progress, by its files.
    ///
    /// # Errors
    /// If they cannot be read.
    fn state(&self) -> Result<State, RunError>;

    /// The verdict on it, if it has no usable result.
    ///
    /// # Errors
    /// If it cannot be read.
    fn verdict(&self) -> Result<Option<Verdict>, RunError>;

    /// Trains all passes that are left, until `stop` is set; of a finished cell, checks that it is the one that was asked for.
    ///
    /// # Errors
    /// If it is another one, or cannot be trained or recorded.
    fn run(&self, dataset: &Dataset, stop: &AtomicBool) -> Result<Outcome, RunError>;
}

/// What happens while cells are trained.
#[derive(Debug)]
pub enum Event<'a, C> {
    /// Of all cells, these numbers are finished, and are to be trained; before the first, where there is one to train.
    Begun(usize, usize),
    /// The cell in this folder is left to another process, its holder.
    Busy(&'a Path, &'a str),
    /// A cell was trained to its end.
    Trained {
        /// The cell.
        cell: &'a C,
        /// The verdict on it.
        verdict: Option<Verdict>,
        /// The number of cells that have been, with this one.
        done: usize,
        /// The number of cells to train.
        open: usize,
        /// Time since the first began.
        seconds: f64,
    },
}

/// The cell that failed, with the reason.
#[derive(Debug, thiserror::Error)]
#[error("{name}")]
pub struct CellError {
    /// Its name.
    pub name: String,
    /// The reason.
    pub source: RunError,
}

/// Trains all cells, `jobs` side by side, each on one thread; those that are finished are checked first. A cell that another process is
/// at is passed over. Returns whether all are finished.
///
/// # Errors
/// That of the first cell that failed.
pub fn train<C: Cell>(
    cells: &[C],
    dataset: &Dataset,
    jobs: usize,
    report: impl Fn(Event<'_, C>) + Sync,
) -> Result<bool, CellError> {
    let failed = |cell: &C| {
        let name = cell.name().to_string();
        move |source| CellError { name, source }
    };
    let (mut finished, mut open) = (Vec::new(), Vec::new());
    for cell in cells {
        let state = cell.state().map_err(failed(cell))?;
        if state == State::Finished { finished.push(cell) } else { open.push(cell) }
    }
    let (started, done, busy) = (Instant::now(), AtomicUsize::new(0), AtomicBool::new(false));
    if !open.is_empty() {
        report(Event::Begun(finished.len(), open.len()));
    }
    let all: Vec<&C> = finished.into_iter().chain(open.iter().copied()).collect();
    let outcome = seeds::side_by_side(all.into_iter(), jobs.min(cells.len()).max(1), |cell, stop| {
        let was_open = cell.state().map_err(failed(cell))? != State::Finished;
        let outcome = match cell.run(dataset, stop) {
            Err(RunError::Busy { folder, holder }) => {
                report(Event::Busy(&folder, &holder));
                busy.store(true, Ordering::Relaxed);
                return Ok(Outcome::Finished);
            }
            outcome => outcome.map_err(failed(cell))?,
        };
        if outcome != Outcome::Stopped && was_open {
            let verdict = cell.verdict().map_err(failed(cell))?;
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            let seconds = started.elapsed().as_secs_f64();
            report(Event::Trained { cell, verdict, done, open: open.len(), seconds });
        }
        Ok(outcome)
    })?;
    Ok(outcome == Outcome::Finished && !busy.load(Ordering::Relaxed))
}

/// The run in `folder` with these settings: taken up, or made.
///
/// # Errors
/// As [`Run::take_up`] and [`Run::create`].
pub fn open(folder: &Path, settings: &Settings, dataset: &Dataset) -> Result<Run, RunError> {
    match Run::take_up(folder, settings, dataset)? {
        Some(run) => Ok(run),
        None => Run::create(folder, settings.clone(), dataset),
    }
}

/// Checks that the finished run in `folder` has these settings, so that a change since does not go unnoticed; a run of at most `fewer`
/// passes is accepted, too. (The run itself can't be opened: a network that was given up may have no finite parameters.)
///
/// # Errors
/// [`RunError::Different`] if it has others; or if its settings cannot be read.
pub fn check(folder: &Path, settings: &Settings, dataset: &Dataset, fewer: usize) -> Result<(), RunError> {
    let found = snapshot::settings(folder)?;
    let passes = if found.passes <= fewer { found.passes } else { settings.passes };
    let expected = settings.for_data(dataset)?.with(|config| config.passes = passes)?;
    let differences = found.differences(&expected);
    if differences.is_empty() {
        return Ok(());
    }
    Err(RunError::Different { folder: folder.into(), differences: differences.join(", ") })
}

/// A record for each pass that is done of the run with these settings in `folder`; none where there is no run.
///
/// # Errors
/// If they cannot be read, or are not those of such a run.
pub fn records(folder: &Path, settings: &Settings) -> Result<Vec<PassRecord>, RunError> {
    snapshot::records(folder, settings)
}

/// An ordinary run as a cell.
#[derive(Debug)]
pub struct RunCell<F> {
    /// Its name for messages.
    pub name: String,
    /// The run's folder.
    pub folder: PathBuf,
    /// The run's settings.
    pub settings: Settings,
    /// Trains the run on the data set: [`Run::train`] with an observer that stops it when the flag is set.
    pub train: F,
}

impl<F> Cell for RunCell<F>
where
    F: Fn(Run, &Dataset, &AtomicBool) -> Result<Outcome, RunError> + Sync,
{
    fn name(&self) -> &str {
        &self.name
    }

    fn work(&self, sizes: (usize, usize)) -> u64 {
        work::of_run(&self.settings, sizes)
    }

    fn state(&self) -> Result<State, RunError> {
        let done = records(&self.folder, &self.settings)?.len();
        let diverged = self.verdict()?.is_some_and(|verdict| verdict.divergence().is_some());
        Ok(if done >= self.settings.passes || diverged { State::Finished } else { State::Partial(done) })
    }

    fn verdict(&self) -> Result<Option<Verdict>, RunError> {
        Verdict::read(&self.folder)
    }

    fn run(&self, dataset: &Dataset, stop: &AtomicBool) -> Result<Outcome, RunError> {
        if self.state()? == State::Finished {
            return check(&self.folder, &self.settings, dataset, 0).map(|()| Outcome::Finished);
        }
        (self.train)(open(&self.folder, &self.settings, dataset)?, dataset, stop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each cell is in one shard, and the shards' sums differ by no more than the largest cell.
    #[test]
    fn shards_have_equal_work() {
        let cells: Vec<u64> = vec![1, 1, 1, 80, 20, 20, 20, 1, 1, 60, 7];
        let shares: Vec<Vec<u64>> =
            (1..=3).map(|index| Shard { index, count: 3 }.of(cells.clone(), |&work| work)).collect();
        let sums: Vec<u64> = shares.iter().map(|share| share.iter().sum()).collect();
        assert_eq!(sums, [80, 67, 65]);
        let mut all = shares.concat();
        all.sort_unstable();
        let mut expected = cells;
        expected.sort_unstable();
        assert_eq!(all, expected);
        assert_eq!(Shard { index: 3, count: 3 }.of(vec!['a', 'b'], |_| 1), []);
    }
}
