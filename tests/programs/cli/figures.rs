//! Figures in other forms than SVG.

use std::fs;

use super::{User, printed, refused, write_digit};

/// The width and height in the header of a PNG.
fn size_of_png(bytes: &[u8]) -> (u32, u32) {
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
    let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    (side(16), side(20))
}

#[test]
fn a_learning_curve_is_written_in_other_forms_beside_the_svg() {
    let user = User::new();
    let short = "train --dataset digits --passes 2 --set training_patterns=50";
    printed(&mut user.lenet5(&format!("{short} --out run --format png,pdf")));
    assert_eq!(size_of_png(&user.read("run/learning_curve.png")), (1600, 1000));
    assert!(user.read("run/learning_curve.pdf").starts_with(b"%PDF-"));
    assert!(user.text("run/learning_curve.svg").starts_with("<svg"));
    printed(&mut user.lenet5(&format!("{short} --seeds 3-4 --out many --format pdf")));
    assert!(
        user.path("many/seed-4/learning_curve.pdf").exists() && !user.path("many/seed-4/learning_curve.png").exists()
    );
    refused(&user, &format!("{short} --format jpg --out other"), 2, "unknown format `jpg`; the formats: svg, png, pdf");
    assert!(!user.path("other").exists());
}

#[test]
fn the_ending_of_a_name_says_the_form() {
    let user = User::new();
    let digit = write_digit(&user.path("digit.pgm"), 3);
    for (name, begins) in [("how.svg", &b"<svg"[..]), ("how.png", b"\x89PNG"), ("how.pdf", b"%PDF-")] {
        printed(&mut user.lenet5(&format!("predict digit.pgm --explain {name}")));
        assert!(user.read(name).starts_with(begins), "{name}");
    }
    fs::write(user.path("labels.csv"), format!("file,label\ndigit.pgm,{}\n", (digit + 1) % 10)).unwrap();
    printed(&mut user.lenet5("pictures labels.csv --wrong wrong.png"));
    assert_eq!(size_of_png(&user.read("wrong.png")).0, 1840);
    let message = "how.jpg: --explain writes a figure there; expected a name that ends in .svg, .png or .pdf";
    refused(&user, "predict digit.pgm --explain how.jpg", 1, message);
    refused(&user, "pictures labels.csv --wrong wrong", 1, "wrong: --wrong writes a figure there");
    refused(&user, "predict digit.pgm --explain nowhere/how.png", 1, "nowhere/how.png: cannot be written");
}
