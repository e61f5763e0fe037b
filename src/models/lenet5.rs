//! LeNet-5 (section II-B, Fig. 2), and the same with some of today's habits in its place: the setting of each is one rung of
//! `reproduce ladder`.

use serde::{Deserialize, Serialize};

use crate::paper::codes;
use crate::config::{Config, Settings};
use crate::network::layers::{
    CoefficientCurvature, Convolution, Distance, Layer, MaxPool, Rbf, Relu, Scores, Squash, Subsampling, Table, dense,
};
use crate::kernels::maps::Shape;
use crate::network::Network;
use crate::paper::C3_TABLE;
use crate::kernels::compute::Compute;

/// The input: one map of 32x32, in which 28x28 pixels are centred.
pub const INPUT: Shape = Shape::new(1, 32, 32);

/// What the paper leaves open about the network itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Readings {
    /// How distances are measured.
    pub distance: Distance,
    /// How the curvature of S2's and S4's coefficients is counted.
    pub coefficient_curvature: CoefficientCurvature,
}

impl Readings {
    /// Eqs. 7 and 22 to the letter: whole squared distances, and h of a coefficient summed over the connections that share it. The
    /// preset `paper` takes another reading of the second, as the authors' code does: the setting `coefficient_curvature` is `sum`.
    pub const AS_PRINTED: Self =
        Self { distance: Distance::Sum, coefficient_curvature: CoefficientCurvature::Connections };
}

/// What the units from C1 to F6 make of their weighted sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Activation {
    /// The squashing function, as published.
    #[default]
    Squash,
    /// max(a, 0).
    Relu,
}

/// What S2 and S4 are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pooling {
    /// Sums with trainable coefficient and bias, as published.
    #[default]
    Subsampling,
    /// The largest of the four, without parameters.
    Max,
}

/// Which maps of S2 feed C3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum C3 {
    /// Those of Table I, as published.
    #[default]
    Sparse,
    /// All, for each map.
    Full,
}

/// What follows F6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Output {
    /// RBF units with the codes of Fig. 3, as published.
    #[default]
    Rbf,
    /// A full connection to a score for each class.
    Scores,
}

/// Today's habits in the place of the original's parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Changes {
    /// In place of the squashing function.
    pub activation: Activation,
    /// In place of subsampling.
    pub pooling: Pooling,
    /// In place of Table I.
    pub c3: C3,
    /// In place of the RBF units.
    pub output: Output,
}

/// LeNet-5 as the settings have it.
pub fn network<T: Compute>(settings: &Settings) -> Network<T> {
    let readings = Readings { distance: settings.distance, coefficient_curvature: settings.coefficient_curvature };
    let network = if settings.changes() == Changes::default() {
        lenet5(&settings.codes(), readings)
    } else {
        changed(&settings.codes(), readings, settings.changes())
    };
    network.with_encoding(settings.encoding())
}

/// The preset `paper`.
pub fn preset() -> Config {
    Config::paper()
}

/// LeNet-5 with an RBF unit for each of `codes`, in that order (see [`codes::alphabet`]).
///
/// A 32x32 input gives 1x1 outputs; C5 is a convolution, so a larger one gives an output for each position.
///
/// ```
/// use lenet5::paper::codes;
/// use lenet5::kernels::maps::Shape;
/// use lenet5::models;
/// let network = models::lenet5::<f32>(&codes::digits(), models::Readings::AS_PRINTED);
/// assert_eq!(network.layout().size(), 60_000);
/// assert_eq!(network.shapes(Shape::new(1, 32, 64)).unwrap().last(), Some(&Shape::new(10, 1, 9)));
/// ```
pub fn lenet5<T: Compute>(codes: &[codes::Code], readings: Readings) -> Network<T> {
    Network::new(
        INPUT,
        vec![
            Box::new(Convolution::new("C1", Table::full(1, 6), 5)),
            Box::new(Squash),
            Box::new(Subsampling::new("S2", 6, 2).with_curvature(readings.coefficient_curvature)),
            Box::new(Squash),
            Box::new(Convolution::new("C3", Table::sparse(6, &C3_TABLE), 5)),
            Box::new(Squash),
            Box::new(Subsampling::new("S4", 16, 2).with_curvature(readings.coefficient_curvature)),
            Box::new(Squash),
            Box::new(Convolution::new("C5", Table::full(16, 120), 5)),
            Box::new(Squash),
            Box::new(dense("F6", 120, codes::BITS)),
            Box::new(Squash),
            Box::new(Rbf::new("RBF", codes::BITS, codes.as_flattened(), readings.distance)),
        ],
    )
    .expect("the layers fit each other")
    .as_lenet5(codes, readings.distance.scale())
}

/// LeNet-5 with changes. Max-pooling comes before the function of the unit: both rise, so that it is the same after it.
pub fn changed<T: Compute>(codes: &[codes::Code], readings: Readings, changes: Changes) -> Network<T> {
    let activation = || -> Box<dyn Layer<T>> {
        match changes.activation {
            Activation::Squash => Box::new(Squash),
            Activation::Relu => Box::new(Relu),
        }
    };
    let pooling = |name: &str, maps: usize| -> Vec<Box<dyn Layer<T>>> {
        let subsampling = || Subsampling::new(name, maps, 2).with_curvature(readings.coefficient_curvature);
        match changes.pooling {
            Pooling::Subsampling => vec![activation(), Box::new(subsampling()), activation()],
            Pooling::Max => vec![Box::new(MaxPool::new(name, 2)), activation()],
        }
    };
    let c3 = match changes.c3 {
        C3::Sparse => Table::sparse(6, &C3_TABLE),
        C3::Full => Table::full(6, 16),
    };
    let mut layers: Vec<Box<dyn Layer<T>>> = vec![Box::new(Convolution::new("C1", Table::full(1, 6), 5))];
    layers.extend(pooling("S2", 6));
    layers.push(Box::new(Convolution::new("C3", c3, 5)));
    layers.extend(pooling("S4", 16));
    layers.extend([Box::new(Convolution::new("C5", Table::full(16, 120), 5)) as Box<dyn Layer<T>>, activation()]);
    layers.extend([Box::new(dense("F6", 120, codes::BITS)) as Box<dyn Layer<T>>, activation()]);
    match changes.output {
        Output::Rbf => layers.push(Box::new(Rbf::new("RBF", codes::BITS, codes.as_flattened(), readings.distance))),
        Output::Scores => {
            layers.push(Box::new(dense("output", codes::BITS, codes.len())));
            layers.push(Box::new(Scores));
        }
    }
    Network::new(INPUT, layers).expect("the layers fit each other")
}
