//! Data sets: images as bytes, where they come from, and how a pass reads them.
//!
//! MNIST is read from the user's folder or downloaded ([`mnist`], [`download`]), in the IDX format ([`idx`]); without it a
//! run uses the handwritten digits that a dependency carries ([`digits`]). CIFAR-10's colour images are read from the user's folder
//! ([`cifar10`]). An image reaches the network as it is ([`encoder`]), smaller ([`reduction`]), distorted ([`distortion`],
//! [`warp`]), or with others beside it ([`flanked`]).

pub mod cifar10;
pub mod digits;
pub mod distortion;
pub mod download;
pub mod encoder;
mod error;
pub mod flanked;
pub mod idx;
pub mod mnist;
pub mod reduction;
pub mod warp;

pub use error::{ChannelsError, DataError};

use download::{Options, Progress};
use mnist::Place;
use std::path::{Path, PathBuf};
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
    /// If the number of pixels is not `height * width` times the number of labels: a reader checks this before.
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

    /// How many images there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is no image.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Height and width of each image, in pixels.
    pub fn size(&self) -> (usize, usize) {
        (self.height, self.width)
    }

    /// How many channels each image has: 1 in grey, 3 in colour.
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

/// The same images with the same labels, wherever they stand.
impl PartialEq for Images {
    fn eq(&self, other: &Self) -> bool {
        let same = |index| self.image(index) == other.image(index);
        let shape = |images: &Self| (images.channels, images.size());
        shape(self) == shape(other) && self.labels() == other.labels() && (0..self.len()).all(same)
    }
}

/// Which data set a run used. It decides what a result may be compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The 60,000 and 10,000 digits of MNIST, as in the paper (section III-A).
    Mnist,
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
            Self::Digits => "digits",
            Self::Cifar10 => "cifar10",
        }
    }
}

impl Choice {
    /// How many patterns there are to train on, and how many to test on, where that does not depend on the user's files.
    pub fn sizes(self) -> Option<(usize, usize)> {
        match self {
            Self::Mnist => Some((60_000, 10_000)),
            Self::Digits => Some((1437, 360)),
            Self::Auto | Self::Cifar10 => None,
        }
    }
}

/// Its name as people write it.
impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Mnist => "MNIST",
            Self::Digits => "the embedded 8x8 digits",
            Self::Cifar10 => "CIFAR-10",
        })
    }
}

/// The choice that gives this data set and no other.
impl From<Source> for Choice {
    fn from(source: Source) -> Self {
        match source {
            Source::Mnist => Self::Mnist,
            Source::Digits => Self::Digits,
            Source::Cifar10 => Self::Cifar10,
        }
    }
}

/// A training set and a test set.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// Which one this is.
    pub source: Source,
    /// Where it was read from, for the record of a run.
    pub origin: String,
    /// Patterns to train on.
    pub training: Images,
    /// Patterns to test on, never trained on.
    pub test: Images,
}

impl Dataset {
    /// How many patterns there are to train on, and how many to test on.
    pub fn sizes(&self) -> (usize, usize) {
        (self.training.len(), self.test.len())
    }

    /// Whether a network whose input has this many `maps` can read the images: there must be a map for each channel, except that
    /// grey images are shown to all three maps of a network for colour.
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

/// Which data set to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// MNIST, and the handwritten digits if MNIST can neither be found nor downloaded.
    #[default]
    Auto,
    /// MNIST or nothing.
    Mnist,
    /// The handwritten digits.
    Digits,
    /// CIFAR-10, which is never downloaded.
    Cifar10,
}

/// Opens the chosen data set. CIFAR-10 is read from [`cifar10::place`]. MNIST is read from the first of [`mnist::places`] that holds it, or else downloaded into the
/// cache folder. When the digits take the place of MNIST, `progress` is told why.
///
/// # Errors
/// Under [`Choice::Mnist`] and [`Choice::Cifar10`], any reason why it cannot be had. Under [`Choice::Auto`] only what the user must put right: a
/// wrong `data_dir` or `LENET5_DATA`, a wrong address of a mirror, wrong bytes in a file that was found, or another file in the place of a download.
pub fn open(
    choice: Choice,
    data_dir: Option<&Path>,
    options: &Options,
    progress: &mut dyn Progress,
) -> Result<Dataset, DataError> {
    if choice == Choice::Cifar10 {
        let (setting, dir) = cifar10::place(data_dir);
        return cifar10::load_from(setting, &dir);
    }
    open_at(choice, &mnist::places(data_dir), options, progress)
}

/// As [`open`], with the folders to search given instead of taken from the surroundings. CIFAR-10 is read from the first.
///
/// # Errors
/// As [`open`].
pub fn open_at(
    choice: Choice,
    places: &[(Place, PathBuf)],
    options: &Options,
    progress: &mut dyn Progress,
) -> Result<Dataset, DataError> {
    match choice {
        Choice::Digits => return Ok(digits::load()),
        Choice::Cifar10 => return cifar10::load(places.first().map_or(Path::new(cifar10::FOLDER), |(_, dir)| dir)),
        Choice::Auto | Choice::Mnist => {}
    }
    if let Some(dir) = mnist::locate(places)? {
        return mnist::load(dir);
    }
    let reason = match fetch_to_cache(places, options, progress) {
        Ok(dir) => return mnist::load(dir),
        Err(error @ (DataError::Mirror { .. } | DataError::InTheWay { .. })) => return Err(error),
        Err(reason) => reason,
    };
    if choice == Choice::Mnist {
        return Err(reason);
    }
    progress.fallback(&reason);
    Ok(digits::load())
}

fn fetch_to_cache<'a>(
    places: &'a [(Place, PathBuf)],
    options: &Options,
    progress: &mut dyn Progress,
) -> Result<&'a Path, DataError> {
    let looked = || places.iter().map(|(place, dir)| format!("\n  {}: {}", place.label(), dir.display())).collect();
    let Some((_, cache)) = places.iter().find(|(place, _)| *place == Place::Cache) else {
        return Err(DataError::NoCache { looked: looked() });
    };
    match download::fetch(cache, options, progress) {
        Ok(()) => Ok(cache),
        Err(error @ (DataError::Mirror { .. } | DataError::InTheWay { .. })) => Err(error),
        Err(reason) => Err(DataError::NotFound { looked: looked(), reason: Box::new(reason) }),
    }
}

/// What is found in a folder that lacks files, for a message: `missing`, and what is there in their place.
fn found_in(dir: &Path, missing: String) -> String {
    const FEW: usize = 4;
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(_) if dir.is_file() => return "a file and no folder".into(),
        Err(error) => return format!("no folder that can be read ({error})"),
    };
    let names = entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()));
    let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
    if names.is_empty() {
        return format!("{missing}: the folder is empty");
    }
    names.sort();
    let is_other_form = |name: &&String| OTHER_FORMS.iter().any(|ending| name.ends_with(ending));
    let other =
        names.iter().find(is_other_form).map(|name| format!(" ({name} is a form of the data that is not read)"));
    let more = if names.len() > FEW { ", ..." } else { "" };
    format!("{missing}, but {}{more}{}", names[..names.len().min(FEW)].join(", "), other.unwrap_or_default())
}

/// How the names of files end that have MNIST or CIFAR-10 in another form: Kaggle's tables, the packed arrays of Keras, Hugging
/// Face's tables, archives, and the version of CIFAR-10 for Python.
const OTHER_FORMS: [&str; 8] = [".csv", ".npz", ".npy", ".parquet", ".pkl.gz", ".zip", ".tar.gz", "batches-py"];

/// Places a picture in a square of `frame` x `frame` pixels as MNIST's were: by whole pixels, so that the centre of mass of
/// its ink falls on pixel `frame / 2`, within half a pixel. `ink` is `height` x `width` pixels, row by row, 0 being
/// background. The picture stays within the frame even if the centre is then missed; one without ink goes to the middle.
///
/// With pixels numbered from 0 and a pixel's number standing for its centre, the centres of mass of MNIST's images of 28x28
/// pixels spread evenly over 13.5 to 14.5, both ways: they were moved to 14, half a pixel below and right of the middle.
///
/// Returns nothing if the picture is larger than the frame, the frame larger than 4,096, or `ink` has not
/// `height * width` pixels.
pub fn centre_by_mass(ink: &[u8], height: usize, width: usize, frame: usize) -> Option<Vec<u8>> {
    if frame > 4096 || height > frame || width > frame || height * width != ink.len() {
        return None;
    }
    let mut framed = vec![0; frame * frame];
    if ink.is_empty() {
        return Some(framed);
    }
    let (mut mass, mut down, mut right) = (0, 0, 0);
    for (index, &pixel) in ink.iter().enumerate() {
        mass += i64::from(pixel);
        down += i64::from(pixel) * (index / width) as i64;
        right += i64::from(pixel) * (index % width) as i64;
    }
    let top = shift(mass, down, height, frame);
    let left = shift(mass, right, width, frame);
    for (row, pixels) in ink.chunks_exact(width).enumerate() {
        framed[(top + row) * frame + left..][..width].copy_from_slice(pixels);
    }
    Some(framed)
}

/// By how many pixels to move a picture of `size` pixels with this `mass` and first `moment` along one axis.
fn shift(mass: i64, moment: i64, size: usize, frame: usize) -> usize {
    let room = frame - size;
    if mass == 0 {
        return room / 2;
    }
    // The smallest whole number that brings moment / mass to frame / 2 - 1/2 or more, in whole numbers to be exact.
    let wanted = (2 * (frame as i64 / 2) - 1) * mass - 2 * moment;
    let shift = -(-wanted).div_euclid(2 * mass);
    shift.clamp(0, room as i64) as usize
}
