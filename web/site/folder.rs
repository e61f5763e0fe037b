//! The folder that is written: as a whole or not at all, and over nothing of a user's.

use std::cell::RefCell;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// A file that says that a folder was written by this program, so that it may be written again.
const MARK: &str = "site.txt";

/// A folder in the making, beside its place.
pub struct Folder {
    place: PathBuf,
    draft: PathBuf,
    sizes: RefCell<Vec<(String, usize, usize)>>,
    digest: RefCell<Sha256>,
}

impl Folder {
    /// A new folder for `place`, where there is nothing yet, or an empty folder, or one that this program wrote.
    pub fn create(place: &Path) -> anyhow::Result<Self> {
        let is_empty = fs::read_dir(place).map_or(!place.exists(), |mut entries| entries.next().is_none());
        ensure!(
            is_empty || place.join(MARK).is_file(),
            "{}: there is something else here, which is not written over; name another folder",
            place.display()
        );
        let mut draft = place.to_path_buf().into_os_string();
        draft.push(".draft");
        let draft = PathBuf::from(draft);
        if draft.join(MARK).is_file() {
            fs::remove_dir_all(&draft)?; // of a run that was stopped
        }
        fs::create_dir_all(&draft).with_context(|| format!("{}: cannot be made", draft.display()))?;
        let folder = Self { place: place.into(), draft, sizes: RefCell::default(), digest: RefCell::default() };
        folder.write(MARK, b"Written by lenet5-site; may be deleted, and written again by it.\n")?;
        Ok(folder)
    }

    /// Writes a file.
    pub fn write(&self, name: &str, content: &[u8]) -> anyhow::Result<()> {
        let path = self.draft.join(name);
        fs::create_dir_all(path.parent().context("a file is in a folder")?)?;
        fs::write(&path, content).with_context(|| format!("{}: cannot be written", path.display()))?;
        let mut compressed = GzEncoder::new(Vec::new(), Compression::best());
        compressed.write_all(content)?;
        self.digest.borrow_mut().update(content);
        self.sizes.borrow_mut().push((name.into(), content.len(), compressed.finish()?.len()));
        Ok(())
    }

    /// The names of the files so far.
    pub fn names(&self) -> Vec<String> {
        self.sizes.borrow().iter().map(|(name, ..)| name.clone()).filter(|name| name != MARK).collect()
    }

    /// Of all that has been written so far, in hexadecimal.
    pub fn digest(&self) -> String {
        self.digest.borrow().clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Puts the folder in its place, and prints its sizes: of large files, of those that a first answer takes, and of all.
    pub fn finish(self, is_first: impl Fn(&str) -> bool) -> anyhow::Result<()> {
        if self.place.exists() {
            fs::remove_dir_all(&self.place).with_context(|| format!("{}: cannot be replaced", self.place.display()))?;
        }
        fs::rename(&self.draft, &self.place)
            .with_context(|| format!("{}: cannot be put in place", self.place.display()))?;
        let sizes = self.sizes.borrow();
        println!("{:>9} {:>9}  file", "bytes", "gzip");
        for (name, bytes, compressed) in sizes.iter().filter(|(_, bytes, _)| *bytes > 20_000) {
            println!("{bytes:>9} {compressed:>9}  {name}");
        }
        let print_sum = |what: &str, is_meant: &dyn Fn(&str) -> bool| {
            let meant = || sizes.iter().filter(|(name, ..)| is_meant(name));
            let (bytes, compressed) =
                (meant().map(|size| size.1).sum::<usize>(), meant().map(|size| size.2).sum::<usize>());
            println!("{bytes:>9} {compressed:>9}  {what}");
        };
        print_sum("taken by a first answer", &is_first);
        print_sum(&format!("all of {}", self.place.display()), &|_| true);
        Ok(())
    }
}
