//! LeNet-5 (section II-B, Fig. 2), as published or with some of its parts replaced by today's: each of these settings is one rung of
//! `reproduce ladder`.

use crate::config::{Activation, C3, Config, OutputLayer, Pooling, Settings};
use crate::kernels::compute::Compute;
use crate::kernels::maps::Shape;
use crate::network::Network;
use crate::network::layers::{
    CoefficientCurvature, Convolution, Distance, Layer, MaxPool, Rbf, Relu, Scores, Squash, Subsampling, Table, dense,
};
use crate::network::optimizer::{PRINTED_SCHEDULE, Rate};
use crate::paper::TABLE_I;
use crate::paper::codes;

/// The input: one map of 32x32, in which 28x28 pixels are centred.
pub const INPUT: Shape = Shape::new(1, 32, 32);

/// Two readings of statements about the network itself that the paper leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Readings {
    /// The scale of distances.
    pub distance: Distance,
    /// The curvature of S2's and S4's coefficients.
    pub coefficient_curvature: CoefficientCurvature,
}

impl Readings {
    /// Eqs. 7 and 22 to the letter: whole squared distances, and h of a coefficient summed over the connections that share it. The
    /// preset `paper` takes the distance with the 1/2 of the authors' code: the setting `distance` is `half`.
    pub const AS_PRINTED: Self =
        Self { distance: Distance::Sum, coefficient_curvature: CoefficientCurvature::Connections };
}

/// LeNet-5 with the parts that the settings choose.
pub fn network<T: Compute>(settings: &Settings) -> Network<T> {
    let readings = Readings { distance: settings.distance, coefficient_curvature: settings.coefficient_curvature };
    let network = if settings.is_as_published() { lenet5(&settings.codes(), readings) } else { changed(settings) };
    network.with_encoding(settings.encoding())
}

/// The preset `paper-2.4`: the reading of the paper that `paper` was before the readings were compared (`reproduce grid`). Weights start
/// within 2.4/sqrt(F) and S coefficients at 0.25, distances are full, j is 2, and h of a coefficient is by the sum.
pub fn paper_2_4() -> Config {
    Config {
        weight_range: 2.4,
        coefficient: 0.25,
        distance: Distance::Sum,
        j: 2.0,
        coefficient_curvature: CoefficientCurvature::Sum,
        ..Config::default()
    }
}

/// The preset `tuned`: LeNet-5 with distorted patterns, each presented once. j, the scale of the distances, the initial weights, the
/// factor of the rates, the strength of the distortions and the number of passes were chosen on 10,000 training patterns held out
/// (`reproduce tuned-choice`).
pub fn tuned() -> Config {
    Config {
        j: 5.0,
        distance: Distance::Half,
        weight_range: 1.0,
        coefficient: 0.5,
        eta_factor: 0.2,
        distortion: 0.75,
        passes: 120,
        distorted_copies: 119,
        schedule: PRINTED_SCHEDULE.map(|rate| Rate { passes: 6 * rate.passes, ..rate }).to_vec(),
        ..paper_2_4()
    }
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
    let mut layers = up_to_c5(readings.coefficient_curvature);
    layers.push(Box::new(dense("F6", 120, codes::BITS)));
    layers.push(Box::new(Squash));
    layers.push(Box::new(Rbf::new("RBF", codes::BITS, codes.as_flattened(), readings.distance)));
    let network = Network::new(INPUT, layers).expect("the layers fit each other");
    network.as_lenet5(codes, readings.distance.scale())
}

/// The layers from C1 to C5, each with its squashing function.
pub(super) fn up_to_c5<T: Compute>(curvature: CoefficientCurvature) -> Vec<Box<dyn Layer<T>>> {
    vec![
        Box::new(Convolution::new("C1", Table::full(1, 6), 5)),
        Box::new(Squash),
        Box::new(Subsampling::new("S2", 6, 2).with_curvature(curvature)),
        Box::new(Squash),
        Box::new(Convolution::new("C3", Table::sparse(6, &TABLE_I), 5)),
        Box::new(Squash),
        Box::new(Subsampling::new("S4", 16, 2).with_curvature(curvature)),
        Box::new(Squash),
        Box::new(Convolution::new("C5", Table::full(16, 120), 5)),
        Box::new(Squash),
    ]
}

/// LeNet-5 with some parts replaced by today's. Max-pooling comes before the activation; since activations are monotonic, the order
/// does not change the result.
fn changed<T: Compute>(settings: &Settings) -> Network<T> {
    let activation = || -> Box<dyn Layer<T>> {
        match settings.activation {
            Activation::Squash => Box::new(Squash),
            Activation::Relu => Box::new(Relu),
        }
    };
    let convolution =
        |name: &str, table: Table| -> Vec<Box<dyn Layer<T>>> { vec![Box::new(Convolution::new(name, table, 5))] };
    let pooling = |name: &str, maps: usize| -> Vec<Box<dyn Layer<T>>> {
        let subsampling = || Subsampling::new(name, maps, 2).with_curvature(settings.coefficient_curvature);
        match settings.pooling {
            Pooling::Subsampling => vec![activation(), Box::new(subsampling()), activation()],
            Pooling::Max => vec![Box::new(MaxPool::new(name, 2)), activation()],
        }
    };
    let c3 = match settings.c3 {
        C3::Sparse => Table::sparse(6, &TABLE_I),
        C3::Full => Table::full(6, 16),
    };
    let output: Vec<Box<dyn Layer<T>>> = match settings.output {
        OutputLayer::Rbf => {
            vec![Box::new(Rbf::new("RBF", codes::BITS, settings.codes().as_flattened(), settings.distance))]
        }
        OutputLayer::Scores => vec![Box::new(dense("output", codes::BITS, settings.classes())), Box::new(Scores)],
    };
    let layers = [
        convolution("C1", Table::full(1, 6)),
        pooling("S2", 6),
        convolution("C3", c3),
        pooling("S4", 16),
        convolution("C5", Table::full(16, 120)),
        vec![activation(), Box::new(dense("F6", 120, codes::BITS)), activation()],
        output,
    ];
    Network::new(INPUT, layers.into_iter().flatten().collect()).expect("the layers fit each other")
}
