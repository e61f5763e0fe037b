//! A network at work, one pattern at a time: forward, and a step of training.

use crate::kernels::Fixed;
use crate::kernels::simd::Level;
use crate::maps::Maps;
use crate::network::{Network, Workspace};
use crate::optimizer::levenberg_marquardt as lm;
use crate::parameters::Parameters;
use crate::scalar::Scalar;

/// The states and parameters of a network at work. The network itself is handed to each call.
#[derive(Debug)]
pub struct Engine<T> {
    workspace: Workspace<T>,
    work: Work<T>,
}

#[derive(Debug)]
enum Work<T> {
    /// Layer by layer.
    Layers(Parameters<T>),
    Fixed(Box<dyn Fixed<T>>),
}

impl<T: Scalar> Engine<T> {
    /// Room for inputs of the network's declared shape; all parameters are zero.
    pub fn new(network: &Network<T>) -> Self {
        let work = match network.fixed() {
            Some(fixed) => Work::Fixed(fixed.fork()),
            None => Work::Layers(Parameters::new(vec![T::zero(); network.layout().size()])),
        };
        Self { workspace: network.standard_workspace(), work }
    }

    /// Uses the instructions of this level from now on, where the network is one piece of code.
    pub fn set_level(&mut self, level: Level) {
        if let Work::Fixed(fixed) = &mut self.work {
            fixed.set_level(level);
        }
    }

    /// Takes over the parameters' values.
    pub fn load_values(&mut self, values: &[T]) {
        match &mut self.work {
            Work::Layers(parameters) => parameters.values.copy_from_slice(values),
            Work::Fixed(fixed) => fixed.load_values(values),
        }
    }

    /// Takes over the step sizes.
    pub fn load_step_sizes(&mut self, step_sizes: &[T]) {
        match &mut self.work {
            Work::Layers(parameters) => parameters.step_size.copy_from_slice(step_sizes),
            Work::Fixed(fixed) => fixed.load_step_sizes(step_sizes),
        }
    }

    /// Writes the parameters' values as they are now.
    pub fn save_values(&mut self, values: &mut [T]) {
        match &mut self.work {
            Work::Layers(parameters) => values.copy_from_slice(&parameters.values),
            Work::Fixed(fixed) => fixed.save_values(values),
        }
    }

    /// The input, to be written before a forward pass.
    pub fn input_mut(&mut self) -> &mut Maps<T> {
        self.workspace.input_mut()
    }

    /// Computes the output, and lends it beside the room for the derivatives with respect to it.
    pub fn forward(&mut self, network: &Network<T>) -> (&[T], &mut [T]) {
        match &mut self.work {
            Work::Layers(parameters) => network.forward(&parameters.values, &mut self.workspace),
            Work::Fixed(fixed) => {
                let (input, output) = self.workspace.input_and_output();
                fixed.forward(&input.values, &mut output.values);
            }
        }
        let (output, derivative) = self.workspace.output_and_derivative();
        (&output.values, &mut derivative.values)
    }

    /// Moves every parameter by its step (eq. 17), once the derivatives with respect to the output are written.
    pub fn learn(&mut self, network: &Network<T>) {
        match &mut self.work {
            Work::Layers(parameters) => {
                network.gradient(&parameters.values, &mut self.workspace, &mut parameters.gradient);
                lm::update(parameters);
            }
            Work::Fixed(fixed) => fixed.learn(&self.workspace.output_and_derivative().1.values),
        }
    }
}
