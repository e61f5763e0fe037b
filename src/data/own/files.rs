//! The files of an IDX set in a folder, by their names.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::data::DataError;
use crate::data::listing::found_in;
use crate::files;
use crate::words::terminal::name;

/// The most bytes of a mapping; EMNIST's largest has 500.
const LARGEST_MAPPING: u64 = 1 << 16;

/// Images and their labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub images: PathBuf,
    pub labels: PathBuf,
}

/// The files of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    pub training: Pair,
    pub test: Pair,
    /// The absolute path with which it is found again.
    pub place: String,
    folder: PathBuf,
    prefix: String,
}

/// Test or training set; images or labels.
type Role = (bool, bool);
const ROLES: [(Role, &str); 4] = [
    ((false, false), "train-images-idx3-ubyte"),
    ((false, true), "train-labels-idx1-ubyte"),
    ((true, false), "t10k-images-idx3-ubyte"),
    ((true, true), "t10k-labels-idx1-ubyte"),
];

/// The files of one prefix, by what they are.
type Files = BTreeMap<Role, Vec<PathBuf>>;

/// The prefix and the role of a file of this name; `None` for other files.
fn role(file: &str) -> Option<(&str, Role)> {
    let stem = file.strip_suffix(".gz").unwrap_or(file);
    let mut starts: Vec<usize> = stem.match_indices(['-', '_', '.']).map(|(at, _)| at + 1).collect();
    starts.insert(0, 0);
    let word = |index: usize| {
        let start = *starts.get(index)?;
        let end = starts.get(index + 1).map_or(stem.len(), |next| next - 1);
        Some(&stem[start..end])
    };
    (0..starts.len()).find_map(|index| {
        let is_test = match word(index)? {
            "train" => false,
            "t10k" | "test" => true,
            _ => return None,
        };
        let is_labels = match word(index + 1)? {
            "images" => false,
            "labels" => true,
            _ => return None,
        };
        let is_idx = word(index + 2)?.starts_with("idx");
        is_idx.then(|| (stem[..starts[index]].trim_end_matches(['-', '_', '.']), (is_test, is_labels)))
    })
}

/// The sets of files in `folder` by their prefixes.
fn sets(folder: &Path) -> BTreeMap<String, Files> {
    let mut sets = BTreeMap::<String, Files>::new();
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()).filter(|path| files::may_be_file(path)) {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some((prefix, role)) = role(&file) {
            sets.entry(prefix.into()).or_default().entry(role).or_default().push(path);
        }
    }
    for paths in sets.values_mut().flat_map(BTreeMap::values_mut) {
        // Of a file and its archive, the archive is read, as of MNIST.
        paths.sort();
        let packed: Vec<PathBuf> =
            paths.iter().filter(|path| path.extension().is_some_and(|end| end == "gz")).cloned().collect();
        paths.retain(|path| !packed.iter().any(|archive| archive.with_extension("") == **path));
    }
    sets
}

/// The set at `path`: a folder, or a folder and the prefix of the files' names. A folder `raw` in it is looked into, too.
pub fn find(path: &Path) -> Result<Set, DataError> {
    let (folder, wanted) = match (path.is_dir(), path.parent(), path.file_name()) {
        (false, Some(parent), Some(prefix)) if parent.as_os_str().is_empty() || parent.is_dir() => {
            let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
            (parent, Some(prefix.to_string_lossy().into_owned()))
        }
        _ => (path, None),
    };
    let mut place = folder.to_path_buf();
    let mut all = sets(folder);
    if all.is_empty() {
        place = folder.join("raw");
        all = sets(&place);
    }
    if let Some(prefix) = &wanted {
        all.retain(|other, _| other == prefix);
    }
    let complete: Vec<&String> =
        all.iter().filter(|(_, files)| files.len() == ROLES.len()).map(|(prefix, _)| prefix).collect();
    match (&complete[..], all.len()) {
        ([prefix], _) => set(path, &place, prefix, &all[*prefix]),
        ([], 1) => Err(incomplete(&place, all.iter().next().expect("there is one"))),
        ([], _) => Err(none(path)),
        _ => {
            let names: Vec<String> =
                complete.iter().map(|prefix| format!("idx:{}", name(&place.join(prefix)))).collect();
            let (expected, found) = ("the files of one set".into(), format!("those of {}", names.len()));
            Err(DataError::Own {
                path: place.clone(),
                expected,
                found,
                advice: format!("name one: {}", names.join(", ")),
            })
        }
    }
}

fn set(path: &Path, folder: &Path, prefix: &str, files: &Files) -> Result<Set, DataError> {
    let one = |role: Role| match &files[&role][..] {
        [path] => Ok(path.clone()),
        several => {
            let names: Vec<String> = several.iter().map(|path| name(path)).collect();
            let (expected, found) = ("one file of each kind".into(), names.join(" and "));
            let advice = "move one of them elsewhere".into();
            Err(DataError::Own { path: folder.into(), expected, found, advice })
        }
    };
    let pair = |is_test| Ok::<_, DataError>(Pair { images: one((is_test, false))?, labels: one((is_test, true))? });
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.into());
    let (folder, prefix) = (folder.to_path_buf(), prefix.to_string());
    Ok(Set { training: pair(false)?, test: pair(true)?, place: absolute.display().to_string(), folder, prefix })
}

fn incomplete(folder: &Path, (prefix, files): (&String, &Files)) -> DataError {
    let lacks: Vec<String> = ROLES
        .iter()
        .filter(|(role, _)| !files.contains_key(role))
        .map(|(_, name)| if prefix.is_empty() { (*name).into() } else { format!("{prefix}-{name}") })
        .collect();
    let found = format!("none that is called like {}", lacks.join(" or "));
    let expected = "the four files of an IDX set: images and labels to train and to test".into();
    DataError::Own { path: folder.into(), expected, found, advice: "put it there".into() }
}

fn none(path: &Path) -> DataError {
    let expected = "the four files of an IDX set (train-images-idx3-ubyte, train-labels-idx1-ubyte, and those of t10k or test; with any prefix, with or without .gz)".into();
    let found = if path.exists() {
        found_in(path, "no such file".into())
    } else {
        "no such folder, and no files whose names begin so".into()
    };
    DataError::Own {
        path: path.into(),
        expected,
        found,
        advice: "name the folder that has them (--dataset idx:FOLDER)".into(),
    }
}

/// The names in the mapping beside the files, by label; `None` where there is no mapping.
///
/// # Errors
/// [`DataError::Own`] if a line is not a label and the codes of its characters, or [`DataError::Read`].
pub fn mapping(set: &Set) -> Result<Option<BTreeMap<i64, String>>, DataError> {
    let file = if set.prefix.is_empty() { "mapping.txt".into() } else { format!("{}-mapping.txt", set.prefix) };
    let path = set.folder.join(file);
    let bytes = files::read_if_there(&path, LARGEST_MAPPING)
        .map_err(|reason| DataError::Read { path: path.clone(), reason })?;
    let Some(bytes) = bytes else { return Ok(None) };
    let text = String::from_utf8_lossy(&bytes);
    let wrong = |expected, found| {
        let advice = "correct the line; without this file, classes are called by their labels".into();
        DataError::Own { path: path.clone(), expected, found, advice }
    };
    let mut names = BTreeMap::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let mut numbers = line.split_whitespace().map(str::parse::<i64>);
        // Of several characters, such as A and a, the first.
        let character =
            |code: i64| char::from_u32(u32::try_from(code).ok()?).filter(|character| !character.is_control());
        let entry = match (numbers.next(), numbers.next()) {
            (Some(Ok(label)), Some(Ok(code))) => character(code).map(|character| (label, character)),
            _ => None,
        };
        let Some((label, character)) = entry.filter(|_| numbers.all(|number| number.is_ok())) else {
            let expected = "lines of a label and the code of its character, such as \"10 65\"".into();
            return Err(wrong(expected, format!("{line:?} in line {}", number + 1)));
        };
        if names.insert(label, character.to_string()).is_some() {
            return Err(wrong("each label once".into(), format!("{label} again in line {}", number + 1)));
        }
    }
    Ok(Some(names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_names() {
        let (training_images, test_labels) = ((false, false), (true, true));
        for (name, found) in [
            ("train-images-idx3-ubyte", Some(("", training_images))),
            ("train-images.idx3-ubyte.gz", Some(("", training_images))),
            ("emnist-letters-train-images-idx3-ubyte.gz", Some(("emnist-letters", training_images))),
            ("emnist-letters-test-labels-idx1-ubyte", Some(("emnist-letters", test_labels))),
            ("t10k-labels-idx1-ubyte", Some(("", test_labels))),
            ("qmnist-test-labels-idx2-int.gz", Some(("qmnist", test_labels))),
            ("my.data_train-images-idx3-ubyte", Some(("my.data", training_images))),
            ("train-images.png", None),
            ("restrain-images-idx3-ubyte", None),
            ("train-pictures-idx3-ubyte", None),
            ("images-idx3-ubyte", None),
            ("train", None),
            ("", None),
        ] {
            assert_eq!(role(name), found, "{name}");
        }
    }
}
