//! Images brought to another size: by area, the aspect kept, centred.

use std::ops::Range;

/// An image of one or more channels of `height` x `width` bytes, planar, scaled to fit into `frame` and centred there on 0: the side that
/// limits it fills the frame, and the aspect is kept to the nearest pixel. A pixel of the result is the mean of what it covers of the
/// image, each pixel by its area: whole numbers, so that the bits are the same on every machine. Smaller images become larger.
///
/// ```
/// use lenet5::data::own::fitted;
/// assert_eq!(fitted(&[10, 20, 30, 41], (2, 2), (1, 1)), [25]);
/// assert_eq!(fitted(&[10, 20], (1, 2), (2, 2)), [10, 20, 0, 0]); // one row of two pixels, of equal height above and below: rounded up
/// ```
///
/// # Panics
/// If a side is 0, or the image is not whole channels.
pub fn fitted(image: &[u8], (height, width): (usize, usize), frame: (usize, usize)) -> Vec<u8> {
    let area = height * width;
    assert!(
        area > 0 && frame.0 * frame.1 > 0 && image.len().is_multiple_of(area),
        "whole channels of one pixel or more"
    );
    if (height, width) == frame {
        return image.to_vec();
    }
    let inner = inner((height, width), frame);
    let (top, left) = ((frame.0 - inner.0) / 2, (frame.1 - inner.1) / 2);
    let mut result = Vec::with_capacity(image.len() / area * frame.0 * frame.1);
    for plane in image.chunks_exact(area) {
        let start = result.len();
        result.resize(start + frame.0 * frame.1, 0);
        for (row, pixels) in scaled(plane, (height, width), inner).chunks_exact(inner.1).enumerate() {
            result[start + (top + row) * frame.1 + left..][..inner.1].copy_from_slice(pixels);
        }
    }
    result
}

/// The size, within `frame`, of an image of `size` whose aspect is kept.
fn inner((height, width): (usize, usize), frame: (usize, usize)) -> (usize, usize) {
    let nearest = |number: usize, of: usize| ((2 * number + of) / (2 * of)).max(1);
    if height * frame.1 >= width * frame.0 {
        (frame.0, nearest(width * frame.0, height).min(frame.1))
    } else {
        (nearest(height * frame.1, width).min(frame.0), frame.1)
    }
}

/// One channel scaled to `to`: first along rows, then along columns, rounded once.
fn scaled(plane: &[u8], (height, width): (usize, usize), to: (usize, usize)) -> Vec<u8> {
    let across: Vec<Vec<(usize, u64)>> = (0..to.1).map(|column| covered(column, width, to.1).collect()).collect();
    let rows: Vec<u64> = plane
        .chunks_exact(width)
        .flat_map(|row| {
            across.iter().map(|parts| parts.iter().map(|&(pixel, part)| part * u64::from(row[pixel])).sum())
        })
        .collect();
    let whole = height as u64 * width as u64;
    let mut result = Vec::with_capacity(to.0 * to.1);
    for row in 0..to.0 {
        for column in 0..to.1 {
            let sum: u64 = covered(row, height, to.0).map(|(pixel, part)| part * rows[pixel * to.1 + column]).sum();
            result.push(((sum + whole / 2) / whole) as u8);
        }
    }
    result
}

/// The pixels, of `from` along an axis, that pixel `index` of `to` covers, and how much of each in units of 1/`to`: `from` units in all.
fn covered(index: usize, from: usize, to: usize) -> impl Iterator<Item = (usize, u64)> {
    let Range { start, end } = index * from..(index + 1) * from;
    (start / to..end.div_ceil(to)).map(move |pixel| {
        let part = end.min((pixel + 1) * to) - start.max(pixel * to);
        (pixel, part as u64)
    })
}

/// The image with its rows as columns; `width` x `height` pixels.
///
/// # Panics
/// If it has fewer than `height * width` pixels.
pub fn transposed(image: &[u8], (height, width): (usize, usize)) -> Vec<u8> {
    (0..width).flat_map(|column| (0..height).map(move |row| image[row * width + column])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_even_stays_even_and_the_mean_stays_the_mean() {
        for (size, frame, filled) in [
            ((56, 56), (28, 28), (28, 28)),
            ((100, 50), (28, 28), (28, 14)),
            ((50, 100), (28, 28), (14, 28)),
            ((8, 8), (28, 28), (28, 28)),
            ((33, 31), (28, 28), (28, 26)),
            ((1000, 3), (28, 28), (28, 1)),
            ((7, 5), (32, 64), (32, 23)),
        ] {
            let even = fitted(&vec![201; size.0 * size.1], size, frame);
            assert_eq!(inner(size, frame), filled, "{size:?}");
            assert_eq!(even.iter().filter(|&&pixel| pixel == 201).count(), filled.0 * filled.1, "{size:?}");
            assert_eq!(even.iter().filter(|&&pixel| pixel == 0).count(), frame.0 * frame.1 - filled.0 * filled.1);
            let image: Vec<u8> = (0..size.0 * size.1).map(|at| ((at * 2_654_435_761) >> 9) as u8).collect();
            let mean = |pixels: &[u8], count: usize| pixels.iter().map(|&p| f64::from(p)).sum::<f64>() / count as f64;
            let found = mean(&fitted(&image, size, frame), filled.0 * filled.1);
            assert!((found - mean(&image, image.len())).abs() < 0.5, "{size:?}: {found}");
        }
    }

    #[test]
    fn a_pixel_is_the_mean_of_what_it_covers() {
        // Three columns to two: each covers one and a half.
        assert_eq!(scaled(&[0, 90, 240], (1, 3), (1, 2)), [30, 190]);
        assert_eq!(fitted(&[1, 2, 3, 4, 5, 6, 7, 8], (2, 2), (2, 2)), [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(fitted(&[4, 4, 4, 4, 8, 8, 8, 8], (2, 2), (1, 1)), [4, 8], "two channels");
        assert_eq!(transposed(&[1, 2, 3, 4, 5, 6], (2, 3)), [1, 4, 2, 5, 3, 6]);
    }
}
