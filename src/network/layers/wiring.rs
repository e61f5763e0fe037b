//! Layers without parameters that only hand on what they are given. The paper does not count them.

use super::{Derivatives, Field, Layer, ShapeError, Tools};
use crate::kernels::batch_maps::Batch;
use crate::kernels::maps::{Maps, Shape};
use crate::kernels::scalar::Scalar;

/// Each map several times, one after another: map i of the output is map i / `times` of the input. LeNet-4 has two S2 maps for each
/// map of C1.
#[derive(Debug, Clone)]
pub struct Repeat {
    /// How often each map is handed on, 1 or more.
    pub times: usize,
}

impl<T: Scalar> Layer<T> for Repeat {
    fn name(&self) -> &str {
        ""
    }

    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        Ok(Shape { maps: input.maps * self.times, ..input })
    }

    fn field(&self, maps: usize) -> Option<Field> {
        Some(Field { size: 1, step: 1, inputs: (0..maps * self.times).map(|map| vec![map / self.times]).collect() })
    }

    fn connections(&self, _input: Shape) -> usize {
        0
    }

    fn forward(&self, _values: &[T], input: &Maps<T>, output: &mut Maps<T>, _tools: Tools<'_, T>) {
        for map in 0..output.shape().maps {
            output.map_mut(map).copy_from_slice(input.map(map / self.times));
        }
    }

    fn gradient(&self, _values: &[T], pass: Derivatives<'_, T>, _tools: Tools<'_, T>) {
        if let Some(to) = pass.input_derivative {
            to.values.fill(T::zero());
            for map in 0..pass.output_derivative.shape().maps {
                for (sum, &dx) in to.map_mut(map / self.times).iter_mut().zip(pass.output_derivative.map(map)) {
                    *sum += dx;
                }
            }
        }
    }

    /// The sum over the maps handed on, whose connections have weight 1 (eq. 26).
    fn curvature(&self, values: &[T], pass: Derivatives<'_, T>, tools: Tools<'_, T>) {
        self.gradient(values, pass, tools);
    }
}

/// Scores, of which the largest wins, become distances, of which the smallest wins as it does at RBF units: y_i = -a_i.
///
/// With cross-entropy, exp(-y_i) over the sum of all is then the softmax of the scores.
#[derive(Debug, Clone)]
pub struct Scores;

impl Scores {
    fn negate<T: Scalar>(from: &[T], to: &mut [T]) {
        for (to, &from) in to.iter_mut().zip(from) {
            *to = -from;
        }
    }
}

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

    fn forward(&self, _values: &[T], input: &Maps<T>, output: &mut Maps<T>, _tools: Tools<'_, T>) {
        Self::negate(&input.values, &mut output.values);
    }

    fn gradient(&self, _values: &[T], pass: Derivatives<'_, T>, _tools: Tools<'_, T>) {
        if let Some(to) = pass.input_derivative {
            Self::negate(&pass.output_derivative.values, &mut to.values);
        }
    }

    /// d2E/da_i^2 = d2E/dy_i^2, which is what cross-entropy hands in ([`crate::network::loss::Loss::curvature`]).
    fn curvature(&self, _values: &[T], pass: Derivatives<'_, T>, _tools: Tools<'_, T>) {
        if let Some(to) = pass.input_derivative {
            to.values.copy_from_slice(&pass.output_derivative.values);
        }
    }

    fn forward_batch(&self, _values: &[T], input: &Batch<T>, output: &mut Batch<T>, _tools: Tools<'_, T>) {
        Self::negate(input.values(), output.values_mut());
    }

    fn gradient_batch(&self, _values: &[T], pass: Derivatives<'_, T, Batch<T>>, _tools: Tools<'_, T>) {
        if let Some(to) = pass.input_derivative {
            Self::negate(pass.output_derivative.values(), to.values_mut());
        }
    }
}
