//! LeNet-4 with K-NN, and with local learning, in place of its last layer (section III-C): patterns are compared by the states
//! of a hidden layer of the trained network.
//!
//! The paper states neither the layer nor any k. Reading: S4 after its squashing, since 60,000 patterns x 400 units are the
//! 24 million variables that Fig. 12 says both classifiers store; the hidden units before the outputs are the alternative. k and
//! the ridge of local learning are chosen on training patterns held out.

mod local;
mod search;
mod vote;

pub use local::{LocalLearning, RIDGES, SIZES};
pub use search::{Neighbour, nearest};
pub use vote::{KS, NearestNeighbours};

use std::sync::Arc;

use rayon::prelude::*;

use crate::data::Images;
use crate::data::encoder::Encoder;
use crate::network::Network;

/// Images are worked on in chunks of this many.
const CHUNK: usize = 250;

/// The result of one choice on the held-out patterns.
#[derive(Debug, Clone, PartialEq)]
pub struct ChoiceRecord {
    /// The number of neighbours that vote, or to which the layer is fitted.
    pub k: usize,
    /// The ridge of local learning, as a share of the neighbours' mean squared distance from their mean.
    pub ridge: Option<f64>,
    /// The number of held-out patterns that were asked.
    pub patterns: usize,
    /// The number of them answered wrongly.
    pub errors: usize,
}

/// The features of patterns: a row of `width` numbers for each.
#[derive(Debug, Clone)]
pub struct Features {
    width: usize,
    /// More than the rows from `start` on, `count` of them, where sets share them.
    values: Arc<Vec<f32>>,
    start: usize,
    count: usize,
}

impl Features {
    /// These numbers, pattern by pattern, `width` of them each.
    ///
    /// # Panics
    /// If the width is 0 or that does not come out even.
    pub fn new(width: usize, values: Vec<f32>) -> Self {
        assert!(width > 0 && values.len().is_multiple_of(width), "{} numbers, {width} a pattern", values.len());
        Self { width, start: 0, count: values.len() / width, values: Arc::new(values) }
    }

    /// The number of features of a pattern.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The number of patterns.
    pub fn len(&self) -> usize {
        self.count
    }

    /// True if there is no pattern.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The features of pattern `index`.
    ///
    /// # Panics
    /// If there is no such pattern.
    pub fn row(&self, index: usize) -> &[f32] {
        &self.rows()[index * self.width..][..self.width]
    }

    /// All rows, one after another.
    pub fn rows(&self) -> &[f32] {
        &self.values[self.start * self.width..][..self.count * self.width]
    }

    /// The first `count` patterns, or all if there are fewer. They are not copied.
    pub fn first(&self, count: usize) -> Self {
        Self { count: count.min(self.count), ..self.clone() }
    }

    /// The patterns without the first `count`: none if there are no more. They are not copied.
    pub fn skip(&self, count: usize) -> Self {
        let skipped = count.min(self.count);
        Self { start: self.start + skipped, count: self.count - skipped, ..self.clone() }
    }
}

/// One state of a network with these parameters for each image, in parallel: number `state` of
/// [`Workspace::states`](crate::network::Workspace::states), such as that of a [`Hidden`](crate::network::Hidden) layer.
///
/// # Panics
/// If there is no such state.
pub fn features(network: &Network<f32>, values: &[f32], images: &Images, state: usize) -> Features {
    let encoder = Encoder::new(network.encoding());
    let width = network.standard_workspace().states()[state].shape().units();
    let mut rows = vec![0.0; images.len() * width];
    let chunks = rows.par_chunks_mut(CHUNK * width).enumerate();
    chunks.for_each_init(
        || network.standard_workspace(),
        |workspace, (chunk, rows)| {
            for (place, row) in rows.chunks_exact_mut(width).enumerate() {
                encoder.encode_image(images, chunk * CHUNK + place, workspace.input_mut());
                network.forward(values, workspace);
                row.copy_from_slice(&workspace.states()[state].values);
            }
        },
    );
    Features::new(width, rows)
}

/// Patterns with their classes, to compare others with.
#[derive(Debug, Clone)]
pub struct Labelled {
    features: Features,
    labels: Vec<u8>,
    classes: usize,
}

impl Labelled {
    /// These patterns, of `classes` classes.
    ///
    /// # Panics
    /// If there is not a label below `classes` for each pattern.
    pub fn new(features: Features, labels: &[u8], classes: usize) -> Self {
        assert_eq!(features.len(), labels.len(), "a label for each pattern");
        assert!(labels.iter().all(|&label| usize::from(label) < classes), "labels below {classes}");
        Self { features, labels: labels.to_vec(), classes }
    }

    /// The patterns without the last `held_out`, and those.
    ///
    /// # Panics
    /// If one of the two would be empty.
    fn split(&self, held_out: usize) -> (Self, Self) {
        assert!(0 < held_out && held_out < self.labels.len(), "{held_out} of {} held out", self.labels.len());
        let kept = self.labels.len() - held_out;
        let part = |features, labels: &[u8]| Self { features, labels: labels.to_vec(), classes: self.classes };
        let (first, last) = self.labels.split_at(kept);
        (part(self.features.first(kept), first), part(self.features.skip(kept), last))
    }
}

#[cfg(all(test, feature = "digits"))]
mod tests {
    use super::*;
    use crate::data::digits;
    use crate::models;
    use crate::models::builder::Builder;
    use crate::training::initialisation::initial_values;

    #[test]
    fn features_are_the_states_of_the_layer_that_is_named() {
        let (settings, images) = (Builder::assigned(&["preset=lenet4"]).unwrap(), digits::load().test.first(300));
        let network = models::build::<f32>(&settings);
        let values = initial_values(network.layout(), &settings);
        let hidden = network.hidden();
        let state = |name: &str| hidden.iter().find(|layer| layer.name == name).unwrap().state;
        let of = |name| features(&network, &values, &images, state(name));
        let (s4, f5) = (of("S4"), of("F5"));
        assert_eq!((s4.width(), f5.width(), s4.len()), (400, 37, 300));
        let mut workspace = network.standard_workspace();
        Encoder::default().encode_image(&images, 260, workspace.input_mut());
        network.forward(&values, &mut workspace);
        let states = workspace.states();
        let squashed = states.iter().rposition(|state| state.shape().units() == 400).unwrap();
        assert_eq!(states[squashed].values, s4.row(260));
        assert!(states[squashed].values != states[squashed - 1].values, "after the squashing");
        assert_eq!(s4.skip(200).first(70).row(60), s4.row(260));
    }
}
