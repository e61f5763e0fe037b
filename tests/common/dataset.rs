//! A data set that takes no time.

use lenet5::data::{Dataset, Images, Source};

/// Twelve images of noise.
pub fn dataset(source: Source) -> Dataset {
    let pixels = (0..12 * 64).map(|index| (index * 37 % 251) as u8).collect();
    let images = Images::new(8, 8, pixels, (0..12).map(|index| index % 10).collect());
    Dataset { source, origin: "a test".into(), training: images.clone(), test: images }
}
