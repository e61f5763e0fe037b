//! Fig. 9: test errors of the family, beside the paper's.
//!
//! `seeds.csv` has a row for each network, `summary.csv` one for each classifier with the published number beside it, `pairs.csv`
//! each network against LeNet-5 of the same seed, `pairs_summary.csv` their means over seeds.

use lenet5::drawing::plot::bars::{Bar, Bars};
use lenet5::drawing::plot::{Axis, colour};
use lenet5::evaluation::mcnemar::{disagreements, mcnemar};
use lenet5::evaluation::statistics::summarise;
use lenet5::evaluation::{clopper_pearson, percent};
use lenet5::paper;
use lenet5::words;
use serde::{Deserialize, Serialize};

use crate::answers::Set;
use crate::experiment::{Context, Experiment};
use crate::family::{self, CLASSIFIERS, Classifier, FIG_9, LENET4, LENET4_BOOSTED, LENET5};
use crate::lenet4::{self, BoostedRow, NeighbourRow};
use crate::record::Folder;
use crate::section::{Finding, Section, mean_of, plus_minus};

pub const EXPERIMENT: Experiment = Experiment {
    name: "fig9",
    about: "test errors of the family: LeNet-1, LeNet-4, LeNet-5 and what came after them",
    arms: family::arms,
    summarise: summary,
    plot: draw,
    section,
};

#[derive(Serialize, Deserialize)]
struct SeedRow {
    classifier: String,
    seed: u64,
    test_errors: usize,
    test_error_percent: f64,
    test_error_low_percent: f64,
    test_error_high_percent: f64,
    networks_a_pattern: f64,
}

#[derive(Serialize, Deserialize)]
struct SummaryRow {
    classifier: String,
    seeds: usize,
    test_error_mean_percent: f64,
    test_error_deviation_percent: f64,
    test_error_half_interval_percent: f64,
    published_test_error_percent: Option<f64>,
    published_in: Option<String>,
}

/// A row of `pairs.csv`: a network against LeNet-5 of the same seed, on the same test set.
#[derive(Serialize, Deserialize)]
struct PairRow {
    classifier: String,
    seed: u64,
    only_it_wrong: usize,
    only_lenet5_wrong: usize,
    /// Its test error less LeNet-5's.
    difference_percent: f64,
    /// McNemar's exact test, two-sided.
    p_value: f64,
}

#[derive(Serialize, Deserialize)]
struct PairSummaryRow {
    classifier: String,
    seeds: usize,
    difference_mean_percent: f64,
    difference_deviation_percent: f64,
    difference_half_interval_percent: f64,
    seeds_with_p_below_5_percent: usize,
}

struct Tested {
    classifier: &'static str,
    seed: u64,
    wrong: Vec<bool>,
    networks: f64,
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let mut tested = Vec::new();
    for (classifier, arm) in CLASSIFIERS.iter().zip(family::arms(context.extent)) {
        let dataset = family::dataset_of(&arm, context.dataset);
        for cell in context.finished(&arm)? {
            let answers = (classifier.answer)(&cell, &dataset, Set::Test)?;
            let wrong = answers.outputs.wrong(dataset.test.labels());
            tested.push(Tested { classifier: classifier.name, seed: cell.seed, wrong, networks: answers.networks });
        }
    }
    boosted_and_neighbours(context)?;
    let seeds: Vec<SeedRow> = tested.iter().map(seed_row).collect();
    let pairs = pair_rows(&tested);
    let others = CLASSIFIERS.iter().filter(|classifier| classifier.name != LENET5.name);
    context.folder.write("summary.csv", CLASSIFIERS.iter().map(|classifier| summary_row(classifier, &seeds)))?;
    context.folder.write("pairs_summary.csv", others.map(|classifier| pair_summary_row(classifier.name, &pairs)))?;
    context.folder.write("pairs.csv", pairs)?;
    context.folder.write("seeds.csv", seeds)
}

fn boosted_and_neighbours(context: &Context) -> anyhow::Result<()> {
    let cells = |classifier: &Classifier| context.finished(&classifier.networks(context.extent));
    let boosted = cells(&LENET4_BOOSTED)?
        .iter()
        .map(|cell| BoostedRow::new(cell, context.dataset))
        .collect::<Result<Vec<_>, _>>()?;
    context.folder.write("boosted.csv", boosted)?;
    let choices =
        cells(&LENET4)?.iter().map(|cell| lenet4::choices(cell, context.dataset)).collect::<Result<Vec<_>, _>>()?;
    context.folder.write("neighbours.csv", choices.into_iter().flatten())
}

fn count(wrong: &[bool]) -> usize {
    wrong.iter().filter(|wrong| **wrong).count()
}

fn seed_row(tested: &Tested) -> SeedRow {
    let (test_errors, patterns) = (count(&tested.wrong), tested.wrong.len());
    let interval = clopper_pearson(test_errors, patterns);
    SeedRow {
        classifier: tested.classifier.into(),
        seed: tested.seed,
        test_errors,
        test_error_percent: percent(test_errors, patterns),
        test_error_low_percent: interval.low,
        test_error_high_percent: interval.high,
        networks_a_pattern: tested.networks,
    }
}

fn summary_row(classifier: &Classifier, seeds: &[SeedRow]) -> SummaryRow {
    let own = seeds.iter().filter(|row| row.classifier == classifier.name);
    let errors = summarise(own.clone().map(|row| row.test_error_percent));
    let published = classifier.published();
    SummaryRow {
        classifier: classifier.name.into(),
        seeds: own.count(),
        test_error_mean_percent: errors.mean,
        test_error_deviation_percent: errors.deviation,
        test_error_half_interval_percent: errors.half_interval,
        published_test_error_percent: published.map(|(percent, _)| percent),
        published_in: published.map(|(_, place)| place.into()),
    }
}

/// Every network that is not LeNet-5 against LeNet-5 of its seed.
fn pair_rows(tested: &[Tested]) -> Vec<PairRow> {
    let (lenet5, others): (Vec<&Tested>, Vec<&Tested>) =
        tested.iter().partition(|tested| tested.classifier == LENET5.name);
    let row = |other: &Tested| {
        let plain = lenet5.iter().find(|plain| plain.seed == other.seed)?;
        let (only_it_wrong, only_lenet5_wrong) = disagreements(&other.wrong, &plain.wrong);
        let error = |tested: &Tested| percent(count(&tested.wrong), tested.wrong.len());
        Some(PairRow {
            classifier: other.classifier.into(),
            seed: other.seed,
            only_it_wrong,
            only_lenet5_wrong,
            difference_percent: error(other) - error(plain),
            p_value: mcnemar(only_it_wrong, only_lenet5_wrong),
        })
    };
    others.into_iter().filter_map(row).collect()
}

fn pair_summary_row(classifier: &str, pairs: &[PairRow]) -> PairSummaryRow {
    let own = || pairs.iter().filter(|pair| pair.classifier == classifier);
    let difference = summarise(own().map(|pair| pair.difference_percent));
    PairSummaryRow {
        classifier: classifier.into(),
        seeds: own().count(),
        difference_mean_percent: difference.mean,
        difference_deviation_percent: difference.deviation,
        difference_half_interval_percent: difference.half_interval,
        seeds_with_p_below_5_percent: own().filter(|pair| pair.p_value < 0.05).count(),
    }
}

/// Networks that a pattern takes on average with this classifier, the mean over its seeds; `None` if it was not measured.
pub fn networks_a_pattern(folder: &Folder, classifier: &str) -> anyhow::Result<Option<f64>> {
    let rows: Vec<SeedRow> = folder.read_if_there("seeds.csv")?.unwrap_or_default();
    let own = rows.iter().filter(|row| row.classifier == classifier).map(|row| row.networks_a_pattern);
    Ok(Some(summarise(own).mean).filter(|mean| mean.is_finite()))
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<SummaryRow> = folder.read("summary.csv")?;
    let group = |row: &SummaryRow| {
        let mut bars = vec![family::mean_bar(0, row.test_error_mean_percent, row.test_error_half_interval_percent)];
        if let (Some(percent), Some(place)) = (row.published_test_error_percent, &row.published_in) {
            bars.push(Bar::new(1, percent, format!("{percent} % ({place})")));
        }
        (row.classifier.clone(), bars)
    };
    let seeds = || rows.iter().map(|row| row.seeds);
    let (fewest, most) = (seeds().min().unwrap_or(0), seeds().max().unwrap_or(0));
    let seeds = if fewest == most { most.to_string() } else { format!("{fewest} to {most}") };
    let ours = format!("ours, mean of {seeds} seeds and its 95 % interval");
    let bars = Bars {
        title: "Fig. 9: error on the test set".into(),
        x: Axis::new("test error (%)"),
        series: vec![(ours, colour::TEST), ("published".into(), colour::PAPER)],
        groups: rows.iter().map(group).collect(),
    };
    folder.bars("fig9.svg", "summary.csv", bars)
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let (rows, seeds): (Vec<SummaryRow>, Vec<SeedRow>) = (folder.read("summary.csv")?, folder.read("seeds.csv")?);
    let pairs: Vec<PairSummaryRow> = folder.read("pairs_summary.csv")?;
    let finding = |row: &SummaryRow| {
        let place = row.published_in.as_ref().map_or_else(String::new, |place| with_uncertainty(place));
        let published = row.published_test_error_percent.map(|percent| (percent, place.as_str()));
        let errors = seeds.iter().filter(|seed| seed.classifier == row.classifier).map(|seed| seed.test_error_percent);
        let what = format!("{}, test error ({})", row.classifier, mean_of(row.seeds));
        let finding = Finding::of_runs(what, published, &summarise(errors));
        let headline = CLASSIFIERS.iter().any(|one| one.name == row.classifier && one.headline);
        if headline { finding.headline() } else { finding }
    };
    let mut text = String::from(
        "Each network is trained by its own preset (`lenet5 train --preset`), on MNIST as it is or with distorted copies. The \
         paper gives LeNet-4 by its sizes alone: ours is a reconstruction (`models/lenet4.rs`). The last columns set each network \
         beside LeNet-5 of the same seed: by how much its test error is higher, and with how many of the seeds McNemar's exact \
         test tells the two apart at the 5 % level.\n\n\
         | | test errors, seed by seed | against LeNet-5 | told apart |\n|---|---|---|---|\n",
    );
    for row in &rows {
        let own = seeds.iter().filter(|seed| seed.classifier == row.classifier);
        let errors: Vec<String> = own.map(|seed| format!("{:.2}", seed.test_error_percent)).collect();
        let pair = pairs.iter().find(|pair| pair.classifier == row.classifier);
        let against = pair.map_or_else(|| "| - | -".into(), pair_text);
        text += &format!("| {} | {} % {against} |\n", row.classifier, errors.join(", "));
    }
    text += &lenet4_text(folder)?;
    let findings: Vec<Finding> = rows.iter().map(finding).collect();
    text += &outside_text(rows.iter().zip(&findings));
    Ok(Section {
        title: "test errors of the family".into(),
        text,
        figures: vec![("fig9.svg".into(), "test errors, ours and those published".into())],
        findings,
    })
}

/// A source, and the uncertainty that it gives to its error rates.
fn with_uncertainty(place: &str) -> String {
    let points = if place == FIG_9 { paper::FIG_9_UNCERTAINTY_POINTS } else { paper::LUSH_UNCERTAINTY_POINTS };
    format!("{place}, about +- {points}")
}

/// By how much published errors are outside of the interval of one more run.
fn outside_text<'a>(rows: impl Iterator<Item = (&'a SummaryRow, &'a Finding)>) -> String {
    let outside = rows.filter_map(|(row, finding)| {
        let distance = finding.one_run.as_ref()?.distance().filter(|&distance| distance > 0.0)?;
        let own = row.published_in.as_ref().map(|place| with_uncertainty(place))?;
        Some(format!("{} by {distance:.2} points ({own})", row.classifier))
    });
    let outside: Vec<String> = outside.collect();
    let outside = if outside.is_empty() { "none".into() } else { outside.join(", ") };
    format!("\nPublished errors outside of the interval of one more run: {outside}.\n")
}

fn lenet4_text(folder: &Folder) -> anyhow::Result<String> {
    let (rows, choices): (Vec<BoostedRow>, Vec<NeighbourRow>) =
        (folder.read("boosted.csv")?, folder.read("neighbours.csv")?);
    let mean = |value: fn(&BoostedRow) -> f64| summarise(rows.iter().map(value)).mean;
    let chosen = |method: &str| {
        let own = choices.iter().filter(|row| row.chosen && row.method == method);
        let texts: Vec<String> = own
            .map(|row| row.ridge.map_or_else(|| row.k.to_string(), |ridge| format!("{} (ridge {ridge})", row.k)))
            .collect();
        texts.join(", ")
    };
    Ok(format!(
        "\nThe boosted networks, errors among the test patterns, means over {}: the first alone {:.1}, the second {:.1}, the \
         third {:.1}; their sum {:.1}; the cascade, in which the first answers alone where it is sure, {:.1} with {:.2} networks \
         a pattern (1.75 in the paper, III-C). The second was trained on {:.0} patterns and the third on {:.0}, found among up to \
         {} distorted copies of each original.\n\nNeighbours, chosen on training patterns held out, seed by seed: k of K-NN {}; of \
         local learning {}.\n",
        words::count(rows.len(), "seed"),
        mean(|row| row.first_errors as f64),
        mean(|row| row.second_errors as f64),
        mean(|row| row.third_errors as f64),
        mean(|row| row.committee_errors as f64),
        mean(|row| row.cascade_errors as f64),
        mean(|row| row.cascade_networks_a_pattern),
        mean(|row| row.second_patterns as f64),
        mean(|row| row.third_patterns as f64),
        rows.iter().map(|row| row.second_copies.max(row.third_copies)).max().unwrap_or(0),
        chosen("K-NN"),
        chosen("local learning"),
    ))
}

/// The last two cells of a row of the table.
fn pair_text(pair: &PairSummaryRow) -> String {
    let (mean, interval) = (pair.difference_mean_percent, plus_minus(pair.difference_half_interval_percent, 2));
    format!("| {mean:+.2}{interval} points | {} of {}", pair.seeds_with_p_below_5_percent, pair.seeds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tested(classifier: &'static str, seed: u64, wrong: &str) -> Tested {
        Tested { classifier, seed, wrong: wrong.chars().map(|mark| mark == 'x').collect(), networks: 1.0 }
    }

    /// Only networks whose seed LeNet-5 has too are set beside it.
    #[test]
    fn networks_are_paired_with_lenet5_of_their_seed() {
        let all = [
            tested(LENET5.name, 1, "xx........"),
            tested(LENET5.name, 2, ".........."),
            tested("other", 1, ".xxxx....."),
            tested("other", 3, "xxxxxxxxxx"),
        ];
        let pairs = pair_rows(&all);
        assert_eq!(pairs.len(), 1);
        assert_eq!((pairs[0].seed, pairs[0].only_it_wrong, pairs[0].only_lenet5_wrong), (1, 3, 1));
        assert!((pairs[0].difference_percent - 20.0).abs() < 1e-9 && pairs[0].p_value == mcnemar(3, 1));
        let summary = pair_summary_row("other", &pairs);
        assert_eq!((summary.seeds, summary.seeds_with_p_below_5_percent), (1, 0));
        assert_eq!(seed_row(&all[2]).test_error_percent, 40.0);
    }
}
