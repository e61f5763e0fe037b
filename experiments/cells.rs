//! Cells: independent runs, each in a folder of its own, never done twice.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, bail};
use lenet5::config::Settings;
use lenet5::data::Dataset;
use lenet5::run::{Run, RunError};
use lenet5::training::PassRecord;

/// The seeds of an experiment, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seeds(pub Vec<u64>);

/// `1-5` or `7`
pub fn parse_seeds(text: &str) -> Result<Seeds, String> {
    let number =
        |part: &str| part.trim().parse::<u64>().map_err(|error| format!("{part:?}: {error}; expected 7 or 1-5"));
    let (first, last) = match text.split_once('-') {
        Some((first, last)) => (number(first)?, number(last)?),
        None => (number(text)?, number(text)?),
    };
    if first > last || last - first >= 1000 {
        return Err(format!("{text:?}: expected at most 1,000 seeds in rising order, such as 1-5"));
    }
    Ok(Seeds((first..=last).collect()))
}

/// One run of an experiment.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Where its folder is.
    pub folder: PathBuf,
    /// What it trains.
    pub settings: Settings,
}

/// Trains every cell, as many side by side as the machine has processors, and returns their records in order. A finished
/// cell is only read; one that was broken off goes on after its last full pass.
pub fn train(cells: &[Cell], dataset: &Dataset) -> anyhow::Result<Vec<Vec<PassRecord>>> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let (next, results) = (AtomicUsize::new(0), Mutex::new(vec![None; cells.len()]));
    thread::scope(|scope| {
        let worker = || -> anyhow::Result<()> {
            // A pool of its own: in a shared one, a thread that waits for an evaluation would take up another whole cell.
            let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
            while let Some((index, cell)) = cells.iter().enumerate().nth(next.fetch_add(1, Ordering::Relaxed)) {
                let records = pool.install(|| train_cell(cell, dataset))?;
                results.lock().expect("no worker panics")[index] = Some(records);
            }
            Ok(())
        };
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))
    })?;
    let results = results.into_inner().expect("no worker panics");
    Ok(results.into_iter().map(|records| records.expect("every cell was trained")).collect())
}

fn train_cell(cell: &Cell, dataset: &Dataset) -> anyhow::Result<Vec<PassRecord>> {
    let mut run = match Run::resume(&cell.folder, None) {
        Err(RunError::Missing(_)) => Run::create(&cell.folder, cell.settings.clone(), dataset)?,
        other => other?,
    };
    same_settings(&run, cell)?;
    println!("{}: {} of {} passes done", cell.folder.display(), run.records().len(), run.settings().passes);
    run.train(dataset, &mut ()).with_context(|| cell.folder.display().to_string())?;
    println!("{}: finished", cell.folder.display());
    Ok(run.records().to_vec())
}

/// A folder that was trained with other settings is another experiment's.
fn same_settings(run: &Run, cell: &Cell) -> anyhow::Result<()> {
    let mut expected = cell.settings.clone().into_config();
    expected.dataset = run.settings().dataset;
    if *run.settings() != expected.check()? {
        bail!("{}: holds a run with other settings; remove it or choose another --out", cell.folder.display());
    }
    Ok(())
}

/// The folder of a cell: `OUT/runs/EXPERIMENT/seed-N`.
pub fn folder(out: &Path, experiment: &str, seed: u64) -> PathBuf {
    out.join("runs").join(experiment).join(format!("seed-{seed}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds() {
        assert_eq!(parse_seeds("1-3"), Ok(Seeds(vec![1, 2, 3])));
        assert_eq!(parse_seeds("7"), Ok(Seeds(vec![7])));
        for wrong in ["", "-", "3-1", "a", "1-9999", "1-"] {
            assert!(parse_seeds(wrong).is_err(), "{wrong}");
        }
    }
}
