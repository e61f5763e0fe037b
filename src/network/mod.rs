//! A network: a sequence of layers, and the three passes through them.

pub mod batch;
pub mod encoding;
pub mod engine;
pub mod layers;
pub mod loss;
pub mod optimizer;
pub mod parameters;
mod workspace;

pub use workspace::Workspace;

use std::ops::Range;

use crate::kernels::compute::Compute;
use crate::kernels::maps::Shape;
use crate::kernels::scalar::Scalar;
use crate::kernels::simd::Level;
use crate::kernels::{Fused, Kernels};
use crate::network::encoding::Encoding;
use crate::network::layers::{Context, Field, Layer, ShapeError};
use crate::network::parameters::{Array, Layout};
use crate::paper::codes::Code;

/// A sequence of layers. It holds neither parameter values nor states: its passes take them as arguments.
#[derive(Debug)]
pub struct Network<T> {
    stages: Vec<Stage<T>>,
    layout: Layout,
    input: Shape,
    encoding: Encoding,
    level: Level,
    kernels: Box<dyn Kernels<T>>,
    /// The codes and the scale of LeNet-5, if the layers are LeNet-5.
    lenet5: Option<(Vec<Code>, f64)>,
}

#[derive(Debug)]
struct Stage<T> {
    layer: Box<dyn Layer<T>>,
    range: Range<usize>,
}

/// A layer of the paper between input and output, with the activation that follows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Hidden {
    /// Its name in the paper.
    pub name: String,
    /// The index of its maps, after its activation, among the states of a workspace.
    pub state: usize,
    /// The receptive field of its units in the maps of the named layer before, or in the input.
    pub field: Option<Field>,
    /// The least and the greatest state, if its activation bounds them.
    pub range: Option<(f64, f64)>,
}

/// A layer's row in the table of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerSummary {
    /// The layer's name.
    pub name: String,
    /// Its maps.
    pub output: Shape,
    /// Its trainable parameters.
    pub parameters: usize,
    /// Its connections.
    pub connections: usize,
}

impl<T: Compute> Network<T> {
    /// The network of these layers, declared for this input, with the [kernels](Compute::kernels) of its number type at the level of
    /// the process.
    ///
    /// # Errors
    /// If one layer cannot take the output of the one before.
    pub fn new(input: Shape, layers: Vec<Box<dyn Layer<T>>>) -> Result<Self, ShapeError> {
        let layout = Layout::new(layers.iter().flat_map(|layer| layer.tensors()));
        let mut start = 0;
        let place = |layer: Box<dyn Layer<T>>| {
            let size: usize = layer.tensors().iter().map(|tensor| tensor.size()).sum();
            start += size;
            Stage { layer, range: start - size..start }
        };
        let stages = layers.into_iter().map(place).collect();
        let (encoding, level) = (Encoding::default(), Level::of_process());
        let network = Self { stages, layout, input, encoding, level, kernels: T::kernels(level), lenet5: None };
        network.shapes(input)?;
        Ok(network)
    }

    /// Sets the level of the kernels. The bits of all results stay the same.
    pub fn at_level(self, level: Level) -> Self {
        Self { level, kernels: T::kernels(level), ..self }
    }

    /// The network as one piece of code for inputs of its declared shape, all parameters zero; `None` if there is no such code for it.
    pub fn fused(&self) -> Option<Box<dyn Fused<T>>> {
        self.lenet5.as_ref().and_then(|(codes, scale)| T::lenet5(self.level, codes, *scale))
    }
}

impl<T: Scalar> Network<T> {
    /// Sets the kernels that compute it layer by layer; it is then not one piece of code.
    pub fn with_kernels(self, kernels: Box<dyn Kernels<T>>) -> Self {
        Self { kernels, lenet5: None, ..self }
    }

    /// Declares that the layers are LeNet-5 with these codes and this scale of the distances, for which there is [one piece of
    /// code](Compute::lenet5).
    pub fn as_lenet5(self, codes: &[Code], scale: f64) -> Self {
        Self { lenet5: Some((codes.to_vec(), scale)), ..self }
    }

    /// True if it is LeNet-5, for which there may be one piece of code.
    pub fn is_lenet5(&self) -> bool {
        self.lenet5.is_some()
    }

    /// Sets how images are read.
    pub fn with_encoding(self, encoding: Encoding) -> Self {
        Self { encoding, ..self }
    }

    /// Its kernels.
    pub fn kernels(&self) -> &dyn Kernels<T> {
        self.kernels.as_ref()
    }

    /// The shape of the input that the network is declared for.
    pub fn input(&self) -> Shape {
        self.input
    }

    /// The encoding of images; by default that of the paper.
    pub fn encoding(&self) -> &Encoding {
        &self.encoding
    }

    /// The place of each tensor among the parameters.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// A bound on the magnitude of all sums and states with these parameters, for any image. If it is finite in `T`, so is every
    /// output.
    ///
    /// # Panics
    /// If there are not as many values as the network has parameters.
    pub fn bound(&self, values: &[T]) -> f64 {
        let levels = self.encoding.levels.of_pixels::<T>();
        let ends = levels
            .iter()
            .take(self.input.maps)
            .flat_map(|levels| [levels[0], levels[255]].map(|level| level.widen().abs()));
        let input = ends.fold(0.0, f64::max);
        let after = |state: &mut f64, Stage { layer, range }: &Stage<T>| {
            *state = layer.bound(&values[range.clone()], *state);
            Some(*state)
        };
        self.stages.iter().scan(input, after).fold(input, f64::max)
    }

    /// The tensor with the largest number, if these parameters are so large that an output may overflow, which leaves no smallest
    /// distance. `None` if every output is finite, by [`bound`](Self::bound).
    ///
    /// # Panics
    /// If there are not as many values as the network has parameters.
    pub fn overflowing(&self, values: &[T]) -> Option<&str> {
        /// Far enough below the largest number of `f32` that no sum overflows, in any order of addition.
        const LARGEST: f64 = f32::MAX as f64 / 1000.0;
        if self.bound(values) <= LARGEST {
            return None;
        }
        let largest = |range: Range<usize>| values[range].iter().map(|value| value.widen().abs()).fold(0.0, f64::max);
        let tensors = self.layout.iter().map(|(tensor, range)| (tensor.name.as_str(), largest(range)));
        tensors.reduce(|worst, other| if other.1 > worst.1 { other } else { worst }).map(|worst| worst.0)
    }

    /// Its layers in order, each with the range of its parameters.
    pub fn layers(&self) -> impl Iterator<Item = (&dyn Layer<T>, Range<usize>)> {
        self.stages.iter().map(|stage| (stage.layer.as_ref(), stage.range.clone()))
    }

    /// The fixed tensors of its layers.
    pub fn constants(&self) -> Vec<Array<T>> {
        self.stages.iter().filter_map(|stage| stage.layer.constant()).collect()
    }

    /// The shape of an input, then of the output of each layer.
    ///
    /// # Errors
    /// If a layer cannot take its input.
    pub fn shapes(&self, input: Shape) -> Result<Vec<Shape>, ShapeError> {
        let mut shapes = vec![input];
        for Stage { layer, .. } in &self.stages {
            shapes.push(layer.output_shape(shapes[shapes.len() - 1])?);
        }
        Ok(shapes)
    }

    /// The named layers but the last one, which ends in the output.
    pub fn hidden(&self) -> Vec<Hidden> {
        let (mut hidden, mut maps, mut copies): (Vec<Hidden>, usize, Option<Field>) =
            (Vec::new(), self.input.maps, None);
        for (index, Stage { layer, .. }) in self.stages.iter().enumerate() {
            let (name, state, field) = (layer.name(), index + 1, layer.field(maps));
            maps = field.as_ref().map_or(maps, |field| field.inputs.len());
            match hidden.last_mut().filter(|_| name.is_empty()) {
                // The next layer sees copies of its maps, which have no units of their own.
                Some(_) if field.is_some() => copies = field,
                Some(last) => (last.state, last.range) = (state, layer.range().or(last.range)),
                None => {
                    let field = field.map(|field| field.through(copies.take()));
                    hidden.push(Hidden { name: name.into(), state, field, range: layer.range() });
                }
            }
        }
        hidden.pop();
        hidden
    }

    /// The table of its named layers for an input of this shape, as in section II-B.
    ///
    /// # Errors
    /// If a layer cannot take its input.
    pub fn table(&self, input: Shape) -> Result<Vec<LayerSummary>, ShapeError> {
        let shapes = self.shapes(input)?;
        let rows = self.stages.iter().zip(shapes.windows(2)).map(|(Stage { layer, range }, shapes)| LayerSummary {
            name: layer.name().into(),
            output: shapes[1],
            parameters: range.len(),
            connections: layer.connections(shapes[0]),
        });
        Ok(rows.filter(|row| !row.name.is_empty()).collect())
    }

    /// The number of its outputs for an input of the declared shape: one for each class.
    pub fn outputs(&self) -> usize {
        let shapes = self.shapes(self.input).expect("checked when the network was made");
        shapes.last().map_or(0, |shape| shape.units())
    }

    /// A workspace for inputs of this shape, which may be larger than the declared one: the network is then
    /// replicated over it and has an output for each position (section VII).
    ///
    /// # Errors
    /// If a layer cannot take its input.
    pub fn workspace(&self, input: Shape) -> Result<Workspace<T>, ShapeError> {
        Ok(Workspace::new(&self.shapes(input)?, 1))
    }

    /// A workspace for an input of the declared shape.
    pub fn standard_workspace(&self) -> Workspace<T> {
        self.batch_workspace(1)
    }

    /// A workspace for `patterns` inputs of the declared shape at once.
    pub fn batch_workspace(&self, patterns: usize) -> Workspace<T> {
        Workspace::new(&self.shapes(self.input).expect("checked when the network was made"), patterns)
    }

    /// Computes all states from the workspace's input, of each of its patterns. `values` are the parameters in the order of the layout.
    ///
    /// # Panics
    /// Here and in the backward passes, if a slice has fewer elements than the layout or the workspace is another network's.
    pub fn forward(&self, values: &[T], workspace: &mut Workspace<T>) {
        for (index, Stage { layer, range }) in self.stages.iter().enumerate() {
            let (input, output, scratch) = workspace.forward(index);
            let context = Context { kernels: self.kernels.as_ref(), scratch };
            layer.forward(&values[range.clone()], input, output, context);
        }
    }

    /// Adds to `gradient` the derivatives of the loss with respect to the parameters, given (in the workspace, after a
    /// forward pass) those with respect to the output. They are summed over its patterns.
    pub fn gradient(&self, values: &[T], workspace: &mut Workspace<T>, gradient: &mut [T]) {
        for (index, Stage { layer, range }) in self.stages.iter().enumerate().rev() {
            let (pass, scratch) = workspace.backward(index, &mut gradient[range.clone()]);
            layer.gradient(&values[range.clone()], pass, Context { kernels: self.kernels.as_ref(), scratch });
        }
    }

    /// Adds to `curvature` the diagonal second derivatives of the loss with respect to the parameters, by the Gauss-Newton
    /// recursion of Appendix C, given (in the workspace, after a forward pass) the loss's [`curvature`](loss::Loss::curvature) at the output.
    pub fn curvature(&self, values: &[T], workspace: &mut Workspace<T>, curvature: &mut [T]) {
        for (index, Stage { layer, range }) in self.stages.iter().enumerate().rev() {
            let (pass, scratch) = workspace.backward(index, &mut curvature[range.clone()]);
            layer.curvature(&values[range.clone()], pass, Context { kernels: self.kernels.as_ref(), scratch });
        }
    }
}
