//! A network of one's own, declared in Rust, beside LeNet-5's settings: its table of layers, and its error after some passes.
//!
//! cargo run --release --example own_network -- [PASSES]

use lenet5::config::UnitFunction;
use lenet5::config::network::{Declaration, Kind, LayerDeclaration};
use lenet5::data::digits;
use lenet5::kernels::maps::Shape;
use lenet5::models::{self, builder::Builder};
use lenet5::training::{PassRecord, Trainer};
use std::error::Error;

/// A third of LeNet-5's parameters: ReLU and max-pooling below, a C3 whose maps see two neighbours each, and F6 with the ten codes.
fn small() -> Declaration {
    let neighbours: [&[usize]; 6] = [&[0, 1], &[1, 2], &[2, 3], &[3, 4], &[4, 5], &[5, 0]];
    let layers = vec![
        LayerDeclaration::convolution("C1", 6, 5).with(UnitFunction::None),
        LayerDeclaration::new("P2", Kind::Max { size: 2 }).with(UnitFunction::Relu),
        LayerDeclaration::sparse("C3", &neighbours, 5),
        LayerDeclaration::subsampling("S4", 2),
        LayerDeclaration::convolution("C5", 80, 5),
        LayerDeclaration::full("F6", 84),
        LayerDeclaration::new("output", Kind::Rbf { distance: None }),
    ];
    Declaration::new("small", Shape::new(1, 32, 32), layers)
}

/// Trains it on the embedded digits; the number of its parameters, and the row of the last pass.
pub fn run(passes: &str) -> Result<(usize, PassRecord), Box<dyn Error>> {
    let settings = Builder::assigned(&[&format!("passes={passes}")])?.with(|config| config.network = small().into())?;
    let network = models::build::<f32>(&settings);
    for layer in network.table(network.input())? {
        println!("{:<7} {:>12} {:>7} parameters", layer.name, layer.output.to_string(), layer.parameters);
    }
    let dataset = digits::load();
    let mut trainer = Trainer::<f32>::new(&settings, &dataset);
    let passes = (0..settings.passes).map_while(|_| trainer.pass(&mut ()).continue_value());
    Ok((network.layout().size(), passes.last().ok_or("no pass")?))
}

fn main() -> Result<(), Box<dyn Error>> {
    let (parameters, record) = run(&std::env::args().nth(1).unwrap_or_else(|| "10".into()))?;
    println!("{parameters} parameters; test error after pass {}: {:.2} %", record.pass, record.test_error_percent);
    Ok(())
}
