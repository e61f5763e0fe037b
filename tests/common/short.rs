//! Runs that take no time.

use std::ops::ControlFlow;

use lenet5::data::{Dataset, Images, Source};
use lenet5::training::{Observer, Progress};

/// Twelve images of noise.
pub fn dataset(source: Source) -> Dataset {
    let pixels = (0..12 * 64).map(|index| (index * 37 % 251) as u8).collect();
    let images = Images::new(8, 8, pixels, (0..12).map(|index| index % 10).collect());
    Dataset { source, origin: "a test".into(), training: images.clone(), test: images }
}

/// Stops in this pass, as soon as so many of its patterns have been presented.
pub struct StopAt(pub usize, pub usize);

impl Observer for StopAt {
    fn step(&mut self, progress: Progress) -> ControlFlow<()> {
        let now = (progress.pass, progress.presented);
        if now >= (self.0, self.1) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
