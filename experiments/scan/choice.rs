//! The network that reads strings best, chosen on strings of training digits held out.
//!
//! The rule: each candidate is trained on the first 50,000 training patterns with two seeds; that with the largest mean share of
//! [`STRINGS`] strings read right, composed of the last 10,000, is chosen, of equal ones the cheaper. The bound on blank's cost is chosen
//! for each network on strings of the patterns it was trained on. No test digit is read.
//!
//! `choice.csv` has a row for each candidate, seed and length, `bounds.csv` one for each bound.

use lenet5::applications::scan::Scanner;
use lenet5::drawing::plot::bars::{Bar, Bars};
use lenet5::drawing::plot::{Axis, colour};
use lenet5::training::split;

use super::lengths::{LengthRow, SummaryRow, arms, length_rows, summary_rows};
use super::networks::{CANDIDATES, legend};
use super::strings::{choose_bound, read_strings};
use crate::experiment::{Context, Experiment};
use crate::record::Folder;
use crate::section::Section;

pub const EXPERIMENT: Experiment = Experiment {
    name: "scan-choice",
    about: "the settings of the network that reads strings, chosen on strings of training digits held out",
    arms: |extent| CANDIDATES.iter().map(|candidate| candidate.held_out(extent)).collect(),
    summarise: summary,
    plot: draw,
    section,
};

/// Strings of the digits held out.
const STRINGS: usize = 4000;

fn summary(context: &Context) -> anyhow::Result<()> {
    let (mut bounds, mut strings) = (Vec::new(), Vec::new());
    for candidate in &CANDIDATES {
        let arm = candidate.held_out(context.extent);
        let (training, held_out) = split(&arm.settings, context.dataset);
        for cell in context.finished(&arm)? {
            let mut scanner = Scanner::new(&cell.model()?)?;
            bounds.extend(choose_bound(&mut scanner, &training, candidate.name, cell.seed)?);
            strings.extend(read_strings(&scanner, &held_out, STRINGS, (candidate.name, cell.seed))?);
        }
    }
    context.folder.write("bounds.csv", bounds)?;
    context.folder.write("choice.csv", length_rows(&strings))
}

fn means(folder: &Folder) -> anyhow::Result<Vec<SummaryRow>> {
    let rows: Vec<LengthRow> = folder.read("choice.csv")?;
    Ok(summary_rows(&rows, &[]))
}

/// The mean share of all strings that were read right, in percent.
fn all(rows: &[SummaryRow]) -> f64 {
    rows.iter().find(|row| row.length == 0).map_or(f64::NAN, |row| row.right_mean_percent)
}

/// The candidate with the largest mean share of strings read right, the first of equal ones.
fn best(rows: &[SummaryRow]) -> Option<&str> {
    let best = arms(rows).reduce(|best, next| if all(next) > all(best) { next } else { best });
    best.map(|rows| rows[0].arm.as_str())
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows = means(folder)?;
    let group = |rows: &[SummaryRow]| {
        let wrong = 100.0 - all(rows);
        (legend(&rows[0].arm).0.into(), vec![Bar::new(0, wrong, format!("{wrong:.1}"))])
    };
    let bars = Bars {
        title: format!("{STRINGS} strings of training digits held out"),
        x: Axis::new("strings read wrong (%)"),
        series: vec![("ours".into(), colour::TEST)],
        groups: arms(&rows).map(group).collect(),
    };
    folder.bars("choice.svg", "choice.csv", bars)
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let rows = means(folder)?;
    let mut text = format!(
        "Each candidate was trained on the first 50,000 training patterns; that with the largest mean share of {STRINGS} strings read \
         right, composed of the last 10,000, is chosen: `{}`. No test digit is read.\n\n| candidate | trained on | seeds | 2 | 3 | 4 | 5 | all \
         |\n|---|---|---|---|---|---|---|---|\n",
        best(&rows).unwrap_or("none")
    );
    for rows in arms(&rows) {
        let shares: Vec<String> = rows.iter().map(|row| format!("{:.1} %", row.right_mean_percent)).collect();
        let (name, _) = legend(&rows[0].arm);
        text += &format!("| `{}` | {name} | {} | {} |\n", rows[0].arm, rows[0].seeds, shares.join(" | "));
    }
    Ok(Section {
        title: "the network that reads strings".into(),
        text,
        figures: vec![(
            "choice.svg".into(),
            "strings of training digits held out that each candidate reads wrong".into(),
        )],
        findings: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::networks::CHOSEN;
    use super::super::strings::StringRow;
    use super::*;

    #[test]
    fn most_strings_win_and_the_first_of_equal_ones() {
        let string = |arm: &str, seed, edits| {
            let (truth, answer) = ("12".into(), String::new());
            StringRow { arm: arm.into(), seed, string: 0, truth, answer, edits }
        };
        let rows = |shares: [[usize; 2]; 3]| {
            let arm = |(name, edits): (&str, [usize; 2])| [string(name, 1, edits[0]), string(name, 2, edits[1])];
            let strings: Vec<StringRow> = ["a", "b", "c"].into_iter().zip(shares).flat_map(arm).collect();
            summary_rows(&length_rows(&strings), &[])
        };
        assert_eq!(best(&rows([[1, 1], [0, 1], [1, 0]])), Some("b"));
        assert_eq!(best(&rows([[1, 1], [0, 1], [0, 0]])), Some("c"));
        assert_eq!(best(&[]), None);
    }

    #[test]
    fn the_network_is_the_one_that_the_strings_held_out_chose() {
        let folder = Folder::existing("results".as_ref(), EXPERIMENT.name);
        assert_eq!(best(&means(&folder).unwrap()), Some(CHOSEN));
    }
}
