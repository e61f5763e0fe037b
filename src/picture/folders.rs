//! A data set of pictures: a folder a class, whose name is the class's.
//!
//! In the folder are the classes, or `train` and `test` with the classes in each. Without these two, the pictures of a class are sorted
//! by name, and every seventh of them, from the fourth on, is a test picture: the same ones whenever the folder has the same files.
//! Pictures are read as a whole ([`read_whole`]); on their way to the network classes take turns, each in proportion to its size, so
//! that the first patterns and the last ones have all classes among them.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::problem::{ENDINGS, PictureError, is_sidecar};
use super::whole::{Form, Whole, read_whole};
use crate::data::download::DownloadObserver;
use crate::data::own::Preparation;
use crate::data::{Dataset, Images, ImagesError, MOST_CLASSES, Source};
use crate::words::terminal::name;
use crate::words::{count, thousands};

/// Of so many pictures of a class one is a test picture.
const SEVENTH: usize = 7;
/// The number of the first one, counted from 0.
const FOURTH: usize = 3;
/// The most problems of one kind that a message lists.
const LISTED: usize = 5;

/// A folder that is no data set.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// A folder does not hold what it must.
    #[error("{}: expected {expected}, found {found}; {advice}", name(path))]
    Contents {
        /// The folder.
        path: PathBuf,
        /// What must be there.
        expected: String,
        /// What is there.
        found: String,
        /// What to do.
        advice: &'static str,
    },
    /// A folder cannot be read.
    #[error("{}: expected a readable folder, found: {reason}; check its name and permissions", name(path))]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// The system's error.
        reason: std::io::Error,
    },
    /// Pictures cannot be read.
    #[error("{} cannot be read; repair them or take them out of the folder:{list}", count(*number, "picture"))]
    Pictures {
        /// Their number.
        number: usize,
        /// A line for each of the first ones.
        list: String,
    },
}

/// The pictures of a class.
struct Class {
    name: String,
    pictures: Vec<PathBuf>,
}

/// A picture and its class.
type Labelled = (PathBuf, u8);

/// Reads the data set in `folder`. `progress` receives how it was divided and read.
///
/// # Errors
/// [`FolderError`] if there are not two classes or more, one of them is empty, `test` has a class that `train` lacks, or a picture cannot be
/// read.
pub fn load(
    folder: &Path,
    preparation: &Preparation,
    progress: &mut dyn DownloadObserver,
) -> Result<Dataset, FolderError> {
    let (train, test) = (folder.join("train"), folder.join("test"));
    let divided = train.is_dir() && test.is_dir();
    let classes = classes(if divided { &train } else { folder }, progress)?;
    let names: Vec<String> = classes.iter().map(|class| class.name.clone()).collect();
    let [training, tested] = if divided {
        progress.note(&format!("{}: divided by its folders train and test{}", name(folder), others(folder)?));
        [in_turns(&classes, |_| true), in_turns(&of_test(&test, &names, progress)?, |_| true)]
    } else {
        progress.note(&format!(
            "{}: of each class, every seventh picture by name, from the fourth on, is a test picture",
            name(folder)
        ));
        let is_tested = |index: usize| index % SEVENTH == FOURTH;
        [in_turns(&classes, |index| !is_tested(index)), in_turns(&classes, is_tested)]
    };
    if tested.is_empty() {
        let expected = format!("a class of {} pictures or more, of which one is to test", FOURTH + 1);
        let advice = "add pictures, or make the folders train and test";
        return Err(contents(folder, expected, "none".into(), advice));
    }
    let origin = std::path::absolute(folder).unwrap_or_else(|_| folder.into()).display().to_string();
    let [training, test] = [("training", training), ("test", tested)].map(|(set, pictures)| {
        let images = read(&pictures, set, preparation, progress)?;
        let alike = |error: ImagesError| {
            let advice = "rename the folders so that their names differ in the characters of Unicode";
            contents(folder, "folders of different names".into(), error.to_string(), advice)
        };
        images.named(names.clone()).map_err(alike)
    });
    Ok(Dataset { source: Source::Folder, origin, training: training?, test: test? })
}

/// What stands beside the folders train and test and is not read, in words; empty where there is nothing.
fn others(folder: &Path) -> Result<String, FolderError> {
    let [folders, files] = entries(folder)?;
    let is_other = |path: &&PathBuf| !["train", "test"].iter().any(|part| path.ends_with(part));
    let names: Vec<String> = folders.iter().chain(&files).filter(is_other).map(|path| name(path)).collect();
    let list = names.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ");
    let more = if names.len() > LISTED { ", ..." } else { "" };
    Ok(if names.is_empty() { String::new() } else { format!("; not read: {list}{more}") })
}

fn contents(path: &Path, expected: String, found: String, advice: &'static str) -> FolderError {
    FolderError::Contents { path: path.into(), expected, found, advice }
}

/// What is in a folder, sorted by name, without hidden files: folders, and files.
fn entries(folder: &Path) -> Result<[Vec<PathBuf>; 2], FolderError> {
    let all = fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut paths: Vec<PathBuf> = all.map_err(|reason| FolderError::Unreadable { path: folder.into(), reason })?;
    paths.retain(|path| !is_sidecar(path));
    paths.sort();
    let (folders, files) = paths.into_iter().partition(|path| path.is_dir());
    Ok([folders, files])
}

/// The classes in `folder`, each with a picture or more.
fn classes(folder: &Path, progress: &mut dyn DownloadObserver) -> Result<Vec<Class>, FolderError> {
    let [folders, files] = entries(folder)?;
    let advice = "put the pictures of each class into a folder of its name";
    if !(2..=MOST_CLASSES).contains(&folders.len()) {
        let expected = format!("2 to {MOST_CLASSES} folders, one a class");
        let found = format!("{} and {}", count(folders.len(), "folder"), count(files.len(), "file"));
        return Err(contents(folder, expected, found, advice));
    }
    let mut skipped = files.len();
    let mut classes = Vec::new();
    for path in folders {
        let [deeper, mut pictures] = entries(&path)?;
        let all = pictures.len() + deeper.len();
        pictures.retain(|path| is_picture(path));
        skipped += all - pictures.len();
        if pictures.is_empty() {
            let expected = format!("pictures, whose names end in {}", ENDINGS.map(|end| format!(".{end}")).join(", "));
            let found = format!("none among {}", count(all, "entry").replace("entrys", "entries"));
            let advice = match deeper.is_empty() {
                true => "add some, or take the folder away",
                false => {
                    "put the pictures of a class directly into its folder; folders of a fixed split are called train and test"
                }
            };
            return Err(contents(&path, expected, found, advice));
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        classes.push(Class { name, pictures });
    }
    if skipped > 0 {
        progress.note(&format!(
            "{}: skipped {}, no pictures by their names",
            name(folder),
            count(skipped, "other entry").replace("entrys", "entries")
        ));
    }
    Ok(classes)
}

/// True if the name ends as that of a picture.
fn is_picture(path: &Path) -> bool {
    let end = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    ENDINGS.contains(&&*end)
}

/// The classes of `names` in the folder `test`, without pictures where it has none of a class.
fn of_test(test: &Path, names: &[String], progress: &mut dyn DownloadObserver) -> Result<Vec<Class>, FolderError> {
    let mut found = classes(test, progress)?;
    if let Some(class) = found.iter().find(|class| !names.contains(&class.name)) {
        let expected = "the classes of train and no others".into();
        return Err(contents(test, expected, format!("the folder \"{}\"", class.name), "rename it, or take it away"));
    }
    let mut class = |name: &String| {
        let place = found.iter().position(|class| class.name == *name);
        place.map_or_else(|| Class { name: name.clone(), pictures: Vec::new() }, |place| found.swap_remove(place))
    };
    Ok(names.iter().map(&mut class).collect())
}

/// The chosen pictures of all classes, each class in proportion to its size in every part of the list.
fn in_turns(classes: &[Class], is_chosen: impl Fn(usize) -> bool) -> Vec<Labelled> {
    let mut all: Vec<((usize, usize), Labelled)> = Vec::new();
    for (label, class) in classes.iter().enumerate() {
        let chosen: Vec<&PathBuf> =
            class.pictures.iter().enumerate().filter(|(index, _)| is_chosen(*index)).map(|(_, path)| path).collect();
        let of = 2 * chosen.len();
        // There are at most 256 classes.
        all.extend(
            chosen.into_iter().enumerate().map(|(index, path)| ((2 * index + 1, of), (path.clone(), label as u8))),
        );
    }
    // By the fraction of its class that comes before the middle of a picture.
    all.sort_by(|((a, of_a), one), ((b, of_b), other)| {
        (*a as u128 * *of_b as u128).cmp(&(*b as u128 * *of_a as u128)).then(one.1.cmp(&other.1))
    });
    all.into_iter().map(|(_, labelled)| labelled).collect()
}

/// Reads these pictures, on all cores.
fn read(
    pictures: &[Labelled],
    set: &str,
    preparation: &Preparation,
    progress: &mut dyn DownloadObserver,
) -> Result<Images, FolderError> {
    let (frame, channels) = (preparation.frame(), if preparation.input.maps == 3 { 3 } else { 1 });
    let form = Form { channels, frame, transpose: preparation.transpose };
    let read: Vec<Result<Whole, PictureError>> = pictures.par_iter().map(|(path, _)| read_whole(path, form)).collect();
    let problems: Vec<String> =
        read.iter().filter_map(|read| read.as_ref().err()).map(PictureError::to_string).collect();
    if !problems.is_empty() {
        let list: String = problems.iter().take(LISTED).map(|problem| format!("\n  {problem}")).collect();
        let more = if problems.len() > LISTED { "\n  ..." } else { "" };
        return Err(FolderError::Pictures { number: problems.len(), list: list + more });
    }
    let mut pixels = Vec::with_capacity(pictures.len() * channels * frame.0 * frame.1);
    let (mut least, mut most, mut inverted) = ((u32::MAX, u32::MAX), (0, 0), 0);
    for Whole { pixels: own, size, inverted: is_inverted } in read.into_iter().flatten() {
        pixels.extend(own);
        least = (least.0.min(size.0), least.1.min(size.1));
        most = (most.0.max(size.0), most.1.max(size.1));
        inverted += usize::from(is_inverted);
    }
    progress.note(&format!(
        "{}, {} x {} to {} x {} pixels (width x height), {}; {} inverted, being light at the border",
        count(pictures.len(), &format!("{set} picture")),
        least.0,
        least.1,
        most.0,
        most.1,
        preparation.in_words((0, 0)),
        thousands(inverted),
    ));
    let labels = pictures.iter().map(|(_, label)| *label).collect();
    Ok(Images::with_channels(channels, frame.0, frame.1, pixels, labels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_take_turns_in_proportion() {
        let class = |name: &str, number: usize| Class {
            name: name.into(),
            pictures: (0..number).map(|index| format!("{name}{index}").into()).collect(),
        };
        let order = |sizes: [usize; 2]| -> Vec<u8> {
            in_turns(&[class("a", sizes[0]), class("b", sizes[1])], |_| true)
                .into_iter()
                .map(|(_, label)| label)
                .collect()
        };
        assert_eq!(order([3, 3]), [0, 1, 0, 1, 0, 1]);
        assert_eq!(order([4, 2]), [0, 1, 0, 0, 1, 0]);
        assert_eq!(order([1, 5]), [1, 1, 0, 1, 1, 1]);
    }
}
