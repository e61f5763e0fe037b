//! What a model keeps of the user's own data that it was trained on.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::digest::hex;
use super::images::Images;

/// What a model keeps of the user's own data that it was trained on: what its classes are called, what its images look like, and by
/// what the data are recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnData {
    /// The name of each class, in the order of the network's outputs.
    pub classes: Vec<String>,
    /// The number of channels of each image: 1 in grey, 3 in colour.
    pub channels: usize,
    /// Rows of each image, in pixels.
    pub height: usize,
    /// Columns of each image, in pixels.
    pub width: usize,
    /// SHA-256 of all images and labels, in hexadecimal.
    pub digest: String,
}

impl OwnData {
    /// That of these training and test images. Without names, a class is called by its number.
    pub fn of(training: &Images, test: &Images) -> Self {
        let (height, width) = training.size();
        let (classes, channels) = (training.class_names(), training.channels());
        Self { classes, channels, height, width, digest: digest([training, test]) }
    }
}

/// SHA-256 over the sizes, labels and pixels of both sets and the names of their classes, in hexadecimal.
fn digest(sets: [&Images; 2]) -> String {
    let mut hash = Sha256::new();
    for images in sets {
        let (height, width) = images.size();
        for number in [images.channels(), height, width, images.len()] {
            hash.update((number as u64).to_le_bytes());
        }
        hash.update(images.labels());
        (0..images.len()).for_each(|index| hash.update(images.image(index)));
    }
    for name in sets[0].class_names() {
        hash.update((name.len() as u64).to_le_bytes());
        hash.update(name);
    }
    hex(&hash.finalize())
}
