//! Pictures of digits as people write and photograph them.

#[path = "../common/real_mnist.rs"]
mod real_mnist;

mod drawn;
mod errors;
mod shapes;
