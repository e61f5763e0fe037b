//! IDX files of a user, read within their own size.

use std::io::{self, BufReader, ErrorKind, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::fit::{fitted, transposed};
use super::preparation::Preparation;
use crate::data::{DataError, Images};
use crate::files;
use crate::words::count;

/// The most rows or columns of an image; as for a picture.
const MOST_SIDE: usize = 16_384;
/// The longer side of an image has at least this many pixels: what is smaller is scaled up to many times its bytes.
const LEAST_SIDE: usize = 4;
/// The integers of a row of QMNIST's labels, of which the first is the class.
const QMNIST_COLUMNS: usize = 8;

/// Bytes, and 32-bit integers: the third byte of the magic number.
const BYTE: u8 = 0x08;
const INTEGER: u8 = 0x0c;

/// A file that is read from its beginning to its end, decompressed.
struct Stream<'a> {
    path: &'a Path,
    reader: Box<dyn Read>,
    /// The bytes of the file, unless it is packed.
    length: Option<u64>,
}

/// A header: the type of the numbers, and the dimensions.
struct Header {
    kind: u8,
    sizes: Vec<usize>,
}

impl<'a> Stream<'a> {
    fn open(path: &'a Path) -> Result<Self, DataError> {
        let unreadable = |reason| DataError::Read { path: path.into(), reason };
        let mut file = files::open(path).map_err(unreadable)?;
        let length = file.metadata().map_err(unreadable)?.len();
        let mut magic = Vec::new();
        file.by_ref().take(2).read_to_end(&mut magic).map_err(unreadable)?;
        let packed = magic == [0x1f, 0x8b];
        let whole = BufReader::with_capacity(1 << 16, io::Cursor::new(magic).chain(file));
        let reader: Box<dyn Read> =
            if packed { Box::new(BufReader::new(MultiGzDecoder::new(whole))) } else { Box::new(whole) };
        Ok(Self { path, reader, length: (!packed).then_some(length) })
    }

    /// Up to `count` bytes into `bytes`; fewer at the end.
    fn fill(&mut self, bytes: &mut Vec<u8>, count: usize) -> Result<(), DataError> {
        bytes.clear();
        let read = self.reader.by_ref().take(count as u64).read_to_end(bytes);
        read.map(drop).map_err(|reason| DataError::Read { path: self.path.into(), reason: named(reason) })
    }

    fn wrong<T>(&self, expected: String, found: String) -> Result<T, DataError> {
        Err(DataError::own_file(self.path, expected, found))
    }

    fn header(&mut self) -> Result<Header, DataError> {
        let mut bytes = Vec::new();
        self.fill(&mut bytes, 4)?;
        let &[0, 0, kind, dimensions @ 1..=4] = &bytes[..] else {
            let found = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
            return self.wrong(
                "an IDX file, which begins with 00 00, its type and its dimensions".into(),
                format!("\"{found}\""),
            );
        };
        self.fill(&mut bytes, 4 * usize::from(dimensions))?;
        let sizes: Vec<usize> =
            bytes.as_chunks::<4>().0.iter().map(|four| u32::from_be_bytes(*four) as usize).collect();
        if sizes.len() < usize::from(dimensions) || sizes.contains(&0) {
            return self
                .wrong(format!("{} of at least 1", count(dimensions.into(), "dimension")), format!("{sizes:?}"));
        }
        let bytes_each = if kind == INTEGER { 4 } else { 1_u64 };
        let body = sizes.iter().try_fold(bytes_each, |product, &size| product.checked_mul(size as u64));
        let all = body.and_then(|body| body.checked_add(4 + 4 * sizes.len() as u64));
        if let Some(length) = self.length.filter(|&length| all != Some(length)) {
            let expected = match all {
                Some(all) => format!("{all} bytes, for dimensions {sizes:?}"),
                None => "dimensions of a file that can exist".into(),
            };
            return self.wrong(expected, format!("{length} bytes, dimensions {sizes:?}"));
        }
        Ok(Header { kind, sizes })
    }

    /// Checks that nothing comes after `read` of the things that the header promised.
    fn end(&mut self, promised: &str) -> Result<(), DataError> {
        let mut bytes = Vec::new();
        self.fill(&mut bytes, 1)?;
        if bytes.is_empty() { Ok(()) } else { self.wrong(format!("{promised} and no more"), "further bytes".into()) }
    }
}

/// A damaged archive says so.
fn named(reason: io::Error) -> io::Error {
    match reason.kind() {
        ErrorKind::InvalidInput | ErrorKind::InvalidData | ErrorKind::UnexpectedEof => {
            io::Error::new(reason.kind(), format!("the archive is damaged or incomplete ({reason})"))
        }
        _ => reason,
    }
}

/// The images of the file at `path`, prepared, with these labels; and the size that they have in the file, rows and columns.
pub fn images(path: &Path, preparation: &Preparation, labels: Vec<u8>) -> Result<(Images, (usize, usize)), DataError> {
    let mut stream = Stream::open(path)?;
    let Header { kind, sizes } = stream.header()?;
    let (BYTE, &[number, height, width]) = (kind, &sizes[..]) else {
        let found = format!("{} of type 0x{kind:02x}", count(sizes.len(), "dimension"));
        return stream.wrong("images of bytes: three dimensions of type 0x08".into(), found);
    };
    if height.max(width) > MOST_SIDE || height.max(width) < LEAST_SIDE {
        let expected = format!("images of at most {MOST_SIDE} pixels a side and {LEAST_SIDE} on the longer one");
        return stream.wrong(expected, format!("{height} x {width}"));
    }
    if number != labels.len() {
        return stream.wrong(format!("{}, one for each label", count(labels.len(), "image")), number.to_string());
    }
    let upright = if preparation.transpose { (width, height) } else { (height, width) };
    let target = preparation.target(upright);
    let (mut pixels, mut image) = (Vec::new(), Vec::new());
    for index in 0..number {
        stream.fill(&mut image, height * width)?;
        if image.len() < height * width {
            return stream.wrong(
                format!("{} of {height} x {width} bytes", count(number, "image")),
                format!("the end of the file in image {index}, counted from 0"),
            );
        }
        if preparation.transpose {
            image = transposed(&image, (height, width));
        }
        pixels.extend(fitted(&image, upright, target));
    }
    stream.end(&count(number, "image"))?;
    Ok((Images::new(target.0, target.1, pixels, labels), (height, width)))
}

/// The labels in the file at `path`: bytes, 32-bit integers, or the first of QMNIST's eight.
pub fn labels(path: &Path) -> Result<Vec<i64>, DataError> {
    let mut stream = Stream::open(path)?;
    let Header { kind, sizes } = stream.header()?;
    let (number, columns) = match (kind, &sizes[..]) {
        (BYTE | INTEGER, &[number]) => (number, 1),
        (INTEGER, &[number, QMNIST_COLUMNS]) => (number, QMNIST_COLUMNS),
        _ => {
            let expected =
                format!("labels: bytes or 32-bit integers (types 0x08 and 0x0c), or rows of {QMNIST_COLUMNS} integers");
            return stream.wrong(expected, format!("dimensions {sizes:?} of type 0x{kind:02x}"));
        }
    };
    let size = if kind == INTEGER { 4 * columns } else { 1 };
    let (mut labels, mut bytes) = (Vec::new(), Vec::new());
    for index in 0..number {
        stream.fill(&mut bytes, size)?;
        if bytes.len() < size {
            return stream.wrong(count(number, "label"), format!("the end of the file after {index}"));
        }
        labels.push(match bytes.first_chunk::<4>() {
            Some(four) => i64::from(i32::from_be_bytes(*four)),
            None => i64::from(bytes[0]),
        });
    }
    stream.end(&count(number, "label"))?;
    Ok(labels)
}
