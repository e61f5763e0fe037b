//! A picture of a digit, drawn, scanned or photographed: what the network sees of it, and which digit it takes it for.
//!
//! cargo run --release --example predict_picture -- PICTURE

use lenet5::applications::reader::{Answer, Reader};
use lenet5::kernels::maps::Shape;
use lenet5::picture::{self, FRAME, Picture};
use lenet5::runs::checkpoint::Model;
use std::{error::Error, path::Path};

/// The picture as MNIST's digits are, and the answer of the network that comes with the library.
pub fn run(path: &Path) -> Result<(Picture, Answer), Box<dyn Error>> {
    let picture = picture::read(path)?;
    let mut reader = Reader::new(&Model::pretrained())?;
    let answer = reader.read(&picture.pixels, Shape::new(1, FRAME, FRAME))?;
    Ok((picture, answer))
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("expected the path of a picture")?;
    let (picture, answer) = run(Path::new(&path))?;
    print!("{}", picture::as_text(&picture.pixels, FRAME));
    println!("{}, at a distance of {:.1} from its code", answer.class, answer.distances[answer.class]);
    if let Some(rubbish) = answer.rubbish.filter(|&rubbish| rubbish > 0.5) {
        println!("but more likely no digit: {:.0} %", 100.0 * rubbish);
    }
    if picture.characters > 1 {
        println!("one of {} characters in the picture", picture.characters);
    }
    Ok(())
}
