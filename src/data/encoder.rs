//! Encoding of images: bytes become the units of the input map.

use std::sync::LazyLock;

use rand::Rng;

use super::{Images, reduction};
use crate::kernels::maps::Maps;
use crate::kernels::scalar::Scalar;
pub use crate::network::encoding::{BACKGROUND, Encoding, FOREGROUND, Levels};

/// Turns an image into a network's input, centred in the input maps. By default background 0 becomes -0.1 and ink 255 becomes
/// 1.175 (section II-B).
///
/// The paper says that this makes the mean about 0 and the variance about 1; on MNIST they are 0.03 and 0.12.
#[derive(Debug, Clone)]
pub struct Encoder<T> {
    /// The levels of each channel, at least one.
    levels: Vec<[T; 256]>,
    reduced: bool,
}

/// Levels that are the pixels themselves, but for rounding.
pub(super) static PIXELS: LazyLock<Encoder<f32>> = LazyLock::new(|| {
    let levels = Levels::Standardised { mean: vec![0.0], deviation: vec![1.0 / 255.0] };
    Encoder::new(&Encoding { levels, reduced: false })
});

/// As the paper prints it.
impl<T: Scalar> Default for Encoder<T> {
    fn default() -> Self {
        Self::new(&Encoding::default())
    }
}

impl<T: Scalar> Encoder<T> {
    /// An encoder for this encoding.
    pub fn new(encoding: &Encoding) -> Self {
        Self { levels: encoding.levels.of_pixels(), reduced: encoding.reduced }
    }

    /// The input level of a pixel of the first channel.
    pub fn level(&self, pixel: u8) -> T {
        self.level_of(0, pixel)
    }

    /// The input level of a pixel of channel `channel`, counted from 0.
    pub fn level_of(&self, channel: usize, pixel: u8) -> T {
        self.levels_of(channel)[usize::from(pixel)]
    }

    /// The input levels of the 256 pixels of a channel.
    pub(super) fn levels_of(&self, channel: usize) -> &[T; 256] {
        &self.levels[channel.min(self.levels.len() - 1)]
    }

    /// True if it makes images smaller within their frame.
    pub(super) fn is_reduced(&self) -> bool {
        self.reduced
    }

    /// Writes an image of one or more channels of `height` x `width` pixels, planar, to the middle of the input maps: a channel to
    /// each map, or the only channel to every map. Around it is background, the level of 0 in the map's own channel; so is a map
    /// that is left without a channel. What is larger than the maps is cut at their edges.
    pub fn encode(&self, image: &[u8], (height, width): (usize, usize), input: &mut Maps<T>) {
        let shape = input.shape();
        let offset = |outer: usize, inner: usize| (outer.saturating_sub(inner) / 2, inner.saturating_sub(outer) / 2);
        let (top, skip_rows) = offset(shape.height, height);
        let (left, skip_columns) = offset(shape.width, width);
        for map in 0..shape.maps {
            let (levels, units) = (self.levels_of(map), input.map_mut(map));
            units.fill(levels[0]);
            let Some(plane) = plane(image, height * width, map) else { continue };
            let rows = plane.chunks_exact(width).enumerate().skip(skip_rows);
            for (to, (row, from)) in units.chunks_exact_mut(shape.width).skip(top).zip(rows) {
                let to = &mut to[left..];
                if self.reduced {
                    for (unit, column) in to.iter_mut().zip(skip_columns..width) {
                        *unit = levels[usize::from(reduction::at(plane, (height, width), row, column))];
                    }
                } else {
                    for (unit, &pixel) in to.iter_mut().zip(&from[skip_columns..]) {
                        *unit = levels[usize::from(pixel)];
                    }
                }
            }
        }
    }

    /// Inverts each unit of the input with this probability, 0 to 1 in steps of 2^-16: ink becomes background and background
    /// ink (Fig. 13), which are the levels of 255 and 0 in the unit's own channel.
    pub fn invert(&self, probability: f64, generator: &mut impl Rng, input: &mut Maps<T>) {
        let (limit, mut drawn) = ((probability * 65_536.0).round() as u32, [0; 64]);
        for map in 0..input.shape().maps {
            let both = self.level_of(map, 0) + self.level_of(map, 255);
            for units in input.map_mut(map).chunks_mut(drawn.len() / 2) {
                generator.fill_bytes(&mut drawn);
                for (unit, bytes) in units.iter_mut().zip(drawn.chunks_exact(2)) {
                    if u32::from(u16::from_le_bytes([bytes[0], bytes[1]])) < limit {
                        *unit = both - *unit;
                    }
                }
            }
        }
    }

    /// Writes image `index` of `images` to the input maps, as [`encode`](Self::encode) does.
    pub fn encode_image(&self, images: &Images, index: usize, input: &mut Maps<T>) {
        self.encode(images.image(index), images.size(), input);
    }
}

/// The channel of an image, of `area` pixels each, that goes to input map `map`: its own, or the only one. `None` if the image
/// has several and no such one.
pub(super) fn plane(image: &[u8], area: usize, map: usize) -> Option<&[u8]> {
    let channel = if image.len() <= area { 0 } else { map };
    image.chunks(area.max(1)).nth(channel)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::maps::Shape;

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

    fn standardised() -> Encoder<f64> {
        let levels = Levels::Standardised { mean: vec![0.5, 0.25], deviation: vec![0.25, 0.5] };
        Encoder::new(&Encoding { levels, reduced: false })
    }

    #[test]
    fn standardised_levels_are_those_of_the_channel_and_the_last_holds_on() {
        let encoder = standardised();
        let level = |channel, pixel| encoder.level_of(channel, pixel);
        assert_eq!((level(0, 0), level(0, 255), level(1, 0), level(1, 255)), (-2.0, 2.0, -0.5, 1.5));
        assert_eq!((level(2, 0), encoder.level(51)), (-0.5, (51.0 / 255.0 - 0.5) / 0.25));
        let empty = Levels::Standardised { mean: vec![], deviation: vec![] };
        let plain = Encoder::<f64>::new(&Encoding { levels: empty, reduced: false });
        assert_eq!((plain.level(0), plain.level(255)), (0.0, 1.0));
    }

    #[test]
    fn a_channel_goes_to_each_map_and_an_only_one_to_all() {
        let mut input = Maps::zeros(Shape::new(3, 1, 3));
        let encoder = standardised();
        encoder.encode(&[255, 51, 0], (1, 1), &mut input);
        let green = (51.0 / 255.0 - 0.25) / 0.5;
        assert_eq!(input.values, [-2.0, 2.0, -2.0, -0.5, green, -0.5, -0.5, -0.5, -0.5]);
        encoder.encode(&[255], (1, 1), &mut input);
        assert_eq!(input.values, [-2.0, 2.0, -2.0, -0.5, 1.5, -0.5, -0.5, 1.5, -0.5]);
        encoder.encode(&[255, 255], (1, 1), &mut input);
        assert_eq!(input.map(2), [-0.5; 3], "no third channel");
    }

    #[test]
    fn inversion_exchanges_the_levels_of_the_channel() {
        let mut input = Maps::zeros(Shape::new(2, 1, 2));
        let encoder = standardised();
        encoder.encode(&[255, 0, 255, 0], (1, 2), &mut input);
        encoder.invert(1.0, &mut crate::random::stream(1, "inversion", 0), &mut input);
        assert_eq!(input.values, [-2.0, 2.0, -0.5, 1.5]);
    }

    #[test]
    fn a_reduced_image_stands_in_its_frame() {
        let image: Vec<u8> = (0..2 * 28 * 28).map(|at| (at * 89 + 7) as u8).collect();
        let small: Vec<u8> = image.chunks(28 * 28).flat_map(|plane| reduction::reduced(plane, (28, 28))).collect();
        let encoder = Encoder::<f64>::new(&Encoding { reduced: true, ..Encoding::default() });
        for side in [28, 32, 20] {
            let [mut found, mut expected] = [(); 2].map(|()| Maps::zeros(Shape::new(2, side, side)));
            encoder.encode(&image, (28, 28), &mut found);
            Encoder::default().encode(&small, (28, 28), &mut expected);
            assert_eq!(found, expected, "{side}");
        }
    }
}
