//! Fig. 11: multiply-accumulate operations to recognise a pattern, counted from the networks' declarations.
//!
//! `bars.csv` has a row for each classifier with the paper's bar beside our counts.

use lenet5::drawing::plot::bars::{Bar, Bars};
use lenet5::drawing::plot::{Axis, colour};
use lenet5::paper;
use serde::{Deserialize, Serialize};

use crate::Context;
use crate::Experiment;
use crate::costs;
use crate::family::{LENET4_BOOSTED, LENET5};
use crate::fig9;
use crate::page::{Finding, Section};
use crate::record::Folder;

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    name: "fig11",
    about: "multiply-accumulate operations to recognise a pattern",
    arms: |_| Vec::new(),
    summarise: summary,
    plot: draw,
    section,
};

/// A row of `bars.csv`; counts are for one pattern.
#[derive(Serialize, Deserialize)]
struct Row {
    classifier: String,
    counted: String,
    multiply_adds: f64,
    connections: f64,
    paper_kilo_multiply_adds: Option<f64>,
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let measured = Folder::existing(context.results, fig9::EXPERIMENT.name);
    let networks = fig9::networks_a_pattern(&measured, LENET4_BOOSTED.name)?;
    let row = |cost: costs::Cost| Row {
        classifier: cost.classifier.into(),
        counted: cost.counted,
        multiply_adds: cost.multiply_adds,
        connections: cost.connections,
        paper_kilo_multiply_adds: cost.bars.and_then(|bars| bars.kilo_multiply_adds),
    };
    context.folder.write("bars.csv", costs::costs(context.dataset, networks).into_iter().map(row))
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<Row> = folder.read("bars.csv")?;
    let ours = |series, count: f64| Bar::new(series, count / 1000.0, costs::in_thousands(count));
    let group = |row: &Row| {
        let mut bars = vec![ours(0, row.multiply_adds), ours(1, row.connections)];
        bars.extend(row.paper_kilo_multiply_adds.map(|kilo| Bar::new(2, kilo, kilo.to_string())));
        (row.classifier.clone(), bars)
    };
    let series = [
        ("products with weights", colour::TEST),
        ("all connections, as the paper counts them", colour::SIXTH),
        ("paper", colour::PAPER),
    ];
    let bars = Bars {
        title: "Fig. 11: multiply-accumulate operations for a pattern".into(),
        x: Axis::logarithmic("thousands"),
        series: series.map(|(name, colour)| (name.into(), colour)).to_vec(),
        groups: rows.iter().map(group).collect(),
    };
    folder.draw("fig11.svg", "bars.csv", &bars.draw())
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let rows: Vec<Row> = folder.read("bars.csv")?;
    let mut text = String::from(
        "Counted from the declarations, not measured: products with trainable weights (or stored numbers), and all connections as \
         section II-B counts them, biases and subsampling among them.\n\n\
         | | what is counted | products, thousands | connections, thousands | paper, thousands |\n|---|---|---|---|---|\n",
    );
    for row in &rows {
        text += &format!(
            "| {} | {} | {} | {} | {} |\n",
            row.classifier,
            row.counted,
            costs::in_thousands(row.multiply_adds),
            costs::in_thousands(row.connections),
            row.paper_kilo_multiply_adds.map_or("-".into(), |kilo| kilo.to_string())
        );
    }
    let own = rows.iter().find(|row| row.classifier == LENET5.name);
    if let Some((row, kilo)) = own.and_then(|row| Some((row, row.paper_kilo_multiply_adds?))) {
        text += &format!(
            "\nThe paper's bar for LeNet-5 is {kilo} thousand; its section II-B has {} connections, our declaration {}. With the {} \
             parameters these are {}: whether the bar adds the two is not said, and for LeNet-1 and LeNet-4 the bars are the \
             connections alone. Nor is it said how K-NN and local learning take fewer operations than they store numbers (Fig. 12).\n",
            paper::LENET5_CONNECTIONS,
            row.connections,
            paper::LENET5_PARAMETERS,
            paper::LENET5_CONNECTIONS + paper::LENET5_PARAMETERS
        );
    }
    let finding = |row: &Row| {
        let paper = format!("{} thousand (Fig. 11)", row.paper_kilo_multiply_adds?);
        let (products, connections) = (costs::in_thousands(row.multiply_adds), costs::in_thousands(row.connections));
        let ours = format!("{connections} thousand connections, {products} thousand products");
        Some(Finding::new(format!("{}, operations for a pattern", row.classifier), paper, ours))
    };
    Ok(Section {
        title: "multiply-accumulate operations".into(),
        text,
        figures: vec![("fig11.svg".into(), "operations for a pattern, ours and the paper's".into())],
        findings: rows.iter().filter_map(finding).collect(),
    })
}
