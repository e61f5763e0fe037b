//! A line of digits from a picture.

use std::fs;

use image::{GrayImage, Luma};

use lenet5::data::Source;

use super::{User, printed, refused, write_model};

/// Three upright bars on white paper, 400 x 120.
fn three_ones() -> GrayImage {
    let ink =
        |x: u32, y: u32| (20..100).contains(&y) && [60, 190, 320].iter().any(|left| (*left..left + 9).contains(&x));
    GrayImage::from_fn(400, 120, |x, y| Luma([if ink(x, y) { 20 } else { 240 }]))
}

#[test]
fn a_line_is_read_and_each_character_has_its_place() {
    let user = User::new();
    three_ones().save(user.path("line.png")).unwrap();
    for method in ["segmentation", "replicated"] {
        let text = printed(&mut user.lenet5(&format!("scan --method {method} line.png")));
        assert!(text.starts_with("line.png: 111\n") && text.contains(method), "{text}");
        let json = printed(&mut user.lenet5(&format!("scan --json --method {method} line.png")));
        let reading: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!((&reading["method"], &reading["text"]), (&method.into(), &"111".into()));
        let characters = reading["characters"].as_array().unwrap();
        assert_eq!(characters.len(), 3);
        for (character, middle) in characters.iter().zip([64, 194, 324]) {
            let range = character["left"].as_u64().unwrap()..character["right"].as_u64().unwrap();
            assert!(character["character"] == "1" && range.contains(&middle), "{character}");
        }
    }
}

/// Each bar, and a dash before them, has its own rectangle and probability.
#[test]
fn segmentation_is_usual_and_says_more() {
    let user = User::new();
    let mut line = three_ones();
    (55..66).for_each(|y| (5..40).for_each(|x| line.put_pixel(x, y, Luma([20]))));
    line.save(user.path("line.png")).unwrap();
    let reading: serde_json::Value = serde_json::from_str(&printed(&mut user.lenet5("scan --json line.png"))).unwrap();
    let texts = ["method", "text", "guess", "digits"].map(|field| reading[field].as_str().unwrap());
    assert_eq!(texts, ["segmentation", "-111", "-111", "111"]);
    assert!(reading["lines"][0]["probability"].as_f64().unwrap() > 0.9, "{reading}");
    let characters = reading["characters"].as_array().unwrap();
    let kinds: Vec<&str> = characters.iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["mark", "digit", "digit", "digit"]);
    for (character, left) in characters[1..].iter().zip([60, 190, 320_i64]) {
        let ends = ["left", "right", "top", "bottom"].map(|side| character[side].as_i64().unwrap());
        let far = ends.iter().zip([left, left + 9, 20, 100]).map(|(end, drawn)| (end - drawn).abs()).max();
        assert!(far <= Some(2) && character["trusted"] == true, "{character}");
        assert_eq!(character["distances"].as_array().unwrap().len(), 10, "{character}");
    }
    refused(&user, "scan line.png --method segmentation --bound 9", 1, "--bound belongs to --method replicated");
}

#[test]
fn a_network_of_animals_reads_no_line() {
    let user = User::new();
    three_ones().save(user.path("line.png")).unwrap();
    write_model(&user, "animals", "modern-wide", Source::Cifar10);
    let message = "animals: this network knows no characters, but airplane";
    refused(&user, "scan --model animals line.png", 1, message);
    // One for colour may know digits.
    write_model(&user, "digits", "modern-wide", Source::Mnist);
    printed(&mut user.lenet5("scan --model digits line.png"));
}

#[test]
fn what_is_no_line_is_an_error() {
    let user = User::new();
    fs::write(user.path("text.png"), "123").unwrap();
    refused(&user, "scan text.png", 1, "is not a PNG");
    refused(&user, "scan missing.png", 1, "cannot be read");
    three_ones().save(user.path("line.png")).unwrap();
    refused(&user, "scan line.png --bound 0", 1, "--bound");
}
