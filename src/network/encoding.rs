//! The encoding of pixels as inputs of a network: where a byte becomes a float.

use crate::kernels::scalar::Scalar;

/// The input level of a white pixel (section II-B).
pub const BACKGROUND: f64 = -0.1;
/// The input level of a black pixel (section II-B).
pub const FOREGROUND: f64 = 1.175;

/// The input level of each value of a pixel.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Levels {
    /// 0 becomes [`BACKGROUND`] and 255 becomes [`FOREGROUND`], in every channel (section II-B).
    #[default]
    Printed,
    /// (pixel / 255 - mean) / deviation, with one of each for a channel; the last holds for further channels.
    Standardised {
        /// The mean of pixel / 255; 0 if there is none.
        mean: Vec<f64>,
        /// The standard deviation of pixel / 255, above 0; 1 if there is none.
        deviation: Vec<f64>,
    },
}

/// The encoding of images. It is part of a network's declaration, since parameters are trained for one encoding.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Encoding {
    /// The levels of pixels.
    pub levels: Levels,
    /// True if images are reduced to 16/20 of their size within their frame (`data::reduction`), as for LeNet-1.
    pub reduced: bool,
}

impl Levels {
    /// The input levels of the 256 pixels of each channel, at least one; the last holds for further channels.
    pub fn of_pixels<T: Scalar>(&self) -> Vec<[T; 256]> {
        let printed = |byte: usize| T::of(BACKGROUND + (FOREGROUND - BACKGROUND) * byte as f64 / 255.0);
        match self {
            Self::Printed => vec![std::array::from_fn(printed)],
            Self::Standardised { mean, deviation } => {
                let of = |values: &[f64], channel: usize| values.get(channel).or(values.last()).copied();
                let channel = |channel: usize| {
                    let (mean, deviation) = (of(mean, channel).unwrap_or(0.0), of(deviation, channel).unwrap_or(1.0));
                    std::array::from_fn(|byte| T::of((byte as f64 / 255.0 - mean) / deviation))
                };
                (0..mean.len().max(deviation.len()).max(1)).map(channel).collect()
            }
        }
    }
}
