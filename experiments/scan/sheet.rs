//! The paper's strings with what the network answered at each position.

use lenet5::data::flanked::STRIDE;
use lenet5::drawing::plot::colour;
use lenet5::drawing::sheet::{Anchor, Sheet, Thumbnail};
use plotters::style::RGBColor;
use serde::{Deserialize, Serialize};

use super::networks::legend;
use super::strings::HEIGHT;
use crate::record::from_hex;

/// Units of the sheet for a pixel of a string.
const SCALE: f64 = 2.5;
const LETTERS: f64 = 10.0;
/// From this distance on an output is white; 0 is black.
const WHITE_DISTANCE: f64 = 100.0;

/// A row of `figures.csv`: a string of the paper's figures, its pixels row by row, two hexadecimal digits each.
#[derive(Serialize, Deserialize)]
pub struct FigureRow {
    pub figure: usize,
    pub truth: String,
    pub width: usize,
    pub pixels: String,
}

/// A row of `outputs.csv`: an output of a network on a string of `figures.csv`.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct OutputRow {
    pub arm: String,
    pub seed: u64,
    pub figure: usize,
    pub position: usize,
    pub class: usize,
    pub name: String,
    /// y of eq. 7, also of a network with half distances.
    pub distance: f32,
    pub read: bool,
}

impl OutputRow {
    /// A row of this network's outputs on this figure's string, whose output is still to be filled in.
    pub fn of((arm, seed): (&str, u64), figure: usize) -> Self {
        Self { arm: arm.into(), seed, figure, ..Self::default() }
    }
}

/// The strings of the paper's figures from top to bottom; for each arm, its network with the first seed, a column.
pub fn draw(figures: &[FigureRow], outputs: &[OutputRow]) -> anyhow::Result<Sheet> {
    let mut arms: Vec<&str> = outputs.iter().map(|row| row.arm.as_str()).collect();
    arms.dedup();
    let widest = figures.iter().map(|figure| figure.width).max().unwrap_or(0);
    let strip = STRIDE as f64 * SCALE;
    let (margin, column) = (4.5 * LETTERS, SCALE * widest as f64 + 5.0 * LETTERS);
    let row = SCALE * HEIGHT as f64 + 11.0 * strip + 5.0 * LETTERS;
    let top = 5.0 * LETTERS;
    let mut sheet = Sheet::new(column * arms.len() as f64, top + row * figures.len() as f64);
    let title = "Figs. 25 and 26: strings read by the replicated network, outputs by position; networks trained on";
    sheet.text(1.5 * LETTERS, 1.8 * LETTERS, 1.5 * LETTERS, Anchor::Start, title);
    for (number, arm) in arms.into_iter().enumerate() {
        let left = number as f64 * column + margin;
        let (name, colour) = legend(arm);
        let seed = outputs.iter().find(|row| row.arm == arm).map_or(0, |row| row.seed);
        sheet.coloured_text(left, 4.0 * LETTERS, 1.4 * LETTERS, Anchor::Start, colour, name);
        for (place, figure) in figures.iter().enumerate() {
            let of_this = |row: &&OutputRow| row.arm == arm && row.seed == seed && row.figure == figure.figure;
            let outputs: Vec<&OutputRow> = outputs.iter().filter(of_this).collect();
            draw_figure(&mut sheet, (left, top + place as f64 * row), figure, &outputs, colour)?;
        }
    }
    Ok(sheet)
}

/// A string, below it the distances with a row for each class and a column for each position, under the middle of what the
/// network sees there, and what was read.
fn draw_figure(
    sheet: &mut Sheet,
    (left, top): (f64, f64),
    figure: &FigureRow,
    outputs: &[&OutputRow],
    colour: RGBColor,
) -> anyhow::Result<()> {
    let pixels = from_hex(&figure.pixels, HEIGHT * figure.width)?;
    sheet.framed(left, top, SCALE, &Thumbnail::of_bytes(&pixels, (HEIGHT, figure.width)), 0.5, colour::PAPER);
    let cell = STRIDE as f64 * SCALE;
    let (positions, classes) = outputs.last().map_or((0, 0), |row| (row.position + 1, row.class + 1));
    let (x, y) = (left + SCALE * 14.0, top + SCALE * HEIGHT as f64 + 0.5 * LETTERS);
    let mut distances = vec![0.0; positions * classes];
    outputs.iter().for_each(|row| distances[row.class * positions + row.position] = row.distance);
    let drawn = Thumbnail::of_values(&distances, (classes, positions), (WHITE_DISTANCE, 0.0));
    sheet.framed(x, y, cell, &drawn, 0.5, colour::PAPER);
    let place = |row: &OutputRow| (x + cell * row.position as f64, y + cell * row.class as f64);
    let mut answer = String::new();
    for row in outputs {
        let (at, below) = place(row);
        if row.position == 0 {
            sheet.text(x - 0.3 * LETTERS, below + 0.9 * cell, LETTERS, Anchor::End, &row.name);
        }
        if row.read {
            sheet.rect(at, below, (cell, cell), 1.5, colour);
            sheet.coloured_text(
                at + cell / 2.0,
                y + cell * (classes as f64 + 1.1),
                1.2 * LETTERS,
                Anchor::Middle,
                colour,
                &row.name,
            );
            answer += &row.name;
        }
    }
    let below = y + cell * (classes as f64 + 1.1);
    sheet.coloured_text(left, below, 1.2 * LETTERS, Anchor::End, colour, "read");
    if answer != figure.truth {
        sheet.text(left + SCALE * figure.width as f64, below, LETTERS, Anchor::End, &format!("not {}", figure.truth));
    }
    Ok(())
}
