//! A data set: training and test images with the name of their origin.

use super::choice::Choice;
use super::images::{Images, ImagesError};
use super::record::OwnData;
use super::source::Source;
use crate::kernels::maps::Shape;

/// A training set and a test set.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// The name of the data set.
    pub source: Source,
    /// The place that it was read from, for the record of a run; of a program's own images, their name.
    pub origin: String,
    /// Patterns to train on.
    pub training: Images,
    /// Patterns to test on, never trained on.
    pub test: Images,
}

impl Dataset {
    /// A data set of a program's own images, under this name. The names of the classes are those of the training images
    /// ([`Images::named`]).
    ///
    /// # Errors
    /// [`ImagesError`] if the name is empty or longer than a line, or the test images have other channels, another size or more
    /// classes than the training images.
    pub fn new(name: &str, training: Images, test: Images) -> Result<Self, ImagesError> {
        if name.trim().is_empty() || name.chars().any(char::is_control) {
            return Err(ImagesError::Name { found: name.into() });
        }
        let shape =
            |images: &Images| format!("{} x {} x {} pixels", images.channels(), images.size().0, images.size().1);
        let classes = |images: &Images| format!("labels below {}", images.classes());
        for (differ, of) in [
            (shape(&training) != shape(&test), &shape as &dyn Fn(&Images) -> String),
            (test.labels().iter().any(|&label| usize::from(label) >= training.classes()), &classes),
        ] {
            if differ {
                return Err(ImagesError::Test { expected: of(&training), found: of(&test) });
            }
        }
        Ok(Self { source: Source::Own, origin: name.into(), training, test })
    }

    /// The setting `dataset` that names this data set and no other.
    pub fn choice(&self) -> Choice {
        Choice::of(self.source, &self.origin)
    }

    /// What a model keeps of a user's own data; `None` for published data sets.
    pub fn own_data(&self) -> Option<OwnData> {
        self.source.is_own().then(|| OwnData::of(&self.training, &self.test))
    }

    /// Checks that a network with this `input` and this many `classes` can be trained and tested on the images: channels as
    /// [`check_channels`](Self::check_channels) has it, no image larger than the input, which would be cut, and no label without a class.
    ///
    /// # Errors
    /// [`UnfitData`] if it cannot.
    pub fn check_fits(&self, input: Shape, classes: usize) -> Result<(), UnfitData> {
        self.check_channels(input.maps)?;
        for (set, images) in [("training", &self.training), ("test", &self.test)] {
            let (height, width) = images.size();
            if (height > input.height || width > input.width) && !images.is_empty() {
                let network = (input.height, input.width);
                return Err(UnfitData::Size { data: self.source, set, images: (height, width), network });
            }
            let labels = images.labels().iter().enumerate();
            if let Some((index, &label)) = labels.into_iter().find(|(_, label)| usize::from(**label) >= classes) {
                return Err(UnfitData::Label { data: self.source, set, index, label, classes });
            }
        }
        if self.training.is_empty() { Err(UnfitData::Empty { data: self.source }) } else { Ok(()) }
    }

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

/// Data that a network cannot be trained or tested on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnfitData {
    /// The images have other channels than the network's input.
    #[error(transparent)]
    Channels(#[from] ChannelsError),
    /// The images are larger than the network's input.
    #[error(
        "{data}: expected {set} images of at most {} x {} pixels, the network's input, found {} x {}; scale them (`data::own::fitted`), or choose a network with a larger input",
        network.0, network.1, images.0, images.1
    )]
    Size {
        /// The data set.
        data: Source,
        /// `training` or `test`.
        set: &'static str,
        /// Height and width of the images.
        images: (usize, usize),
        /// Height and width of the network's input.
        network: (usize, usize),
    },
    /// A label is not a class of the network.
    #[error(
        "{data}: expected labels below {classes}, the number of the network's classes, found {label} at {set} image {index}, counted from 0; \
         give it a character for each class (the setting `alphabet`; in a program, `Settings::for_data`), or take other data"
    )]
    Label {
        /// The data set.
        data: Source,
        /// `training` or `test`.
        set: &'static str,
        /// The number of the image.
        index: usize,
        /// The label.
        label: u8,
        /// The number of the network's classes.
        classes: usize,
    },
    /// There is nothing to train on.
    #[error("{data}: expected one training image or more, found none")]
    Empty {
        /// The data set.
        data: Source,
    },
}
