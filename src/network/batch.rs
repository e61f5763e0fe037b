//! Up to sixteen patterns at a time, layer by layer.

use crate::kernels::maps::Maps;
use crate::kernels::scalar::Scalar;
use crate::network::loss::{Loss, answer};
use crate::network::{Network, Workspace};

/// A pattern's answer just before the network learnt from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Its loss.
    pub loss: f64,
    /// Whether it was right.
    pub right: bool,
}

/// A network's states for a few patterns, which are read one after the other and then worked on together.
#[derive(Debug)]
pub struct Batch<T> {
    workspace: Workspace<T>,
    /// The patterns as they are read.
    inputs: Vec<Maps<T>>,
    /// One pattern on its way out.
    output: Maps<T>,
    derivative: Maps<T>,
}

impl<T: Scalar> Batch<T> {
    /// Room for so many patterns.
    pub fn new(network: &Network<T>, patterns: usize) -> Self {
        let workspace = network.batch_workspace(patterns);
        let output = Maps::zeros(workspace.output().shape());
        let inputs = vec![Maps::zeros(network.input()); patterns];
        Self { workspace, inputs, derivative: output.clone(), output }
    }

    /// The input, to be written by hand before a forward pass of a single pattern.
    pub fn input_mut(&mut self) -> &mut Maps<T> {
        &mut self.inputs[0]
    }

    /// Computes the outputs for these patterns, each of which `write` writes to the network's input.
    ///
    /// # Panics
    /// If there are more patterns than there is room for.
    pub fn forward(
        &mut self,
        network: &Network<T>,
        values: &[T],
        patterns: impl Iterator<Item = usize>,
        mut write: impl FnMut(usize, &mut Maps<T>),
    ) {
        let mut count = 0;
        for pattern in patterns {
            write(pattern, &mut self.inputs[count]);
            count += 1;
        }
        self.workspace.input_mut().set_patterns(&self.inputs[..count]);
        network.forward(values, &mut self.workspace);
    }

    /// The outputs for the pattern that came `place`-th, counted from 0.
    pub fn output(&mut self, place: usize) -> &[T] {
        self.workspace.output().pattern(place, &mut self.output);
        &self.output.values
    }

    /// Writes `share` times the derivatives of the loss with respect to the outputs of the last forward pass, whose patterns are of these
    /// classes, and adds to `steps` what became of each.
    pub fn judge(&mut self, loss: Loss, classes: &[usize], share: T, steps: &mut Vec<Step>) {
        let (output, derivative) = self.workspace.output_and_derivative();
        derivative.values.fill(T::zero());
        for (place, &class) in classes.iter().enumerate() {
            output.pattern(place, &mut self.output);
            let loss = loss.gradient(&self.output.values, class, &mut self.derivative.values);
            steps.push(Step { loss, right: answer(&self.output.values) == class });
            self.derivative.values.iter_mut().for_each(|dy| *dy *= share);
            derivative.set_pattern(place, &self.derivative);
        }
    }

    /// Adds to `gradient` what [`judge`](Self::judge) makes of it.
    pub fn gradient(&mut self, network: &Network<T>, values: &[T], gradient: &mut [T]) {
        network.gradient(values, &mut self.workspace, gradient);
    }
}
