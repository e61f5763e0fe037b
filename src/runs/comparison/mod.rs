//! Sets of runs beside each other: means with their intervals, paired differences over common seeds, and McNemar's test on the patterns
//! that their errors are measured on.
//!
//! A [`Side`] is a run's folder, a folder with runs of several seeds, or a table of recorded answers. Only runs with all their passes
//! and without a verdict count; the others are named. The error of a run is that after its last pass.

mod error;
mod side;

pub use error::ComparisonError;
pub use side::{Member, Side};

use serde::Serialize;

use crate::evaluation::clopper_pearson;
use crate::evaluation::mcnemar::mcnemar;
use crate::evaluation::paired::{Student, Wilcoxon, student, wilcoxon};
use crate::evaluation::statistics::{Summary, summarise};
use crate::words::count;

/// Sides beside each other. Errors are in percent, differences in points of percent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Each side's mean error.
    pub sides: Vec<Mean>,
    /// Each side against each later one.
    pub pairs: Vec<Pair>,
    /// What a reader must know of the sides, in sentences.
    pub warnings: Vec<String>,
}

/// How the interval of a mean was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Student's t over several seeds.
    Student,
    /// Clopper and Pearson's interval of the one error, over patterns.
    ClopperPearson,
}

/// The error of one run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OneError {
    /// Its seed; none of recorded answers.
    pub seed: Option<u64>,
    /// The number of patterns answered wrongly.
    pub errors: usize,
    /// Their share.
    pub error_percent: f64,
}

/// The mean error of a side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mean {
    /// Its name: the path that it was read from.
    pub name: String,
    /// Preset and changed settings; none of recorded answers.
    pub label: Option<String>,
    /// The passes of each run; none of recorded answers.
    pub passes: Option<usize>,
    /// The number of runs.
    pub runs: usize,
    /// Their mean error.
    pub mean_percent: f64,
    /// Sample standard deviation; NaN for one run.
    pub deviation_percent: f64,
    /// Lower end of the 95 % interval.
    pub low_percent: f64,
    /// Upper end of the 95 % interval.
    pub high_percent: f64,
    /// How the interval was found.
    pub interval: Method,
    /// Each run's error.
    pub errors: Vec<OneError>,
    /// Seeds that do not count, each with the reason.
    pub left_out: Vec<String>,
}

/// One side against another: differences are the first's error less the second's, so that they are below 0 where the first is better.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// The first side's name.
    pub first: String,
    /// The second side's name.
    pub second: String,
    /// The seeds that both have.
    pub seeds: Vec<u64>,
    /// The mean difference over these; NaN for no seed.
    pub mean_difference: f64,
    /// Sample standard deviation of the differences; NaN for fewer than two.
    pub deviation: f64,
    /// Lower end of the mean's 95 % interval (Student's t); NaN for fewer than two.
    pub low: f64,
    /// Upper end of that interval.
    pub high: f64,
    /// Student's t test; none for fewer than two seeds, or where no seed differs.
    pub student: Option<Student>,
    /// Wilcoxon's test, of the differences of the numbers of errors; none for fewer than two seeds.
    pub wilcoxon: Option<Wilcoxon>,
    /// McNemar's test for each common seed, or of the only run of each side; empty where the answers are not known.
    pub mcnemar: Vec<McNemar>,
}

/// McNemar's exact test of two runs on the same patterns.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct McNemar {
    /// The seed of both; none where they are of different ones.
    pub seed: Option<u64>,
    /// The number of patterns that only the first gets wrong.
    pub only_first_wrong: usize,
    /// The number of patterns that only the second gets wrong.
    pub only_second_wrong: usize,
    /// Of [`mcnemar`]; 0 to 1.
    pub p_value: f64,
}

impl Comparison {
    /// Compares sides that [`check`] accepts.
    ///
    /// # Errors
    /// If answers to different patterns are set beside each other.
    pub fn of(sides: &[Side], warnings: Vec<String>) -> Result<Self, ComparisonError> {
        let mut pairs = Vec::new();
        for (index, first) in sides.iter().enumerate() {
            for second in &sides[index + 1..] {
                pairs.push(pair(first, second)?);
            }
        }
        Ok(Self { sides: sides.iter().map(mean).collect(), pairs, warnings })
    }
}

/// Checks that the errors of these sides are of the same patterns. Returns warnings about runs that differ in their passes.
///
/// # Errors
/// If they were trained on different data sets, or errors are measured on different patterns or on none.
pub fn check(sides: &[Side]) -> Result<Vec<String>, ComparisonError> {
    let mut warnings = Vec::new();
    let mut known = sides.iter().filter_map(|side| Some((side, side.settings.as_ref()?)));
    let Some((first, ours)) = known.next() else { return Ok(warnings) };
    for (second, theirs) in known {
        let differ = |first_has, second_has| {
            let (first, second) = (first.name.clone(), second.name.clone());
            Err(ComparisonError::Patterns { first, second, first_has, second_has })
        };
        let data = |settings: &crate::config::Settings| format!("data set {}", settings.table()["dataset"]);
        let measured = |settings: &crate::config::Settings| {
            format!("{} (held_out = {})", settings.measured().error_name(), settings.held_out)
        };
        if data(ours) != data(theirs) {
            return differ(data(ours), data(theirs));
        }
        if (ours.measured(), ours.held_out) != (theirs.measured(), theirs.held_out) {
            return differ(measured(ours), measured(theirs));
        }
        if ours.passes != theirs.passes {
            warnings.push(format!(
                "{} has {} and {} has {}: each error is that after its own last pass",
                first.name,
                count(ours.passes, "pass"),
                second.name,
                theirs.passes
            ));
        }
        if ours.with(|config| config.seed = theirs.seed).is_ok_and(|ours| ours.differences(theirs).is_empty()) {
            warnings.push(format!("{} and {} have the same settings: what differs is chance", first.name, second.name));
        }
    }
    Ok(warnings)
}

fn mean(side: &Side) -> Mean {
    let Summary { mean, deviation, half_interval, .. } =
        summarise(side.members.iter().map(|member| member.error_percent));
    let (mut low, mut high, mut interval) = (mean - half_interval, mean + half_interval, Method::Student);
    if let [only] = &side.members[..] {
        let patterns = side.patterns();
        let of_patterns = patterns.map(|patterns| clopper_pearson(only.errors, patterns));
        (low, high) = of_patterns.map_or((f64::NAN, f64::NAN), |interval| (interval.low, interval.high));
        interval = Method::ClopperPearson;
    }
    let error =
        |member: &Member| OneError { seed: member.seed, errors: member.errors, error_percent: member.error_percent };
    Mean {
        name: side.name.clone(),
        label: side.settings.as_ref().map(|settings| settings.label()),
        passes: side.settings.as_ref().map(|settings| settings.passes),
        runs: side.members.len(),
        mean_percent: mean,
        deviation_percent: deviation,
        low_percent: low,
        high_percent: high,
        interval,
        errors: side.members.iter().map(error).collect(),
        left_out: side.left_out.clone(),
    }
}

/// The runs of both sides that have the same seed, in rising order of the seeds.
fn common<'a>(first: &'a Side, second: &'a Side) -> Vec<(&'a Member, &'a Member)> {
    let same = |one: &'a Member| {
        let other = second.members.iter().find(|other| one.seed.is_some() && other.seed == one.seed)?;
        Some((one, other))
    };
    first.members.iter().filter_map(same).collect()
}

fn pair(first: &Side, second: &Side) -> Result<Pair, ComparisonError> {
    let common = common(first, second);
    let percents: Vec<f64> = common.iter().map(|(one, other)| one.error_percent - other.error_percent).collect();
    // Whole numbers: of percents, rounding would break ties.
    let counts: Vec<f64> = common.iter().map(|(one, other)| one.errors as f64 - other.errors as f64).collect();
    let summary = summarise(percents.iter().copied());
    let several = common.len() > 1;
    let mut tested = common.clone();
    if let (true, [one], [other]) = (common.is_empty(), &first.members[..], &second.members[..]) {
        tested.push((one, other));
    }
    let rows = tested.into_iter().filter_map(|(one, other)| {
        let (ours, theirs) = (one.answers.as_ref()?, other.answers.as_ref()?);
        let Some((only_first_wrong, only_second_wrong)) = ours.disagreements(theirs) else {
            let patterns = |patterns: usize| format!("answers to {}", count(patterns, "pattern"));
            let other = if ours.patterns() == theirs.patterns() { " of other classes" } else { "" };
            let (first_has, second_has) = (patterns(ours.patterns()), patterns(theirs.patterns()) + other);
            let (first, second) = (first.name.clone(), second.name.clone());
            return Some(Err(ComparisonError::Patterns { first, second, first_has, second_has }));
        };
        let p_value = mcnemar(only_first_wrong, only_second_wrong);
        let seed = one.seed.filter(|_| one.seed == other.seed);
        Some(Ok(McNemar { seed, only_first_wrong, only_second_wrong, p_value }))
    });
    Ok(Pair {
        first: first.name.clone(),
        second: second.name.clone(),
        seeds: common.iter().filter_map(|(one, _)| one.seed).collect(),
        mean_difference: summary.mean,
        deviation: summary.deviation,
        low: summary.mean - summary.half_interval,
        high: summary.mean + summary.half_interval,
        student: student(&percents),
        wilcoxon: wilcoxon(&counts).filter(|_| several),
        mcnemar: rows.collect::<Result<_, _>>()?,
    })
}
