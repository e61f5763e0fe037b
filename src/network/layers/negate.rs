//! The negative of scores. The paper does not have this layer.

use super::{Context, Derivatives, Layer, ShapeError};
use crate::kernels::maps::{Maps, Shape};
use crate::kernels::scalar::Scalar;

/// Scores, of which the largest wins, become distances, of which the smallest wins as it does at RBF units: y_i = -a_i.
///
/// With cross-entropy, exp(-y_i) over the sum of all is then the softmax of the scores.
#[derive(Debug, Clone)]
pub struct Scores;

impl<T: Scalar> Layer<T> for Scores {
    fn name(&self) -> &str {
        ""
    }

    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        Ok(input)
    }

    fn connections(&self, _input: Shape) -> usize {
        0
    }

    fn forward(&self, _values: &[T], input: &Maps<T>, output: &mut Maps<T>, _context: Context<'_, T>) {
        negate(&input.values, &mut output.values);
    }

    fn gradient(&self, _values: &[T], pass: Derivatives<'_, T>, _context: Context<'_, T>) {
        if let Some(to) = pass.input_derivative {
            negate(&pass.output_derivative.values, &mut to.values);
        }
    }

    /// d2E/da_i^2 = d2E/dy_i^2, which is what cross-entropy hands in ([`crate::network::loss::Loss::curvature`]).
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
