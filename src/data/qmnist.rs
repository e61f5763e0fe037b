//! QMNIST: the 50,000 digits of MNIST's test set that were never published, reconstructed from NIST's data by C. Yadav and L. Bottou
//! ("Cold Case: The Lost MNIST Digits", 2019), as a second test set beside MNIST's own 60,000 training digits.
//!
//! Two files have 60,000 test digits: images in the format of MNIST's, and a table with eight integers a digit ([`COLUMNS`]). The first
//! 10,000 are MNIST's own test set and are left out. The archives (`.gz`) are compared with the SHA-256 of the published ones. For
//! unpacked files none is published: a data set read from them says that they are not verified. Nothing is downloaded.

use super::digest::hex_digest;
use super::listing::found_in;
use super::mnist::{self, Place};
use super::{DataError, Dataset, Source, idx};
use crate::{files, words};
use std::path::{Path, PathBuf};

/// The names of the files without `.gz`: images, labels.
pub const NAMES: [&str; 2] = ["qmnist-test-images-idx3-ubyte", "qmnist-test-labels-idx2-int"];

/// SHA-256 of the published archives, from the loader of QMNIST in PyTorch's torchvision.
pub const DIGESTS: [&str; 2] = [
    "43fc22bf7498b8fc98de98369d72f752d0deabc280a43a7bcc364ab19e57b375",
    "9fbcbe594c3766fdf4f0b15c5165dc0d1e57ac604e01422608bb72c906030d06",
];

/// The integers of a row of labels, in their order.
pub const COLUMNS: [&str; 8] = [
    "class",
    "NIST series",
    "writer",
    "number among the writer's digits",
    "NIST class",
    "NIST index",
    "duplicate",
    "unused",
];

/// The most bytes a file may hold, packed or not, 64 MiB; the largest has 47,040,016.
const LARGEST: u64 = 64 << 20;

/// The names of the files that `dir` lacks, without `.gz`. Their bytes are not checked.
pub fn missing(dir: &Path) -> Vec<&'static str> {
    NAMES.into_iter().filter(|name| find(name, dir).is_none()).collect()
}

fn find(name: &str, dir: &Path) -> Option<PathBuf> {
    mnist::find(name, dir, "QMNIST/raw")
}

/// The first of `places` that has both files. Their bytes are not checked.
///
/// # Errors
/// [`DataError::NoQmnist`] if there is none.
pub(super) fn locate(places: &[(Place, PathBuf)]) -> Result<&Path, DataError> {
    let has_both = |(_, dir): &&(Place, PathBuf)| missing(dir).is_empty();
    if let Some((_, dir)) = places.iter().find(has_both) {
        return Ok(dir);
    }
    let line = |(place, dir): &(Place, PathBuf)| {
        let found = found_in(dir, format!("no file called {} (with or without .gz)", missing(dir).join(", ")));
        format!("\n  {} {}: {found}", place.label(), dir.display())
    };
    Err(DataError::NoQmnist { looked: places.iter().map(line).collect() })
}

/// `mnist` with the further digits in `dir` as its test set.
///
/// # Errors
/// [`DataError::Read`] if a file cannot be read; [`DataError::Format`] if an archive is not the published one, a file is not in its
/// format, or its first 10,000 digits are not those of MNIST's test set.
pub(super) fn load_test(mnist: Dataset, dir: &Path) -> Result<Dataset, DataError> {
    let (images, labels) = (File::read(0, dir)?, File::read(1, dir)?);
    let verified = match (images.is_published, labels.is_published) {
        (true, true) => "verified",
        _ => "not verified, since only archives have a published SHA-256",
    };
    let (size, classes) = (mnist.test.size(), parse_classes(&labels.bytes, &labels.path)?);
    let grey = idx::parse_images(images.bytes, &images.path)?;
    if (grey.height, grey.width) != size {
        let expected = format!("images of {} x {} pixels, as MNIST's", size.0, size.1);
        return Err(format_error(&images.path, expected, format!("images of {} x {}", grey.height, grey.width)));
    }
    let all = idx::join(grey, classes, &labels.path)?;
    check_first(all.labels(), mnist.test.labels(), &labels.path)?;
    let test = all.skip(mnist.test.len());
    let digits = words::count(test.len(), "test digit");
    let origin = format!("{}; QMNIST in {}: {digits}, {verified}", mnist.origin, dir.display());
    Ok(Dataset { source: Source::Qmnist, origin, test, ..mnist })
}

/// Checks that `labels` begin with those of MNIST's test set, and go on.
fn check_first(labels: &[u8], mnist: &[u8], path: &Path) -> Result<(), DataError> {
    if labels.len() <= mnist.len() {
        let expected = format!("more than {}, those of MNIST's test set first", words::count(mnist.len(), "label"));
        return Err(format_error(path, expected, labels.len().to_string()));
    }
    match labels.iter().zip(mnist).position(|(label, mnist)| label != mnist) {
        Some(index) => {
            let expected = format!("the label {} of MNIST's test set in row {index}, counted from 0", mnist[index]);
            Err(format_error(path, expected, labels[index].to_string()))
        }
        None => Ok(()),
    }
}

/// The classes of all digits in the `bytes` of a decompressed file of labels; `path` names it in errors.
///
/// # Errors
/// [`DataError::Format`] if it is no IDX file of 32-bit integers in rows of eight, or a class is none from 0 to 9.
pub fn parse_classes(bytes: &[u8], path: &Path) -> Result<Vec<u8>, DataError> {
    let class = |(index, row): (usize, [i32; COLUMNS.len()])| {
        let found = || format!("the class {} in row {index}, counted from 0", row[0]);
        let class = u8::try_from(row[0]).ok().filter(|class| *class < 10);
        class.ok_or_else(|| format_error(path, "classes from 0 to 9 in the first column".into(), found()))
    };
    idx::parse_rows(bytes, path)?.into_iter().enumerate().map(class).collect()
}

/// A file as it was found.
struct File {
    path: PathBuf,
    /// Its decompressed bytes.
    bytes: Vec<u8>,
    /// True if it is the published archive; false if it is unpacked.
    is_published: bool,
}

impl File {
    fn read(index: usize, dir: &Path) -> Result<Self, DataError> {
        let path = find(NAMES[index], dir).unwrap_or_else(|| dir.join(NAMES[index]));
        let unreadable = |reason| DataError::Read { path: path.clone(), reason };
        let bytes = files::read(&path, LARGEST).map_err(unreadable)?;
        let is_published = bytes.starts_with(&[0x1f, 0x8b]);
        let (expected, found) = (DIGESTS[index], hex_digest(&bytes));
        if is_published && found != expected {
            let expected = format!("the published archive, SHA-256 {expected}, or its contents unpacked");
            return Err(format_error(&path, expected, format!("an archive with SHA-256 {found}")));
        }
        let bytes = idx::unpack(&bytes[..], LARGEST).map_err(unreadable)?;
        Ok(Self { path, bytes, is_published })
    }
}

fn format_error(path: &Path, expected: String, found: String) -> DataError {
    DataError::Format { path: path.into(), expected, found }
}
