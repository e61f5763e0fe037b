//! Detection of truncated JPEG files, whose missing data the decoder fills in silently.

use flate2::Crc;
use image::error::{DecodingError, ImageFormatHint};
use image::{DynamicImage, ImageError, ImageFormat, ImageResult};

const PREFIX: u8 = 0xff;
/// Markers without a length behind them: a stuffed 0, TEM, the restarts and the start of an image.
const ALONE: [std::ops::RangeInclusive<u8>; 2] = [0x00..=0x01, 0xd0..=0xd8];
const END_OF_IMAGE: u8 = 0xd9;
const START_OF_SCAN: u8 = 0xda;
/// Bytes that a trial puts behind the data of the last scan.
const FILLER: std::ops::Range<u8> = 0x55..0xd5;

/// The [`fingerprint`] of the picture in `bytes` where other data stand behind those of its last scan. It is that of the picture itself
/// unless data are missing: to a scan that has all of its data, what stands behind them does not matter.
///
/// # Errors
/// If the file ends before the picture does, or the decoder's own errors.
pub(super) fn fingerprint_with_filler(bytes: &[u8]) -> ImageResult<u32> {
    let end = end_of_data(bytes).ok_or_else(|| incomplete("the file ends before the picture does"))?;
    let filled = [&bytes[..end], &FILLER.collect::<Vec<u8>>(), &bytes[end..]].concat();
    image::load_from_memory_with_format(&filled, ImageFormat::Jpeg).map(|image| fingerprint(&image))
}

/// Tells pictures apart, so that of two large ones only one is held at a time. A check sum: it is computed faster than the picture is
/// decoded, which a hash of more bits is not.
pub(super) fn fingerprint(image: &DynamicImage) -> u32 {
    let mut sum = Crc::new();
    sum.update(image.as_bytes());
    sum.sum()
}

pub(super) fn incomplete(what: &str) -> ImageError {
    ImageError::Decoding(DecodingError::new(ImageFormatHint::Exact(ImageFormat::Jpeg), what))
}

/// The offset at which the data of the last scan end; `None` without an end-of-image marker behind them. Bytes after
/// that marker, such as a second picture, and pictures within other segments are ignored.
fn end_of_data(bytes: &[u8]) -> Option<usize> {
    let (mut at, mut in_scan, mut end) = (0, false, None);
    loop {
        at += bytes.get(at..)?.iter().position(|&byte| byte == PREFIX)?;
        let start = at;
        at += bytes[at..].iter().position(|&byte| byte != PREFIX)?;
        let marker = bytes[at];
        at += 1;
        if ALONE.iter().any(|markers| markers.contains(&marker)) {
            continue;
        }
        if in_scan {
            end = Some(start);
        }
        if marker == END_OF_IMAGE {
            return end;
        }
        in_scan = marker == START_OF_SCAN;
        at += usize::from(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
    }
}
