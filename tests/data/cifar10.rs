//! CIFAR-10: its files, damaged and whole; colour pictures; and networks that are given one where they read the other.

#![cfg(feature = "app")]

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, GrayImage, ImageEncoder, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage, imageops};
use lenet5::data::cifar10::{self, RECORD, SIDE, TEST, TRAINING};
use lenet5::data::download::Options;
use lenet5::data::encoder::{Encoding, Levels};
use lenet5::data::mnist::Place;
use lenet5::data::published::{CIFAR10_ARCHIVE, CIFAR10_VARIABLE};
use lenet5::data::{Choice, DataError, Dataset, Images, Source, digits, open, open_at};
use lenet5::evaluation::evaluate;
use lenet5::kernels::maps::{Maps, Shape};
use lenet5::network::Network;
use lenet5::network::layers::{Convolution, Table};
use lenet5::network::loss::Loss;
use lenet5::picture::read_colour;
use lenet5::runs::checkpoint::Model;
use lenet5::runs::folder::{Run, RunError};
use lenet5::training::presentation::Presentation;
use temp_dir::TempDir;

use crate::program;
use crate::settings::settings;

/// Images one after another in the layout of the files; image i has class i + `first`, and no two channels are alike.
fn records(count: usize, first: usize) -> Vec<u8> {
    let record = |index: usize| {
        let pixels = (0..RECORD - 1).map(move |at| (at / 1024 * 80 + at * 7 + index * 13 + first) as u8);
        std::iter::once(((index + first) % 10) as u8).chain(pixels)
    };
    (0..count).flat_map(record).collect()
}

fn folder(files: &[(&str, Vec<u8>)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

/// A folder with a small set: 20 images in two files to train on and 5 to test on.
fn small_set() -> TempDir {
    folder(&[(TRAINING[0], records(12, 0)), (TRAINING[1], records(8, 2)), (TEST, records(5, 4))])
}

/// The folder of a real set, or a line that says that `test` is skipped.
fn real_set(test: &str) -> Option<PathBuf> {
    let named = std::env::var_os(CIFAR10_VARIABLE).filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let shared = PathBuf::from("../shared/data/cifar10");
    let found = named.or(Some(shared).filter(|folder| folder.is_dir()));
    if found.is_none() {
        let _ = writeln!(std::io::stderr(), "skipped: {test}: LENET5_CIFAR10 does not name a folder with CIFAR-10");
    }
    found
}

#[test]
fn the_files_are_read_one_after_the_other() {
    let folder = small_set();
    let data = cifar10::load(folder.path()).unwrap();
    assert_eq!(data.source, Source::Cifar10);
    assert_eq!(data.origin, format!("{}: 20 + 5 images", folder.path().display()));
    assert_eq!((data.training.channels(), data.training.size(), data.training.len()), (3, (32, 32), 20));
    assert_eq!(
        data.training.labels(),
        [&records(12, 0)[..], &records(8, 2)].concat().iter().step_by(RECORD).copied().collect::<Vec<u8>>()
    );
    assert_eq!(data.training.image(11), &records(12, 0)[11 * RECORD + 1..]);
    assert_eq!(data.training.image(12), &records(8, 2)[1..RECORD]);
    assert_eq!(data.test.labels(), [4, 5, 6, 7, 8]);
    assert_eq!(data.training.skip(12).image(0), data.training.image(12), "views count in whole images");
    assert_eq!(cifar10::count(folder.path()), 3);
    let opened = open(Choice::Cifar10, Some(folder.path()), &Options::default(), &mut ()).unwrap();
    assert_eq!(opened.training, data.training);
    // The folder that the archive was unpacked in is as good.
    let parent = TempDir::new().unwrap();
    fs::rename(folder.path(), parent.path().join("cifar-10-batches-bin")).unwrap();
    assert_eq!((cifar10::count(parent.path()), cifar10::load(parent.path()).unwrap().test), (3, data.test.clone()));
    fs::rename(parent.path().join("cifar-10-batches-bin"), folder.path()).unwrap();
    let places = [(Place::WorkingDirectory, folder.path().to_path_buf())];
    assert_eq!(open_at(Choice::Cifar10, &places, &Options::default(), &mut ()).unwrap().test, data.test);
}

#[test]
fn files_that_are_missing_are_named() {
    let (batch, [first, second, third, ..]) = (|| records(1, 0), TRAINING);
    for (files, missing) in [
        (vec![], "no file called data_batch_1.bin, test_batch.bin: the folder is empty;"),
        (vec![(first, batch())], "no file called test_batch.bin, but data_batch_1.bin;"),
        (
            vec![(second, batch()), (TEST, batch())],
            "no file called data_batch_1.bin, but data_batch_2.bin, test_batch.bin;",
        ),
        (
            vec![(first, batch()), (third, batch()), (TEST, batch())],
            "no file called data_batch_2.bin, but data_batch_1.bin,",
        ),
        (vec![("cifar-10-batches-py", batch())], "(cifar-10-batches-py is a form of the data that is not read)"),
    ] {
        let folder = folder(&files);
        let error = cifar10::load(folder.path()).unwrap_err();
        assert!(matches!(error, DataError::NoCifar10 { .. }), "{error:?}");
        let message = error.to_string();
        assert!(message.contains(missing) && message.contains(CIFAR10_ARCHIVE), "{message}");
        assert!(message.contains(&folder.path().display().to_string()), "{message}");
    }
    let missing = open(Choice::Cifar10, Some(Path::new("nowhere")), &Options::default(), &mut ()).unwrap_err();
    assert!(missing.to_string().starts_with("--data-dir nowhere: expected"), "{missing}");
}

#[test]
fn damaged_files_are_errors_that_say_why() {
    let mut bad_label = records(3, 0);
    bad_label[2 * RECORD] = 10;
    let too_large = vec![0; cifar10::LARGEST * RECORD + 1];
    for (name, bytes, expected) in [
        (
            TRAINING[1],
            records(2, 0)[..2 * RECORD - 1].to_vec(),
            "expected images of 3073 bytes each, one or more, found 6145 bytes",
        ),
        (TEST, vec![], "found 0 bytes in all"),
        (TEST, bad_label, "expected labels from 0 to 9, found the label 10 at image 2"),
        (TRAINING[0], too_large, "expected at most 10000 images of 3073 bytes, found more: it has 30730001 bytes"),
    ] {
        let folder = small_set();
        fs::write(folder.path().join(name), bytes).unwrap();
        let error = cifar10::load(folder.path()).unwrap_err();
        assert!(matches!(&error, DataError::Format { path, .. } if path.ends_with(name)), "{error:?}");
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn a_real_set_is_read() {
    let Some(folder) = real_set("a_real_set_is_read") else { return };
    let data = cifar10::load(&folder).unwrap();
    for images in [&data.training, &data.test] {
        assert!(images.len() >= 1000 && images.len().is_multiple_of(1000), "{}", images.len());
        assert_eq!((images.channels(), images.size()), (3, (SIDE, SIDE)));
        for class in 0..10 {
            let count = images.labels().iter().filter(|&&label| label == class).count();
            assert_eq!(count, images.len() / 10, "{}", cifar10::CLASSES[usize::from(class)]);
        }
    }
    // Over all images red is the lightest channel and blue the darkest, by about 0.49, 0.48 and 0.45.
    let mean = |channel: usize| {
        let sum =
            |index| data.training.image(index)[channel * 1024..][..1024].iter().map(|&p| f64::from(p)).sum::<f64>();
        (0..data.training.len()).map(sum).sum::<f64>() / (data.training.len() * 1024 * 255) as f64
    };
    let means = [0, 1, 2].map(mean);
    for (found, published) in means.iter().zip([0.491, 0.482, 0.447]) {
        assert!((found - published).abs() < 0.01, "{means:?}");
    }
}

/// A network of one layer on the middle of the images: each output is a weighted sum of all units.
fn colour_network() -> (Network<f64>, Vec<f64>) {
    let layer = Convolution::new("C", Table::full(3, 10), 5);
    let network = Network::new(Shape::new(3, 5, 5), vec![Box::new(layer)]).unwrap();
    let values = (0..network.layout().size()).map(|at| 1.0 + (at as f64 * 0.7).sin()).collect();
    (network, values)
}

#[test]
fn a_network_is_evaluated_with_its_own_encoding() {
    let test = cifar10::load(small_set().path()).unwrap().test;
    let loss = |encoding: Encoding| {
        let (network, values) = colour_network();
        let network = network.with_encoding(encoding);
        let by_hand = (0..test.len()).map(|index| {
            let mut workspace = network.standard_workspace();
            lenet5::data::encoder::Encoder::new(network.encoding()).encode_image(&test, index, workspace.input_mut());
            network.forward(&values, &mut workspace);
            Loss::Eq8.value(&workspace.output().values, usize::from(test.labels()[index]))
        });
        let expected = by_hand.sum::<f64>() / test.len() as f64;
        let found = evaluate(&network, &values, Loss::Eq8, &test).mean_loss;
        assert!((found - expected).abs() < 1e-9 * expected.abs(), "{found} {expected}");
        found
    };
    let levels = Levels::Standardised { mean: vec![0.49, 0.48, 0.45], deviation: vec![0.25, 0.24, 0.26] };
    let losses = [
        loss(Encoding::default()),
        loss(Encoding { levels, reduced: false }),
        loss(Encoding { reduced: true, ..Encoding::default() }),
    ];
    assert!(losses[0] != losses[1] && losses[0] != losses[2], "{losses:?}");
}

#[test]
fn training_patterns_are_written_with_the_encoding() {
    let levels = Levels::Standardised { mean: vec![0.5, 0.25, 0.0], deviation: vec![0.5, 0.25, 1.0] };
    let images = Images::with_channels(3, 1, 1, vec![255, 255, 255], vec![7]);
    let presentation = Presentation::<f64>::new(images, &settings(&[]), &Encoding { levels, reduced: false });
    let mut input = Maps::zeros(Shape::new(3, 1, 1));
    assert_eq!(presentation.write(0, 1, &mut input), 7);
    assert_eq!(input.values, [1.0, 3.0, 1.0]);
}

#[test]
fn images_and_network_must_have_as_many_channels() {
    let (colour, grey) = (cifar10::load(small_set().path()).unwrap(), digits::load());
    assert!(colour.check_channels(3).is_ok() && grey.check_channels(1).is_ok() && grey.check_channels(3).is_ok());
    assert!(grey.check_channels(2).is_err());
    let mixed = Dataset { training: grey.training.clone(), ..colour.clone() };
    assert!(mixed.check_channels(1).is_err() && mixed.check_channels(3).is_ok());
    let parent = TempDir::new().unwrap();
    let run = parent.path().join("run");
    let error = Run::create(&run, settings(&[]), &colour).unwrap_err();
    assert!(matches!(&error, RunError::Channels(channels) if (channels.channels, channels.maps) == (3, 1)), "{error}");
    assert!(error.to_string().contains("choose a network whose input has 3,"), "{error}");
    assert!(!run.exists());
}

#[test]
fn a_model_of_cifar_10_names_its_classes() {
    let model =
        |source, alphabet: &str| Model::untrained(settings(&[&format!("alphabet='{alphabet}'")]), source).class_names();
    assert_eq!(model(Source::Cifar10, "0123456789"), cifar10::CLASSES);
    assert_eq!(model(Source::Cifar10, "0123456789 ")[9..], ["truck", "blank"]);
    assert_eq!(model(Source::Mnist, "0123456789")[9], "9");
}

/// A colourful picture without two equal rows or columns.
fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([(x * 5) as u8, (y * 5) as u8, (x * 3 + y * 2) as u8]))
}

fn planar(image: &RgbImage) -> Vec<u8> {
    (0..3).flat_map(|channel| image.pixels().map(move |pixel| pixel.0[channel])).collect()
}

fn written(image: impl Into<DynamicImage>) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn colour(bytes: Vec<u8>) -> Vec<u8> {
    let folder = folder(&[("picture", bytes)]);
    read_colour(&folder.path().join("picture"), SIDE).unwrap()
}

#[test]
fn a_picture_of_the_right_size_is_read_as_it_is() {
    let image = picture(32, 32);
    assert_eq!(colour(written(image.clone())), planar(&image));
    let grey = GrayImage::from_fn(32, 32, |x, y| image::Luma([(x * y) as u8]));
    assert_eq!(colour(written(grey.clone())), grey.as_raw().repeat(3));
}

#[test]
fn of_a_larger_picture_the_middle_is_seen() {
    let wide = imageops::resize(&picture(32, 32), 96, 96, imageops::FilterType::Nearest);
    let mut framed = RgbImage::from_pixel(200, 96, Rgb([255, 0, 0]));
    imageops::replace(&mut framed, &wide, 52, 0);
    let (found, expected) = (colour(written(framed)), planar(&picture(32, 32)));
    let furthest = found.iter().zip(&expected).map(|(a, b)| a.abs_diff(*b)).max();
    assert!(furthest < Some(8), "{furthest:?}");
    let tall = RgbImage::from_fn(32, 64, |_, y| if (16..48).contains(&y) { Rgb([9, 8, 7]) } else { Rgb([255; 3]) });
    assert_eq!(colour(written(tall)), planar(&RgbImage::from_pixel(32, 32, Rgb([9, 8, 7]))));
}

#[test]
fn transparent_parts_are_white_and_photographs_upright() {
    let half = RgbaImage::from_fn(32, 32, |x, _| Rgba([100, 0, 200, if x < 16 { 0 } else { 51 }]));
    let expected = RgbImage::from_fn(32, 32, |x, _| if x < 16 { Rgb([255; 3]) } else { Rgb([224, 204, 244]) });
    assert_eq!(colour(written(half)), planar(&expected));

    // Exif, little-endian, one entry: orientation 6, to be turned clockwise by a quarter.
    let exif = [b"II*\0\x08\0\0\0\x01\0".as_slice(), b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"].concat();
    let smooth = RgbImage::from_fn(32, 32, |x, y| Rgb([(x * 8) as u8, (y * 8) as u8, 128]));
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 100);
    encoder.set_exif_metadata(exif).unwrap();
    encoder.encode_image(&imageops::rotate270(&smooth)).unwrap();
    let differences = colour(bytes).iter().zip(planar(&smooth)).map(|(a, b)| u32::from(a.abs_diff(b))).sum::<u32>();
    assert!(differences < 5 * 3 * 1024, "{differences}");
}

/// `lenet5` with these words typed behind it in `folder`: exit code, standard output and error.
fn lenet5(folder: &Path, words: &str) -> (i32, String, String) {
    let output = program::lenet5(folder, words).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_command_line_says_where_it_looks_and_what_does_not_fit() {
    let (home, set) = (TempDir::new().unwrap(), small_set());
    let (_, text, _) = lenet5(home.path(), "data where");
    assert!(text.contains("CIFAR-10: 0 of 6 files  data/cifar10  (current directory)"), "{text}");
    let (code, _, text) = lenet5(home.path(), "train --dataset cifar10");
    assert!(code == 1 && text.contains("current directory data/cifar10") && text.contains("unpack"), "{text}");
    fs::create_dir(home.path().join("data")).unwrap();
    fs::create_dir(home.path().join("data/cifar10")).unwrap();
    for name in [TRAINING[0], TRAINING[1], TEST] {
        fs::copy(set.path().join(name), home.path().join("data/cifar10").join(name)).unwrap();
    }
    assert!(lenet5(home.path(), "data where").1.contains("CIFAR-10: 3 of 6 files"));
    for words in ["train --dataset cifar10", "train --dataset cifar10 --seeds 1-2", "test --dataset cifar10"] {
        let (code, _, text) = lenet5(home.path(), words);
        assert!(code == 1 && text.contains("CIFAR-10: expected images with as many channels"), "{words}: {text}");
    }
    assert!(!home.path().join("runs").exists());
}

#[test]
fn a_model_of_cifar_10_answers_by_name() {
    let home = folder(&[("truck.png", written(picture(40, 50)))]);
    let model = Model::untrained(settings(&["preset=modern-wide"]), Source::Cifar10);
    model.save(&home.path().join("model")).unwrap();
    let (code, text, _) = lenet5(home.path(), "predict --model model truck.png");
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("automobile") && text.contains("  <--") && !text.contains("ink of"), "{text}");
    assert_eq!(text.lines().count(), 1 + 1 + 10 + 1, "{text}");
    let (_, text, _) = lenet5(home.path(), "predict --json --model model truck.png");
    let answers: serde_json::Value = serde_json::from_str(&text).unwrap();
    let class = answers[0]["class"].as_str().unwrap();
    assert!(cifar10::CLASSES.contains(&class) && answers[0]["scores"].as_array().unwrap().len() == 10, "{text}");
    let (code, text, _) = lenet5(home.path(), "test --dataset digits --model model");
    assert!(code == 0 && text.contains("trained on CIFAR-10"), "{text}");
    assert!(text.contains(" airpl autom") && text.contains("\nautomobile "), "{text}");
}
