//! New files that a command is asked to write: one that is there is never replaced.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{anyhow, ensure};
use lenet5::files;

/// Checks, before any work, that the file that `option` names can be new and ends in `.ENDING`.
pub fn check_new(path: &Path, option: &str, ending: &str) -> anyhow::Result<()> {
    let is_one = path.extension().is_some_and(|end| end.eq_ignore_ascii_case(ending));
    ensure!(is_one, "{}: expected a name that ends in .{ending} ({option})", path.display());
    check_free(path)
}

/// Checks that there is nothing of this name.
pub fn check_free(path: &Path) -> anyhow::Result<()> {
    let is_there =
        files::is_there(path).map_err(|error| anyhow!("{}: {error}{}", path.display(), files::advice(&error)))?;
    ensure!(!is_there, "{} is already there and is left as it is; choose another name", path.display());
    Ok(())
}

/// Makes the folder of a new file if it is missing.
pub fn make_folder_of(path: &Path) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.map_or(Ok(()), fs::create_dir_all).map_err(|error| cannot_be_written(path, &error))
}

/// Writes a new file, and the folder for it if that is missing, as a whole or not at all.
pub fn write_new(path: &Path, contents: &[u8]) -> anyhow::Result<()> {
    check_free(path)?;
    make_folder_of(path)?;
    files::write_atomically(path, contents).map_err(|error| cannot_be_written(path, &error))
}

fn cannot_be_written(path: &Path, error: &io::Error) -> anyhow::Error {
    anyhow!("{}: cannot be written: {error}{}", path.display(), files::advice(error))
}
