//! Images of one's own: five marks of 32 x 32 pixels are learnt, the network is saved, loaded, and reads one.
//!
//! cargo run --release --example own_images -- NEW-FOLDER

use lenet5::applications::reader::Reader;
use lenet5::data::{Dataset, Images};
use lenet5::runs::{checkpoint::Model, train};
use std::{error::Error, ops::Range, path::Path};

const NAMES: [&str; 5] = ["bar", "rule", "slope", "cross", "frame"];

/// Mark `number`, of class `number % 5`, in a place of its own: 0 is background, 1 is ink.
fn mark(number: usize) -> [[f32; 32]; 32] {
    let mut levels = [[0.0; 32]; 32];
    for (y, x) in (0..100).map(|at| (at / 10, at % 10)) {
        let is_ink = [x == 5, y == 5, x == y, x == 5 || y == 5, x % 9 == 0 || y % 9 == 0];
        levels[y + 6 + number / 5 * 7 % 11][x + 7 + number / 5 * 5 % 9] = f32::from(is_ink[number % 5]);
    }
    levels
}

/// Trains in `folder`, which must be new or empty; the test error, and the name of what the loaded network sees in a cross.
pub fn run(folder: &Path) -> Result<(f64, String), Box<dyn Error>> {
    let marks = |numbers: Range<usize>| Images::from_arrays(&NAMES, numbers.map(|number| (number % 5, mark(number))));
    let dataset = Dataset::new("five marks", marks(0..300)?, marks(300..400)?)?;
    let last = train(folder, &["passes=8"], &dataset)?;
    let mut reader = Reader::new(&Model::load(folder)?)?;
    let answer = reader.read(dataset.test.image(3), dataset.test.shape())?;
    Ok((last.test_error_percent, reader.names()[answer.class].clone()))
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).ok_or("expected the path of a new folder")?;
    let (error, answer) = run(Path::new(&folder))?;
    println!("test error {error:.2} %; a cross is read as: {answer}");
    Ok(())
}
