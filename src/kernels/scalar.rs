//! The number type of a network: `f32` to train, `f64` to check the mathematics.

use nalgebra::RealField;

use crate::kernels::fast::Fast;
use crate::kernels::lenet5::Lenet5;
use crate::kernels::simd::Level;
use crate::kernels::{Fixed, Kernels, Plain};
use crate::network::layers::Distance;
use crate::paper::codes::Code;

/// A real number that the plain kernels compute with.
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
    /// The kernels that networks of this number type run on: [`Fast`] at this level for `f32`, [`Plain`] for `f64`.
    fn kernels(level: Level) -> Box<dyn Kernels<Self>>;

    /// LeNet-5 as one piece of code, where it exists for this type.
    fn fixed_lenet5(_codes: &[Code], _distance: Distance) -> Option<Box<dyn Fixed<Self>>> {
        None
    }
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

    fn kernels(level: Level) -> Box<dyn Kernels<Self>> {
        Box::new(Fast { level })
    }

    fn fixed_lenet5(codes: &[Code], distance: Distance) -> Option<Box<dyn Fixed<Self>>> {
        Some(Box::new(Lenet5::new(Level::of_process(), codes, distance.scale() as f32)))
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

    fn kernels(_level: Level) -> Box<dyn Kernels<Self>> {
        Box::new(Plain)
    }
}
