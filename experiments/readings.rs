//! The open readings as a grid around the preset paper-2.4: initial weights x start of the S coefficients x loss and j x scale of the distances x factor of
//! the rates, and single changes beside them. Which of them agree with all that is printed?
//!
//! `seeds.csv` has a row for each network, `readings.csv` one for each reading. A network that learns nothing in its first three
//! passes is given up, and counts with the error that it has; one that diverges has none.

use lenet5::config::{LossName, Settings};
use lenet5::drawing::plot::{Axis, Chart, Curve, LineStyle, colour};
use lenet5::evaluation::statistics::summarise;
use lenet5::network::layers::Distance;
use lenet5::paper;
use lenet5::runs::folder::read_table;
use lenet5::training::rates::RateRecord;
use serde::{Deserialize, Serialize};

use crate::cells::{Arm, Extent};
use crate::experiment::{Context, Experiment};
use crate::fig5;
use crate::finished::Finished;
use crate::record::Folder;
use crate::section::{Finding, Section};

pub const EXPERIMENT: Experiment = Experiment {
    name: "readings",
    about: "what the paper leaves open, around the preset paper-2.4: which readings agree with all that is printed",
    arms,
    summarise: summary,
    plot: draw,
    section,
};

type Choice = (&'static str, &'static [&'static str]);

const INITIALISATIONS: [Choice; 3] =
    [("2.4/F", &["weight_fan_in=linear"]), ("2.4/sqrt(F)", &[]), ("1/sqrt(F)", &["weight_range=1.0"])];
const STARTS: [Choice; 3] =
    [("0.25", &[]), ("0.5", &["coefficient=0.5"]), ("+-0.6", &["coefficient=0.6", "coefficient_start=uniform"])];
const LOSSES: [Choice; 6] = [
    ("eq8", &["loss=eq8"]),
    ("j=0.5", &["j=0.5"]),
    ("j=1", &["j=1.0"]),
    ("j=2", &["j=2.0"]),
    ("j=5", &["j=5.0"]),
    ("j=10", &["j=10.0"]),
];
const SCALES: [Choice; 2] = [("full", &[]), ("half", &["distance=half"])];

/// Single changes, each alone.
const CHANGES: [Choice; 5] = [
    ("h by connections", &["coefficient_curvature=connections"]),
    ("reshuffled", &["order=reshuffled"]),
    ("random 500 for h", &["curvature_patterns=random"]),
    ("uniform biases", &["bias_start=uniform"]),
    ("mu 0.1", &["mu=0.1"]),
];

fn readings() -> Vec<(String, Vec<&'static str>)> {
    let mut readings: Vec<(String, Vec<&'static str>)> = vec![("paper-2.4".into(), Vec::new())];
    let mut add = |choices: &[Choice]| {
        let name = choices.iter().map(|choice| choice.0).collect::<Vec<_>>().join(", ");
        readings.push((name, choices.iter().flat_map(|choice| choice.1).copied().collect()));
    };
    for scale in SCALES {
        // The preset paper-2.4 has j = 2 and full distances.
        let others = LOSSES.iter().filter(|loss| (loss.0, scale.0) != ("j=2", "full"));
        others.for_each(|&loss| add(&[loss, scale]));
    }
    for initialisation in INITIALISATIONS {
        for start in STARTS {
            for factor in [("eta x 1", &[][..]), ("eta x 0.3", &["eta_factor=0.3"][..])] {
                if (initialisation.0, start.0, factor.0) != ("2.4/sqrt(F)", "0.25", "eta x 1") {
                    add(&[initialisation, start, factor]);
                }
            }
        }
    }
    // As printed it learns nothing at the printed rates; the authors' later code starts with 1/sqrt(F) and 0.5.
    for factor in [("eta x 0.1", &["eta_factor=0.1"][..]), ("eta x 0.03", &["eta_factor=0.03"][..])] {
        add(&[INITIALISATIONS[0], STARTS[0], factor]);
    }
    for loss in [LOSSES[0], LOSSES[4]] {
        for factor in [("eta x 1", &[][..]), ("eta x 0.3", &["eta_factor=0.3"][..])] {
            add(&[INITIALISATIONS[2], STARTS[1], loss, SCALES[1], factor]);
        }
    }
    CHANGES.iter().for_each(|&change| add(&[change]));
    readings
}

fn slug(name: &str) -> String {
    let kept = |letter: char| if letter.is_ascii_alphanumeric() || letter == '.' { letter } else { '-' };
    let text: String = name.chars().map(kept).collect();
    text.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

fn arms(extent: &Extent) -> Vec<Arm> {
    let arm = |(name, changes): (String, Vec<&'static str>)| {
        // The error on the fly is the one that the paper prints.
        let assignments = [&["preset=paper-2.4"], &changes[..], &["training_error=false"]].concat();
        Arm { trial: true, ..extent.arm(&format!("readings/{}", slug(&name)), &assignments, "1-3") }
    };
    readings().into_iter().map(arm).collect()
}

/// A row of `seeds.csv`. A network that diverged has no errors, and no rates where it did so in its first pass.
#[derive(Serialize, Deserialize)]
struct SeedRow {
    reading: String,
    seed: u64,
    passes: usize,
    given_up: bool,
    test_error_percent: Option<f64>,
    test_errors: Option<usize>,
    running_training_error_of_pass_19_percent: Option<f64>,
    smallest_effective_rate_of_pass_1: Option<f64>,
    largest_effective_rate_of_pass_1: Option<f64>,
    smallest_effective_rate_of_weights_of_pass_1: Option<f64>,
    largest_effective_rate_of_weights_of_pass_1: Option<f64>,
    /// The distance of the training curve from Fig. 5's; nothing where the network was given up.
    distance_from_fig_5: Option<f64>,
}

#[derive(Serialize, Deserialize)]
struct ReadingRow {
    reading: String,
    weight_fan_in: String,
    weight_range: f64,
    coefficient_start: String,
    coefficient: f64,
    loss: String,
    j: Option<f64>,
    distance: String,
    eta_factor: f64,
    seeds: usize,
    diverged: usize,
    test_error_mean_percent: f64,
    test_error_deviation_percent: f64,
    running_training_error_of_pass_19_mean_percent: Option<f64>,
    smallest_effective_rate_of_pass_1: f64,
    largest_effective_rate_of_pass_1: f64,
    smallest_effective_rate_of_weights_of_pass_1: f64,
    largest_effective_rate_of_weights_of_pass_1: f64,
    distance_from_fig_5: Option<f64>,
    training_error_agrees: bool,
    test_error_agrees: bool,
    weight_rates_agree: bool,
    rates_agree: bool,
}

/// True if both ends of these rates are within a factor of two of those printed.
fn rates_agree(smallest: f64, largest: f64) -> bool {
    let within = |ours: f64, paper: f64| (0.5..=2.0).contains(&(ours / paper));
    within(smallest, paper::EFFECTIVE_RATES.0) && within(largest, paper::EFFECTIVE_RATES.1)
}

fn seed_row(reading: &str, cell: &Finished) -> anyhow::Result<SeedRow> {
    let (first, last) = (cell.records.first(), cell.result());
    let rates = || read_table::<RateRecord>(&cell.folder().join("rates.csv"));
    let rates = first.map(|_| rates()).transpose()?.unwrap_or_default();
    let weights = || rates.iter().filter(|rate| rate.pass == 1 && rate.tensor.ends_with(".weight"));
    let errors = cell.records.iter().map(|record| record.running_training_error_percent);
    Ok(SeedRow {
        reading: reading.into(),
        seed: cell.seed,
        passes: cell.records.len(),
        given_up: cell.given_up,
        test_error_percent: last.map(|last| last.test_error_percent),
        test_errors: last.map(|last| last.test_errors),
        running_training_error_of_pass_19_percent: cell
            .records
            .get(18)
            .map(|record| record.running_training_error_percent),
        smallest_effective_rate_of_pass_1: first.map(|first| first.smallest_effective_rate),
        largest_effective_rate_of_pass_1: first.map(|first| first.largest_effective_rate),
        smallest_effective_rate_of_weights_of_pass_1: weights().map(|rate| rate.smallest).reduce(f64::min),
        largest_effective_rate_of_weights_of_pass_1: weights().map(|rate| rate.largest).reduce(f64::max),
        distance_from_fig_5: (!cell.given_up).then(|| fig5::distance(errors)),
    })
}

fn reading_row(reading: &str, settings: &Settings, rows: &[SeedRow], diverged: usize) -> ReadingRow {
    let over_seeds = |value: fn(&SeedRow) -> Option<f64>| summarise(rows.iter().filter_map(value));
    let test = over_seeds(|row| row.test_error_percent);
    // A mean over the seeds that learnt alone would say nothing of the reading.
    let of_all = |value: fn(&SeedRow) -> Option<f64>| {
        let values: Option<Vec<f64>> = rows.iter().map(value).collect();
        values.map(|values| summarise(values).mean)
    };
    let training = of_all(|row| row.running_training_error_of_pass_19_percent);
    let smallest = over_seeds(|row| row.smallest_effective_rate_of_pass_1).smallest;
    let largest = over_seeds(|row| row.largest_effective_rate_of_pass_1).largest;
    let smallest_of_weights = over_seeds(|row| row.smallest_effective_rate_of_weights_of_pass_1).smallest;
    let largest_of_weights = over_seeds(|row| row.largest_effective_rate_of_weights_of_pass_1).largest;
    ReadingRow {
        reading: reading.into(),
        weight_fan_in: settings.weight_fan_in.name().into(),
        weight_range: settings.weight_range,
        coefficient_start: settings.coefficient_start.name().into(),
        coefficient: settings.coefficient,
        loss: settings.loss.name().into(),
        j: (settings.loss == LossName::Eq9).then_some(settings.j),
        distance: if settings.distance == Distance::Sum { "full".into() } else { "half".into() },
        eta_factor: settings.eta_factor,
        seeds: rows.len(),
        diverged,
        test_error_mean_percent: test.mean,
        test_error_deviation_percent: test.deviation,
        running_training_error_of_pass_19_mean_percent: training,
        smallest_effective_rate_of_pass_1: smallest,
        largest_effective_rate_of_pass_1: largest,
        smallest_effective_rate_of_weights_of_pass_1: smallest_of_weights,
        largest_effective_rate_of_weights_of_pass_1: largest_of_weights,
        distance_from_fig_5: of_all(|row| row.distance_from_fig_5),
        training_error_agrees: training.is_some_and(|error| (error - paper::TRAINING_ERROR_PERCENT).abs() <= 0.08),
        test_error_agrees: (test.mean - paper::TEST_ERROR_PERCENT).abs() <= 0.12,
        weight_rates_agree: rates_agree(smallest_of_weights, largest_of_weights),
        rates_agree: rates_agree(smallest, largest),
    }
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let (mut seeds, mut rows) = (Vec::new(), Vec::new());
    for ((reading, _), arm) in readings().iter().zip(arms(context.extent)) {
        let cells = context.all(&arm)?;
        let diverged = cells.iter().filter(|cell| cell.diverged()).count();
        let cells: Vec<SeedRow> = cells.iter().map(|cell| seed_row(reading, cell)).collect::<Result<_, _>>()?;
        rows.push(reading_row(reading, &arm.settings, &cells, diverged));
        seeds.extend(cells);
    }
    context.folder.write("readings.csv", &rows)?;
    context.folder.write("seeds.csv", &seeds)
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<ReadingRow> = folder.read("readings.csv")?;
    let seeds: Vec<SeedRow> = folder.read("seeds.csv")?;
    // From top to bottom, so from the largest number down.
    let height = |reading: &str| rows.iter().rev().position(|row| row.reading == reading).unwrap_or(0) as f64;
    let mark = |row: &ReadingRow| {
        let letter = |agrees: bool, letter: char| if agrees { letter } else { '-' };
        let letters = [
            letter(row.training_error_agrees, 'T'),
            letter(row.test_error_agrees, 'E'),
            letter(row.weight_rates_agree, 'W'),
        ];
        format!("{}   {}", row.reading, String::from_iter(letters))
    };
    let dots = |label: &str, colour, value: fn(&SeedRow) -> Option<f64>| {
        let points = seeds.iter().filter_map(|row| Some((value(row)?.max(0.05), height(&row.reading))));
        Curve::new(label, colour, LineStyle::Dots, points)
    };
    let title =
        "Readings: T training error, E test error as printed, W rates of the weights in the printed range".into();
    let x = Axis { low: Some(0.1), high: Some(100.0), ..Axis::logarithmic("error (%), a dot for each seed") };
    let names = rows.iter().rev().map(mark).collect();
    let y = Axis { names, ..Axis::between("", -0.7, rows.len() as f64 - 0.3) };
    let curves = vec![
        dots("training error in pass 19, on the fly", colour::TRAINING, |row| {
            row.running_training_error_of_pass_19_percent
        }),
        dots("test error after the last pass", colour::TEST, |row| row.test_error_percent),
    ];
    let marks = vec![
        (paper::TRAINING_ERROR_PERCENT, format!("paper {}", paper::TRAINING_ERROR_PERCENT)),
        (paper::TEST_ERROR_PERCENT, format!("paper {}", paper::TEST_ERROR_PERCENT)),
    ];
    let chart = Chart { title, x, y, curves, marks };
    folder.charts("readings.svg", "seeds.csv", [chart], (1, (900, 1000)))
}

/// The text of a number in a table: a dash if no network has it.
fn or_dash(number: f64, text: String) -> String {
    if number.is_nan() { "-".into() } else { text }
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let rows: Vec<ReadingRow> = folder.read("readings.csv")?;
    let list = |agrees: fn(&&ReadingRow) -> bool| {
        let names: Vec<String> = rows.iter().filter(agrees).map(|row| format!("`{}`", row.reading)).collect();
        if names.is_empty() { "none".to_string() } else { names.join(", ") }
    };
    let mut text = format!(
        "{} readings of what the paper leaves open, the preset `paper-2.4` and changes of it, 3 seeds each unless a row says otherwise. A reading agrees with the printed \
         training error if its mean in pass 19 is within 0.08 points of 0.35 %, with the test error if its mean is within 0.12 \
         points of 0.95 %, with the effective rates if both ends of pass 1 are within a factor of two of 7e-5 and 0.016, \
         which are printed for all parameters (III-B). The grid is made of stars and partial products, not of all combinations. The distance is that of the training curve from Fig. 5's: the root mean square of log(ours / paper's) over the passes.\n\n\
         Agree with both errors and the rates of the weights: {}. With both errors: {}. With the rates of the weights: {}. With \
         the rates of all parameters: {}.\n\n",
        rows.len(),
        list(|row| row.training_error_agrees && row.test_error_agrees && row.weight_rates_agree),
        list(|row| row.training_error_agrees && row.test_error_agrees),
        list(|row| row.weight_rates_agree),
        list(|row| row.rates_agree),
    );
    text += "| reading | test error | training error, pass 19 | distance | rates of weights in pass 1 | diverged |\n|---|---|---|---|---|---|\n";
    for row in &rows {
        let training = row.running_training_error_of_pass_19_mean_percent;
        let (low, high) =
            (row.smallest_effective_rate_of_weights_of_pass_1, row.largest_effective_rate_of_weights_of_pass_1);
        text += &format!(
            "| {} | {} | {} | {} | {} | {} of {} |\n",
            row.reading,
            or_dash(row.test_error_mean_percent, format!("{:.2} %", row.test_error_mean_percent)),
            training.map_or_else(|| "-".into(), |error| format!("{error:.2} %")),
            row.distance_from_fig_5.map_or_else(|| "-".into(), |distance| format!("{distance:.2}")),
            or_dash(low, format!("{low:.1e} to {high:.1e}")),
            row.diverged,
            row.seeds
        );
    }
    let learnt = rows.iter().filter_map(|row| Some((row, row.distance_from_fig_5?)));
    let nearest = learnt.min_by(|(_, left), (_, right)| left.total_cmp(right));
    let findings = nearest.map(|(row, distance)| {
        let ours =
            format!("`{}`: test error {:.2} %, distance {distance:.2}", row.reading, row.test_error_mean_percent);
        Finding::new("the reading whose training curve is nearest to Fig. 5's", "not printed", ours)
    });
    Ok(Section {
        title: "what the open points do".into(),
        text,
        figures: vec![("readings.svg".into(), "errors of each reading, the paper's marked".into())],
        findings: findings.into_iter().collect(),
    })
}
