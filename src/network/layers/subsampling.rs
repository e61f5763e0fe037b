//! Subsampling layers with trainable coefficients.

use super::{Context, Derivatives, Field, Layer, Operation, Scratch, ShapeError, square};
use crate::kernels::Kernels;
use crate::kernels::maps::{Maps, Shape};
use crate::kernels::scalar::Scalar;
use crate::network::parameters::{Role, Tensor};

/// The curvature of an S2 or S4 coefficient.
///
/// The unit adds its inputs and then multiplies the sum. The paper does not say whether its connections share the coefficient, or the
/// sum is the one input that it multiplies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CoefficientCurvature {
    /// Each input is a connection that shares the coefficient, as the paper counts connections: eqs. 22 to 25 add
    /// d2E/da_i^2 * x_j^2 over them.
    Connections,
    /// The sum is one input: d2E/da_i^2 * (sum over j of x_j)^2, the Gauss-Newton second derivative with respect to the
    /// coefficient itself, and what the authors' code computes.
    Sum,
}

/// The sum of N x N inputs, times a trainable coefficient of the map, plus a trainable bias of the map (S2 and S4 of section II-B). The
/// squashing function is a separate layer.
///
/// Tensors: `coefficient` \[maps\], `bias` \[maps\].
#[derive(Debug, Clone)]
pub struct Subsampling {
    name: String,
    maps: usize,
    size: usize,
    coefficient_curvature: CoefficientCurvature,
}

impl Subsampling {
    /// The layer `name` on `maps` maps with fields of `size` x `size` units.
    ///
    /// # Panics
    /// If `size` is 0: it is part of a network's declaration.
    pub fn new(name: &str, maps: usize, size: usize) -> Self {
        assert!(size > 0, "fields of at least one unit");
        Self { name: name.into(), maps, size, coefficient_curvature: CoefficientCurvature::Connections }
    }

    /// Sets the reading of the coefficients' curvature; the default is by connections.
    pub fn with_curvature(self, coefficient_curvature: CoefficientCurvature) -> Self {
        Self { coefficient_curvature, ..self }
    }

    /// First derivatives from the coefficients and the input, or second derivatives from their squares.
    fn derivatives<T: Scalar>(
        &self,
        values: &[T],
        input: &Maps<T>,
        pass: Derivatives<'_, T>,
        kernels: &dyn Kernels<T>,
        scratch: &mut Vec<T>,
    ) {
        let from = pass.output_derivative;
        kernels.subsampling_parameter_derivative(self.size, input, from, pass.parameter_derivative, scratch);
        if let Some(to) = pass.input_derivative {
            kernels.subsampling_input_derivative(self.size, &values[..self.maps], from, to);
        }
    }
}

impl<T: Scalar> Layer<T> for Subsampling {
    fn name(&self) -> &str {
        &self.name
    }

    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        let (maps, size) = (self.maps, self.size);
        if input.maps != maps || input.height < size || input.width < size {
            let expected = format!("{maps} maps of at least {size}x{size}");
            return Err(ShapeError { layer: self.name.clone(), expected, found: input });
        }
        Ok(Shape::new(maps, input.height / size, input.width / size))
    }

    fn tensors(&self) -> Vec<Tensor> {
        let fan_in = vec![self.size * self.size; self.maps];
        vec![
            Tensor::new(&self.name, "coefficient", vec![self.maps], Role::Coefficient, fan_in.clone()),
            Tensor::new(&self.name, "bias", vec![self.maps], Role::Bias, fan_in),
        ]
    }

    fn operation(&self) -> Option<Operation<'_, T>> {
        Some(Operation::Subsampling { size: self.size })
    }

    fn field(&self, maps: usize) -> Option<Field> {
        Some(Field { size: self.size, step: self.size, inputs: (0..maps).map(|map| vec![map]).collect() })
    }

    fn connections(&self, input: Shape) -> usize {
        self.maps * (input.height / self.size) * (input.width / self.size) * (self.size * self.size + 1)
    }

    fn forward(&self, values: &[T], input: &Maps<T>, output: &mut Maps<T>, context: Context<'_, T>) {
        let (coefficients, biases) = values.split_at(self.maps);
        context.kernels.subsampling_forward(self.size, coefficients, biases, input, output);
    }

    fn gradient(&self, values: &[T], pass: Derivatives<'_, T>, context: Context<'_, T>) {
        self.derivatives(values, pass.input, pass, context.kernels, &mut context.scratch.kernel);
    }

    /// Eqs. 25 and 27 as for a convolution, with either reading for the coefficients.
    fn curvature(&self, values: &[T], pass: Derivatives<'_, T>, context: Context<'_, T>) {
        let (kernels, Scratch { values: squared, maps, kernel }) = (context.kernels, context.scratch);
        square(values, squared);
        match self.coefficient_curvature {
            CoefficientCurvature::Connections => {
                maps.assign_squared(pass.input);
                self.derivatives(squared, maps, pass, kernels, kernel);
            }
            CoefficientCurvature::Sum => {
                maps.reshape(pass.output.shape(), pass.output.patterns());
                kernels.subsampling_add_fields(self.size, pass.input, maps);
                maps.values.iter_mut().for_each(|sum| *sum = *sum * *sum);
                // One connection from each sum.
                let from = pass.output_derivative;
                kernels.subsampling_parameter_derivative(1, maps, from, pass.parameter_derivative, kernel);
                if let Some(to) = pass.input_derivative {
                    kernels.subsampling_input_derivative(self.size, &squared[..self.maps], from, to);
                }
            }
        }
    }
}
