//! The declarations of networks, one file each, their presets, and the settings that are laid over a preset.
//!
//! # Another network
//!
//! A network is a file of this folder with two functions: `network`, the layers, and `preset`, the settings that
//! `lenet5 train --preset NAME` starts from. Three lines make it known: its name in [`Architecture`], its layers in [`build`], and its
//! preset in `PRESETS` below. The compiler and a test report whatever is missing. The network then trains, resumes, tests, predicts and
//! logs like the others. Such a file, compiled here as a program that uses the library, where the same network can be trained:
//!
//! ```
//! use lenet5::config::{Config, Settings};
//! use lenet5::network::layers::{Convolution, MaxPool, Relu, Scores, Table, dense};
//! use lenet5::kernels::maps::Shape;
//! use lenet5::kernels::compute::Compute;
//! use lenet5::models;
//! use lenet5::network::Network;
//!
//! /// Eight maps and no second convolution.
//! pub fn network<T: Compute>(settings: &Settings) -> Network<T> {
//!     Network::new(
//!         Shape::new(1, 32, 32),
//!         vec![
//!             Box::new(Convolution::new("C1", Table::full(1, 8), 5)),
//!             Box::new(MaxPool::new("S2", 4)),
//!             Box::new(Relu),
//!             Box::new(Convolution::new("C3", Table::full(8, 32), 7)), // sees all of S2's 7x7 units
//!             Box::new(Relu),
//!             Box::new(dense("output", 32, settings.classes())),
//!             Box::new(Scores),
//!         ],
//!     )
//!     .expect("the layers fit each other")
//! }
//!
//! /// The training of the modern network, with fewer passes.
//! pub fn preset() -> Config {
//!     Config { passes: 2, ..models::preset("modern").expect("there is one") }
//! }
//!
//! # #[cfg(feature = "digits")] {
//! use lenet5::data::digits;
//! use lenet5::training::Trainer;
//! let (settings, dataset) = (preset().check()?, digits::load());
//! assert_eq!(network::<f32>(&settings).layout().size(), 208 + 12_576 + 330);
//! let mut trainer = Trainer::<f32>::with_network(&settings, &dataset, network(&settings));
//! trainer.pass(&mut ()).continue_value().expect("nobody stops it");
//! # }
//! # Ok::<(), lenet5::config::ConfigError>(())
//! ```
//!
//! Layers that do not fit each other are an error when the network is made; a test makes every network on the list.

pub mod builder;
mod counterpart;
mod label;
mod lenet1;
mod lenet4;
mod lenet5;
mod lush;
mod modern;
mod modern_wide;

pub use self::counterpart::{Counterpart, counterpart, is_run_of_fig_5};
pub use self::lenet5::{INPUT, Readings, lenet5};

use crate::config::{Architecture, Config, ConfigError, Settings};
use crate::kernels::compute::Compute;
use crate::network::Network;
use crate::words::unknown;

/// The network that the settings describe.
pub fn build<T: Compute>(settings: &Settings) -> Network<T> {
    match settings.network {
        Architecture::Lenet5 => lenet5::network(settings),
        Architecture::Lenet1 => lenet1::network(settings),
        Architecture::Lenet4 => lenet4::network(settings),
        Architecture::Lush => lush::network(settings),
        Architecture::Modern => modern::network(settings),
        Architecture::ModernWide => modern_wide::network(settings),
    }
}

type Preset = fn() -> Config;

/// The presets with their names: four of LeNet-5, and one of each other network.
const PRESETS: [(&str, Preset); 9] = [
    ("paper", Config::default),
    ("paper-2.4", lenet5::paper_2_4),
    ("tuned", lenet5::tuned),
    ("tuned-rubbish", lenet5::tuned_rubbish),
    ("lenet1", lenet1::preset),
    ("lenet4", lenet4::preset),
    ("lush", lush::preset),
    ("modern", modern::preset),
    ("modern-wide", modern_wide::preset),
];

/// The names of the presets.
pub fn presets() -> Vec<&'static str> {
    PRESETS.iter().map(|(name, _)| *name).collect()
}

/// The preset of this name. `paper` has the printed settings, with the readings that [`SETTINGS`](crate::config::SETTINGS) marks as
/// assumed; `paper-2.4` has the readings that `paper` had before; `tuned` is LeNet-5 with distorted patterns and settings chosen on
/// patterns held out, and `tuned-rubbish` is `tuned` with pictures without a digit among the patterns; the others are named after their networks.
///
/// # Errors
/// If there is none of this name.
pub fn preset(name: &str) -> Result<Config, ConfigError> {
    match PRESETS.iter().find(|(known, _)| *known == name) {
        Some((_, settings)) => Ok(Config { preset: name.into(), ..settings() }),
        None => Err(ConfigError::Preset(unknown("preset", name, &presets()))),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::config::SETTINGS;

    #[test]
    fn every_preset_builds_its_network() {
        for name in presets() {
            let settings = preset(name).unwrap().check().unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(settings.network == Architecture::Lenet5 || settings.network.name() == name);
            let network = build::<f64>(&settings);
            let output = *network.shapes(network.input()).unwrap().last().unwrap();
            assert_eq!((output.maps, output.area()), (settings.classes(), 1), "{name}");
        }
    }

    #[test]
    fn every_network_has_a_preset_and_is_listed() {
        let names: Vec<&str> = Architecture::ALL.iter().map(|network| network.name()).collect();
        let of_presets = presets().into_iter().map(|name| preset(name).unwrap().network.name());
        assert_eq!(of_presets.collect::<BTreeSet<_>>(), names.iter().copied().collect());
        let setting = SETTINGS.iter().find(|setting| setting.key == "network").unwrap();
        assert_eq!(setting.meaning, format!("one of: {}", names.join(" ")));
    }
}
