//! Kernels for `f32` that use what the processor has, for any size.

pub mod squash;

use super::Kernels;
use super::simd::Level;

/// Kernels at a level. The bits are the same at every level.
#[derive(Debug, Clone, Copy)]
pub struct Fast {
    /// The instructions that are used.
    pub level: Level,
}

impl Kernels<f32> for Fast {}
