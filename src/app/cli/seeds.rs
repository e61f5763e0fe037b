//! `lenet5 train --seeds`: several runs side by side, and their statistics.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use lenet5::config::{Measured, Settings};
use lenet5::data::{Dataset, Source};
use lenet5::drawing::format::Format;
use lenet5::drawing::plot::mean_learning_curve;
use lenet5::evaluation::statistics::{Summary, summarise};
use lenet5::models::{counterpart, is_run_of_fig_5};
use lenet5::runs::cells::Shard;
use lenet5::runs::folder::{Outcome, Run};
use lenet5::runs::interruption;
use lenet5::runs::seeds::{self, SeedRecord, Seeds};
use lenet5::training::PassRecord;

use super::figure;
use super::format::{are, count, duration, program, shell};
use super::notes::{announce, extent, note, option, warn_if_digits};
use super::progress::{Overview, curve_of};
use super::verdict;

/// How runs of several seeds are trained and recorded.
pub struct Options<'a> {
    /// The share of the seeds to train; all of them without one.
    pub shard: Option<Shard>,
    pub tensorboard: bool,
    pub formats: &'a [Format],
}

/// Trains a run for each seed below `parent`, or for each of a shard's share; existing runs are continued.
pub fn run(
    parent: &Path,
    seeds: &Seeds,
    settings: &Settings,
    dataset: &Dataset,
    Options { shard, tensorboard, formats }: Options,
) -> anyhow::Result<ExitCode> {
    let share = shard.map(|shard| shard.of(seeds.iter().collect(), |_| 1));
    let Some(own) = seeds.filter(|seed| share.as_ref().is_none_or(|share| share.contains(&seed))) else {
        say!("There are fewer seeds than shards, and none for this one.");
        return Ok(ExitCode::SUCCESS);
    };
    let runs = seeds::open(parent, &own, settings, dataset)?;
    let mut runs: Vec<Run> = runs.into_iter().map(|run| run.with_tensorboard(tensorboard)).collect();
    let (all, before, started) = (runs.len() * settings.passes, passes_done(&runs), Instant::now());
    let side_by_side = rayon::current_num_threads().min(runs.len());
    let record = format!(
        "{} of {}{}, recorded below {}",
        count(runs.len(), "run"),
        extent(&runs[0], dataset),
        if runs.len() == 1 { String::new() } else { format!(", {side_by_side} side by side") },
        parent.display()
    );
    let named = format!("{} {own}", if runs.len() == 1 { "seed" } else { "seeds" });
    announce(&runs[0], dataset, [named, record], (before > 0).then(|| format!("{before} of {}", are(all, "pass"))));
    interruption::catch()?;
    let overview = Overview::new(&runs, dataset.source, runs[0].split(dataset).training);
    let outcome = seeds::train(&mut runs, dataset, |run| overview.observer(run))?;
    drop(overview);
    runs.iter().try_for_each(|run| figure::write_beside(&curve_of(run), formats))?;
    let done = passes_done(&runs);
    // All runs have the first one's settings, apart from the seed.
    let config = shell(&runs[0].folder().join("config.toml"));
    let option = shard.map_or_else(String::new, |shard| format!(" --shard {shard}")) + option(tensorboard);
    let command = format!("{} train --seeds {seeds} --config {config} --out {}{option}", program(), shell(parent));
    if outcome == Outcome::Stopped {
        say!("\nStopped. {done} of {} complete and kept. To go on:\n  {command}", are(all, "pass"));
        return Ok(ExitCode::from(interruption::exit_code().unwrap_or(1)));
    }
    if let Some(shard) = shard {
        verdict::left_out(&seeds::records(&runs), &runs);
        say!("\nShard {shard} is done. When all are: the same command without --shard");
        return Ok(ExitCode::SUCCESS);
    }
    if before == all {
        say!("These runs had all their passes already. For more:\n  {command} --passes {}", settings.passes + 1);
    }
    let records = seeds::records(&runs);
    report(&records, settings, dataset.source);
    verdict::left_out(&records, &runs);
    if before < all {
        say!("{} in {}", count(done - before, "pass"), duration(started.elapsed().as_secs_f64()));
    }
    // After the table: a full disk must not keep it from being seen.
    let table = parent.join("seeds.csv");
    seeds::write(&table, &records, settings.measured())?;
    let results = runs.iter().filter(|run| run.verdict().is_none()).map(Run::records).collect::<Vec<_>>();
    let curve = draw_mean(parent, settings, dataset.source, &results);
    curve.iter().try_for_each(|curve| figure::write_beside(curve, formats))?;
    say!(
        "\nThe runs' folders: {}\nThe table: {}{}",
        parent.join("seed-N").display(),
        table.display(),
        curve.map_or_else(String::new, |curve| format!("\nThe mean curve: {}", curve.display()))
    );
    Ok(verdict::exit_code(runs.iter().filter_map(Run::verdict)))
}

/// Draws the mean learning curve of the runs below `parent` that have a result, with its 95 % interval as a band, and returns its path;
/// nothing without such runs. A failure is only a warning.
pub fn draw_mean(parent: &Path, settings: &Settings, source: Source, results: &[&[PassRecord]]) -> Option<PathBuf> {
    let (path, with_paper) = (parent.join(seeds::MEAN_CURVE), is_run_of_fig_5(settings, source));
    let title = format!("{}, mean of {}, on {source}", settings.label(), count(results.len(), "seed"));
    let drawn =
        (!results.is_empty()).then(|| mean_learning_curve(&path, &title, results, settings.measured(), with_paper))?;
    drawn.inspect_err(|error| say!("warning: {}: {error}", path.display())).is_ok().then_some(path)
}

fn passes_done(runs: &[Run]) -> usize {
    runs.iter().map(|run| run.records().len()).sum()
}

/// The table at the end; every number in it can be computed from `seeds.csv`.
fn report(records: &[SeedRecord], settings: &Settings, source: Source) {
    let measured = settings.measured();
    let row = |label: &str, test: &str, training: &str| match measured {
        Measured::Nothing => say!("{label:<28}{training:>28}"),
        _ => say!("{label:<28}{test:>22}{training:>28}"),
    };
    let percent = |value: f64| if value.is_nan() { "-".to_string() } else { format!("{value:.3} %") };
    let range = |low: f64, high: f64| if low.is_nan() { "-".to_string() } else { format!("{low:.3} to {high:.3} %") };
    let interval =
        |summary: &Summary| range(summary.mean - summary.half_interval, summary.mean + summary.half_interval);
    say!("");
    let after = format!("after {}", count(settings.passes, "pass"));
    row(&after, measured.error_name(), "training error on the fly");
    for record in records {
        let [test, training] = [record.test_error_percent, record.running_training_error_percent];
        let [test, training] = [test, training].map(|value| percent(value.unwrap_or(f64::NAN)));
        let mark = record.verdict.as_ref().map_or_else(String::new, |verdict| format!("  {verdict}"));
        row(&format!("seed {}", record.seed), &test, &format!("{training:>28}{mark}"));
    }
    let trained = || records.iter().filter(|record| record.verdict.is_none());
    let over_seeds = |value: fn(&SeedRecord) -> Option<f64>| summarise(trained().filter_map(value));
    let test = over_seeds(|record| record.test_error_percent);
    let training = over_seeds(|record| record.running_training_error_percent);
    row("mean", &percent(test.mean), &percent(training.mean));
    row("95 % interval of the mean", &interval(&test), &interval(&training));
    row("standard deviation", &percent(test.deviation), &percent(training.deviation));
    row("range", &range(test.smallest, test.largest), &range(training.smallest, training.largest));
    let printed = counterpart(settings, source);
    if let Some(printed) = &printed {
        let percent = |error: f64| format!("{error} %");
        let training = printed.training_error_percent.map_or_else(|| "-".into(), percent);
        row(printed.run, &percent(printed.test_error_percent), &training);
    }
    if let Some(note) = note(settings, printed.as_ref()) {
        say!("{note}");
    }
    warn_if_digits(source);
}
