//! IDX files of a user: names, formats, sizes, and what is refused.

use std::fs;
use std::path::Path;

use lenet5::data::download::{DownloadObserver, Options};
use lenet5::data::own::{Preparation, load};
use lenet5::data::{Choice, DataError, Dataset, Source, open_at, open_for};
use lenet5::kernels::maps::Shape;
use temp_dir::TempDir;

use super::made::{raw, write};
use crate::idx::{gzip, idx};

/// The sentences about what was read.
#[derive(Default)]
pub struct Notes(pub Vec<String>);

impl DownloadObserver for Notes {
    fn note(&mut self, text: &str) {
        self.0.push(text.into());
    }
}

fn open(path: &Path) -> Result<Dataset, DataError> {
    load(path, &Preparation::default(), &mut ())
}

fn refused(path: &Path) -> String {
    open(path).unwrap_err().to_string()
}

/// Numbers as an IDX file of 32-bit integers.
fn integers(sizes: &[u32], numbers: &[i32]) -> Vec<u8> {
    let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
    let mut file = idx(sizes, &bytes);
    file[2] = 0x0c;
    file
}

/// Six images of 28 x 28, of labels 3, 5, 9 in turns.
fn small() -> TempDir {
    let folder = TempDir::new().unwrap();
    raw(
        folder.path(),
        6,
        (28, 28),
        |image, pixel| (image * 40 + pixel % 7) as u8,
        |image| [3, 5, 9][image as usize % 3],
    );
    folder
}

#[test]
fn labels_in_rising_order_are_the_classes_and_their_names() {
    let folder = small();
    let data = open(folder.path()).unwrap();
    assert_eq!((data.source, data.sizes()), (Source::Idx, (6, 6)));
    assert_eq!(data.training.labels(), [0, 1, 2, 0, 1, 2]);
    assert_eq!(data.training.class_names(), ["3", "5", "9"]);
    assert_eq!(data.training.size(), (28, 28));
    assert_eq!(data.training.image(1)[..8], [40, 41, 42, 43, 44, 45, 46, 40]);
    let absolute = std::path::absolute(folder.path()).unwrap().display().to_string();
    assert_eq!(data.choice(), Choice::Idx(absolute.clone()));
    // The choice finds the same data again.
    let again = open_for(&data.choice(), None, &Preparation::default(), &Options::default(), &mut ()).unwrap();
    assert_eq!(again.own_data(), data.own_data());
    assert_eq!(open_at(Choice::Idx(absolute), &[], &Options::default(), &mut ()).unwrap().training, data.training);
}

#[test]
fn names_of_files_may_be_any_of_the_published_ones() {
    let expected = open(small().path()).unwrap();
    let parts = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"];
    for rename in [
        |part: &str| format!("{}.{}-ubyte", &part[..part.len() - 5], &part[part.len() - 4..]),
        |part: &str| format!("emnist-digits-{part}-ubyte"),
        |part: &str| format!("{}-ubyte", part.replace("t10k", "test")),
        |part: &str| format!("my_own.{part}-ubyte"),
    ] {
        let folder = small();
        for part in parts {
            fs::rename(folder.path().join(format!("{part}-ubyte")), folder.path().join(rename(part))).unwrap();
        }
        assert_eq!(open(folder.path()).unwrap().training, expected.training, "{}", rename(parts[0]));
    }
    // In a folder raw, as torchvision has them; packed.
    let (folder, raw) = (TempDir::new().unwrap(), small());
    fs::create_dir(folder.path().join("raw")).unwrap();
    for part in parts {
        let bytes = fs::read(raw.path().join(format!("{part}-ubyte"))).unwrap();
        write(folder.path(), &format!("raw/{part}-ubyte.gz"), gzip(bytes));
    }
    assert_eq!(open(folder.path()).unwrap().test, expected.test);
}

#[test]
fn labels_may_be_of_32_bits_or_rows_of_eight() {
    let expected = open(small().path()).unwrap();
    let labels = [3, 5, 9, 3, 5, 9];
    let rows: Vec<i32> = labels.iter().flat_map(|&label| [label, 4, 2578, 69, 33, 1000, 0, 0]).collect();
    for (name, file) in [
        ("train-labels-idx1-int", integers(&[6], &labels)),
        ("train-labels-idx2-int", integers(&[6, 8], &rows)),
        ("train-labels.idx1-ubyte.gz", gzip(integers(&[6], &labels))),
    ] {
        let folder = small();
        fs::remove_file(folder.path().join("train-labels-idx1-ubyte")).unwrap();
        write(folder.path(), name, file);
        assert_eq!(open(folder.path()).unwrap().training, expected.training, "{name}");
    }
    // Any integers are labels.
    let folder = small();
    write(folder.path(), "train-labels-idx1-ubyte", integers(&[6], &[-7, 70_000, 0, 0, -7, 70_000]));
    write(folder.path(), "t10k-labels-idx1-ubyte", integers(&[6], &[0; 6]));
    let data = open(folder.path()).unwrap();
    assert_eq!(data.training.class_names(), ["-7", "0", "70000"]);
    assert_eq!((data.training.labels(), data.test.labels()), (&[0, 2, 1, 1, 0, 2][..], &[1; 6][..]));
}

#[test]
fn a_mapping_names_the_classes() {
    let folder = small();
    write(folder.path(), "mapping.txt", "3 65 97\n5 66 98\n\n9 48\n7 55\n");
    assert_eq!(open(folder.path()).unwrap().training.class_names(), ["A", "B", "0"]);
    for (mapping, message) in [
        ("3 65\n5 66\n", "found the label 9, which is not among them"),
        ("3 65\n5 B\n", "found \"5 B\" in line 2"),
        ("3 65\n5 -1\n", "found \"5 -1\" in line 2"),
        ("3 65\n3 66\n", "found 3 again in line 2"),
        ("3 65\n5 65\n9 66\n", "found \"A\" twice"),
    ] {
        write(folder.path(), "mapping.txt", mapping);
        let error = refused(folder.path());
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn images_of_other_sizes_are_brought_to_the_network_s_and_that_is_said() {
    let read = |size: (u32, u32), preparation: Preparation| {
        let folder = TempDir::new().unwrap();
        raw(folder.path(), 2, size, |_, pixel| if pixel / size.1 < size.0 / 2 { 200 } else { 0 }, |image| image as u8);
        let mut notes = Notes::default();
        let data = load(folder.path(), &preparation, &mut notes).unwrap();
        assert_eq!(notes.0.len(), 2, "training and test images");
        (data.training, notes.0[0].clone())
    };
    let (large, note) = read((112, 112), Preparation::default());
    assert_eq!(large.size(), (28, 28));
    assert_eq!((large.image(0)[13 * 28], large.image(0)[14 * 28]), (200, 0));
    assert!(
        note.contains("2 images of 112 x 112 pixels, the longer side scaled to fill 28 x 28 by area, aspect kept"),
        "{note}"
    );
    let (wide, _) = read((8, 32), Preparation::default());
    let inked: Vec<usize> = (0..28).filter(|row| wide.image(0)[row * 28] > 0).collect();
    assert_eq!(inked, [10, 11, 12, 13], "7 rows in the middle, of which the upper half is ink");
    let (as_it_is, note) = read((32, 32), Preparation::default());
    assert_eq!(as_it_is.size(), (32, 32));
    assert!(note.contains("as they are"), "{note}");
    let transpose = Preparation { transpose: true, ..Preparation::default() };
    let (turned, note) = read((28, 28), transpose);
    assert_eq!((turned.image(0)[13], turned.image(0)[14]), (200, 0));
    assert!(note.contains("transposed"), "{note}");
    let (other, _) = read((20, 20), Preparation { input: Shape::new(1, 64, 48), transpose: false });
    assert_eq!(other.size(), (64, 48));
}

#[test]
fn a_set_in_the_order_of_its_classes_is_spoken_of() {
    let said = |label: fn(u32) -> u8| {
        let folder = TempDir::new().unwrap();
        raw(folder.path(), 600, (4, 4), |_, _| 0, label);
        let mut notes = Notes::default();
        load(folder.path(), &Preparation::default(), &mut notes).unwrap();
        notes.0.iter().any(|note| note.contains("in the order of their classes"))
    };
    assert!(said(|image| (image / 300) as u8) && !said(|image| (image % 2) as u8));
}

#[test]
fn several_sets_in_a_folder_are_told_apart_by_the_prefix() {
    let folder = TempDir::new().unwrap();
    for prefix in ["emnist-letters", "emnist-digits"] {
        let own = small();
        for entry in fs::read_dir(own.path()).unwrap().flatten() {
            let name = format!("{prefix}-{}", entry.file_name().to_string_lossy());
            fs::copy(entry.path(), folder.path().join(name)).unwrap();
        }
    }
    let error = refused(folder.path());
    assert!(error.contains("found those of 2; name one: idx:") && error.contains("emnist-digits, idx:"), "{error}");
    let data = open(&folder.path().join("emnist-letters")).unwrap();
    assert_eq!(data.sizes(), (6, 6));
    assert!(data.origin.ends_with("emnist-letters"));
    let error = refused(&folder.path().join("emnist-mist"));
    assert!(error.contains("no files whose names begin so"), "{error}");
    fs::remove_file(folder.path().join("emnist-letters-t10k-labels-idx1-ubyte")).unwrap();
    let error = refused(&folder.path().join("emnist-letters"));
    assert!(error.contains("found none that is called like emnist-letters-t10k-labels-idx1-ubyte"), "{error}");
    assert_eq!(open(folder.path()).unwrap().sizes(), (6, 6), "the only complete one");
}

/// What is wrong with a file, what was expected, and where: nothing is read of it, and nothing written.
#[test]
fn broken_files_are_refused_with_their_place() {
    let images = idx(&[6, 28, 28], &[9; 6 * 784]);
    let labels = idx(&[6], &[3, 5, 9, 3, 5, 9]);
    let huge = idx(&[u32::MAX, u32::MAX, u32::MAX], &[0; 100]);
    let mut floats = images.clone();
    floats[2] = 0x0d;
    let packed = gzip(&images);
    for (name, bytes, message) in [
        (
            "train-images-idx3-ubyte",
            images[..images.len() - 1].to_vec(),
            "expected 4720 bytes, for dimensions [6, 28, 28], found 4719",
        ),
        ("train-images-idx3-ubyte", [&images[..], &[0]].concat(), "found 4721 bytes"),
        ("train-images-idx3-ubyte", huge.clone(), "dimensions of a file that can exist"),
        ("train-images-idx3-ubyte", gzip(&huge), "images of at most 16384 pixels a side"),
        ("train-images-idx3-ubyte", floats, "three dimensions of type 0x08"),
        ("train-images-idx3-ubyte", labels.clone(), "three dimensions of type 0x08"),
        ("train-images-idx3-ubyte", Vec::new(), "expected an IDX file"),
        ("train-images-idx3-ubyte", b"\x89PNG\r\n".to_vec(), "found \"89 50 4e 47\""),
        ("train-images-idx3-ubyte", idx(&[6, 28, 0], &[]), "expected 3 dimensions of at least 1, found [6, 28, 0]"),
        ("train-images-idx3-ubyte", idx(&[6, 3, 3], &[0; 54]), "found 3 x 3"),
        ("train-images-idx3-ubyte", idx(&[5, 28, 28], &[9; 5 * 784]), "expected 6 images, one for each label, found 5"),
        ("train-images-idx3-ubyte", packed[..packed.len() / 2].to_vec(), "the archive is damaged or incomplete"),
        ("train-images-idx3-ubyte", gzip(&images[..images.len() - 1]), "found the end of the file in image 5"),
        (
            "train-images-idx3-ubyte",
            gzip([&images[..], &[0]].concat()),
            "expected 6 images and no more, found further bytes",
        ),
        ("train-labels-idx1-ubyte", labels[..13].to_vec(), "expected 14 bytes"),
        ("train-labels-idx1-ubyte", idx(&[6], &[4; 6]), "two different labels or more, found the label 4 alone"),
        ("train-labels-idx1-ubyte", integers(&[6, 7], &[0; 42]), "rows of 8 integers, found dimensions [6, 7]"),
        ("t10k-labels-idx1-ubyte", idx(&[6], &[3, 5, 9, 3, 5, 8]), "the label 8 at image 5, counted from 0"),
        (
            "t10k-images-idx3-ubyte",
            idx(&[6, 32, 32], &[9; 6 * 1024]),
            "images of 28 x 28 pixels, found images of 32 x 32",
        ),
    ] {
        let folder = small();
        write(folder.path(), name, &bytes);
        let error = refused(folder.path());
        assert!(error.contains(message) && error.contains(name), "{message}: {error}");
        assert!(!error.contains("--data-dir"), "the option of other data: {error}");
        assert_eq!(fs::read(folder.path().join(name)).unwrap(), bytes, "left as it is");
    }
    let folder = small();
    let many: Vec<i32> = (0..300).collect();
    write(folder.path(), "train-labels-idx1-ubyte", integers(&[300], &many));
    assert!(refused(folder.path()).contains("expected at most 256 different labels"));
}

#[test]
fn folders_without_a_set_say_what_was_looked_for() {
    let folder = TempDir::new().unwrap();
    assert!(refused(folder.path()).contains("found no such file: the folder is empty"));
    write(folder.path(), "notes.txt", "");
    assert!(refused(folder.path()).contains("but notes.txt"));
    assert!(refused(&folder.path().join("no/where")).contains("found no such folder"));
    let error = open_at(Choice::Own("squares".into()), &[], &Options::default(), &mut ()).unwrap_err().to_string();
    assert!(error.contains("squares") && error.contains("a program's own"), "{error}");
    for (text, message) in [("idx:", "expected a path after `idx:`"), ("idxx:/x", "unknown data set `idxx:/x`")] {
        let error = text.parse::<Choice>().unwrap_err();
        assert!(error.contains(message), "{error}");
    }
    for choice in ["idx:a/b:c", "folder:x", "own:five marks"] {
        assert_eq!(choice.parse::<Choice>().unwrap().to_string(), choice);
    }
}
