//! IDX sets that the tests make.

use std::fs;
use std::path::Path;

use crate::idx::idx;

/// Writes a file below `folder`.
pub fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    fs::write(folder.join(name), bytes).unwrap();
}

/// The four raw files of MNIST's names, with `count` images of `size` in which pixel `p` of image `i` is `level(i, p)`, and these labels.
pub fn raw(folder: &Path, count: u32, size: (u32, u32), level: impl Fn(u32, u32) -> u8, label: impl Fn(u32) -> u8) {
    for part in ["train", "t10k"] {
        let pixels: Vec<u8> = (0..count)
            .flat_map(|image| (0..size.0 * size.1).map(move |p| (image, p)))
            .map(|(i, p)| level(i, p))
            .collect();
        write(folder, &format!("{part}-images-idx3-ubyte"), idx(&[count, size.0, size.1], &pixels));
        let labels: Vec<u8> = (0..count).map(&label).collect();
        write(folder, &format!("{part}-labels-idx1-ubyte"), idx(&[count], &labels));
    }
}
