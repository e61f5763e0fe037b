//! The four files as bytes, one after the other: for a program without a file system, as a page has none.

use std::path::Path;

use super::{LARGEST, PARTS, Part};
use crate::data::digest::hex_digest;
use crate::data::{DataError, Dataset, Images, Source, idx};

/// The files that have been given so far.
#[derive(Debug, Default)]
pub struct Given {
    parts: [Option<Vec<u8>>; 4],
}

impl Given {
    /// Takes a file, compressed or not, under whatever name: its bytes say which of the four it is.
    ///
    /// # Errors
    /// A sentence without its subject, the file: it is none of the four, or damaged.
    pub fn add(&mut self, file: &[u8]) -> Result<&'static Part, String> {
        let mut bytes = Vec::with_capacity(size_hint(file));
        idx::unpack_into(file, LARGEST, &mut bytes).map_err(|reason| format!("cannot be decompressed: {reason}"))?;
        let digest = hex_digest(&bytes);
        let Some(index) = PARTS.iter().position(|part| part.digest == digest) else {
            let found =
                idx::describe_file(&bytes).map_or_else(|| "other bytes".into(), |set| format!("{set}, but others"));
            return Err(format!("is none of MNIST's four files: found {found}, SHA-256 {digest}"));
        };
        self.parts[index] = Some(bytes);
        Ok(&PARTS[index])
    }

    /// The names of the files that are there, and of those that are missing.
    pub fn names(&self) -> (Vec<&'static str>, Vec<&'static str>) {
        let named = |given: bool| {
            let of = self.parts.iter().zip(&PARTS).filter(|(bytes, _)| bytes.is_some() == given);
            of.map(|(_, part)| part.name).collect()
        };
        (named(true), named(false))
    }

    /// The data set, once all four are there; they are taken out for it.
    ///
    /// # Errors
    /// If one of them is not what its digest says: never.
    pub fn take(&mut self) -> Option<Result<Dataset, DataError>> {
        if self.parts.iter().any(Option::is_none) {
            return None;
        }
        let [images, labels, test_images, test_labels] = std::mem::take(&mut self.parts).map(Option::unwrap_or_default);
        Some(pair(images, &labels).and_then(|training| {
            let test = pair(test_images, &test_labels)?;
            Ok(Dataset { source: Source::Mnist, origin: "files that were given".into(), training, test })
        }))
    }
}

/// The size of the file's content, so that memory does not grow step by step: gzip has it in its last four bytes.
fn size_hint(file: &[u8]) -> usize {
    let packed = file.starts_with(&[0x1f, 0x8b]);
    let last = file.last_chunk::<4>().filter(|_| packed).map(|&bytes| u32::from_le_bytes(bytes) as usize);
    last.unwrap_or(file.len()).min(LARGEST as usize)
}

fn pair(images: Vec<u8>, labels: &[u8]) -> Result<Images, DataError> {
    let given = Path::new("the file");
    idx::join(idx::parse_images(images, given)?, idx::parse_labels(labels, given)?, given)
}
