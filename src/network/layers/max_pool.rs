//! The max-pooling of today's networks, in place of subsampling.

use super::{Context, Derivatives, Field, Layer, Operation, ShapeError};
use crate::kernels::maps::{Maps, Shape};
use crate::kernels::scalar::Scalar;

/// The largest input of each field of N x N units; fields do not overlap. It has no parameters.
///
/// Max-pooling and ReLU commute: the largest rectified sum is the rectified largest sum. Pooling first is cheaper.
#[derive(Debug, Clone)]
pub struct MaxPool {
    name: String,
    size: usize,
}

impl MaxPool {
    /// The layer `name` with fields of `size` x `size` units.
    ///
    /// # Panics
    /// If `size` is 0: it is part of a network's declaration.
    pub fn new(name: &str, size: usize) -> Self {
        assert!(size > 0, "fields of at least one unit");
        Self { name: name.into(), size }
    }
}

impl<T: Scalar> Layer<T> for MaxPool {
    fn name(&self) -> &str {
        &self.name
    }

    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        let size = self.size;
        if input.height < size || input.width < size {
            let expected = format!("maps of at least {size}x{size}");
            return Err(ShapeError { layer: self.name.clone(), expected, found: input });
        }
        Ok(Shape::new(input.maps, input.height / size, input.width / size))
    }

    fn operation(&self) -> Option<Operation<'_, T>> {
        Some(Operation::MaxPool { size: self.size })
    }

    fn field(&self, maps: usize) -> Option<Field> {
        Some(Field { size: self.size, step: self.size, inputs: (0..maps).map(|map| vec![map]).collect() })
    }

    /// A connection for each input of a field, as for subsampling.
    fn connections(&self, input: Shape) -> usize {
        input.maps * (input.height / self.size) * (input.width / self.size) * self.size * self.size
    }

    fn forward(&self, _values: &[T], input: &Maps<T>, output: &mut Maps<T>, context: Context<'_, T>) {
        context.kernels.max_pool_forward(self.size, input, output);
    }

    fn gradient(&self, _values: &[T], pass: Derivatives<'_, T>, context: Context<'_, T>) {
        if let Some(to) = pass.input_derivative {
            context.kernels.max_pool_input_derivative(self.size, pass.input, pass.output_derivative, to);
        }
    }

    /// The largest input is connected with weight 1 (eq. 27).
    fn curvature(&self, values: &[T], pass: Derivatives<'_, T>, context: Context<'_, T>) {
        self.gradient(values, pass, context);
    }
}
