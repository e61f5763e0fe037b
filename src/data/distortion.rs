//! The paper's random distortions of a character (section III-B, Fig. 7).

use nalgebra::Matrix3;
use rand::{Rng, RngExt};

/// The scale is within 1 +- this.
pub const SCALE: f64 = 0.3;
/// The squeeze is within 1 +- this.
pub const SQUEEZE: f64 = 0.1;
/// The shear is within +- this: pixels to the right for each row downwards.
pub const SHEAR: f64 = 0.14;
/// The translations are within +- this many pixels, before the scale.
pub const TRANSLATION: f64 = 2.0;

/// The row that vertical scaling leaves where it is, in pixels below the middle of the image: row 26 of 32, the first being
/// 0, so that the middle is at 15.5. The lowest row of a digit of 20 pixels in the middle of 32 is row 25.
pub const BASELINE: f64 = 26.0 - 15.5;
/// The row that shear leaves where it is, in pixels below the middle of the image: row 18 of 32.
pub const SHEAR_ROW: f64 = 18.0 - 15.5;

/// One planar affine distortion: "horizontal and vertical translations, scaling, squeezing (simultaneous horizontal
/// compression and vertical elongation, or the reverse), and horizontal shearing" (section III-B).
///
/// A point of the image at (x, y), in pixels from the middle, x to the right and y downwards, goes to
///
/// ```text
/// x' = scale / squeeze * x + shear * (y - SHEAR_ROW) + scale * right
/// y' = BASELINE + scale * squeeze * (y - BASELINE)   + scale * down
/// ```
///
/// The paper prints no ranges. Those here were fitted to the 100 images of Fig. 7 and their MNIST originals; all are uniform.
/// Readings taken: the fit gives the shear as a coefficient of +-0.07 that shifts x by +-0.14 for each *source* row; the
/// shift is what the images show, and it is the shear here, while a strength of 1/2 would have the smaller figure. It
/// multiplies the row before that row is scaled. Since 28x28 images stand in 32x32 unscaled, a pixel is a pixel in both, and
/// only the two rows that stay in place must be counted from the middle. Horizontal scaling is about the middle column, of
/// which the fit says nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distortion {
    /// Magnification: 1 +- [`SCALE`].
    pub scale: f64,
    /// Elongation downwards with the same compression to the side: 1 +- [`SQUEEZE`].
    pub squeeze: f64,
    /// Pixels to the right for each row of the original downwards: +-[`SHEAR`].
    pub shear: f64,
    /// Translation to the right in pixels of the original: +-[`TRANSLATION`], then times the scale.
    pub right: f64,
    /// Translation downwards in pixels of the original: +-[`TRANSLATION`], then times the scale.
    pub down: f64,
}

/// The identity.
impl Default for Distortion {
    fn default() -> Self {
        Self { scale: 1.0, squeeze: 1.0, shear: 0.0, right: 0.0, down: 0.0 }
    }
}

impl Distortion {
    /// Draws a distortion: each parameter uniform in its range, which is as wide as in Fig. 7 times `strength`, 0 to 2. At 0
    /// it is the identity; beyond 3.3 a scale could be negative.
    pub fn draw(generator: &mut impl Rng, strength: f64) -> Self {
        let mut within = |range: f64| strength * range * (2.0 * generator.random::<f64>() - 1.0);
        Self {
            scale: 1.0 + within(SCALE),
            squeeze: 1.0 + within(SQUEEZE),
            shear: within(SHEAR),
            right: within(TRANSLATION),
            down: within(TRANSLATION),
        }
    }

    /// The affine map as [`warp`](super::warp::warp) takes it.
    pub fn forward(&self) -> Matrix3<f64> {
        let Self { scale, squeeze, shear, right, down } = *self;
        let (across, along) = (scale / squeeze, scale * squeeze);
        let (right, down) = (scale * right - shear * SHEAR_ROW, scale * down + (1.0 - along) * BASELINE);
        Matrix3::new(across, shear, right, 0.0, along, down, 0.0, 0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::encoder::{BACKGROUND, Encoder, FOREGROUND};
    use crate::data::warp::warp;
    use crate::kernels::maps::{Maps, Shape};
    use crate::random::stream;

    fn apply(distortion: Distortion, image: &[u8]) -> Maps<f64> {
        let mut input = Maps::zeros(Shape::new(1, 32, 32));
        warp(&distortion.forward(), image, (28, 28), &Encoder::default(), &mut input);
        input
    }

    /// A 28x28 image with ink in these rows and columns of 32x32.
    fn block(rows: std::ops::Range<usize>, columns: std::ops::Range<usize>) -> Vec<u8> {
        let inked = |at: usize| rows.contains(&(at / 28 + 2)) && columns.contains(&(at % 28 + 2));
        (0..28 * 28).map(|at| if inked(at) { 255 } else { 0 }).collect()
    }

    /// Ink, in pixels' worth, and the column and row of its centre.
    fn moments(input: &Maps<f64>) -> (f64, f64, f64) {
        let ink = |level: f64| (level - BACKGROUND) / (FOREGROUND - BACKGROUND);
        let mass: f64 = input.values.iter().map(|&level| ink(level)).sum();
        let moment = |place: fn(usize) -> usize| -> f64 {
            input.values.iter().enumerate().map(|(at, &level)| place(at) as f64 * ink(level)).sum()
        };
        (mass, moment(|at| at % 32) / mass, moment(|at| at / 32) / mass)
    }

    #[test]
    fn no_distortion_is_the_encoder() {
        let image = block(7..21, 9..20);
        let mut plain = Maps::zeros(Shape::new(1, 32, 32));
        Encoder::default().encode(&image, (28, 28), &mut plain);
        assert_eq!(apply(Distortion::default(), &image), plain);
        assert_eq!(apply(Distortion::draw(&mut stream(1, "distortion", 0), 0.0), &image), plain);
    }

    #[test]
    fn translations_are_times_the_scale() {
        let (_, x, y) =
            moments(&apply(Distortion { right: 1.25, down: -2.0, ..Distortion::default() }, &block(12..19, 11..21)));
        assert!((x - 16.75).abs() < 0.01 && (y - 13.0).abs() < 0.01, "{x} {y}");
        let enlarged = Distortion { scale: 1.25, right: 2.0, down: 1.0, ..Distortion::default() };
        let (mass, x, y) = moments(&apply(enlarged, &block(12..19, 11..21)));
        assert!((mass / 70.0 - 1.25 * 1.25).abs() < 0.02, "{mass}");
        assert!((x - (15.5 + 2.5)).abs() < 0.02, "{x}");
        assert!((y - (26.0 - 1.25 * 11.0 + 1.25)).abs() < 0.02, "{y}");
    }

    #[test]
    fn scaling_keeps_the_baseline() {
        // A bar on row 26, as light above as below once it is thicker than a row.
        for (scale, squeeze) in [(1.3, 1.0), (0.7, 1.1), (1.0, 0.9)] {
            let input = apply(Distortion { scale, squeeze, ..Distortion::default() }, &block(25..28, 6..26));
            let (mass, _, y) = moments(&input);
            assert!((y - 26.0).abs() < 0.02, "{y}");
            assert!((mass / 60.0 - scale * scale).abs() < 0.05, "{mass}: the area knows no squeeze");
        }
    }

    #[test]
    fn squeezing_lengthens_down_and_narrows_across() {
        let input = apply(Distortion { squeeze: 1.25, ..Distortion::default() }, &block(16..26, 11..21));
        let ink = |row: usize| input.matrix(0).row(row).iter().map(|level| (level + 0.1) / 1.275).sum::<f64>();
        assert!((ink(20) - 8.0).abs() < 0.02);
        let column: f64 = input.matrix(0).column(15).iter().map(|level| (level + 0.1) / 1.275).sum();
        assert!((column - 12.5).abs() < 0.3, "{column}");
    }

    #[test]
    fn shear_moves_each_row_by_its_distance_from_row_18() {
        let image = block(6..26, 12..19);
        let input = apply(Distortion { shear: SHEAR, ..Distortion::default() }, &image);
        for row in 6..26 {
            let level = |column: usize| (input.matrix(0)[(row, column)] + 0.1) / 1.275;
            let mass: f64 = (0..32).map(level).sum();
            let x = (0..32).map(|column| column as f64 * level(column)).sum::<f64>() / mass;
            assert!((x - (15.0 + 0.14 * (row as f64 - 18.0))).abs() < 0.01, "row {row}: {x}");
        }
    }

    #[test]
    fn parameters_are_uniform_in_their_ranges() {
        for strength in [1.0, 2.0] {
            let drawn: Vec<Distortion> =
                (0..4000).map(|index| Distortion::draw(&mut stream(1, "distortion", index), strength)).collect();
            let check = |name: &str, middle: f64, range: f64, value: fn(&Distortion) -> f64| {
                let values: Vec<f64> = drawn.iter().map(|d| (value(d) - middle) / (strength * range)).collect();
                let (count, mean) = (values.len() as f64, values.iter().sum::<f64>() / 4000.0);
                let variance = values.iter().map(|value| value * value).sum::<f64>() / count;
                assert!(values.iter().all(|value| value.abs() <= 1.0 + 1e-12), "{name}");
                assert!(values.iter().any(|&v| v > 0.99) && values.iter().any(|&v| v < -0.99), "{name}");
                assert!(mean.abs() < 0.04 && (variance - 1.0 / 3.0).abs() < 0.02, "{name}: {mean} {variance}");
            };
            check("scale", 1.0, 0.3, |d| d.scale);
            check("squeeze", 1.0, 0.1, |d| d.squeeze);
            check("shear", 0.0, 0.14, |d| d.shear);
            check("right", 0.0, 2.0, |d| d.right);
            check("down", 0.0, 2.0, |d| d.down);
        }
    }
}
