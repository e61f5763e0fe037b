//! Networks, as declarations only.

mod lenet5;

pub use lenet5::{INPUT, Readings, lenet5};

use crate::config::Settings;
use crate::network::Network;
use crate::scalar::Scalar;

/// The network that the settings describe.
pub fn build<T: Scalar>(settings: &Settings) -> Network<T> {
    let readings = Readings { distance: settings.distance, coefficient_curvature: settings.coefficient_curvature };
    lenet5(&settings.codes(), readings)
}
