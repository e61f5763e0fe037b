//! The start of the parameters that the settings give, and that of one tensor.

use super::network::Start;
use super::settings::Config;

impl Config {
    /// The start of every layer that declares none of its own.
    pub(super) fn own_start(&self) -> Start {
        Start {
            weight_distribution: self.weight_distribution,
            weight_range: self.weight_range,
            weight_fan_in: self.weight_fan_in,
            bias_start: self.bias_start,
            coefficient_start: self.coefficient_start,
            coefficient: self.coefficient,
        }
    }

    /// The default settings with this start.
    pub(super) fn starting(start: Start) -> Self {
        Self {
            weight_distribution: start.weight_distribution,
            weight_range: start.weight_range,
            weight_fan_in: start.weight_fan_in,
            bias_start: start.bias_start,
            coefficient_start: start.coefficient_start,
            coefficient: start.coefficient,
            ..Self::default()
        }
    }

    /// The start of the tensor of this name, such as `c1.weight`: what its layer declares, or the settings.
    pub fn start(&self, tensor: &str) -> Start {
        let layer = tensor.split('.').next().unwrap_or_default();
        let mut layers = self.network.declaration().into_iter().flat_map(|declaration| &declaration.layers);
        let own = layers.find(|declared| declared.name.eq_ignore_ascii_case(layer));
        own.map(|declared| declared.start).unwrap_or_default().over(self.own_start())
    }
}
