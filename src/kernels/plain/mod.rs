//! The reference kernels: generic over `f32` and `f64`, each reads like its equation; the other kernels are compared with them.
//!
//! They add products in a fixed order and never fuse a multiplication with an addition, so that their results have the same
//! bits on every machine. (Fused, each product would be a library call wherever the instruction cannot be taken for granted.)

pub mod convolution;
pub mod dense;
pub mod max_pool;
pub(super) mod patterns;
pub mod rbf;
pub mod relu;
pub mod squash;
pub mod steps;
pub mod subsampling;
