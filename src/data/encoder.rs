//! How a pass reads an image: bytes become the units of the input map.

use rand::Rng;

use super::Images;
use crate::maps::Maps;
use crate::scalar::Scalar;

/// The input level of a white pixel (section II-B).
pub const BACKGROUND: f64 = -0.1;
/// The input level of a black pixel (section II-B).
pub const FOREGROUND: f64 = 1.175;

/// How the levels of pixels become those of input units.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Levels {
    /// Background -0.1, foreground 1.175.
    #[default]
    Printed,
    /// (pixel / 255 - mean) / deviation.
    Standardised {
        /// One a channel.
        mean: Vec<f64>,
        /// One a channel.
        deviation: Vec<f64>,
    },
}

/// How a network reads pixels.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Encoding {
    /// The levels.
    pub levels: Levels,
    /// Whether digits are reduced.
    pub reduced: bool,
}

/// Turns an image into a network's input: background 0 becomes -0.1 and ink 255 becomes 1.175 (section II-B), and the image is
/// centred in the input map.
///
/// The paper says that this makes the mean about 0 and the variance about 1; on MNIST they are 0.03 and 0.12.
#[derive(Debug, Clone)]
pub struct Encoder<T> {
    levels: [T; 256],
}

impl<T: Scalar> Default for Encoder<T> {
    fn default() -> Self {
        let level = |byte: usize| T::of(BACKGROUND + (FOREGROUND - BACKGROUND) * byte as f64 / 255.0);
        Self { levels: std::array::from_fn(level) }
    }
}

impl<T: Scalar> Encoder<T> {
    /// The input level of a pixel.
    pub fn level(&self, pixel: u8) -> T {
        self.levels[usize::from(pixel)]
    }

    /// Writes an image of `height` x `width` pixels to the middle of the (first) input map; around it is background. What is
    /// larger than the map is cut at its edges.
    pub fn encode(&self, image: &[u8], (height, width): (usize, usize), input: &mut Maps<T>) {
        let shape = input.shape();
        let offset = |outer: usize, inner: usize| (outer.saturating_sub(inner) / 2, inner.saturating_sub(outer) / 2);
        let (top, skip_rows) = offset(shape.height, height);
        let (left, skip_columns) = offset(shape.width, width);
        input.values.fill(self.level(0));
        let rows = image.chunks_exact(width).skip(skip_rows);
        for (to, from) in input.map_mut(0).chunks_exact_mut(shape.width).skip(top).zip(rows) {
            for (unit, &pixel) in to[left..].iter_mut().zip(&from[skip_columns..]) {
                *unit = self.level(pixel);
            }
        }
    }

    /// Inverts each unit of the input with this probability, 0 to 1 in steps of 2^-16: ink becomes background and background
    /// ink (Fig. 13).
    pub fn invert(&self, probability: f64, generator: &mut impl Rng, input: &mut Maps<T>) {
        let (limit, both) = ((probability * 65_536.0).round() as u32, self.level(0) + self.level(255));
        let mut drawn = [0; 64];
        for units in input.values.chunks_mut(drawn.len() / 2) {
            generator.fill_bytes(&mut drawn);
            for (unit, bytes) in units.iter_mut().zip(drawn.chunks_exact(2)) {
                if u32::from(u16::from_le_bytes([bytes[0], bytes[1]])) < limit {
                    *unit = both - *unit;
                }
            }
        }
    }

    /// Writes image `index` of `images` to the input map.
    pub fn encode_image(&self, images: &Images, index: usize, input: &mut Maps<T>) {
        self.encode(images.image(index), images.size(), input);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::maps::Shape;

    #[test]
    fn an_mnist_image_lands_in_the_middle_of_32x32() {
        let mut image = vec![0; 28 * 28];
        image[0] = 255;
        image[28 * 28 - 1] = 51;
        let mut input = Maps::<f64>::zeros(Shape::new(1, 32, 32));
        Encoder::default().encode(&image, (28, 28), &mut input);
        assert_eq!(input.matrix(0)[(2, 2)], 1.175);
        assert!((input.matrix(0)[(29, 29)] - (-0.1 + 1.275 / 5.0)).abs() < 1e-15);
        assert_eq!(input.values.iter().filter(|&&level| level == -0.1).count(), 32 * 32 - 2);
    }

    #[test]
    fn an_image_larger_than_the_map_is_cut() {
        let mut input = Maps::<f64>::zeros(Shape::new(1, 2, 2));
        Encoder::default().encode(&[9, 9, 9, 9, 9, 255, 0, 9, 9, 0, 255, 9, 9, 9, 9, 9], (4, 4), &mut input);
        assert_eq!(input.values, [1.175, -0.1, -0.1, 1.175]);
    }
}
