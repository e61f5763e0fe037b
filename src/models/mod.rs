//! Networks, as declarations only.

mod lenet5;

pub use lenet5::{C3_TABLE, INPUT, lenet5};

use crate::config::Settings;
use crate::network::Network;
use crate::scalar::Scalar;

/// The network that the settings describe.
pub fn build<T: Scalar>(settings: &Settings) -> Network<T> {
    lenet5(&settings.codes(), settings.distance)
}
