//! The tables of a comparison for a paper: the means, and the differences with their tests.

use lenet5::runs::comparison::{Comparison, Mean, Pair};
use lenet5::words::table::Table;

use super::text::{percent, probability, range};

/// The means, and the differences if there are seeds that two sides both have.
pub fn tables(comparison: &Comparison) -> Vec<Table> {
    let heading = |names: &[&str]| names.iter().map(|name| (*name).to_string()).collect();
    let means = Table {
        heading: heading(&["", "runs", "mean error (%)", "95 % interval", "deviation"]),
        rows: comparison.sides.iter().map(mean).collect(),
    };
    let differences = Table {
        heading: heading(&["", "seeds", "mean difference (%)", "95 % interval", "Student's p", "Wilcoxon's p"]),
        rows: comparison.pairs.iter().filter(|pair| !pair.seeds.is_empty()).map(difference).collect(),
    };
    [means, differences].into_iter().filter(|table| !table.rows.is_empty()).collect()
}

fn mean(side: &Mean) -> Vec<String> {
    vec![
        format!("`{}`", side.name),
        side.runs.to_string(),
        percent(side.mean_percent),
        range(side.low_percent, side.high_percent),
        percent(side.deviation_percent),
    ]
}

fn difference(pair: &Pair) -> Vec<String> {
    let or_none = |p: Option<f64>| p.map_or_else(|| "-".into(), probability);
    vec![
        format!("`{}` - `{}`", pair.first, pair.second),
        pair.seeds.len().to_string(),
        percent(pair.mean_difference),
        range(pair.low, pair.high),
        or_none(pair.student.map(|test| test.p_value)),
        or_none(pair.wilcoxon.map(|test| test.p_value)),
    ]
}
