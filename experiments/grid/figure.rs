//! The figure of the grid: the weight of each value of what the paper leaves open, and how near each reading is to the printed rates
//! and to the printed training at once.

use lenet5::drawing::plot::{Axis, Chart, Curve, LineStyle, colour};

use super::held_out::{self, HeldOutRow};
use super::posterior::WeightRow;
use super::reading::Reading;
use crate::record::Folder;

/// The sum of the weights of the readings with each value, in the order of the values' first appearance.
fn marginal(rows: &[WeightRow], value: impl Fn(&WeightRow) -> String) -> Vec<(String, f64)> {
    let mut sums: Vec<(String, f64)> = Vec::new();
    for row in rows {
        let name = value(row);
        match sums.iter_mut().find(|(other, _)| *other == name) {
            Some((_, sum)) => *sum += row.weight,
            None => sums.push((name, row.weight)),
        }
    }
    sums
}

/// Weights as horizontal lines, a line for each value, the first one at the top.
fn weights(title: &str, sums: &[(String, f64)]) -> Chart {
    let rows = sums.iter().rev().zip(0..);
    let line = |((_, weight), height): (&(String, f64), i32)| {
        let height = f64::from(height);
        [
            Curve::new("", colour::TEST, LineStyle::Solid, [(0.0, height), (*weight, height)]),
            Curve::new("", colour::TEST, LineStyle::Dots, [(*weight, height)]),
        ]
    };
    let names = sums.iter().rev().map(|(name, weight)| format!("{name} ({:.0} %)", 100.0 * weight)).collect();
    Chart {
        title: title.into(),
        x: Axis::between("weight", 0.0, 1.05),
        y: Axis { names, ..Axis::between("", -0.7, sums.len() as f64 - 0.3) },
        curves: rows.flat_map(line).collect(),
        marks: Vec::new(),
    }
}

/// Held-out error of the last readings against their distance from Fig. 5's curve, means over seeds.
fn generalisation(rows: &[HeldOutRow]) -> Chart {
    let means = held_out::means(rows);
    let dots = |label: &str, colour, is_before: bool| {
        let own = means.iter().filter(|mean| (mean.reading == Reading::BEFORE.to_string()) == is_before);
        let points = own.map(|mean| (mean.distance_from_fig_5, mean.error.mean, mean.error.half_interval));
        Curve::of_means(label, colour, LineStyle::Dots, points)
    };
    Chart {
        title: "Generalisation, 50,000 patterns trained on (95 % intervals)".into(),
        x: Axis::new("distance from Fig. 5's training curve"),
        y: Axis::new("error on 10,000 held out (%)"),
        curves: vec![
            dots("the ten nearest readings", colour::TEST, false),
            dots("the preset before the grid", colour::TRAINING, true),
        ],
        marks: Vec::new(),
    }
}

pub fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<WeightRow> = folder.read("posterior.csv")?;
    let coefficient = |row: &WeightRow| row.coefficient.map_or_else(|| "random".into(), |value| value.to_string());
    let loss = |row: &WeightRow| row.j.map_or_else(|| "eq. 8".into(), |j| format!("eq. 9, j = {j}"));
    let other = |row: &WeightRow| {
        let distance = if row.distance == "sum" { "full" } else { "half" };
        let eta = if row.eta_factor == 1.0 { String::new() } else { format!(", eta x {}", row.eta_factor) };
        format!("{distance}, h by {}{eta}", row.curvature)
    };
    let points = |is_heavy: bool| {
        let shown = rows.iter().filter(move |row| (row.weight >= 0.01) == is_heavy);
        shown.filter_map(|row| Some((row.rates.max(0.1), row.training?.max(0.1))))
    };
    let distances = Chart {
        title: "Rates and training: a dot for each reading".into(),
        x: Axis::logarithmic("squared distance of the rates, in deviations"),
        y: Axis::logarithmic("squared distance of training, in deviations"),
        curves: vec![
            Curve::new("weight below 1 %", colour::AFTER, LineStyle::Dots, points(false)),
            Curve::new("weight of 1 % and more", colour::TEST, LineStyle::Dots, points(true)),
        ],
        marks: Vec::new(),
    };
    let charts = [
        weights("Scale of the start over sqrt(F)", &marginal(&rows, |row| format!("{:.1}", row.range))),
        weights("S coefficient", &marginal(&rows, coefficient)),
        weights("Loss", &marginal(&rows, loss)),
        weights("Distances, h of the coefficients", &marginal(&rows, other)),
        distances,
        generalisation(&folder.read("held_out.csv")?),
    ];
    folder.charts("posterior.svg", "posterior.csv", charts, (2, (620, 400)))
}
