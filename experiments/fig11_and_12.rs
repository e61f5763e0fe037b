//! Figs. 11 and 12: the operations that it takes to recognise a pattern, and the variables that a classifier stores, counted from the
//! networks' declarations.
//!
//! `bars.csv` of each figure has a row for each classifier with the paper's bar beside our counts.

use lenet5::drawing::plot::bars::{Bar, Bars};
use lenet5::drawing::plot::{Axis, colour};
use lenet5::paper;
use plotters::style::RGBColor;
use serde::{Deserialize, Serialize};

use crate::costs::{Cost, costs, in_thousands};
use crate::experiment::{Context, Experiment};
use crate::family::{LENET4_BOOSTED, LENET5};
use crate::fig9;
use crate::record::Folder;
use crate::section::{Finding, Section};

pub const OPERATIONS: Experiment = Experiment {
    name: "fig11",
    about: "multiply-accumulate operations to recognise a pattern",
    arms: |_| Vec::new(),
    summarise: count_operations,
    plot: draw_operations,
    section: operations,
};

pub const VARIABLES: Experiment = Experiment {
    name: "fig12",
    about: "variables that a classifier stores",
    summarise: count_variables,
    plot: draw_variables,
    section: variables,
    ..OPERATIONS
};

/// A row of Fig. 11's `bars.csv`; counts are for one pattern.
#[derive(Serialize, Deserialize)]
struct OperationsRow {
    classifier: String,
    counted: String,
    multiply_adds: f64,
    connections: f64,
    paper_kilo_multiply_adds: Option<f64>,
}

#[derive(Serialize, Deserialize)]
struct VariablesRow {
    classifier: String,
    counted: String,
    variables: usize,
    paper_kilo_variables: Option<f64>,
}

fn count_operations(context: &Context) -> anyhow::Result<()> {
    let measured = Folder::existing(context.results, fig9::EXPERIMENT.name);
    let networks = fig9::networks_a_pattern(&measured, LENET4_BOOSTED.name)?;
    let row = |cost: Cost| OperationsRow {
        classifier: cost.classifier.into(),
        counted: cost.counted,
        multiply_adds: cost.multiply_adds,
        connections: cost.connections,
        paper_kilo_multiply_adds: cost.bars.and_then(|bars| bars.kilo_multiply_adds),
    };
    context.folder.write("bars.csv", costs(context.dataset, networks).into_iter().map(row))
}

fn count_variables(context: &Context) -> anyhow::Result<()> {
    let row = |cost: Cost| VariablesRow {
        classifier: cost.classifier.into(),
        counted: cost.stored,
        variables: cost.variables,
        paper_kilo_variables: cost.bars.and_then(|bars| bars.kilo_variables),
    };
    context.folder.write("bars.csv", costs(context.dataset, None).into_iter().map(row))
}

fn draw_operations(folder: &Folder) -> anyhow::Result<()> {
    let series =
        [("products with weights", colour::TEST), ("all connections, as the paper counts them", colour::SIXTH)];
    let groups = folder.read("bars.csv")?.into_iter().map(|row: OperationsRow| {
        group(row.classifier, &[row.multiply_adds, row.connections], row.paper_kilo_multiply_adds)
    });
    draw(folder, "fig11.svg", "Fig. 11: multiply-accumulate operations for a pattern", &series, groups.collect())
}

fn draw_variables(folder: &Folder) -> anyhow::Result<()> {
    let groups = folder
        .read("bars.csv")?
        .into_iter()
        .map(|row: VariablesRow| group(row.classifier, &[row.variables as f64], row.paper_kilo_variables));
    draw(folder, "fig12.svg", "Fig. 12: stored variables", &[("ours", colour::TEST)], groups.collect())
}

/// A classifier with our counts and the paper's bar, a bar each.
fn group(classifier: String, counts: &[f64], paper_thousands: Option<f64>) -> (String, Vec<Bar>) {
    let ours = counts.iter().map(|&count| (count / 1000.0, in_thousands(count)));
    let all = ours.chain(paper_thousands.map(|kilo| (kilo, kilo.to_string()))).enumerate();
    (classifier, all.map(|(series, (length, text))| Bar::new(series, length, text)).collect())
}

/// Draws groups of bars: our series, then the paper's.
fn draw(
    folder: &Folder,
    name: &str,
    title: &str,
    ours: &[(&str, RGBColor)],
    groups: Vec<(String, Vec<Bar>)>,
) -> anyhow::Result<()> {
    let series = ours.iter().chain(&[("paper", colour::PAPER)]).map(|&(name, colour)| (name.into(), colour)).collect();
    let bars = Bars { title: title.into(), x: Axis::logarithmic("thousands"), series, groups };
    folder.draw(name, "bars.csv", &bars.draw())
}

fn operations(folder: &Folder) -> anyhow::Result<Section> {
    let mut text = String::from(
        "Counted from the declarations, not measured: products with trainable weights (or stored numbers), and all connections as \
         section II-B counts them, biases and subsampling among them.\n\n\
         | | what is counted | products, thousands | connections, thousands | paper, thousands |\n|---|---|---|---|---|\n",
    );
    let (mut remark, mut findings) = (String::new(), Vec::new());
    for row in folder.read::<OperationsRow>("bars.csv")? {
        let (products, connections) = (in_thousands(row.multiply_adds), in_thousands(row.connections));
        let paper = row.paper_kilo_multiply_adds.map_or("-".into(), |kilo| kilo.to_string());
        text += &format!("| {} | {} | {products} | {connections} | {paper} |\n", row.classifier, row.counted);
        let Some(kilo) = row.paper_kilo_multiply_adds else { continue };
        let ours = format!("{connections} thousand connections, {products} thousand products");
        let what = format!("{}, operations for a pattern", row.classifier);
        findings.push(Finding::new(what, format!("{kilo} thousand (Fig. 11)"), ours));
        if row.classifier == LENET5.name {
            remark = format!(
                "\nThe paper's bar for LeNet-5 is {kilo} thousand; its section II-B has {} connections, our declaration {}. With the \
                 {} parameters these are {}: whether the bar adds the two is not said, and for LeNet-1 and LeNet-4 the bars are the \
                 connections alone. Nor is it said how K-NN and local learning take fewer operations than they store numbers \
                 (Fig. 12).\n",
                paper::LENET5_CONNECTIONS,
                row.connections,
                paper::LENET5_PARAMETERS,
                paper::LENET5_CONNECTIONS + paper::LENET5_PARAMETERS
            );
        }
    }
    Ok(Section {
        title: "multiply-accumulate operations".into(),
        text: text + &remark,
        figures: vec![("fig11.svg".into(), "operations for a pattern, ours and the paper's".into())],
        findings,
    })
}

fn variables(folder: &Folder) -> anyhow::Result<Section> {
    let mut text = String::from(
        "Counted from the declarations: trainable parameters, and stored features of the training patterns. What is fixed, such as \
         the codes of LeNet-5's RBF units, is not counted.\n\n\
         | | what is counted | variables | paper, thousands |\n|---|---|---|---|\n",
    );
    let mut findings = Vec::new();
    for VariablesRow { classifier, counted, variables, paper_kilo_variables } in folder.read("bars.csv")? {
        let paper = paper_kilo_variables.map_or("-".into(), |kilo| kilo.to_string());
        text += &format!("| {classifier} | {counted} | {variables} | {paper} |\n");
        if paper_kilo_variables.is_some() {
            let what = format!("{classifier}, stored variables");
            findings.push(Finding::new(what, format!("{paper} thousand (Fig. 12)"), variables.to_string()));
        }
    }
    Ok(Section {
        title: "stored variables".into(),
        text,
        figures: vec![("fig12.svg".into(), "stored variables, ours and the paper's".into())],
        findings,
    })
}
