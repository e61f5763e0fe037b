//! The reading that erred least with distortions of Fig. 7's own ranges, on patterns held out: trained on all patterns, with and without
//! them, and tested once (`test.csv`, a row for each network).

use lenet5::evaluation::clopper_pearson;
use lenet5::evaluation::statistics::{Summary, summarise};
use serde::{Deserialize, Serialize};

use super::assignments;
use crate::cells::{Arm, Extent};
use crate::experiment::Context;
use crate::record::Folder;
use crate::section::{Finding, mean_of, plus_minus, with_interval};

/// The reading with the smallest mean error at strength 1 in `gains.csv`.
pub const CHOSEN: &str = "1/sqrt(F), eta x 0.3, j = 5";

/// Without distortions and with those of Fig. 7's ranges.
const STRENGTHS: [f64; 2] = [0.0, 1.0];

pub fn arms(extent: &Extent) -> [Arm; 2] {
    STRENGTHS.map(|strength| {
        let own = [assignments(CHOSEN, strength), vec!["training_error=false".into()]].concat();
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        extent.arm(&format!("distortions/test/{strength}"), &own, "1-10")
    })
}

/// A row of `test.csv`: after the last pass.
#[derive(Debug, Serialize, Deserialize)]
struct TestRow {
    reading: String,
    strength: f64,
    seed: u64,
    test_error_percent: f64,
    test_errors: usize,
    test_error_low_percent: f64,
    test_error_high_percent: f64,
    running_training_error_percent: f64,
}

pub fn summary(context: &Context) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for (strength, arm) in STRENGTHS.into_iter().zip(arms(context.extent)) {
        let patterns = arm.settings.split(context.dataset.sizes()).measured;
        rows.extend(context.finished(&arm)?.iter().map(|cell| {
            let last = cell.last();
            let interval = clopper_pearson(last.test_errors, patterns);
            TestRow {
                reading: CHOSEN.into(),
                strength,
                seed: cell.seed,
                test_error_percent: last.test_error_percent,
                test_errors: last.test_errors,
                test_error_low_percent: interval.low,
                test_error_high_percent: interval.high,
                running_training_error_percent: last.running_training_error_percent,
            }
        }));
    }
    context.folder.write("test.csv", rows)
}

/// The errors of this strength, and by how much they are below those without distortions, paired by seed.
fn of_strength(rows: &[TestRow], strength: f64) -> (usize, Summary, Summary) {
    let own: Vec<&TestRow> = rows.iter().filter(|row| row.strength == strength).collect();
    let without = |seed| rows.iter().find(|row| (row.strength, row.seed) == (0.0, seed));
    let gains = own.iter().filter_map(|row| Some(without(row.seed)?.test_error_percent - row.test_error_percent));
    (own.len(), summarise(own.iter().map(|row| row.test_error_percent)), summarise(gains))
}

/// A sentence of the page, and the lines of its table.
pub fn section(folder: &Folder) -> anyhow::Result<(String, Vec<Finding>)> {
    let rows: Vec<TestRow> = folder.read("test.csv")?;
    let (_, _, gain) = of_strength(&rows, 1.0);
    let text = format!(
        "\nThe one that errs least at strength 1, `{CHOSEN}`, was trained on all 60,000 patterns and tested once: with distortions of Fig. 7's \
         ranges its test error falls by {:.2}{} points.\n",
        gain.mean,
        plus_minus(gain.half_interval, 2)
    );
    let finding = |strength: f64| {
        let (seeds, errors, _) = of_strength(&rows, strength);
        let with = if strength == 0.0 { "without distortions" } else { "with distortions of Fig. 7's ranges" };
        Finding::new(
            format!("{CHOSEN}, test error {with} ({})", mean_of(seeds)),
            "- (of another reading)",
            with_interval(errors.mean, errors.half_interval, 2),
        )
        .one_run(None, &errors, 2)
    };
    Ok((text, STRENGTHS.map(finding).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gains_are_those_of_the_same_seed() {
        let row = |strength, seed, test_errors: usize| TestRow {
            reading: CHOSEN.into(),
            strength,
            seed,
            test_error_percent: test_errors as f64 / 100.0,
            test_errors,
            test_error_low_percent: 0.0,
            test_error_high_percent: 1.0,
            running_training_error_percent: 0.5,
        };
        let rows = [row(0.0, 1, 100), row(0.0, 2, 90), row(1.0, 1, 90), row(1.0, 2, 70), row(1.0, 3, 10)];
        let (seeds, _, gain) = of_strength(&rows, 1.0);
        assert_eq!(seeds, 3);
        assert!((gain.mean - 0.15).abs() < 1e-12, "of the seeds that have both: {gain:?}");
    }
}
