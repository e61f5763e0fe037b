//! Centring a digit in its frame.

/// Places a picture in a square of `frame` x `frame` pixels as MNIST's were: by whole pixels, so that the centre of mass of
/// its ink falls on pixel `frame / 2`, within half a pixel. `ink` is `height` x `width` pixels, row by row, 0 being
/// background. The picture stays within the frame even if the centre is then missed; one without ink goes to the middle.
///
/// With pixels numbered from 0 and a pixel's number standing for its centre, the centres of mass of MNIST's images of 28x28
/// pixels spread evenly over 13.5 to 14.5, both ways: they were moved to 14, half a pixel below and right of the middle.
///
/// Returns `None` if the picture is larger than the frame, the frame larger than 4,096, or `ink` has not
/// `height * width` pixels.
pub fn centre_by_mass(ink: &[u8], height: usize, width: usize, frame: usize) -> Option<Vec<u8>> {
    if frame > 4096 || height > frame || width > frame || height * width != ink.len() {
        return None;
    }
    let mut framed = vec![0; frame * frame];
    if ink.is_empty() {
        return Some(framed);
    }
    let (mut mass, mut down, mut right) = (0, 0, 0);
    for (index, &pixel) in ink.iter().enumerate() {
        mass += i64::from(pixel);
        down += i64::from(pixel) * (index / width) as i64;
        right += i64::from(pixel) * (index % width) as i64;
    }
    let top = shift(mass, down, height, frame);
    let left = shift(mass, right, width, frame);
    for (row, pixels) in ink.chunks_exact(width).enumerate() {
        framed[(top + row) * frame + left..][..width].copy_from_slice(pixels);
    }
    Some(framed)
}

/// The number of pixels by which to move a picture of `size` pixels with this `mass` and first `moment` along one axis.
fn shift(mass: i64, moment: i64, size: usize, frame: usize) -> usize {
    let room = frame - size;
    if mass == 0 {
        return room / 2;
    }
    // The smallest whole number that brings moment / mass to frame / 2 - 1/2 or more, in whole numbers to be exact.
    let wanted = (2 * (frame as i64 / 2) - 1) * mass - 2 * moment;
    let shift = -(-wanted).div_euclid(2 * mass);
    shift.clamp(0, room as i64) as usize
}
