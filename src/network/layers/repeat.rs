//! Copies of maps. The paper does not count this as a layer.

use super::{Context, Derivatives, Field, Layer, Operation, ShapeError};
use crate::kernels::maps::{Maps, Shape};
use crate::kernels::scalar::Scalar;

/// `times` copies of each map, one after another: map i of the output is map i / `times` of the input. LeNet-4 has two S2 maps for
/// each map of C1.
#[derive(Debug, Clone)]
pub struct Repeat {
    /// The number of copies of each map, 1 or more.
    pub times: usize,
}

impl<T: Scalar> Layer<T> for Repeat {
    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        Ok(Shape { maps: input.maps * self.times, ..input })
    }

    fn operation(&self) -> Option<Operation<'_, T>> {
        Some(Operation::Repeat { times: self.times })
    }

    fn field(&self, maps: usize) -> Option<Field> {
        Some(Field { size: 1, step: 1, inputs: (0..maps * self.times).map(|map| vec![map / self.times]).collect() })
    }

    fn forward(&self, _values: &[T], input: &Maps<T>, output: &mut Maps<T>, _context: Context<'_, T>) {
        for map in 0..output.shape().maps {
            output.map_mut(map).copy_from_slice(input.map(map / self.times));
        }
    }

    fn gradient(&self, _values: &[T], pass: Derivatives<'_, T>, _context: Context<'_, T>) {
        if let Some(to) = pass.input_derivative {
            to.values.fill(T::zero());
            for map in 0..pass.output_derivative.shape().maps {
                for (sum, &dx) in to.map_mut(map / self.times).iter_mut().zip(pass.output_derivative.map(map)) {
                    *sum += dx;
                }
            }
        }
    }

    /// The sum over the copies, whose connections have weight 1 (eq. 27).
    fn curvature(&self, values: &[T], pass: Derivatives<'_, T>, context: Context<'_, T>) {
        self.gradient(values, pass, context);
    }
}
