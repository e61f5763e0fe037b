//! Convolutional layers, and full connection as their 1x1 case.

use super::{Derivatives, Layer, ShapeError, Table};
use crate::kernels::plain::{convolution as kernel, dense as full};
use crate::maps::{Maps, Shape};
use crate::parameters::{Role, Tensor};
use crate::scalar::Scalar;

/// The largest side of a kernel that the plain kernels are compiled for.
pub const MAX_KERNEL: usize = 7;

/// Calls a kernel function compiled for this kernel size.
macro_rules! with_kernel_size {
    ($size:expr, $function:ident($($argument:expr),*)) => {
        match $size {
            1 => kernel::$function::<T, 1>($($argument),*),
            2 => kernel::$function::<T, 2>($($argument),*),
            3 => kernel::$function::<T, 3>($($argument),*),
            4 => kernel::$function::<T, 4>($($argument),*),
            5 => kernel::$function::<T, 5>($($argument),*),
            6 => kernel::$function::<T, 6>($($argument),*),
            _ => kernel::$function::<T, 7>($($argument),*),
        }
    };
}

/// A convolution with K x K kernels, stride 1, no padding, each output map joined to the input maps that a table names
/// (section II-A; C1, C3 and C5 of section II-B). Weighted sums only: the squashing is a layer of its own.
///
/// Tensors: `weight` \[pairs, K, K\] in the table's order, for a full table \[outputs, inputs, K, K\]; `bias` \[outputs\].
#[derive(Debug, Clone)]
pub struct Convolution {
    name: String,
    table: Table,
    size: usize,
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
        Self { name: name.into(), table, size }
    }

    /// Whether every output unit sees the whole input, which makes the layer one full connection.
    fn is_dense(&self, output: Shape) -> bool {
        self.table.is_full() && output.area() == 1
    }

    fn weights(&self) -> usize {
        self.table.pairs().len() * self.size * self.size
    }

    /// The passes for both kinds of derivative: they differ only in what stands for weights and input.
    fn derivatives<T: Scalar>(&self, values: &[T], input: &Maps<T>, pass: Derivatives<'_, T>) {
        let (weights, pairs, from) = (&values[..self.weights()], self.table.pairs(), pass.output_derivative);
        let (dw, db) = pass.parameter_derivative.split_at_mut(self.weights());
        if self.is_dense(from.shape()) {
            full::parameter_derivative(&input.values, &from.values, dw, db);
            if let Some(to) = pass.input_derivative {
                full::input_derivative(weights, &from.values, &mut to.values);
            }
        } else {
            with_kernel_size!(self.size, parameter_derivative(pairs, input, from, dw, db));
            if let Some(to) = pass.input_derivative {
                with_kernel_size!(self.size, input_derivative(pairs, weights, from, to));
            }
        }
    }
}

impl<T: Scalar> Layer<T> for Convolution {
    fn name(&self) -> &str {
        &self.name
    }

    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        let (maps, size) = (self.table.inputs(), self.size);
        if input.maps != maps || input.height < size || input.width < size {
            let expected = format!("{maps} maps of at least {size}x{size}");
            return Err(ShapeError { layer: self.name.clone(), expected, found: input });
        }
        Ok(Shape::new(self.table.outputs(), input.height - size + 1, input.width - size + 1))
    }

    fn tensors(&self) -> Vec<Tensor> {
        let (table, size) = (&self.table, self.size);
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

    fn connections(&self, input: Shape) -> usize {
        let positions = (input.height - self.size + 1) * (input.width - self.size + 1);
        positions * (self.weights() + self.table.outputs())
    }

    fn forward(&self, values: &[T], input: &Maps<T>, output: &mut Maps<T>) {
        let (weights, biases) = values.split_at(self.weights());
        if self.is_dense(output.shape()) {
            full::forward(weights, biases, &input.values, &mut output.values);
        } else {
            with_kernel_size!(self.size, forward(self.table.pairs(), weights, biases, input, output));
        }
    }

    fn gradient(&self, values: &[T], pass: Derivatives<'_, T>) {
        self.derivatives(values, pass.input, pass);
    }

    /// d2E/dw^2 adds d2E/da_i^2 * x_j^2 over the connections that share w, and d2E/dx_j^2 = sum over i of w_ij^2 *
    /// d2E/da_i^2 (eqs. 25, 26): the gradient's sums with every weight and every input squared.
    fn curvature(&self, values: &[T], pass: Derivatives<'_, T>) {
        let squared: Vec<T> = values.iter().map(|&w| w * w).collect();
        self.derivatives(&squared, &pass.input.squared(), pass);
    }
}
