//! The tables of a comparison as CSV.

use lenet5::runs::comparison::{Comparison, Mean, Pair};
use serde::Serialize;

/// The tables' names.
pub const NAMES: [&str; 4] = ["means.csv", "errors.csv", "differences.csv", "mcnemar.csv"];

#[derive(Serialize)]
struct MeanRow<'a> {
    name: &'a str,
    settings: Option<&'a str>,
    passes: Option<usize>,
    runs: usize,
    mean_percent: f64,
    deviation_percent: Option<f64>,
    low_percent: Option<f64>,
    high_percent: Option<f64>,
    interval: lenet5::runs::comparison::Method,
}

#[derive(Serialize)]
struct ErrorRow<'a> {
    name: &'a str,
    seed: Option<u64>,
    errors: usize,
    error_percent: f64,
}

#[derive(Serialize)]
struct DifferenceRow<'a> {
    first: &'a str,
    second: &'a str,
    seeds: usize,
    mean_difference: Option<f64>,
    deviation: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    t: Option<f64>,
    degrees: Option<usize>,
    t_p_value: Option<f64>,
    w: Option<f64>,
    w_p_value: Option<f64>,
    w_exact: Option<bool>,
}

#[derive(Serialize)]
struct McNemarRow<'a> {
    first: &'a str,
    second: &'a str,
    seed: Option<u64>,
    only_first_wrong: usize,
    only_second_wrong: usize,
    p_value: f64,
}

/// Each table's name and bytes. What is no number is an empty field.
pub fn all(comparison: &Comparison) -> anyhow::Result<Vec<(&'static str, Vec<u8>)>> {
    let errors = comparison.sides.iter().flat_map(|side| {
        let row = |one: &lenet5::runs::comparison::OneError| ErrorRow {
            name: &side.name,
            seed: one.seed,
            errors: one.errors,
            error_percent: one.error_percent,
        };
        side.errors.iter().map(row).collect::<Vec<_>>()
    });
    let tests = comparison.pairs.iter().flat_map(|pair| {
        let row = |test: &lenet5::runs::comparison::McNemar| McNemarRow {
            first: &pair.first,
            second: &pair.second,
            seed: test.seed,
            only_first_wrong: test.only_first_wrong,
            only_second_wrong: test.only_second_wrong,
            p_value: test.p_value,
        };
        pair.mcnemar.iter().map(row).collect::<Vec<_>>()
    });
    let tables = [
        table(comparison.sides.iter().map(mean), "name,settings,passes,runs,mean_percent")?,
        table(errors, "name,seed,errors,error_percent")?,
        table(comparison.pairs.iter().map(difference), "first,second,seeds,mean_difference")?,
        table(tests, "first,second,seed,only_first_wrong,only_second_wrong,p_value")?,
    ];
    Ok(NAMES.into_iter().zip(tables).collect())
}

/// Rows below the names of their fields; `heading` alone where there is no row.
fn table(rows: impl Iterator<Item = impl Serialize>, heading: &str) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.serialize(row)?;
    }
    let bytes = writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(if bytes.is_empty() { format!("{heading}\n").into_bytes() } else { bytes })
}

fn number(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

fn mean(side: &Mean) -> MeanRow<'_> {
    MeanRow {
        name: &side.name,
        settings: side.label.as_deref(),
        passes: side.passes,
        runs: side.runs,
        mean_percent: side.mean_percent,
        deviation_percent: number(side.deviation_percent),
        low_percent: number(side.low_percent),
        high_percent: number(side.high_percent),
        interval: side.interval,
    }
}

fn difference(pair: &Pair) -> DifferenceRow<'_> {
    DifferenceRow {
        first: &pair.first,
        second: &pair.second,
        seeds: pair.seeds.len(),
        mean_difference: number(pair.mean_difference),
        deviation: number(pair.deviation),
        low: number(pair.low),
        high: number(pair.high),
        t: pair.student.map(|test| test.t),
        degrees: pair.student.map(|test| test.degrees),
        t_p_value: pair.student.map(|test| test.p_value),
        w: pair.wilcoxon.map(|test| test.w),
        w_p_value: pair.wilcoxon.map(|test| test.p_value),
        w_exact: pair.wilcoxon.map(|test| test.exact),
    }
}
