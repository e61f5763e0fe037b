//! The distances of every pattern of a set.

use super::in_chunks;
use crate::data::Images;
use crate::kernels::compute::Compute;
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
    let classes = network.outputs();
    let chunks = in_chunks(network, values, images, Vec::new, |part: &mut Vec<T>, _, distances| {
        part.extend_from_slice(distances);
    });
    Outputs::new(classes, chunks.concat())
}

#[cfg(all(test, feature = "digits"))]
mod tests {
    use super::*;
    use crate::data::digits;
    use crate::evaluation::evaluate;
    use crate::models;
    use crate::models::builder::Builder;
    use crate::training::initialisation::initial_values;

    /// The network's own answers, counted by [`evaluate`], and the same bits from one thread and from three.
    #[test]
    fn outputs_are_those_that_evaluate_counts_for_any_number_of_threads() {
        let (settings, images) = (Builder::default().build().unwrap(), digits::load().test);
        let network = models::build::<f32>(&settings);
        let values = initial_values(network.layout(), &settings);
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| outputs(&network, &values, &images))
        };
        let outputs = on(1);
        assert_eq!(outputs, on(3));
        assert_eq!((outputs.len(), outputs.is_empty()), (images.len(), false));

        let evaluation = evaluate(&network, &values, settings.loss_function(), &images);
        let pairs: Vec<(usize, usize)> = images.labels().iter().map(|&l| l.into()).zip(outputs.answers()).collect();
        for class in 0..10 {
            for answer in 0..10 {
                let count = pairs.iter().filter(|&&pair| pair == (class, answer)).count();
                assert_eq!(evaluation.confusion[(class, answer)], count, "{class} taken for {answer}");
            }
        }
        let loss: f64 = (0..images.len())
            .map(|index| settings.loss_function().value(outputs.row(index), images.labels()[index].into()))
            .sum();
        assert!((loss / images.len() as f64 - evaluation.mean_loss).abs() < 1e-9 * evaluation.mean_loss);
    }
}
