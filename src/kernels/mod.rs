//! The hot loops, as plain functions on numbers.

pub mod fast;
pub mod lenet5;
pub mod peak;
pub mod plain;
pub mod simd;
