//! Up to sixteen patterns at a time, layer by layer.

use crate::kernels::maps::Maps;
use crate::kernels::scalar::Scalar;
use crate::network::loss::{LossFunction, answer};
use crate::network::{Network, Workspace};

/// A pattern's answer just before the network learnt from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The class of the smallest distance.
    pub answer: usize,
    /// `true` if it was right.
    pub right: bool,
    /// Its loss.
    pub loss: f64,
}

/// A network's states for a few patterns, which are worked on together.
#[derive(Debug)]
pub struct Batch<T> {
    workspace: Workspace<T>,
    /// One pattern on its way out.
    output: Maps<T>,
    derivative: Maps<T>,
}

impl<T: Scalar> Batch<T> {
    /// Room for so many patterns.
    pub fn new(network: &Network<T>, patterns: usize) -> Self {
        let workspace = network.batch_workspace(patterns);
        let output = Maps::zeros(workspace.output().shape());
        Self { workspace, derivative: output.clone(), output }
    }

    /// Computes the outputs for the patterns that `read` writes to the network's input, from the first on. What it leaves may be anything
    /// finite.
    pub fn forward(&mut self, network: &Network<T>, values: &[T], read: impl FnOnce(&mut Maps<T>)) {
        read(self.workspace.input_mut());
        network.forward(values, &mut self.workspace);
    }

    /// The outputs for pattern `n`.
    pub fn output(&mut self, n: usize) -> &[T] {
        self.workspace.output().pattern(n, &mut self.output);
        &self.output.values
    }

    /// Writes `share` times the derivatives of the loss with respect to the outputs of the last forward pass, whose patterns are of these
    /// classes, and adds to `steps` what became of each.
    pub fn judge(&mut self, loss: &impl LossFunction<T>, classes: &[usize], share: T, steps: &mut Vec<Step>) {
        let (output, derivative) = self.workspace.output_and_derivative();
        derivative.values.fill(T::zero());
        for (place, &class) in classes.iter().enumerate() {
            output.pattern(place, &mut self.output);
            let (answer, right) = (answer(&self.output.values), loss.is_right(&self.output.values, class));
            let loss = loss.gradient(&self.output.values, class, &mut self.derivative.values);
            steps.push(Step { answer, right, loss });
            self.derivative.values.iter_mut().for_each(|dy| *dy *= share);
            derivative.set_pattern(place, &self.derivative);
        }
    }

    /// Adds to `gradient` what [`judge`](Self::judge) makes of it.
    pub fn gradient(&mut self, network: &Network<T>, values: &[T], gradient: &mut [T]) {
        network.gradient(values, &mut self.workspace, gradient);
    }
}
