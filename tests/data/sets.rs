//! The readers of data: damaged files are errors that say what is wrong, and the digits are what they should be.

use crate::idx::{gzip, idx as idx_file};
use crate::real_mnist;

use lenet5::data::download::Options;
use lenet5::data::mnist::{self, PARTS, Place};
use lenet5::data::{Choice, DataError, Source, centre_by_mass, idx, open_at};
#[cfg(feature = "digits")]
use lenet5::data::{Images, digits};
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;
use temp_dir::TempDir;

fn images_error(bytes: &[u8]) -> String {
    idx::parse_images(bytes.to_vec(), Path::new("some-file")).unwrap_err().to_string()
}

#[test]
fn idx_files_are_read_raw_and_compressed() {
    let path = Path::new("some-file");
    let bytes = idx_file(&[2, 1, 3], &[1, 2, 3, 4, 5, 6]);
    for content in [bytes.clone(), gzip(&bytes)] {
        let images = idx::parse_images(idx::unpack(&content[..], 100).unwrap(), path).unwrap();
        assert_eq!(images, idx::Grey { height: 1, width: 3, pixels: vec![1, 2, 3, 4, 5, 6] });
        let joined = idx::join(images.clone(), vec![7, 8], path).unwrap();
        assert_eq!((joined.size(), joined.image(1), joined.labels()), ((1, 3), &[4, 5, 6][..], &[7, 8][..]));
        assert!(idx::join(images, vec![7], path).is_err());
    }
    assert_eq!(idx::parse_labels(&idx_file(&[3], &[9, 0, 1]), path).unwrap(), [9, 0, 1]);
}

#[test]
fn damaged_idx_bytes_are_errors_that_say_why() {
    let good = idx_file(&[2, 2, 2], &[0; 8]);
    assert!(images_error(&good[..23]).contains("expected 8 bytes after the header, for dimensions [2, 2, 2], found 7"));
    assert!(images_error(&[&good[..], &[0]].concat()).contains("found 9 bytes"));
    assert!(images_error(&good[..15]).contains("expected a header of 16 bytes, found 15 bytes in all"));
    assert!(images_error(&[]).contains("found 0 bytes in all"));
    assert!(images_error(&idx_file(&[0, 28, 28], &[])).contains("at least 1, found [0, 28, 28]"));
    let labels = idx_file(&[12], &[0; 12]);
    let message = images_error(&labels);
    assert!(message.contains("some-file: expected the magic number 0x00000803 (IDX images"), "{message}");
    assert!(message.contains("found the magic number 0x00000801 (IDX labels"), "{message}");
    assert!(idx::parse_labels(&good, Path::new("some-file")).is_err());
}

#[test]
fn dimensions_that_overflow_or_promise_too_much_are_errors() {
    // 2^96 pixels, more than any machine addresses; then 4 GiB that are not there.
    let message = images_error(&idx_file(&[u32::MAX; 3], &[0; 8]));
    assert!(message.contains("dimensions that fit into memory"), "{message}");
    let message = images_error(&idx_file(&[1 << 22, 32, 32], &[0; 8]));
    assert!(message.contains("found 8 bytes"), "{message}");
    // A product that would wrap around to exactly the length that is there.
    assert!(idx::parse_images(idx_file(&[1 << 31, 1 << 31, 4], &[]), Path::new("x")).is_err());
}

#[test]
fn archives_are_read_whole_and_within_bounds() {
    let packed = gzip([5; 1000]);
    assert_eq!(idx::unpack(&packed[..], 1000).unwrap(), [5; 1000]);
    let too_long = idx::unpack(&packed[..], 999).unwrap_err().to_string();
    assert!(too_long.contains("more than 999 bytes"), "{too_long}");
    assert!(idx::unpack(&[0; 6][..], 5).is_err());
    for length in 2..packed.len() {
        assert!(idx::unpack(&packed[..length], 1000).is_err(), "{length} bytes of the archive");
    }
    assert!(idx::unpack(&[&packed[..], &[1, 2, 3]].concat()[..], 1000).is_err(), "bytes after the archive");
    let mut flipped = packed.clone();
    let check_sum = packed.len() - 8;
    flipped[check_sum] ^= 1;
    assert!(idx::unpack(&flipped[..], 1000).is_err());
}

#[test]
fn an_archive_that_grows_without_end_is_an_error() {
    let bomb = gzip(vec![0; 1 << 20]).repeat(1 << 12); // 4 GiB in 19 MB
    let message = idx::unpack(&bomb[..], idx::LARGEST).unwrap_err().to_string();
    assert!(message.contains("more than 268435456 bytes"), "{message}");
}

proptest! {
    #[test]
    fn any_length_but_the_right_one_is_an_error(sizes: [u32; 3], small in [1_u32..5, 1..5, 1..5], length in 0_usize..80) {
        let body = vec![7; length];
        let large = idx::parse_images(idx_file(&sizes, &body), Path::new("x"));
        let product = sizes.iter().map(|&size| u128::from(size)).fold(1, u128::saturating_mul);
        prop_assert_eq!(large.is_ok(), product == length as u128 && length > 0);
        let area: u32 = small.iter().product();
        let result = idx::parse_images(idx_file(&small, &body), Path::new("x"));
        prop_assert_eq!(result.is_ok(), area as usize == length);
    }

    #[test]
    fn centring_keeps_the_ink_and_finds_the_centre(
        ink in prop::collection::vec(any::<u8>(), 12 * 10), frame in 10_usize..40
    ) {
        let framed = centre_by_mass(&ink, 12, 10, frame);
        prop_assert_eq!(framed.is_some(), frame >= 12);
        let Some(framed) = framed else { return Ok(()) };
        let total = |pixels: &[u8]| pixels.iter().map(|&pixel| u64::from(pixel)).sum::<u64>();
        prop_assert_eq!(framed.len(), frame * frame);
        prop_assert_eq!(total(&framed), total(&ink));
        if frame >= 24 {
            // Wide enough for the picture not to reach an edge.
            let (down, right) = centre_of_mass(&framed, frame);
            let middle = (frame / 2) as f64;
            prop_assert!((down - middle).abs() <= 0.5 && (right - middle).abs() <= 0.5, "{} {}", down, right);
        }
    }
}

/// Row and column of the centre of mass, a pixel's number standing for its centre.
fn centre_of_mass(pixels: &[u8], width: usize) -> (f64, f64) {
    let weigh = |place: &dyn Fn(usize) -> usize| -> f64 {
        pixels.iter().enumerate().map(|(index, &pixel)| place(index) as f64 * f64::from(pixel)).sum()
    };
    let mass = weigh(&|_| 1);
    (weigh(&|index| index / width) / mass, weigh(&|index| index % width) / mass)
}

#[test]
fn centring_handles_odd_cases() {
    assert_eq!(centre_by_mass(&[9], 1, 1, 28).unwrap().iter().position(|&pixel| pixel == 9), Some(14 * 28 + 14));
    assert_eq!(centre_by_mass(&[0; 4], 2, 2, 4), Some(vec![0; 16]), "no ink, no centre");
    assert_eq!(centre_by_mass(&[], 0, 0, 2), Some(vec![0; 4]));
    assert_eq!(centre_by_mass(&[], 0, 3, 2), None);
    assert_eq!(centre_by_mass(&[1, 2], 1, 1, 3), None, "more pixels than the size says");
    assert_eq!(centre_by_mass(&[1], 1, 1, usize::MAX), None, "more than the memory holds");
    // All the ink on the left edge of a picture as wide as the frame: there is no room to move it.
    assert_eq!(centre_by_mass(&[8, 0, 0, 0], 1, 4, 4).unwrap()[8..12], [8, 0, 0, 0]);
}

#[test]
fn centring_puts_the_digits_of_mnist_where_they_are() {
    let Some(folder) = real_mnist::folder("the centring of real digits") else { return };
    let test = mnist::load(&folder).unwrap().test;
    let inked = |image: &[u8], place: &dyn Fn(usize) -> usize| {
        let places: Vec<usize> = (0..784).filter(|&index| image[index] > 0).map(place).collect();
        *places.iter().min().unwrap()..=*places.iter().max().unwrap()
    };
    for index in 0..test.len() {
        let image = test.image(index);
        let (rows, columns) = (inked(image, &|index| index / 28), inked(image, &|index| index % 28));
        let cropped: Vec<u8> =
            rows.clone().flat_map(|row| columns.clone().map(move |column| image[row * 28 + column])).collect();
        let again = centre_by_mass(&cropped, rows.count(), columns.count(), 28).unwrap();
        assert_eq!(again, image, "test image {index}");
    }
}

#[cfg(feature = "digits")]
#[test]
fn the_digits_are_complete_and_split_once_for_all() {
    let data = digits::load();
    assert_eq!(data.source, Source::Digits);
    assert_eq!((data.training.len(), data.test.len()), (digits::TRAINING, digits::TEST));
    assert_eq!(digits::TRAINING + digits::TEST, 1797);
    for set in [&data.training, &data.test] {
        assert_eq!(set.size(), (28, 28));
        for class in 0..=9 {
            assert!(set.labels().contains(&class), "class {class}");
        }
        assert!(set.labels().iter().all(|&label| label <= 9));
    }
    // Both parts together are the whole set: the UCI repository states how often each class occurs.
    let count = |class| [&data.training, &data.test].map(|set| set.labels().iter().filter(|&&l| l == class).count());
    let counts: Vec<usize> = (0..=9).map(|class| count(class).iter().sum()).collect();
    assert_eq!(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    // And no picture is in both: all 1,797 differ.
    let every = |set: &Images| (0..set.len()).map(|index| set.image(index).to_vec()).collect::<Vec<_>>();
    let mut all = [every(&data.training), every(&data.test)].concat();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 1797);
}

#[cfg(feature = "digits")]
#[test]
fn the_split_of_the_digits_never_changes() {
    // A new version of a dependency that drew other numbers would change every result on the digits without a word.
    let data = digits::load();
    let mut hash = Sha256::new();
    for set in [&data.training, &data.test] {
        (0..set.len()).for_each(|index| hash.update(set.image(index)));
        hash.update(set.labels());
    }
    let digest: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, "f95a97a4e61a8dc0468e79a9fd6ed8daa667b45b8a8c4baba965ebbe0ce4b17c");
}

#[cfg(feature = "digits")]
#[test]
fn the_digits_are_inked_and_centred_as_those_of_mnist() {
    let data = digits::load();
    for set in [&data.training, &data.test] {
        for index in 0..set.len() {
            let image = set.image(index);
            let (down, right) = centre_of_mass(image, 28);
            assert!((13.5..14.5).contains(&down) && (13.5..14.5).contains(&right), "image {index}: {down} {right}");
            let darkest = *image.iter().max().unwrap();
            assert!(darkest >= 200, "image {index} is pale: {darkest}");
            assert!(image.iter().filter(|&&pixel| pixel == 0).count() >= 784 - 400, "image {index} leaves its box");
        }
    }
}

/// Four well-formed IDX files that are not MNIST, as Fashion-MNIST's are.
fn write_other_set(folder: &Path) {
    let image = |count| gzip(idx_file(&[count, 28, 28], &vec![3; 784 * count as usize]));
    let label = |count| idx_file(&[count], &vec![1; count as usize]);
    fs::write(folder.join("train-images-idx3-ubyte.gz"), image(6)).unwrap();
    fs::write(folder.join("train-labels-idx1-ubyte"), label(6)).unwrap();
    fs::write(folder.join("t10k-images.idx3-ubyte.gz"), image(2)).unwrap();
    fs::write(folder.join("t10k-labels.idx1-ubyte"), label(2)).unwrap();
}

#[test]
fn another_set_under_the_same_names_is_refused() {
    let folder = TempDir::new().unwrap();
    write_other_set(folder.path());
    assert!(mnist::missing(folder.path()).is_empty(), "all four ways to write a name are known");
    let found: String =
        Sha256::digest(idx_file(&[6, 28, 28], &[3; 784 * 6])).iter().map(|byte| format!("{byte:02x}")).collect();
    let message = mnist::load(folder.path()).unwrap_err().to_string();
    for part in [
        "train-images-idx3-ubyte.gz",
        PARTS[0].digest,
        &found,
        "is another data set (IDX of 6 x 28 x 28",
        "leave it as it is",
    ] {
        assert!(message.contains(part), "{part} is not in: {message}");
    }
    assert!(!message.contains("delete"), "{message}");
    let checks = mnist::verify(folder.path());
    assert!(checks.iter().all(|check| !check.ok() && check.digest.is_some()));
    assert_eq!(checks[0].digest, Some(found));
    assert_eq!(checks[3].path, folder.path().join("t10k-labels.idx1-ubyte"));
}

#[test]
fn a_damaged_archive_and_a_missing_file_are_named() {
    let folder = TempDir::new().unwrap();
    write_other_set(folder.path());
    let path = folder.path().join("train-images-idx3-ubyte.gz");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let message = mnist::load(folder.path()).unwrap_err().to_string();
    for part in ["train-images-idx3-ubyte.gz", PARTS[0].digest, "move it elsewhere and fetch MNIST's"] {
        assert!(message.contains(part), "{part} is not in: {message}");
    }
    fs::remove_file(&path).unwrap();
    fs::remove_file(folder.path().join("t10k-labels.idx1-ubyte")).unwrap();
    let message = mnist::load(folder.path()).unwrap_err().to_string();
    assert!(message.contains("train-images-idx3-ubyte, t10k-labels-idx1-ubyte"), "{message}");
    let check = &mnist::verify(folder.path())[3];
    assert_eq!((check.ok(), &check.digest), (false, &None));
}

#[test]
fn an_explicit_folder_must_be_complete_and_another_is_passed_over() {
    let (empty, full) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    write_other_set(full.path());
    for place in [Place::DataDir, Place::Environment] {
        let message = mnist::locate(&[(place, empty.path().into())]).unwrap_err().to_string();
        assert!(message.starts_with(place.label()), "{message}");
        assert!(message.contains(&empty.path().display().to_string()), "{message}");
        assert!(message.contains("t10k-images-idx3-ubyte"), "{message}");
    }
    let places = [(Place::WorkingDirectory, empty.path().into()), (Place::Cache, full.path().into())];
    assert_eq!(mnist::locate(&places).unwrap(), Some(full.path()));
    assert_eq!(mnist::locate(&places[..1]).unwrap(), None);
}

/// Neither another place nor the small digits stand in for files that are there and cannot be read.
#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_not_a_missing_one() {
    let (folder, cache) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    write_other_set(folder.path());
    let path = mnist::PARTS[0].find(folder.path()).unwrap();
    fs::remove_file(&path).unwrap();
    // Opening a link that leads to itself is an error, whoever tries.
    std::os::unix::fs::symlink(&path, &path).unwrap();
    let places = [(Place::WorkingDirectory, folder.path().into()), (Place::Cache, cache.path().into())];
    let options = Options { mirrors: vec!["http://127.0.0.1:9/".into()], ..Options::default() };
    let error = open_at(Choice::Auto, &places, &options, &mut ()).unwrap_err();
    assert!(matches!(&error, DataError::Read { path: found, .. } if *found == path), "{error}");
}

#[cfg(all(feature = "digits", feature = "download"))]
#[test]
fn the_digits_stand_in_only_when_mnist_is_not_to_be_had() {
    #[derive(Default)]
    struct Told(Option<String>);

    impl lenet5::data::download::DownloadObserver for Told {
        fn fallback(&mut self, reason: &DataError) {
            self.0 = Some(reason.to_string());
        }
    }

    let (empty, full) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    write_other_set(full.path());
    let options =
        Options { mirrors: vec!["http://127.0.0.1:1/".into()], attempts: 1, proxy: false, ..Options::default() };
    let working = (Place::WorkingDirectory, empty.path().to_path_buf());
    let cache = (Place::Cache, empty.path().join("cache"));
    let open = |choice, places: &[(Place, std::path::PathBuf)]| {
        let mut told = Told::default();
        (open_at(choice, places, &options, &mut told).map(|data| data.source), told.0)
    };
    for places in [&[working.clone(), cache][..], &[working][..]] {
        let (source, reason) = open(Choice::Auto, places);
        assert_eq!(source.unwrap(), Source::Digits);
        let message = open(Choice::Mnist, places).0.unwrap_err().to_string();
        assert_eq!(reason, Some(message.clone()), "the same reason either way");
        assert!(places.iter().all(|(_, dir)| message.contains(&dir.display().to_string())), "{message}");
        assert!(message.contains(if places.len() == 2 { "127.0.0.1:1" } else { "no cache folder" }), "{message}");
    }
    // What the user must put right is never papered over.
    for place in [Place::DataDir, Place::Environment] {
        let result = open(Choice::Auto, &[(place, empty.path().into())]).0;
        assert!(matches!(result, Err(DataError::Incomplete { .. })), "{result:?}");
    }
    for place in [Place::DataDir, Place::Environment, Place::WorkingDirectory, Place::Cache] {
        let result = open(Choice::Auto, &[(place, full.path().into())]).0;
        assert!(matches!(result, Err(DataError::Digest { .. })), "{result:?}");
    }
    let (source, reason) = open(Choice::Digits, &[(Place::DataDir, "nowhere".into())]);
    assert_eq!((source.unwrap(), reason), (Source::Digits, None));
}

#[test]
fn the_folders_of_torchvision_and_kaggle_are_looked_into() {
    let places: [fn(&str) -> String; 5] = [
        |name| format!("MNIST/raw/{name}"),
        |name| format!("raw/{name}.gz"),
        |name| format!("{name}/{name}"),
        |name| name.replace("-idx", ".idx"),
        |name| format!("{0}/{0}", name.replace("-idx", ".idx")),
    ];
    for place in places {
        let folder = TempDir::new().unwrap();
        for part in PARTS {
            let path = folder.path().join(place(part.name));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "not MNIST").unwrap();
            assert_eq!(part.find(folder.path()), Some(path));
        }
        assert!(mnist::missing(folder.path()).is_empty());
    }
}

#[cfg(feature = "download")]
#[test]
fn a_wrong_address_of_a_mirror_is_an_error_even_if_the_digits_would_do() {
    let empty = TempDir::new().unwrap();
    let options = Options { mirrors: vec!["example.org/mnist".into()], ..Options::default() };
    for choice in [Choice::Auto, Choice::Mnist] {
        let result = open_at(choice, &[(Place::Cache, empty.path().into())], &options, &mut ());
        assert!(matches!(result, Err(DataError::Mirror { .. })), "{result:?}");
    }
}

#[test]
fn the_real_files_are_read_and_verified() {
    let Some(folder) = real_mnist::folder("the reading of the real files") else { return };
    let data = mnist::load(&folder).unwrap();
    assert_eq!(
        (data.training.len(), data.training.size(), data.test.len(), data.test.size()),
        (60_000, (28, 28), 10_000, (28, 28))
    );
    assert_eq!(data.test.labels()[..5], [7, 2, 1, 0, 4]);
    assert!(mnist::verify(&folder).iter().all(mnist::Check::ok));
    let places = [(Place::DataDir, folder)];
    let opened = open_at(Choice::Auto, &places, &Options::default(), &mut ()).unwrap();
    assert_eq!((opened.source, opened.training), (Source::Mnist, data.training));
}

#[test]
fn choices_are_written_in_lower_case() {
    let choices = [Choice::Auto, Choice::Mnist, Choice::Qmnist, Choice::Digits, Choice::Cifar10];
    for (name, choice) in ["auto", "mnist", "qmnist", "digits", "cifar10"].into_iter().zip(choices) {
        assert_eq!(name.parse(), Ok(choice.clone()));
        assert_eq!(serde_json::to_string(&choice).unwrap(), format!("\"{name}\""));
    }
    let message = "unknown data set `cifar`, did you mean `cifar10`? The data sets: auto, mnist, qmnist, digits, cifar10, idx:FOLDER, folder:FOLDER";
    assert_eq!("cifar".parse::<Choice>(), Err(message.into()));
}
