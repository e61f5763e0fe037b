//! Figs. 25 and 26: strings of digits, read by the network replicated over a wide input and a character model (section VII).
//!
//! Strings are composed from test digits. A network trained with neighbours beside the characters and the class "blank" stands
//! beside the plain one. The bound on blank's cost is chosen for each network on strings of training digits (`bounds.csv`).
//! `strings.csv` has a row for each string and network, `lengths.csv` one for each length and network; `figures.csv` has the
//! pixels of the paper's strings, `outputs.csv` what the networks answered to them.

mod sheet;

use lenet5::applications::scan::{Character, Scanner};
use lenet5::data::Images;
use lenet5::data::flanked::{self, DigitString};
use lenet5::drawing::plot::{self, Axis, Chart, Curve};
use lenet5::evaluation::{clopper_pearson, percent};
use lenet5::kernels::maps::Maps;
use lenet5::random::stream;
use rand::RngExt;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::cells::{Arm, Extent};
use crate::experiment::{Context, Experiment};
use crate::fig5;
use crate::record::{Folder, to_hex};
use crate::section::{Finding, Section};
use sheet::{FigureRow, HEIGHT, OutputRow, legend};

pub const EXPERIMENT: Experiment = Experiment {
    name: "scan",
    about: "strings of digits, read by the network replicated over a wide input",
    arms: |extent| arms(extent).to_vec(),
    summarise: summary,
    plot: draw,
    section,
};

/// Seed of the strings, which are the same for every network.
const SEED: u64 = 1998;
/// The strings of Fig. 25 and of Fig. 26.
const FIGURES: [&str; 5] = ["2345", "540", "1114", "678", "3514"];
/// Composed strings, as many of each length.
const STRINGS: usize = 1000;
const LENGTHS: [usize; 4] = [2, 3, 4, 5];
/// Bounds on blank's cost to choose from, in units of the distance.
const BOUNDS: [f64; 9] = [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];

fn arms(extent: &Extent) -> [Arm; 2] {
    let flanked = extent.arm("flanked", &["flanks=true", "alphabet='0123456789 '"], "1-2");
    [flanked, fig5::arm(extent).first(2)]
}

/// A row of `bounds.csv`: strings of training digits that were read right with a bound.
#[derive(Serialize)]
struct BoundRow<'a> {
    arm: &'a str,
    seed: u64,
    bound: f64,
    strings: usize,
    right: usize,
}

#[derive(Serialize, Deserialize)]
struct StringRow {
    arm: String,
    seed: u64,
    string: usize,
    truth: String,
    answer: String,
    /// Characters to insert, delete or exchange to get from one to the other.
    edits: usize,
}

/// A row of `lengths.csv`; length 0 stands for all.
#[derive(Serialize, Deserialize)]
struct LengthRow {
    arm: String,
    seed: u64,
    length: usize,
    strings: usize,
    right: usize,
    right_percent: f64,
    right_low_percent: f64,
    right_high_percent: f64,
    characters: usize,
    edits: usize,
    character_error_percent: f64,
}

/// String number `string` of `images` as a picture, and what it says.
fn compose(images: &Images, string: usize) -> (DigitString, String) {
    let mut generator = stream(SEED, "strings", string as u64);
    let length = LENGTHS[string % LENGTHS.len()];
    let indices: Vec<usize> = (0..length).map(|_| generator.random_range(0..images.len())).collect();
    let truth = indices.iter().map(|&index| images.labels()[index].to_string()).collect();
    (flanked::string(images, &indices, &mut generator), truth)
}

/// A string of the paper's figures from these images.
fn compose_figure(images: &Images, figure: usize) -> DigitString {
    let mut generator = stream(SEED, "strings of the figures", figure as u64);
    let labelled = |digit: u8| -> Vec<usize> {
        (0..images.len()).filter(|&index| images.labels()[index] == digit - b'0').collect()
    };
    let choices = FIGURES[figure].bytes().map(labelled);
    let indices: Vec<usize> = choices.map(|of| of[generator.random_range(0..of.len())]).collect();
    flanked::string(images, &indices, &mut generator)
}

/// A network's outputs for each of [`STRINGS`] strings of these images, and the digits in it.
fn scan_strings(scanner: &Scanner, images: &Images) -> anyhow::Result<Vec<(Maps<f32>, String)>> {
    let scan = |string| {
        let (line, truth) = compose(images, string);
        Ok((scanner.scan(&line.pixels, (HEIGHT, line.width))?, truth))
    };
    (0..STRINGS).into_par_iter().map(scan).collect()
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let lines: Vec<DigitString> =
        (0..FIGURES.len()).map(|figure| compose_figure(&context.dataset.test, figure)).collect();
    let (mut bounds, mut strings, mut outputs) = (Vec::new(), Vec::new(), Vec::new());
    let arms = arms(context.extent);
    for arm in &arms {
        for cell in context.finished(arm)? {
            let mut scanner = Scanner::new(&cell.model()?)?;
            let training = scan_strings(&scanner, &context.dataset.training)?;
            let right = BOUNDS.map(|bound| {
                scanner.bound = bound;
                training.iter().filter(|(distances, truth)| read(&scanner, distances) == *truth).count()
            });
            // The middle one of the best.
            let best: Vec<f64> =
                (0..BOUNDS.len()).filter(|&at| Some(&right[at]) == right.iter().max()).map(|at| BOUNDS[at]).collect();
            scanner.bound = best[best.len() / 2];
            bounds.extend(BOUNDS.into_iter().zip(right).map(|(bound, right)| BoundRow {
                arm: &arm.name,
                seed: cell.seed,
                bound,
                strings: STRINGS,
                right,
            }));
            let row = |(string, (distances, truth)): (usize, (Maps<f32>, String))| {
                let answer = read(&scanner, &distances);
                let edits = strsim::levenshtein(&truth, &answer);
                StringRow { arm: arm.name.clone(), seed: cell.seed, string, truth, answer, edits }
            };
            strings.extend(scan_strings(&scanner, &context.dataset.test)?.into_iter().enumerate().map(row));
            for (figure, line) in lines.iter().enumerate() {
                outputs.extend(output_rows(&scanner, line, |row| OutputRow {
                    arm: arm.name.clone(),
                    seed: cell.seed,
                    figure,
                    ..row
                })?);
            }
        }
    }
    let figure = |(figure, line): (usize, &DigitString)| FigureRow {
        figure,
        truth: FIGURES[figure].into(),
        width: line.width,
        pixels: to_hex(&line.pixels),
    };
    context.folder.write("figures.csv", lines.iter().enumerate().map(figure))?;
    context.folder.write("outputs.csv", outputs)?;
    context.folder.write("bounds.csv", bounds)?;
    context.folder.write("lengths.csv", length_rows(&strings))?;
    context.folder.write("strings.csv", strings)
}

fn read(scanner: &Scanner, distances: &Maps<f32>) -> String {
    scanner.text(&scanner.read(distances, 0))
}

/// All outputs on a picture, position by position; `labelled` writes whose they are.
fn output_rows(
    scanner: &Scanner,
    line: &DigitString,
    labelled: impl Fn(OutputRow) -> OutputRow,
) -> anyhow::Result<Vec<OutputRow>> {
    let distances = scanner.scan(&line.pixels, (HEIGHT, line.width))?;
    let characters = scanner.read(&distances, 0);
    let shape = distances.shape();
    let row = |position, class| OutputRow {
        arm: String::new(),
        seed: 0,
        figure: 0,
        position,
        class,
        name: scanner.names()[class].clone(),
        distance: distances.matrix(class)[(0, position)],
        read: characters.contains(&Character { class, position }),
    };
    let places = (0..shape.width).flat_map(|position| (0..shape.maps).map(move |class| (position, class)));
    Ok(places.map(|(position, class)| labelled(row(position, class))).collect())
}

/// The strings of each network counted by length, then all of them.
fn length_rows(strings: &[StringRow]) -> Vec<LengthRow> {
    let networks = strings.chunk_by(|one, next| (&one.arm, one.seed) == (&next.arm, next.seed));
    let count = |rows: &[StringRow], length: usize| {
        let of_length = rows.iter().filter(|row| length == 0 || row.truth.len() == length);
        let (mut strings, mut right, mut characters, mut edits) = (0, 0, 0, 0);
        for row in of_length {
            strings += 1;
            right += usize::from(row.edits == 0);
            characters += row.truth.len();
            edits += row.edits;
        }
        let interval = clopper_pearson(right, strings);
        LengthRow {
            arm: rows[0].arm.clone(),
            seed: rows[0].seed,
            length,
            strings,
            right,
            right_percent: percent(right, strings),
            right_low_percent: interval.low,
            right_high_percent: interval.high,
            characters,
            edits,
            character_error_percent: percent(edits, characters),
        }
    };
    networks.flat_map(|rows| LENGTHS.into_iter().chain([0]).map(move |length| count(rows, length))).collect()
}

/// Rows of the same network, which stand together.
fn networks(rows: &[LengthRow]) -> impl Iterator<Item = &[LengthRow]> {
    rows.chunk_by(|one, next| (&one.arm, one.seed) == (&next.arm, next.seed))
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let sheet = sheet::draw(&folder.read("figures.csv")?, &folder.read("outputs.csv")?)?;
    folder.draw("figures.svg", "outputs.csv", &sheet.to_svg())?;
    let rows: Vec<LengthRow> = folder.read("lengths.csv")?;
    let count = networks(&rows).count() as f64;
    let mut curves: Vec<Curve> = Vec::new();
    for (index, network) in networks(&rows).enumerate() {
        let (name, colour) = legend(&network[0].arm);
        let label = if curves.iter().any(|curve| curve.colour == colour) { "" } else { name };
        let rows = || network.iter().filter(|row| row.length > 0);
        let x = |row: &LengthRow| row.length as f64 + 0.08 * (index as f64 - (count - 1.0) / 2.0);
        let points = rows().map(|row| (x(row), row.right_percent));
        let bars = rows().map(|row| (x(row), row.right_low_percent, row.right_high_percent));
        curves.push(Curve::new(label, colour, plot::LineStyle::Dots, points).with_band(bars));
    }
    let title = "Strings of test digits read right, each network with its 95 % intervals".into();
    let (x, y) = (
        Axis { low: Some(1.5), high: Some(5.5), ..Axis::whole("digits in the string") },
        Axis::between("strings read right (%)", 0.0, 100.0),
    );
    let chart = Chart { title, x, y, curves, ..Chart::default() };
    folder.charts("lengths.svg", "lengths.csv", [chart], plot::ALONE)
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let (rows, outputs): (Vec<LengthRow>, Vec<OutputRow>) = (folder.read("lengths.csv")?, folder.read("outputs.csv")?);
    let mut findings = Vec::new();
    let mut text = String::from(
        "Strings composed from test digits, 2 to 5 of them side by side: the network is replicated over the picture and answers at \
         positions 4 pixels apart; a character model that forbids two characters on neighbouring positions finds the answer by \
         Viterbi's algorithm. Read right, of all strings:\n\n",
    );
    for network in networks(&rows) {
        let (arm, seed) = (&network[0].arm, network[0].seed);
        let (name, _) = legend(arm);
        let spelt = |figure: usize| -> String {
            let row = |row: &&OutputRow| row.arm == *arm && row.seed == seed && row.figure == figure && row.read;
            outputs.iter().filter(row).map(|row| row.name.as_str()).collect()
        };
        let answers: Vec<String> = (0..FIGURES.len()).map(spelt).collect();
        let right = answers.iter().zip(FIGURES).filter(|(answer, truth)| answer == truth).count();
        let Some(all) = network.iter().find(|row| row.length == 0) else {
            anyhow::bail!("lengths.csv: no row for all")
        };
        let share = format!(
            "{:.1} % ({:.1} to {:.1} %), characters wrong: {:.2} %",
            all.right_percent, all.right_low_percent, all.right_high_percent, all.character_error_percent
        );
        text += &format!("- {name}, seed {seed}: {share}; of the paper's strings: {}\n", answers.join(", "));
        let what = format!("Strings like those of Figs. 25 and 26 ({}), {name}, seed {seed}", FIGURES.join(", "));
        findings.push(Finding::new(what, "5 of 5", format!("{right} of 5")));
        let what = format!("{} strings of 2 to 5 test digits read right, {name}, seed {seed}", all.strings);
        findings.push(Finding::new(what, "-", share));
    }
    let figures = [
        (
            "figures.svg",
            "the strings of Figs. 25 and 26 with the outputs by position: the darker, the nearer to the code of the class",
        ),
        ("lengths.svg", "strings read right by their length"),
    ];
    let figures = figures.map(|(file, caption)| (file.into(), caption.into())).to_vec();
    Ok(Section { title: "strings of digits".into(), text, figures, findings })
}

#[cfg(test)]
mod tests {
    use super::*;
    use lenet5::data::digits;

    #[test]
    fn strings_are_the_same_every_time_and_say_what_they_show() {
        let images = digits::load().test;
        for string in 0..8 {
            let (line, truth) = compose(&images, string);
            assert_eq!((truth.len(), line.middles.len()), (LENGTHS[string % 4], LENGTHS[string % 4]));
            assert_eq!(compose(&images, string), (line, truth));
        }
        assert_ne!(compose(&images, 0), compose(&images, 4));
        let middles = (0..FIGURES.len()).map(|figure| compose_figure(&images, figure).middles.len());
        assert_eq!(middles.collect::<Vec<usize>>(), FIGURES.map(str::len));
    }

    #[test]
    fn lengths_are_counted_for_each_network() {
        let row = |seed, truth: &str, answer: &str, edits| {
            let (truth, answer) = (truth.into(), answer.into());
            StringRow { arm: "flanked".into(), seed, string: 0, truth, answer, edits }
        };
        let rows = [row(1, "12", "12", 0), row(1, "34", "3", 1), row(1, "567", "8867", 2), row(2, "12", "12", 0)];
        let counted = length_rows(&rows);
        let of = |seed, length| counted.iter().find(|row| (row.seed, row.length) == (seed, length)).unwrap();
        let numbers = |row: &LengthRow| (row.strings, row.right, row.characters, row.edits);
        assert_eq!(counted.len(), 2 * 5);
        assert_eq!(numbers(of(1, 2)), (2, 1, 4, 1));
        assert_eq!(numbers(of(1, 3)), (1, 0, 3, 2));
        assert_eq!(numbers(of(1, 0)), (3, 1, 7, 3));
        assert_eq!((of(1, 2).right_percent, of(1, 2).character_error_percent), (50.0, 25.0));
        assert_eq!(numbers(of(2, 0)), (1, 1, 2, 0));
    }
}
