//! One result on every machine, at every level of instructions and for any number of threads, bit for bit.
//!
//! Two passes of the presets paper and paper-2.4 over 1,000 of the embedded digits: two curvature estimates, 2,000 steps, four
//! evaluations ([`passes`](crate::passes)). [`EXPECTED`] is what they end in. And a few steps layer by layer on larger inputs, which run on the kernels for any size:
//! [`EXPECTED_OF_LAYERS`]. After a change that is meant to change bits, put the hash that a test prints there.

#![cfg(feature = "digits")]

use crate::common;
use crate::passes::{EXPECTED, assignments, hash, hexadecimal};
use crate::settings::settings;

use lenet5::config::Settings;
use lenet5::data::digits;
use lenet5::kernels::maps::Shape;
use lenet5::kernels::simd::Level;
use lenet5::models::{Readings, lenet5};
use lenet5::network::optimizer::Rule;
use lenet5::network::parameters::Parameters;
use lenet5::paper::codes;
use lenet5::training::initialisation::initial_values;
use rayon::ThreadPoolBuilder;
use sha2::{Digest, Sha256};

/// SHA-256 of the bits of the parameters.
const EXPECTED_OF_LAYERS: &str = "3cee89fa33a225e7e1ca1e5e5182e0364b56417d1a81cefee15111bb0517b4e8";

/// The hash of a few steps layer by layer, on inputs that give one, four, nine and ten answers.
fn hash_of_layers(settings: &Settings, level: Level) -> String {
    let network = lenet5::<f32>(&codes::digits(), Readings::AS_PRINTED).at_level(level);
    let mut parameters = Parameters::new(initial_values(network.layout(), settings));
    parameters.step_size.fill(1e-7);
    for (step, (height, width)) in [(32, 32), (36, 36), (40, 43), (49, 38)].into_iter().cycle().take(8).enumerate() {
        let mut workspace = network.workspace(Shape::new(1, height, width)).unwrap();
        let pixels = common::maps("image", step as u64, Shape::new(1, height, width)).values;
        workspace.input_mut().values.iter_mut().zip(&pixels).for_each(|(unit, &pixel)| *unit = pixel as f32);
        network.forward(&parameters.values, &mut workspace);
        let (distances, derivative) = workspace.output_and_derivative();
        derivative.values.copy_from_slice(&distances.values);
        network.gradient(&parameters.values, &mut workspace, &mut parameters.gradient);
        Rule::LevenbergMarquardt { mu: 0.0 }.step(network.kernels(), &mut parameters, 1);
    }
    assert!(parameters.values.iter().all(|value| value.is_finite()));
    let mut sum = Sha256::new();
    parameters.values.iter().for_each(|value| sum.update(value.to_le_bytes()));
    hexadecimal(sum)
}

#[test]
fn layers_end_in_the_stored_bits() {
    let settings = settings(&["preset=paper-2.4"]);
    let hashes: Vec<String> = Level::available().into_iter().map(|level| hash_of_layers(&settings, level)).collect();
    assert!(hashes.iter().all(|hash| *hash == hashes[0]), "levels differ: {hashes:?}");
    assert_eq!(
        hashes[0], EXPECTED_OF_LAYERS,
        "the bits have changed (they are the same at every level); see the heading"
    );
}

#[test]
fn two_thousand_steps_end_in_the_stored_bits() {
    for (preset, expected) in EXPECTED {
        assert_eq!(
            two_thousand_steps(preset),
            expected,
            "preset {preset}: the bits have changed (they are the same at every level); see the heading"
        );
    }
}

/// The hash of two passes, the same at every level and for any number of threads.
fn two_thousand_steps(preset: &str) -> String {
    let (settings, dataset) = (settings(&assignments(preset).each_ref().map(String::as_str)), digits::load());
    let mut found = Vec::new();
    let levels = Level::available();
    for &level in &levels {
        // What depends on the number of threads is the same code at every level: the fastest tries them all.
        let all: &[usize] = if Some(&level) == levels.last() { &[1, 2, 7] } else { &[2] };
        for &threads in all {
            let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let started = std::time::Instant::now();
            let hash = pool.install(|| hash(&settings, &dataset, level));
            println!("{level:?}, {threads} threads: {hash} ({:.1} s)", started.elapsed().as_secs_f64());
            found.push((level, threads, hash));
        }
    }
    let (.., first) = &found[0];
    for (level, threads, hash) in &found {
        assert_eq!(hash, first, "{level:?} with {threads} threads differs from {:?} with one", found[0].0);
    }
    first.clone()
}
