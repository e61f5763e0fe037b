//! 1,797 handwritten digits that come with the crate: a small set for trying things out without a download.
//!
//! They are the test set of "Optical Recognition of Handwritten Digits" by E. Alpaydin and C. Kaynak (1998), from the
//! [UCI Machine Learning Repository](https://doi.org/10.24432/C50P49), licensed under
//! [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/): pictures of 8x8 pixels of 0 to 16. The head of `digits.txt`, beside this
//! file, says how it was made from the repository's file. Each digit is enlarged to the 20x20 box and centred in 28x28 pixels as the
//! digits of MNIST were. Results on them say whether the program works, and nothing about the paper.

use super::centring::centre_by_mass;
use super::{Dataset, Images, Source};
use crate::random::stream;
use nalgebra::SMatrix;
use rand::seq::SliceRandom;

/// A line for each digit: its class, then its eight rows of eight pixels, `0` to `g`. Lines with `#` are remarks.
const TEXT: &str = include_str!("digits.txt");

/// Images to train on, 80 % of all rounded down.
pub const TRAINING: usize = 1437;
/// Images to test on: the rest.
pub const TEST: usize = 360;
/// Seed of the split. It is not a setting: every run has the same split, whatever its own seed.
pub const SPLIT_SEED: u64 = 1998;

/// Rows and columns of an original picture.
const SMALL: usize = 8;
/// Rows and columns of the box that MNIST's digits were scaled into.
const BOX: usize = 20;
/// Rows and columns of the finished image.
const FRAME: usize = 28;
/// The largest value of an original pixel.
const INK: i32 = 16;

/// The digits, split into [`TRAINING`] and [`TEST`] images of 28x28 pixels with labels 0 to 9.
pub fn load() -> Dataset {
    let enlarge = enlargement();
    let lines = TEXT.lines().filter(|line| !line.starts_with('#'));
    let mut digits: Vec<(Vec<u8>, u8)> = lines.filter_map(|line| digit(line, &enlarge)).collect();
    digits.shuffle(&mut stream(SPLIT_SEED, "digits split", 0));
    let (training, test) = digits.split_at(TRAINING.min(digits.len()));
    Dataset {
        source: Source::Digits,
        origin: "embedded: Optical Recognition of Handwritten Digits (UCI), test set".into(),
        training: collect(training),
        test: collect(test),
    }
}

fn collect(digits: &[(Vec<u8>, u8)]) -> Images {
    let pixels = digits.iter().flat_map(|(pixels, _)| pixels).copied().collect();
    Images::new(FRAME, FRAME, pixels, digits.iter().map(|&(_, label)| label).collect())
}

/// The finished image of one line, and its class.
fn digit(line: &str, enlarge: &SMatrix<i32, BOX, SMALL>) -> Option<(Vec<u8>, u8)> {
    let (class, rows) = line.split_once(' ')?;
    let pixels = rows.chars().filter_map(|pixel| pixel.to_digit(INK as u32 + 1));
    Some((picture(&pixels.map(|pixel| pixel as i32).collect::<Vec<_>>(), enlarge)?, class.parse().ok()?))
}

/// Enlarges one picture with R X R^T and centres it.
fn picture(small: &[i32], enlarge: &SMatrix<i32, BOX, SMALL>) -> Option<Vec<u8>> {
    let small = SMatrix::<i32, SMALL, SMALL>::from_row_slice(small);
    let large = enlarge * small * enlarge.transpose();
    let full = INK * TENTHS * TENTHS;
    // nalgebra keeps columns together; the transposed matrix gives the pixels row by row.
    let pixels: Vec<u8> = large.transpose().iter().map(|value| ((value * 255 + full / 2) / full) as u8).collect();
    centre_by_mass(&pixels, BOX, BOX, FRAME)
}

/// The unit of the weights of R. In whole tenths the interpolation is exact, hence the same on every machine.
const TENTHS: i32 = 10;

/// R, the linear interpolation from 8 to 20 pixels, in tenths; each row adds up to ten.
///
/// The centre of large pixel i lies at (i + 1/2) 8/20 - 1/2 = (4 i - 3)/10 among the centres of the small ones; beyond the
/// outermost centres their value continues.
fn enlargement() -> SMatrix<i32, BOX, SMALL> {
    let mut weights = SMatrix::zeros();
    for row in 0..BOX {
        let last = SMALL - 1;
        let at = (4 * row).saturating_sub(3).min(last * TENTHS as usize);
        let (left, right) = (at / TENTHS as usize, (at % TENTHS as usize) as i32);
        weights[(row, left)] += TENTHS - right;
        weights[(row, (left + 1).min(last))] += right;
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interpolation_is_symmetric_and_keeps_the_level() {
        let weights = enlargement();
        for row in 0..BOX {
            assert_eq!(weights.row(row).sum(), TENTHS);
            for column in 0..SMALL {
                assert_eq!(weights[(row, column)], weights[(BOX - 1 - row, SMALL - 1 - column)]);
            }
        }
        assert_eq!((weights[(0, 0)], weights[(1, 0)], weights[(1, 1)]), (10, 9, 1));
    }

    #[test]
    fn rows_stay_rows() {
        // A point on the upper edge reaches over fewer rows than columns, so that an exchange of the two would show.
        let mut small = [0; SMALL * SMALL];
        small[3] = INK;
        let image = picture(&small, &enlargement()).unwrap();
        let darkest = (0..image.len()).max_by_key(|&index| image[index]).unwrap();
        assert_eq!(image[darkest], 230); // 0.9 of full ink: the nearest centre of a large pixel is 0.1 small pixels away
        let ink_rows = image.chunks(FRAME).filter(|row| row.iter().any(|&pixel| pixel > 0)).count();
        let ink_columns = (0..FRAME).filter(|&column| image.chunks(FRAME).any(|row| row[column] > 0)).count();
        assert_eq!((ink_rows, ink_columns), (4, 5));
    }
}
