//! The page of errors: each picture with its class and the answer.

use lenet5::drawing::plot::colour;
use lenet5::drawing::sheet::{Anchor, Sheet, Thumbnail};
use serde::{Deserialize, Serialize};

use crate::record::{Folder, from_hex};

const COLUMNS: usize = 10;
/// The most pictures that a page takes.
const MOST: usize = 150;
/// Width and height of a picture's place with its captions.
const PLACE: (f64, f64) = (78.0, 110.0);
const TOP: f64 = 84.0;
const MARGIN: f64 = 16.0;

/// A row of `gallery.csv`; the picture as two hexadecimal digits for each pixel, row by row.
#[derive(Serialize, Deserialize)]
pub struct GalleryRow {
    pub seed: u64,
    pub mnist_test_index: usize,
    pub label: u8,
    pub answer: usize,
    pub paper_answer: Option<usize>,
    pub seeds_that_miss_it: usize,
    pub seeds: usize,
    pub height: usize,
    pub width: usize,
    pub picture: String,
}

pub fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<GalleryRow> = folder.read("gallery.csv")?;
    let (shown, count) = (&rows[..rows.len().min(MOST)], rows.len());
    let lines = shown.len().div_ceil(COLUMNS).max(1);
    let width = 2.0 * MARGIN + COLUMNS as f64 * PLACE.0;
    let mut sheet = Sheet::new(width, TOP + lines as f64 * PLACE.1 + MARGIN);
    let seed = rows.first().map_or(0, |row| row.seed);
    let shared = rows.iter().filter(|row| row.paper_answer.is_some()).count();
    let title = format!("Fig. 8: the {count} errors of LeNet-5 trained with distortions (seed {seed})");
    sheet.text(MARGIN, 32.0, 20.0, Anchor::Start, &title);
    let left_out = if shown.len() < count { format!("; the first {MOST} of them") } else { String::new() };
    let key = format!("class > answer; k/n: how many of our seeds miss it{left_out}");
    sheet.text(MARGIN, 54.0, 15.0, Anchor::Start, &key);
    let framed = format!("framed: among the paper's 82 errors too ({shared}), with the paper's answer");
    sheet.coloured_text(MARGIN, 73.0, 15.0, Anchor::Start, colour::TRAINING, &framed);
    for (index, row) in shown.iter().enumerate() {
        let x = MARGIN + (index % COLUMNS) as f64 * PLACE.0;
        let y = TOP + (index / COLUMNS) as f64 * PLACE.1;
        place(&mut sheet, row, (x, y))?;
    }
    folder.draw("fig8.svg", "gallery.csv", &sheet.to_svg())
}

/// A picture with its captions, the top left corner of its place at (`x`, `y`).
fn place(sheet: &mut Sheet, row: &GalleryRow, (x, y): (f64, f64)) -> anyhow::Result<()> {
    const SCALE: f64 = 2.0;
    let pixels = from_hex(&row.picture, row.height * row.width)?;
    let size = (SCALE * row.width as f64, SCALE * row.height as f64);
    let (left, middle) = (x + (PLACE.0 - size.0) / 2.0, x + PLACE.0 / 2.0);
    sheet.picture(left, y + 4.0, SCALE, &Thumbnail::of_bytes(&pixels, (row.height, row.width)));
    let below = y + 4.0 + size.1;
    sheet.text(middle, below + 17.0, 15.0, Anchor::Middle, &format!("{} > {}", row.label, row.answer));
    let seeds = format!("{}/{}", row.seeds_that_miss_it, row.seeds);
    if let Some(paper) = row.paper_answer {
        sheet.rect(left - 2.0, y + 2.0, (size.0 + 4.0, size.1 + 4.0), 2.0, colour::TRAINING);
        sheet.coloured_text(middle, below + 32.0, 12.0, Anchor::Middle, colour::TRAINING, &format!("paper: {paper}"));
        sheet.coloured_text(middle, below + 45.0, 11.0, Anchor::Middle, colour::PAPER, &seeds);
    } else {
        sheet.coloured_text(middle, below + 32.0, 11.0, Anchor::Middle, colour::PAPER, &seeds);
    }
    Ok(())
}
