//! Images of one's own: five marks of 32 x 32 pixels are learnt, the network is saved, loaded, and reads one.
//!
//! cargo run --release --example own_images -- NEW-FOLDER

use lenet5::applications::reader::Reader;
use lenet5::data::{Dataset, Images, ImagesError};
use lenet5::kernels::maps::Shape;
use lenet5::models::builder::Builder;
use lenet5::runs::{checkpoint::Model, folder::Run};
use std::{error::Error, ops::Range, path::Path};

/// Mark `number`, of the class `number % 5`: levels of 0 to 1. The marks of a class stand in different places.
fn mark(number: usize) -> Vec<f32> {
    let (down, right) = (number / 5 * 7 % 11 + 6, number / 5 * 5 % 9 + 7);
    let is_ink = |y: usize, x: usize| match number % 5 {
        0 => x == 5,                                     // a bar
        1 => y == 5,                                     // a rule
        2 => x == y,                                     // a slope
        3 => x == 5 || y == 5,                           // a cross
        _ => [0, 9].contains(&x) || [0, 9].contains(&y), // a frame
    };
    let inside = |at: usize| Some((at / 32).checked_sub(down)?).zip((at % 32).checked_sub(right));
    let level = |at: usize| inside(at).is_some_and(|(y, x)| y < 10 && x < 10 && is_ink(y, x));
    (0..32 * 32).map(|at| f32::from(u8::from(level(at)))).collect()
}

fn marks(numbers: Range<usize>) -> Result<Images, ImagesError> {
    let levels: Vec<f32> = numbers.clone().flat_map(mark).collect();
    let names = ["bar", "rule", "slope", "cross", "frame"].map(String::from).to_vec();
    Images::from_levels((1, 32, 32), &levels, numbers.map(|number| (number % 5) as u8).collect())?.named(names)
}

/// Trains in `folder`, which must be new or empty; the test error, and the name of what the loaded network sees in a cross.
pub fn run(folder: &Path) -> Result<(f64, String), Box<dyn Error>> {
    let dataset = Dataset::new("five marks", marks(0..300)?, marks(300..400)?)?;
    let mut run = Run::create(folder, Builder::assigned(&["passes=8"])?, &dataset)?;
    run.train(&dataset, &mut ())?;
    let error = run.records().last().ok_or("no pass")?.test_error_percent;

    let mut reader = Reader::new(&Model::load(&folder.join("model.safetensors"))?)?;
    let cross = marks(303..304)?;
    let answer = reader.read(cross.image(0), Shape::new(1, 32, 32))?;
    Ok((error, reader.names()[answer.class].clone()))
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).ok_or("expected the path of a new folder")?;
    let (error, answer) = run(Path::new(&folder))?;
    println!("test error {error:.2} %; a cross is read as: {answer}");
    Ok(())
}
