//! Labelled images.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::kernels::maps::Shape;

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
    /// The name of each class; none where the classes are numbers.
    names: Option<Arc<Vec<String>>>,
}

/// The most classes of a data set: a label is one byte.
pub const MOST_CLASSES: usize = 256;

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
        let (pixels, labels) = (Arc::new(pixels), Arc::new(labels));
        Self { channels, height, width, start, count, pixels, labels, names: None }
    }

    /// Images of a program's own arrays, as [`with_channels`](Self::with_channels) takes them: `shape` is channels, rows and columns. A
    /// label is the number of a class, from 0.
    ///
    /// ```
    /// use lenet5::data::Images;
    /// let images = Images::from_bytes((1, 2, 2), vec![0, 255, 0, 255, 9, 9, 9, 9], vec![0, 1])?;
    /// assert_eq!((images.len(), images.classes()), (2, 2));
    /// assert!(Images::from_bytes((1, 2, 2), vec![0; 7], vec![0, 1]).is_err());
    /// # Ok::<(), lenet5::data::ImagesError>(())
    /// ```
    ///
    /// # Errors
    /// [`ImagesError`] if there is no image, a side is 0, or the number of pixels is not that of the labels.
    pub fn from_bytes(shape: (usize, usize, usize), pixels: Vec<u8>, labels: Vec<u8>) -> Result<Self, ImagesError> {
        check_count(shape, pixels.len(), labels.len())?;
        Ok(Self::with_channels(shape.0, shape.1, shape.2, pixels, labels))
    }

    /// As [`from_bytes`](Self::from_bytes), of levels from 0, background, to 1, ink. Each becomes the nearest of 256 levels.
    ///
    /// # Errors
    /// As [`from_bytes`](Self::from_bytes), or if a level is outside of 0 to 1 or not a number.
    pub fn from_levels(shape: (usize, usize, usize), levels: &[f32], labels: Vec<u8>) -> Result<Self, ImagesError> {
        check_count(shape, levels.len(), labels.len())?;
        if let Some((index, &level)) = levels.iter().enumerate().find(|(_, level)| !(0.0..=1.0).contains(*level)) {
            return Err(ImagesError::Level { index, level });
        }
        let pixels = levels.iter().map(|level| (255.0 * level).round() as u8).collect();
        Self::from_bytes(shape, pixels, labels)
    }

    /// Grey images of `H` x `W` levels from 0, background, to 1, ink, each with the number of its class in `names`.
    ///
    /// ```
    /// use lenet5::data::Images;
    /// let images = Images::from_arrays(&["x", "o"], [(0, [[0.0, 1.0]]), (1, [[1.0, 0.5]])])?;
    /// assert_eq!((images.size(), images.image(1), images.labels()), ((1, 2), &[255, 128][..], &[0, 1][..]));
    /// assert!(Images::from_arrays(&["x", "o"], [(2, [[0.0, 1.0]])]).is_err());
    /// # Ok::<(), lenet5::data::ImagesError>(())
    /// ```
    ///
    /// # Errors
    /// As [`from_levels`](Self::from_levels) and [`named`](Self::named).
    pub fn from_arrays<const H: usize, const W: usize>(
        names: &[&str],
        images: impl IntoIterator<Item = (usize, [[f32; W]; H])>,
    ) -> Result<Self, ImagesError> {
        let (classes, arrays): (Vec<usize>, Vec<[[f32; W]; H]>) = images.into_iter().unzip();
        if let Some(class) = classes.iter().find(|&&class| class >= names.len().min(MOST_CLASSES)) {
            return Err(ImagesError::Names { expected: class + 1, found: names.len() });
        }
        // Below 256.
        let labels = classes.into_iter().map(|class| class as u8).collect();
        let images = Self::from_levels((1, H, W), arrays.as_flattened().as_flattened(), labels)?;
        images.named(names.iter().map(|&name| name.into()).collect())
    }

    /// The images with these names of their classes, in the order of the labels.
    ///
    /// # Errors
    /// [`ImagesError`] if a label has no name, or two classes have the same.
    pub fn named(self, names: Vec<String>) -> Result<Self, ImagesError> {
        if names.len() < self.classes() || names.len() > MOST_CLASSES {
            return Err(ImagesError::Names { expected: self.classes(), found: names.len() });
        }
        let mut seen = BTreeSet::new();
        if let Some(name) = names.iter().find(|name| !seen.insert(name.as_str())) {
            return Err(ImagesError::Twice { name: name.clone() });
        }
        Ok(Self { names: Some(Arc::new(names)), ..self })
    }

    /// The name of each class, or its number where they have no names.
    pub fn class_names(&self) -> Vec<String> {
        let numbers = || (0..self.classes()).map(|class| class.to_string()).collect();
        self.names.as_ref().map_or_else(numbers, |names| names.to_vec())
    }

    /// The number of classes: that of their names, or one more than the largest label.
    pub fn classes(&self) -> usize {
        let largest = || self.labels().iter().max().map_or(0, |&label| usize::from(label) + 1);
        self.names.as_ref().map_or_else(largest, |names| names.len())
    }

    /// The number of images.
    pub fn len(&self) -> usize {
        self.count
    }

    /// True if there is no image.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Channels, rows and columns of each image.
    pub fn shape(&self) -> Shape {
        Shape::new(self.channels, self.height, self.width)
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
        &self.pixels()[index * size..][..size]
    }

    /// The pixels of all images, one image after another.
    pub fn pixels(&self) -> &[u8] {
        let size = self.channels * self.height * self.width;
        &self.pixels[self.start * size..][..self.count * size]
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

/// Checks that there are images of this shape (channels, rows, columns), one at least, and one for each label.
fn check_count(shape: (usize, usize, usize), pixels: usize, labels: usize) -> Result<(), ImagesError> {
    let (channels, height, width) = shape;
    let expected = [height, width, labels].into_iter().try_fold(channels, |product, size| product.checked_mul(size));
    if shape.0 == 0 || shape.1 == 0 || shape.2 == 0 || labels == 0 {
        return Err(ImagesError::Empty { shape, labels });
    }
    if expected != Some(pixels) {
        return Err(ImagesError::Pixels { shape, labels, found: pixels });
    }
    Ok(())
}

/// Arrays that are not labelled images.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ImagesError {
    /// There is no image, or no pixel in it.
    #[error("expected one image or more of one pixel or more, found {labels} labels and images of {} x {} x {} (channels, rows, columns)", shape.0, shape.1, shape.2)]
    Empty {
        /// Channels, rows and columns.
        shape: (usize, usize, usize),
        /// The number of labels.
        labels: usize,
    },
    /// There are not as many pixels as the labels and the shape demand.
    #[error("expected {} x {} x {} pixels (channels, rows, columns) for each of {labels} labels, found {found} in all", shape.0, shape.1, shape.2)]
    Pixels {
        /// Channels, rows and columns.
        shape: (usize, usize, usize),
        /// The number of labels.
        labels: usize,
        /// The number of pixels.
        found: usize,
    },
    /// A level is out of its range.
    #[error("level {index}, counted from 0: expected 0 (background) to 1 (ink), found {level}")]
    Level {
        /// Its place among all levels.
        index: usize,
        /// Its value.
        level: f32,
    },
    /// A class has no name.
    #[error("expected a name for each of {expected} classes, at most {MOST_CLASSES}, found {found}")]
    Names {
        /// The number of classes.
        expected: usize,
        /// The number of names.
        found: usize,
    },
    /// Two classes have the same name.
    #[error("expected a different name for each class, found \"{name}\" twice")]
    Twice {
        /// The name.
        name: String,
    },
    /// Training and test images do not go together.
    #[error("the test images: expected {expected}, as the training images, found {found}")]
    Test {
        /// What the training images have.
        expected: String,
        /// What the test images have.
        found: String,
    },
    /// A data set without a name.
    #[error("the name of a data set: expected one line of one character or more, found {found:?}")]
    Name {
        /// The name.
        found: String,
    },
}
