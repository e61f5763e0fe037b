//! Fig. 7: ten training patterns and distorted copies of them.
//!
//! The ten originals are those of the paper's figure. Their copies are the nine that the first seed of the
//! distortion-trained network sees. `samples.csv` has a row for each picture with the parameters drawn for it,
//! `originals.csv` the originals' pixels.

use lenet5::data::distortion::{self, Distortion};
use lenet5::data::encoder::{BACKGROUND, Encoder, Encoding, FOREGROUND};
use lenet5::data::warp::warp;
use lenet5::drawing::plot::colour;
use lenet5::drawing::sheet::{Anchor, Sheet, Thumbnail};
use lenet5::kernels::maps::Maps;
use lenet5::models::INPUT;
use lenet5::training::presentation::Presentation;
use serde::{Deserialize, Serialize};

use crate::experiment::{Context, Experiment};
use crate::fig6;
use crate::record::{Folder, from_hex, to_hex};
use crate::section::Section;

pub const EXPERIMENT: Experiment = Experiment {
    name: "fig7",
    about: "ten training patterns and their distorted copies",
    arms: |_| Vec::new(),
    summarise: summary,
    plot: draw,
    section,
};

/// The training patterns of the paper's figure, by digit.
const ORIGINALS: [usize; 10] = [359, 366, 339, 330, 336, 376, 331, 337, 333, 334];
/// Rows and columns of their images.
const SIDE: usize = 28;

/// A row of `originals.csv`: 28x28 bytes, row by row, two hexadecimal digits each.
#[derive(Serialize, Deserialize)]
struct OriginalRow {
    digit: usize,
    training_index: usize,
    pixels: String,
}

/// A row of `samples.csv`; lengths in pixels. Copy 0 is the original.
#[derive(Serialize, Deserialize)]
struct SampleRow {
    seed: u64,
    digit: usize,
    training_index: usize,
    copy: usize,
    scale: f64,
    squeeze: f64,
    shear: f64,
    right: f64,
    down: f64,
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let arm = fig6::distorted_as_fig_7(context.extent);
    let settings = arm.settings.with(|config| config.seed = arm.seeds.iter().next().unwrap_or(config.seed))?;
    let (seed, copies) = (settings.seed, settings.distorted_copies);
    let images = &context.dataset.training;
    anyhow::ensure!(images.size() == (SIDE, SIDE), "the training images are not {SIDE}x{SIDE}");
    let presentation = Presentation::<f32>::new(images.clone(), &settings, &Encoding::default());
    let (mut originals, mut samples) = (Vec::new(), Vec::new());
    for (digit, training_index) in ORIGINALS.into_iter().enumerate() {
        let label = images.labels().get(training_index);
        anyhow::ensure!(label == Some(&(digit as u8)), "training pattern {training_index} is no {digit}");
        let pixels = to_hex(images.image(training_index));
        originals.push(OriginalRow { digit, training_index, pixels });
        samples.extend((0..=copies).map(|copy| {
            let drawn = presentation.distortion(training_index + copy * images.len());
            let Distortion { scale, squeeze, shear, right, down } = drawn.unwrap_or_default();
            SampleRow { seed, digit, training_index, copy, scale, squeeze, shear, right, down }
        }));
    }
    context.folder.write("originals.csv", &originals)?;
    context.folder.write("samples.csv", &samples)
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let (originals, samples): (Vec<OriginalRow>, Vec<SampleRow>) =
        (folder.read("originals.csv")?, folder.read("samples.csv")?);
    const SCALE: f64 = 2.25;
    const PITCH: f64 = 78.0;
    const LEFT: f64 = 16.0;
    const TOP: f64 = 74.0;
    let columns = samples.iter().map(|row| row.copy + 1).max().unwrap_or(0);
    let seed = samples.first().map_or(0, |row| row.seed);
    let (width, height) = (LEFT + PITCH * columns as f64 + 18.0, TOP + PITCH * originals.len() as f64 + 8.0);
    let mut sheet = Sheet::new(width, height);
    sheet.text(LEFT, 30.0, 20.0, Anchor::Start, "Fig. 7: ten training patterns and their distorted copies");
    sheet.coloured_text(LEFT, 62.0, 16.0, Anchor::Start, colour::TRAINING, "original");
    let second = LEFT + PITCH + 10.0;
    sheet.text(second, 62.0, 16.0, Anchor::Start, &format!("the {} copies that seed {seed} trains on", columns - 1));
    let encoder = Encoder::<f32>::default();
    let mut input = Maps::zeros(INPUT);
    for (index, original) in originals.iter().enumerate() {
        let pixels = from_hex(&original.pixels, SIDE * SIDE)?;
        for row in samples.iter().filter(|row| row.digit == original.digit) {
            let &SampleRow { copy, scale, squeeze, shear, right, down, .. } = row;
            let distortion = Distortion { scale, squeeze, shear, right, down };
            warp(&distortion.forward(), &pixels, (SIDE, SIDE), &encoder, &mut input);
            let picture = Thumbnail::of_values(input.map(0), (INPUT.height, INPUT.width), (BACKGROUND, FOREGROUND));
            let (x, y) = (LEFT + PITCH * copy as f64 + if copy > 0 { 10.0 } else { 0.0 }, TOP + PITCH * index as f64);
            let (thickness, colour) = if copy == 0 { (2.0, colour::TRAINING) } else { (0.5, colour::PAPER) };
            sheet.framed(x, y, SCALE, &picture, thickness, colour);
        }
    }
    folder.draw("fig7.svg", "samples.csv", &sheet.to_svg())
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let samples: Vec<SampleRow> = folder.read("samples.csv")?;
    let copies = samples.iter().filter(|row| row.copy > 0).count();
    let seed = samples.first().map_or(0, |row| row.seed);
    let text = format!(
        "The ten originals of the paper's figure and the {copies} copies of them among the 540,000 distorted patterns of seed \
         {seed}. Each is moved by one planar affine map whose parameters are uniform: scale 1 +- {}, squeeze 1 +- {}, shear +- \
         {} pixels for each row, translations +- {} pixels times the scale. The paper prints no ranges; these were fitted to \
         its figure.",
        distortion::SCALE,
        distortion::SQUEEZE,
        distortion::SHEAR,
        distortion::TRANSLATION
    );
    Ok(Section {
        title: "distorted patterns".into(),
        text,
        figures: vec![("fig7.svg".into(), "ten originals, each with its distorted copies".into())],
        findings: Vec::new(),
    })
}
