//! The modern network as tutorials train it on CIFAR-10: three colour channels, 16 and 32 maps.

use super::modern;
use crate::config::network::Declaration;
use crate::config::{Architecture, Config};
use crate::data::Choice;
use crate::kernels::maps::Shape;
use crate::network::optimizer::Rate;

/// The layers of [`modern`], from three maps of 32x32 pixels to 16 and 32 maps.
pub fn network() -> Declaration {
    Declaration::new("modern-wide", Shape::new(3, 32, 32), modern::layers((16, 32)))
}

/// The preset of [`modern`], for CIFAR-10 and with its channels' means and deviations.
pub fn preset() -> Config {
    Config {
        network: Architecture::ModernWide,
        dataset: Choice::Cifar10,
        input_mean: vec![0.4914, 0.4822, 0.4465],
        input_deviation: vec![0.2470, 0.2435, 0.2616],
        passes: 12,
        schedule: vec![Rate { passes: 8, eta: 1e-3 }, Rate { passes: 4, eta: 2e-4 }],
        ..modern::preset()
    }
}
