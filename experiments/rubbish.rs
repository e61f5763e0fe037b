//! Pictures without a digit: the share of them, and of the test digits, to which a network gives a probability of rubbish above one half
//! (eq. 9). The preset `tuned-rubbish` has had patterns of rubbish in training, `tuned` has not.
//!
//! `seeds.csv` has a row for each network and kind of pictures, `summary.csv` the means. The pictures without a digit are drawn anew, of test
//! digits where they are made of digits; their kinds are those of training. The letters of Fig. 3 are always the same.

use std::fs;

use anyhow::Context as _;
use lenet5::data::Images;
use lenet5::data::nondigits::{Kind, pictures};
use lenet5::drawing::plot::bars::Bars;
use lenet5::drawing::plot::{Axis, colour};
use lenet5::evaluation::statistics::summarise;
use lenet5::evaluation::{Outputs, outputs, percent};
use lenet5::files;
use lenet5::network::loss::{answer, rubbish_probability};
use lenet5::random::stream;
use serde::{Deserialize, Serialize};

use crate::cells::{Arm, Extent};
use crate::experiment::{Context, Experiment};
use crate::family;
use crate::record::{self, Folder};
use crate::section::{Finding, Section, mean_of, with_interval};
use crate::tuned;

pub const EXPERIMENT: Experiment = Experiment {
    name: "rubbish",
    about: "pictures without a digit, and eq. 9's class for them",
    arms,
    summarise: summary,
    plot: draw,
    section,
};

/// The seed of the network that comes with the program: of the ten the one that reads the fewest of 389 pictures that people made wrongly
/// (paper_notes.md has the rule and the numbers).
const SHIPPED: u64 = 2;
/// Pictures of each kind.
const PICTURES: usize = 1000;
/// The kind of the test digits that are answered rightly.
const RIGHT: &str = "digit";

fn arms(extent: &Extent) -> Vec<Arm> {
    vec![trained(extent), tuned::chosen(extent)]
}

/// The network of the preset, trained on all patterns.
fn trained(extent: &Extent) -> Arm {
    extent.arm("tuned-rubbish", &["preset=tuned-rubbish", "training_error=false"], "1-10")
}

#[derive(Serialize, Deserialize)]
struct SeedRow {
    arm: String,
    seed: u64,
    test_error_percent: f64,
    kind: String,
    pictures: usize,
    above_half_percent: f64,
}

#[derive(Serialize, Deserialize)]
struct SummaryRow {
    arm: String,
    kind: String,
    seeds: usize,
    above_half_mean_percent: f64,
    above_half_half_interval_percent: f64,
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let test = &context.dataset.test;
    let kinds = Kind::ALL.map(|kind| {
        let mut generator = stream(1998, "pictures without a digit", kind as u64);
        (kind.name(), pictures(kind, &test.first(PICTURES), &mut generator))
    });
    let mut rows = Vec::new();
    for arm in arms(context.extent) {
        for cell in context.finished(&arm)? {
            let (model, last, j) = (cell.model()?, cell.last(), arm.settings.answer_j());
            let answers = |images: &Images| outputs(&model.network(), &model.values, images);
            let digits = answers(test);
            let right = (0..test.len()).filter(|&at| answer(digits.row(at)) == usize::from(test.labels()[at]));
            let mut add = |kind: &str, outputs: &Outputs<f32>, which: Vec<usize>| {
                let is_rubbish = |at: &&usize| rubbish_probability(outputs.row(**at), j) > 0.5;
                rows.push(SeedRow {
                    arm: arm.name.clone(),
                    seed: cell.seed,
                    test_error_percent: last.test_error_percent,
                    kind: kind.into(),
                    pictures: which.len(),
                    above_half_percent: percent(which.iter().filter(is_rubbish).count(), which.len()),
                });
            };
            add(RIGHT, &digits, right.collect());
            for (kind, images) in &kinds {
                add(kind, &answers(images), (0..images.len()).collect());
            }
        }
    }
    context.folder.write("summary.csv", means(&rows))?;
    context.folder.write("seeds.csv", &rows)?;
    pretrained(context)
}

/// Lays the network that comes with the program into `pretrained`, with its settings and metrics.
fn pretrained(context: &Context) -> anyhow::Result<()> {
    if !context.is_complete {
        return Ok(()); // the library contains it
    }
    let cells = context.finished(&trained(context.extent))?;
    let cell = cells.iter().find(|cell| cell.seed == SHIPPED).context("its seed is among the ten")?;
    let folder = context.results.join("pretrained");
    fs::create_dir_all(&folder)?;
    for (from, to) in
        [("model.safetensors", "lenet5.safetensors"), ("config.toml", "config.toml"), ("metrics.csv", "metrics.csv")]
    {
        let from = cell.folder().join(from);
        let contents = files::read(&from, 64 << 20).with_context(|| from.display().to_string())?;
        record::write(&folder.join(to), &contents)?;
    }
    Ok(())
}

/// A row for each kind of each arm, in the order in which they come.
fn means(rows: &[SeedRow]) -> Vec<SummaryRow> {
    let mut of: Vec<(&str, &str)> = Vec::new();
    for row in rows {
        let key = (&*row.arm, &*row.kind);
        if !of.contains(&key) {
            of.push(key);
        }
    }
    let mean = |(arm, kind): (&str, &str)| {
        let own = rows.iter().filter(|row| row.arm == arm && row.kind == kind);
        let summary = summarise(own.map(|row| row.above_half_percent));
        SummaryRow {
            arm: arm.into(),
            kind: kind.into(),
            seeds: rows.iter().filter(|row| row.arm == arm && row.kind == kind).count(),
            above_half_mean_percent: summary.mean,
            above_half_half_interval_percent: summary.half_interval,
        }
    };
    of.into_iter().map(mean).collect()
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<SummaryRow> = folder.read("summary.csv")?;
    let kinds = [RIGHT].into_iter().chain(Kind::ALL.map(Kind::name));
    let group = |kind: &str| {
        let of_kind = rows.iter().filter(|row| row.kind == kind);
        let bar = |row: &SummaryRow| {
            let series = usize::from(row.arm == "tuned");
            family::mean_bar(series, row.above_half_mean_percent, row.above_half_half_interval_percent)
        };
        (if kind == RIGHT { "test digits, right".into() } else { kind.into() }, of_kind.map(bar).collect())
    };
    let bars = Bars {
        title: "Probability of rubbish above one half".into(),
        x: Axis::new("pictures (%)"),
        series: vec![
            ("tuned-rubbish, mean and its 95 % interval".into(), colour::TEST),
            ("tuned".into(), colour::PAPER),
        ],
        groups: kinds.map(group).collect(),
    };
    folder.bars("rubbish.svg", "summary.csv", bars)
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let (rows, seeds): (Vec<SummaryRow>, Vec<SeedRow>) = (folder.read("summary.csv")?, folder.read("seeds.csv")?);
    let mut text = format!(
        "Each of {PICTURES} pictures a kind shows no digit: {}. The rubbish probability of eq. 9 (section II-C) should be above one half for \
         these, and below for digits that are answered rightly. `tuned-rubbish` is the preset `tuned` with such pictures in a share of its \
         training patterns; both are judged with their own j, which takes one \
         picture in five to be rubbish where training had some.\n\n| pictures |",
        Kind::ALL.map(Kind::name).join(", ")
    );
    let arms = ["tuned-rubbish", "tuned"];
    let errors = arms.map(|arm| summarise(own(&seeds, arm).map(|row| row.test_error_percent)));
    for arm in arms {
        text += &format!(" `{arm}`, {} |", mean_of(own(&seeds, arm).count()));
    }
    text += "\n|---|---|---|\n| test error |";
    errors.iter().for_each(|error| text += &format!(" {} |", with_interval(error.mean, error.half_interval, 2)));
    for kind in [RIGHT].into_iter().chain(Kind::ALL.map(Kind::name)) {
        text += &format!("\n| {} above one half |", if kind == RIGHT { "test digits answered rightly," } else { kind });
        for row in arms.iter().filter_map(|arm| rows.iter().find(|row| row.arm == *arm && row.kind == kind)) {
            text +=
                &format!(" {} |", with_interval(row.above_half_mean_percent, row.above_half_half_interval_percent, 1));
        }
    }
    let what = format!("preset `tuned-rubbish`, test error ({})", mean_of(own(&seeds, arms[0]).count()));
    let ours = with_interval(errors[0].mean, errors[0].half_interval, 2);
    Ok(Section {
        title: "pictures without a digit".into(),
        text: text + "\n",
        figures: vec![("rubbish.svg".into(), "pictures with a probability of rubbish above one half, by kind".into())],
        findings: vec![Finding::new(what, "-", ours)],
    })
}

/// A row for each network of an arm.
fn own<'a>(rows: &'a [SeedRow], arm: &'a str) -> impl Iterator<Item = &'a SeedRow> {
    rows.iter().filter(move |row| row.arm == arm && row.kind == RIGHT)
}
