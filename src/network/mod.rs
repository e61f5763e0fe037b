//! A network: layers in a row, and the three passes through them.

pub mod engine;
pub mod layers;
pub mod loss;
pub mod optimizer;
pub mod parameters;

use std::ops::Range;

use crate::data::encoder::{Encoder, Encoding};
use crate::kernels::batch_maps::Batch;
use crate::kernels::maps::{Maps, Shape};
use crate::kernels::scalar::Scalar;
use crate::kernels::simd::Level;
use crate::kernels::{Fixed, Kernels};
use crate::network::layers::{Constant, Derivatives, Field, Layer, Scratch, ShapeError, Tools};
use crate::network::parameters::Layout;

/// Layers in a row. It holds no parameter values and no states: those are handed to its passes.
#[derive(Debug)]
pub struct Network<T> {
    stages: Vec<Stage<T>>,
    layout: Layout,
    input: Shape,
    encoding: Encoding,
    kernels: Box<dyn Kernels<T>>,
    fixed: Option<Box<dyn Fixed<T>>>,
}

/// A layer and where its parameters stand.
#[derive(Debug)]
struct Stage<T> {
    layer: Box<dyn Layer<T>>,
    range: Range<usize>,
}

/// The states of all layers for one pattern, and room for their derivatives. Made once and used for every pattern.
#[derive(Debug, Clone)]
pub struct Workspace<T> {
    /// The input, then the output of each layer.
    states: Vec<Maps<T>>,
    /// The derivatives with respect to each of `states`.
    derivatives: Vec<Maps<T>>,
    /// What layers and kernels need in between.
    scratch: Scratch<T>,
}

impl<T: Scalar> Workspace<T> {
    /// The network's input, to be written before a forward pass.
    pub fn input_mut(&mut self) -> &mut Maps<T> {
        &mut self.states[0]
    }

    /// The input, then the output of each layer, after a forward pass.
    pub fn states(&self) -> &[Maps<T>] {
        &self.states
    }

    /// The network's output, after a forward pass.
    pub fn output(&self) -> &Maps<T> {
        self.states.last().expect("the input is always there")
    }

    /// The input beside the output.
    pub(crate) fn input_and_output(&mut self) -> (&Maps<T>, &mut Maps<T>) {
        let (output, before) = self.states.split_last_mut().expect("the input is always there");
        (&before[0], output)
    }

    /// The output beside the derivatives with respect to it, which a loss writes before a backward pass.
    pub fn output_and_derivative(&mut self) -> (&Maps<T>, &mut Maps<T>) {
        let output = self.states.last().expect("the input is always there");
        (output, self.derivatives.last_mut().expect("as many as states"))
    }
}

/// The states of all layers for sixteen patterns, and room for their derivatives.
#[derive(Debug)]
pub struct BatchWorkspace<T> {
    states: Vec<Batch<T>>,
    derivatives: Vec<Batch<T>>,
    scratch: Scratch<T>,
}

impl<T: Scalar> BatchWorkspace<T> {
    /// The network's input, to be written before a forward pass. Patterns that are not wanted may be anything finite.
    pub fn input_mut(&mut self) -> &mut Batch<T> {
        &mut self.states[0]
    }

    /// The input, then the output of each layer, after a forward pass.
    pub fn states(&self) -> &[Batch<T>] {
        &self.states
    }

    /// The outputs, after a forward pass.
    pub fn output(&self) -> &Batch<T> {
        self.states.last().expect("the input is always there")
    }

    /// The output beside the derivatives with respect to it, which a loss writes before a backward pass: 0 for patterns that are
    /// not wanted.
    pub fn output_and_derivative(&mut self) -> (&Batch<T>, &mut Batch<T>) {
        let output = self.states.last().expect("the input is always there");
        (output, self.derivatives.last_mut().expect("as many as states"))
    }
}

/// A named layer between input and output, with the nameless ones behind it, such as its squashing.
#[derive(Debug, Clone, PartialEq)]
pub struct Hidden {
    /// Its name in the paper.
    pub name: String,
    /// Where its maps stand among the states of a workspace, once all of it has worked.
    pub state: usize,
    /// What its units are joined to in the maps of the named layer before, or in the input.
    pub field: Option<Field>,
    /// The least and the greatest state that its function allows, if it bounds them.
    pub range: Option<(f64, f64)>,
}

/// A layer's line in the table of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The layer's name.
    pub name: String,
    /// Its maps.
    pub output: Shape,
    /// Its trainable parameters.
    pub parameters: usize,
    /// Its connections.
    pub connections: usize,
}

impl<T: Scalar> Network<T> {
    /// The network of these layers, declared for this input, with the [kernels](Scalar::kernels) of its number type.
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
        let (encoding, kernels) = (Encoding::default(), T::kernels(Level::of_process()));
        let network = Self { stages, layout, input, encoding, kernels, fixed: None };
        network.shapes(input)?;
        Ok(network)
    }

    /// The same network on other kernels, layer by layer.
    pub fn with_kernels(self, kernels: Box<dyn Kernels<T>>) -> Self {
        Self { kernels, fixed: None, ..self }
    }

    /// The same network, which also exists as one piece of code for inputs of its declared shape.
    pub fn with_fixed(self, fixed: Option<Box<dyn Fixed<T>>>) -> Self {
        Self { fixed, ..self }
    }

    /// The same network, which reads images so.
    pub fn with_encoding(self, encoding: Encoding) -> Self {
        Self { encoding, ..self }
    }

    /// The kernels that it runs on.
    pub fn kernels(&self) -> &dyn Kernels<T> {
        self.kernels.as_ref()
    }

    /// Computes on the [kernels](Scalar::kernels) of its number type at this level from now on, and so will engines that are
    /// made of it. The bits stay the same.
    pub fn set_level(&mut self, level: Level) {
        self.kernels = T::kernels(level);
        if let Some(fixed) = &mut self.fixed {
            fixed.set_level(level);
        }
    }

    /// The network as one piece of code, if it exists as such.
    pub fn fixed(&self) -> Option<&dyn Fixed<T>> {
        self.fixed.as_deref()
    }

    /// The shape of the input that the network is declared for.
    pub fn input(&self) -> Shape {
        self.input
    }

    /// How it reads images: as the paper prints it, where nothing else was said.
    pub fn encoding(&self) -> &Encoding {
        &self.encoding
    }

    /// Where each tensor stands among the parameters.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// A bound of the magnitude of all sums and states with these parameters, whatever the image. Where it is finite in `T`, so is
    /// every answer.
    ///
    /// # Panics
    /// If there are not as many values as the network has parameters.
    pub fn bound(&self, values: &[T]) -> f64 {
        let encoder = Encoder::<T>::new(&self.encoding);
        let ends =
            (0..self.input.maps).flat_map(|map| [0, 255].map(|pixel| encoder.level_of(map, pixel).widen().abs()));
        let input = ends.fold(0.0, f64::max);
        let after = |state: &mut f64, Stage { layer, range }: &Stage<T>| {
            *state = layer.bound(&values[range.clone()], *state);
            Some(*state)
        };
        self.stages.iter().scan(input, after).fold(input, f64::max)
    }

    /// The tensor with the largest number, where these parameters are so large that an answer may overflow: it then has no smallest
    /// distance, and is none. `None` where every answer is finite, by [`bound`](Self::bound).
    ///
    /// # Panics
    /// As [`bound`](Self::bound).
    pub fn overflowing(&self, values: &[T]) -> Option<&str> {
        /// Far enough below the largest number of `f32` that no sum overflows, in whatever order kernels add.
        const LARGEST: f64 = f32::MAX as f64 / 1000.0;
        if self.bound(values) <= LARGEST {
            return None;
        }
        let largest = |range: Range<usize>| values[range].iter().map(|value| value.widen().abs()).fold(0.0, f64::max);
        let tensors = self.layout.iter().map(|(tensor, range)| (tensor.name.as_str(), largest(range)));
        tensors.reduce(|worst, other| if other.1 > worst.1 { other } else { worst }).map(|worst| worst.0)
    }

    /// The fixed tensors of its layers.
    pub fn constants(&self) -> Vec<Constant<T>> {
        self.stages.iter().filter_map(|stage| stage.layer.constant()).collect()
    }

    /// The shape of an input, then of the output of each layer.
    ///
    /// # Errors
    /// If a layer cannot take what it would be given.
    pub fn shapes(&self, input: Shape) -> Result<Vec<Shape>, ShapeError> {
        let mut shapes = vec![input];
        for Stage { layer, .. } in &self.stages {
            shapes.push(layer.output_shape(shapes[shapes.len() - 1])?);
        }
        Ok(shapes)
    }

    /// Where the output of a named layer stands among the states of a workspace, once the nameless layers behind it, such as its
    /// squashing, have passed it on. `None` if there is no such layer.
    pub fn state_of(&self, name: &str) -> Option<usize> {
        let place = self.stages.iter().position(|stage| !name.is_empty() && stage.layer.name() == name)?;
        let nameless = self.stages[place + 1..].iter().take_while(|stage| stage.layer.name().is_empty()).count();
        Some(place + 1 + nameless)
    }

    /// The named layers but the last one, which ends in the output.
    pub fn hidden(&self) -> Vec<Hidden> {
        let (mut hidden, mut maps, mut copies): (Vec<Hidden>, usize, Option<Field>) =
            (Vec::new(), self.input.maps, None);
        for (index, Stage { layer, .. }) in self.stages.iter().enumerate() {
            let (name, state, field) = (layer.name(), index + 1, layer.field(maps));
            maps = field.as_ref().map_or(maps, |field| field.inputs.len());
            match hidden.last_mut().filter(|_| name.is_empty()) {
                // Copies of its maps are what the next layer sees; it has no units of its own.
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
    /// If a layer cannot take what it would be given.
    pub fn table(&self, input: Shape) -> Result<Vec<Row>, ShapeError> {
        let shapes = self.shapes(input)?;
        let rows = self.stages.iter().zip(shapes.windows(2)).map(|(Stage { layer, range }, shapes)| Row {
            name: layer.name().into(),
            output: shapes[1],
            parameters: range.len(),
            connections: layer.connections(shapes[0]),
        });
        Ok(rows.filter(|row| !row.name.is_empty()).collect())
    }

    /// Room for the passes on inputs of this shape, which may be larger than the declared one: the network is then
    /// replicated over it and has an output for each position (section VII).
    ///
    /// # Errors
    /// If a layer cannot take what it would be given.
    pub fn workspace(&self, input: Shape) -> Result<Workspace<T>, ShapeError> {
        let states: Vec<Maps<T>> = self.shapes(input)?.into_iter().map(Maps::zeros).collect();
        Ok(Workspace { derivatives: states.clone(), states, scratch: Scratch::default() })
    }

    /// Room for the passes on inputs of the declared shape.
    pub fn standard_workspace(&self) -> Workspace<T> {
        self.workspace(self.input).expect("checked when the network was made")
    }

    /// Room for the passes on sixteen inputs of the declared shape.
    pub fn batch_workspace(&self) -> BatchWorkspace<T> {
        let shapes = self.shapes(self.input).expect("checked when the network was made");
        let states: Vec<Batch<T>> = shapes.into_iter().map(Batch::zeros).collect();
        BatchWorkspace { derivatives: states.clone(), states, scratch: Scratch::default() }
    }

    /// [`forward`](Self::forward) for sixteen patterns.
    pub fn forward_batch(&self, values: &[T], workspace: &mut BatchWorkspace<T>) {
        for (index, Stage { layer, range }) in self.stages.iter().enumerate() {
            let (before, after) = workspace.states.split_at_mut(index + 1);
            let tools = Tools { kernels: self.kernels.as_ref(), scratch: &mut workspace.scratch };
            layer.forward_batch(&values[range.clone()], &before[index], &mut after[0], tools);
        }
    }

    /// [`gradient`](Self::gradient) for sixteen patterns, whose derivatives are all added to `gradient`.
    pub fn gradient_batch(&self, values: &[T], workspace: &mut BatchWorkspace<T>, gradient: &mut [T]) {
        let BatchWorkspace { states, derivatives, scratch } = workspace;
        for (index, Stage { layer, range }) in self.stages.iter().enumerate().rev() {
            let (before, after) = derivatives.split_at_mut(index + 1);
            let pass = Derivatives {
                input: &states[index],
                output: &states[index + 1],
                output_derivative: &after[0],
                input_derivative: (index > 0).then_some(&mut before[index]),
                parameter_derivative: &mut gradient[range.clone()],
            };
            let tools = Tools { kernels: self.kernels.as_ref(), scratch };
            layer.gradient_batch(&values[range.clone()], pass, tools);
        }
    }

    /// Computes all states from the workspace's input. `values` are the parameters in the order of the layout.
    ///
    /// # Panics
    /// Here and in the backward passes, if a slice has fewer elements than the layout or the workspace is another network's.
    pub fn forward(&self, values: &[T], workspace: &mut Workspace<T>) {
        for (index, Stage { layer, range }) in self.stages.iter().enumerate() {
            let (before, after) = workspace.states.split_at_mut(index + 1);
            let tools = Tools { kernels: self.kernels.as_ref(), scratch: &mut workspace.scratch };
            layer.forward(&values[range.clone()], &before[index], &mut after[0], tools);
        }
    }

    /// Adds to `gradient` the derivatives of the loss with respect to the parameters, given (in the workspace, after a
    /// forward pass) those with respect to the output.
    pub fn gradient(&self, values: &[T], workspace: &mut Workspace<T>, gradient: &mut [T]) {
        self.backward(workspace, gradient, |layer, range, pass, tools| {
            layer.gradient(&values[range], pass, tools);
        });
    }

    /// Adds to `curvature` the diagonal second derivatives of the loss with respect to the parameters, by the Gauss-Newton
    /// recursion of Appendix C, given (in the workspace, after a forward pass) what the loss says at the output.
    pub fn curvature(&self, values: &[T], workspace: &mut Workspace<T>, curvature: &mut [T]) {
        self.backward(workspace, curvature, |layer, range, pass, tools| {
            layer.curvature(&values[range], pass, tools);
        });
    }

    fn backward(
        &self,
        workspace: &mut Workspace<T>,
        parameter_derivative: &mut [T],
        pass: impl Fn(&dyn Layer<T>, Range<usize>, Derivatives<'_, T>, Tools<'_, T>),
    ) {
        let Workspace { states, derivatives, scratch } = workspace;
        for (index, Stage { layer, range }) in self.stages.iter().enumerate().rev() {
            let (before, after) = derivatives.split_at_mut(index + 1);
            let derivatives = Derivatives {
                input: &states[index],
                output: &states[index + 1],
                output_derivative: &after[0],
                input_derivative: (index > 0).then_some(&mut before[index]),
                parameter_derivative: &mut parameter_derivative[range.clone()],
            };
            let tools = Tools { kernels: self.kernels.as_ref(), scratch };
            pass(layer.as_ref(), range.clone(), derivatives, tools);
        }
    }
}
