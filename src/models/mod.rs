//! The declarations of networks, one file each, their presets, and the settings that are laid over a preset.
//!
//! # Another network
//!
//! Every network is a list of layers, a [`Declaration`]. One of your own needs no change here: it is declared in your program, as a value
//! of the setting `network`, or in a TOML file (`lenet5 train --network FILE`), and trains, resumes, tests, predicts and logs like those
//! below; the model's file carries it.
//!
//! One that is to be known by its name is a file of this folder with two functions: `network`, its declaration, and `preset`, the settings
//! that `lenet5 train --preset NAME` starts from. Three lines make it known: its name in [`Architecture`], its layers in [`declaration`],
//! and its preset in `PRESETS` below. The compiler and a test report whatever is missing. Such a file, compiled here as a program that uses
//! the library:
//!
//! ```
//! use lenet5::config::network::{Declaration, Kind, LayerDeclaration};
//! use lenet5::config::{Config, UnitFunction};
//! use lenet5::kernels::maps::Shape;
//! use lenet5::models;
//!
//! /// Eight maps and no second subsampling.
//! pub fn network() -> Declaration {
//!     let layers = vec![
//!         LayerDeclaration::convolution("C1", 8, 5).with(UnitFunction::None),
//!         LayerDeclaration::new("S2", Kind::Max { size: 4 }).with(UnitFunction::Relu),
//!         LayerDeclaration::convolution("C3", 32, 7).with(UnitFunction::Relu), // sees all of S2's 7x7 units
//!         LayerDeclaration::new("output", Kind::scores(1)),
//!     ];
//!     Declaration::new("eight", Shape::new(1, 32, 32), layers)
//! }
//!
//! /// The training of the modern network, with fewer passes.
//! pub fn preset() -> Config {
//!     Config { network: network().into(), passes: 2, ..models::preset("modern").expect("there is one") }
//! }
//!
//! # #[cfg(feature = "digits")] {
//! use lenet5::data::digits;
//! use lenet5::training::Trainer;
//! let (settings, dataset) = (preset().check()?, digits::load());
//! assert_eq!(models::build::<f32>(&settings).layout().size(), 208 + 12_576 + 330);
//! let mut trainer = Trainer::<f32>::new(&settings, &dataset);
//! trainer.pass(&mut ()).continue_value().expect("nobody stops it");
//! # }
//! # Ok::<(), lenet5::config::ConfigError>(())
//! ```
//!
//! Layers that do not fit each other are an error where the settings are checked; a test makes every network on the list. A network with
//! layers of your own kind ([`Layer`](crate::network::layers::Layer)) is trained by
//! [`Trainer::with_network`](crate::training::Trainer::with_network); a model's file cannot carry it.

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

use std::borrow::Cow;

use crate::config::network::Declaration;
use crate::config::{Architecture, Config, ConfigError, Settings};
use crate::data::encoder::Encoding;
use crate::kernels::compute::Compute;
use crate::network::Network;
use crate::words::unknown;

/// The layers of the network that the settings describe.
pub fn declaration(settings: &Settings) -> Cow<'_, Declaration> {
    Cow::Owned(match &settings.network {
        Architecture::Lenet5 => lenet5::network(settings),
        Architecture::Lenet1 => lenet1::network(),
        Architecture::Lenet4 => lenet4::network(),
        Architecture::Lush => lush::network(),
        Architecture::Modern => modern::network(),
        Architecture::ModernWide => modern_wide::network(),
        Architecture::Declared(declaration) => return Cow::Borrowed(declaration),
    })
}

/// The network that the settings describe.
pub fn build<T: Compute>(settings: &Settings) -> Network<T> {
    let declaration = declaration(settings);
    let network = lenet5::build(&declaration, &settings.layer_defaults(&declaration));
    network.with_encoding(Encoding { reduced: declaration.reduced, ..settings.encoding() })
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
        let of_presets = presets().into_iter().map(|name| preset(name).unwrap().network.name().to_string());
        assert_eq!(of_presets.collect::<BTreeSet<_>>(), names.iter().map(|name| name.to_string()).collect());
        let setting = SETTINGS.iter().find(|setting| setting.key == "network").unwrap();
        let named = format!("one of: {};", names.join(" "));
        assert!(setting.meaning.starts_with(&named), "{}", setting.meaning);
    }
}
