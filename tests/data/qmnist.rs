//! QMNIST's further test digits, from small files in its format.

use std::fs;
use std::path::Path;

use lenet5::data::download::Options;
use lenet5::data::mnist::Place;
use lenet5::data::qmnist::{DIGESTS, NAMES, missing, parse_classes};
use lenet5::data::{Choice, DataError, Dataset, Source, mnist, open_at};
use temp_dir::TempDir;

use crate::idx::{gzip, idx};
use crate::real_mnist;

/// A file of labels for digits of these classes, all of one writer.
fn labels(classes: impl IntoIterator<Item = i32>) -> Vec<u8> {
    let rows: Vec<[i32; 8]> = classes.into_iter().map(|class| [class, 4, 2578, 69, 30 + class, 1000, 0, 0]).collect();
    let numbers: Vec<u8> = rows.as_flattened().iter().flat_map(|number| number.to_be_bytes()).collect();
    let mut bytes = idx(&[rows.len() as u32, 8], &numbers);
    bytes[2] = 0x0c; // 32-bit integers
    bytes
}

fn open(folders: &[&Path]) -> Result<Dataset, DataError> {
    let places: Vec<_> = folders.iter().map(|folder| (Place::WorkingDirectory, folder.to_path_buf())).collect();
    open_at(Choice::Qmnist, &places, &Options::default(), &mut ())
}

#[test]
fn the_classes_are_in_the_first_of_eight_columns() {
    let parse = |bytes: &[u8]| parse_classes(bytes, Path::new("some-file")).map_err(|error| error.to_string());
    let good = labels([7, 0, 9]);
    assert_eq!(parse(&good), Ok(vec![7, 0, 9]));
    let mut seven_columns = idx(&[8, 7], &[0; 4 * 8 * 7]);
    seven_columns[2] = 0x0c;
    for (bytes, message) in [
        (labels([1, 10]), "classes from 0 to 9 in the first column, found the class 10 in row 1, counted from 0"),
        (labels([-1]), "found the class -1 in row 0"),
        (labels([256 + 7]), "found the class 263 in row 0"),
        (good[..good.len() - 1].to_vec(), "expected 96 bytes after the header, for dimensions [3, 8], found 95 bytes"),
        (good[..9].to_vec(), "expected a header of 12 bytes, found 9"),
        (labels([]), "dimensions of at least 1, found [0, 8]"),
        (seven_columns, "expected rows of 8 numbers, found rows of 7"),
        (
            idx(&[4], &[7, 0, 9, 1]),
            "0x00000c02 (IDX table of 32-bit integers), found the magic number 0x00000801 (IDX labels of bytes)",
        ),
    ] {
        let error = parse(&bytes).unwrap_err();
        assert!(error.starts_with("some-file: expected") && error.contains(message), "{error}");
    }
    // 2^31 rows of 2^31 numbers of 4 bytes: the product is 0 in 64 bits.
    let mut hostile = idx(&[1 << 31, 1 << 31], &[]);
    hostile[2] = 0x0c;
    assert!(parse(&hostile).is_err_and(|error| error.contains("dimensions that fit into memory")));
}

#[test]
fn missing_files_are_named_with_the_place_that_has_them() {
    let (empty, half) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let below = half.path().join("QMNIST/raw");
    fs::create_dir_all(&below).unwrap();
    fs::write(below.join(format!("{}.gz", NAMES[0])), "not looked at").unwrap();
    assert_eq!((missing(empty.path()), missing(half.path())), (NAMES.to_vec(), vec![NAMES[1]]));
    let message = open(&[empty.path(), half.path()]).unwrap_err().to_string();
    for part in [
        "no file called qmnist-test-images-idx3-ubyte, qmnist-test-labels-idx2-int (with or without .gz): the folder is empty",
        "no file called qmnist-test-labels-idx2-int (with or without .gz), but QMNIST",
        "https://github.com/facebookresearch/qmnist",
        &half.path().display().to_string(),
        "--data-dir",
    ] {
        assert!(message.contains(part), "{part} is not in: {message}");
    }
}

/// The training digits are MNIST's; the test digits are those after the first 10,000 of two unpacked files.
#[test]
fn the_further_digits_are_the_test_set() {
    let Some(mnist_folder) = real_mnist::folder("the_further_digits_are_the_test_set") else { return };
    let (folder, mnist) = (TempDir::new().unwrap(), mnist::load(&mnist_folder).unwrap());
    let [images_path, labels_path] = NAMES.map(|name| folder.path().join(name));
    let pixels: Vec<u8> = (0..3).flat_map(|index| [10 + index; 28 * 28]).collect();
    let images = |further: u32| {
        let all = [vec![0; 10_000 * 28 * 28], pixels[..further as usize * 28 * 28].to_vec()].concat();
        idx(&[10_000 + further, 28, 28], &all)
    };
    let first = || mnist.test.labels().iter().map(|&label| i32::from(label));
    fs::write(&images_path, images(3)).unwrap();
    fs::write(&labels_path, labels(first().chain([3, 1, 4]))).unwrap();
    let data = open(&[folder.path(), &mnist_folder]).unwrap();
    assert_eq!((data.source, data.sizes()), (Source::Qmnist, (60_000, 3)));
    assert_eq!((data.test.labels(), data.test.image(2)), (&[3, 1, 4][..], &[12; 784][..]));
    assert_eq!(data.training, mnist.training);
    assert!(data.origin.ends_with(": 3 test digits, not verified, since only archives have a published SHA-256"));

    let refused = |path: &Path, bytes: Vec<u8>, message: &str| {
        let kept = fs::read(path).unwrap();
        fs::write(path, bytes).unwrap();
        let error = open(&[folder.path(), &mnist_folder]).unwrap_err();
        assert!(matches!(&error, DataError::Format { path: named, .. } if named == path), "{error}");
        assert!(error.to_string().contains(message), "{error}");
        fs::write(path, kept).unwrap();
    };
    refused(&labels_path, gzip(labels([7])), &format!("SHA-256 {}, or its contents unpacked, found", DIGESTS[1]));
    refused(
        &labels_path,
        labels(first().map(|class| 9 - class).chain([3, 1, 4])),
        "the label 7 of MNIST's test set in row 0, counted from 0, found 2;",
    );
    refused(&labels_path, labels(first().chain([3, 1])), "10,003 labels, one for each image");
    refused(
        &images_path,
        idx(&[1, 20, 20], &[0; 400]),
        "images of 28 x 28 pixels, as MNIST's, found images of 20 x 20",
    );
    fs::write(&images_path, images(0)).unwrap();
    refused(
        &labels_path,
        labels(first()),
        "expected more than 10,000 labels, those of MNIST's test set first, found 10000;",
    );
}
