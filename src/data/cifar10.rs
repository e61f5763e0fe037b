//! CIFAR-10: colour images of ten kinds of things, in its binary version: a byte for the class, then 1,024 bytes each of red,
//! green and blue, row by row.
//!
//! Smaller sets in the same layout are as welcome as the published one, so nothing is compared with a digest; a data set says
//! where it was read from and how many images it has. Nothing is downloaded.

use super::listing::found_in;
use super::published::CIFAR10_VARIABLE;
use super::{DataError, Dataset, Images, Source};
use crate::files;
use std::ffi::OsString;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// The folder that is searched where none is named.
pub const FOLDER: &str = "data/cifar10";
/// The folder in the published archive.
const UNPACKED: &str = "cifar-10-batches-bin";

/// The names of the files of training images. The first must be there, and each one before another.
pub const TRAINING: [&str; 5] =
    ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"];
/// The name of the file of test images.
pub const TEST: &str = "test_batch.bin";

/// The ten classes by their labels.
pub const CLASSES: [&str; 10] =
    ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

/// Red, green, blue.
pub const CHANNELS: usize = 3;
/// Rows and columns of an image.
pub const SIDE: usize = 32;
/// The bytes of an image with its label.
pub const RECORD: usize = 1 + CHANNELS * SIDE * SIDE;
/// The most images that a file may hold, as many as each published one does.
pub const LARGEST: usize = 10_000;

/// The folder to read, and who named it: `data_dir`, else the environment variable [`CIFAR10_VARIABLE`], else [`FOLDER`] below the
/// current directory. An empty variable counts as unset.
pub fn place(data_dir: Option<&Path>) -> (&'static str, PathBuf) {
    place_from(data_dir, std::env::var_os(CIFAR10_VARIABLE))
}

fn place_from(data_dir: Option<&Path>, variable: Option<OsString>) -> (&'static str, PathBuf) {
    match (data_dir, variable.filter(|value| !value.is_empty())) {
        (Some(dir), _) => ("--data-dir", dir.into()),
        (None, Some(dir)) => (CIFAR10_VARIABLE, dir.into()),
        (None, None) => ("current directory", FOLDER.into()),
    }
}

/// The number of the six published files in `dir`. Their bytes are not checked.
pub fn count(dir: &Path) -> usize {
    let dir = unpacked(dir);
    TRAINING.iter().chain([&TEST]).filter(|name| files::may_be_file(&dir.join(name))).count()
}

/// `dir`, or the folder in it that the archive makes where it is unpacked, if that has the first file and `dir` has not.
fn unpacked(dir: &Path) -> PathBuf {
    let below = dir.join(UNPACKED);
    let has_first = |dir: &Path| files::may_be_file(&dir.join(TRAINING[0]));
    if !has_first(dir) && has_first(&below) { below } else { dir.into() }
}

/// Reads the training and the test set from `dir`.
///
/// # Errors
/// [`DataError::NoCifar10`] if `dir` lacks a file that it must have, [`DataError::Read`] if one cannot be read,
/// [`DataError::Format`] if one is empty, larger than the published ones, no whole number of images, or has a label above 9.
pub fn load(dir: &Path) -> Result<Dataset, DataError> {
    load_from("the folder", dir)
}

/// As [`load`], where `setting` says who named the folder.
pub(super) fn load_from(setting: &'static str, dir: &Path) -> Result<Dataset, DataError> {
    let dir = &unpacked(dir);
    let is_there = |name: &&str| files::may_be_file(&dir.join(name));
    let batches = TRAINING.iter().rposition(is_there).map_or(1, |last| last + 1);
    let names = TRAINING.iter().take(batches).chain([&TEST]);
    let missing: Vec<&str> = names.copied().filter(|name| !is_there(name)).collect();
    if !missing.is_empty() {
        let found = found_in(dir, format!("no file called {}", missing.join(", ")));
        return Err(DataError::NoCifar10 { setting, folder: dir.into(), found });
    }
    let (training, test) = (read(dir, &TRAINING[..batches])?, read(dir, &[TEST])?);
    let origin = format!("{}: {} + {} images", dir.display(), training.len(), test.len());
    Ok(Dataset { source: Source::Cifar10, origin, training, test })
}

fn read(dir: &Path, names: &[&str]) -> Result<Images, DataError> {
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    for name in names {
        let path = dir.join(name);
        let bytes = match files::read(&path, (LARGEST * RECORD) as u64) {
            Ok(bytes) => bytes,
            Err(reason) => return Err(unreadable(path, reason)),
        };
        check(&path, &bytes)?;
        for record in bytes.chunks_exact(RECORD) {
            labels.push(record[0]);
            pixels.extend(&record[1..]);
        }
    }
    Ok(Images::with_channels(CHANNELS, SIDE, SIDE, pixels, labels))
}

fn unreadable(path: PathBuf, reason: Error) -> DataError {
    if reason.kind() == ErrorKind::InvalidData {
        let expected = format!("at most {LARGEST} images of {RECORD} bytes");
        return DataError::Format { path, expected, found: format!("more: {reason}") };
    }
    DataError::Read { path, reason }
}

/// Checks that these are whole records, one at least, with labels of the ten classes.
fn check(path: &Path, bytes: &[u8]) -> Result<(), DataError> {
    let format = |expected, found| Err(DataError::Format { path: path.into(), expected, found });
    if bytes.is_empty() || !bytes.len().is_multiple_of(RECORD) {
        let expected = format!("images of {RECORD} bytes each, one or more");
        return format(expected, format!("{} bytes in all", bytes.len()));
    }
    let labels = bytes.iter().step_by(RECORD);
    match labels.enumerate().find(|&(_, &label)| usize::from(label) >= CLASSES.len()) {
        Some((index, label)) => {
            format("labels from 0 to 9".into(), format!("the label {label} at image {index}, counted from 0"))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_that_is_named_first_is_the_one() {
        let place = |dir: Option<&str>, variable: Option<&str>| {
            let (setting, folder) = place_from(dir.map(Path::new), variable.map(OsString::from));
            (setting, folder.display().to_string())
        };
        assert_eq!(place(Some("a"), Some("b")), ("--data-dir", "a".into()));
        assert_eq!(place(None, Some("b")), ("LENET5_CIFAR10", "b".into()));
        for variable in [None, Some("")] {
            assert_eq!(place(None, variable), ("current directory", "data/cifar10".into()));
        }
    }
}
