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
    printed(&mut user.lenet5(&format!("{short} --seeds 3-4 --set mu=0.01,0.1 --out sweep --format pdf")));
    for figure in [
        "many/learning_curve",
        "many/seed-4/learning_curve",
        "sweep/sweep",
        "sweep/mu=0.1/learning_curve",
        "sweep/mu=0.1/seed-4/learning_curve",
    ] {
        assert!(user.read(&format!("{figure}.pdf")).starts_with(b"%PDF-"), "{figure}");
        assert!(!user.path(&format!("{figure}.png")).exists(), "{figure}");
    }
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
    fs::write(user.path("a-file"), "").unwrap();
    let text = refused(&user, "predict digit.pgm --explain a-file/how.png", 1, "a-file/how.png: ");
    assert!(text.contains("a file stands where a folder is needed"), "{text}");
}

/// One rule for every file whose name is given to a command.
#[test]
fn a_named_file_is_written_over_only_with_replace() {
    let user = User::new();
    let digit = write_digit(&user.path("digit.pgm"), 3);
    fs::write(user.path("labels.csv"), format!("file,label\ndigit.pgm,{}\n", (digit + 1) % 10)).unwrap();
    fs::create_dir(user.path("folder.svg")).unwrap();
    for (words, file) in [
        ("predict digit.pgm --explain", "how.svg"),
        ("pictures labels.csv --wrong", "wrong.svg"),
        ("test --dataset digits --wrong", "errors.svg"),
        ("test --dataset digits --predictions", "answers.csv"),
        ("data describe --dataset digits --samples", "samples.svg"),
        ("export --npz", "model.npz"),
        ("export --onnx", "model.onnx"),
    ] {
        fs::write(user.path(file), "years of work").unwrap();
        let text = refused(&user, &format!("{words} {file}"), 1, "is already there and is left as it is");
        assert!(text.contains(file) && text.contains("--replace"), "{text}");
        assert_eq!(user.text(file), "years of work");
        printed(&mut user.lenet5(&format!("{words} {file} --replace")));
        assert_ne!(user.read(file), b"years of work", "{file}");
        if file.ends_with(".svg") {
            let message = "folder.svg is not a regular file, and is left as it is";
            refused(&user, &format!("{words} folder.svg --replace"), 1, message);
        }
    }
}
