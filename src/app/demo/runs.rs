//! The recorded training runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{self, State};
use lenet5::models::builder::Builder;
use lenet5::runs::folder::{Verdict, chosen_patterns, is_training, read_table_if_there};
use lenet5::training::PassRecord;
use serde::Serialize;

use lenet5::page::Refusal;

use super::refusing::Refused;
use super::workers::{LIMIT, Workers};

/// The number of levels below the folder of runs that are searched: `ladder/0-original/seed-1` of the experiments.
const DEPTH: usize = 3;
/// The largest number of listed runs, the newest.
const LISTED: usize = 100;

#[derive(Clone)]
pub struct Runs {
    pub folder: PathBuf,
    pub readers: Workers,
}

#[derive(Serialize)]
pub struct RunList {
    folder: String,
    runs: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    name: String,
    training: bool,
}

#[derive(Serialize)]
pub struct RunState {
    name: String,
    training: bool,
    passes: usize,
    patterns: Option<usize>,
    /// The preset with the settings that differ from it.
    settings: String,
    /// The patterns that errors are measured on: `test` or `held_out`; nothing for none.
    tested: Option<&'static str>,
    /// The reason why it has no usable result, if it has none.
    verdict: Option<String>,
    rows: Vec<PassErrors>,
    samples_per_second: Option<f64>,
    seconds_left: Option<f64>,
    /// Seconds since the current pass began.
    seconds_in_pass: Option<f64>,
}

#[derive(Serialize)]
struct PassErrors {
    pass: usize,
    training_error_percent: f64,
    test_error_percent: Option<f64>,
    seconds: f64,
}

/// `GET /api/runs`: the newest first.
///
/// # Errors
/// If the folder takes too long to look through.
pub async fn list(State(Runs { folder, readers }): State<Runs>) -> Result<Json<RunList>, Refused> {
    let listed = move || {
        let entry = |name: String| Entry { training: is_training(&folder.join(&name)), name };
        let runs = find(&folder).into_iter().map(entry).collect();
        RunList { folder: folder.display().to_string(), runs }
    };
    readers.run(listed).await.map(Json)
}

/// `GET /api/runs/{name}`
///
/// # Errors
/// If there is no such run, or its files cannot be read.
pub async fn run(
    State(Runs { folder, readers }): State<Runs>,
    name: Result<extract::Path<String>, PathRejection>,
) -> Result<Json<RunState>, Refused> {
    let extract::Path(name) = name?;
    let followed = move || {
        // Only listed runs: a name cannot lead out of the folder.
        if !find(&folder).contains(&name) {
            return Err(Refusal::not_found(format!("there is no such run in {}", folder.display())));
        }
        state(&folder, name).map_err(Refusal::unreadable)
    };
    Ok(Json(readers.run(followed).await??))
}

/// The names of the newest runs below a folder, by the last change of their metrics, or else of their settings.
fn find(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    gather(folder, "", DEPTH, Instant::now() + LIMIT, &mut found);
    found.sort_unstable_by(|left, right| right.cmp(left));
    found.into_iter().take(LISTED).map(|(_, name)| name).collect()
}

/// Adds the runs below a folder. The search ends at `until`, when the request has been refused.
fn gather(folder: &Path, name: &str, depth: usize, until: Instant, found: &mut Vec<(SystemTime, String)>) {
    let changed = |file: &str| folder.join(file).metadata().and_then(|data| data.modified()).ok();
    if let Some(made) = changed("config.toml").filter(|_| !name.is_empty()) {
        found.push((changed("metrics.csv").unwrap_or(made), name.into()));
        return;
    }
    let inside = fs::read_dir(folder).into_iter().flatten().flatten().filter(|_| depth > 0);
    let inside = inside.take_while(|_| Instant::now() < until);
    for entry in inside.filter(|entry| entry.path().is_dir()) {
        let Ok(own) = entry.file_name().into_string() else { continue };
        let name = if name.is_empty() { own } else { format!("{name}/{own}") };
        gather(&entry.path(), &name, depth - 1, until, found);
    }
}

fn state(runs: &Path, name: String) -> anyhow::Result<RunState> {
    let folder = runs.join(&name);
    let mut builder = Builder::default();
    let config = folder.join("config.toml");
    builder.file(&config)?;
    let settings = builder.build()?;
    let metrics = folder.join("metrics.csv");
    let records = read_table_if_there::<PassRecord>(&metrics)?.unwrap_or_default();
    let training = is_training(&folder);
    // A pass begins when the row of the one before is written, the first one when the settings are.
    let began = metrics.metadata().or_else(|_| config.metadata()).and_then(|data| data.modified()).ok();
    let elapsed = began.and_then(|time| time.elapsed().ok()).map(|time| time.as_secs_f64());
    let left = seconds_left(&records, settings.passes, elapsed.unwrap_or(0.0));
    Ok(RunState {
        training,
        passes: settings.passes,
        patterns: chosen_patterns(&folder)?.or(settings.dataset.sizes().map(|sizes| settings.split(sizes).training)),
        settings: settings.label(),
        tested: settings.measured().column(),
        verdict: Verdict::read(&folder)?.map(|verdict| verdict.to_string()),
        samples_per_second: records.last().map(|record| record.samples_per_second),
        seconds_left: left.filter(|_| training),
        seconds_in_pass: elapsed.filter(|_| training),
        rows: records.iter().map(PassErrors::from).collect(),
        name,
    })
}

/// The time until the last pass ends, if each takes the median of those done, and the current one began `elapsed` seconds ago.
fn seconds_left(records: &[PassRecord], passes: usize, elapsed: f64) -> Option<f64> {
    let mut seconds: Vec<f64> = records.iter().map(|record| record.seconds).collect();
    seconds.sort_unstable_by(f64::total_cmp);
    let median = *seconds.get(seconds.len() / 2)?;
    Some((median * passes.saturating_sub(records.len()) as f64 - elapsed).max(0.0))
}

impl From<&PassRecord> for PassErrors {
    fn from(record: &PassRecord) -> Self {
        Self {
            pass: record.pass,
            training_error_percent: record.running_training_error_percent,
            test_error_percent: record.is_tested().then_some(record.test_error_percent),
            seconds: record.seconds,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_counts_from_the_last_row() {
        let record = |seconds| PassRecord { seconds, ..PassRecord::default() };
        let records = [record(2.0), record(9.0), record(3.0)];
        assert_eq!(seconds_left(&records, 10, 1.0), Some(20.0));
        assert_eq!(seconds_left(&records, 3, 5.0), Some(0.0));
        assert_eq!(seconds_left(&[], 3, 5.0), None);
    }
}
