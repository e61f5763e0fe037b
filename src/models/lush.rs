//! LeNet-5 of its authors' later code, Lush, as Yadav and Bottou trained it (2019): without F6's codes and the RBF units.
//!
//! Lush's manual says of its `lenet5` that it ends in regular sigmoid units instead of the RBF layer: C5 feeds ten squashed outputs
//! directly. Unknown parts of that code's protocol are taken (*code*) from EBLearn, the authors' C++ successor of Lush, whose
//! MNIST demonstration has the same network and the same first rate, 1e-4: pixels are 0.01 of their byte, 0 to 2.55; biases start at
//! 0; the curvature is estimated on 100 patterns, with mu = 0.02.

use super::lenet5::{INPUT, paper_2_4};
use crate::config::network::{Declaration, Kind, LayerDeclaration};
use crate::config::{Architecture, Config, CurvatureMoment, LossName};
use crate::network::layers::Distance;
use crate::network::optimizer::Rate;

/// The layers: LeNet-5 up to C5, then squashed outputs with targets +1 and -1.
pub fn network() -> Declaration {
    let mut layers = Declaration::up_to_c5();
    layers.push(LayerDeclaration::new("output", Kind::targets(1)));
    Declaration::new("lush", INPUT, layers)
}

/// Their protocol: three times ten passes, at 1e-4, 1e-5 and 1e-6, with the curvature estimated once before each ten; weights
/// uniform in +-1/sqrt(F), coefficients 0.5; squared error with the 1/2.
pub fn preset() -> Config {
    Config {
        network: Architecture::Lush,
        loss: LossName::Eq8,
        distance: Distance::Half,
        weight_range: 1.0,
        input_mean: vec![0.0],
        input_deviation: vec![100.0 / 255.0],
        coefficient: 0.5,
        passes: 30,
        schedule: [1e-4, 1e-5, 1e-6].map(|eta| Rate { passes: 10, eta }).to_vec(),
        curvature_count: 100,
        curvature_moment: CurvatureMoment::Rate,
        ..paper_2_4()
    }
}
