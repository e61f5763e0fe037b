//! LeNet as it is taught today: a full C3, ReLU, 2x2 max-pooling, no RBF units but ten scores, their softmax and cross-entropy.

use crate::config::{Architecture, Config, LossName, Optimizer, Order, Settings, WeightDistribution};
use crate::kernels::compute::Compute;
use crate::kernels::maps::Shape;
use crate::network::Network;
use crate::network::layers::{Convolution, MaxPool, Relu, Scores, Table, dense};
use crate::network::optimizer::Rate;

use super::lenet5::paper_2_4;

/// The layers, with `c1` and `c3` maps: 6 and 16, of LeNet-5's sizes, give 61,706 parameters. Max-pooling comes before ReLU: the
/// result is the same, and it is cheaper.
pub fn layers<T: Compute>(input: Shape, (c1, c3): (usize, usize), settings: &Settings) -> Network<T> {
    Network::new(
        input,
        vec![
            Box::new(Convolution::new("C1", Table::full(input.maps, c1), 5)),
            Box::new(MaxPool::new("S2", 2)),
            Box::new(Relu),
            Box::new(Convolution::new("C3", Table::full(c1, c3), 5)),
            Box::new(MaxPool::new("S4", 2)),
            Box::new(Relu),
            Box::new(Convolution::new("C5", Table::full(c3, 120), 5)),
            Box::new(Relu),
            Box::new(dense("F6", 120, 84)),
            Box::new(Relu),
            Box::new(dense("output", 84, settings.classes())),
            Box::new(Scores),
        ],
    )
    .expect("the layers fit each other")
    .with_encoding(settings.encoding())
}

/// For digits: one map of 32x32, 6 and 16 maps.
pub fn network<T: Compute>(settings: &Settings) -> Network<T> {
    layers(Shape::new(1, 32, 32), (6, 16), settings)
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
