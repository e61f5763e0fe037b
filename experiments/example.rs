//! The test error of LeNet-5 with each of the two losses, after one pass.
//!
//! `seeds.csv` has a row for each seed of each loss.

use lenet5::drawing::plot::bars::{Bar, Bars};
use lenet5::drawing::plot::{Axis, colour};
use serde::{Deserialize, Serialize};

use crate::cells::{Arm, Extent};
use crate::experiment::{Context, Experiment};
use crate::record::Folder;
use crate::section::{Finding, Section};

/// The experiment: `lenet5-reproduce example`, whose results go to `results/example`.
pub const EXPERIMENT: Experiment = Experiment {
    name: "example",
    about: "the test error after one pass, by loss",
    arms,
    summarise: summary,
    plot: draw,
    section,
};

/// The networks that it needs: settings over the preset `paper`, with two seeds each. Their runs go to `runs/example/LOSS/seed-N`.
fn arms(extent: &Extent) -> Vec<Arm> {
    let arm = |loss| extent.arm(&format!("example/{loss}"), &["passes=1", &format!("loss={loss}")], "1-2");
    ["eq8", "eq9"].map(arm).into()
}

/// A row of `seeds.csv`.
#[derive(Serialize, Deserialize)]
struct SeedRow {
    arm: String,
    seed: u64,
    test_error_percent: f64,
}

/// From the finished networks to the CSV file.
fn summary(context: &Context) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for arm in arms(context.extent) {
        rows.extend(context.finished(&arm)?.into_iter().map(|cell| SeedRow {
            arm: arm.name.clone(),
            seed: cell.seed,
            test_error_percent: cell.last().test_error_percent,
        }));
    }
    context.folder.write("seeds.csv", &rows)
}

/// From the CSV file to the figure.
fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<SeedRow> = folder.read("seeds.csv")?;
    let bar = |row: &SeedRow| Bar::new(0, row.test_error_percent, format!("{:.1}", row.test_error_percent));
    let bars = Bars {
        title: "Test error after one pass".into(),
        x: Axis::new("error (%)"),
        series: vec![("ours".into(), colour::TEST)],
        groups: rows.iter().map(|row| (format!("{}, seed {}", row.arm, row.seed), vec![bar(row)])).collect(),
    };
    folder.bars("example.svg", "seeds.csv", bars)
}

/// From the CSV file to a part of the page, with lines of the table that compares the paper's numbers with ours.
fn section(folder: &Folder) -> anyhow::Result<Section> {
    let rows: Vec<SeedRow> = folder.read("seeds.csv")?;
    let finding = |row: &SeedRow| {
        let what = format!("test error after one pass, {}, seed {}", row.arm, row.seed);
        Finding::new(what, "not in it", format!("{:.2} %", row.test_error_percent))
    };
    Ok(Section {
        title: "two losses".into(),
        text: "After one pass of the preset `paper`.".into(),
        figures: vec![("example.svg".into(), "test error after one pass".into())],
        findings: rows.iter().map(finding).collect(),
    })
}
