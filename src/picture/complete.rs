//! Detection of truncated WebP and TIFF files, of which a decoder may make half a picture. PNG, GIF, BMP and PNM are refused by their
//! decoders; for JPEG see [`jpeg`](super::jpeg).

use std::io::Cursor;

use image::error::{DecodingError, ImageFormatHint};
use image::{ImageError, ImageFormat, ImageResult};
use tiff::decoder::Decoder;
use tiff::tags::Tag;

/// Bytes of the name and the size of a RIFF chunk.
const CHUNK_HEADER: usize = 8;

/// Checks that a file of this format has all the data that it says it has, as far as that is said.
///
/// # Errors
/// If the file ends before them.
pub(super) fn check(bytes: &[u8], format: ImageFormat) -> ImageResult<()> {
    let complete = match format {
        ImageFormat::WebP => has_all_chunks(bytes),
        ImageFormat::Tiff => has_all_strips(bytes),
        _ => true,
    };
    let early = || DecodingError::new(ImageFormatHint::Exact(format), "the file ends before the picture does");
    if complete { Ok(()) } else { Err(ImageError::Decoding(early())) }
}

/// True if the RIFF container is whole, and each chunk is within it.
fn has_all_chunks(bytes: &[u8]) -> bool {
    let size = |at: usize| {
        let bytes = bytes.get(at + 4..at + CHUNK_HEADER)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?) as usize)
    };
    let Some(end) = size(0).map(|size| size + CHUNK_HEADER) else { return false };
    // The name of the container's kind.
    let mut at = CHUNK_HEADER + 4;
    while at < end {
        let Some(size) = size(at) else { return false };
        at += CHUNK_HEADER + size;
        // Of the last chunk, the byte that makes its size even may be missing.
        if at > bytes.len() {
            return false;
        }
        at = at.next_multiple_of(2);
    }
    true
}

/// True if the strips or tiles of the first picture are within the file; also if it does not say where they are, which the decoder
/// refuses.
fn has_all_strips(bytes: &[u8]) -> bool {
    let Ok(mut decoder) = Decoder::new(Cursor::new(bytes)) else { return true };
    let mut numbers = |tag| decoder.find_tag_unsigned_vec::<u64>(tag).ok().flatten().unwrap_or_default();
    let mut within = |offsets, counts| {
        let ends =
            numbers(offsets).into_iter().zip(numbers(counts)).map(|(offset, count)| offset.saturating_add(count));
        ends.max().is_none_or(|end| end <= bytes.len() as u64)
    };
    within(Tag::StripOffsets, Tag::StripByteCounts) && within(Tag::TileOffsets, Tag::TileByteCounts)
}
