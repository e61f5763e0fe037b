//! The distances of every pattern of a set.

use std::ops::ControlFlow;

use super::in_chunks;
use crate::data::Images;
use crate::data::encoder::Encoder;
use crate::kernels::compute::Compute;
use crate::kernels::maps::Maps;
use crate::kernels::scalar::Scalar;
use crate::network::Network;
use crate::network::loss;

/// The outputs of a network for each pattern of a set: a distance for each class.
#[derive(Debug, Clone, PartialEq)]
pub struct Outputs<T> {
    classes: usize,
    distances: Vec<T>,
}

impl<T: Scalar> Outputs<T> {
    /// These distances, pattern by pattern, `classes` of them each.
    ///
    /// # Panics
    /// If that does not come out even.
    pub fn new(classes: usize, distances: Vec<T>) -> Self {
        assert!(distances.len().is_multiple_of(classes), "{} distances, {classes} a pattern", distances.len());
        Self { classes, distances }
    }

    /// The number of patterns.
    pub fn len(&self) -> usize {
        self.distances.len() / self.classes
    }

    /// The number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// True if there is no pattern.
    pub fn is_empty(&self) -> bool {
        self.distances.is_empty()
    }

    /// The distances of each pattern in turn, one a class.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[T]> {
        self.distances.chunks_exact(self.classes)
    }

    /// The distances of pattern `index`, one a class.
    ///
    /// # Panics
    /// If there is no such pattern.
    pub fn row(&self, index: usize) -> &[T] {
        &self.distances[index * self.classes..][..self.classes]
    }

    /// The distances of all patterns, one after another.
    pub fn into_distances(self) -> Vec<T> {
        self.distances
    }

    /// The class that each pattern was taken for.
    pub fn answers(&self) -> Vec<usize> {
        self.rows().map(loss::answer).collect()
    }

    /// For each pattern, true if it was answered wrongly.
    ///
    /// # Panics
    /// If there is not a label for each pattern.
    pub fn wrong(&self, labels: &[u8]) -> Vec<bool> {
        assert_eq!(self.len(), labels.len(), "a label for each pattern");
        self.answers().iter().zip(labels).map(|(&answer, &label)| answer != usize::from(label)).collect()
    }
}

/// Runs the network with these parameters over all images, in parallel: the same bits for any number of threads.
pub fn outputs<T: Compute>(network: &Network<T>, values: &[T], images: &Images) -> Outputs<T> {
    outputs_of(network, values, images.len(), |encoder, index, input| encoder.encode_image(images, index, input))
}

/// As [`outputs`], for `count` images wherever they are: `write` writes the one of this index to the network's input.
pub fn outputs_of<T: Compute>(
    network: &Network<T>,
    values: &[T],
    count: usize,
    write: impl Fn(&Encoder<T>, usize, &mut Maps<T>) + Sync,
) -> Outputs<T> {
    let add = |part: &mut Vec<T>, _, distances: &[T]| part.extend_from_slice(distances);
    let chunks = in_chunks(network, values, (count, write), Vec::new, add, || ControlFlow::Continue(()));
    Outputs::new(network.outputs(), chunks.continue_value().expect("nobody stops it").concat())
}
