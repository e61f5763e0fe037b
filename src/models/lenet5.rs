//! LeNet-5 (section II-B, Fig. 2), as published or with some of its parts replaced by today's: each of these settings is one rung of
//! `lenet5-reproduce ladder`.

use crate::config::network::{Declaration, Defaults, Kind, LayerDeclaration};
use crate::config::{Activation, C3, Config, OutputLayer, Pooling, Settings, UnitFunction};
use crate::kernels::compute::Compute;
use crate::kernels::maps::Shape;
use crate::network::Network;
use crate::network::layers::{CoefficientCurvature, Distance};
use crate::network::optimizer::{PRINTED_SCHEDULE, Rate};
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

/// LeNet-5 with the parts that the settings choose. Max-pooling comes before the activation; since activations are monotonic, the order
/// does not change the result.
pub fn network(settings: &Settings) -> Declaration {
    let mut network = Declaration::lenet5();
    for layer in &mut network.layers {
        match (&mut layer.kind, layer.name.as_str()) {
            (Kind::Convolution { .. }, "C1" | "C3") if settings.pooling == Pooling::Max => {
                layer.activation = Some(UnitFunction::None);
            }
            (Kind::Subsampling { size, .. }, _) if settings.pooling == Pooling::Max => {
                let function = match settings.activation {
                    Activation::Squash => UnitFunction::Squash,
                    Activation::Relu => UnitFunction::Relu,
                };
                (layer.kind, layer.activation) = (Kind::Max { size: *size }, Some(function));
            }
            (Kind::Rbf { .. }, _) if settings.output == OutputLayer::Scores => {
                *layer = LayerDeclaration::new("output", Kind::scores(1));
            }
            _ => {}
        }
        if let (Kind::Convolution { table, .. }, C3::Full) = (&mut layer.kind, settings.c3) {
            *table = None;
        }
    }
    network
}

/// The preset `paper-2.4`: the reading of the paper that `paper` was before the readings were compared (`lenet5-reproduce grid`). Weights start
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
/// (`lenet5-reproduce tuned-choice`).
pub fn tuned() -> Config {
    Config {
        j: 5.0,
        distance: Distance::Half,
        weight_range: 1.0,
        coefficient: 0.5,
        eta_factor: 0.2,
        distortion: 0.75,
        passes: 200,
        distorted_copies: 199,
        schedule: PRINTED_SCHEDULE.map(|rate| Rate { passes: 10 * rate.passes, ..rate }).to_vec(),
        ..paper_2_4()
    }
}

/// The preset `tuned-rubbish`: [`tuned`], with pictures without a digit in a share of the patterns, so that eq. 9's class of rubbish has
/// examples too.
pub fn tuned_rubbish() -> Config {
    Config { rubbish: 0.3, ..tuned() }
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
    let Readings { distance, coefficient_curvature } = readings;
    let (activation, classes, codes) = (Activation::Squash, codes.len(), codes.to_vec());
    build(&Declaration::lenet5(), &Defaults { activation, distance, coefficient_curvature, classes, codes })
}

/// The network of a declaration that fits; what computes as LeNet-5 does is one piece of code.
///
/// # Panics
/// If it does not fit.
pub(super) fn build<T: Compute>(declaration: &Declaration, defaults: &Defaults) -> Network<T> {
    let network = declaration.build(defaults).expect("the layers fit each other");
    match declaration.computes_lenet5(defaults.activation, defaults.distance) {
        Some(distance) => network.as_lenet5(&defaults.codes, distance.scale()),
        None => network,
    }
}
