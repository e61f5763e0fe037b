//! The page of errors: each picture with its class and the answer.

use lenet5::drawing::gallery::{Gallery, Shown};
use lenet5::drawing::plot::colour;
use lenet5::drawing::sheet::Thumbnail;
use plotters::style::BLACK;
use serde::{Deserialize, Serialize};

use crate::record::{Folder, from_hex};

/// The most pictures that a page takes.
const MOST: usize = 150;

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
    let (kept, count) = (&rows[..rows.len().min(MOST)], rows.len());
    let seed = rows.first().map_or(0, |row| row.seed);
    let shared = rows.iter().filter(|row| row.paper_answer.is_some()).count();
    let left_out = if kept.len() < count { format!("; the first {MOST} of them") } else { String::new() };
    let page = Gallery {
        title: format!("Fig. 8: the {count} errors of LeNet-5 trained with distortions (seed {seed})"),
        notes: vec![
            (BLACK, format!("class > answer; k/n: how many of our seeds miss it{left_out}")),
            (colour::TRAINING, format!("framed: among the paper's 82 errors too ({shared}), with the paper's answer")),
        ],
        pictures: kept.iter().map(shown).collect::<Result<_, _>>()?,
    };
    folder.draw("fig8.svg", "gallery.csv", &page.to_svg())
}

fn shown(row: &GalleryRow) -> anyhow::Result<Shown> {
    let pixels = from_hex(&row.picture, row.height * row.width)?;
    let of_paper = row.paper_answer.map(|paper| (colour::TRAINING, format!("paper: {paper}")));
    let seeds = (colour::PAPER, format!("{}/{}", row.seeds_that_miss_it, row.seeds));
    Ok(Shown {
        picture: Thumbnail::of_bytes(&pixels, (row.height, row.width)),
        frame: row.paper_answer.map(|_| colour::TRAINING),
        caption: format!("{} > {}", row.label, row.answer),
        small: of_paper.into_iter().chain([seeds]).collect(),
    })
}
