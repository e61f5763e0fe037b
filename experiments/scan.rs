//! Figs. 25 and 26: strings of digits, read by the network replicated over a wide input and a character model (section VII).
//!
//! Strings are composed from test digits. Beside the network trained as VII-B prints it (neighbours beside the characters, the class
//! "blank", noise on the pixels) stand the same without noise, the plain one, and the one that read most strings of training digits held
//! out ([`choice`]). The bound on blank's cost is chosen for each network on strings of training digits (`bounds.csv`).
//!
//! `strings.csv` has a row for each string and network, `lengths.csv` one for each length and network, `digits.csv` one for each network
//! with its errors on single digits, `summary.csv` the means over seeds; `figures.csv` has the pixels of the paper's strings,
//! `answers.csv` what each network read in them, `outputs.csv` all outputs of the first network of each arm.

pub mod choice;
mod lengths;
mod networks;
mod sheet;
mod strings;

use lenet5::applications::scan::{Character, Scanner};
use lenet5::data::flanked::DigitString;
use lenet5::evaluation::percent;
use serde::{Deserialize, Serialize};

use crate::experiment::{Context, Experiment};
use crate::finished::Finished;
use crate::record::{Folder, to_hex};
use crate::section::{Finding, Section, mean_of, with_interval};
use lengths::{DigitRow, LengthRow, SummaryRow, length_rows, summary_rows};
use networks::legend;
use sheet::{FigureRow, OutputRow};
use strings::{BoundRow, FIGURES, HEIGHT, STRINGS, StringRow, choose_bound, errors_beside_others, read_strings};

pub const EXPERIMENT: Experiment = Experiment {
    name: "scan",
    about: "strings of digits, read by the network replicated over a wide input",
    arms: networks::arms,
    summarise: summary,
    plot: draw,
    section,
};

/// A row of `answers.csv`: what a network reads in a string of the paper's figures.
#[derive(Serialize, Deserialize)]
struct AnswerRow {
    arm: String,
    seed: u64,
    figure: usize,
    truth: String,
    answer: String,
}

/// The rows of the CSV files, but for what follows from them.
#[derive(Default)]
struct Rows {
    bounds: Vec<BoundRow>,
    strings: Vec<StringRow>,
    digits: Vec<DigitRow>,
    answers: Vec<AnswerRow>,
    outputs: Vec<OutputRow>,
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let lines: Vec<DigitString> =
        (0..FIGURES.len()).map(|figure| strings::compose_figure(&context.dataset.test, figure)).collect();
    let mut rows = Rows::default();
    for arm in networks::arms(context.extent) {
        for (place, cell) in context.finished(&arm)?.iter().enumerate() {
            rows.add(context, (&arm.name, place), cell, &lines)?;
        }
    }
    let figure = |(figure, line): (usize, &DigitString)| FigureRow {
        figure,
        truth: FIGURES[figure].into(),
        width: line.width,
        pixels: to_hex(&line.pixels),
    };
    let lengths = length_rows(&rows.strings);
    context.folder.write("figures.csv", lines.iter().enumerate().map(figure))?;
    context.folder.write("outputs.csv", rows.outputs)?;
    context.folder.write("answers.csv", rows.answers)?;
    context.folder.write("bounds.csv", rows.bounds)?;
    context.folder.write("summary.csv", summary_rows(&lengths, &rows.digits))?;
    context.folder.write("digits.csv", rows.digits)?;
    context.folder.write("lengths.csv", lengths)?;
    context.folder.write("strings.csv", rows.strings)
}

impl Rows {
    /// Adds what this network reads, the one at `place` of its arm.
    fn add(
        &mut self,
        context: &Context,
        (arm, place): (&str, usize),
        cell: &Finished,
        lines: &[DigitString],
    ) -> anyhow::Result<()> {
        let (seed, test, model) = (cell.seed, &context.dataset.test, cell.model()?);
        let mut scanner = Scanner::new(&model)?;
        self.bounds.extend(choose_bound(&mut scanner, &context.dataset.training, arm, seed)?);
        self.strings.extend(read_strings(&scanner, test, STRINGS, (arm, seed))?);
        let (alone, beside) = (cell.last().test_errors, errors_beside_others(&scanner, test)?);
        self.digits.push(DigitRow {
            arm: arm.into(),
            seed,
            digits: test.len(),
            errors_alone: alone,
            error_alone_percent: percent(alone, test.len()),
            errors_beside: beside,
            error_beside_percent: percent(beside, test.len()),
        });
        for (figure, line) in lines.iter().enumerate() {
            let scale = model.settings.distance.scale() as f32;
            let (answer, outputs) = read_figure((&scanner, scale), line, &OutputRow::of((arm, seed), figure))?;
            let truth = FIGURES[figure].into();
            self.answers.push(AnswerRow { arm: arm.into(), seed, figure, truth, answer });
            if place == 0 {
                self.outputs.extend(outputs);
            }
        }
        Ok(())
    }
}

/// What a network reads in a picture, and all its outputs on it, position by position: `of` with each. Its distances are those of eq. 7
/// times `scale`.
fn read_figure(
    (scanner, scale): (&Scanner, f32),
    line: &DigitString,
    of: &OutputRow,
) -> anyhow::Result<(String, Vec<OutputRow>)> {
    let distances = scanner.scan(&line.pixels, (HEIGHT, line.width))?;
    let characters = scanner.read(&distances, 0);
    let shape = distances.shape();
    let row = |position, class| OutputRow {
        position,
        class,
        name: scanner.names()[class].clone(),
        distance: distances.matrix(class)[(0, position)] / scale,
        read: characters.contains(&Character { class, position }),
        ..of.clone()
    };
    let places = (0..shape.width).flat_map(|position| (0..shape.maps).map(move |class| (position, class)));
    Ok((scanner.text(&characters), places.map(|(position, class)| row(position, class)).collect()))
}

/// The means over seeds, from the rows of each network: those of older programs have no limits.
fn means(folder: &Folder) -> anyhow::Result<Vec<SummaryRow>> {
    let lengths: Vec<LengthRow> = folder.read("lengths.csv")?;
    Ok(summary_rows(&lengths, &folder.read_if_there("digits.csv")?.unwrap_or_default()))
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let sheet = sheet::draw(&folder.read("figures.csv")?, &folder.read("outputs.csv")?)?;
    folder.draw("figures.svg", "outputs.csv", &sheet.to_svg())?;
    folder.charts("lengths.svg", "lengths.csv", lengths::charts(&means(folder)?), (2, (620, 420)))
}

/// A line of the table: the strings read right by length and all, with the limits below them.
fn lines(rows: &[SummaryRow]) -> String {
    let line = |name: &str, of: &dyn Fn(&SummaryRow) -> Option<String>| {
        let cells: Option<Vec<String>> = rows.iter().map(of).collect();
        cells.map_or_else(String::new, |cells| format!("| {name} | {} |\n", cells.join(" | ")))
    };
    let (name, _) = legend(&rows[0].arm);
    let (alone, beside) = ("limit, e of digits alone", "limit, e of digits with neighbours");
    let percent = |value: Option<f64>| value.map(|value| format!("{value:.1} %"));
    let read = line(&format!("**{name}**"), &|row| {
        Some(with_interval(row.right_mean_percent, row.right_half_interval_percent, 1))
    });
    read + &line(alone, &|row| percent(row.limit_alone_percent))
        + &line(beside, &|row| percent(row.limit_beside_percent))
}

fn findings(rows: &[SummaryRow], answers: &[AnswerRow]) -> Vec<Finding> {
    let (arm, (name, _)) = (&rows[0].arm, legend(&rows[0].arm));
    let own = || answers.iter().filter(|row| row.arm == *arm);
    let right = own().filter(|row| row.answer == row.truth).count();
    let mut findings = Vec::new();
    if own().next().is_some() {
        let what = format!("Strings like those of Figs. 25 and 26 ({}), trained on {name}", FIGURES.join(", "));
        let networks = own().count() / FIGURES.len();
        let ours = if networks == 1 { String::new() } else { format!(", {networks} seeds") };
        findings.push(Finding::new(what, "5 of 5", format!("{right} of {}{ours}", own().count())));
    }
    for row in [0, 5].into_iter().filter_map(|length| rows.iter().find(|row| row.length == length)) {
        let length = if row.length == 0 { "2 to 5".into() } else { row.length.to_string() };
        let what = format!(
            "{} strings of {length} test digits read right, trained on {name} ({})",
            row.strings,
            mean_of(row.seeds)
        );
        findings.push(Finding::new(
            what,
            "-",
            with_interval(row.right_mean_percent, row.right_half_interval_percent, 1),
        ));
    }
    findings
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let rows = means(folder)?;
    let answers: Vec<AnswerRow> = folder.read_if_there("answers.csv")?.unwrap_or_default();
    let mut text = String::from(
        "Strings composed from test digits, 2 to 5 of them side by side: the network is replicated over the picture and answers at \
         positions 4 pixels apart; a character model that forbids two characters on neighbouring positions finds the answer by \
         Viterbi's algorithm. Read right by the number of digits, mean over seeds (all networks read the same strings, without noise; each \
         network's own interval stands in the rows). The limits are (1 - e)^n for n digits, each wrong with the probability e whatever the \
         others are: e is the network's error on single test digits, alone in the middle of the input, or with neighbours and up to two \
         columns off it. The second can be passed, as a string shows each digit at several positions, of which the nearest counts.\n\n| trained on | 2 | 3 | 4 | 5 | all |\n|---|---|---|---|---|---|\n",
    );
    text += lengths::arms(&rows).map(lines).collect::<String>().trim_end();
    let figures = [
        (
            "figures.svg",
            "the strings of Figs. 25 and 26 with the outputs by position: the darker, the nearer to the code of the class",
        ),
        ("lengths.svg", "strings read right by their length, and what the errors on single digits would allow"),
    ];
    Ok(Section {
        title: "strings of digits".into(),
        text,
        figures: figures.map(|(file, caption)| (file.into(), caption.into())).to_vec(),
        findings: lengths::arms(&rows).flat_map(|rows| findings(rows, &answers)).collect(),
    })
}
