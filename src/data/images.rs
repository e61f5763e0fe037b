//! Labelled images, and a data set of them.

use std::sync::Arc;

/// Labelled images of one size, grey or in colour. In grey ones 0 is background and 255 is ink, as in MNIST.
#[derive(Debug, Clone)]
pub struct Images {
    channels: usize,
    height: usize,
    width: usize,
    /// More than those from `start` on, `count` of them, where sets share their images.
    pixels: Arc<Vec<u8>>,
    labels: Arc<Vec<u8>>,
    start: usize,
    count: usize,
}

impl Images {
    /// Grey images of `height` x `width` pixels, row by row, one after another in `pixels`, with a label each.
    ///
    /// # Panics
    /// If the number of pixels is not `height * width` times the number of labels: readers of files check this before.
    pub fn new(height: usize, width: usize, pixels: Vec<u8>, labels: Vec<u8>) -> Self {
        Self::with_channels(1, height, width, pixels, labels)
    }

    /// Images of `channels` channels of `height` x `width` pixels, with a label each. `pixels` has one image after another, of each
    /// the first channel row by row, then the next one: such as all of red, all of green, all of blue.
    ///
    /// # Panics
    /// If the number of pixels is not `channels * height * width` times the number of labels: a reader checks this before.
    pub fn with_channels(channels: usize, height: usize, width: usize, pixels: Vec<u8>, labels: Vec<u8>) -> Self {
        assert_eq!(pixels.len(), channels * height * width * labels.len(), "one label for each image");
        let (start, count) = (0, labels.len());
        Self { channels, height, width, start, count, pixels: Arc::new(pixels), labels: Arc::new(labels) }
    }

    /// The number of images.
    pub fn len(&self) -> usize {
        self.count
    }

    /// True if there is no image.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Height and width of each image, in pixels.
    pub fn size(&self) -> (usize, usize) {
        (self.height, self.width)
    }

    /// The number of channels of each image: 1 in grey, 3 in colour.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// The `channels * height * width` pixels of image `index`, channel by channel and row by row.
    ///
    /// # Panics
    /// If there is no such image.
    pub fn image(&self, index: usize) -> &[u8] {
        let size = self.channels * self.height * self.width;
        &self.pixels[self.start * size..][..self.count * size][index * size..][..size]
    }

    /// The class of each image.
    pub fn labels(&self) -> &[u8] {
        &self.labels[self.start..][..self.count]
    }

    /// The first `count` images, or all if there are fewer. They are not copied.
    pub fn first(&self, count: usize) -> Self {
        Self { count: count.min(self.count), ..self.clone() }
    }

    /// The images without the first `count`: none if there are no more. They are not copied.
    pub fn skip(&self, count: usize) -> Self {
        let skipped = count.min(self.count);
        Self { start: self.start + skipped, count: self.count - skipped, ..self.clone() }
    }
}

/// Equal images with equal labels, wherever they are stored.
impl PartialEq for Images {
    fn eq(&self, other: &Self) -> bool {
        let same = |index| self.image(index) == other.image(index);
        let shape = |images: &Self| (images.channels, images.size());
        shape(self) == shape(other) && self.labels() == other.labels() && (0..self.len()).all(same)
    }
}

/// The data set of a run, which decides what a result may be compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The 60,000 and 10,000 digits of MNIST, as in the paper (section III-A).
    Mnist,
    /// The 60,000 training digits of MNIST and the 50,000 lost ones of its test set, which Yadav and Bottou reconstructed in 2019.
    Qmnist,
    /// The 1,797 digits of 8x8 pixels that need no download; no figure of the paper belongs beside a result on them.
    Digits,
    /// Colour images of ten kinds of things, 32x32 pixels: not in the paper, which is older.
    Cifar10,
}

impl Source {
    /// Its name in settings and in the names of folders.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mnist => "mnist",
            Self::Qmnist => "qmnist",
            Self::Digits => "digits",
            Self::Cifar10 => "cifar10",
        }
    }
}

/// Its name as people write it.
impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Mnist => "MNIST",
            Self::Qmnist => "MNIST with QMNIST's further test digits",
            Self::Digits => "the embedded 8x8 digits",
            Self::Cifar10 => "CIFAR-10",
        })
    }
}

/// A training set and a test set.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// The name of the data set.
    pub source: Source,
    /// The place that it was read from, for the record of a run.
    pub origin: String,
    /// Patterns to train on.
    pub training: Images,
    /// Patterns to test on, never trained on.
    pub test: Images,
}

impl Dataset {
    /// The numbers of training and of test patterns.
    pub fn sizes(&self) -> (usize, usize) {
        (self.training.len(), self.test.len())
    }

    /// Checks that a network whose input has this many `maps` can read the images: there must be a map for each
    /// channel, except that grey images are shown to all three maps of a network for colour.
    ///
    /// # Errors
    /// If it cannot.
    pub fn check_channels(&self, maps: usize) -> Result<(), ChannelsError> {
        let wrong = |&channels: &usize| channels != maps && (channels, maps) != (1, 3);
        match [self.training.channels(), self.test.channels()].into_iter().find(wrong) {
            Some(channels) => Err(ChannelsError { data: self.source, channels, maps }),
            None => Ok(()),
        }
    }
}

/// Images that a network cannot read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{data}: expected images with as many channels as the network's input has maps, {maps}, found {channels}; choose a network \
     whose input has {channels}, or another data set (--dataset)"
)]
pub struct ChannelsError {
    /// The data set.
    pub data: Source,
    /// The number of channels of its images.
    pub channels: usize,
    /// The number of maps of the network's input.
    pub maps: usize,
}
