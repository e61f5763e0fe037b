//! Digits drawn here as people write and photograph them, read with the weights that come with the program.

pub mod paper;
pub mod skeleton;

use std::fs;
use std::path::{Path, PathBuf};

use lenet5::applications::reader::Reader;
use lenet5::kernels::maps::Shape;
use lenet5::picture;
use lenet5::random::stream;
use lenet5::runs::checkpoint::Model;
use rayon::prelude::*;

use paper::{KINDS, draw};

/// Pictures of each digit and kind.
const EACH: usize = 2;

/// Draws all the pictures into `folder` and says which digit each file is.
fn draw_all(folder: &Path) -> Vec<(usize, String, PathBuf)> {
    let one = |index: usize| {
        let (number, digit, turn) = (index / EACH / 10, index / EACH % 10, index % EACH);
        let kind = KINDS[number];
        let file = draw(digit, number + turn, kind, &mut stream(1998, "drawn", index as u64));
        let path = folder.join(format!("{number:02}-{kind:?}-{digit}-{turn}.{}", file.extension));
        fs::write(&path, file.bytes).unwrap();
        (digit, format!("{kind:?}"), path)
    };
    (0..KINDS.len() * 10 * EACH).into_par_iter().map(one).collect()
}

/// At most 8 of the 340 are read wrongly. LENET5_DRAWN may name a folder to keep the pictures in, to look at.
#[test]
fn drawn_digits_are_read() {
    let temporary = temp_dir::TempDir::new().unwrap();
    let kept = std::env::var_os("LENET5_DRAWN").map(PathBuf::from);
    let files = draw_all(kept.as_deref().unwrap_or(temporary.path()));
    assert!(files.len() >= 200);
    let pictures: Vec<_> = files.par_iter().map(|(.., path)| picture::read(path)).collect();
    let mut reader = Reader::new(&Model::pretrained()).unwrap();
    let mut wrong: Vec<&str> = Vec::new();
    for ((digit, kind, path), picture) in files.iter().zip(pictures) {
        match picture.map(|picture| reader.read(&picture.pixels, Shape::new(1, 28, 28)).unwrap().class) {
            Ok(answer) if answer == *digit => continue,
            Ok(answer) => eprintln!("{}: read as {answer}", path.display()),
            Err(error) => eprintln!("{error}"),
        }
        wrong.push(kind);
    }
    for kind in KINDS.map(|kind| format!("{kind:?}")) {
        let errors = wrong.iter().filter(|of| **of == kind).count();
        println!("{kind:>12}: {errors:2} of {} wrong", 10 * EACH);
    }
    let percent = 100.0 * wrong.len() as f64 / files.len() as f64;
    println!("{:>12}: {} of {} wrong, {percent:.1} %", "all", wrong.len(), files.len());
    assert!(wrong.len() <= 8, "{percent:.1} % are read wrongly");
}
