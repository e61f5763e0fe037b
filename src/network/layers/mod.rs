//! Layers: what a network is a row of.
//!
//! Each knows its shapes and its parameters and goes through three passes: [`forward`](Layer::forward), the
//! [`gradient`](Layer::gradient), and the Gauss-Newton diagonal [`curvature`](Layer::curvature) of Appendix C. A layer holds
//! no parameter values: it is handed its slice of the one flat store. Its maps are of one pattern or of several side by side.

mod convolution;
mod max_pool;
mod negate;
mod rbf;
mod relu;
mod repeat;
mod squash;
mod subsampling;

pub use convolution::{Convolution, dense};
pub use max_pool::MaxPool;
pub use negate::Scores;
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

/// What the gradient pass and the curvature pass of a layer read and write.
///
/// "Derivative" is the first derivative of the loss in the one pass and the diagonal second derivative in the other.
pub struct Derivatives<'a, T> {
    /// The layer's input in the forward pass.
    pub input: &'a Maps<T>,
    /// The layer's output in the forward pass.
    pub output: &'a Maps<T>,
    /// The derivatives with respect to the output.
    pub output_derivative: &'a Maps<T>,
    /// The derivatives with respect to the input, overwritten; `None` where nobody needs them (the first layer).
    pub input_derivative: Option<&'a mut Maps<T>>,
    /// The derivatives with respect to the layer's parameters, added to what stands there.
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

/// Reusable buffers: only the first pass allocates. What is in them means nothing to the next layer.
#[derive(Debug, Clone)]
pub struct Scratch<T> {
    /// Numbers of a layer, such as its squared parameters.
    values: Vec<T>,
    /// Maps of a layer, such as its squared input.
    maps: Maps<T>,
    /// The kernels' own.
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

/// What the units of a layer are joined to: unit (map, y, x) to the `size` x `size` units from (`step` y, `step` x) on of each map
/// that `inputs[map]` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Rows and columns of it.
    pub size: usize,
    /// From the field of one unit to that of the next, in units of the input.
    pub step: usize,
    /// The input maps of each output map, as listed in the table of a convolution.
    pub inputs: Vec<Vec<usize>>,
}

impl Field {
    /// The field in the maps that its inputs are copies of.
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
    /// What it takes.
    pub expected: String,
    /// What it was given.
    pub found: Shape,
}

/// A layer. `values` is always the layer's own slice of the parameters, in the order of [`tensors`](Layer::tensors).
pub trait Layer<T: Scalar>: std::fmt::Debug + Send + Sync {
    /// Its name in the paper (C1, S2, F6, ...); empty for a layer that the paper counts as part of the one before it.
    fn name(&self) -> &str;

    /// The shape of its output for an input of this shape.
    ///
    /// # Errors
    /// If it cannot take such an input.
    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError>;

    /// Its trainable tensors.
    fn tensors(&self) -> Vec<Tensor> {
        Vec::new()
    }

    /// Its fixed tensor, if it has one: the codes of RBF units.
    fn constant(&self) -> Option<Array<T>> {
        None
    }

    /// What its units are joined to, on this many input maps; `None` where each is joined to the one unit in its own place, or (RBF
    /// units) to all of them.
    fn field(&self, _maps: usize) -> Option<Field> {
        None
    }

    /// The least and the greatest state that it can have, where the function that makes it says so.
    fn range(&self) -> Option<(f64, f64)> {
        None
    }

    /// A bound of the magnitude of its sums and states, if that of its inputs is at most `input`: of a unit, the number of its inputs
    /// times the largest weight.
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

    /// How many connections it has for an input of this shape, counted as the paper counts: one a product, one a bias.
    fn connections(&self, input: Shape) -> usize;

    /// Computes `output` from `input`.
    fn forward(&self, values: &[T], input: &Maps<T>, output: &mut Maps<T>, context: Context<'_, T>);

    /// Back-propagates first derivatives; those with respect to parameters are summed over the patterns.
    fn gradient(&self, values: &[T], pass: Derivatives<'_, T>, context: Context<'_, T>);

    /// Back-propagates diagonal second derivatives by the Gauss-Newton recursion (eqs. 25 to 27).
    fn curvature(&self, values: &[T], pass: Derivatives<'_, T>, context: Context<'_, T>);
}
