//! The states of every layer of LeNet-5 for one test digit, each map as text: what Fig. 2 of the paper names, at work.
//!
//! cargo run --release --example layer_states -- [NUMBER]

use lenet5::applications::{activity::Activity, reader::Reader};
use lenet5::data::digits;
use lenet5::kernels::maps::Shape;
use lenet5::picture::as_text;
use lenet5::runs::checkpoint::Model;
use std::error::Error;

/// The states for test digit `number` of the embedded ones, and its label.
pub fn run(number: usize) -> Result<(Activity, u8), Box<dyn Error>> {
    let test = digits::load().test;
    let label = *test.labels().get(number).ok_or_else(|| format!("expected a number below {}", test.len()))?;
    let mut reader = Reader::new(&Model::pretrained())?;
    Ok((Activity::of(&mut reader, test.image(number), Shape::new(1, 28, 28))?, label))
}

fn main() -> Result<(), Box<dyn Error>> {
    let number = std::env::args().nth(1).map_or(Ok(0), |number| number.parse())?;
    let (activity, label) = run(number)?;
    for layer in std::iter::once(&activity.input).chain(&activity.layers) {
        let (shape, (low, high)) = (layer.maps.shape(), layer.range);
        println!("== {} {shape}, from {low:.1} (blank) to {high:.1} (@)", layer.name);
        let level = |&state: &f32| (255.0 * (f64::from(state) - low) / (high - low)).round() as u8;
        let levels: Vec<u8> = layer.maps.values.iter().map(level).collect();
        let units = shape.height * shape.width;
        let (size, width) = if units == 1 { (levels.len(), levels.len()) } else { (units, shape.width) }; // C5, F6: one line
        levels.chunks(size).for_each(|map| println!("{}", as_text(map, width)));
    }
    println!("distances {:.1?}\nanswer {}, label {label}", activity.answer.distances, activity.answer.class);
    Ok(())
}
