//! Sets like EMNIST's that the tests make: the characters of Fig. 3, drawn and distorted.

use std::path::Path;

use lenet5::data::distortion::Distortion;
use lenet5::data::encoder::Encoder;
use lenet5::data::own::{fitted, transposed};
use lenet5::data::warp::warp;
use lenet5::kernels::maps::{Maps, Shape};
use lenet5::paper::codes;
use lenet5::random::stream;

use super::made::write;
use crate::idx::{gzip, idx};

/// The side of the images.
pub const SIDE: usize = 28;

/// The picture of `character` in Fig. 3, 20 pixels high in 28 x 28, distorted as number `number` of its kind: 255 for ink.
pub fn character(character: char, number: u64) -> Vec<u8> {
    let code = codes::code(character).expect("a character of Fig. 3");
    let bits: Vec<u8> = code.iter().map(|&bit| if bit > 0 { 255 } else { 0 }).collect();
    let small = fitted(&bits, (codes::HEIGHT, codes::WIDTH), (20, 20));
    let mut image = vec![0; SIDE * SIDE];
    for (row, pixels) in small.chunks(20).enumerate() {
        image[(4 + row) * SIDE + 4..][..20].copy_from_slice(pixels);
    }
    let mut input = Maps::<f32>::zeros(Shape::new(1, SIDE, SIDE));
    let distortion = Distortion::draw(&mut stream(17, "a made set", number * 128 + u64::from(character)), 0.4);
    warp(&distortion.forward(), &image, (SIDE, SIDE), &Encoder::default(), &mut input);
    input.values.iter().map(|level| (255.0 * (level + 0.1) / 1.275).round() as u8).collect()
}

/// Images and labels, pattern by pattern: `each` of every character, in turns.
pub fn set(characters: &[char], each: std::ops::Range<u64>) -> (Vec<Vec<u8>>, Vec<usize>) {
    let patterns =
        each.flat_map(|number| characters.iter().enumerate().map(move |(class, &c)| (character(c, number), class)));
    patterns.unzip()
}

/// The files of an IDX set below `folder`, as EMNIST's are: packed, transposed, with a mapping, labels from `first` on.
pub fn emnist(folder: &Path, prefix: &str, characters: &[char], first: usize, counts: (u64, u64)) {
    let train = set(characters, 0..counts.0);
    let test = set(characters, counts.0..counts.0 + counts.1);
    for (part, (images, labels)) in [("train", train), ("test", test)] {
        let pixels: Vec<u8> = images.iter().flat_map(|image| transposed(image, (SIDE, SIDE))).collect();
        let side = SIDE as u32;
        write(
            folder,
            &format!("{prefix}-{part}-images-idx3-ubyte.gz"),
            gzip(idx(&[labels.len() as u32, side, side], &pixels)),
        );
        let labels: Vec<u8> = labels.iter().map(|label| (first + label) as u8).collect();
        write(folder, &format!("{prefix}-{part}-labels-idx1-ubyte.gz"), gzip(idx(&[labels.len() as u32], &labels)));
    }
    let line = |(class, character): (usize, &char)| format!("{} {}\n", first + class, u32::from(*character));
    let mapping: String = characters.iter().enumerate().map(line).collect();
    write(folder, &format!("{prefix}-mapping.txt"), mapping);
}
