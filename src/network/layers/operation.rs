//! The functions that layers compute, in terms that other programs know.

use crate::kernels::Table;

/// What a layer computes. Programs that carry a network into another format read it; its parameters are those of
/// [`Layer::tensors`](super::Layer::tensors), in their order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Operation<'a, T> {
    /// Weighted sums with kernels of `size` x `size`, stride 1, no padding, and a bias for each output map: also the full connection.
    Convolution {
        /// The pairs of maps that are joined.
        table: &'a Table,
        /// The rows and the columns of a kernel.
        size: usize,
    },
    /// The sum of each field of `size` x `size` units, which do not overlap, times the coefficient of the map, plus its bias.
    Subsampling {
        /// The rows and the columns of a field.
        size: usize,
    },
    /// The largest of each field of `size` x `size` units, which do not overlap.
    MaxPool {
        /// The rows and the columns of a field.
        size: usize,
    },
    /// `amplitude` * tanh(`slope` * a) on each unit.
    Tanh {
        /// The largest state.
        amplitude: f64,
        /// The factor of the sum.
        slope: f64,
    },
    /// max(a, 0) on each unit.
    Relu,
    /// -a on each unit.
    Negative,
    /// Map i of the output is map i / `times` of the input.
    Repeat {
        /// The copies of each map.
        times: usize,
    },
    /// `scale` * (sum over j of (x_j - w_ij)^2) at each position, for each class i.
    Distances {
        /// w, \[classes, inputs\] row by row.
        codes: &'a [T],
        /// The components of a code: the maps of the input.
        inputs: usize,
        /// The factor of the sum of squares.
        scale: T,
    },
}
