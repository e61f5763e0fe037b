//! A page of the pictures that were read wrongly, each with what the network saw.

use std::path::Path;

use image::imageops::{self, FilterType};
use lenet5::drawing::plot::colour;
use lenet5::drawing::sheet::{Anchor, Sheet, Thumbnail};
use lenet5::picture;

use lenet5::applications::reading::Character;

use super::answered::{Answered, heading, sentence};

const WIDTH: f64 = 920.0;
const MARGIN: f64 = 16.0;
const LETTER: f64 = 11.0;
/// Of the characters of a line.
const SMALL: f64 = 9.0;
/// The height of a row of the page, and of the pictures in it.
const ROW: f64 = 92.0;
const HEIGHT: f64 = 68.0;
/// The largest width of an original, in units of the page.
const ORIGINAL: f64 = 300.0;

/// The wrong answers of a set whose files stand in `folder`, one below the other: the original, and the input of the network; of a line the
/// original with its characters, those that are not trusted in another colour.
pub fn of_wrong(answered: &[Answered], folder: &Path) -> String {
    let wrong: Vec<&Answered> = answered.iter().filter(|answered| !answered.is_right()).collect();
    let mut sheet = Sheet::new(WIDTH, 2.0 * MARGIN + 20.0 + ROW * wrong.len() as f64);
    let title = format!("{}: {} read wrongly", heading(answered), wrong.len());
    sheet.text(MARGIN, MARGIN + LETTER, 1.2 * LETTER, Anchor::Start, &title);
    for (index, wrong) in wrong.into_iter().enumerate() {
        let y = MARGIN + 28.0 + ROW * index as f64;
        sheet.text(MARGIN, y + LETTER, LETTER, Anchor::Start, &sentence(wrong));
        let y = y + LETTER + 5.0;
        if let Ok(levels) = picture::read_gray(&folder.join(&wrong.file)) {
            let scale = (HEIGHT / f64::from(levels.height())).min(ORIGINAL / f64::from(levels.width()));
            let side = |pixels: u32| ((f64::from(pixels) * scale).round() as u32).max(1);
            let small = imageops::resize(&levels, side(levels.width()), side(levels.height()), FilterType::Triangle);
            let size = (small.height() as usize, small.width() as usize);
            let inverted: Vec<u8> = small.iter().map(|level| 255 - level).collect();
            sheet.picture(MARGIN, y, 1.0, &Thumbnail::of_bytes(&inverted, size));
            for Character { character, place, trusted, .. } in &wrong.characters {
                let [left, right, top, bottom] =
                    [place.left, place.right, place.top, place.bottom].map(|at| f64::from(at) * scale);
                let colour = if *trusted { colour::TEST } else { colour::TRAINING };
                sheet.rect(MARGIN + left, y + top, (right - left, bottom - top), 1.0, colour);
                sheet.coloured_text(MARGIN + left, y + top + SMALL, SMALL, Anchor::Start, colour, character);
            }
        }
        let (pixels, width) = &wrong.seen;
        if *width > 0 {
            let seen = Thumbnail::of_bytes(pixels, (pixels.len() / width, *width));
            let left = MARGIN + ORIGINAL + 20.0;
            let scale = (HEIGHT / seen.height()).min((WIDTH - left - MARGIN) / seen.width());
            sheet.picture(left, y, scale, &seen);
        }
    }
    sheet.to_svg()
}
