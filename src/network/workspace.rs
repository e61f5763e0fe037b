//! The states and derivatives that the passes through a network compute.

use crate::kernels::maps::{Maps, Shape};
use crate::kernels::scalar::Scalar;
use crate::network::layers::{Derivatives, Scratch};

/// The states of all layers for one pattern or several, and their derivatives. It is made once and reused.
#[derive(Debug, Clone)]
pub struct Workspace<T> {
    /// The input, then the output of each layer.
    states: Vec<Maps<T>>,
    /// The derivatives with respect to each of `states`; empty before the first backward pass.
    derivatives: Vec<Maps<T>>,
    /// The buffers of layers and kernels.
    scratch: Scratch<T>,
}

impl<T: Scalar> Workspace<T> {
    /// A workspace for states of these shapes, each for `patterns` patterns.
    pub(super) fn new(shapes: &[Shape], patterns: usize) -> Self {
        let states = shapes.iter().map(|&shape| Maps::batch(shape, patterns)).collect();
        Self { states, derivatives: Vec::new(), scratch: Scratch::default() }
    }

    /// The network's input, to be written before a forward pass. Unused patterns may hold any finite values.
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

    /// The output beside the derivatives with respect to it, which a loss writes before a backward pass: 0 for unused patterns.
    pub fn output_and_derivative(&mut self) -> (&Maps<T>, &mut Maps<T>) {
        if self.derivatives.is_empty() {
            self.derivatives = self.states.iter().map(|maps| Maps::batch(maps.shape(), maps.patterns())).collect();
        }
        let output = self.states.last().expect("the input is always there");
        (output, self.derivatives.last_mut().expect("as many as states"))
    }

    /// Input and output of layer `index`, and its buffers.
    pub(super) fn forward(&mut self, index: usize) -> (&Maps<T>, &mut Maps<T>, &mut Scratch<T>) {
        let (before, after) = self.states.split_at_mut(index + 1);
        (&before[index], &mut after[0], &mut self.scratch)
    }

    /// The operands of a backward pass through layer `index`, and its buffers.
    pub(super) fn backward<'a>(
        &'a mut self,
        index: usize,
        parameter_derivative: &'a mut [T],
    ) -> (Derivatives<'a, T>, &'a mut Scratch<T>) {
        let (before, after) = self.derivatives.split_at_mut(index + 1);
        let derivatives = Derivatives {
            input: &self.states[index],
            output: &self.states[index + 1],
            output_derivative: &after[0],
            input_derivative: (index > 0).then_some(&mut before[index]),
            parameter_derivative,
        };
        (derivatives, &mut self.scratch)
    }
}
