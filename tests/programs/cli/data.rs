//! The sources of data.

use std::fs;
use std::path::{Path, PathBuf};

use lenet5::data::mnist;

use super::{User, complaint, outputs, printed, refused};
use crate::idx::{gzip, idx};

/// Nothing listens on port 9 of this machine (if something does, it is no mirror of MNIST).
const NO_MIRROR: &str = "--mirror http://127.0.0.1:9/";

#[test]
fn without_mnist_the_run_goes_on_with_the_digits_and_says_so() {
    let user = User::new();
    let words = format!("train {NO_MIRROR} --passes 1 --set training_patterns=100 --out run");
    let (text, warnings) = outputs(&mut user.lenet5(&words), 0);
    assert!(warnings.contains("127.0.0.1:9") && warnings.contains("embedded digits instead of MNIST"), "{warnings}");
    assert_eq!(text.matches("NOT MNIST").count(), 2, "{text}");
    assert!(user.text("run/config.toml").contains("dataset = \"digits\""));
    assert!(user.text("run/environment.toml").contains("Optical Recognition of Handwritten Digits"));
    assert!(!user.text("run/learning_curve.svg").contains("paper, test"));
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
    for part in mnist::PARTS {
        fs::write(folder.join(part.name), "not MNIST").unwrap();
    }
    let digest = mnist::PARTS[0].digest;
    for words in ["train", "train --dataset mnist"] {
        let text = complaint(&mut user.lenet5(words), 1);
        assert!(text.contains("train-images-idx3-ubyte") && text.contains(digest), "{text}");
    }
    assert_eq!(outputs(&mut user.lenet5("data verify"), 1).0.matches("WRONG").count(), 4);
}

#[test]
fn where_and_verify_and_fetch() {
    let user = User::new();
    let text = printed(&mut user.lenet5("data where"));
    assert!(text.lines().count() >= 2 && text.contains("0 of 4 files") && text.contains("(cache)"), "{text}");
    assert!(text.contains("QMNIST: 0 of 2 files") && text.contains("CIFAR-10: 0 of 6 files"), "{text}");
    refused(
        &user,
        "test --dataset qmnist",
        1,
        "fetch qmnist-test-images-idx3-ubyte.gz and qmnist-test-labels-idx2-int.gz",
    );
    refused(&user, "data verify", 1, "lenet5 data fetch");
    refused(&user, &format!("data fetch {NO_MIRROR}"), 1, "127.0.0.1:9");
    refused(&user, "data fetch --mirror here", 1, "`here`");
}

/// A small IDX file of each kind under the names of MNIST's, as Fashion-MNIST has them.
fn own_data_set(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    fs::create_dir_all(folder).unwrap();
    let write = |part: mnist::Part| {
        let is_images = part.name.contains("images");
        let bytes = if is_images { gzip(idx(&[2, 28, 28], &[7; 2 * 28 * 28])) } else { idx(&[2], &[7; 2]) };
        let path = folder.join(part.name);
        fs::write(&path, &bytes).unwrap();
        (path, bytes)
    };
    mnist::PARTS.map(write).to_vec()
}

#[test]
fn an_own_data_set_with_the_names_of_mnist_is_kept() {
    let user = User::new();
    let files = own_data_set(&user.path("own"));
    // Wherever a message stands that is about such a file.
    let cases = [
        (format!("train --dataset mnist --data-dir own {NO_MIRROR}"), "is another data set (IDX of 2 x 28 x 28"),
        (format!("train --data-dir own {NO_MIRROR}"), "leave it as it is and name the folder of MNIST"),
        (format!("data fetch --data-dir own {NO_MIRROR}"), "train-labels-idx1-ubyte: IDX of 2, another data set"),
        (format!("data fetch --data-dir own {NO_MIRROR}"), "which are left as they are"),
        (
            format!("data fetch --data-dir own --replace train-labels-idx1-ubyte {NO_MIRROR}"),
            "t10k-labels-idx1-ubyte: IDX of 2",
        ),
    ];
    for (words, message) in cases {
        assert!(!refused(&user, &words, 1, message).contains("delete"), "{words}");
    }
    refused(&user, "data fetch --data-dir own --replace thesis.txt", 2, "expected a file with a name of MNIST's");

    // The download that `train` begins by itself, too: into the cache, where one of the files is missing.
    let cache = printed(&mut user.lenet5("data where"));
    let cache =
        cache.lines().find_map(|line| line.strip_suffix("  (cache)")?.split_once("files  ")).unwrap().1.to_string();
    let in_cache = own_data_set(Path::new(&cache));
    fs::remove_file(&in_cache[0].0).unwrap();
    let text = complaint(&mut user.lenet5(&format!("train --passes 1 {NO_MIRROR}")), 1);
    assert!(text.contains("left as they are") && !text.contains("delete"), "{text}");
    for (path, bytes) in files.iter().chain(&in_cache[1..]) {
        assert!(fs::read(path).unwrap() == *bytes, "{}", path.display());
    }
    assert_eq!(fs::read_dir(user.path("own")).unwrap().count(), 4);
}

#[test]
fn other_forms_of_mnist_are_named() {
    let user = User::new();
    for (file, message) in [
        ("mnist_train.csv", "but mnist_train.csv (mnist_train.csv is a form of the data that is not read)"),
        ("mnist.npz", "(mnist.npz is a form"),
        ("digits.png", "but digits.png;"),
    ] {
        let folder = user.path(&format!("with-{file}"));
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join(file), "x").unwrap();
        let text = refused(&user, &format!("train --data-dir with-{file}"), 1, message);
        assert!(text.contains("found no file called train-images-idx3-ubyte"), "{text}");
        refused(&user, &format!("train --data-dir with-{file}/{file}"), 1, "found a file, not a folder");
    }
}

/// With the real files, where LENET5_DATA tells the tests of them.
#[test]
fn mnist_is_verified_and_trained_on() {
    let Some(folder) = crate::real_mnist::folder("mnist_is_verified_and_trained_on") else { return };
    let folder = fs::canonicalize(folder).unwrap();
    let user = User::new();
    let arguments = ["--data-dir", folder.to_str().unwrap()];
    let text = printed(user.lenet5("data verify").args(arguments));
    assert_eq!(text.matches("right").count(), 4, "{text}");
    let words = "train --dataset mnist --passes 1 --set training_patterns=2000 --out run";
    let text = printed(user.lenet5(words).args(arguments));
    assert!(text.contains("on MNIST") && !text.contains("NOT MNIST"), "{text}");

    // The run cannot go on on other data.
    refused(&user, &format!("train --resume --out run --passes 2 {NO_MIRROR}"), 1, "MNIST");
}
