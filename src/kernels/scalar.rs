//! The number type of a network: `f32` to train, `f64` to check the mathematics.

use nalgebra::RealField;

/// A real number that the plain kernels compute with; [`Compute`](crate::compute::Compute) chooses a network's kernels by it.
///
/// `tanh` comes from the `libm` crate, which is the same code on every platform: the system's mathematical library may
/// round differently from one machine to the next, and one differing bit changes a whole training run.
pub trait Scalar: RealField + Copy + Default {
    /// The number nearest to `value`.
    fn of(value: f64) -> Self;
    /// This number, exactly.
    fn widen(self) -> f64;
    /// Hyperbolic tangent with the same bits on every platform.
    fn portable_tanh(self) -> Self;
}

impl Scalar for f32 {
    fn of(value: f64) -> Self {
        value as f32
    }

    fn widen(self) -> f64 {
        self.into()
    }

    fn portable_tanh(self) -> Self {
        libm::tanhf(self)
    }
}

impl Scalar for f64 {
    fn of(value: f64) -> Self {
        value
    }

    fn widen(self) -> f64 {
        self
    }

    fn portable_tanh(self) -> Self {
        libm::tanh(self)
    }
}
