//! The original beside its modern descendant: both learning curves, by pass and by second, and what each network costs.
//!
//! `seeds.csv` has a row for each pass of each network and seed, `curves.csv` one for each pass of each network, `summary.csv`
//! one for each network.

use lenet5::drawing::plot::{self, Axis, Chart, Curve, LineStyle, colour};
use lenet5::drawing::sheet::{Anchor, Sheet};
use lenet5::evaluation::statistics::{median, summarise};
use lenet5::models;
use lenet5::training::benchmark::multiply_adds;
use lenet5::words::count;
use plotters::style::RGBColor;
use serde::{Deserialize, Serialize};

use crate::cells::{Arm, Extent};
use crate::experiment::{Context, Experiment};
use crate::fig5;
use crate::finished::Finished;
use crate::record::Folder;
use crate::section::{Finding, Section, mean_of, plus_minus, with_interval};

pub const EXPERIMENT: Experiment = Experiment {
    name: "compare",
    about: "the original and the modern network side by side: error by pass and by second, and what each costs",
    arms,
    summarise: summary,
    plot: draw,
    section,
};

fn arms(extent: &Extent) -> Vec<Arm> {
    vec![fig5::arm(extent).first(3), extent.arm("modern", &["preset=modern"], "1-5").first(3)]
}

/// A row of `seeds.csv`. The seconds are those of the training steps alone, of all passes so far.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct SeedRow {
    network: String,
    seed: u64,
    pass: usize,
    running_training_error_percent: f64,
    training_error_percent: Option<f64>,
    test_error_percent: f64,
    test_errors: usize,
    microseconds_a_pattern: f64,
    seconds_so_far: f64,
}

/// A row of `curves.csv`: over seeds.
#[derive(Debug, Serialize, Deserialize)]
struct CurveRow {
    network: String,
    pass: usize,
    seeds: usize,
    running_training_error_mean_percent: f64,
    running_training_error_deviation_percent: f64,
    test_error_mean_percent: f64,
    test_error_deviation_percent: f64,
    seconds_so_far_median: f64,
}

/// A row of `summary.csv`: after the last pass. Half an interval is half the width of the mean's 95 % interval.
#[derive(Debug, Serialize, Deserialize)]
struct SummaryRow {
    network: String,
    seeds: usize,
    passes: usize,
    test_error_mean_percent: f64,
    test_error_half_interval_percent: f64,
    running_training_error_mean_percent: f64,
    training_error_mean_percent: Option<f64>,
    parameters: usize,
    multiply_adds: usize,
    connections: usize,
    seconds_median: f64,
    microseconds_a_pattern_median: f64,
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let (mut seeds, mut curves, mut summary) = (Vec::new(), Vec::new(), Vec::new());
    for arm in arms(context.extent) {
        let patterns = arm.settings.split(context.dataset.sizes()).training;
        let cells = context.finished(&arm)?;
        let rows: Vec<SeedRow> = cells.iter().flat_map(|cell| seed_rows(&arm.name, cell, patterns)).collect();
        curves.extend((1..=arm.settings.passes).map(|pass| curve_row(&arm.name, pass, &rows)));
        summary.push(summary_row(&arm, &rows)?);
        seeds.extend(rows);
    }
    context.folder.write("curves.csv", &curves)?;
    context.folder.write("summary.csv", &summary)?;
    context.folder.write("seeds.csv", &seeds)
}

fn seed_rows(network: &str, cell: &Finished, patterns: usize) -> Vec<SeedRow> {
    let mut seconds_so_far = 0.0;
    let row = |record: &lenet5::training::PassRecord| {
        seconds_so_far += patterns as f64 / record.samples_per_second;
        SeedRow {
            network: network.into(),
            seed: cell.seed,
            pass: record.pass,
            running_training_error_percent: record.running_training_error_percent,
            training_error_percent: record.training_error_percent,
            test_error_percent: record.test_error_percent,
            test_errors: record.test_errors,
            microseconds_a_pattern: 1e6 / record.samples_per_second,
            seconds_so_far,
        }
    };
    cell.records.iter().map(row).collect()
}

fn curve_row(network: &str, pass: usize, rows: &[SeedRow]) -> CurveRow {
    let own = || rows.iter().filter(|row| row.pass == pass);
    let (running, test) = (
        summarise(own().map(|row| row.running_training_error_percent)),
        summarise(own().map(|row| row.test_error_percent)),
    );
    CurveRow {
        network: network.into(),
        pass,
        seeds: own().count(),
        running_training_error_mean_percent: running.mean,
        running_training_error_deviation_percent: running.deviation,
        test_error_mean_percent: test.mean,
        test_error_deviation_percent: test.deviation,
        seconds_so_far_median: median(own().map(|row| row.seconds_so_far)),
    }
}

fn summary_row(arm: &Arm, rows: &[SeedRow]) -> anyhow::Result<SummaryRow> {
    let network = models::build::<f32>(&arm.settings);
    let last = || rows.iter().filter(|row| row.pass == arm.settings.passes);
    let test = summarise(last().map(|row| row.test_error_percent));
    let running = summarise(last().map(|row| row.running_training_error_percent));
    let training: Option<Vec<f64>> = last().map(|row| row.training_error_percent).collect();
    Ok(SummaryRow {
        network: arm.name.clone(),
        seeds: last().count(),
        passes: arm.settings.passes,
        test_error_mean_percent: test.mean,
        test_error_half_interval_percent: test.half_interval,
        running_training_error_mean_percent: running.mean,
        training_error_mean_percent: training.map(|errors| summarise(errors).mean),
        parameters: network.layout().size(),
        multiply_adds: multiply_adds(&network, network.input()).forward,
        connections: network.table(network.input())?.iter().map(|row| row.connections).sum(),
        seconds_median: median(last().map(|row| row.seconds_so_far)),
        microseconds_a_pattern_median: median(rows.iter().map(|row| row.microseconds_a_pattern)),
    })
}

fn title(network: &str) -> &str {
    if network == "paper" { "LeNet-5, 1998" } else { network }
}

/// Test and training error of each network; with `seconds`, against the time.
fn chart(rows: &[CurveRow], networks: &[SummaryRow], seconds: bool) -> Chart {
    let x = |row: &CurveRow| if seconds { row.seconds_so_far_median } else { row.pass as f64 };
    let curve = |network: &str, what: &str, line: LineStyle, colour: RGBColor, value: fn(&CurveRow) -> (f64, f64)| {
        let own = rows.iter().filter(|row| row.network == network);
        let means = own.map(|row| (x(row), value(row).0, value(row).1));
        Curve::of_means(&format!("{}, {what}", title(network)), colour, line, means)
    };
    let mut curves = Vec::new();
    for (network, colour) in networks.iter().zip(colour::ALL) {
        curves.push(curve(&network.network, "test", LineStyle::Solid, colour, |row| {
            (row.test_error_mean_percent, row.test_error_deviation_percent)
        }));
        curves.push(curve(&network.network, "training, on the fly", LineStyle::Dotted, colour, |row| {
            (row.running_training_error_mean_percent, row.running_training_error_deviation_percent)
        }));
    }
    let (title, x) = if seconds {
        ("Error against the time", Axis { low: Some(0.0), ..Axis::new("seconds of training steps") })
    } else {
        ("Error against the pass", Axis::whole("pass"))
    };
    let y = Axis { low: Some(0.0), ..Axis::new("error (%)") };
    Chart { title: title.into(), x, y, curves, ..Chart::default() }
}

/// The columns of the table: head, and right end in the figure in shares of its width; of the first one, the left end.
const COLUMNS: [(&str, f64); 9] = [
    ("network", 0.02),
    ("passes", 0.19),
    ("test error", 0.33),
    ("training error", 0.46),
    ("parameters", 0.56),
    ("multiply-adds", 0.69),
    ("connections", 0.81),
    ("seconds", 0.89),
    ("us a pattern", 0.98),
];

fn cells(row: &SummaryRow) -> [String; 9] {
    let after = row.training_error_mean_percent.map_or_else(|| "-".into(), |error| format!("{error:.2}"));
    let half = plus_minus(row.test_error_half_interval_percent, 2);
    [
        title(&row.network).into(),
        row.passes.to_string(),
        format!("{:.2}{half} %", row.test_error_mean_percent),
        format!("{:.2} / {after} %", row.running_training_error_mean_percent),
        row.parameters.to_string(),
        row.multiply_adds.to_string(),
        row.connections.to_string(),
        format!("{:.0}", row.seconds_median),
        format!("{:.0}", row.microseconds_a_pattern_median),
    ]
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let (rows, networks): (Vec<CurveRow>, Vec<SummaryRow>) = (folder.read("curves.csv")?, folder.read("summary.csv")?);
    let (width, height) = (560.0, 440.0);
    let charts = [chart(&rows, &networks, false), chart(&rows, &networks, true)];
    let charts = plot::draw(&charts, (2, (width as u32, height as u32))).map_err(anyhow::Error::from_boxed)?;
    let line = 26.0;
    let mut sheet = Sheet::new(2.0 * width, height + line * (networks.len() as f64 + 2.5));
    sheet.drawing(0.0, 0.0, &charts);
    let mut table_line = |index: usize, texts: [&str; 9], colour: RGBColor| {
        let y = height + line * (index as f64 + 1.0);
        for (column, (text, (_, at))) in texts.into_iter().zip(COLUMNS).enumerate() {
            let anchor = if column == 0 { Anchor::Start } else { Anchor::End };
            sheet.coloured_text(at * 2.0 * width, y, 15.0, anchor, colour, text);
        }
    };
    table_line(0, COLUMNS.map(|(head, _)| head), colour::PAPER);
    for (index, (row, colour)) in networks.iter().zip(colour::ALL).enumerate() {
        table_line(index + 1, cells(row).each_ref().map(String::as_str), colour);
    }
    let seeds = networks.iter().map(|row| row.seeds).max().unwrap_or(0);
    let note = format!(
        "Training error: on the fly in the last pass / after it. Seconds: of the training steps alone, on a shared machine. Curves: \
         mean and standard deviation of {}.",
        count(seeds, "seed")
    );
    let y = height + line * (networks.len() as f64 + 1.9);
    sheet.coloured_text(COLUMNS[0].1 * 2.0 * width, y, 13.0, Anchor::Start, colour::PAPER, &note);
    folder.draw("compare.svg", "curves.csv", &sheet.to_svg())
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let networks: Vec<SummaryRow> = folder.read("summary.csv")?;
    let seeds = networks.iter().map(|row| row.seeds).max().unwrap_or(0);
    let mut text = format!(
        "The original (preset `paper`) and the network that is called LeNet today (preset `modern`), {} each, with the \
         passes and rates of their presets. Training error: on the fly in the last pass / measured after it. The seconds are \
         those of the training steps of all passes, without curvature estimates and evaluations, the median over seeds; the \
         machine was shared with other programs. The multiply-adds are those of a forward pass with trainable weights.\n\n\
         | {} |\n|{}\n",
        count(seeds, "seed"),
        COLUMNS.map(|(head, _)| head).join(" | "),
        "---|".repeat(COLUMNS.len())
    );
    for row in &networks {
        text += &format!("| {} |\n", cells(row).join(" | "));
    }
    let of_modern = networks.iter().filter(|row| row.network != "paper").map(|row| {
        let ours = with_interval(row.test_error_mean_percent, row.test_error_half_interval_percent, 2);
        let what = format!(
            "preset `{}`, test error after {} ({})",
            row.network,
            count(row.passes, "pass"),
            mean_of(row.seeds)
        );
        Finding::new(what, "not in it", ours)
    });
    Ok(Section {
        title: "the original and the modern network side by side".into(),
        text,
        figures: vec![(
            "compare.svg".into(),
            "error by pass and by second of both networks, and what each costs".into(),
        )],
        findings: of_modern.collect(),
    })
}
