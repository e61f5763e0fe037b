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
    let text = printed(&mut user.lenet5("scan line.png"));
    assert!(text.starts_with("line.png: 111\n"), "{text}");
    let reading: serde_json::Value = serde_json::from_str(&printed(&mut user.lenet5("scan --json line.png"))).unwrap();
    let characters = reading["characters"].as_array().unwrap();
    assert_eq!(characters.len(), 3);
    for (character, middle) in characters.iter().zip([64, 194, 324]) {
        let range = character["left"].as_u64().unwrap()..character["right"].as_u64().unwrap();
        assert!(character["character"] == "1" && range.contains(&middle), "{character}");
    }
}

#[test]
fn a_network_of_animals_reads_no_line() {
    let user = User::new();
    three_ones().save(user.path("line.png")).unwrap();
    write_model(&user, "animals", "modern-wide", Source::Cifar10);
    let message = "animals: this network was trained on CIFAR-10 and knows no digits";
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
