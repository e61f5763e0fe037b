//! A picture in colour, as the images of CIFAR-10 are.

use std::path::Path;

use image::imageops::FilterType;
use image::{DynamicImage, Rgba, RgbaImage};

use super::decode::{decode, open};
use super::problem::{PictureError, Problem};

/// The middle of the picture file `path`, the largest square of it, scaled to `side` x `side` pixels: all of red row by row, then
/// green, then blue. `side` is at least 1. A grey picture has three equal channels.
///
/// It accepts the files that [`read`](super::read) accepts, and treats orientation and transparency alike.
///
/// # Errors
/// [`PictureError`], which names the file, if it is not such a picture; see [`Problem`].
pub fn read_colour(path: &Path, side: usize) -> Result<Vec<u8>, PictureError> {
    open(path, |picture| planes(picture.image(), side))
}

/// As [`read_colour`], of the file whose content is `bytes`.
///
/// # Errors
/// [`Problem`] if the bytes are not such a picture.
pub fn colour_from_bytes(bytes: &[u8], side: usize) -> Result<Vec<u8>, Problem> {
    decode(bytes, |picture| planes(picture.image(), side))
}

fn planes(image: DynamicImage, side: usize) -> Result<Vec<u8>, Problem> {
    let (width, height) = (image.width(), image.height());
    let (square, side) = (width.min(height), side as u32);
    if square == 0 {
        return Err(Problem::Empty);
    }
    let cut = image.crop_imm((width - square) / 2, (height - square) / 2, square, square);
    let opaque = if cut.color().has_alpha() { over_white(cut.into_rgba8()) } else { cut };
    let scaled = opaque.resize_exact(side, side, FilterType::CatmullRom).into_rgb8();
    Ok((0..3).flat_map(|channel| scaled.pixels().map(move |pixel| pixel.0[channel])).collect())
}

/// The picture on white paper. Scaled before, transparent pixels would lend their hidden colours to their neighbours.
pub(super) fn over_white(mut image: RgbaImage) -> DynamicImage {
    for Rgba([colour @ .., alpha]) in image.pixels_mut() {
        for level in colour {
            let (old, opacity) = (u32::from(*level), u32::from(*alpha));
            *level = ((old * opacity + 255 * (255 - opacity) + 127) / 255) as u8;
        }
        *alpha = 255;
    }
    image.into()
}
