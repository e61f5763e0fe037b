//! Fig. 10: what share of the test patterns must be rejected so that few of the answers are wrong.
//!
//! The score of Fig. 10 is the difference of the two best outputs (section III-D). Beside it: the best output alone, both thresholds at
//! once (section III-C), and the probability of eq. 9. Pairs of thresholds are chosen on the training patterns and judged on the test
//! patterns. `curves.csv` has the error of LeNet-5 against the rejection
//! rate for each seed, `rates.csv` the rate for 0.5 % error for each seed of each classifier, `summary.csv` and
//! `rates_summary.csv` their means over seeds.

use lenet5::data::Dataset;
use lenet5::drawing::plot::bars::{Bar, Bars};
use lenet5::drawing::plot::{self, Axis, Chart, Curve, LineStyle, colour};
use lenet5::evaluation::rejection::{Criterion, RejectionCurve, Thresholds};
use lenet5::evaluation::statistics::summarise;
use lenet5::paper;
use serde::{Deserialize, Serialize};

use crate::answers::Set;
use crate::experiment::{Context, Experiment};
use crate::family::{self, CLASSIFIERS, Classifier, LENET5, LENET5_DISTORTED};
use crate::finished::Finished;
use crate::record::Folder;
use crate::section::{Finding, Section, with_interval};

pub const EXPERIMENT: Experiment = Experiment {
    name: "fig10",
    about: "rejection: error on the rest against the share of patterns rejected",
    arms: family::arms,
    summarise: summary,
    plot: draw,
    section,
};

/// The error on the rest that Fig. 10 asks for, in percent.
const WANTED_PERCENT: f64 = 0.5;
/// Points of a curve, a tenth of a percent of rejected patterns apart.
const POINTS: usize = 51;

/// The criteria by their names in the tables, with what the legend calls them.
const CRITERIA: [(&str, &str); 4] = [
    ("poor", "best output poor"),
    ("close", "best close to second (Fig. 10's)"),
    ("poor or close", "poor or close"),
    ("posterior", "probability by eq. 9"),
];

/// The one whose rates the figure shows (section III-D).
const OF_THE_PAPER: &str = "close";

const CURVES: [Classifier; 2] = [LENET5, LENET5_DISTORTED];

/// A row of `curves.csv`; here and below, `arm` is the key of the classifier.
#[derive(Serialize, Deserialize)]
struct CurveRow {
    arm: String,
    seed: u64,
    criterion: String,
    rejected_percent: f64,
    error_percent: f64,
}

/// A row of `rates.csv`; no rate where the error stays above.
#[derive(Serialize, Deserialize)]
struct RateRow {
    arm: String,
    seed: u64,
    criterion: String,
    test_errors: usize,
    rejected_percent_for_half_percent: Option<f64>,
}

#[derive(Serialize, Deserialize)]
struct SummaryRow {
    arm: String,
    criterion: String,
    rejected_percent: f64,
    error_mean_percent: f64,
    error_deviation_percent: f64,
    error_half_interval_percent: f64,
}

/// A row of `rates_summary.csv`: the rates for 0.5 % error on the rest of those seeds that come to it.
#[derive(Serialize, Deserialize)]
struct RateSummaryRow {
    arm: String,
    criterion: String,
    seeds: usize,
    seeds_with_a_rate: usize,
    rejected_mean_percent: f64,
    rejected_deviation_percent: f64,
    rejected_half_interval_percent: f64,
    rejected_smallest_percent: f64,
    rejected_largest_percent: f64,
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let (mut curves, mut rates) = (Vec::new(), Vec::new());
    for classifier in &CLASSIFIERS {
        let arm = classifier.networks(context.extent);
        let (dataset, j) = (family::dataset_of(&arm, context.dataset), arm.settings.loss_function().j());
        let drawn = CURVES.iter().any(|drawn| drawn.key == classifier.key);
        for cell in context.finished(&arm)? {
            for ((criterion, _), curve) in CRITERIA.iter().zip(rejections(classifier, &cell, &dataset, j)?) {
                let (arm, seed, criterion) = (String::from(classifier.key), cell.seed, String::from(*criterion));
                let points = if drawn { 0..POINTS } else { 0..0 };
                curves.extend(points.map(|tenths| {
                    let rejected_percent = tenths as f64 / 10.0;
                    let error_percent = curve.error_percent(rejected_percent);
                    CurveRow { arm: arm.clone(), seed, criterion: criterion.clone(), rejected_percent, error_percent }
                }));
                let rejected_percent_for_half_percent = curve.rate_for(WANTED_PERCENT);
                let test_errors = curve.points().first().map_or(0, |point| point.errors);
                rates.push(RateRow { arm, seed, criterion, test_errors, rejected_percent_for_half_percent });
            }
        }
    }
    context.folder.write("curves.csv", &curves)?;
    context.folder.write("rates.csv", &rates)?;
    let mut summary = Vec::new();
    for (Classifier { key, .. }, (criterion, _)) in each(&CURVES) {
        let rows: Vec<&CurveRow> = curves.iter().filter(|row| row.arm == *key && row.criterion == criterion).collect();
        for point in 0..POINTS {
            summary.push(summary_row(key, criterion, rows.iter().skip(point).step_by(POINTS)));
        }
    }
    context.folder.write("summary.csv", summary)?;
    let rates_summary = each(&CLASSIFIERS).map(|(Classifier { key, .. }, (criterion, _))| {
        rate_summary_row(key, criterion, rates.iter().filter(|row| row.arm == *key && row.criterion == criterion))
    });
    context.folder.write("rates_summary.csv", rates_summary)
}

fn each(classifiers: &[Classifier]) -> impl Iterator<Item = (&Classifier, (&'static str, &'static str))> {
    classifiers.iter().flat_map(|classifier| CRITERIA.map(|criterion| (classifier, criterion)))
}

/// The curve of a classifier by each of the criteria. Without eq. 9's j, which is infinite then, there is no "none of these".
fn rejections(
    classifier: &Classifier,
    cell: &Finished,
    dataset: &Dataset,
    j: f64,
) -> anyhow::Result<[RejectionCurve; 4]> {
    let known = (classifier.answer)(cell, dataset, Set::Training)?;
    let chosen = Thresholds::choose(&known.outputs, known.images.labels());
    let (test, labels) = ((classifier.answer)(cell, dataset, Set::Test)?.outputs, dataset.test.labels());
    Ok([
        RejectionCurve::new(Criterion::Poor, &test, labels),
        RejectionCurve::new(Criterion::Close, &test, labels),
        RejectionCurve::of_thresholds(&chosen, &test, labels),
        RejectionCurve::new(Criterion::Posterior { j }, &test, labels),
    ])
}

/// The mean of one point of all seeds' curves.
fn summary_row<'a>(arm: &str, criterion: &str, rows: impl Iterator<Item = &'a &'a CurveRow>) -> SummaryRow {
    let (rejected, errors): (Vec<f64>, Vec<f64>) = rows.map(|row| (row.rejected_percent, row.error_percent)).unzip();
    let over_seeds = summarise(errors);
    SummaryRow {
        arm: arm.into(),
        criterion: criterion.into(),
        rejected_percent: rejected[0],
        error_mean_percent: over_seeds.mean,
        error_deviation_percent: over_seeds.deviation,
        error_half_interval_percent: over_seeds.half_interval,
    }
}

fn rate_summary_row<'a>(arm: &str, criterion: &str, rows: impl Iterator<Item = &'a RateRow>) -> RateSummaryRow {
    let rates: Vec<Option<f64>> = rows.map(|row| row.rejected_percent_for_half_percent).collect();
    let known: Vec<f64> = rates.iter().copied().flatten().collect();
    let over_seeds = summarise(known.iter().copied());
    RateSummaryRow {
        arm: arm.into(),
        criterion: criterion.into(),
        seeds: rates.len(),
        seeds_with_a_rate: known.len(),
        rejected_mean_percent: over_seeds.mean,
        rejected_deviation_percent: over_seeds.deviation,
        rejected_half_interval_percent: over_seeds.half_interval,
        rejected_smallest_percent: over_seeds.smallest,
        rejected_largest_percent: over_seeds.largest,
    }
}

/// The bar of Fig. 10 with this name, in percent.
fn bar(name: &str) -> Option<f64> {
    paper::classifier(name)?.rejection_percent
}

fn classifier(key: &str) -> (&str, Option<f64>) {
    let classifier = CLASSIFIERS.iter().find(|classifier| classifier.key == key);
    classifier.map_or((key, None), |classifier| (classifier.name, classifier.bar.and_then(bar)))
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<SummaryRow> = folder.read("summary.csv")?;
    let top = rows.iter().map(|row| row.error_mean_percent + row.error_deviation_percent.max(0.0)).fold(0.0, f64::max);
    let chart = |key: &str, title: &str| {
        let curve = |(index, (criterion, label)): (usize, &(&str, &str))| {
            let shown = rows.iter().filter(|row| row.arm == key && row.criterion == *criterion);
            let means = shown.map(|row| (row.rejected_percent, row.error_mean_percent, row.error_deviation_percent));
            // The last criterion may hide the first, which is drawn last and with gaps.
            let line = if index == 0 { LineStyle::Dashed } else { LineStyle::Plain };
            Curve::of_means(label, colour::ALL[index], line, means)
        };
        let right = (POINTS - 1) as f64 / 10.0;
        let bars = ["[dist] boosted LeNet-4", "LeNet-4"].into_iter().filter_map(bar);
        let wanted = [(0.0, WANTED_PERCENT), (right, WANTED_PERCENT)];
        let mut curves = vec![Curve::new("", colour::PAPER, LineStyle::Dotted, wanted)];
        curves.extend(CRITERIA.iter().enumerate().rev().map(curve));
        let bars = bars.map(|percent| (percent, WANTED_PERCENT));
        curves.push(Curve::new("paper: boosted LeNet-4, LeNet-4 (Fig. 10)", colour::PAPER, LineStyle::Dots, bars));
        Chart {
            title: title.into(),
            x: Axis::between("test patterns rejected (%)", 0.0, right),
            y: Axis::between("error on the rest (%)", 0.0, 1.05 * top),
            curves,
            ..Chart::default()
        }
    };
    let charts = [
        chart(LENET5.key, "Fig. 10: LeNet-5, error against rejection, mean and s.d."),
        chart(LENET5_DISTORTED.key, "LeNet-5 trained with distortions, error against rejection, mean and s.d."),
    ];
    folder.charts("fig10.svg", "summary.csv", charts, plot::ALONE)?;
    folder.bars("fig10_bars.svg", "rates_summary.csv", bars(&folder.read("rates_summary.csv")?))
}

fn bars(rates: &[RateSummaryRow]) -> Bars {
    let group = |row: &RateSummaryRow| {
        let (name, paper) = classifier(&row.arm);
        let mut bars = vec![family::mean_bar(0, row.rejected_mean_percent, row.rejected_half_interval_percent)];
        bars.extend(paper.map(|percent| Bar::new(1, percent, format!("{percent} %"))));
        (name.into(), bars)
    };
    let shown = rates.iter().filter(|row| row.criterion == OF_THE_PAPER);
    Bars {
        title: format!("Fig. 10: rejected for {WANTED_PERCENT} % error on the rest"),
        x: Axis::new("test patterns rejected (%), best output close to the second"),
        series: vec![("ours, mean and its 95 % interval".into(), colour::TEST), ("paper".into(), colour::PAPER)],
        groups: shown.map(group).collect(),
    }
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let rates: Vec<RateSummaryRow> = folder.read("rates_summary.csv")?;
    let seeds: Vec<RateRow> = folder.read("rates.csv")?;
    let text_of = |percent: Option<f64>| percent.map_or("-".into(), |percent| format!("{percent} %"));
    let reference = format!(
        "no bar for LeNet-5; LeNet-4 {}, boosted {} (Fig. 10)",
        text_of(bar("LeNet-4")),
        text_of(bar("[dist] boosted LeNet-4"))
    );
    let is_lenet5 = |row: &RateSummaryRow| CURVES.iter().any(|drawn| drawn.key == row.arm);
    // All criteria of LeNet-5, of the others that of the paper alone.
    let finding = |row: &RateSummaryRow| {
        let (name, printed) = classifier(&row.arm);
        let printed = printed.filter(|_| !is_lenet5(row));
        let paper = match printed {
            _ if is_lenet5(row) => reference.clone(),
            Some(percent) => format!("{percent} % (Fig. 10)"),
            None => "-".into(),
        };
        let own = seeds.iter().filter(|seed| (&seed.arm, &seed.criterion) == (&row.arm, &row.criterion));
        let rates = summarise(own.filter_map(|seed| seed.rejected_percent_for_half_percent));
        let what = format!("{name}, to reject for {WANTED_PERCENT} % error on the rest: {}", row.criterion);
        let finding = Finding::new(what, paper, rate_text(row));
        // Seeds that stay above 0.5 % have no rate: the others alone say nothing of one more run.
        if row.seeds_with_a_rate == row.seeds { finding.one_run(printed, &rates, 2) } else { finding }
    };
    let findings = rates.iter().filter(|row| is_lenet5(row) || row.criterion == OF_THE_PAPER).map(finding).collect();
    let mut text = String::from(
        "A pattern is rejected if its best output is poor (smallest distance above a threshold), if the best is close to the second \
         best (the two smallest distances differ by less than a threshold), if either is so (both thresholds chosen on the training \
         patterns, to leave each number of errors with the fewest rejected), or if the probability of its answer by eq. 9 is below a \
         threshold. The paper's rates are by the difference of the two best (section III-D), \"close\" here. The error is that of the accepted patterns. Networks without RBF units have distances, too: from ten outputs to \
         the targets of a class, or scores with their signs turned round; for those probabilities, j is infinite. Curves show mean \
         and standard deviation over seeds.\n",
    );
    let criteria = CRITERIA.map(|(criterion, _)| criterion);
    text += &format!(
        "\nRejected for {WANTED_PERCENT} % error on the rest:\n\n| | seeds | {} | paper |\n|---|---|{}---|\n",
        criteria.join(" | "),
        "---|".repeat(criteria.len())
    );
    for rows in rates.chunk_by(|one, next| one.arm == next.arm) {
        let (name, paper) = classifier(&rows[0].arm);
        let cells: Vec<String> = rows.iter().map(rate_text).collect();
        text += &format!("| {name} | {} | {} | {} |\n", rows[0].seeds, cells.join(" | "), text_of(paper));
    }
    Ok(Section {
        title: "rejection".into(),
        text,
        figures: vec![
            ("fig10.svg".into(), "error on the rest against the share of patterns rejected".into()),
            ("fig10_bars.svg".into(), "share of patterns rejected, ours and the paper's".into()),
        ],
        findings,
    })
}

/// The mean rate, and how many seeds have one if not all do.
fn rate_text(row: &RateSummaryRow) -> String {
    let rate = with_interval(row.rejected_mean_percent, row.rejected_half_interval_percent, 2);
    match row.seeds_with_a_rate {
        0 => "none".into(),
        some if some < row.seeds => format!("{rate} ({some} of {} seeds)", row.seeds),
        _ => rate,
    }
}
