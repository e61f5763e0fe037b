//! Boosted LeNet-4 (Drucker, Schapire and Simard 1993; section III-C): three networks, of which the second is trained on patterns
//! half of which the first gets wrong, and the third on patterns on which the first two disagree. Their outputs are added.
//!
//! A folder holds the three as ordinary runs, `first`, `second` and `third`, and the results of the filters, `second.csv` and
//! `third.csv`. Readings: distorted patterns supply the numbers of the second and the third alike; each is given as many patterns
//! as there are originals; all three have the same settings but for their seeds. The seed of the first is the settings' own,
//! those of the others are drawn from its stream `boosting seed`, so that neither their initial weights nor their distorted
//! patterns are those of another.

mod committee;
mod filter;

pub use committee::{Cascade, Committee, Members};
pub use filter::{Filtered, disagreements, halves, judge};

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use rand::RngExt;
use serde::{Deserialize, Serialize};

use crate::config::{ConfigError, Settings};
use crate::data::Dataset;
use crate::files::remove_temporaries;
use crate::random::stream;
use crate::runs::checkpoint::Model;
use crate::runs::folder::{Outcome, Run, RunError, is_made, read_table_if_there, write_table};
use crate::training::presentation::Presentation;
use crate::training::{Observer, PassRecord, Progress, split};
use crate::words::count;

/// The folders of the three networks.
pub const MEMBERS: [&str; 3] = ["first", "second", "third"];

/// The result of a filter: the row of `second.csv` and of `third.csv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterRecord {
    /// The number of patterns that were wanted.
    pub wanted: usize,
    /// The number of patterns found: fewer where [`MOST_COPIES`](crate::config::MOST_COPIES) copies did not yield more.
    pub found: usize,
    /// The number of distorted patterns that were examined.
    pub seen: usize,
    /// The number of copies of the originals that were begun.
    pub copies: usize,
}

/// The settings of network `index`, 0 to 2: these with a seed of its own.
///
/// # Errors
/// Never, as the settings are checked already.
pub fn member(settings: &Settings, index: usize) -> Result<Settings, ConfigError> {
    // TOML has no larger whole numbers.
    let new = || stream(settings.seed, "boosting seed", index as u64).random::<u64>() >> 1;
    settings.with(|config| config.seed = if index > 0 { new() } else { config.seed })
}

/// The records of each network's full passes: none for one that has not begun.
///
/// # Errors
/// If a file of them cannot be read.
pub fn records(folder: &Path) -> Result<[Vec<PassRecord>; 3], RunError> {
    let of = |name| read_table_if_there(&folder.join(name).join("metrics.csv"));
    let [first, second, third] = MEMBERS.map(of);
    Ok([first?, second?, third?].map(Option::unwrap_or_default))
}

/// The result of a filter; `name` is `second` or `third`.
///
/// # Errors
/// If the filter has not finished, or the file is damaged.
pub fn filtered(folder: &Path, name: &str) -> Result<FilterRecord, RunError> {
    let path = folder.join(format!("{name}.csv"));
    let row = crate::runs::folder::read_table(&path)?.pop();
    row.ok_or_else(|| RunError::Metrics(path, "expected a row".into()))
}

/// Trains what is left of the three networks below `folder`, one after the other. Interrupted at any moment and called again, it
/// gives the same bits. If one of them diverges, training ends with that. During a search for patterns, the observer
/// receives the progress of pass 0: the numbers of patterns found and wanted.
///
/// # Errors
/// As [`Run::take_up`], [`Run::create_on`] and [`Run::train`]; if a filter finds no pattern at all; or if a network has more
/// passes to train than it had when the next one's patterns were selected.
pub fn train(
    folder: &Path,
    settings: &Settings,
    dataset: &Dataset,
    observer: &mut dyn Observer,
) -> Result<Outcome, RunError> {
    // Kept to the end, and their locks with them.
    let mut runs = Vec::new();
    for (index, name) in MEMBERS.into_iter().enumerate() {
        let (own, settings) = (folder.join(name), member(settings, index)?);
        let mut run = match Run::take_up(&own, &settings, dataset)? {
            Some(run) => run,
            None if index == 0 => Run::create(&own, settings.clone(), dataset)?,
            None => {
                let ControlFlow::Continue(patterns) = patterns(folder, index, &settings, dataset, observer)? else {
                    return Ok(Outcome::Stopped);
                };
                Run::create_on(&own, settings.clone(), dataset, patterns)?
            }
        };
        if index > 0 && run.patterns().is_none() {
            return Err(RunError::Metrics(own.join("patterns.csv"), "expected the patterns of the run".into()));
        }
        let done = run.records().len();
        let next_is_made = MEMBERS.get(index + 1).map_or(Ok(false), |next| is_made(&folder.join(next)))?;
        if done < settings.passes && next_is_made {
            let differences = format!("it had {} and not {} when the next began", count(done, "pass"), settings.passes);
            return Err(RunError::Different { folder: own, differences });
        }
        match run.train(dataset, observer)? {
            Outcome::Finished => runs.push(run),
            ended => return Ok(ended),
        }
    }
    Ok(Outcome::Finished)
}

/// The patterns of network `index`, 1 or 2, by those before it.
fn patterns(
    folder: &Path,
    index: usize,
    settings: &Settings,
    dataset: &Dataset,
    observer: &mut dyn Observer,
) -> Result<ControlFlow<(), Vec<u32>>, RunError> {
    let load = |name: &&str| Model::load_file(&folder.join(name).join("model.safetensors"));
    let models = MEMBERS[..index].iter().map(load).collect::<Result<Vec<Model>, _>>()?;
    let originals = split(settings, dataset).0;
    let (seed, count) = (settings.seed, originals.len());
    let networks: Vec<_> = models.iter().map(|model| (model.network(), model.values.as_slice())).collect();
    let presentation = Presentation::new(originals, settings, networks[0].0.encoding());
    let proceed = |found| observer.step(Progress { pass: 0, presented: found, patterns: count, errors: 0 });
    let found = if index == 1 {
        let wrong = |some: &[u32]| judge(&networks, &presentation, some, |class, of| of[0] != class);
        halves(seed, count, count, wrong, proceed)
    } else {
        let differ = |some: &[u32]| judge(&networks, &presentation, some, |_, of| of[0] != of[1]);
        disagreements(seed, count, count, differ, proceed)
    };
    let ControlFlow::Continue(Filtered { patterns, seen, copies }) = found else {
        return Ok(ControlFlow::Break(()));
    };
    // The lock of the first network, which is held, keeps others away from these files too.
    let is_own = |name: &str| ["second.csv", "third.csv"].contains(&name);
    remove_temporaries(folder, is_own, Duration::ZERO).map_err(|error| RunError::Io(folder.into(), error))?;
    let record = FilterRecord { wanted: count, found: patterns.len(), seen, copies };
    write_table(&folder.join(format!("{}.csv", MEMBERS[index])), &[record])?;
    Ok(ControlFlow::Continue(patterns))
}
