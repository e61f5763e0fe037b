//! The data set that a user chooses, opened.

use std::path::{Path, PathBuf};
use std::str::FromStr;

#[cfg(feature = "digits")]
use super::digits;
#[cfg(feature = "download")]
use super::download::fetch;
use super::download::{DownloadObserver, Options};
use super::mnist::Place;
use super::{DataError, Dataset, Source, cifar10, mnist, qmnist};
use crate::words;

/// The data set to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// MNIST, and the handwritten digits if MNIST can neither be found nor downloaded.
    #[default]
    Auto,
    /// MNIST or nothing.
    Mnist,
    /// MNIST's training digits and QMNIST's further test digits, which are never downloaded.
    Qmnist,
    /// The handwritten digits.
    Digits,
    /// CIFAR-10, which is never downloaded.
    Cifar10,
}

impl Choice {
    const ALL: [(&str, Self); 5] = [
        ("auto", Self::Auto),
        ("mnist", Self::Mnist),
        ("qmnist", Self::Qmnist),
        ("digits", Self::Digits),
        ("cifar10", Self::Cifar10),
    ];

    /// The numbers of training and of test patterns, where they do not depend on the user's files.
    pub fn sizes(self) -> Option<(usize, usize)> {
        match self {
            Self::Mnist => Some((60_000, 10_000)),
            Self::Digits => Some((1437, 360)),
            Self::Auto | Self::Qmnist | Self::Cifar10 => None,
        }
    }
}

/// The choice of this name; the error is a sentence that lists the names.
impl FromStr for Choice {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(other, _)| *other == name);
        found
            .map(|&(_, choice)| choice)
            .ok_or_else(|| words::unknown("data set", name, &Self::ALL.map(|(name, _)| name)))
    }
}

/// The choice that gives this data set and no other.
impl From<Source> for Choice {
    fn from(source: Source) -> Self {
        match source {
            Source::Mnist => Self::Mnist,
            Source::Qmnist => Self::Qmnist,
            Source::Digits => Self::Digits,
            Source::Cifar10 => Self::Cifar10,
        }
    }
}

/// Opens the chosen data set. CIFAR-10 is read from [`cifar10::place`]. MNIST is read from the first of [`mnist::places`] that holds
/// it, or else downloaded into the cache folder; QMNIST's further test digits from the first that has them. When the digits take the place of MNIST, `progress` receives the reason.
///
/// # Errors
/// Under [`Choice::Mnist`], [`Choice::Qmnist`] and [`Choice::Cifar10`], any reason why it cannot be had. Under [`Choice::Auto`] only what the user must
/// put right: a wrong `data_dir` or `LENET5_DATA`, a wrong address of a mirror, wrong bytes in a file that was found, or another file
/// in the place of a download. [`DataError::Feature`] if the data need a feature (`digits`, `download`) that this build lacks.
pub fn open(
    choice: Choice,
    data_dir: Option<&Path>,
    options: &Options,
    progress: &mut dyn DownloadObserver,
) -> Result<Dataset, DataError> {
    if choice == Choice::Cifar10 {
        let (setting, dir) = cifar10::place(data_dir);
        return cifar10::load_from(setting, &dir);
    }
    open_at(choice, &mnist::places(data_dir), options, progress)
}

/// As [`open`], with the folders to search given instead of taken from the surroundings. CIFAR-10 is read from the first.
///
/// # Errors
/// As [`open`].
pub fn open_at(
    choice: Choice,
    places: &[(Place, PathBuf)],
    options: &Options,
    progress: &mut dyn DownloadObserver,
) -> Result<Dataset, DataError> {
    match choice {
        Choice::Digits => return embedded_digits(),
        Choice::Cifar10 => return cifar10::load(places.first().map_or(Path::new(cifar10::FOLDER), |(_, dir)| dir)),
        Choice::Qmnist => {
            let dir = qmnist::locate(places)?;
            return qmnist::load_test(open_at(Choice::Mnist, places, options, progress)?, dir);
        }
        Choice::Auto | Choice::Mnist => {}
    }
    if let Some(dir) = mnist::locate(places)? {
        return mnist::load(dir);
    }
    let reason = match fetch_to_cache(places, options, progress) {
        Ok(dir) => return mnist::load(dir),
        Err(error @ (DataError::Mirror { .. } | DataError::InTheWay { .. })) => return Err(error),
        Err(reason) => reason,
    };
    // Without a feature that `Auto` needs, it is the user who must choose.
    if choice == Choice::Mnist || cfg!(not(all(feature = "digits", feature = "download"))) {
        return Err(reason);
    }
    progress.fallback(&reason);
    embedded_digits()
}

#[cfg(feature = "digits")]
fn embedded_digits() -> Result<Dataset, DataError> {
    Ok(digits::load())
}

#[cfg(not(feature = "digits"))]
fn embedded_digits() -> Result<Dataset, DataError> {
    Err(DataError::Feature { data: "the embedded digits", feature: "digits", instead: "choose another data set" })
}

fn fetch_to_cache<'a>(
    places: &'a [(Place, PathBuf)],
    options: &Options,
    progress: &mut dyn DownloadObserver,
) -> Result<&'a Path, DataError> {
    let looked = || places.iter().map(|(place, dir)| format!("\n  {}: {}", place.label(), dir.display())).collect();
    let Some((_, cache)) = places.iter().find(|(place, _)| *place == Place::Cache) else {
        return Err(DataError::NoCache { looked: looked() });
    };
    match download(cache, options, progress) {
        Ok(()) => Ok(cache),
        Err(error @ (DataError::Mirror { .. } | DataError::InTheWay { .. })) => Err(error),
        Err(reason) => Err(DataError::NotFound { looked: looked(), reason: Box::new(reason) }),
    }
}

#[cfg(feature = "download")]
fn download(folder: &Path, options: &Options, progress: &mut dyn DownloadObserver) -> Result<(), DataError> {
    fetch(folder, options, progress)
}

#[cfg(not(feature = "download"))]
fn download(_: &Path, _: &Options, _: &mut dyn DownloadObserver) -> Result<(), DataError> {
    let instead = "put the four files into one of these folders";
    Err(DataError::Feature { data: "a download of MNIST", feature: "download", instead })
}
