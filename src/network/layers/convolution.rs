//! Convolutional layers, and full connection as their 1x1 case.

use super::{Context, Derivatives, Field, Layer, MAX_KERNEL, Operation, Scratch, ShapeError, Table, square};
use crate::kernels::maps::{Maps, Shape};
use crate::kernels::scalar::Scalar;
use crate::kernels::{Connections, Kernels};
use crate::network::parameters::{Role, Tensor};

/// A convolution with K x K kernels, stride 1, no padding, each output map joined to the input maps that a table lists
/// (section II-A; C1, C3 and C5 of section II-B). It computes weighted sums; the squashing function is a separate layer.
///
/// Tensors: `weight` \[pairs, K, K\] in the table's order, for a full table \[outputs, inputs, K, K\]; `bias` \[outputs\].
#[derive(Debug, Clone)]
pub struct Convolution {
    name: String,
    connections: Connections,
}

/// A full connection (F6 of section II-B): a convolution with 1x1 kernels and a full table, so that on a larger image it is
/// applied at every position. Tensors: `weight` \[outputs, inputs\], `bias` \[outputs\].
pub fn dense(name: &str, inputs: usize, outputs: usize) -> Convolution {
    Convolution::new(name, Table::full(inputs, outputs), 1)
}

impl Convolution {
    /// The layer `name` with kernels of `size` x `size`.
    ///
    /// # Panics
    /// If `size` is not in 1 ..= [`MAX_KERNEL`]: it is part of a network's declaration.
    pub fn new(name: &str, table: Table, size: usize) -> Self {
        assert!((1..=MAX_KERNEL).contains(&size), "kernels of 1x1 to {MAX_KERNEL}x{MAX_KERNEL}");
        Self { name: name.into(), connections: Connections { table, size } }
    }

    /// First derivatives from the weights and the input, or second derivatives from their squares.
    fn derivatives<T: Scalar>(
        &self,
        values: &[T],
        input: &Maps<T>,
        pass: Derivatives<'_, T>,
        kernels: &dyn Kernels<T>,
        scratch: &mut Vec<T>,
    ) {
        let (connections, from, derivative) = (&self.connections, pass.output_derivative, pass.parameter_derivative);
        kernels.convolution_parameter_derivative(connections, input, from, derivative, scratch);
        if let Some(to) = pass.input_derivative {
            kernels.convolution_input_derivative(connections, values, from, to, scratch);
        }
    }
}

impl<T: Scalar> Layer<T> for Convolution {
    fn name(&self) -> &str {
        &self.name
    }

    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        let (maps, size) = (self.connections.table.inputs(), self.connections.size);
        if input.maps != maps || input.height < size || input.width < size {
            let expected = format!("{maps} maps of at least {size}x{size}");
            return Err(ShapeError { layer: self.name.clone(), expected, found: input });
        }
        Ok(Shape::new(self.connections.table.outputs(), input.height - size + 1, input.width - size + 1))
    }

    fn tensors(&self) -> Vec<Tensor> {
        let Connections { table, size } = &self.connections;
        let size = *size;
        let fan_in = |output| table.fan_in(output) * size * size;
        let outputs: Vec<usize> = (0..table.outputs()).map(fan_in).collect();
        let (mut shape, weights) = if table.is_full() {
            (vec![table.outputs(), table.inputs()], outputs.clone())
        } else {
            (vec![table.pairs().len()], table.pairs().iter().map(|pair| outputs[pair.0]).collect())
        };
        if size > 1 {
            shape.extend([size, size]);
        }
        vec![
            Tensor::new(&self.name, "weight", shape, Role::Weight, weights),
            Tensor::new(&self.name, "bias", vec![table.outputs()], Role::Bias, outputs),
        ]
    }

    fn operation(&self) -> Option<Operation<'_, T>> {
        Some(Operation::Convolution { table: &self.connections.table, size: self.connections.size })
    }

    fn field(&self, _maps: usize) -> Option<Field> {
        let Connections { table, size } = &self.connections;
        let inputs = |output| table.pairs()[table.of_output(output)].iter().map(|pair| pair.1).collect();
        Some(Field { size: *size, step: 1, inputs: (0..table.outputs()).map(inputs).collect() })
    }

    fn connections(&self, input: Shape) -> usize {
        let Connections { table, size } = &self.connections;
        let positions = (input.height - size + 1) * (input.width - size + 1);
        positions * (self.connections.weights() + table.outputs())
    }

    fn forward(&self, values: &[T], input: &Maps<T>, output: &mut Maps<T>, context: Context<'_, T>) {
        context.kernels.convolution_forward(&self.connections, values, input, output, &mut context.scratch.kernel);
    }

    fn gradient(&self, values: &[T], pass: Derivatives<'_, T>, context: Context<'_, T>) {
        self.derivatives(values, pass.input, pass, context.kernels, &mut context.scratch.kernel);
    }

    /// d2E/dw^2 adds d2E/da_i^2 * x_j^2 over the connections that share w, and d2E/dx_j^2 = sum over i of w_ij^2 *
    /// d2E/da_i^2 (eqs. 25, 27): the gradient's sums with every weight and every input squared.
    fn curvature(&self, values: &[T], pass: Derivatives<'_, T>, context: Context<'_, T>) {
        let Scratch { values: squared, maps, kernel } = context.scratch;
        square(values, squared);
        maps.assign_squared(pass.input);
        self.derivatives(squared, maps, pass, context.kernels, kernel);
    }
}
