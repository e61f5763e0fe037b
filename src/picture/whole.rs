//! A picture as a whole, as a network for a user's own classes reads it: no ink is looked for.

use std::path::Path;

use image::{DynamicImage, GrayImage, imageops};

use super::colour;
use super::decode::{Upright, decode, open};
use super::problem::{PictureError, Problem};
use crate::data::own::{fitted, transposed};

/// How a whole picture is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// 1 for grey levels, 3 for colours.
    pub channels: usize,
    /// Height and width of the result, in pixels.
    pub frame: (usize, usize),
    /// True for pictures whose rows are columns.
    pub transpose: bool,
}

/// A whole picture, brought to size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// The levels, channel by channel and row by row.
    pub pixels: Vec<u8>,
    /// Width and height of the original, in pixels.
    pub size: (u32, u32),
    /// True if its levels were inverted.
    pub inverted: bool,
}

/// The picture file `path` as a whole: scaled by area so that the longer side fills the frame, its aspect kept, centred on 0
/// ([`fitted`]). Transparent parts are white paper. In grey, a picture with a light border is inverted, since 0 is background in all
/// images here: more than half of the pixels on its border are above 127. In colour, none is.
///
/// It accepts the files that [`read`](super::read) accepts, and turns them as their Exif data say.
///
/// # Errors
/// [`PictureError`], which names the file, if it is not such a picture; see [`Problem`].
pub fn read_whole(path: &Path, form: Form) -> Result<Whole, PictureError> {
    open(path, |picture| whole(picture, form))
}

/// As [`read_whole`], of the file whose content is `bytes`.
///
/// # Errors
/// [`Problem`] if the bytes are not such a picture.
pub fn whole_from_bytes(bytes: &[u8], form: Form) -> Result<Whole, Problem> {
    decode(bytes, |picture| whole(picture, form))
}

fn whole(picture: Upright, form: Form) -> Result<Whole, Problem> {
    if form.channels == 1 {
        let levels = picture.readings().next().ok_or(Problem::Empty)?;
        return grey(levels, form);
    }
    let image = picture.image();
    let opaque = if image.color().has_alpha() { colour::over_white(image.into_rgba8()) } else { image };
    let (width, height) = (opaque.width(), opaque.height());
    let colours = opaque.into_rgb8();
    let plane = |channel: usize| -> Vec<u8> { colours.pixels().map(|pixel| pixel.0[channel.min(2)]).collect() };
    let planes = (0..form.channels).map(plane);
    brought(planes.collect(), (width, height), form, false)
}

fn grey(mut levels: GrayImage, form: Form) -> Result<Whole, Problem> {
    let inverted = has_light_border(&levels);
    if inverted {
        imageops::invert(&mut levels);
    }
    let size = levels.dimensions();
    brought(vec![levels.into_raw()], size, form, inverted)
}

fn brought(planes: Vec<Vec<u8>>, size: (u32, u32), form: Form, inverted: bool) -> Result<Whole, Problem> {
    let (height, width) = (size.1 as usize, size.0 as usize);
    if height * width == 0 {
        return Err(Problem::Empty);
    }
    let upright = if form.transpose { (width, height) } else { (height, width) };
    let turned = |plane: Vec<u8>| if form.transpose { transposed(&plane, (height, width)) } else { plane };
    let pixels = planes.into_iter().flat_map(|plane| fitted(&turned(plane), upright, form.frame)).collect();
    Ok(Whole { pixels, size, inverted })
}

/// True if more than half of the pixels on the border are above 127.
fn has_light_border(levels: &GrayImage) -> bool {
    let (width, height) = levels.dimensions();
    let is_border = |x: u32, y: u32| x == 0 || y == 0 || x + 1 == width || y + 1 == height;
    let border = levels.enumerate_pixels().filter(|(x, y, _)| is_border(*x, *y));
    let (light, all) =
        border.fold((0_usize, 0_usize), |(light, all), (_, _, pixel)| (light + usize::from(pixel.0[0] > 127), all + 1));
    2 * light > all
}

/// A grey picture of a program's own, 0 being black, as [`read_whole`] reads one of a file.
///
/// # Errors
/// [`Problem::Empty`] if it has no pixels.
pub fn whole_of_gray(levels: GrayImage, form: Form) -> Result<Whole, Problem> {
    grey(DynamicImage::from(levels).into_luma8(), Form { channels: 1, ..form })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn paper_is_background_and_the_aspect_is_kept() {
        let form = Form { channels: 1, frame: (28, 28), transpose: false };
        let bar = |x: u32, _: u32| Luma([if (20..30).contains(&x) { 30 } else { 250 }]);
        let dark_on_light = whole_of_gray(GrayImage::from_fn(56, 28, bar), form).unwrap();
        assert!(dark_on_light.inverted && dark_on_light.size == (56, 28));
        let light_on_dark = |x, y| Luma([255 - bar(x, y).0[0]]);
        let same = whole_of_gray(GrayImage::from_fn(56, 28, light_on_dark), form).unwrap();
        assert!(!same.inverted);
        assert_eq!(same.pixels, dark_on_light.pixels);
        let rows: Vec<&[u8]> = same.pixels.chunks(28).collect();
        assert_eq!(rows[7][9..16], [5, 225, 225, 225, 225, 225, 5]);
        assert!(rows[..7].iter().chain(&rows[21..]).all(|row| row.iter().all(|&level| level == 0)));
        let turned = whole_of_gray(GrayImage::from_fn(56, 28, bar), Form { transpose: true, ..form }).unwrap();
        assert_eq!(turned.pixels, transposed(&same.pixels, (28, 28)));
    }
}
