//! The negative of scores. The paper does not have this layer.

use super::{Context, Derivatives, Layer, Operation};
use crate::kernels::maps::Maps;
use crate::kernels::scalar::Scalar;

/// The negative of scores, y_i = -a_i: the largest score becomes the smallest distance, which wins as at RBF units.
///
/// With cross-entropy, exp(-y_i) over the sum of all is the softmax of the scores.
#[derive(Debug, Clone)]
pub struct Scores;

impl<T: Scalar> Layer<T> for Scores {
    fn operation(&self) -> Option<Operation<'_, T>> {
        Some(Operation::Negative)
    }

    fn forward(&self, _values: &[T], input: &Maps<T>, output: &mut Maps<T>, _context: Context<'_, T>) {
        negate(&input.values, &mut output.values);
    }

    fn gradient(&self, _values: &[T], pass: Derivatives<'_, T>, _context: Context<'_, T>) {
        if let Some(to) = pass.input_derivative {
            negate(&pass.output_derivative.values, &mut to.values);
        }
    }

    /// d2E/da_i^2 = d2E/dy_i^2, which cross-entropy gives ([`crate::network::loss::Loss::curvature`]).
    fn curvature(&self, _values: &[T], pass: Derivatives<'_, T>, _context: Context<'_, T>) {
        if let Some(to) = pass.input_derivative {
            to.values.copy_from_slice(&pass.output_derivative.values);
        }
    }
}

fn negate<T: Scalar>(from: &[T], to: &mut [T]) {
    for (to, &from) in to.iter_mut().zip(from) {
        *to = -from;
    }
}
