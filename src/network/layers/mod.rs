//! Layers: what a network is a row of.
//!
//! Each knows its shapes and its parameters and goes through three passes: [`forward`](Layer::forward), the
//! [`gradient`](Layer::gradient), and the Gauss-Newton diagonal [`curvature`](Layer::curvature) of Appendix C. A layer holds
//! no parameter values: it is handed its slice of the one flat store.

mod convolution;
mod max_pool;
mod rbf;
mod relu;
mod squash;
mod subsampling;
mod wiring;

pub use convolution::{Convolution, dense};
pub use max_pool::MaxPool;
pub use rbf::{Distance, Rbf, targets};
pub use relu::Relu;
pub use squash::Squash;
pub use subsampling::{CoefficientCurvature, Subsampling};
pub use wiring::{Repeat, Scores};

use crate::kernels::Kernels;
use crate::kernels::batch_maps::{Batch, PATTERNS};
use crate::kernels::maps::{Maps, Shape};
use crate::kernels::scalar::Scalar;
pub use crate::kernels::{MAX_KERNEL, Table};
use crate::network::parameters::{Role, Tensor};

/// What the gradient pass and the curvature pass of a layer read and write.
///
/// "Derivative" is the first derivative of the loss in the one pass and the diagonal second derivative in the other.
///
/// `M` is one pattern's [`Maps`], or a [`Batch`].
pub struct Derivatives<'a, T, M = Maps<T>> {
    /// The layer's input in the forward pass.
    pub input: &'a M,
    /// The layer's output in the forward pass.
    pub output: &'a M,
    /// The derivatives with respect to the output.
    pub output_derivative: &'a M,
    /// The derivatives with respect to the input, overwritten; `None` where nobody needs them (the first layer).
    pub input_derivative: Option<&'a mut M>,
    /// The derivatives with respect to the layer's parameters, added to what stands there.
    pub parameter_derivative: &'a mut [T],
}

/// What a layer computes with: the kernels, and room for what it needs in between.
#[derive(Debug)]
pub struct Tools<'a, T> {
    /// The kernels of the network.
    pub kernels: &'a dyn Kernels<T>,
    /// The room of the workspace.
    pub scratch: &'a mut Scratch<T>,
}

/// Room that keeps what it has grown to, so that only first passes allocate. What is in it means nothing to the next layer.
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

/// A tensor that belongs to a layer but is never trained (the RBF codes).
#[derive(Debug, Clone, PartialEq)]
pub struct Constant<T> {
    /// Its name in a model's file, such as `rbf.codes`.
    pub name: String,
    /// Its dimensions, outermost first.
    pub shape: Vec<usize>,
    /// Its values, row by row.
    pub values: Vec<T>,
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

    /// Its fixed tensor, if it has one.
    fn constant(&self) -> Option<Constant<T>> {
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
    fn forward(&self, values: &[T], input: &Maps<T>, output: &mut Maps<T>, tools: Tools<'_, T>);

    /// Back-propagates first derivatives.
    fn gradient(&self, values: &[T], pass: Derivatives<'_, T>, tools: Tools<'_, T>);

    /// Back-propagates diagonal second derivatives by the Gauss-Newton recursion (eqs. 25 to 27).
    fn curvature(&self, values: &[T], pass: Derivatives<'_, T>, tools: Tools<'_, T>);

    /// [`forward`](Self::forward) for sixteen patterns; one after the other, unless the layer knows better.
    fn forward_batch(&self, values: &[T], input: &Batch<T>, output: &mut Batch<T>, tools: Tools<'_, T>) {
        forward_each(self, values, input, output, tools);
    }

    /// [`gradient`](Self::gradient) for sixteen patterns, whose derivatives with respect to the parameters are all added; likewise.
    fn gradient_batch(&self, values: &[T], pass: Derivatives<'_, T, Batch<T>>, tools: Tools<'_, T>) {
        gradient_each(self, values, pass, tools);
    }
}

/// A layer's [`forward`](Layer::forward), pattern after pattern.
fn forward_each<T: Scalar>(
    layer: &(impl Layer<T> + ?Sized),
    values: &[T],
    input: &Batch<T>,
    output: &mut Batch<T>,
    tools: Tools<'_, T>,
) {
    let (mut from, mut to) = (Maps::zeros(input.shape()), Maps::zeros(output.shape()));
    for pattern in 0..PATTERNS {
        input.pattern(pattern, &mut from);
        layer.forward(values, &from, &mut to, Tools { kernels: tools.kernels, scratch: tools.scratch });
        output.set_pattern(pattern, &to);
    }
}

/// A layer's [`gradient`](Layer::gradient), pattern after pattern.
fn gradient_each<T: Scalar>(
    layer: &(impl Layer<T> + ?Sized),
    values: &[T],
    mut pass: Derivatives<'_, T, Batch<T>>,
    tools: Tools<'_, T>,
) {
    let [mut input, mut dx] = [pass.input.shape(); 2].map(Maps::zeros);
    let [mut output, mut dy] = [pass.output.shape(); 2].map(Maps::zeros);
    for pattern in 0..PATTERNS {
        pass.input.pattern(pattern, &mut input);
        pass.output.pattern(pattern, &mut output);
        pass.output_derivative.pattern(pattern, &mut dy);
        let one = Derivatives {
            input: &input,
            output: &output,
            output_derivative: &dy,
            input_derivative: pass.input_derivative.is_some().then_some(&mut dx),
            parameter_derivative: &mut *pass.parameter_derivative,
        };
        layer.gradient(values, one, Tools { kernels: tools.kernels, scratch: tools.scratch });
        if let Some(to) = &mut pass.input_derivative {
            to.set_pattern(pattern, &dx);
        }
    }
}
