//! A comparison in tables to read.

use std::io::{self, Write};

use lenet5::runs::comparison::{Comparison, Mean, Method, Pair, Side};
use lenet5::words::count;

/// Prints the warnings, the table of means, that of differences, and McNemar's tests.
pub fn print(sides: &[Side], comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    for warning in &comparison.warnings {
        writeln!(out, "Note: {warning}.")?;
    }
    if !comparison.warnings.is_empty() {
        writeln!(out)?;
    }
    means(sides, comparison, out)?;
    let width = longest(comparison.pairs.iter().map(title));
    let (over_seeds, alone): (Vec<&Pair>, Vec<&Pair>) =
        comparison.pairs.iter().partition(|pair| !pair.seeds.is_empty());
    if !over_seeds.is_empty() {
        writeln!(out, "\nDifferences in points of percent, the first less the second, over the seeds that both have")?;
        writeln!(
            out,
            "{:<width$}  seeds     mean      95 % interval  Student's t test      Wilcoxon's signed-rank test",
            ""
        )?;
        over_seeds.iter().try_for_each(|pair| writeln!(out, "{}", difference(pair, width)))?;
        if comparison.pairs.len() > 1 {
            writeln!(out, "Each p-value is that of its own test, not corrected for their number.")?;
        }
    }
    for pair in alone.iter().filter(|pair| pair.mcnemar.is_empty()) {
        writeln!(out, "{}: no seed that both have, so that there is no paired difference", title(pair))?;
    }
    mcnemar(comparison, width, out)
}

fn title(pair: &Pair) -> String {
    format!("{} - {}", pair.first, pair.second)
}

fn longest(names: impl Iterator<Item = String>) -> usize {
    names.map(|name| name.chars().count()).max().unwrap_or(0)
}

/// A number of percent, or `-` for none.
pub fn percent(value: f64) -> String {
    if value.is_nan() { "-".into() } else { format!("{value:.3}") }
}

pub fn range(low: f64, high: f64) -> String {
    if low.is_nan() { "-".into() } else { format!("{low:.3} to {high:.3}") }
}

fn means(sides: &[Side], comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    let measured = sides.iter().find_map(|side| Some(side.settings.as_ref()?.measured().error_name()));
    let patterns = sides.iter().find_map(Side::patterns).map(|patterns| format!(" on {}", count(patterns, "pattern")));
    let name = measured.unwrap_or("error");
    let after = if measured.is_some() { " after the last pass" } else { "" };
    writeln!(out, "The {name}{}{after}, in percent", patterns.unwrap_or_default())?;
    let width = longest(comparison.sides.iter().map(|side| side.name.clone()));
    writeln!(out, "{:<width$}  runs  passes     mean      95 % interval  deviation  settings", "")?;
    for Mean { name, label, passes, runs, mean_percent, deviation_percent, low_percent, high_percent, .. } in
        &comparison.sides
    {
        let passes = passes.map_or_else(|| "-".into(), |passes| passes.to_string());
        let label = label.as_deref().unwrap_or("recorded answers");
        let (mean, deviation) = (percent(*mean_percent), percent(*deviation_percent));
        let interval = range(*low_percent, *high_percent);
        writeln!(out, "{name:<width$}  {runs:>4}  {passes:>6}  {mean:>7}  {interval:>17}  {deviation:>9}  {label}")?;
    }
    for side in comparison.sides.iter().filter(|side| !side.left_out.is_empty()) {
        writeln!(out, "{}: not counted: {}", side.name, side.left_out.join("; "))?;
    }
    if comparison.sides.iter().any(|side| side.interval == Method::ClopperPearson) {
        writeln!(
            out,
            "The interval of one run is that of its error over patterns (Clopper and Pearson), not over seeds."
        )?;
    }
    Ok(())
}

fn difference(pair: &Pair, width: usize) -> String {
    let student = pair.student.map_or_else(
        || "-".into(),
        |test| format!("t({}) = {:.3}, p = {}", test.degrees, test.t, probability(test.p_value)),
    );
    let wilcoxon = pair.wilcoxon.map_or_else(
        || "-".into(),
        |test| {
            let how = if test.exact { "exact" } else { "approximate" };
            format!("W = {}, p = {} ({how})", test.w, probability(test.p_value))
        },
    );
    let (mean, interval) = (percent(pair.mean_difference), range(pair.low, pair.high));
    format!("{:<width$}  {:>5}  {mean:>7}  {interval:>17}  {student:<20}  {wilcoxon}", title(pair), pair.seeds.len())
}

/// A probability with three digits that tell something.
pub fn probability(p: f64) -> String {
    if p >= 0.001 { format!("{p:.3}") } else { format!("{p:.1e}") }
}

fn mcnemar(comparison: &Comparison, width: usize, out: &mut dyn Write) -> io::Result<()> {
    if comparison.pairs.iter().all(|pair| pair.mcnemar.is_empty()) {
        return Ok(());
    }
    writeln!(out, "\nMcNemar's exact test of two networks on the same patterns")?;
    writeln!(out, "{:<width$}  seed  only the first wrong  only the second wrong      p", "")?;
    for pair in &comparison.pairs {
        for test in &pair.mcnemar {
            let seed = test.seed.map_or_else(|| "-".into(), |seed| seed.to_string());
            let (one, other, p) = (test.only_first_wrong, test.only_second_wrong, probability(test.p_value));
            writeln!(out, "{:<width$}  {seed:>4}  {one:>20}  {other:>21}  {p:>5}", title(pair))?;
        }
    }
    Ok(())
}
