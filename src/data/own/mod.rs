//! A user's own IDX files: found, read one image at a time, and brought to the size of a network's input.
//!
//! Four files make a set: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, and those of the test set, which begin with `t10k` or
//! `test`. Before these words may stand any prefix (`emnist-letters-train-images-idx3-ubyte`), a point may stand for the second dash
//! (`train-images.idx3-ubyte`), and each file may be packed (`.gz`). Images are bytes, of any size. Labels are bytes, 32-bit integers,
//! or QMNIST's rows of eight. The labels of the training set, in rising order, are the classes; a file `PREFIX-mapping.txt`, as EMNIST
//! has one, names them.
//!
//! What is read is bounded by the data: a file whose length is not what its header says is refused before its images are read, and one
//! image is in memory beside the scaled ones.

mod classes;
mod files;
mod fit;
mod preparation;
mod read;

pub use classes::{Classes, ClassesError};
pub use fit::{fitted, transposed};
pub use preparation::Preparation;

use std::path::Path;

use super::download::DownloadObserver;
use super::{Choice, DataError, Dataset, Images, Source};
use crate::words::{count, thousands};

/// Of so many training images the order is spoken of: the curvature is estimated on as many of them.
const MANY: usize = 500;

/// Reads the IDX set at `path`: a folder, or a folder and the prefix of the names of the set's files, such as `data/emnist-letters`.
/// `progress` receives what was read and how.
///
/// # Errors
/// [`DataError::Own`] if the four files are not there, are of several sets, or are not what their names say; [`DataError::Read`] if one
/// cannot be read.
pub fn load(path: &Path, preparation: &Preparation, progress: &mut dyn DownloadObserver) -> Result<Dataset, DataError> {
    let set = files::find(path)?;
    let mapping = files::mapping(&set)?;
    let [training_labels, test_labels] = [read::labels(&set.training.labels)?, read::labels(&set.test.labels)?];
    let classes = Classes::of(&training_labels, mapping)
        .map_err(|error| DataError::own_file(&set.training.labels, error.expected, error.found))?;
    if training_labels.len() > MANY && training_labels.is_sorted() {
        progress.note(&format!(
            "{}: the training images stand in the order of their classes, so that the first and the last ones show few of these; take \
             --set curvature_patterns=random, and neither training_patterns nor held_out",
            set.training.labels.display()
        ));
    }
    let mut pair = |files: &files::Pair, labels: &[i64]| {
        let labels =
            classes.numbers(labels).map_err(|error| DataError::own_file(&files.labels, error.expected, error.found))?;
        let (images, size) = read::images(&files.images, preparation, labels)?;
        let (height, width) = size;
        progress.note(&format!(
            "{}: {} of {} x {} pixels, {}",
            files.images.display(),
            count(images.len(), "image"),
            thousands(height),
            thousands(width),
            preparation.in_words(if preparation.transpose { (width, height) } else { size })
        ));
        let named = images.named(classes.names().to_vec());
        named.map_err(|error| DataError::own_file(&files.labels, "classes with names".into(), error.to_string()))
    };
    let training = pair(&set.training, &training_labels)?;
    let test = pair(&set.test, &test_labels)?;
    let shape = |images: &Images| images.size();
    if shape(&training) != shape(&test) {
        let in_pixels = |(height, width)| format!("images of {height} x {width} pixels");
        return Err(DataError::own_file(&set.test.images, in_pixels(shape(&training)), in_pixels(shape(&test))));
    }
    Ok(Dataset { source: Source::Idx, origin: set.place, training, test })
}

/// The error of a choice that is not read here: a folder of pictures, or a program's own images.
pub(super) fn not_here(choice: &Choice) -> DataError {
    let advice = match choice {
        Choice::Folder(_) => "read it with the feature `picture`, by `picture::folders::load`",
        _ => {
            "a program's own images can be given by that program alone; run it again, or bring them as idx: or folder:"
        }
    };
    let (expected, found) = ("a data set in files of IDX".into(), "another kind".into());
    DataError::Own { path: choice.to_string().into(), expected, found, advice: advice.into() }
}
