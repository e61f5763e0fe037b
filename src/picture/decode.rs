//! From a file to pixels, within limits.

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use image::metadata::Orientation;
use image::{
    ColorType, DynamicImage, GrayImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Luma, LumaA,
};

use super::jpeg;
use super::problem::{MAX_BYTES, MAX_SIDE, PictureError, Problem};
use crate::files;

/// Files of more than this many bytes, and pictures that take more, are read one after the other: however many threads read pictures, their
/// memory stays that of one large picture and many small ones.
const LARGE: u64 = 64 << 20;

/// The least range of 16-bit levels that is stretched: as many as 8 bits tell apart.
const LEAST_RANGE: u32 = 255;

/// Held while a large file is read and a large picture decoded.
static ONE_LARGE: Mutex<()> = Mutex::new(());

/// Opens the picture file `path` and hands the picture, upright, to `with`.
pub(super) fn open<T>(path: &Path, with: impl FnOnce(DynamicImage) -> Result<T, Problem>) -> Result<T, PictureError> {
    let made = || {
        let turn = turn(fs::metadata(path)?.len());
        decode_in_turn(&files::read(path, MAX_BYTES)?, turn, with)
    };
    made().map_err(|problem| PictureError { path: path.to_path_buf(), problem })
}

/// Decodes the content of a picture file and hands the picture, upright, to `with`.
pub(super) fn decode<T>(bytes: &[u8], with: impl FnOnce(DynamicImage) -> Result<T, Problem>) -> Result<T, Problem> {
    decode_in_turn(bytes, None, with)
}

/// Waits until no other picture of more than [`LARGE`] bytes is at work, if this one is.
fn turn(bytes: u64) -> Option<MutexGuard<'static, ()>> {
    (bytes > LARGE).then(|| ONE_LARGE.lock().unwrap_or_else(PoisonError::into_inner))
}

/// As [`decode`], with the lock of [`turn`] if the caller holds it already.
fn decode_in_turn<T>(
    bytes: &[u8],
    held: Option<MutexGuard<'static, ()>>,
    with: impl FnOnce(DynamicImage) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let format = format(bytes)?;
    let broken = |reason| match reason {
        ImageError::Limits(reason) => Problem::TooLarge { found: reason.to_string() },
        reason => Problem::Broken { format, reason },
    };
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    // Checked here and not by the decoders, whose message would not say the size.
    let (width, height) = decoder.dimensions();
    if width.max(height) > MAX_SIDE || decoder.total_bytes() > MAX_BYTES {
        return Err(Problem::TooLarge { found: format!("{width} x {height} pixels") });
    }
    let _held = held.or_else(|| turn(decoder.total_bytes()));
    // Damaged Exif data are no reason to refuse a picture.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let complete =
        (format == ImageFormat::Jpeg).then(|| jpeg::fingerprint_with_filler(bytes)).transpose().map_err(broken)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(broken)?;
    if complete.is_some_and(|complete| complete != jpeg::fingerprint(&image)) {
        return Err(broken(jpeg::incomplete("the data of the picture end early")));
    }
    image.apply_orientation(orientation);
    with(image)
}

fn format(bytes: &[u8]) -> Result<ImageFormat, Problem> {
    if bytes.is_empty() {
        return Err(Problem::Empty);
    }
    match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Bmp | ImageFormat::Pnm)) => Ok(format),
        Ok(other) => Err(Problem::UnknownFormat { found: format!("the signature of {other:?}") }),
        Err(_) => Err(Problem::UnknownFormat { found: format!("\"{}\"", bytes[..bytes.len().min(12)].escape_ascii()) }),
    }
}

/// The readings of `image` as grey levels, the usual one first: on white paper where it is transparent. Strokes as white as the paper
/// are light on dark where its opacity is its level; and 16 bits may be levels of a small part of their range, which is then stretched.
pub(super) fn readings(image: DynamicImage) -> impl Iterator<Item = GrayImage> {
    let (clear, deep) = (image.color().has_alpha(), has_16_bits(&image));
    let others = (clear || deep).then(|| image.clone());
    let others = others.into_iter().flat_map(move |image| {
        let opacity = clear.then(|| opacity(&image));
        opacity.into_iter().chain(deep.then(|| stretched(&image)).flatten())
    });
    std::iter::once(image).map(over_white).chain(others)
}

/// The grey levels of `image`, on white paper where it is transparent.
fn over_white(image: DynamicImage) -> GrayImage {
    if !image.color().has_alpha() {
        return image.into_luma8();
    }
    let pairs = image.into_luma_alpha8();
    GrayImage::from_fn(pairs.width(), pairs.height(), |x, y| {
        let [level, alpha] = pairs.get_pixel(x, y).0.map(u32::from);
        Luma([((level * alpha + 255 * (255 - alpha) + 127) / 255) as u8])
    })
}

/// 255 where `image` is opaque, 0 where it is transparent.
fn opacity(image: &DynamicImage) -> GrayImage {
    let pairs = image.to_luma_alpha8();
    GrayImage::from_fn(pairs.width(), pairs.height(), |x, y| Luma([pairs.get_pixel(x, y).0[1]]))
}

fn has_16_bits(image: &DynamicImage) -> bool {
    matches!(image.color(), ColorType::L16 | ColorType::La16 | ColorType::Rgb16 | ColorType::Rgba16)
}

/// The levels of an image of 16 bits on white paper, the lowest as 0 and the highest as 255; `None` if they are too near each other.
fn stretched(image: &DynamicImage) -> Option<GrayImage> {
    let pairs = image.to_luma_alpha16();
    let on_white = |pixel: &LumaA<u16>| {
        let [level, alpha] = pixel.0.map(u64::from);
        ((level * alpha + 65_535 * (65_535 - alpha) + 32_767) / 65_535) as u32
    };
    let (low, high) = (pairs.pixels().map(on_white).min()?, pairs.pixels().map(on_white).max()?);
    let range = high - low;
    let level = |pixel| ((on_white(pixel) - low) * 255 + range / 2) / range;
    let levels = || pairs.pixels().map(|pixel| level(pixel) as u8).collect();
    (range >= LEAST_RANGE).then(|| GrayImage::from_raw(pairs.width(), pairs.height(), levels())).flatten()
}
