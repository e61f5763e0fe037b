//! LeNet as it is taught today: a full C3, ReLU, 2x2 max-pooling, no RBF units but ten scores, their softmax and cross-entropy.

use crate::config::network::{Declaration, Kind, LayerDeclaration};
use crate::config::{Architecture, Config, LossName, Optimizer, Order, UnitFunction, WeightDistribution};
use crate::kernels::maps::Shape;
use crate::network::optimizer::Rate;

use super::lenet5::paper_2_4;

/// The layers, with `c1` and `c3` maps: 6 and 16, of LeNet-5's sizes, give 61,706 parameters. Max-pooling comes before ReLU: the
/// result is the same, and it is cheaper.
pub fn layers((c1, c3): (usize, usize)) -> Vec<LayerDeclaration> {
    let sums = |name: &str, maps: usize| LayerDeclaration::convolution(name, maps, 5).with(UnitFunction::None);
    let pooling = |name: &str| LayerDeclaration::new(name, Kind::Max { size: 2 }).with(UnitFunction::Relu);
    vec![
        sums("C1", c1),
        pooling("S2"),
        sums("C3", c3),
        pooling("S4"),
        LayerDeclaration::convolution("C5", 120, 5).with(UnitFunction::Relu),
        LayerDeclaration::full("F6", 84).with(UnitFunction::Relu),
        LayerDeclaration::new("output", Kind::scores(1)),
    ]
}

/// For digits: one map of 32x32, 6 and 16 maps.
pub fn network() -> Declaration {
    Declaration::new("modern", Shape::new(1, 32, 32), layers((6, 16)))
}

/// Batches of 64, Adam at its authors' 0.001 and less in the last passes, He's initial weights, pixels with MNIST's mean and
/// deviation; ten passes, each in an order of its own.
pub fn preset() -> Config {
    Config {
        network: Architecture::Modern,
        loss: LossName::CrossEntropy,
        weight_distribution: WeightDistribution::Normal,
        weight_range: std::f64::consts::SQRT_2,
        input_mean: vec![0.1307],
        input_deviation: vec![0.3081],
        optimizer: Optimizer::Adam,
        batch: 64,
        order: Order::Reshuffled,
        passes: 10,
        schedule: vec![Rate { passes: 6, eta: 1e-3 }, Rate { passes: 2, eta: 2e-4 }, Rate { passes: 2, eta: 4e-5 }],
        ..paper_2_4()
    }
}
