//! Two passes and the hash of what they end in, for every level and number of threads.

use std::ops::ControlFlow;

use lenet5::config::Settings;
use lenet5::data::Dataset;
use lenet5::kernels::simd::Level;
use lenet5::models;
use lenet5::training::{PassRecord, Trainer};
use sha2::{Digest, Sha256};

/// What [`hash`] is to be after two passes over 1,000 of the embedded digits: two curvature estimates, 2,000 steps, four evaluations.
pub const EXPECTED: [(&str, &str); 2] = [
    ("paper", "b125663ae074254cf16b224ceb717906ec94051d3fcf9eba4d47e693f4a01f91"),
    ("paper-2.4", "be180b87a1565094f5b5a07454ba40b9f8baadfacc4b4f932e22e4e38069b0d8"),
];

/// The settings of these two passes, as on the command line.
pub fn assignments(preset: &str) -> [String; 2] {
    [format!("preset={preset}"), "training_patterns=1000".into()]
}

/// SHA-256 of the bits of the parameters and of the mean losses of each pass, trained at this level, with as many threads as there are
/// around it.
pub fn hash(settings: &Settings, dataset: &Dataset, level: Level) -> String {
    let network = models::build::<f32>(settings).at_level(level);
    let mut trainer = Trainer::with_network(settings, dataset, network);
    let mut sum = Sha256::new();
    for _ in 0..2 {
        let ControlFlow::Continue(record) = trainer.pass(&mut ()) else { unreachable!("nobody stops it") };
        let PassRecord { running_training_loss, training_loss, test_loss, .. } = record;
        for loss in [running_training_loss, training_loss.unwrap(), test_loss] {
            sum.update(loss.to_le_bytes());
        }
    }
    for value in &trainer.parameters().values {
        sum.update(value.to_le_bytes());
    }
    hexadecimal(sum)
}

/// A hash in hexadecimal.
pub fn hexadecimal(sum: Sha256) -> String {
    sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
