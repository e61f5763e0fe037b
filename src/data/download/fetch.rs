//! Fetching the files of a folder that are missing or wrong, and may be written.

use std::fs;
use std::io;
use std::path::Path;

use super::transfer::{agent, check_addresses, from_mirrors};
use super::{DownloadObserver, Options};
use crate::data::mnist::{PARTS, Part};
use crate::data::{DataError, idx};
use crate::files::{self, LONG_AGO, remove_temporaries, write_atomically};

/// Fetches the four files of MNIST into `folder`, which is made if needed. Files that are present and verified are kept. A file with
/// other bytes, which may be of another data set with the same names, is overwritten only where all of its bytes are the beginning
/// of the new ones, as in a copy that broke off, or where it is named in [`Options::replace`].
///
/// # Errors
/// [`DataError::Mirror`] if an address is not a web address or the list is empty, [`DataError::InTheWay`] if another file has the place
/// of a download, [`DataError::Write`] if the folder cannot be written to, [`DataError::Download`] if no mirror gave a file.
pub fn fetch(folder: &Path, options: &Options, progress: &mut dyn DownloadObserver) -> Result<(), DataError> {
    fetch_parts(&PARTS, folder, options, progress)
}

/// As [`fetch`], for any list of files.
///
/// # Errors
/// As [`fetch`].
pub fn fetch_parts(
    parts: &[Part],
    folder: &Path,
    options: &Options,
    progress: &mut dyn DownloadObserver,
) -> Result<(), DataError> {
    check_addresses(&options.mirrors)?;
    fs::create_dir_all(folder).map_err(|reason| DataError::Write { path: folder.into(), reason })?;
    // What a fetch has left that was killed; another may be at work at this moment.
    let is_own = |name: &str| parts.iter().any(|part| part.archive() == name);
    remove_temporaries(folder, is_own, LONG_AGO).map_err(|reason| DataError::Read { path: folder.into(), reason })?;
    let agent = agent(options);
    let wanted: Vec<&Part> = parts.iter().filter(|part| part.read(folder).is_err()).collect();
    // Before anything is downloaded, as far as it can be told.
    check_places(&wanted, folder, options, None)?;
    for part in wanted {
        let bytes = from_mirrors(&agent, part, folder, options, progress)?;
        if part.read(folder).is_ok() {
            continue; // another process has fetched it meanwhile
        }
        check_places(&[part], folder, options, Some(&bytes))?;
        let path = folder.join(part.archive());
        write_atomically(&path, &bytes).map_err(|reason| DataError::Write { path, reason })?;
    }
    Ok(())
}

/// Checks that no file would be lost, or later mistaken for MNIST, where these parts are to be written. A file that is no complete data
/// set may be replaced if it is the beginning of the downloaded `archive`, which is `None` before the download.
fn check_places(parts: &[&Part], folder: &Path, options: &Options, archive: Option<&[u8]>) -> Result<(), DataError> {
    let mut files = String::new();
    for part in parts {
        let target = folder.join(part.archive());
        for path in part.find(folder).into_iter().filter(|path| *path != target).chain([target.clone()]) {
            let named = path.file_name().is_some_and(|name| options.replace.iter().any(|other| name == other.as_str()));
            if let Some(what) = what_would_be_lost(&path, archive).filter(|_| !named) {
                files += &format!("\n  {}: {what}", path.display());
            }
        }
    }
    if files.is_empty() { Ok(()) } else { Err(DataError::InTheWay { folder: folder.into(), files }) }
}

/// A description of the file `path`, if it exists and is not known to be a beginning of the `archive` or of its unpacked content.
fn what_would_be_lost(path: &Path, archive: Option<&[u8]>) -> Option<String> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => return Some(format!("cannot be looked at ({error})")),
        Ok(metadata) if metadata.is_symlink() => return Some("a link".into()),
        Ok(metadata) if !metadata.is_file() => return Some("no ordinary file".into()),
        Ok(_) => {}
    }
    let bytes = match files::read(path, idx::LARGEST) {
        Ok(bytes) => bytes,
        Err(error) => return Some(format!("cannot be read ({error})")),
    };
    let unpack = |bytes: &[u8]| idx::unpack(bytes, idx::LARGEST).unwrap_or_default();
    if let Some(set) = idx::describe_file(&unpack(&bytes)) {
        return Some(format!("{set}, another data set"));
    }
    let archive = archive?;
    let is_beginning = archive.starts_with(&bytes) || unpack(archive).starts_with(&bytes);
    (!is_beginning).then(|| "other bytes than MNIST's".into())
}
