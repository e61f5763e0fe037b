//! A network as one piece of code.

use std::fmt::Debug;

use crate::maps::Maps;

/// A network as one piece of code for inputs of its declared shape, with the parameters in a layout of its own. Tests compare it with
/// the network's layers.
pub trait Fused<T>: Debug + Send + Sync {
    /// Copies the parameters' values from `values`, in the order of the network's layout.
    fn load_values(&mut self, values: &[T]);

    /// Copies the step sizes from `step_sizes`.
    fn load_step_sizes(&mut self, step_sizes: &[T]);

    /// Copies the parameters' values to `values`.
    fn save_values(&mut self, values: &mut [T]);

    /// Computes the outputs for an input.
    fn forward(&mut self, input: &[T], output: &mut [T]);

    /// Computes the outputs for 1 to [`PATTERNS`](crate::maps::PATTERNS) inputs, as those of so many patterns: the same bits as
    /// [`forward`](Self::forward) for each, in less time.
    fn forward_batch(&mut self, inputs: &[Maps<T>], outputs: &mut Maps<T>);

    /// Moves every parameter by its step (eq. 18) after [`forward`](Self::forward), given the derivatives of the loss with
    /// respect to the outputs.
    fn learn(&mut self, output_derivative: &[T]);
}
