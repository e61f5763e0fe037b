//! Where data come from.

use std::fs;

use super::{User, complaint, printed};

/// Nothing listens on port 9 of this machine (if something does, it is no mirror of MNIST).
const NO_MIRROR: &str = "--mirror http://127.0.0.1:9/";

#[test]
fn without_mnist_the_run_goes_on_with_the_digits_and_says_so() {
    let user = User::new();
    let words = format!("train {NO_MIRROR} --passes 1 --set training_patterns=100 --out run");
    let output = user.lenet5(&words).assert().success().get_output().clone();
    let (text, warnings) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(warnings.contains("127.0.0.1:9") && warnings.contains("embedded digits instead of MNIST"), "{warnings}");
    assert_eq!(text.matches("NOT MNIST").count(), 2, "{text}");
    assert!(String::from_utf8(user.read("run/config.toml")).unwrap().contains("dataset = \"digits\""));
    assert!(String::from_utf8(user.read("run/environment.toml")).unwrap().contains("smartcore"));
    assert!(!String::from_utf8(user.read("run/learning_curve.svg")).unwrap().contains("paper, test"));
}

#[test]
fn where_mnist_is_demanded_its_absence_is_an_error() {
    let user = User::new();
    let text = complaint(&mut user.lenet5(&format!("train --dataset mnist {NO_MIRROR}")), 1);
    assert!(text.contains("lenet5") && text.contains("download"), "{text}");
    assert!(!user.path("runs").exists());
}

#[test]
fn a_wrong_folder_in_the_environment_is_an_error() {
    let user = User::new();
    let mut command = user.lenet5("train");
    let text = complaint(command.env("LENET5_DATA", "nowhere"), 1);
    assert!(text.contains("LENET5_DATA nowhere"), "{text}");
}

#[test]
fn wrong_bytes_are_named_with_both_digests() {
    let user = User::new();
    let folder = user.path("data/mnist");
    fs::create_dir_all(&folder).unwrap();
    for part in lenet5::data::mnist::PARTS {
        fs::write(folder.join(part.name), "not MNIST").unwrap();
    }
    let digest = lenet5::data::mnist::PARTS[0].digest;
    for words in ["train", "train --dataset mnist"] {
        let text = complaint(&mut user.lenet5(words), 1);
        assert!(text.contains("train-images-idx3-ubyte") && text.contains(digest), "{text}");
    }
    let output = user.lenet5("data verify").assert().code(1).get_output().clone();
    assert_eq!(String::from_utf8(output.stdout).unwrap().matches("WRONG").count(), 4);
}

#[test]
fn where_and_verify_and_fetch() {
    let user = User::new();
    let text = printed(&mut user.lenet5("data where"));
    assert!(text.lines().count() >= 2 && text.contains("0 of 4 files") && text.contains("(cache)"), "{text}");
    assert!(complaint(&mut user.lenet5("data verify"), 1).contains("lenet5 data fetch"));
    let text = complaint(&mut user.lenet5(&format!("data fetch {NO_MIRROR}")), 1);
    assert!(text.contains("127.0.0.1:9"), "{text}");
    let text = complaint(&mut user.lenet5("data fetch --mirror here"), 1);
    assert!(text.contains("`here`"), "{text}");
}

/// With the real files, where LENET5_DATA tells the tests of them.
#[test]
fn mnist_is_verified_and_trained_on() {
    let Some(folder) = super::real_mnist::folder("mnist_is_verified_and_trained_on") else { return };
    let folder = fs::canonicalize(folder).unwrap();
    let user = User::new();
    let arguments = ["--data-dir", folder.to_str().unwrap()];
    let text = printed(user.lenet5("data verify").args(arguments));
    assert_eq!(text.matches("right").count(), 4, "{text}");
    let words = "train --dataset mnist --passes 1 --set training_patterns=2000 --out run";
    let text = printed(user.lenet5(words).args(arguments));
    assert!(text.contains("on MNIST") && !text.contains("NOT MNIST"), "{text}");

    // The run cannot go on on other data.
    let text = complaint(&mut user.lenet5(&format!("train --resume --out run --passes 2 {NO_MIRROR}")), 1);
    assert!(text.contains("MNIST"), "{text}");
}
