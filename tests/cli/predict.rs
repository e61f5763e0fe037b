//! Several pictures, folders of them, and how an answer came about.

use std::fs;

use super::{User, complaint, printed, write_digit};

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
    assert_eq!(text.matches("<--").count(), 11, "{text}");
    let json = printed(&mut user.lenet5("predict --json digits digits/3.PGM"));
    let answers: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(answers.as_array().unwrap().len(), 11);
    assert_eq!(answers[3]["distances"], answers[10]["distances"]);
}

#[test]
fn a_bad_file_in_a_folder_is_named_and_the_others_are_answered() {
    let user = user_with_folder();
    fs::write(user.path("digits/5.jpeg"), "no picture").unwrap();
    let output = user.lenet5("predict digits").assert().code(1).get_output().clone();
    let (text, complaint) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(text.lines().count(), 10);
    assert!(complaint.contains("digits/5.jpeg") && complaint.lines().count() == 1, "{complaint}");
}

#[test]
fn an_empty_folder_is_an_error() {
    let user = user_with_folder();
    let text = complaint(&mut user.lenet5("predict digits/older"), 1);
    assert!(text.contains("digits/older: there is no picture in this folder") && text.contains(".png"), "{text}");
}

#[test]
fn an_explanation_is_a_page_with_every_layer() {
    let user = user_with_folder();
    printed(&mut user.lenet5("predict digits/3.PGM --explain page.svg"));
    let page = String::from_utf8(user.read("page.svg")).unwrap();
    let document = roxmltree::Document::parse(&page).unwrap();
    let texts: String = document.descendants().filter_map(|node| node.text()).collect();
    for expected in ["C1: 6 maps", "S2", "C3: 16", "S4", "C5: 120", "F6: 84", "7 x 12", "distance of each class"] {
        assert!(texts.contains(expected), "{expected}: {texts}");
    }
    for (words, code, expected) in [
        ("digits/4.PGM --explain digits/3.PGM", 1, "digits/3.PGM: --explain writes a drawing there"),
        ("digits --explain other.svg", 1, "--explain draws one picture"),
        ("digits/3.PGM digits/4.PGM --explain other.svg", 1, "--explain draws one picture"),
        ("digits/notes.txt --explain other.svg", 1, "digits/notes.txt"),
        ("digits/3.PGM --explain nowhere/other.svg", 1, "nowhere/other.svg: cannot be written"),
        ("digits --json --verbose", 2, "cannot be used with"),
    ] {
        let text = complaint(&mut user.lenet5(&format!("predict {words}")), code);
        assert!(text.contains(expected), "{words}: {text}");
    }
    assert!(!user.path("other.svg").exists());
}
