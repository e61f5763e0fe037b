//! Networks, as declarations only: one file each.
//!
//! # Another network
//!
//! A network is a file of this folder and a line in the list of `networks!` below. The file has two functions: `network`, the
//! layers, and `preset`, the settings that `lenet5 train --preset NAME` starts from. That is all: it trains, resumes, tests, predicts and logs
//! like the others. This is such a file, which compiles here from outside, where the same network can be trained as it is:
//!
//! ```
//! use lenet5::config::{Config, Settings};
//! use lenet5::network::layers::{Convolution, MaxPool, Relu, Scores, Table, dense};
//! use lenet5::kernels::maps::Shape;
//! use lenet5::network::Network;
//! use lenet5::kernels::compute::Compute;
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
//! /// As the modern network is trained, for fewer passes.
//! pub fn preset() -> Config {
//!     Config { passes: 2, ..Config::preset("modern").expect("there is one") }
//! }
//!
//! use lenet5::data::digits;
//! use lenet5::training::Trainer;
//! let (settings, dataset) = (preset().check()?, digits::load());
//! assert_eq!(network::<f32>(&settings).layout().size(), 208 + 12_576 + 330);
//! let mut trainer = Trainer::<f32>::with_network(&settings, &dataset, network(&settings));
//! trainer.pass(&mut ()).continue_value().expect("nobody stops it");
//! # Ok::<(), lenet5::config::ConfigError>(())
//! ```
//!
//! Shapes that do not fit are an error when the network is made, which a test makes of every network on the list.

/// Declares the modules, and finds networks and presets by their names.
macro_rules! networks {
    ($($name:literal => $module:ident,)*) => {
        $(mod $module;)*

        /// The names of the networks: what the setting `network` takes.
        pub const NETWORKS: &[&str] = &[$($name),*];

        /// The same, to be read.
        pub(crate) const NETWORK_LIST: &str = concat!("one of:", $(" ", $name),*);

        /// The network that the settings describe.
        pub fn build<T: Compute>(settings: &Settings) -> Network<T> {
            match settings.network.as_str() {
                $($name => $module::network(settings),)*
                other => unreachable!("settings are checked, and {other} is none of {NETWORKS:?}"),
            }
        }

        /// The settings of the network's own preset; `None` if there is no such network.
        pub fn preset(network: &str) -> Option<Config> {
            match network {
                $($name => Some(Config { preset: $name.into(), ..$module::preset() }),)*
                _ => None,
            }
        }
    };
}

networks! {
    "lenet5" => lenet5,
    "lenet1" => lenet1,
    "lenet4" => lenet4,
    "lush" => lush,
    "modern" => modern,
    "modern-wide" => modern_wide,
}

pub mod builder;
mod counterpart;

pub use self::counterpart::{Counterpart, counterpart, is_run_of_fig_5};
pub use self::lenet5::{Activation, C3, Changes, INPUT, Output, Pooling, Readings, changed, lenet5};

use crate::config::{Config, Settings};
use crate::kernels::compute::Compute;
use crate::network::Network;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_network_has_a_preset_that_builds_it() {
        for &name in NETWORKS {
            let settings = preset(name).unwrap().check().unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(settings.network, name);
            let network = build::<f64>(&settings);
            let output = *network.shapes(network.input()).unwrap().last().unwrap();
            assert_eq!((output.maps, output.area()), (settings.classes(), 1), "{name}");
        }
        assert!(preset("nobody").is_none());
    }
}
