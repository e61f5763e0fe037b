//! Folders of pictures, a folder a class.

use std::fs;
use std::path::Path;

use image::{Rgb, RgbImage};
use lenet5::data::own::Preparation;
use lenet5::data::{Choice, Source};
use lenet5::kernels::maps::Shape;
use lenet5::picture::folders::load;
use temp_dir::TempDir;

use super::formats::Notes;
use super::sets::{printed, refused};
use crate::program::lenet5;

/// Picture `number` of a kind: dark on light, a disc, a bar or a cross, of a size of its own.
fn picture(kind: &str, number: u32) -> RgbImage {
    let (width, height) = (40 + number % 7, 40 + number % 5);
    let (middle_x, middle_y) = (width as f32 / 2.0 + (number % 3) as f32, height as f32 / 2.0 - (number % 4) as f32);
    let is_ink = |x: f32, y: f32| match kind {
        "disc" => x * x + y * y < 81.0,
        "bar" => x.abs() < 3.0 && y.abs() < 12.0,
        _ => x.abs().min(y.abs()) < 2.0 && x.abs().max(y.abs()) < 12.0,
    };
    RgbImage::from_fn(width, height, |x, y| {
        if is_ink(x as f32 - middle_x, y as f32 - middle_y) { Rgb([20, 40, 200]) } else { Rgb([240, 235, 220]) }
    })
}

const KINDS: [&str; 3] = ["bar", "cross", "disc"];

/// `count` pictures of each kind below `folder`, in formats of all kinds.
fn pictures(folder: &Path, count: u32) {
    for kind in KINDS {
        fs::create_dir_all(folder.join(kind)).unwrap();
        for number in 0..count {
            let end = ["png", "jpg", "bmp", "tiff"][number as usize % 4];
            picture(kind, number).save(folder.join(kind).join(format!("{number:03}.{end}"))).unwrap();
        }
    }
}

#[test]
fn every_seventh_picture_is_a_test_picture_and_classes_take_turns() {
    let folder = TempDir::new().unwrap();
    pictures(folder.path(), 14);
    fs::write(folder.path().join("disc/notes.txt"), "").unwrap();
    fs::write(folder.path().join("disc/.003.png"), "a file manager's").unwrap();
    let data = load(folder.path(), &Preparation::default(), &mut ()).unwrap();
    assert_eq!((data.source, data.sizes()), (Source::Folder, (36, 6)));
    assert_eq!(data.training.class_names(), KINDS);
    assert_eq!(data.training.labels()[..6], [0, 1, 2, 0, 1, 2]);
    assert!(matches!(data.choice(), Choice::Folder(path) if Path::new(&path).is_absolute()));
    assert_eq!(data.training.size(), (28, 28));
    // The same files, the same data, on any number of threads.
    let again = load(folder.path(), &Preparation::default(), &mut ()).unwrap();
    assert_eq!(again.own_data(), data.own_data());
    // In grey, paper is background; in colour, the picture stays as it is.
    let corner = data.training.image(0)[14 * 28 + 1];
    assert!(corner < 30, "{corner}");
    let colour = Preparation { input: Shape::new(3, 32, 32), transpose: false };
    let data = load(folder.path(), &colour, &mut ()).unwrap();
    assert_eq!((data.training.channels(), data.training.size()), (3, (32, 32)));
    let middle = |channel: usize| data.training.image(0)[channel * 1024 + 16 * 32 + 1];
    assert_eq!([0, 1, 2].map(middle), [240, 235, 220]);
}

#[test]
fn folders_train_and_test_divide_the_pictures() {
    let folder = TempDir::new().unwrap();
    pictures(&folder.path().join("train"), 6);
    pictures(&folder.path().join("test"), 2);
    fs::remove_dir_all(folder.path().join("test/bar")).unwrap();
    let data = load(folder.path(), &Preparation::default(), &mut ()).unwrap();
    assert_eq!(data.sizes(), (18, 4));
    assert_eq!((data.test.labels(), data.test.class_names().len()), (&[1, 2, 1, 2][..], 3));
    fs::create_dir(folder.path().join("val")).unwrap();
    fs::write(folder.path().join("notes.txt"), "").unwrap();
    let mut notes = Notes::default();
    load(folder.path(), &Preparation::default(), &mut notes).unwrap();
    let note = &notes.0[0];
    assert!(note.contains("not read: ") && note.contains("val, ") && note.ends_with("notes.txt"), "{note}");
    fs::rename(folder.path().join("test/cross"), folder.path().join("test/crosses")).unwrap();
    let error = load(folder.path(), &Preparation::default(), &mut ()).unwrap_err().to_string();
    assert!(error.contains("found the folder \"crosses\""), "{error}");
}

#[test]
fn what_is_no_folder_of_classes_says_why() {
    let folder = TempDir::new().unwrap();
    let message = |path: &Path| load(path, &Preparation::default(), &mut ()).unwrap_err().to_string();
    assert!(message(folder.path()).contains("expected 2 to 256 folders, one a class, found 0 folders and 0 files"));
    assert!(message(&folder.path().join("nowhere")).contains("expected a readable folder"));
    for part in ["train", "val"] {
        pictures(&folder.path().join("split").join(part), 2);
    }
    assert!(message(&folder.path().join("split")).contains("folders of a fixed split are called train and test"));
    fs::remove_dir_all(folder.path().join("split")).unwrap();
    pictures(folder.path(), 2);
    assert!(message(folder.path()).contains("expected a class of 4 pictures or more"));
    pictures(folder.path(), 5);
    for (name, bytes) in
        [("bar/broken.png", &b"\x89PNG\r\n\x1a\n"[..]), ("disc/empty.jpg", b""), ("disc/text.png", b"text")]
    {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let error = message(folder.path());
    assert!(error.contains("3 pictures cannot be read") || error.contains("2 pictures cannot be read"), "{error}");
    assert!(error.contains("broken.png") && error.contains("take them out"), "{error}");
    fs::create_dir(folder.path().join("empty")).unwrap();
    assert!(message(folder.path()).contains("empty: expected pictures, whose names end in .png"));
}

#[test]
fn a_folder_trains_tests_and_names_what_it_sees() {
    let home = TempDir::new().unwrap();
    pictures(&home.path().join("things"), 70);
    let text = printed(lenet5(home.path(), "train --dataset folder:things --passes 6 --out run"));
    assert!(text.contains("every seventh picture by name, from the fourth on, is a test picture"), "{text}");
    assert!(
        text.contains("40 x 40 to 46 x 44 pixels") && text.contains("inverted, being light at the border"),
        "{text}"
    );
    let text = printed(lenet5(home.path(), "test --model run"));
    assert!(text.contains("   bar cross  disc") && text.contains("(0 of 30)"), "{text}");
    picture("cross", 1234).save(home.path().join("one.png")).unwrap();
    let text = printed(lenet5(home.path(), "predict --model run --explain how.svg one.png"));
    assert!(text.starts_with("one.png: cross\nall of 42x44 pixels, scaled into 28x28, inverted"), "{text}");
    assert!(fs::read_to_string(home.path().join("how.svg")).unwrap().contains("The answer: cross"));
    let text = printed(lenet5(home.path(), "predict --model run --json one.png things/disc/000.png"));
    let answers: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((answers[0]["class"].as_str(), answers[1]["class"].as_str()), (Some("cross"), Some("disc")));
    assert!(
        refused(lenet5(home.path(), "scan --model run one.png")).contains("knows no characters, but bar, cross, disc")
    );
    // Data of other classes are no test of it.
    assert!(
        refused(lenet5(home.path(), "test --model run --dataset digits"))
            .contains("expected the classes of the model, bar cross disc")
    );
}
