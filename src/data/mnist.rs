//! The four files of MNIST: where they are looked for, and the proof that they are the right ones.
//!
//! Each file is compared with the SHA-256 of the published bytes on every read, so that no result is ever reported on a
//! truncated file or on another set under the same names (Fashion-MNIST uses exactly these).

mod given;

pub use given::Given;

use super::digest::hex_digest;
use super::listing::found_in;
use super::{DataError, Dataset, Images, Source, idx};
use crate::files;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The environment variable that names the folder of the four files.
pub const VARIABLE: &str = "LENET5_DATA";

/// The most bytes any of the files may hold once decompressed, 64 MiB; the largest has 47,040,016.
const LARGEST: u64 = 64 << 20;

/// One published file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The name at the source, without `.gz`.
    pub name: &'static str,
    /// SHA-256 of the decompressed bytes, 64 lower-case hexadecimal digits.
    pub digest: &'static str,
}

/// Training images, training labels, test images, test labels, in this order.
pub const PARTS: [Part; 4] = [
    Part {
        name: "train-images-idx3-ubyte",
        digest: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    },
    Part {
        name: "train-labels-idx1-ubyte",
        digest: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    },
    Part { name: "t10k-images-idx3-ubyte", digest: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7" },
    Part { name: "t10k-labels-idx1-ubyte", digest: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2" },
];

impl Part {
    /// The name of the compressed file, as it is downloaded and kept.
    pub fn archive(&self) -> String {
        format!("{}.gz", self.name)
    }

    /// The names that its file may have: with `-idx` or `.idx`, each with `.gz` or without. The first is that of a download.
    pub fn names(&self) -> [String; 4] {
        names(self.name)
    }

    /// The file of this part, under the first of its names, in `dir` or where torchvision and Kaggle have it below: in `MNIST/raw`
    /// or `raw`, and in a folder of the file's own name.
    pub fn find(&self, dir: &Path) -> Option<PathBuf> {
        find(self.name, dir, "MNIST/raw")
    }

    /// The decompressed bytes of this part in `dir` and the file they came from, verified.
    ///
    /// # Errors
    /// [`DataError::Incomplete`] if `dir` lacks the file, [`DataError::Read`] if it cannot be opened,
    /// [`DataError::Corrupt`] if it cannot be decompressed, [`DataError::Digest`] if it holds other bytes.
    pub fn read(&self, dir: &Path) -> Result<(PathBuf, Vec<u8>), DataError> {
        let Some(path) = self.find(dir) else {
            return Err(incomplete("the folder", dir, &[self.name]));
        };
        let file = files::open(&path).map_err(|reason| DataError::Read { path: path.clone(), reason })?;
        let mut bytes = Vec::new();
        if let Err(reason) = idx::unpack_into(file, LARGEST, &mut bytes) {
            let (expected, found) = (self.digest.into(), hex_digest(&bytes));
            return Err(DataError::Corrupt { path, reason, expected, found });
        }
        let found = hex_digest(&bytes);
        if found != self.digest {
            let kind = match idx::describe_file(&bytes) {
                Some(set) => format!("is another data set ({set}; Fashion-MNIST has the same names)"),
                None => "is damaged or of another kind".into(),
            };
            return Err(DataError::Digest { path, expected: self.digest.into(), found, kind });
        }
        Ok((path, bytes))
    }

    /// Checks that `archive`, compressed or not, holds this part.
    ///
    /// # Errors
    /// The reason why it does not, in words.
    pub fn check(&self, archive: &[u8]) -> Result<(), String> {
        let bytes = idx::unpack(archive, LARGEST).map_err(|reason| format!("cannot be decompressed: {reason}"))?;
        let found = hex_digest(&bytes);
        if found == self.digest {
            return Ok(());
        }
        Err(format!("wrong bytes: expected SHA-256 {}, found {found}", self.digest))
    }
}

fn names(name: &str) -> [String; 4] {
    let dotted = name.replace("-idx", ".idx");
    [format!("{name}.gz"), name.into(), format!("{dotted}.gz"), dotted]
}

/// The file of this name (without `.gz`) as [`Part::find`] finds it; `torchvision` is the folder that torchvision makes.
pub(super) fn find(name: &str, dir: &Path, torchvision: &str) -> Option<PathBuf> {
    let folders = ["", torchvision, "raw"].map(|below| dir.join(below));
    let paths = |folder: &PathBuf| names(name).map(|name| [folder.join(&name), folder.join(&name).join(&name)]);
    folders.iter().flat_map(paths).flatten().find(|path| files::may_be_file(path))
}

/// Reads the training and the test set from `dir`, verified.
///
/// # Errors
/// As [`Part::read`]; a folder that lacks files is one error that names them all.
pub fn load(dir: &Path) -> Result<Dataset, DataError> {
    let missing = missing(dir);
    if !missing.is_empty() {
        return Err(incomplete("the folder", dir, &missing));
    }
    let [training_images, training_labels, test_images, test_labels] = &PARTS;
    Ok(Dataset {
        source: Source::Mnist,
        origin: dir.display().to_string(),
        training: load_pair(dir, training_images, training_labels)?,
        test: load_pair(dir, test_images, test_labels)?,
    })
}

/// Reads the test set alone from `dir`, verified.
///
/// # Errors
/// As [`load`].
pub fn load_test(dir: &Path) -> Result<Images, DataError> {
    let [.., images, labels] = &PARTS;
    load_pair(dir, images, labels)
}

fn load_pair(dir: &Path, images: &Part, labels: &Part) -> Result<Images, DataError> {
    let (path, bytes) = images.read(dir)?;
    let images = idx::parse_images(bytes, &path)?;
    let (path, bytes) = labels.read(dir)?;
    idx::join(images, idx::parse_labels(&bytes, &path)?, &path)
}

/// The result of [`verify`] for one file.
#[derive(Debug)]
pub struct Check {
    /// The file, or the name it would have if it were there.
    pub path: PathBuf,
    /// SHA-256 of its decompressed bytes in hexadecimal; none if it could not be read to the end.
    pub digest: Option<String>,
    /// The problem with it; none if it is verified.
    pub problem: Option<DataError>,
}

impl Check {
    /// True if the file is present and verified.
    pub fn ok(&self) -> bool {
        self.problem.is_none()
    }
}

/// Checks each of the four files in `dir`, in the order of [`PARTS`].
pub fn verify(dir: &Path) -> [Check; 4] {
    PARTS.map(|part| match part.read(dir) {
        Ok((path, _)) => Check { path, digest: Some(part.digest.into()), problem: None },
        Err(problem) => {
            let path = part.find(dir).unwrap_or_else(|| dir.join(part.archive()));
            let digest = match &problem {
                DataError::Digest { found, .. } => Some(found.clone()),
                _ => None,
            };
            Check { path, digest, problem: Some(problem) }
        }
    })
}

/// The names of the files that `dir` lacks, without `.gz`; empty if it has all four. Their bytes are not checked.
pub fn missing(dir: &Path) -> Vec<&'static str> {
    PARTS.iter().filter(|part| part.find(dir).is_none()).map(|part| part.name).collect()
}

/// The reason why a folder is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The user named it on the command line.
    DataDir,
    /// The user named it in the environment variable [`VARIABLE`].
    Environment,
    /// `data/mnist` below the current directory.
    WorkingDirectory,
    /// The cache folder of the user, into which downloads go.
    Cache,
}

impl Place {
    /// The name of the place in messages.
    pub fn label(self) -> &'static str {
        match self {
            Self::DataDir => "--data-dir",
            Self::Environment => VARIABLE,
            Self::WorkingDirectory => "current directory",
            Self::Cache => "cache",
        }
    }

    /// True if the user asked for this folder, so that it must not be passed over.
    pub fn is_explicit(self) -> bool {
        matches!(self, Self::DataDir | Self::Environment)
    }
}

/// `lenet5/mnist` in the cache folder of the user, or `None` on a system without one.
pub fn cache_folder() -> Option<PathBuf> {
    Some(dirs::cache_dir()?.join("lenet5").join("mnist"))
}

/// The folders to search, in order. An explicit one, `data_dir` before the environment variable [`VARIABLE`], is the only
/// one. An empty variable counts as unset.
pub fn places(data_dir: Option<&Path>) -> Vec<(Place, PathBuf)> {
    places_from(data_dir, std::env::var_os(VARIABLE), cache_folder())
}

fn places_from(data_dir: Option<&Path>, variable: Option<OsString>, cache: Option<PathBuf>) -> Vec<(Place, PathBuf)> {
    if let Some(dir) = data_dir {
        return vec![(Place::DataDir, dir.into())];
    }
    if let Some(dir) = variable.filter(|value| !value.is_empty()) {
        return vec![(Place::Environment, dir.into())];
    }
    let mut places = vec![(Place::WorkingDirectory, Path::new("data").join("mnist"))];
    places.extend(cache.map(|dir| (Place::Cache, dir)));
    places
}

/// The first of `places` that holds all four files, or `None`. Their bytes are not checked.
///
/// # Errors
/// [`DataError::Incomplete`] if an explicit place lacks a file.
pub fn locate(places: &[(Place, PathBuf)]) -> Result<Option<&Path>, DataError> {
    for (place, dir) in places {
        let missing = missing(dir);
        if missing.is_empty() {
            return Ok(Some(dir));
        }
        if place.is_explicit() {
            return Err(incomplete(place.label(), dir, &missing));
        }
    }
    Ok(None)
}

fn incomplete(setting: &'static str, dir: &Path, missing: &[&str]) -> DataError {
    let missing = format!("no file called {} (with or without .gz)", missing.join(", "));
    DataError::Incomplete { setting, folder: dir.into(), found: found_in(dir, missing) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(data_dir: Option<&str>, variable: Option<&str>, cache: Option<&str>) -> Vec<(Place, PathBuf)> {
        places_from(data_dir.map(Path::new), variable.map(OsString::from), cache.map(PathBuf::from))
    }

    #[test]
    fn an_explicit_place_is_the_only_one() {
        assert_eq!(search(Some("a"), Some("b"), Some("c")), [(Place::DataDir, "a".into())]);
        assert_eq!(search(None, Some("b"), Some("c")), [(Place::Environment, "b".into())]);
    }

    #[test]
    fn an_empty_variable_counts_as_unset() {
        let usual = [(Place::WorkingDirectory, Path::new("data/mnist").into()), (Place::Cache, PathBuf::from("c"))];
        assert_eq!(search(None, None, Some("c")), usual);
        assert_eq!(search(None, Some(""), Some("c")), usual);
        assert_eq!(search(None, None, None), usual[..1]);
    }
}
