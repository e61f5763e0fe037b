//! The layers of a network.
//!
//! Each knows its shapes and its parameters and goes through three passes: [`forward`](Layer::forward), the
//! [`gradient`](Layer::gradient), and the Gauss-Newton diagonal [`curvature`](Layer::curvature) of Appendix C. A layer holds
//! no parameter values: its passes take its slice of the one flat store. Maps are of one pattern or of several.

mod convolution;
mod max_pool;
mod negate;
mod operation;
mod rbf;
mod relu;
mod repeat;
mod squash;
mod subsampling;

pub use convolution::{Convolution, dense};
pub use max_pool::MaxPool;
pub use negate::Scores;
pub use operation::Operation;
pub use rbf::{Distance, Rbf, targets};
pub use relu::Relu;
pub use repeat::Repeat;
pub use squash::Squash;
pub use subsampling::{CoefficientCurvature, Subsampling};

use crate::kernels::Kernels;
use crate::kernels::maps::{Maps, Shape};
use crate::kernels::scalar::Scalar;
pub use crate::kernels::{MAX_KERNEL, Table};
use crate::network::parameters::{Array, Role, Tensor};

/// The operands of a layer's gradient pass or curvature pass.
///
/// "Derivative" is the first derivative of the loss in the one pass and the diagonal second derivative in the other.
pub struct Derivatives<'a, T> {
    /// The layer's input in the forward pass.
    pub input: &'a Maps<T>,
    /// The layer's output in the forward pass.
    pub output: &'a Maps<T>,
    /// The derivatives with respect to the output.
    pub output_derivative: &'a Maps<T>,
    /// The derivatives with respect to the input, overwritten; `None` for the first layer, where they are not needed.
    pub input_derivative: Option<&'a mut Maps<T>>,
    /// The derivatives with respect to the layer's parameters, added to the values in the slice.
    pub parameter_derivative: &'a mut [T],
}

/// The kernels that a layer computes with, and buffers.
#[derive(Debug)]
pub struct Context<'a, T> {
    /// The kernels of the network.
    pub kernels: &'a dyn Kernels<T>,
    /// The buffers of the workspace.
    pub scratch: &'a mut Scratch<T>,
}

/// Reusable buffers: only the first pass allocates. Each layer overwrites them.
#[derive(Debug, Clone)]
pub struct Scratch<T> {
    /// Numbers of a layer, such as its squared parameters.
    values: Vec<T>,
    /// Maps of a layer, such as its squared input.
    maps: Maps<T>,
    /// The buffer of the kernels.
    kernel: Vec<T>,
}

impl<T: Scalar> Default for Scratch<T> {
    fn default() -> Self {
        Self { values: Vec::new(), maps: Maps::zeros(Shape::new(0, 0, 0)), kernel: Vec::new() }
    }
}

/// Writes the squares of `numbers`, as Appendix C's curvature pass needs them.
fn square<T: Scalar>(numbers: &[T], squares: &mut Vec<T>) {
    squares.clear();
    squares.extend(numbers.iter().map(|&number| number * number));
}

/// The receptive field of a layer's units: unit (map, y, x) is joined to the `size` x `size` units from (`step` y, `step` x) on of
/// each input map in `inputs[map]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its rows and its columns.
    pub size: usize,
    /// From the field of one unit to that of the next, in units of the input.
    pub step: usize,
    /// The input maps of each output map, as listed in the table of a convolution.
    pub inputs: Vec<Vec<usize>>,
}

impl Field {
    /// The field in the original maps, if its inputs are copies of maps.
    pub(crate) fn through(self, copies: Option<Self>) -> Self {
        let Some(copies) = copies else { return self };
        let of = |maps: Vec<usize>| maps.into_iter().flat_map(|map| copies.inputs[map].iter().copied()).collect();
        Self { inputs: self.inputs.into_iter().map(of).collect(), ..self }
    }
}

/// A layer that cannot take an input of some shape.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("layer {layer} takes {expected}, but was given {found}")]
pub struct ShapeError {
    /// The layer's name.
    pub layer: String,
    /// The inputs that it takes.
    pub expected: String,
    /// The shape that it was given.
    pub found: Shape,
}

/// A layer. `values` is always the layer's own slice of the parameters, in the order of [`tensors`](Layer::tensors).
pub trait Layer<T: Scalar>: std::fmt::Debug + Send + Sync {
    /// Its name in the paper (C1, S2, F6, ...); empty for a layer that the paper counts as part of the one before it.
    fn name(&self) -> &str {
        ""
    }

    /// The shape of its output for an input of this shape.
    ///
    /// # Errors
    /// If it cannot take such an input.
    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        Ok(input)
    }

    /// Its trainable tensors.
    fn tensors(&self) -> Vec<Tensor> {
        Vec::new()
    }

    /// Its fixed tensor, if it has one: the codes of RBF units.
    fn constant(&self) -> Option<Array<T>> {
        None
    }

    /// The function that it computes, which formats of other programs need; `None` for a layer that does not tell it.
    fn operation(&self) -> Option<Operation<'_, T>> {
        None
    }

    /// The receptive field of its units, on this many input maps; `None` where each is joined to the one unit at its own position, or
    /// (RBF units) to all units.
    fn field(&self, _maps: usize) -> Option<Field> {
        None
    }

    /// The least and the greatest state, where its function is bounded.
    fn range(&self) -> Option<(f64, f64)> {
        None
    }

    /// A bound on the magnitude of its sums and states for inputs of magnitude at most `input`: of a unit, the number of its inputs times
    /// the largest weight.
    fn bound(&self, values: &[T], input: f64) -> f64 {
        if let Some((low, high)) = self.range() {
            return high.max(-low);
        }
        let tensors = self.tensors();
        if tensors.is_empty() {
            return input;
        }
        let mut rest = values;
        let term = |tensor: Tensor| {
            let (own, others) = rest.split_at(tensor.size());
            rest = others;
            let largest = own.iter().fold(0.0, |largest: f64, value| largest.max(value.widen().abs()));
            let inputs = tensor.fan_in.iter().max().map_or(0.0, |&inputs| inputs as f64);
            if tensor.role == Role::Bias { largest } else { largest * inputs * input }
        };
        tensors.into_iter().map(term).sum()
    }

    /// The number of its connections for an input of this shape, as the paper counts them: one for each product and one for each bias.
    fn connections(&self, _input: Shape) -> usize {
        0
    }

    /// Computes `output` from `input`.
    fn forward(&self, values: &[T], input: &Maps<T>, output: &mut Maps<T>, context: Context<'_, T>);

    /// Back-propagates first derivatives; those with respect to parameters are summed over the patterns.
    fn gradient(&self, values: &[T], pass: Derivatives<'_, T>, context: Context<'_, T>);

    /// Back-propagates diagonal second derivatives by the Gauss-Newton recursion (eqs. 25 and 27).
    fn curvature(&self, values: &[T], pass: Derivatives<'_, T>, context: Context<'_, T>);
}
