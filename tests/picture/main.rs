//! Pictures of digits as people write and photograph them.

#![cfg(feature = "picture")]

#[path = "../common/real_mnist.rs"]
mod real_mnist;

mod drawn;
mod errors;
mod kinds;
mod lines;
mod shapes;
