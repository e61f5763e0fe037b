//! Images made smaller within their frame, as LeNet-1 saw digits: 16x16 pixels centred in 28x28 (section III-C), where MNIST's
//! are 20x20.
//!
//! A pixel of the result is the average of the 1.25 x 1.25 pixels that it covers, counted from the middle of the image. In
//! eighths of a pixel all borders are whole numbers, whatever the size, so that the bits are the same on every machine.

/// A pixel of the result covers this many pixels a side; the factor is 16/20.
pub const STEP: f64 = COVERED as f64 / EIGHTHS as f64;

const EIGHTHS: usize = 8;
const COVERED: usize = 10;

/// The sixty-fourths of a pixel in the area that a pixel of the result covers.
pub const ALL: u32 = (COVERED * COVERED) as u32;

/// The eighths of each of three pixels in a row that are covered, by the eighths of the first that come before.
const WEIGHTS: [[u32; 3]; EIGHTHS] =
    [[8, 2, 0], [7, 3, 0], [6, 4, 0], [5, 5, 0], [4, 6, 0], [3, 7, 0], [2, 8, 0], [1, 8, 1]];

/// An image of one channel, `height` x `width` pixels row by row, reduced by 16/20 about its middle. The result has the size of
/// the original; what was outside of it is 0.
///
/// ```
/// let image = [0, 0, 0, 0, 0, 200, 200, 0, 0, 200, 200, 0, 0, 0, 0, 0];
/// assert_eq!(lenet5::data::reduction::reduced(&image, (4, 4))[5..7], [128, 128]); // 0.8 x 0.8 of 200
/// ```
///
/// # Panics
/// If there are fewer than `height * width` pixels.
pub fn reduced(image: &[u8], size: (usize, usize)) -> Vec<u8> {
    let rows = (0..size.0).flat_map(|row| (0..size.1).map(move |column| (row, column)));
    rows.map(|(row, column)| at(image, size, row, column)).collect()
}

/// One pixel of [`reduced`].
pub(super) fn at(image: &[u8], (height, width): (usize, usize), row: usize, column: usize) -> u8 {
    let mut sum = 0;
    for (y, down) in covered(row, height) {
        for (x, across) in covered(column, width) {
            sum += down * across * u32::from(image[y * width + x]);
        }
    }
    ((sum + ALL / 2) / ALL) as u8
}

/// The pixels along an axis of `size` that pixel `index` of the result covers, and how many eighths of each.
fn covered(index: usize, size: usize) -> impl Iterator<Item = (usize, u32)> {
    // From the middle of the image, size / 2, in pixels: 1.25 * (index - size / 2).
    let start = (COVERED * index) as i64 - size as i64;
    let (first, before) = (start.div_euclid(EIGHTHS as i64), start.rem_euclid(EIGHTHS as i64));
    let pixels = (first..).zip(WEIGHTS[before as usize]);
    let inside = move |(pixel, weight)| Some((usize::try_from(pixel).ok().filter(|&pixel| pixel < size)?, weight));
    pixels.filter_map(inside).filter(|&(_, weight)| weight > 0)
}

/// The reduction of one axis of `size` pixels as a matrix: in row i, how many eighths of each pixel the pixel i of the result covers. A
/// reduced image is the product of the matrix, the image and the transposed matrix, over [`ALL`] and rounded half up.
pub fn matrix(size: usize) -> Vec<u32> {
    let mut matrix = vec![0; size * size];
    for (row, weights) in matrix.chunks_exact_mut(size.max(1)).enumerate() {
        covered(row, size).for_each(|(pixel, weight)| weights[pixel] = weight);
    }
    matrix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uniform_image_keeps_its_level_inside() {
        for (height, width) in [(28, 28), (32, 32), (27, 21), (5, 8)] {
            let result = reduced(&vec![201; height * width], (height, width));
            let whole = |at: usize, size: usize| 10 * at >= size && 10 * (at + 1) - size <= 8 * size;
            for (at, &pixel) in result.iter().enumerate() {
                let (row, column) = (at / width, at % width);
                if whole(row, height) && whole(column, width) {
                    assert_eq!(pixel, 201, "{row}, {column} of {height}x{width}");
                }
            }
            let mirrored: Vec<u8> = result.iter().rev().copied().collect();
            assert_eq!(result, mirrored, "about the middle");
        }
    }

    #[test]
    fn the_box_of_20_pixels_becomes_16() {
        let inside =
            |at: usize, range: std::ops::Range<usize>| range.contains(&(at / 28)) && range.contains(&(at % 28));
        let block = |range: std::ops::Range<usize>| -> Vec<u8> {
            (0..28 * 28).map(|at| if inside(at, range.clone()) { 255 } else { 0 }).collect()
        };
        assert_eq!(reduced(&block(4..24), (28, 28)), block(6..22));
    }

    #[test]
    fn it_is_a_product_of_matrices() {
        let (height, width) = (28, 21);
        let image: Vec<u8> = (0..height * width).map(|at| (at * 89 + 7) as u8).collect();
        let (rows, columns) = (matrix(height), matrix(width));
        let across: Vec<u32> = (0..height * width)
            .map(|at| {
                (0..width).map(|x| columns[at % width * width + x] * u32::from(image[at / width * width + x])).sum()
            })
            .collect();
        let down = |at: usize| {
            (0..height).map(|y| rows[at / width * height + y] * across[y * width + at % width]).sum::<u32>()
        };
        let product: Vec<u8> = (0..height * width).map(|at| ((down(at) + ALL / 2) / ALL) as u8).collect();
        assert_eq!(product, reduced(&image, (height, width)));
    }

    /// Every pixel counts as much as any other, wherever it stands.
    #[test]
    fn ink_becomes_less_by_the_factor_of_the_area() {
        for size in [28, 27] {
            let image: Vec<u8> = (0..size * size).map(|at| (at * 89 + 7) as u8).collect();
            let ink = |pixels: &[u8]| pixels.iter().map(|&pixel| f64::from(pixel)).sum::<f64>();
            let (before, after) = (ink(&image), ink(&reduced(&image, (size, size))));
            // At most half a level for each pixel that is not 0.
            assert!((after - 0.64 * before).abs() < 0.5 * (0.8 * size as f64 + 2.0).powi(2), "{after} of {before}");
            assert!((after / before - 0.64).abs() < 0.001, "{after} of {before}");
        }
    }
}
