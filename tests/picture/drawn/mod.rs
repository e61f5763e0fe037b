//! Digits drawn here as people write and photograph them, read with the weights that come with the program.

mod paper;
mod skeleton;

use std::fs;
use std::path::{Path, PathBuf};

use lenet5::applications::reader::Reader;
use lenet5::kernels::maps::Shape;
use lenet5::picture;
use lenet5::random::stream;
use lenet5::runs::checkpoint::Model;

use paper::{KINDS, draw};

/// Pictures of each digit and kind.
const EACH: usize = 2;

/// Draws all the pictures into `folder` and says which digit each file is.
fn draw_all(folder: &Path) -> Vec<(usize, String, PathBuf)> {
    let mut files = Vec::new();
    for (number, kind) in KINDS.into_iter().enumerate() {
        for (digit, turn) in (0..10).flat_map(|digit| (0..EACH).map(move |turn| (digit, turn))) {
            let index = ((number * 10 + digit) * EACH + turn) as u64;
            let file = draw(digit, number + turn, kind, &mut stream(1998, "drawn", index));
            let path = folder.join(format!("{number:02}-{kind:?}-{digit}-{turn}.{}", file.extension));
            fs::write(&path, file.bytes).unwrap();
            files.push((digit, format!("{kind:?}"), path));
        }
    }
    files
}

/// At most 5 % of them are read wrongly. LENET5_DRAWN may name a folder to keep the pictures in, to look at.
#[test]
fn drawn_digits_are_read() {
    let temporary = tempfile::tempdir().unwrap();
    let kept = std::env::var_os("LENET5_DRAWN").map(PathBuf::from);
    let files = draw_all(kept.as_deref().unwrap_or(temporary.path()));
    assert!(files.len() >= 200);
    let mut reader = Reader::new(&Model::pretrained()).unwrap();
    let wrong: Vec<&(usize, String, PathBuf)> = files
        .iter()
        .filter(|(digit, _, path)| {
            let answer =
                picture::read(path).map(|picture| reader.read(&picture.pixels, Shape::new(1, 28, 28)).unwrap().class);
            match &answer {
                Ok(answer) if answer != digit => eprintln!("{}: read as {answer}", path.display()),
                Ok(_) => {}
                Err(error) => eprintln!("{error}"),
            }
            !answer.is_ok_and(|answer| answer == *digit)
        })
        .collect();
    for kind in KINDS.map(|kind| format!("{kind:?}")) {
        let errors = wrong.iter().filter(|(_, of, _)| *of == kind).count();
        println!("{kind:>12}: {errors:2} of {} wrong", 10 * EACH);
    }
    let percent = 100.0 * wrong.len() as f64 / files.len() as f64;
    println!("{:>12}: {} of {} wrong, {percent:.1} %", "all", wrong.len(), files.len());
    assert!(percent <= 5.0, "{percent:.1} % are read wrongly");
}
