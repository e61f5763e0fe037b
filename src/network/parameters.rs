//! The one flat store of a network's parameters.

use std::ops::Range;

use crate::kernels::scalar::Scalar;

/// The role of a parameter in its unit. It decides the initial value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The weight of connections.
    Weight,
    /// An additive constant.
    Bias,
    /// The multiplier of a subsampling map.
    Coefficient,
}

/// A named, shaped slice of the parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tensor {
    /// Layer and part in lower case, such as `c1.weight`.
    pub name: String,
    /// Dimensions, outermost first.
    pub shape: Vec<usize>,
    /// The role of its parameters.
    pub role: Role,
    /// F_i, the number of inputs of the unit that a parameter belongs to (without its bias), for each index of the outermost
    /// dimension.
    pub fan_in: Vec<usize>,
}

impl Tensor {
    /// The tensor `part` of `layer`.
    ///
    /// # Panics
    /// If there is not one fan-in for each index of the outermost dimension.
    pub fn new(layer: &str, part: &str, shape: Vec<usize>, role: Role, fan_in: Vec<usize>) -> Self {
        assert_eq!(shape.first(), Some(&fan_in.len()), "a fan-in for each outermost index");
        Self { name: format!("{}.{part}", layer.to_lowercase()), shape, role, fan_in }
    }

    /// The number of its parameters.
    pub fn size(&self) -> usize {
        self.shape.iter().product()
    }
}

/// Numbers with a name and dimensions, as a model's file holds them.
#[derive(Debug, Clone, PartialEq)]
pub struct Array<T> {
    /// Such as `c1.weight`.
    pub name: String,
    /// Its dimensions, outermost first.
    pub shape: Vec<usize>,
    /// Its values, row by row.
    pub values: Vec<T>,
}

impl Array<f32> {
    /// Its values as little-endian bytes.
    pub fn bytes(&self) -> Vec<u8> {
        self.values.iter().flat_map(|value| value.to_le_bytes()).collect()
    }
}

/// The range of each tensor in the flat arrays: in the order of the layers, without gaps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    tensors: Vec<(Tensor, Range<usize>)>,
}

impl Layout {
    /// The tensors in this order, one after another.
    pub fn new(tensors: impl IntoIterator<Item = Tensor>) -> Self {
        let mut start = 0;
        let place = |tensor: Tensor| {
            let range = start..start + tensor.size();
            start = range.end;
            (tensor, range)
        };
        Self { tensors: tensors.into_iter().map(place).collect() }
    }

    /// Each tensor with its range.
    pub fn iter(&self) -> impl Iterator<Item = (&Tensor, Range<usize>)> {
        self.tensors.iter().map(|(tensor, range)| (tensor, range.clone()))
    }

    /// The number of all parameters.
    pub fn size(&self) -> usize {
        self.tensors.last().map_or(0, |(_, range)| range.end)
    }
}

/// Four numbers for each parameter, as four flat arrays of the same length, and the optimizer's state.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters<T> {
    /// w_k
    pub values: Vec<T>,
    /// dE/dw_k on the last pattern.
    pub gradient: Vec<T>,
    /// h_kk, the estimate of d2E/dw_k^2 (eqs. 22 to 24).
    pub curvature: Vec<T>,
    /// eps_k, the effective learning rate (eq. 21).
    pub step_size: Vec<T>,
    /// The optimizer's state, one array after another: nothing, velocities, or Adam's moments
    /// ([`Rule::slots`](crate::network::optimizer::Rule::slots)).
    pub moments: Vec<T>,
}

impl<T: Scalar> Parameters<T> {
    /// These values, with zero for all other numbers.
    pub fn new(values: Vec<T>) -> Self {
        let zeros = vec![T::zero(); values.len()];
        Self { values, gradient: zeros.clone(), curvature: zeros.clone(), step_size: zeros, moments: Vec::new() }
    }
}
