//! Errors of data.

use std::io;
use std::path::{Path, PathBuf};

use super::published::{CIFAR10_ARCHIVE, CIFAR10_VARIABLE, MNIST_MIRRORS, QMNIST_FOLDER};
use crate::files::advice;

/// Advice about a file that has a name of MNIST's and other bytes: nothing by which it could be lost.
const ADVICE: &str = "leave it as it is and name the folder of MNIST (--data-dir), or move it elsewhere and fetch MNIST's (`lenet5 data fetch`)";

/// The reason why data cannot be used: the place, the expected and the found content, and advice.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// A file cannot be opened, read or decompressed.
    #[error("{}: expected a readable file, found: {reason}{}", path.display(), advice(reason))]
    Read {
        /// The file.
        path: PathBuf,
        /// The error of the system or of the decompression.
        reason: io::Error,
    },
    /// A file is not in the format that its name or place stands for: IDX, or the binary version of CIFAR-10; or it is not the published archive.
    #[error("{}: expected {expected}, found {found}; the file is damaged or of another kind: leave it as it is and name the right one, or the folder of the right ones (--data-dir)", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// The content that the format demands.
        expected: String,
        /// The content of the file.
        found: String,
    },
    /// A file of MNIST cannot be decompressed.
    #[error("{}: expected a file with SHA-256 {expected} once decompressed, found {found} up to where it cannot be read on ({reason}); the file is damaged or of another kind: {ADVICE}", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// The error of the system or of the decompression.
        reason: io::Error,
        /// The digest of the right bytes, in hexadecimal.
        expected: String,
        /// The digest of the bytes before the damage, in hexadecimal.
        found: String,
    },
    /// Files that have the names of MNIST's and are not known to be copies of them, where MNIST was to be downloaded.
    #[error("{}: expected to download MNIST here, found other files of the same names, which are left as they are:{files}\nto have both, fetch MNIST into another folder (--data-dir) or move these elsewhere; to overwrite one, name it (`lenet5 data fetch --replace FILE`)", folder.display())]
    InTheWay {
        /// The folder.
        folder: PathBuf,
        /// A line for each file with what it is.
        files: String,
    },
    /// A file of MNIST holds other bytes than the published ones.
    #[error("{}: expected SHA-256 {expected} (of the decompressed bytes), found {found}; the file {kind}: {ADVICE}", path.display())]
    Digest {
        /// The file.
        path: PathBuf,
        /// The digest of the right bytes, in hexadecimal.
        expected: String,
        /// The digest of the bytes that are there.
        found: String,
        /// The kind of file, as far as it can be told.
        kind: String,
    },
    /// A folder does not hold the four files of MNIST.
    #[error("{setting} {}: expected the four files of MNIST, found {found}; put them there or name another folder (torchvision's and Kaggle's are looked into)", folder.display())]
    Incomplete {
        /// The setting that named the folder, such as `--data-dir`.
        setting: &'static str,
        /// The folder.
        folder: PathBuf,
        /// The contents found in their place.
        found: String,
    },
    /// No folder that is searched holds the files of QMNIST's test set.
    #[error(
        "QMNIST: expected the files of its test set in one of these folders, found none that has both:{looked}\nfetch qmnist-test-images-idx3-ubyte.gz and qmnist-test-labels-idx2-int.gz from {QMNIST_FOLDER} into the folder that has MNIST's, or name another that has both sets (--data-dir); nothing is downloaded for it"
    )]
    NoQmnist {
        /// A line for each folder, with what was found there.
        looked: String,
    },
    /// A folder does not hold the files of CIFAR-10.
    #[error("{setting} {}: expected the binary version of CIFAR-10, data_batch_1.bin and those after it without a gap and test_batch.bin, found {found}; unpack {} and put its files there or name their folder (--data-dir or {}), nothing is downloaded for it", folder.display(), CIFAR10_ARCHIVE, CIFAR10_VARIABLE)]
    NoCifar10 {
        /// The setting that named the folder, such as `--data-dir`.
        setting: &'static str,
        /// The folder.
        folder: PathBuf,
        /// The contents found in their place.
        found: String,
    },
    /// A user's own data set is not there, or not complete.
    #[error("{}: expected {expected}, found {found}; {advice}", path.display())]
    Own {
        /// The folder or file.
        path: PathBuf,
        /// What must be there.
        expected: String,
        /// What is there.
        found: String,
        /// What to do.
        advice: String,
    },
    /// A mirror is not a web address.
    #[error("mirrors: expected addresses such as {}, found {found}; correct the address", MNIST_MIRRORS[0])]
    Mirror {
        /// The address that was given.
        found: String,
    },
    /// No mirror gave a file.
    #[error("{file}: expected to download it into {}, found no mirror that gives it:{reasons}\ncheck the connection, or fetch the file by hand into that folder", folder.display())]
    Download {
        /// The file.
        file: String,
        /// The destination.
        folder: PathBuf,
        /// A line for each mirror with its reason.
        reasons: String,
    },
    /// A file or folder cannot be written.
    #[error("{}: expected to write here, found: {reason}{}", path.display(), advice(reason))]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        reason: io::Error,
    },
    /// MNIST is in none of the usual places and cannot be downloaded.
    #[error(
        "MNIST: expected its four files in one of these folders, found none that has all:{looked}\nand the download failed: {reason}"
    )]
    NotFound {
        /// A line for each folder.
        looked: String,
        /// The reason why the download failed.
        reason: Box<DataError>,
    },
    /// MNIST is in none of the usual places, and there is no folder to download it into.
    #[error(
        "MNIST: expected its four files in one of these folders, found none that has all:{looked}\nand this system names no cache folder for a download; fetch the files by hand and give their folder with --data-dir"
    )]
    NoCache {
        /// A line for each folder.
        looked: String,
    },
    /// This build of the library cannot give the data.
    #[error(
        "{data}: this build of lenet5 lacks the feature `{feature}`; build it with `--features {feature}`, or {instead}"
    )]
    Feature {
        /// The data that were asked for.
        data: &'static str,
        /// The feature of the package that has it.
        feature: &'static str,
        /// An alternative without the feature.
        instead: &'static str,
    },
}

impl DataError {
    /// An [`Own`](Self::Own) about a file of an IDX set.
    pub(super) fn own_file(path: &Path, expected: String, found: String) -> Self {
        let advice =
            "leave the file as it is, and name a set whose files are whole and belong together (--dataset idx:FOLDER)";
        Self::Own { path: path.into(), expected, found, advice: advice.into() }
    }
}
