//! Files that a command is asked to write: one that is there is replaced only where that is asked for.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{anyhow, ensure};
use clap::Args;
use lenet5::files;

/// Of every command that writes a file of a name that was given to it.
#[derive(Args, Clone, Copy)]
pub struct OutputArguments {
    /// Write over the named files that are there already
    #[arg(long)]
    replace: bool,
}

impl OutputArguments {
    /// Checks, before any work, that the file that `option` names can be written and ends in `.ENDING`.
    pub fn check_ending(self, path: &Path, option: &str, ending: &str) -> anyhow::Result<()> {
        let is_one = path.extension().is_some_and(|end| end.eq_ignore_ascii_case(ending));
        ensure!(is_one, "{}: expected a name that ends in .{ending} ({option})", path.display());
        self.check(path)
    }

    /// Checks that there is nothing of this name, or, where files are replaced, nothing but a regular file.
    pub fn check(self, path: &Path) -> anyhow::Result<()> {
        let is_there =
            files::is_there(path).map_err(|error| anyhow!("{}: {error}{}", path.display(), files::advice(&error)))?;
        if is_there && self.replace {
            let is_regular = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
            ensure!(is_regular, "{} is not a regular file, and is left as it is; choose another name", path.display());
            return Ok(());
        }
        ensure!(
            !is_there,
            "{} is already there and is left as it is; choose another name, or write over it (--replace)",
            path.display()
        );
        Ok(())
    }

    /// Writes a file, and the folder for it if that is missing, as a whole or not at all.
    pub fn write(self, path: &Path, contents: &[u8]) -> anyhow::Result<()> {
        self.check(path)?;
        make_folder_of(path)?;
        files::write_atomically(path, contents).map_err(|error| cannot_be_written(path, &error))
    }
}

/// Makes the folder of a file if it is missing.
pub fn make_folder_of(path: &Path) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.map_or(Ok(()), fs::create_dir_all).map_err(|error| cannot_be_written(path, &error))
}

fn cannot_be_written(path: &Path, error: &io::Error) -> anyhow::Error {
    anyhow!("{}: cannot be written: {error}{}", path.display(), files::advice(error))
}
