//! Settings of a run. Each is declared once, in `settings.rs`, with its meaning, type, default, range and source.
//!
//! A [`Config`] is what a user writes, not yet checked. [`Config::check`] turns it into [`Settings`], which the library accepts.

mod alphabet;
mod architecture;
mod check;
mod checked;
mod choices;
mod classes;
mod declaration;
mod error;
pub mod network;
mod settings;
mod split;
mod start;
mod toml;

pub use alphabet::{MOST_CODES, alphabet_of};
pub use architecture::Architecture;
pub use checked::{RUBBISH_SHOWN, Settings};
pub use choices::{
    Activation, BiasStart, C3, CoefficientStart, CurvatureMoment, CurvaturePatterns, FanIn, LossName, Optimizer, Order,
    OutputLayer, Pooling, UnitFunction, WeightDistribution,
};
pub use declaration::Setting;
pub(crate) use declaration::plain;
pub use error::ConfigError;
pub use settings::{Config, MOST_COPIES, SETTINGS};
pub use split::{Measured, Split};
