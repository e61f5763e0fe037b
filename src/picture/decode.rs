//! From a file to pixels, within limits.

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use image::metadata::Orientation;
use image::{
    ColorType, DynamicImage, GrayImage, ImageDecoder, ImageError, ImageFormat, ImageReader, ImageResult, Limits, Luma,
    LumaA,
};

use super::problem::{MAX_BYTES, MAX_SIDE, PictureError, Problem};
use super::{complete, format, jpeg};
use crate::files;

/// Files of more than this many bytes, and pictures that take more, are read one after the other: however many threads read pictures, their
/// memory stays that of one large picture and many small ones.
const LARGE: u64 = 64 << 20;

/// A JPEG of from this many bytes of pixels, to [`LARGE`], is decoded and checked on two threads.
const ON_TWO_THREADS: u64 = 1 << 20;

/// The least range of 16-bit levels that is stretched: as many as 8 bits tell apart.
const LEAST_RANGE: u32 = 255;

/// Held while a large file is read and a large picture decoded.
static ONE_LARGE: Mutex<()> = Mutex::new(());

/// Opens the picture file `path` and hands the picture to `with`.
pub(super) fn open<T>(path: &Path, with: impl FnOnce(Upright) -> Result<T, Problem>) -> Result<T, PictureError> {
    let made = || {
        let turn = turn(fs::metadata(path)?.len());
        decode_in_turn(&files::read(path, MAX_BYTES)?, turn, with)
    };
    made().map_err(|problem| PictureError { path: path.to_path_buf(), problem })
}

/// Decodes the content of a picture file and hands the picture to `with`.
pub(super) fn decode<T>(bytes: &[u8], with: impl FnOnce(Upright) -> Result<T, Problem>) -> Result<T, Problem> {
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
    with: impl FnOnce(Upright) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let format = format::of(bytes)?;
    let broken = |reason| match reason {
        ImageError::Limits(_) => Problem::TooLarge { found: "more".into() },
        reason @ ImageError::Unsupported(_) => Problem::Unsupported { format, reason },
        reason => Problem::Broken { format, reason },
    };
    complete::check(bytes, format).map_err(broken)?;
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
    let image =
        if format == ImageFormat::Jpeg { complete_jpeg(bytes, decoder) } else { DynamicImage::from_decoder(decoder) };
    with(Upright { image: image.map_err(broken)?, orientation })
}

/// False in WebAssembly, where the checks are made one after the other.
const HAS_THREADS: bool = cfg!(not(target_family = "wasm"));

/// The picture in a JPEG file, of which `decoder` has read the header.
fn complete_jpeg(bytes: &[u8], decoder: impl ImageDecoder) -> ImageResult<DynamicImage> {
    let on_two_threads = HAS_THREADS && (ON_TWO_THREADS..=LARGE).contains(&decoder.total_bytes());
    let check = || jpeg::fingerprint_with_filler(bytes);
    let (complete, image) = if on_two_threads {
        // Not on rayon's threads, which would begin with other pictures while they wait.
        std::thread::scope(|scope| {
            let checked = scope.spawn(check);
            let image = DynamicImage::from_decoder(decoder);
            (checked.join().expect("the decoder does not panic"), image)
        })
    } else {
        (check(), DynamicImage::from_decoder(decoder))
    };
    let (complete, image) = (complete?, image?);
    if complete == jpeg::fingerprint(&image) {
        Ok(image)
    } else {
        Err(jpeg::incomplete("the data of the picture end early"))
    }
}

/// A decoded picture, and how it must be turned to be upright.
pub(super) struct Upright {
    image: DynamicImage,
    orientation: Orientation,
}

impl Upright {
    /// The picture itself, turned.
    pub(super) fn image(mut self) -> DynamicImage {
        self.image.apply_orientation(self.orientation);
        self.image
    }

    /// The readings of the picture as grey levels, turned: grey levels are turned faster than colours.
    pub(super) fn readings(self) -> impl Iterator<Item = GrayImage> {
        let orientation = self.orientation;
        readings(self.image).map(move |levels| {
            let mut levels = DynamicImage::from(levels);
            levels.apply_orientation(orientation);
            levels.into_luma8()
        })
    }
}

/// The readings of `image` as grey levels, the usual one first: on white paper where it is transparent. Strokes as white as the paper
/// are light on dark where its opacity is its level; and 16 bits may be levels of a small part of their range, which is then stretched.
fn readings(image: DynamicImage) -> impl Iterator<Item = GrayImage> {
    let (clear, deep) = (is_clear(&image), has_16_bits(&image));
    let others = (clear || deep).then(|| image.clone());
    let others = others.into_iter().flat_map(move |image| {
        let opacity = clear.then(|| opacity(&image));
        opacity.into_iter().chain(deep.then(|| stretched(&image)).flatten())
    });
    std::iter::once(if clear { over_white(image) } else { image.into_luma8() }).chain(others)
}

/// True if a part of `image` is transparent. An image may have opacities, as every decoded GIF has, that say nothing.
fn is_clear(image: &DynamicImage) -> bool {
    match image {
        DynamicImage::ImageLumaA8(image) => image.pixels().any(|pixel| pixel.0[1] < u8::MAX),
        DynamicImage::ImageRgba8(image) => image.pixels().any(|pixel| pixel.0[3] < u8::MAX),
        DynamicImage::ImageLumaA16(image) => image.pixels().any(|pixel| pixel.0[1] < u16::MAX),
        DynamicImage::ImageRgba16(image) => image.pixels().any(|pixel| pixel.0[3] < u16::MAX),
        image => image.color().has_alpha(),
    }
}

/// The grey levels of `image`, on white paper where it is transparent.
fn over_white(image: DynamicImage) -> GrayImage {
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
