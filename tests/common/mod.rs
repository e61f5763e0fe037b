//! Random numbers for the tests, from the library's own named streams: the same on every machine.

use lenet5::kernels::maps::{Maps, Shape};
use lenet5::random::stream;
use rand::RngExt;

/// `count` numbers, uniform in -1..1.
pub fn numbers(purpose: &str, index: u64, count: usize) -> Vec<f64> {
    let mut generator = stream(1998, purpose, index);
    (0..count).map(|_| generator.random_range(-1.0..1.0)).collect()
}

/// Maps of this shape with such numbers.
pub fn maps(purpose: &str, index: u64, shape: Shape) -> Maps<f64> {
    Maps::from_values(shape, numbers(purpose, index, shape.units())).expect("as many numbers as units")
}
