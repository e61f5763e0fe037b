//! Whole sets by the program: EMNIST's kinds, and one that has MNIST's names.

use std::fs;
use std::path::Path;
use std::process::Command;

use lenet5::runs::checkpoint::Model;
use lenet5::runs::folder::read_table;
use lenet5::training::PassRecord;
use temp_dir::TempDir;

use super::drawn::{character, emnist};
use super::made::raw;
use crate::program::lenet5;

/// What the command prints; it must end well.
pub fn printed(mut command: Command) -> String {
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {error}");
    String::from_utf8_lossy(&output.stdout).into_owned() + &error
}

/// Its error; it must fail.
pub fn refused(mut command: Command) -> String {
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(matches!(output.status.code(), Some(1 | 2)), "{command:?}: {:?} {error}", output.status);
    error
}

fn last_error(run: &Path) -> f64 {
    let records: Vec<PassRecord> = read_table(&run.join("metrics.csv")).unwrap();
    records.last().unwrap().test_error_percent
}

/// 26 letters, EMNIST's 47 balanced classes, and all 62 digits and letters: made like EMNIST's files, with a code of Fig. 3 for each.
#[test]
fn sets_like_emnist_train_to_five_percent() {
    let letters: Vec<char> = ('A'..='Z').collect();
    let all: Vec<char> = ('0'..='9').chain('A'..='Z').chain('a'..='z').collect();
    let balanced: Vec<char> =
        all.iter().copied().filter(|c| !c.is_ascii_lowercase() || "abdefghnqrt".contains(*c)).collect();
    for (kind, characters, first) in [("letters", letters, 1), ("balanced", balanced, 0), ("byclass", all, 0)] {
        let home = TempDir::new().unwrap();
        let classes = characters.len();
        emnist(home.path(), &format!("emnist-{kind}"), &characters, first, (60, 10));
        let words = format!("train --dataset idx:. --transpose --passes 6 --out {kind} --set training_error=false");
        let text = printed(lenet5(home.path(), &words));
        assert!(text.contains("transposed"), "{text}");
        let error = last_error(&home.path().join(kind));
        assert!(error <= 5.0, "{classes} classes: {error} %");
        println!("{classes} classes: test error {error:.2} %");

        let model = Model::load(&home.path().join(kind)).unwrap();
        let names: Vec<String> = characters.iter().map(char::to_string).collect();
        assert_eq!((model.class_names(), model.settings.alphabet.as_str()), (names.clone(), &*names.concat()));
        assert_eq!((model.network().outputs(), model.settings.transpose), (classes, true));
        // The test finds the data again, transposed, and names the classes.
        let text = printed(lenet5(home.path(), &format!("test --model {kind}")));
        assert!(text.contains(&format!("test error {error:.2} %")), "{text}");
        let heading: String = names.iter().map(|name| format!("{name:>6}")).collect();
        assert!(text.contains(&heading), "{text}");
        // It reads a picture of a letter.
        let pixels = character('R', 1000);
        let picture = image::GrayImage::from_raw(28, 28, pixels).unwrap();
        image::imageops::resize(&picture, 84, 84, image::imageops::FilterType::Triangle)
            .save(home.path().join("r.png"))
            .unwrap();
        let text = printed(lenet5(home.path(), &format!("predict --model {kind} r.png")));
        assert!(text.starts_with("r.png: R\n") && text.contains("scaled into 28x28"), "{text}");
    }
}

/// A set with MNIST's names and other pictures, as Fashion-MNIST is: `mnist` refuses it and leaves it as it is.
#[test]
fn a_set_under_mnist_s_names_trains_by_idx_alone() {
    let home = TempDir::new().unwrap();
    let data = home.path().join("fashion");
    fs::create_dir(&data).unwrap();
    // Ten kinds of stripes: the class is their distance and direction.
    let level = |image: u32, pixel: u32| {
        let (class, (y, x)) = (image % 10, (pixel / 28, pixel % 28));
        let along = if class < 5 { y } else { x };
        if (along + image / 10).is_multiple_of(class % 5 + 2) { 200 + (image % 40) as u8 } else { 10 }
    };
    raw(&data, 600, (28, 28), level, |image| (image % 10) as u8);
    let names =
        ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];
    let bytes = || names.map(|name| fs::read(data.join(name)).unwrap());
    let before = bytes();
    for dataset in ["mnist", "auto"] {
        let error = refused(lenet5(home.path(), &format!("train --dataset {dataset} --data-dir fashion --out run")));
        assert!(error.contains("expected SHA-256") && error.contains("Fashion-MNIST has the same names"), "{error}");
        assert!(bytes() == before && !home.path().join("run").exists());
    }
    printed(lenet5(home.path(), "train --dataset idx:fashion --passes 4 --out run"));
    assert!(last_error(&home.path().join("run")) <= 5.0, "{}", last_error(&home.path().join("run")));
    assert!(bytes() == before);
    assert_eq!(fs::read_dir(&data).unwrap().count(), 4, "nothing is written beside the data");

    // From another folder, and after a change of the data.
    let elsewhere = TempDir::new().unwrap();
    let run = home.path().join("run");
    let resume =
        |passes: usize| lenet5(elsewhere.path(), &format!("train --resume --out {} --passes {passes}", run.display()));
    printed(resume(5));
    raw(
        &data,
        600,
        (28, 28),
        |image, pixel| level(image, pixel) ^ u8::from(image + pixel == 0),
        |image| (image % 10) as u8,
    );
    let config = fs::read(run.join("config.toml")).unwrap();
    let error = refused(resume(6));
    assert!(error.contains("other images or labels than then"), "{error}");
    assert_eq!(fs::read(run.join("config.toml")).unwrap(), config);
    let error = refused(lenet5(elsewhere.path(), &format!("test --model {}", run.display())));
    assert!(error.contains("expected the images and labels that the model was trained on"), "{error}");
    let named = format!("test --model {} --dataset idx:{}", run.display(), data.display());
    assert!(printed(lenet5(elsewhere.path(), &named)).contains("test error"));
    // Brought back, and moved.
    raw(&data, 600, (28, 28), level, |image| (image % 10) as u8);
    fs::rename(&data, home.path().join("moved")).unwrap();
    assert!(refused(resume(6)).contains("no such folder"));
    let moved = home.path().join("moved");
    printed(lenet5(
        elsewhere.path(),
        &format!("train --resume --out {} --passes 6 --dataset idx:{}", run.display(), moved.display()),
    ));
}

#[test]
fn a_data_set_is_described_with_a_page_of_samples() {
    let home = TempDir::new().unwrap();
    emnist(home.path(), "emnist-letters", &['A', 'B', 'C'], 1, (12, 3));
    let text = printed(lenet5(home.path(), "data describe --dataset idx:. --transpose"));
    for line in [
        "3 classes, images of 28 x 28 pixels, 1 channel",
        "    A          12           3",
        "  all          36           9",
        "outputs): ABC",
        "samples.svg",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let page = fs::read_to_string(home.path().join("samples.svg")).unwrap();
    let page = roxmltree::Document::parse(&page).unwrap();
    let count =
        |tag: &str| page.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", tag))).count();
    assert_eq!((count("image"), count("text")), (30, 4), "ten of each class");
    // It overwrites nothing without being asked.
    let error = refused(lenet5(home.path(), "data describe --dataset idx:."));
    assert!(error.contains("samples.svg is already there") && error.contains("--replace"), "{error}");
    printed(lenet5(home.path(), "data describe --dataset idx:. --replace"));
    printed(lenet5(home.path(), "data describe --dataset digits --samples digits.svg"));
    assert!(refused(lenet5(home.path(), "data describe --dataset digits --samples page.txt")).contains("ends in .svg"));
    let error = refused(lenet5(home.path(), "data describe --dataset digits --samples other.svg --transpose"));
    assert!(error.contains("--transpose: expected a data set of your own"), "{error}");
    assert!(
        refused(lenet5(home.path(), "data describe --dataset idx:nowhere --samples x.svg"))
            .contains("nowhere: expected the four files")
    );
    assert!(!home.path().join("x.svg").exists());
}
