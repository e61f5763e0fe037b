//! Kernels for `f32` that use what the processor has, for any size.

pub mod squash;
