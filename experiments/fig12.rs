//! Fig. 12: the variables that a classifier stores, counted from the networks' declarations.
//!
//! `bars.csv` has a row for each classifier with the paper's bar beside our count.

use lenet5::drawing::plot::bars::{Bar, Bars};
use lenet5::drawing::plot::{Axis, colour};
use serde::{Deserialize, Serialize};

use crate::Context;
use crate::Experiment;
use crate::costs;
use crate::page::{Finding, Section};
use crate::record::Folder;

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    name: "fig12",
    about: "variables that a classifier stores",
    arms: |_| Vec::new(),
    summarise: summary,
    plot: draw,
    section,
};

/// A row of `bars.csv`.
#[derive(Serialize, Deserialize)]
struct Row {
    classifier: String,
    counted: String,
    variables: usize,
    paper_kilo_variables: Option<f64>,
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let row = |cost: costs::Cost| Row {
        classifier: cost.classifier.into(),
        counted: cost.stored,
        variables: cost.variables,
        paper_kilo_variables: cost.bars.and_then(|bars| bars.kilo_variables),
    };
    context.folder.write("bars.csv", costs::costs(context.dataset, None).into_iter().map(row))
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<Row> = folder.read("bars.csv")?;
    let group = |row: &Row| {
        let count = row.variables as f64;
        let mut bars = vec![Bar::new(0, count / 1000.0, costs::in_thousands(count))];
        bars.extend(row.paper_kilo_variables.map(|kilo| Bar::new(1, kilo, kilo.to_string())));
        (row.classifier.clone(), bars)
    };
    let bars = Bars {
        title: "Fig. 12: stored variables".into(),
        x: Axis::logarithmic("thousands"),
        series: vec![("ours".into(), colour::TEST), ("paper".into(), colour::PAPER)],
        groups: rows.iter().map(group).collect(),
    };
    folder.draw("fig12.svg", "bars.csv", &bars.draw())
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let rows: Vec<Row> = folder.read("bars.csv")?;
    let mut text = String::from(
        "Counted from the declarations: trainable parameters, and stored features of the training patterns. What is fixed, such as \
         the codes of LeNet-5's RBF units, is not counted.\n\n\
         | | what is counted | variables | paper, thousands |\n|---|---|---|---|\n",
    );
    for row in &rows {
        let paper = row.paper_kilo_variables.map_or("-".into(), |kilo| kilo.to_string());
        text += &format!("| {} | {} | {} | {paper} |\n", row.classifier, row.counted, row.variables);
    }
    let finding = |row: &Row| {
        let paper = format!("{} thousand (Fig. 12)", row.paper_kilo_variables?);
        Some(Finding::new(format!("{}, stored variables", row.classifier), paper, row.variables.to_string()))
    };
    Ok(Section {
        title: "stored variables".into(),
        text,
        figures: vec![("fig12.svg".into(), "stored variables, ours and the paper's".into())],
        findings: rows.iter().filter_map(finding).collect(),
    })
}
