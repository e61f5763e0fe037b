//! A page of the first images of each class of a data set.

use super::sheet::{Anchor, Sheet, Thumbnail};
use crate::data::{Dataset, Images};
use crate::words::{count, thousands};

/// The most images of a class.
const COLUMNS: usize = 10;
/// Units on the page for each pixel of an image.
const SCALE: f64 = 1.5;
const MARGIN: f64 = 16.0;
const LETTER: f64 = 12.0;
/// Between images.
const GAP: f64 = 4.0;

/// The first training images of each class, a row a class with its name and number of patterns, as SVG. Ink is black; of colours, the mean
/// of the channels is drawn.
pub fn page(dataset: &Dataset) -> String {
    let images = &dataset.training;
    let (names, (height, width)) = (images.class_names(), images.size());
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); names.len()];
    let mut counts = vec![0; names.len()];
    for (index, &label) in images.labels().iter().enumerate() {
        let class = usize::from(label);
        counts[class] += 1;
        if rows[class].len() < COLUMNS {
            rows[class].push(index);
        }
    }
    let caption = |class: usize| format!("{} ({})", names[class], thousands(counts[class]));
    let longest = (0..names.len()).map(|class| caption(class).chars().count()).max().unwrap_or(0);
    let left = MARGIN + 0.62 * LETTER * longest as f64 + 10.0;
    let (wide, high) = (SCALE * width as f64 + GAP, (SCALE * height as f64).max(LETTER) + GAP);
    let top = MARGIN + 2.0 * LETTER;
    let mut sheet = Sheet::new(left + COLUMNS as f64 * wide + MARGIN, top + names.len() as f64 * high + MARGIN);
    let title =
        format!("{} ({}), the first of {}", dataset.source, dataset.origin, count(images.len(), "training image"));
    sheet.text(MARGIN, MARGIN + LETTER, LETTER, Anchor::Start, &title);
    for (class, row) in rows.iter().enumerate() {
        let y = top + class as f64 * high;
        sheet.text(left - 8.0, y + 0.5 * high, LETTER, Anchor::End, &caption(class));
        for (column, &index) in row.iter().enumerate() {
            let thumbnail = Thumbnail::of_bytes(&grey(images, index), (height, width));
            sheet.picture(left + column as f64 * wide, y, SCALE, &thumbnail);
        }
    }
    sheet.to_svg()
}

/// The mean of the channels of an image.
fn grey(images: &Images, index: usize) -> Vec<u8> {
    let ((height, width), channels) = (images.size(), images.channels());
    let (area, image) = (height * width, images.image(index));
    let mean = |at: usize| {
        let sum: usize = (0..channels).map(|channel| usize::from(image[channel * area + at])).sum();
        (sum / channels) as u8
    };
    (0..area).map(mean).collect()
}
