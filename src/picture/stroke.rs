//! The width of a digit's strokes, brought to that of MNIST's.

use image::{GrayImage, Luma, imageops};
use imageproc::distance_transform::{Norm, distance_transform};
use imageproc::morphology::{Mask, grayscale_dilate};
use serde::Serialize;

use super::scaling::{BOX, scaled};

/// The strokes are measured and thickened on a digit so many times as large.
const FINE: u32 = 4;
/// Thinner strokes are thickened, in pixels of the box.
const LEAST: f64 = 1.6;
/// The mean width of the strokes of MNIST's training digits, in pixels of the box.
const USUAL: f64 = 2.6;

/// The mean width of a digit's strokes, in pixels of the network's input.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct StrokeWidth {
    /// As it was drawn.
    pub drawn: f64,
    /// As the network sees it.
    pub seen: f64,
}

/// As a phrase: "strokes 1.1 pixels wide, redrawn 2.6 wide".
impl std::fmt::Display for StrokeWidth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "strokes {:.1} pixels wide", self.drawn)?;
        if self.seen > self.drawn { write!(f, ", redrawn {:.1} wide", self.seen) } else { Ok(()) }
    }
}

/// The ink of a digit, scaled into the [`BOX`], with strokes as wide as MNIST's if its own are much thinner.
pub(super) fn in_box(ink: &GrayImage) -> (GrayImage, StrokeWidth) {
    let fine = scaled(ink, FINE * BOX as u32);
    let drawn = width(&fine);
    let radius = (f64::from(FINE) * (USUAL - drawn) / 2.0).round() as u32;
    if drawn >= LEAST || radius == 0 {
        return (scaled(ink, BOX as u32), StrokeWidth { drawn, seen: drawn });
    }
    // Thickened, it fills the box again.
    let small = scaled(ink, FINE * BOX as u32 - 2 * radius);
    let mut thick = GrayImage::new(small.width() + 2 * radius, small.height() + 2 * radius);
    imageops::replace(&mut thick, &small, radius.into(), radius.into());
    let thick = grayscale_dilate(&thick, &Mask::disk(radius as u8));
    let seen = width(&thick);
    (scaled(&thick, BOX as u32), StrokeWidth { drawn, seen })
}

/// The mean width of the strokes of a digit that is [`FINE`] times as large as the network sees it, in the network's pixels: across a stroke,
/// the mean distance to its nearer edge is a quarter of its width. A stroke ends where its ink is half of the strongest.
fn width(fine: &GrayImage) -> f64 {
    let strongest = fine.iter().max().copied().unwrap_or(0);
    let least = strongest.div_ceil(2).max(1);
    let paper = GrayImage::from_fn(fine.width() + 2, fine.height() + 2, |x, y| {
        let inside = (1..=fine.width()).contains(&x) && (1..=fine.height()).contains(&y);
        Luma([if inside && fine.get_pixel(x - 1, y - 1).0[0] >= least { 0 } else { 255 }])
    });
    let distances = distance_transform(&paper, Norm::L2);
    let inside = distances.iter().filter(|distance| **distance > 0);
    let (count, sum) = inside.fold((0, 0.0), |(count, sum), distance| (count + 1, sum + f64::from(*distance) - 0.5));
    4.0 * sum / f64::from(count.max(1)) / f64::from(FINE)
}
