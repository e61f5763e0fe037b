//! The data set that a user chooses, opened.

use std::path::{Path, PathBuf};

#[cfg(feature = "digits")]
use super::digits;
#[cfg(feature = "download")]
use super::download::fetch;
use super::download::{DownloadObserver, Options};
use super::mnist::Place;
use super::own::{self, Preparation};
use super::{Choice, DataError, Dataset, cifar10, mnist, qmnist};

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
    open_for(&choice, data_dir, &Preparation::default(), options, progress)
}

/// As [`open`], with a user's own images brought to size for a network as `preparation` says: [`open`] does it for LeNet-5. Pictures in
/// folders ([`Choice::Folder`]) are read by `picture::folders`.
///
/// # Errors
/// As [`open`]; of a user's own data, [`DataError::Own`] or [`DataError::Read`] with the file.
pub fn open_for(
    choice: &Choice,
    data_dir: Option<&Path>,
    preparation: &Preparation,
    options: &Options,
    progress: &mut dyn DownloadObserver,
) -> Result<Dataset, DataError> {
    if let Choice::Idx(path) = choice {
        return own::load(Path::new(path), preparation, progress);
    }
    if *choice == Choice::Cifar10 {
        let (setting, dir) = cifar10::place(data_dir);
        return cifar10::load_from(setting, &dir);
    }
    open_at(choice.clone(), &mnist::places(data_dir), options, progress)
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
        Choice::Idx(path) => return own::load(Path::new(&path), &Preparation::default(), progress),
        Choice::Folder(_) | Choice::Own(_) => return Err(own::not_here(&choice)),
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
