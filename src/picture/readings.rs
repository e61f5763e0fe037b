//! A decoded picture: its grey levels, in each of the ways in which they may be meant.

use std::borrow::Borrow;

use image::GrayImage;

use super::decode::decode;
use super::digit::{Picture, WORKING_SIDE};
use super::ink;
use super::line::Line;
use super::problem::Problem;
use super::scaling::coarse;
use super::written::Written;

/// A decoded picture, upright, as grey levels from 0, black, to 255, white: its readings, all of one size, the usual one first. There is
/// a second one, and a third, where the picture is transparent or has 16 bits; a reading counts where those before it show no ink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readings(Vec<GrayImage>);

/// A picture of lines, as each of the two methods to read it takes it.
#[derive(Debug)]
pub struct LinePicture {
    /// For over-segmentation (section V of the paper).
    pub written: Result<Written, Problem>,
    /// For the replicated network (section VII).
    pub line: Result<Line, Problem>,
}

impl Readings {
    /// Those of the picture file whose content is `bytes`.
    ///
    /// # Errors
    /// [`Problem`] if the bytes are not a picture that [`read`](super::read) accepts.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Problem> {
        decode(bytes, |picture| Ok(Self(picture.readings().collect())))
    }

    /// Those of a picture of `width` x `height` pixels whose levels stand one reading behind the other, each row by row from the top left;
    /// `None` if that is not so, or there is no pixel.
    pub fn from_levels(levels: &[u8], (width, height): (u32, u32)) -> Option<Self> {
        let pixels = (width as usize).checked_mul(height as usize).filter(|&pixels| pixels > 0)?;
        if levels.is_empty() || !levels.len().is_multiple_of(pixels) {
            return None;
        }
        levels
            .chunks(pixels)
            .map(|reading| GrayImage::from_raw(width, height, reading.to_vec()))
            .collect::<Option<_>>()
            .map(Self)
    }

    /// The levels, as [`from_levels`](Self::from_levels) takes them.
    pub fn to_levels(&self) -> Vec<u8> {
        self.0.iter().flat_map(|reading| reading.as_raw()).copied().collect()
    }

    /// Width and height, in pixels.
    pub fn size(&self) -> (u32, u32) {
        self.0[0].dimensions()
    }

    /// The digit in the picture.
    ///
    /// # Errors
    /// [`Problem`] if there is no ink, or too uneven a background.
    pub fn digit(&self) -> Result<Picture, Problem> {
        first(self.0.iter(), Picture::from_gray)
    }

    /// The lines in the picture.
    pub fn lines(&self) -> LinePicture {
        LinePicture { written: first(self.0.iter(), Written::from_gray), line: first(self.0.iter(), Line::from_gray) }
    }

    /// The reading in which ink is found, to be looked at: scaled down to at most 512 pixels a side.
    pub fn shown(self) -> GrayImage {
        shown(self.0.into_iter())
    }
}

impl From<GrayImage> for Readings {
    fn from(levels: GrayImage) -> Self {
        Self(vec![levels])
    }
}

/// As [`Readings::shown`], of these readings.
pub(super) fn shown(readings: impl Iterator<Item = GrayImage>) -> GrayImage {
    let small = |levels: GrayImage| {
        let large = levels.width().max(levels.height()) > WORKING_SIDE;
        if large { coarse(&levels, WORKING_SIDE) } else { levels }
    };
    let mut readings: Vec<GrayImage> = readings.map(small).collect();
    let several = readings.len() > 1;
    let found = readings.iter().position(|levels| several && ink::find(levels).is_ok());
    readings.swap_remove(found.unwrap_or(0))
}

/// The result of `find` on the first of these readings of a picture in which it finds something.
pub(super) fn first<T>(
    readings: impl Iterator<Item = impl Borrow<GrayImage>>,
    find: impl Fn(&GrayImage) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let mut problem = Problem::Empty;
    for (number, levels) in readings.enumerate() {
        match find(levels.borrow()) {
            Ok(found) => return Ok(found),
            Err(first) if number == 0 => problem = first,
            Err(_) => {}
        }
    }
    Err(problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Levels come back from bytes, and what are no whole readings is refused.
    #[test]
    fn levels_are_whole_readings() {
        let levels: Vec<u8> = (0..24).collect();
        let readings = Readings::from_levels(&levels, (4, 3)).unwrap();
        assert_eq!((readings.size(), readings.0.len()), ((4, 3), 2));
        assert_eq!(readings.0[1].get_pixel(1, 2).0, [21]);
        assert_eq!(readings.to_levels(), levels);
        for (count, size) in [(0, (4, 3)), (23, (4, 3)), (24, (0, 3)), (24, (5, 5)), (24, (u32::MAX, u32::MAX))] {
            assert_eq!(Readings::from_levels(&levels[..count], size), None, "{count} levels, {size:?}");
        }
    }
}
