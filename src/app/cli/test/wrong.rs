//! A page of the test patterns that were answered wrongly.

use lenet5::data::Images;
use lenet5::drawing::gallery::{Gallery, Shown};
use lenet5::drawing::plot::colour;
use lenet5::drawing::sheet::Thumbnail;
use lenet5::evaluation::Outputs;
use lenet5::words::{count, thousands};
use plotters::style::BLACK;

/// The most pictures of the page.
const MOST: usize = 1000;
/// The most letters of a caption on one line.
const LETTERS: usize = 9;

/// The patterns with wrong answers, in their order, each with its class, the answer and its index.
pub fn page(title: &str, names: &[String], images: &Images, outputs: &Outputs<f32>) -> String {
    let (answers, labels) = (outputs.answers(), images.labels());
    let wrong: Vec<usize> = (0..images.len()).filter(|&index| answers[index] != usize::from(labels[index])).collect();
    let left_out = if wrong.len() > MOST { format!("; the first {} of them", thousands(MOST)) } else { String::new() };
    let shown = |&index: &usize| {
        let (truth, answer) = (cut(&names[usize::from(labels[index])]), cut(&names[answers[index]]));
        let at = (colour::PAPER, index.to_string());
        let on_one_line = format!("{truth} > {answer}");
        let (caption, small) = if on_one_line.chars().count() <= LETTERS {
            (on_one_line, vec![at])
        } else {
            (truth, vec![(BLACK, format!("> {answer}")), at])
        };
        Shown { picture: Thumbnail::of_image(images, index), frame: None, caption, small }
    };
    let note = format!("class > answer, and the pattern's index, counted from 0{left_out}");
    let notes = [title.to_string(), note].map(|note| (BLACK, note)).to_vec();
    let title = format!("{} of {}", count(wrong.len(), "error"), count(images.len(), "pattern"));
    Gallery { title, notes, pictures: wrong.iter().take(MOST).map(shown).collect() }.to_svg()
}

/// A name as long as fits below a picture.
fn cut(name: &str) -> String {
    name.chars().take(LETTERS + 1).collect()
}
