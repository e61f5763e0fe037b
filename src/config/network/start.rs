//! The start of a layer's parameters: the settings, or what its declaration has in their place.

use serde::Serialize;

use crate::config::choices::{BiasStart, CoefficientStart, FanIn, WeightDistribution};

/// Declares the settings of the start, for a layer as options and for a tensor as values.
macro_rules! starts {
    ($($(#[$about:meta])+ $key:ident: $kind:ty,)*) => {
        /// The settings of the start that a layer changes for itself, each of the meaning and the range of the setting of that name.
        #[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
        pub struct LayerStart {$(
            $(#[$about])+
            #[serde(skip_serializing_if = "Option::is_none")]
            pub $key: Option<$kind>,
        )*}

        /// The start of a tensor's parameters.
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct Start {$(
            $(#[$about])+
            pub $key: $kind,
        )*}

        impl LayerStart {
            /// The start of a layer's tensors in a run whose settings are `run`.
            pub fn over(&self, run: Start) -> Start {
                Start { $($key: self.$key.unwrap_or(run.$key)),* }
            }
        }
    };
}

starts! {
    /// The distribution of initial weights.
    weight_distribution: WeightDistribution,
    /// r of their range.
    weight_range: f64,
    /// The dependence of their range on the fan-in.
    weight_fan_in: FanIn,
    /// The start of biases.
    bias_start: BiasStart,
    /// The distribution of subsampling coefficients.
    coefficient_start: CoefficientStart,
    /// Their value, or their range.
    coefficient: f64,
}
