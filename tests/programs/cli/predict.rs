//! Several pictures, folders of them, and how an answer came about.

use std::fs;

use lenet5::data::Source;
use lenet5::runs::checkpoint::Model;

use super::{User, outputs, printed, refused, write_digit, write_model};

/// A folder with ten digits, a text that says it is a picture, and one that does not.
fn user_with_folder() -> User {
    let user = User::new();
    fs::create_dir_all(user.path("digits/older")).unwrap();
    (0..10).for_each(|index| {
        write_digit(&user.path(&format!("digits/{index}.PGM")), index);
    });
    fs::write(user.path("digits/notes.txt"), "ten digits").unwrap();
    user
}

#[test]
fn a_folder_is_answered_line_by_line_in_order() {
    let user = user_with_folder();
    let text = printed(&mut user.lenet5("predict digits"));
    let files: Vec<&str> = text.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    let expected: Vec<String> = (0..10).map(|index| format!("digits/{index}.PGM")).collect();
    assert_eq!(files, expected);
    assert!(text.lines().all(|line| line.contains("distance") && line.contains("second") && line.contains("rubbish")));
    assert_eq!(text, printed(user.lenet5("predict digits").env("RAYON_NUM_THREADS", "1")));
    let text = printed(&mut user.lenet5("predict --verbose digits/3.PGM digits"));
    assert_eq!((text.matches("<--").count(), text.matches("the smallest wins").count()), (11, 11), "{text}");
    let json = printed(&mut user.lenet5("predict --json digits digits/3.PGM"));
    let answers: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(answers.as_array().unwrap().len(), 11);
    assert_eq!(answers[3]["distances"], answers[10]["distances"]);
}

#[test]
fn a_bad_file_in_a_folder_is_named_and_the_others_are_answered() {
    let user = user_with_folder();
    fs::write(user.path("digits/5.jpeg"), "no picture").unwrap();
    let (text, complaint) = outputs(&mut user.lenet5("predict digits"), 1);
    assert_eq!(text.lines().count(), 10);
    let errors: Vec<&str> = complaint.lines().filter(|line| line.starts_with("error")).collect();
    assert!(errors.len() == 1 && errors[0].contains("digits/5.jpeg"), "{complaint}");
    let (json, _) = outputs(&mut user.lenet5("predict --json nowhere.png digits/3.PGM"), 1);
    let answers: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((answers.as_array().unwrap().len(), &answers[0]["file"]), (1, &"digits/3.PGM".into()));
}

#[test]
fn what_is_skipped_in_a_folder_is_said() {
    let user = user_with_folder();
    for name in ["1.HEIC", "2.heic", "3.pdf", "4.svg", "5.jxl", "6.avif", "none", "._0.png", ".DS_Store", "Thumbs.db"] {
        fs::write(user.path("digits").join(name), "no picture").unwrap();
    }
    fs::create_dir_all(user.path("digits/__MACOSX")).unwrap();
    fs::write(user.path("digits/__MACOSX/0.png"), "no picture").unwrap();
    let (text, complaint) = outputs(&mut user.lenet5("predict digits"), 0);
    assert_eq!(text.lines().count(), 10, "{text}");
    assert!(complaint.starts_with("digits: skipped 8 files, whose names do not end in .png, .jpg"), "{complaint}");
    let end = ": 2 .heic, 1 without an ending, 1 .avif, 1 .jxl, 1 .pdf, 2 of other kinds";
    assert_eq!((complaint.lines().count(), complaint.trim_end().ends_with(end)), (1, true), "{complaint}");
    // Who names a file means it.
    refused(&user, "predict digits/._0.png", 1, "._0.png: is not a PNG");
}

/// The same answer as of the file, in each form.
#[test]
fn standard_input_is_read_for_a_dash() {
    let user = user_with_folder();
    let given = |words: &str| {
        let mut command = user.lenet5(words);
        command.stdin(fs::File::open(user.path("digits/3.PGM")).unwrap());
        command
    };
    for words in ["predict", "predict --json", "scan"] {
        let named = printed(&mut user.lenet5(&format!("{words} digits/3.PGM")));
        let text = printed(&mut given(&format!("{words} -")));
        assert_eq!(text, named.replace("digits/3.PGM", "standard input"), "{words}");
    }
    let text = printed(&mut given("predict digits - --verbose"));
    assert!(text.matches("<--").count() == 11 && text.contains("\nstandard input: "), "{text}");
    printed(&mut given("predict - --explain page.svg"));
    assert!(user.text("page.svg").contains("distance of each class"));
    let (_, complaint) = outputs(&mut given("predict - -"), 1);
    assert!(complaint.contains("standard input can be read once"), "{complaint}");
    for words in ["predict -", "scan -"] {
        let (_, complaint) = outputs(user.lenet5(words).stdin(std::process::Stdio::null()), 1);
        assert!(complaint.contains("error: standard input: is empty; expected a PNG"), "{complaint}");
    }
}

/// Folders of classes, as training sets are laid out, and links that lead back.
#[test]
fn folders_in_a_folder_are_looked_into() {
    let user = User::new();
    for class in ["train/0", "train/1", "test/7", "test/7/deeper"] {
        fs::create_dir_all(user.path("set").join(class)).unwrap();
        write_digit(&user.path("set").join(class).join("a.pgm"), 3);
    }
    #[cfg(unix)]
    for (to, link) in [("..", "set/train/back"), (".", "set/self"), ("nowhere", "set/lost")] {
        std::os::unix::fs::symlink(to, user.path(link)).unwrap();
    }
    let (text, complaint) = outputs(&mut user.lenet5("predict set"), 0);
    let lines = text.lines().take_while(|line| !line.is_empty());
    let files: Vec<&str> = lines.map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(files, ["set/test/7/a.pgm", "set/train/0/a.pgm", "set/train/1/a.pgm"]);
    assert!(complaint.contains("set: skipped 1 folder at more than 2 levels of depth; what is given"), "{complaint}");
    assert_eq!(printed(&mut user.lenet5("predict set/test/7/deeper")).lines().count(), 1);
}

#[test]
fn a_model_of_the_small_digits_says_so() {
    let user = user_with_folder();
    for (name, source) in [("small", Source::Digits), ("large", Source::Mnist)] {
        write_model(&user, name, "paper", source);
        for command in ["predict --json", "scan --json"] {
            let words = format!("{command} --model {name} digits/3.PGM");
            let (json, note) = outputs(&mut user.lenet5(&words), 0);
            serde_json::from_str::<serde_json::Value>(&json).unwrap();
            assert_eq!(note.contains("has seen only the small digits"), source == Source::Digits, "{words}: {note}");
        }
    }
}

/// The largest score wins, as the smallest distance does.
#[test]
fn scores_are_not_called_distances() {
    let user = user_with_folder();
    write_model(&user, "modern", "modern", Source::Mnist);
    let json = |words: &str| serde_json::from_str::<serde_json::Value>(&printed(&mut user.lenet5(words))).unwrap();
    let answer = json("predict --json --model modern digits/3.PGM")[0].clone();
    let numbers = |field: &str| -> Vec<f64> {
        answer[field].as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
    };
    let (scores, probabilities) = (numbers("scores"), numbers("probabilities"));
    let best = |values: &[f64]| (0..10).max_by(|&a, &b| values[a].total_cmp(&values[b])).unwrap();
    assert_eq!((best(&scores), answer["distances"].is_null()), (best(&probabilities), true), "{answer}");
    assert_eq!(answer["class"], best(&scores).to_string());
    let ratio = (scores[0] - scores[1]).exp() / (probabilities[0] / probabilities[1]);
    assert!((ratio - 1.0).abs() < 1e-4, "scores are logarithms of probabilities but for a constant: {answer}");
    let answer = json("predict --json digits/3.PGM")[0].clone();
    assert!(answer["scores"].is_null() && answer["distances"].as_array().unwrap().len() == 10, "{answer}");
    let line = json("scan --json --model modern digits/3.PGM");
    let all = line["characters"].as_array().unwrap();
    assert!(all.iter().all(|one| one["distance"].is_null() && one["score"].is_number()), "{line}");
}

/// Finite weights, so large that no answer is.
#[test]
fn a_model_that_overflows_answers_nothing() {
    let user = user_with_folder();
    for preset in ["paper", "modern"] {
        write_model(&user, "large.safetensors", preset, Source::Digits);
        let mut model = Model::load(&user.path("large.safetensors")).unwrap();
        model.values.fill(3e38);
        model.save(&user.path("large.safetensors")).unwrap();
        for words in [
            "predict digits/3.PGM",
            "predict digits",
            "predict digits/3.PGM --explain page.svg",
            "scan digits/3.PGM",
            "test --dataset digits",
            "demo --port 0",
        ] {
            let text = refused(&user, &format!("{words} --model large.safetensors"), 1, "diverged");
            assert!(text.contains("error: large.safetensors: "), "{words}: {text}");
        }
        assert!(!user.path("page.svg").exists());
    }
}

#[test]
fn an_empty_folder_is_an_error() {
    let user = user_with_folder();
    let text = refused(&user, "predict digits/older", 1, "digits/older: there is no picture in this folder");
    assert!(text.contains(".png"), "{text}");
}

#[test]
fn an_explanation_is_a_page_with_every_layer() {
    let user = user_with_folder();
    printed(&mut user.lenet5("predict digits/3.PGM --explain page.svg"));
    let page = user.text("page.svg");
    let document = roxmltree::Document::parse(&page).unwrap();
    let texts: String = document.descendants().filter_map(|node| node.text()).collect();
    for expected in ["C1: 6 maps", "S2", "C3: 16", "S4", "C5: 120", "F6: 84", "7 x 12", "distance of each class"] {
        assert!(texts.contains(expected), "{expected}: {texts}");
    }
    for (words, code, expected) in [
        ("digits/4.PGM --explain digits/3.PGM", 1, "digits/3.PGM: --explain writes a figure there"),
        ("digits --explain other.svg", 1, "--explain draws one picture"),
        ("digits/3.PGM digits/4.PGM --explain other.svg", 1, "--explain draws one picture"),
        ("digits/notes.txt --explain other.svg", 1, "digits/notes.txt"),
        ("digits/3.PGM --explain digits/4.PGM/other.svg", 1, "digits/4.PGM/other.svg"),
        ("digits --json --verbose", 2, "cannot be used with"),
    ] {
        refused(&user, &format!("predict {words}"), code, expected);
    }
    assert!(!user.path("other.svg").exists());
}
