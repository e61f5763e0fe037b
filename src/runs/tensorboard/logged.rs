//! What an event file has at each step.

use super::histogram::Histogram;
use super::kernels::Picture;

/// What stands under a tag at a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Logged {
    /// A number.
    Scalar(f64),
    /// The distribution of many numbers.
    Histogram(Histogram),
    /// A picture.
    Picture(Picture),
}
