//! The pictures in a folder, and its skipped files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use lenet5::picture::{ENDINGS, is_sidecar};
use lenet5::words::count;
use lenet5::words::terminal::name;

/// The number of levels below the named folder that are searched, enough for the usual layout `mnist/train/7/1.png`.
const DEPTH: usize = 2;
/// The most kinds of skipped files that are named.
const KINDS: usize = 5;

#[derive(Default)]
pub struct Contents {
    /// The pictures, sorted by their paths.
    pub pictures: Vec<PathBuf>,
    pub unreadable: Vec<(PathBuf, io::Error)>,
    /// The number of skipped files of each kind.
    skipped: BTreeMap<String, usize>,
    /// The number of folders that are too deep to be searched.
    deeper: usize,
    /// The canonical paths of the searched folders: a link may lead back to one of them.
    seen: BTreeSet<PathBuf>,
}

impl Contents {
    /// Searches `folder` and the folders in it.
    pub fn of(folder: &Path) -> Self {
        let mut contents = Self::default();
        contents.look_into(folder, DEPTH);
        contents.pictures.sort();
        contents
    }

    fn look_into(&mut self, folder: &Path, depth: usize) {
        let own = match fs::canonicalize(folder) {
            Ok(own) => own,
            Err(error) => return self.unreadable.push((folder.into(), error)),
        };
        if !self.seen.insert(own) {
            return;
        }
        let entries = fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
        let mut paths: Vec<PathBuf> = match entries {
            Ok(paths) => paths,
            Err(error) => return self.unreadable.push((folder.into(), error)),
        };
        paths.retain(|path| !is_sidecar(path));
        paths.sort();
        let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = paths.into_iter().partition(|path| path.is_dir());
        for file in files {
            let end = file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
            if ENDINGS.contains(&&*end) {
                self.pictures.push(file);
            } else {
                *self.skipped.entry(end).or_default() += 1;
            }
        }
        match depth.checked_sub(1) {
            Some(depth) => folders.iter().for_each(|folder| self.look_into(folder, depth)),
            None => self.deeper += folders.len(),
        }
    }

    /// A line for each reason to skip files or folders.
    pub fn skipped(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let files: usize = self.skipped.values().sum();
        if files > 0 {
            let mut kinds: Vec<(&str, usize)> = self.skipped.iter().map(|(end, &count)| (&**end, count)).collect();
            kinds.sort_by_key(|kind| std::cmp::Reverse(kind.1));
            let others: usize = kinds.iter().skip(KINDS).map(|kind| kind.1).sum();
            let mut names: Vec<String> = kinds.iter().take(KINDS).map(kind).collect();
            names.extend((others > 0).then(|| format!("{others} of other kinds")));
            lines.push(format!(
                "skipped {files} {}, whose names do not end in {}: {}",
                if files == 1 { "file" } else { "files" },
                endings(),
                names.join(", ")
            ));
        }
        if self.deeper > 0 {
            let folders = count(self.deeper, "folder");
            lines.push(format!(
                "skipped {folders} at more than {DEPTH} levels of depth; what is given by its own path is read"
            ));
        }
        lines
    }
}

/// [`ENDINGS`] as a list in words.
pub fn endings() -> String {
    ENDINGS.map(|end| format!(".{end}")).join(", ")
}

fn kind((end, count): &(&str, usize)) -> String {
    if end.is_empty() { format!("{count} without an ending") } else { format!("{count} .{}", name(end.as_ref())) }
}
