//! Digits shifted up and down in a field higher than the input, over which the network is replicated (section VII).
//!
//! Shifted by half its height a digit leaves the 32x32 input. In the field it is read without knowing where it is: at the position
//! whose answer has the smallest penalty.

use lenet5::applications::reader::Reader;
use lenet5::data::Images;
use lenet5::evaluation::{clopper_pearson, percent};
use lenet5::kernels::maps::Maps;
use lenet5::network::layers::ShapeError;
use lenet5::network::loss;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Rows of the field: seven positions, 4 pixels apart, the middle one on the digit that is not shifted.
pub const FIELD: usize = 56;

/// The shifts, downwards, as shares of the height of a digit's ink. Further up or down no position is on a digit of 20 rows.
pub const SHIFTS: [f64; 13] = [-0.6, -0.5, -0.4, -0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6];

/// A row of `shift.csv`: the test errors of one network at one shift.
#[derive(Debug, Serialize, Deserialize)]
pub struct ShiftRow {
    pub arm: String,
    pub seed: u64,
    /// Downwards, as a share of the height of the digit's ink.
    pub shift: f64,
    pub patterns: usize,
    pub errors: usize,
    pub error_percent: f64,
    pub error_low_percent: f64,
    pub error_high_percent: f64,
}

/// The rows of one network.
pub fn rows(arm: &str, seed: u64, reader: &Reader, images: &Images) -> Result<Vec<ShiftRow>, ShapeError> {
    let row = |shift: f64| {
        let is_wrong = |index: usize| {
            let image = images.image(index);
            let down = (shift * ink_height(image, images.size().1)).round() as i32;
            let distances = everywhere(reader, image, images.size(), down)?;
            Ok(best(&distances) != usize::from(images.labels()[index]))
        };
        let wrong: Vec<bool> = (0..images.len()).into_par_iter().map(is_wrong).collect::<Result<_, ShapeError>>()?;
        let (errors, patterns) = (wrong.into_iter().filter(|&wrong| wrong).count(), images.len());
        let interval = clopper_pearson(errors, patterns);
        Ok(ShiftRow {
            arm: arm.into(),
            seed,
            shift,
            patterns,
            errors,
            error_percent: percent(errors, patterns),
            error_low_percent: interval.low,
            error_high_percent: interval.high,
        })
    };
    SHIFTS.into_iter().map(row).collect()
}

/// The distances at each position of the field in which an image is `down` pixels below the middle.
fn everywhere(
    reader: &Reader,
    image: &[u8],
    (height, width): (usize, usize),
    down: i32,
) -> Result<Maps<f32>, ShapeError> {
    let columns = reader.network().input().width;
    let (top, left) = ((FIELD - height) as i32 / 2 + down, (columns - width) / 2);
    let mut field = vec![0; FIELD * columns];
    for (row, pixels) in image.chunks(width).enumerate() {
        let at = top + row as i32;
        if (0..FIELD as i32).contains(&at) {
            field[at as usize * columns + left..][..width].copy_from_slice(pixels);
        }
    }
    reader.read_everywhere(&field, (FIELD, columns))
}

/// The class whose distance at its best position is smallest.
fn best(distances: &Maps<f32>) -> usize {
    let smallest = |map| distances.map(map).iter().copied().fold(f32::INFINITY, f32::min);
    loss::answer(&(0..distances.shape().maps).map(smallest).collect::<Vec<f32>>())
}

/// Rows from the first to the last with ink.
fn ink_height(pixels: &[u8], width: usize) -> f64 {
    let inked = |row: &[u8]| row.iter().any(|&pixel| pixel > 0);
    let (mut rows, mut again) = (pixels.chunks(width), pixels.chunks(width));
    match (rows.position(inked), again.rposition(inked)) {
        (Some(first), Some(last)) => (last - first + 1) as f64,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lenet5::data::digits;
    use lenet5::kernels::maps::Shape;
    use lenet5::runs::checkpoint::Model;

    /// A position 4 pixels further down sees what the one above saw, and the middle one sees what the network sees in its own input.
    #[test]
    fn a_digit_shifted_by_whole_positions_has_the_same_answers_there() {
        let (mut reader, images) = (Reader::new(&Model::pretrained()).unwrap(), digits::load().test);
        let column = |distances: &Maps<f32>, at: usize| -> Vec<f32> {
            (0..10).map(|class| distances.matrix(class)[(at, 0)]).collect()
        };
        for index in 0..5 {
            let image = images.image(index);
            let still = everywhere(&reader, image, images.size(), 0).unwrap();
            assert_eq!(still.shape(), Shape::new(10, 7, 1));
            let alone = reader.read(image, Shape::new(1, 28, 28)).unwrap().distances;
            let difference = |(one, other): (&f32, &f32)| (one - other).abs() / other.max(1.0);
            assert!(column(&still, 3).iter().zip(&alone).map(difference).all(|difference| difference < 1e-4));
            for positions in -3..=3 {
                let moved = everywhere(&reader, image, images.size(), 4 * positions).unwrap();
                for at in 0..7 {
                    if let Some(from) = usize::try_from(at - positions).ok().filter(|&from| from < 7) {
                        assert_eq!(column(&moved, at as usize), column(&still, from), "{index}: {positions}, {at}");
                    }
                }
            }
        }
    }

    /// Three classes at two positions, one below the other.
    #[test]
    fn the_answer_is_that_of_the_best_position() {
        let best = |values: [f32; 6]| best(&Maps::from_values(Shape::new(3, 2, 1), values.to_vec()).unwrap());
        assert_eq!(best([9.0, 2.0, 8.0, 8.0, 1.5, 40.0]), 2);
        assert_eq!(best([9.0, 2.0, 8.0, 8.0, 2.5, 40.0]), 0);
    }

    #[test]
    fn errors_are_counted_at_each_shift() {
        let (reader, images) = (Reader::new(&Model::pretrained()).unwrap(), digits::load().test.first(20));
        let rows = rows("a", 3, &reader, &images).unwrap();
        assert!(rows.iter().map(|row| row.shift).eq(SHIFTS));
        // The digits have 20 rows of ink: a tenth is 2 pixels.
        let wrong = |index: usize, down: i32| {
            let distances = everywhere(&reader, images.image(index), images.size(), down).unwrap();
            best(&distances) != usize::from(images.labels()[index])
        };
        let of_20_rows = |index: &usize| ink_height(images.image(*index), 28) == 20.0;
        assert_eq!((0..20).filter(of_20_rows).count(), 20);
        for (row, down) in rows.iter().zip((-12..=12).step_by(2)) {
            assert_eq!(row.errors, (0..20).filter(|&index| wrong(index, down)).count(), "{}", row.shift);
        }
        assert_ne!(rows[1].errors, rows[11].errors, "up and down can be told apart");
        assert!(rows.iter().all(|row| row.patterns == 20 && row.errors < 15));
    }

    #[test]
    fn the_height_is_that_of_the_ink() {
        assert_eq!(ink_height(&[0, 0, 0, 9, 0, 0, 1, 0, 0, 0], 2), 3.0);
        assert_eq!(ink_height(&[0; 4], 2), 0.0);
    }
}
