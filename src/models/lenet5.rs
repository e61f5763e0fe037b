//! LeNet-5 (section II-B, Fig. 2).

use crate::codes;
use crate::layers::{CoefficientCurvature, Convolution, Distance, Rbf, Squash, Subsampling, Table, dense};
use crate::maps::Shape;
use crate::network::Network;
use crate::paper::C3_TABLE;
use crate::scalar::Scalar;

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

/// As printed.
impl Default for Readings {
    fn default() -> Self {
        Self { distance: Distance::Sum, coefficient_curvature: CoefficientCurvature::Connections }
    }
}

/// LeNet-5 with an RBF unit for each of `codes`, in that order (see [`codes::alphabet`]).
///
/// A 32x32 input gives 1x1 outputs; C5 is a convolution, so a larger one gives an output for each position.
///
/// ```
/// use lenet5::{codes, maps::Shape, models};
/// let network = models::lenet5::<f32>(&codes::digits(), models::Readings::default());
/// assert_eq!(network.layout().size(), 60_000);
/// assert_eq!(network.shapes(Shape::new(1, 32, 64)).unwrap().last(), Some(&Shape::new(10, 1, 9)));
/// ```
pub fn lenet5<T: Scalar>(codes: &[codes::Code], readings: Readings) -> Network<T> {
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
    .with_fixed(T::fixed_lenet5(codes, readings.distance))
}
