//! The kernels of each number type.

use crate::fast::Fast;
use crate::fused::Fused;
use crate::interface::{Kernels, Plain};
use crate::lenet5::Lenet5;
use crate::scalar::Scalar;
use crate::simd::Level;
use lenet5_paper::codes::Code;

/// A number type with the kernels for it.
pub trait Compute: Scalar {
    /// [`Fast`] at this level for `f32`, [`Plain`] for `f64`.
    fn kernels(level: Level) -> Box<dyn Kernels<Self>>;

    /// LeNet-5 as one piece of code, with an output for each of `codes`, whose squared distances are multiplied by `scale` (eq. 7):
    /// [`Lenet5`] for `f32`, none for `f64`.
    fn lenet5(level: Level, codes: &[Code], scale: f64) -> Option<Box<dyn Fused<Self>>>;
}

impl Compute for f32 {
    fn kernels(level: Level) -> Box<dyn Kernels<Self>> {
        Box::new(Fast { level })
    }

    fn lenet5(level: Level, codes: &[Code], scale: f64) -> Option<Box<dyn Fused<Self>>> {
        Some(Box::new(Lenet5::new(level, codes, scale as f32)))
    }
}

impl Compute for f64 {
    fn kernels(_level: Level) -> Box<dyn Kernels<Self>> {
        Box::new(Plain)
    }

    fn lenet5(_level: Level, _codes: &[Code], _scale: f64) -> Option<Box<dyn Fused<Self>>> {
        None
    }
}
