//! Fig. 8: the test patterns that the network trained with distortions gets wrong, and how many of the paper's 82 are among them.
//!
//! `errors.csv` has every error of every seed, `seeds.csv` what each seed shares with the paper, both also of the networks trained
//! without distortions; `paper_errors.csv` how often each of the paper's 82 is missed, `shared.csv` what the patterns missed by several seeds share with the paper, `gallery.csv` the
//! errors of the median seed with their pictures. `sources.csv` divides the errors by source, the digits of employees and of students; it
//! and `errors.csv` have the presets `tuned` and `modern` too.

mod gallery;
mod own;
mod sources;

use std::collections::{BTreeMap, BTreeSet};

use lenet5::data::{Images, Source};
use lenet5::evaluation::mcnemar::mcnemar;
use lenet5::evaluation::statistics::{Summary, summarise};
use lenet5::evaluation::{Outputs, clopper_pearson, outputs, overlap, percent};
use lenet5::paper::{self, TestError};
use serde::{Deserialize, Serialize};

use crate::cells::{Arm, Extent};
use crate::experiment::{Context, Experiment};
use crate::family;
use crate::fig5;
use crate::fig6;
use crate::record::{Folder, to_hex};
use crate::section::{Finding, Section, mean_of, plus_minus, with_interval};
use crate::tuned;
use gallery::GalleryRow;
use sources::SourceRow;

pub const EXPERIMENT: Experiment = Experiment {
    name: "fig8",
    about: "the errors of LeNet-5 trained with distortions, beside the paper's 82",
    arms,
    summarise: summary,
    plot: gallery::draw,
    section,
};

/// With distortions, without, and the two networks that are set beside them in `sources.csv`.
fn arms(extent: &Extent) -> Vec<Arm> {
    vec![fig6::distorted(extent), fig5::arm(extent), tuned::chosen(extent), family::MODERN.networks(extent)]
}

fn paper_errors() -> BTreeMap<usize, TestError> {
    paper::test_errors().into_iter().map(|error| (error.index, error)).collect()
}

#[derive(Serialize, Deserialize)]
struct ErrorRow {
    arm: String,
    seed: u64,
    mnist_test_index: usize,
    label: u8,
    answer: usize,
    paper_answer: Option<usize>,
}

/// A row of `seeds.csv`. By chance: if the seed's errors and the paper's were drawn from the test set independently.
#[derive(Serialize, Deserialize)]
struct SeedRow {
    arm: String,
    seed: u64,
    test_errors: usize,
    test_error_percent: f64,
    test_error_low_percent: f64,
    test_error_high_percent: f64,
    paper_errors: usize,
    shared: usize,
    shared_by_chance: f64,
    shared_p_value: f64,
    shared_with_the_same_answer: usize,
    mcnemar_p_value: f64,
}

/// A row of `paper_errors.csv`: the answer that most of the seeds that miss the pattern give, the smallest of several.
#[derive(Serialize, Deserialize)]
struct PaperRow {
    mnist_test_index: usize,
    label: u8,
    paper_answer: usize,
    seeds: usize,
    seeds_that_miss_it: usize,
    most_frequent_answer: Option<usize>,
    seeds_with_the_paper_answer: usize,
}

#[derive(Serialize, Deserialize)]
struct SharedRow {
    missed_by_at_least: usize,
    seeds: usize,
    patterns: usize,
    of_the_paper: usize,
    of_the_paper_by_chance: f64,
    p_value: f64,
}

/// A row of `pairs.csv`: the network trained with distortions against the one without, of the same seed, on the same test set.
#[derive(Serialize, Deserialize)]
struct PairRow {
    seed: u64,
    only_distorted_wrong: usize,
    only_plain_wrong: usize,
    /// McNemar's exact test, two-sided.
    p_value: f64,
}

struct Errors {
    arm: String,
    seed: u64,
    rows: Vec<ErrorRow>,
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let (test, paper, arms) = (&context.dataset.test, paper_errors(), arms(context.extent));
    let (distorted, plain) = (&arms[0].name, &arms[1].name);
    let mut networks = Vec::new();
    for arm in &arms {
        for cell in context.finished(arm)? {
            let model = cell.model()?;
            let outputs = outputs(&model.network(), &model.values, test);
            networks.push(errors(&arm.name, cell.seed, &outputs, test, &paper));
        }
    }
    let of = |arm: &String| -> Vec<&Errors> { networks.iter().filter(|network| network.arm == *arm).collect() };
    // But for what is said above, all is of the networks trained with distortions.
    let (mut ours, plain) = (of(distorted), of(plain));
    ours.sort_by_key(|network| network.rows.len());
    let (median, seeds) = (ours[(ours.len() - 1) / 2], ours.len());
    let mut misses: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for error in ours.iter().flat_map(|network| &network.rows) {
        misses.entry(error.mnist_test_index).or_default().push(error.answer);
    }
    let gallery = median.rows.iter().map(|error| GalleryRow {
        seed: median.seed,
        mnist_test_index: error.mnist_test_index,
        label: error.label,
        answer: error.answer,
        paper_answer: error.paper_answer,
        seeds_that_miss_it: misses[&error.mnist_test_index].len(),
        seeds,
        height: test.size().0,
        width: test.size().1,
        picture: to_hex(test.image(error.mnist_test_index)),
    });
    context.folder.write("errors.csv", networks.iter().flat_map(|network| &network.rows))?;
    if context.dataset.source == Source::Mnist {
        context.folder.write("sources.csv", source_rows(&networks))?;
    }
    let seed_rows =
        of(distorted).into_iter().chain(plain.clone()).map(|network| seed_row(network, test.len(), paper.len()));
    context.folder.write("seeds.csv", seed_rows)?;
    context.folder.write("paper_errors.csv", paper.values().map(|error| paper_row(error, &misses, seeds)))?;
    context
        .folder
        .write("shared.csv", (1..=seeds).map(|least| shared_row(least, seeds, &misses, &paper, test.len())))?;
    let twin = |seed: u64| plain.iter().find(|other| other.seed == seed);
    let pairs = ours.iter().filter_map(|network| Some(pair_row(network, twin(network.seed)?)));
    context.folder.write("pairs.csv", pairs)?;
    context.folder.write("gallery.csv", gallery)
}

/// The paper's errors by source, then those of our networks.
fn source_rows(networks: &[Errors]) -> Vec<SourceRow> {
    let ours = networks.iter().map(|network| {
        let wrong = network.rows.iter().map(|row| row.mnist_test_index);
        sources::row(&network.arm, Some(network.seed), wrong)
    });
    std::iter::once(sources::row("fig8", None, paper_errors().into_keys())).chain(ours).collect()
}

fn pair_row(distorted: &Errors, plain: &Errors) -> PairRow {
    let missed =
        |network: &Errors| -> BTreeSet<usize> { network.rows.iter().map(|row| row.mnist_test_index).collect() };
    let (distorted_wrong, plain_wrong) = (missed(distorted), missed(plain));
    let only_distorted_wrong = distorted_wrong.difference(&plain_wrong).count();
    let only_plain_wrong = plain_wrong.difference(&distorted_wrong).count();
    PairRow {
        seed: distorted.seed,
        only_distorted_wrong,
        only_plain_wrong,
        p_value: mcnemar(only_distorted_wrong, only_plain_wrong),
    }
}

fn errors(arm: &str, seed: u64, outputs: &Outputs<f32>, test: &Images, paper: &BTreeMap<usize, TestError>) -> Errors {
    let answers = outputs.answers().into_iter().zip(test.labels()).enumerate();
    let wrong = answers.filter(|(_, (answer, label))| *answer != usize::from(**label));
    let row = |(index, (answer, &label)): (usize, (usize, &u8))| ErrorRow {
        arm: arm.into(),
        seed,
        mnist_test_index: index,
        label,
        answer,
        paper_answer: paper.get(&index).map(|error| error.answer),
    };
    Errors { arm: arm.into(), seed, rows: wrong.map(row).collect() }
}

fn seed_row(network: &Errors, patterns: usize, paper: usize) -> SeedRow {
    let errors = &network.rows;
    let interval = clopper_pearson(errors.len(), patterns);
    let shared: Vec<&ErrorRow> = errors.iter().filter(|error| error.paper_answer.is_some()).collect();
    SeedRow {
        arm: network.arm.clone(),
        seed: network.seed,
        test_errors: errors.len(),
        test_error_percent: percent(errors.len(), patterns),
        test_error_low_percent: interval.low,
        test_error_high_percent: interval.high,
        paper_errors: paper,
        shared: shared.len(),
        shared_by_chance: overlap::by_chance(patterns, errors.len(), paper),
        shared_p_value: overlap::p_value(patterns, errors.len(), paper, shared.len()),
        shared_with_the_same_answer: shared.iter().filter(|error| error.paper_answer == Some(error.answer)).count(),
        mcnemar_p_value: mcnemar(errors.len() - shared.len(), paper - shared.len()),
    }
}

/// The answers of the seeds that miss one of the paper's patterns. `misses` are the wrong answers to each test pattern.
fn paper_row(error: &TestError, misses: &BTreeMap<usize, Vec<usize>>, seeds: usize) -> PaperRow {
    let answers = misses.get(&error.index).map_or(&[][..], Vec::as_slice);
    let count = |answer: usize| answers.iter().filter(|&&other| other == answer).count();
    PaperRow {
        mnist_test_index: error.index,
        label: error.label,
        paper_answer: error.answer,
        seeds,
        seeds_that_miss_it: answers.len(),
        most_frequent_answer: answers.iter().copied().max_by_key(|&answer| (count(answer), usize::MAX - answer)),
        seeds_with_the_paper_answer: count(error.answer),
    }
}

/// The patterns that at least `least` seeds miss.
fn shared_row(
    least: usize,
    seeds: usize,
    misses: &BTreeMap<usize, Vec<usize>>,
    paper: &BTreeMap<usize, TestError>,
    patterns: usize,
) -> SharedRow {
    let missed: Vec<usize> =
        misses.iter().filter(|(_, answers)| answers.len() >= least).map(|(index, _)| *index).collect();
    let of_the_paper = missed.iter().filter(|index| paper.contains_key(index)).count();
    SharedRow {
        missed_by_at_least: least,
        seeds,
        patterns: missed.len(),
        of_the_paper,
        of_the_paper_by_chance: overlap::by_chance(patterns, missed.len(), paper.len()),
        p_value: overlap::p_value(patterns, missed.len(), paper.len(), of_the_paper),
    }
}

/// What the CSV files say beside the findings; `own` and `common` are the errors shared by two of our seeds, and with the paper.
fn in_words(
    folder: &Folder,
    (seeds, paper): (&[SeedRow], &[PaperRow]),
    [own, common]: [&Summary; 2],
) -> anyhow::Result<String> {
    let shared: Vec<SharedRow> = folder.read("shared.csv")?;
    let (n, total) = (seeds.len(), paper.len());
    let chance = summarise(seeds.iter().map(|row| row.shared_by_chance));
    let least = |count: usize| shared.iter().find(|row| row.missed_by_at_least == count);
    let mut text = format!(
        "The network trained with 9 distorted patterns for each original; the gallery is that of the seed with the median number of \
         errors. By chance, two independent sets of errors of this size would share {:.1} patterns; the largest p-value of a seed's \
         overlap is {:.0e}. By McNemar's exact test, {} of {n} seeds differ in their error rate from the paper's network at the 5 % \
         level.\n",
        chance.mean,
        summarise(seeds.iter().map(|row| row.shared_p_value)).largest,
        seeds.iter().filter(|row| row.mcnemar_p_value < 0.05).count(),
    );
    for (count, name) in [(1, "at least one seed"), (n.div_ceil(2), "at least half of the seeds"), (n, "every seed")] {
        if let Some(row) = least(count) {
            let of_the_paper = format!("{} of them ({:.1} by chance)", row.of_the_paper, row.of_the_paper_by_chance);
            text +=
                &format!("\n- missed by {name}: {} patterns, the paper's network misses {of_the_paper}", row.patterns);
        }
    }
    let pairs: Vec<PairRow> = folder.read("pairs.csv")?;
    text += &format!(
        "\n- against the network without distortions of the same seed, on the same test set (McNemar's exact test, `pairs.csv`): \
         fewer errors with {} of {} seeds, p below 0.05 with {}",
        pairs.iter().filter(|pair| pair.only_distorted_wrong < pair.only_plain_wrong).count(),
        pairs.len(),
        pairs.iter().filter(|pair| pair.p_value < 0.05).count()
    );
    let never = paper.iter().filter(|row| row.seeds_that_miss_it == 0).count();
    let always = paper.iter().filter(|row| row.seeds_that_miss_it == n).count();
    text += &format!("\n- of the paper's {total} errors: {always} missed by every seed, {never} by none");
    text += &format!(
        "\n- two of our own seeds share {:.1} of their errors on average ({:.0} to {:.0}); ours and the paper's {total} share {:.1} \
         ({:.0} to {:.0})",
        own.mean, own.smallest, own.largest, common.mean, common.smallest, common.largest
    );
    if let Some(rows) = folder.read_if_there::<SourceRow>("sources.csv")? {
        text += &format!(
            "\n\nBy source, which QMNIST gives for each test digit (`sources.csv`), with the rate among the digits of that source:\n\n{}",
            sources::table(&rows).trim_end()
        );
    }
    Ok(text)
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let all: Vec<SeedRow> = folder.read("seeds.csv")?;
    let (plain, seeds): (Vec<SeedRow>, Vec<SeedRow>) = all.into_iter().partition(|row| row.arm == "paper");
    let paper: Vec<PaperRow> = folder.read("paper_errors.csv")?;
    let over_seeds = |value: fn(&SeedRow) -> f64| summarise(seeds.iter().map(value));
    let (errors, common) = (over_seeds(|row| row.test_errors as f64), over_seeds(|row| row.shared as f64));
    let without = summarise(plain.iter().map(|row| row.shared as f64));
    let chance = over_seeds(|row| row.shared_by_chance);
    let same = over_seeds(|row| 100.0 * row.shared_with_the_same_answer as f64 / row.shared as f64);
    let errors_of_all: Vec<ErrorRow> = folder.read("errors.csv")?;
    let own = errors_of_all.iter().filter(|row| seeds.iter().any(|seed| seed.arm == row.arm));
    let own = summarise(own::shared_by_two(own.map(|row| (row.seed, row.mnist_test_index))));
    let (n, total, text) = (seeds.len(), paper.len(), in_words(folder, (&seeds, &paper), [&own, &common])?);
    let count = |value: f64, half: f64| format!("{value:.1}{}", plus_minus(half, 1));
    let mut findings = vec![
        Finding::new(
            format!("LeNet-5 trained with distortions, errors on the test set ({})", mean_of(n)),
            format!("{total} (Fig. 8)"),
            count(errors.mean, errors.half_interval),
        )
        .one_run(Some(total as f64), &errors, 0),
        Finding::new(
            format!("errors that are among the paper's {total}"),
            format!("{:.1} by chance", chance.mean),
            count(common.mean, common.half_interval),
        ),
        Finding::new(
            format!(
                "errors that are among the paper's {total}, trained without distortions ({})",
                mean_of(plain.len())
            ),
            "-",
            count(without.mean, without.half_interval),
        ),
        Finding::new(
            "of those trained with distortions, answered as the paper's network answered",
            "-",
            with_interval(same.mean, same.half_interval, 0),
        ),
    ];
    if own.mean.is_finite() {
        let ours = format!("{:.1} ({:.0} to {:.0})", own.mean, own.smallest, own.largest);
        findings
            .insert(2, Finding::new("errors that two of our own seeds share (mean of all pairs, range)", "-", ours));
    }
    Ok(Section {
        title: "the errors".into(),
        text,
        figures: vec![("fig8.svg".into(), "the median seed's errors, those of the paper framed".into())],
        findings,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One seed misses pattern 0 and two of the paper's errors; of four seeds, three miss pattern 247 and one pattern 0.
    #[test]
    fn what_is_shared_is_counted() {
        let paper = paper_errors();
        assert_eq!((paper.len(), paper[&247].label, paper[&247].answer), (82, 4, 6));
        let row = |mnist_test_index, label, answer, paper_answer| ErrorRow {
            arm: "a".into(),
            seed: 1,
            mnist_test_index,
            label,
            answer,
            paper_answer,
        };
        let rows = vec![row(0, 7, 2, None), row(247, 4, 6, Some(6)), row(449, 3, 2, Some(5))];
        let seed = seed_row(&Errors { arm: "a".into(), seed: 1, rows }, 10_000, paper.len());
        assert_eq!((seed.test_errors, seed.shared, seed.shared_with_the_same_answer), (3, 2, 1));
        assert!((seed.shared_by_chance - 0.0246).abs() < 1e-12);
        assert_eq!(seed.mcnemar_p_value, mcnemar(1, 80));

        let misses = BTreeMap::from([(0, vec![2]), (247, vec![9, 6, 9])]);
        let missed = paper_row(&paper[&247], &misses, 4);
        assert_eq!((missed.seeds_that_miss_it, missed.most_frequent_answer), (3, Some(9)));
        assert_eq!(missed.seeds_with_the_paper_answer, 1);
        assert_eq!(paper_row(&paper[&449], &misses, 4).most_frequent_answer, None);
        let several = [1, 2, 4].map(|least| shared_row(least, 4, &misses, &paper, 10_000));
        assert_eq!(several.map(|row| (row.patterns, row.of_the_paper)), [(2, 1), (1, 1), (0, 0)]);
    }
}
