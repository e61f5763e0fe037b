//! Planar affine maps of an image, drawn straight into a network's input.

use std::ops::Range;

use nalgebra::Matrix3;

use super::encoder::{Encoder, plane};
use super::reduction;
use crate::kernels::maps::Maps;
use crate::kernels::scalar::Scalar;

/// Sub-pixel positions are rounded down to this part of a pixel, so that interpolation is whole-number arithmetic.
const PARTS: u32 = 256;

/// The widest image whose rows are interpolated before its columns, where the map keeps rows apart.
const NEAR: usize = 60;

/// Writes an image of `height` x `width` pixels, of one or more channels, moved by the affine map `forward`, to the input maps.
///
/// `forward` takes the place (x, y, 1) of a point of the image to its place in the result: x to the right, y downwards, in
/// pixels from the middle of the image, which [`Encoder::encode`] puts in the middle of the map. Each unit takes the pixel at
/// the place that it comes from, interpolated between the four pixels around it (bilinear) and rounded to a byte; outside
/// the image is background. The identity writes what [`Encoder::encode`] writes; a map without an inverse leaves background
/// only. Channels go to the maps as there.
///
/// An encoder that makes images smaller does so here too, after `forward` and by interpolation: the identity then
/// writes a slightly sharper image than the averages of [`Encoder::encode`].
///
/// Multiplication, addition and division only: the same bits on every machine.
///
/// # Panics
/// If the image has fewer pixels than `height * width` in each of its channels.
pub fn warp<T: Scalar>(
    forward: &Matrix3<f64>,
    image: &[u8],
    (height, width): (usize, usize),
    encoder: &Encoder<T>,
    input: &mut Maps<T>,
) {
    let back = match forward.try_inverse() {
        Some(back) if encoder.is_reduced() => Some(back * Matrix3::new_scaling(reduction::STEP)),
        back => back,
    };
    for map in 0..input.shape().maps {
        let levels = encoder.levels_of(map);
        input.map_mut(map).fill(levels[0]);
        if let (Some(back), Some(image)) = (back, plane(image, height * width, map)) {
            draw(&back, &Channel { image, height, width }, levels, map, input);
        }
    }
}

/// Draws one channel on its map; `back` takes the place of a unit to the place that it comes from.
fn draw<T: Scalar>(back: &Matrix3<f64>, source: &Channel<'_>, levels: &[T; 256], map: usize, input: &mut Maps<T>) {
    let (shape, &Channel { height, width, .. }) = (input.shape(), source);
    // The image's middle: in its own pixels, and in the map, where the number of pixels left over is rounded down.
    let (x_middle, y_middle) = (middle(width), middle(height));
    let (x_centre, y_centre) = (x_middle + offset(shape.width, width), y_middle + offset(shape.height, height));
    for (row, units) in input.map_mut(map).chunks_exact_mut(shape.width).enumerate() {
        let y = row as f64 - y_centre;
        let start = |from: usize| back[(from, 1)] * y + back[(from, 2)] - back[(from, 0)] * x_centre;
        let (x_start, y_start) = (start(0) + x_middle, start(1) + y_middle);
        let (x_step, y_step) = (back[(0, 0)], back[(1, 0)]);
        if y_step == 0.0 && width <= NEAR {
            let row = source.row(y_start);
            let Some(ink) = row.ink() else { continue };
            let at = |column| row.at(x_start + x_step * column as f64);
            let columns = span(x_start, x_step, ink, shape.width);
            columns.for_each(|column| units[column] = levels[usize::from(at(column))]);
        } else {
            let at = |along| source.at(x_start + x_step * along, y_start + y_step * along);
            let across = span(x_start, x_step, (-1.0, width as f64), shape.width);
            let down = span(y_start, y_step, (-1.0, height as f64), shape.width);
            let columns = across.start.max(down.start)..across.end.min(down.end);
            columns.for_each(|column| units[column] = levels[usize::from(at(column as f64))]);
        }
    }
}

/// The number of the middle of `pixels` pixels, the first being 0.
fn middle(pixels: usize) -> f64 {
    (pixels as f64 - 1.0) / 2.0
}

/// The offset at which the encoder puts the first of `inner` pixels among `outer`.
fn offset(outer: usize, inner: usize) -> f64 {
    (outer.saturating_sub(inner) / 2) as f64 - (inner.saturating_sub(outer) / 2) as f64
}

/// The columns at which `start + step * column` is between `low` and `high`; one column more at most at either end.
fn span(start: f64, step: f64, (low, high): (f64, f64), columns: usize) -> Range<usize> {
    let (low, high) = (low - start, high - start);
    if step == 0.0 {
        return if low < 0.0 && high > 0.0 { 0..columns } else { 0..0 };
    }
    let (one, other) = (low / step, high / step);
    one.min(other) as usize..(one.max(other) + 1.0).min(columns as f64) as usize
}

/// One channel of an image, which is 0 wherever it has no pixels.
struct Channel<'a> {
    image: &'a [u8],
    height: usize,
    width: usize,
}

impl Channel<'_> {
    /// The interpolated pixel at column `x` and row `y`, rounded.
    fn at(&self, x: f64, y: f64) -> u8 {
        let ((column, right), (row, down)) = (split(x), split(y));
        let across = |row| {
            let [left_pixel, right_pixel] = [column.wrapping_sub(1), column].map(|column| self.pixel(row, column));
            u32::from(left_pixel) * (PARTS - right) + u32::from(right_pixel) * right
        };
        rounded(across(row.wrapping_sub(1)) * (PARTS - down) + across(row) * down)
    }

    /// The row at `y`, of an image of at most [`NEAR`] columns: the same pixels as [`at`](Self::at), as sums of whole numbers have no order.
    fn row(&self, y: f64) -> Row {
        let (row, down) = split(y);
        let mut sums = [0; NEAR + 4];
        for (row, weight) in [(row.wrapping_sub(1), (PARTS - down) as u16), (row, down as u16)] {
            if row < self.height {
                let pixels = &self.image[row * self.width..][..self.width];
                sums[1..].iter_mut().zip(pixels).for_each(|(sum, &pixel)| *sum += weight * u16::from(pixel));
            }
        }
        Row(sums)
    }

    fn pixel(&self, row: usize, column: usize) -> u8 {
        if row < self.height && column < self.width { self.image[row * self.width + column] } else { 0 }
    }
}

/// A place as whole pixels and parts of one, from one pixel outside the image on; what lies before that is background, of weight 0 here.
fn split(place: f64) -> (usize, u32) {
    let parts = ((place + 1.0) * f64::from(PARTS)) as u32;
    ((parts / PARTS) as usize, parts % PARTS)
}

/// The byte of a sum of four pixels, whose weights add up to `PARTS * PARTS`.
fn rounded(sum: u32) -> u8 {
    ((sum + PARTS * PARTS / 2) / (PARTS * PARTS)) as u8
}

/// A row between two rows of an image, in parts of a byte (at most 255 * 256): zero, its columns, zeros.
struct Row([u16; NEAR + 4]);

impl Row {
    /// The columns between which it is not 0; nothing where it has no ink.
    fn ink(&self) -> Option<(f64, f64)> {
        let (first, last) = (self.0.iter().position(|&sum| sum > 0)?, self.0.iter().rposition(|&sum| sum > 0)?);
        Some((first as f64 - 2.0, last as f64))
    }

    /// The interpolated pixel at column `x`, rounded.
    fn at(&self, x: f64) -> u8 {
        let (column, right) = split(x);
        let column = column.min(NEAR + 2);
        rounded(u32::from(self.0[column]) * (PARTS - right) + u32::from(self.0[column + 1]) * right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::distortion::Distortion;
    use crate::data::encoder::{Encoding, Levels};
    use crate::kernels::maps::Shape;
    use crate::random::stream;
    use nalgebra::Vector2;
    use rand::RngExt;

    fn warped(forward: &Matrix3<f64>, image: &[u8], size: (usize, usize), map: (usize, usize)) -> Maps<f64> {
        let mut input = Maps::zeros(Shape::new(1, map.0, map.1));
        warp(forward, image, size, &Encoder::default(), &mut input);
        input
    }

    fn encoded(image: &[u8], size: (usize, usize), map: (usize, usize)) -> Maps<f64> {
        let mut input = Maps::zeros(Shape::new(1, map.0, map.1));
        Encoder::default().encode(image, size, &mut input);
        input
    }

    /// A different byte in every pixel, as far as they go, and ink up to the edges.
    fn texture(area: usize) -> Vec<u8> {
        (0..area).map(|index| (index * 89 + 7) as u8).collect()
    }

    #[test]
    fn the_identity_is_the_encoder_whatever_the_sizes() {
        for (height, width) in [(28, 28), (27, 20), (32, 32), (5, 6), (35, 40), (1, 1)] {
            let image = texture(height * width);
            for map in [(32, 32), (33, 32), (28, 30)] {
                let plain = encoded(&image, (height, width), map);
                assert_eq!(warped(&Matrix3::identity(), &image, (height, width), map), plain, "{height}x{width}");
            }
        }
    }

    /// Pixel by pixel, of maps that keep rows apart and of others, of images that are near and of wider ones.
    #[test]
    fn each_unit_is_the_pixel_where_it_comes_from() {
        for draw in 0..400 {
            let mut generator = stream(1, "warp", draw);
            let (height, width) = [(28, 28), (5, 60), (60, 61), (1, 1)][draw as usize % 4];
            let (image, mut forward) = (texture(height * width), Distortion::draw(&mut generator, 2.0).forward());
            if draw % 3 == 0 {
                forward[(1, 0)] = generator.random_range(-0.5..0.5);
            }
            let found = warped(&forward, &image, (height, width), (32, 40));
            let (back, source) = (forward.try_inverse().unwrap(), Channel { image: &image, height, width });
            let (x_centre, y_centre) = (middle(width) + offset(40, width), middle(height) + offset(32, height));
            for (row, column) in (0..32).flat_map(|row| (0..40).map(move |column| (row, column))) {
                let place = |from: usize, middle: f64| {
                    let start =
                        back[(from, 1)] * (row as f64 - y_centre) + back[(from, 2)] - back[(from, 0)] * x_centre;
                    start + middle + back[(from, 0)] * column as f64
                };
                let (x, y) = (place(0, middle(width)), place(1, middle(height)));
                let is_inside = x > -1.0 && y > -1.0;
                let pixel = if is_inside { source.at(x, y) } else { 0 };
                assert_eq!(
                    found.matrix(0)[(row, column)],
                    Encoder::<f64>::default().level(pixel),
                    "{draw}: {row}, {column}"
                );
            }
        }
    }

    #[test]
    fn whole_pixels_move_as_they_are() {
        let image = texture(28 * 28);
        let plain = encoded(&image, (28, 28), (32, 32));
        let moved = warped(&Matrix3::new_translation(&Vector2::new(2.0, -1.0)), &image, (28, 28), (32, 32));
        let (plain, moved) = (plain.matrix(0), moved.matrix(0));
        assert_eq!(moved.view((0, 2), (31, 30)), plain.view((1, 0), (31, 30)));
        assert!(moved.column(1).iter().all(|&level| level == -0.1));
    }

    #[test]
    fn a_quarter_turn_exchanges_rows_and_columns() {
        let image = texture(28 * 28);
        let turn = Matrix3::new(0.0, -1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0);
        let (plain, turned) = (encoded(&image, (28, 28), (32, 32)), warped(&turn, &image, (28, 28), (32, 32)));
        for (row, column) in (0..32).flat_map(|row| (0..32).map(move |column| (row, column))) {
            assert_eq!(turned.matrix(0)[(column, 31 - row)], plain.matrix(0)[(row, column)]);
        }
    }

    #[test]
    fn halves_of_pixels_are_interpolated() {
        let moved = warped(&Matrix3::new_translation(&Vector2::new(0.5, 0.25)), &[200], (1, 1), (3, 3));
        let byte = |level: f64| ((level + 0.1) / 1.275 * 255.0).round() as u8;
        let bytes: Vec<u8> = moved.values.iter().map(|&level| byte(level)).collect();
        assert_eq!(bytes, [0, 0, 0, 0, 75, 75, 0, 25, 25]);
    }

    #[test]
    fn what_has_no_inverse_or_lies_outside_leaves_background() {
        for forward in [
            Matrix3::zeros(),
            Matrix3::new_translation(&Vector2::new(40.0, 0.0)),
            Matrix3::new_translation(&Vector2::new(0.0, -40.0)),
        ] {
            assert!(warped(&forward, &texture(28 * 28), (28, 28), (32, 32)).values.iter().all(|&level| level == -0.1));
        }
    }

    #[test]
    fn channels_move_together() {
        let (first, second) = (texture(28 * 28), texture(2 * 28 * 28).split_off(28 * 28));
        let forward = Matrix3::new(1.1, 0.2, 3.0, -0.1, 0.9, -1.5, 0.0, 0.0, 1.0);
        let mut both = Maps::<f64>::zeros(Shape::new(2, 32, 32));
        warp(&forward, &[&first[..], &second[..]].concat(), (28, 28), &Encoder::default(), &mut both);
        for (map, alone) in [first, second].iter().enumerate() {
            assert_eq!(warped(&forward, alone, (28, 28), (32, 32)).values, both.map(map), "channel {map}");
        }
        warp(&forward, &texture(28 * 28), (28, 28), &Encoder::default(), &mut both);
        assert_eq!(both.map(0), both.map(1), "an only channel goes to all maps");
        assert_ne!(both.map(0)[0..32 * 16], [-0.1; 32 * 16]);
    }

    #[test]
    fn channels_have_their_own_background() {
        let levels = Levels::Standardised { mean: vec![0.5, 0.25], deviation: vec![0.25, 0.5] };
        let mut input = Maps::<f64>::zeros(Shape::new(2, 4, 4));
        warp(&Matrix3::zeros(), &[9; 8], (2, 2), &Encoder::new(&Encoding { levels, reduced: false }), &mut input);
        assert_eq!((input.map(0), input.map(1)), (&[-2.0; 16][..], &[-0.5; 16][..]));
    }

    #[test]
    fn a_reduced_image_is_moved_and_then_made_smaller() {
        let encoder = Encoder::<f64>::new(&Encoding { reduced: true, ..Encoding::default() });
        let block: Vec<u8> = (0..28 * 28).map(|at| if (4..24).contains(&(at / 28)) { 255 } else { 0 }).collect();
        let [mut found, mut expected] = [(); 2].map(|()| Maps::zeros(Shape::new(1, 28, 28)));
        warp(&Matrix3::identity(), &block, (28, 28), &encoder, &mut found);
        let inked = |input: &Maps<f64>| (0..28).filter(|&row| input.matrix(0)[(row, 14)] > 1.0).collect::<Vec<_>>();
        assert_eq!(inked(&found), Vec::from_iter(6..22), "20 rows become 16");
        // Five pixels of the original are four of the result.
        let down = Matrix3::new_translation(&Vector2::new(0.0, 5.0));
        warp(&down, &block, (28, 28), &encoder, &mut expected);
        assert_eq!(inked(&expected), Vec::from_iter(10..26), "four rows further down");
    }
}
