//! The measurements of each network of the ladder, and of each beside the one that it is a change of.

use lenet5::evaluation::mcnemar::{disagreements, mcnemar};
use lenet5::evaluation::statistics::{Summary, median, summarise};
use lenet5::evaluation::{clopper_pearson, evaluate, outputs};
use lenet5::models;
use lenet5::training::benchmark::multiply_adds;
use serde::{Deserialize, Serialize};

use crate::cells::Arm;
use crate::experiment::Context;
use crate::finished::Finished;

/// A row of `seeds.csv`: after the last pass. What needs the network is left out where it diverged, and all errors where its numbers
/// were not finite.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SeedRow {
    pub arm: String,
    pub seed: u64,
    pub passes: usize,
    pub diverged: bool,
    pub test_error_percent: Option<f64>,
    pub test_errors: Option<usize>,
    pub test_error_low_percent: Option<f64>,
    pub test_error_high_percent: Option<f64>,
    pub running_training_error_percent: Option<f64>,
    pub training_error_percent: Option<f64>,
    /// After this pass the test error has been within 0.1 points of its last value.
    pub passes_to_final: Option<usize>,
    /// Of the training steps alone, the median of its passes.
    pub seconds_a_pass: Option<f64>,
}

/// A row of `pairs.csv`: a network beside the one that it is a change of, of the same seed, on the test set.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PairRow {
    pub before: String,
    pub after: String,
    pub seed: u64,
    pub before_error_percent: f64,
    pub after_error_percent: f64,
    /// By how much the error falls.
    pub gain_percent: f64,
    pub only_before_wrong: Option<usize>,
    pub only_after_wrong: Option<usize>,
    /// McNemar's exact test.
    pub p: Option<f64>,
}

/// A row of `summary.csv`, over the networks that have learnt; half an interval is half the width of the mean's 95 % interval. The gain is the mean of
/// [`PairRow::gain_percent`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SummaryRow {
    pub arm: String,
    pub change: String,
    pub alone: bool,
    pub eta_factor: f64,
    pub seeds: usize,
    pub diverged: usize,
    pub test_error_mean_percent: f64,
    pub test_error_deviation_percent: f64,
    pub test_error_half_interval_percent: f64,
    pub running_training_error_mean_percent: f64,
    pub training_error_mean_percent: Option<f64>,
    pub passes_to_final_mean: f64,
    pub seconds_a_pass_median: f64,
    pub parameters: usize,
    pub multiply_adds: usize,
    pub before: Option<String>,
    pub gain_mean_percent: Option<f64>,
    pub gain_deviation_percent: Option<f64>,
    pub gain_half_interval_percent: Option<f64>,
    /// Seeds whose two networks differ with p < 0.05, and which of them errs less.
    pub seeds_better: Option<usize>,
    pub seeds_worse: Option<usize>,
}

/// A trained network with what it answers to the test set, if it has not diverged.
pub struct Trained {
    pub row: SeedRow,
    /// For each answer, true if it is wrong.
    wrong: Option<Vec<bool>>,
}

pub fn measure(context: &Context, arm: &Arm) -> anyhow::Result<Vec<Trained>> {
    context.all(arm)?.iter().map(|cell| trained(context, arm, cell)).collect()
}

fn trained(context: &Context, arm: &Arm, cell: &Finished) -> anyhow::Result<Trained> {
    let (last, test, diverged) = (cell.result(), &context.dataset.test, cell.diverged());
    let split = arm.settings.split(context.dataset.sizes());
    let interval = last.map(|last| clopper_pearson(last.test_errors, split.measured));
    let training = context.dataset.training.first(split.training);
    let mut training_error = last.and_then(|last| last.training_error_percent).filter(|_| !diverged);
    let mut wrong = None;
    if !diverged {
        let model = cell.model()?;
        let network = model.network();
        wrong = Some(outputs(&network, &model.values, test).wrong(test.labels()));
        let loss = model.settings.loss_function();
        let error = || evaluate(&network, &model.values, loss, &training).error_percent();
        training_error = training_error.or_else(|| Some(error()));
    }
    let seconds: Vec<f64> =
        cell.records.iter().map(|record| training.len() as f64 / record.samples_per_second).collect();
    let errors: Vec<usize> = cell.records.iter().map(|record| record.test_errors).collect();
    let row = SeedRow {
        arm: arm.name.clone(),
        seed: cell.seed,
        passes: cell.records.len(),
        diverged,
        test_error_percent: last.map(|last| last.test_error_percent),
        test_errors: last.map(|last| last.test_errors),
        test_error_low_percent: interval.map(|interval| interval.low),
        test_error_high_percent: interval.map(|interval| interval.high),
        running_training_error_percent: last.map(|last| last.running_training_error_percent),
        training_error_percent: training_error,
        passes_to_final: last.map(|_| passes_to_final(&errors, split.measured)),
        seconds_a_pass: (!seconds.is_empty()).then(|| median(seconds)),
    };
    Ok(Trained { row, wrong })
}

/// From which pass on the number of test errors is within 0.1 points of its last value.
fn passes_to_final(errors: &[usize], patterns: usize) -> usize {
    let last = errors.last().copied().unwrap_or(0);
    let away = |errors: &usize| errors.abs_diff(last) * 1000 > patterns;
    errors.iter().rposition(away).map_or(1, |at| at + 2)
}

/// Two arms beside each other, over the seeds with which both have learnt.
pub fn pairs(before: &[Trained], after: &[Trained]) -> Vec<PairRow> {
    let pair = |after: &Trained| {
        let before = before.iter().find(|before| before.row.seed == after.row.seed)?;
        if before.row.diverged || after.row.diverged {
            return None;
        }
        let counts = before.wrong.as_ref().zip(after.wrong.as_ref());
        let counts = counts.map(|(before, after)| disagreements(before, after));
        let (before_error_percent, after_error_percent) =
            (before.row.test_error_percent?, after.row.test_error_percent?);
        Some(PairRow {
            before: before.row.arm.clone(),
            after: after.row.arm.clone(),
            seed: after.row.seed,
            before_error_percent,
            after_error_percent,
            gain_percent: before_error_percent - after_error_percent,
            only_before_wrong: counts.map(|counts| counts.0),
            only_after_wrong: counts.map(|counts| counts.1),
            p: counts.map(|(before, after)| mcnemar(before, after)),
        })
    };
    after.iter().filter_map(pair).collect()
}

/// The gain of a change, by its pairs.
pub struct Gain {
    /// By how much the error falls, over seeds.
    pub points: Summary,
    /// The number of seeds, and of those whose networks differ with p < 0.05: the later one better or worse.
    pub seeds: usize,
    pub better: usize,
    pub worse: usize,
}

pub fn gain(rows: &[PairRow], before: &str, after: &str) -> Gain {
    let own: Vec<&PairRow> = rows.iter().filter(|row| row.before == before && row.after == after).collect();
    let differ = |sign: f64| {
        let clear = |row: &&&PairRow| row.p.is_some_and(|p| p < 0.05) && sign * row.gain_percent > 0.0;
        own.iter().filter(clear).count()
    };
    Gain {
        points: summarise(own.iter().map(|row| row.gain_percent)),
        seeds: own.len(),
        better: differ(1.0),
        worse: differ(-1.0),
    }
}

/// The row of an arm: its change, whether it is made alone, and the arm before it with the gain from that.
pub fn summary_row(
    arm: &Arm,
    rows: &[SeedRow],
    (change, alone): (&str, bool),
    before: Option<(&str, Gain)>,
) -> SummaryRow {
    let network = models::build::<f32>(&arm.settings);
    let learnt = || rows.iter().filter(|row| !row.diverged);
    let over_seeds = |value: fn(&SeedRow) -> Option<f64>| summarise(learnt().filter_map(value));
    let test = over_seeds(|row| row.test_error_percent);
    let training: Option<Vec<f64>> = learnt().map(|row| row.training_error_percent).collect();
    let gain = before.as_ref().map(|(_, gain)| gain);
    SummaryRow {
        arm: arm.name.clone(),
        change: change.into(),
        alone,
        eta_factor: arm.settings.eta_factor,
        seeds: rows.len(),
        diverged: rows.iter().filter(|row| row.diverged).count(),
        test_error_mean_percent: test.mean,
        test_error_deviation_percent: test.deviation,
        test_error_half_interval_percent: test.half_interval,
        running_training_error_mean_percent: over_seeds(|row| row.running_training_error_percent).mean,
        training_error_mean_percent: training.filter(|errors| !errors.is_empty()).map(|errors| summarise(errors).mean),
        passes_to_final_mean: over_seeds(|row| row.passes_to_final.map(|passes| passes as f64)).mean,
        seconds_a_pass_median: median(rows.iter().filter_map(|row| row.seconds_a_pass)),
        parameters: network.layout().size(),
        multiply_adds: multiply_adds(&network, network.input()).forward,
        before: before.as_ref().map(|(name, _)| (*name).into()),
        gain_mean_percent: gain.map(|gain| gain.points.mean),
        gain_deviation_percent: gain.map(|gain| gain.points.deviation),
        gain_half_interval_percent: gain.map(|gain| gain.points.half_interval),
        seeds_better: gain.map(|gain| gain.better),
        seeds_worse: gain.map(|gain| gain.worse),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_final_error_is_reached_where_it_stays() {
        let to_final = |errors: &[usize]| passes_to_final(errors, 10_000);
        assert_eq!(to_final(&[200, 95, 120, 105, 85, 95]), 4);
        assert_eq!(to_final(&[100]), 1);
        assert_eq!(to_final(&[100, 100, 95]), 1);
        assert_eq!(to_final(&[100, 100, 50]), 3);
    }
}
