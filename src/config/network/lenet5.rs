//! The layers of LeNet-5, which are known wherever they are declared.

use super::super::choices::{Activation, UnitFunction};
use super::{Declaration, Kind, LayerDeclaration};
use crate::kernels::maps::Shape;
use crate::network::layers::Distance;
use crate::paper::TABLE_I;
use crate::paper::codes::BITS;

impl Declaration {
    /// LeNet-5 (section II-B, Fig. 2).
    pub fn lenet5() -> Self {
        let mut layers = Self::up_to_c5();
        layers.extend([LayerDeclaration::full("F6", BITS), LayerDeclaration::new("RBF", Kind::Rbf { distance: None })]);
        Self::new("lenet5", Shape::new(1, 32, 32), layers)
    }

    /// The layers of LeNet-5 from C1 to C5.
    pub fn up_to_c5() -> Vec<LayerDeclaration> {
        vec![
            LayerDeclaration::convolution("C1", 6, 5),
            LayerDeclaration::subsampling("S2", 2),
            LayerDeclaration::sparse("C3", &TABLE_I, 5),
            LayerDeclaration::subsampling("S4", 2),
            LayerDeclaration::convolution("C5", 120, 5),
        ]
    }

    /// The measure of distance if these layers compute what LeNet-5 computes, in the order of its parameters, whatever their names, their
    /// start and the reading of their curvature; `None` if they compute something else.
    pub fn computes_lenet5(&self, activation: Activation, distance: Distance) -> Option<Distance> {
        let lenet5 = Self::lenet5();
        let squashed = |layer: &LayerDeclaration| layer.function(activation) == UnitFunction::Squash;
        let same = |(own, other): (&LayerDeclaration, &LayerDeclaration)| match (&own.kind, &other.kind) {
            (Kind::Subsampling { size, .. }, Kind::Subsampling { size: other, .. }) => squashed(own) && size == other,
            (Kind::Rbf { .. }, Kind::Rbf { .. }) => true,
            (kind, other) => squashed(own) && kind == other,
        };
        let shapes = self.input == lenet5.input && self.layers.len() == lenet5.layers.len();
        if !shapes || !self.layers.iter().zip(&lenet5.layers).all(same) {
            return None;
        }
        match self.layers.last()?.kind {
            Kind::Rbf { distance: own } => Some(own.unwrap_or(distance)),
            _ => None,
        }
    }
}
