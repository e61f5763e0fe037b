//! The hot loops, as plain functions on numbers.

pub mod fast;
pub mod plain;
pub mod simd;
