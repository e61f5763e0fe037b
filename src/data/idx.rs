//! The IDX format, in which MNIST and its successors are published: a magic number, the dimensions, then the bytes.
//!
//! All numbers of the header are 32-bit and big endian. The format has no check sum, so every reader here compares the
//! length of the file with what its header promises, and allocates nothing on the header's word alone.

use super::{DataError, Images};
use crate::words;
use flate2::read::MultiGzDecoder;
use std::io::{self, Read};
use std::path::Path;

/// The magic number of a file of images: unsigned bytes in three dimensions.
pub const IMAGES: u32 = 0x0000_0803;
/// The magic number of a file of labels: unsigned bytes in one dimension.
pub const LABELS: u32 = 0x0000_0801;
/// The magic number of a table of 32-bit integers, such as QMNIST's labels: two dimensions.
pub const TABLE: u32 = 0x0000_0c02;
/// The most bytes a file may hold once decompressed, 256 MiB: more than any published set of this kind, and small enough
/// that a hostile archive cannot fill the memory.
pub const LARGEST: u64 = 256 << 20;

/// Grey images without labels, as an IDX file holds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grey {
    /// Rows of each image, in pixels, at least 1.
    pub height: usize,
    /// Columns of each image, in pixels, at least 1.
    pub width: usize,
    /// All images one after another, row by row, 0 to 255 each; a whole number of images, at least one.
    pub pixels: Vec<u8>,
}

/// The images in the `bytes` of a decompressed IDX file; `path` names it in errors.
///
/// # Errors
/// [`DataError::Format`] if the magic number is not [`IMAGES`], a dimension is 0, or the length is not exactly what the
/// dimensions say.
pub fn parse_images(mut bytes: Vec<u8>, path: &Path) -> Result<Grey, DataError> {
    let ([_, height, width], pixels) = parse::<3>(&bytes, IMAGES, path)?;
    let header = bytes.len() - pixels.len();
    bytes.drain(..header);
    Ok(Grey { height, width, pixels: bytes })
}

/// The labels in the `bytes` of a decompressed IDX file; `path` names it in errors.
///
/// # Errors
/// [`DataError::Format`] if the magic number is not [`LABELS`], there is no label, or the length is not exactly what the
/// header says.
pub fn parse_labels(bytes: &[u8], path: &Path) -> Result<Vec<u8>, DataError> {
    let ([_], labels) = parse::<1>(bytes, LABELS, path)?;
    Ok(labels.to_vec())
}

/// The rows of `N` numbers in the `bytes` of a decompressed IDX file of 32-bit integers; `path` names it in errors.
///
/// # Errors
/// [`DataError::Format`] if the magic number is not [`TABLE`], a row has not `N` numbers, there is no row, or the length is not
/// exactly what the dimensions say.
pub fn parse_rows<const N: usize>(bytes: &[u8], path: &Path) -> Result<Vec<[i32; N]>, DataError> {
    let ([_, columns], body) = parse::<2>(bytes, TABLE, path)?;
    if columns != N {
        return Err(format_error(path, format!("rows of {}", words::count(N, "number")), format!("rows of {columns}")));
    }
    let (numbers, _) = body.as_chunks::<4>();
    let numbers: Vec<i32> = numbers.iter().map(|four| i32::from_be_bytes(*four)).collect();
    Ok(numbers.as_chunks().0.to_vec())
}

/// Joins images with their labels; `path` names the file of labels in errors.
///
/// # Errors
/// [`DataError::Format`] if there is not exactly one label for each image.
pub fn join(images: Grey, labels: Vec<u8>, path: &Path) -> Result<Images, DataError> {
    let Grey { height, width, pixels } = images;
    let area = height.checked_mul(width).filter(|&area| area > 0 && pixels.len() % area == 0);
    let Some(count) = area.map(|area| pixels.len() / area) else {
        let found = format!("{} pixels", pixels.len());
        return Err(format_error(path, format!("whole images of {height} x {width} pixels"), found));
    };
    if labels.len() != count {
        return Err(format_error(
            path,
            format!("{}, one for each image", words::count(count, "label")),
            labels.len().to_string(),
        ));
    }
    Ok(Images::new(height, width, pixels, labels))
}

/// All bytes of `stream`, decompressed if it begins with the magic number of gzip (1f 8b), under any name.
///
/// # Errors
/// If the stream cannot be read, the archive is damaged, truncated or followed by other bytes, or there are more than
/// `limit` bytes after decompression.
pub fn unpack(stream: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    unpack_into(stream, limit, &mut bytes)?;
    Ok(bytes)
}

/// As [`unpack`], but after an error `bytes` holds what came before it.
pub(super) fn unpack_into(mut stream: impl Read, limit: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
    let mut magic = Vec::new();
    stream.by_ref().take(2).read_to_end(&mut magic)?;
    let packed = magic == [0x1f, 0x8b];
    let whole = io::Cursor::new(magic).chain(stream);
    // One byte more than allowed is enough to know that there is too much, however large the rest would be.
    let allowed = limit.saturating_add(1);
    if packed {
        MultiGzDecoder::new(whole).take(allowed).read_to_end(bytes)?;
    } else {
        whole.take(allowed).read_to_end(bytes)?;
    }
    if bytes.len() as u64 > limit {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("it holds more than {limit} bytes, the most allowed"),
        ));
    }
    Ok(())
}

/// A description of the `bytes` of a decompressed file if they are a whole IDX file, such as `IDX of 60000 x 28 x 28`.
///
/// It knows all types of the format in any number of dimensions; [`parse_images`] and [`parse_labels`] read two kinds.
pub fn describe_file(bytes: &[u8]) -> Option<String> {
    let (&[0, 0, kind, dimensions], rest) = bytes.split_first_chunk::<4>()? else { return None };
    let size = match kind {
        0x08 | 0x09 => 1_u64,
        0x0b => 2,
        0x0c | 0x0d => 4,
        0x0e => 8,
        _ => return None,
    };
    let (sizes, body) = rest.split_at_checked(4 * usize::from(dimensions))?;
    let sizes: Vec<u64> = sizes.as_chunks::<4>().0.iter().map(|four| u64::from(u32::from_be_bytes(*four))).collect();
    let length = sizes.iter().try_fold(size, |product, &size| product.checked_mul(size))?;
    let sizes: Vec<String> = sizes.iter().map(u64::to_string).collect();
    (!sizes.is_empty() && length == body.len() as u64).then(|| format!("IDX of {}", sizes.join(" x ")))
}

/// The dimensions and the bytes after the header.
fn parse<'a, const N: usize>(bytes: &'a [u8], magic: u32, path: &Path) -> Result<([usize; N], &'a [u8]), DataError> {
    let header = 4 * (N + 1);
    let Some((head, body)) = bytes.split_at_checked(header) else {
        return Err(format_error(path, format!("a header of {header} bytes"), format!("{} bytes in all", bytes.len())));
    };
    let mut numbers = head.chunks_exact(4).map(|four| four.iter().fold(0, |sum, &byte| sum << 8 | u32::from(byte)));
    let found = numbers.next().unwrap_or(0);
    if found != magic {
        return Err(format_error(path, describe(magic), describe(found)));
    }
    let mut sizes = [0; N];
    for (size, number) in sizes.iter_mut().zip(numbers) {
        *size = number as usize;
    }
    if sizes.contains(&0) {
        return Err(format_error(path, "dimensions of at least 1".into(), format!("{sizes:?}")));
    }
    let bytes_each = if magic == TABLE { 4 } else { 1_usize };
    // The product can exceed the range of a usize; the real length then certainly differs.
    match sizes.iter().try_fold(bytes_each, |product, &size| product.checked_mul(size)) {
        Some(length) if length == body.len() => Ok((sizes, body)),
        Some(length) => {
            let expected = format!("{length} bytes after the header, for dimensions {sizes:?}");
            Err(format_error(path, expected, format!("{} bytes", body.len())))
        }
        None => Err(format_error(path, "dimensions that fit into memory".into(), format!("{sizes:?}"))),
    }
}

fn describe(magic: u32) -> String {
    let kind = match magic {
        IMAGES => " (IDX images of bytes)",
        LABELS => " (IDX labels of bytes)",
        TABLE => " (IDX table of 32-bit integers)",
        _ => "",
    };
    format!("the magic number 0x{magic:08x}{kind}")
}

fn format_error(path: &Path, expected: String, found: String) -> DataError {
    DataError::Format { path: path.into(), expected, found }
}
