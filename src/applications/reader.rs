//! A trained network that reads images, one at a time.

use crate::data::encoder::Encoder;
use crate::kernels::maps::{Maps, Shape};
use crate::network::layers::ShapeError;
use crate::network::loss::{self, Loss};
use crate::network::{Network, Workspace};
use crate::runs::checkpoint::Model;

/// A model ready to read images. Its buffers are made once.
#[derive(Debug, Clone)]
pub struct Reader {
    network: std::sync::Arc<Network<f32>>,
    values: Vec<f32>,
    workspace: Workspace<f32>,
    encoder: Encoder<f32>,
    names: Vec<String>,
    blank: Option<usize>,
    loss: Loss,
    j: f64,
}

/// A network's answer to one image.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The class of the smallest distance.
    pub class: usize,
    /// y_i of each class (eq. 7). Of a network that ends in scores, these with the other sign.
    pub distances: Vec<f32>,
    /// Of each class, after softmax, 0 to 1; only of a network that ends in scores.
    pub probabilities: Option<Vec<f64>>,
    /// The probability that the image shows none of the classes (eq. 9), 0 to 1; only of a network with RBF units.
    pub rubbish: Option<f64>,
}

impl Answer {
    /// The score of each class, of which the largest wins; only of a network that ends in scores.
    pub fn scores(&self) -> Option<Vec<f32>> {
        self.probabilities.as_ref().map(|_| self.distances.iter().map(|distance| -distance).collect())
    }
}

/// The reasons why a model or an image is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The values are not those of the model's network.
    #[error("a model with {found} values: its network has {expected} parameters")]
    Parameters {
        /// The number of the network's parameters.
        expected: usize,
        /// The number of the model's values.
        found: usize,
    },
    /// As many pixels as the shape says are expected.
    #[error("{found} pixels: an image of {shape} has {}", shape.units())]
    Pixels {
        /// The shape that was named.
        shape: Shape,
        /// The number of pixels that were given.
        found: usize,
    },
    /// A network reads images with a channel for each map of its input; grey ones are shown to all maps.
    #[error("an image of {found} channels: the network reads images of {expected}, or grey ones of 1")]
    Channels {
        /// The maps of the network's input.
        expected: usize,
        /// The channels of the image.
        found: usize,
    },
}

impl Reader {
    /// The network of `model`.
    ///
    /// # Errors
    /// If the model has not as many values as its network has parameters.
    pub fn new(model: &Model) -> Result<Self, ReadError> {
        let network = model.network();
        let (expected, found) = (network.layout().size(), model.values.len());
        if expected != found {
            return Err(ReadError::Parameters { expected, found });
        }
        Ok(Self {
            workspace: network.standard_workspace(),
            encoder: Encoder::new(network.encoding()),
            network: network.into(),
            values: model.values.clone(),
            names: model.class_names(),
            blank: model.settings.blank_class(),
            loss: model.settings.loss_function(),
            j: model.settings.answer_j(),
        })
    }

    /// Takes over other values of the network's parameters, as of one in training.
    ///
    /// # Panics
    /// If there are not as many.
    pub fn load_values(&mut self, values: &[f32]) {
        self.values.copy_from_slice(values);
    }

    /// The values of the network's parameters, in the order of its layout.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The network.
    pub fn network(&self) -> &Network<f32> {
        &self.network
    }

    /// The name of each class.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The blank class, if the network has one (section VII).
    pub fn blank(&self) -> Option<usize> {
        self.blank
    }

    /// j of eq. 9 with which [`Answer::rubbish`] is computed ([`Settings::answer_j`](crate::config::Settings::answer_j)).
    pub fn j(&self) -> f64 {
        self.j
    }

    /// The encoder of pixels.
    pub fn encoder(&self) -> &Encoder<f32> {
        &self.encoder
    }

    /// Reads an image of `shape`: channels, rows and columns of pixels, channel by channel and row by row, 0 being background and
    /// 255 ink. It is put into the middle of the input; what is larger is cut at its edges.
    ///
    /// ```
    /// use lenet5::applications::reader::Reader;
    /// use lenet5::kernels::maps::Shape;
    /// use lenet5::runs::checkpoint::Model;
    ///
    /// let is_ink = |row: usize, column: usize| (4..24).contains(&row) && (14..16).contains(&column);
    /// let bar: Vec<u8> = (0..28 * 28).map(|at| if is_ink(at / 28, at % 28) { 255 } else { 0 }).collect();
    /// let answer = Reader::new(&Model::pretrained())?.read(&bar, Shape::new(1, 28, 28))?;
    /// assert_eq!(answer.class, 1);
    /// assert!(answer.distances[1] < 20.0 && answer.rubbish.unwrap() < 0.5);
    /// # Ok::<(), lenet5::applications::reader::ReadError>(())
    /// ```
    ///
    /// # Errors
    /// If there are not as many pixels as the shape says, or the network reads no images of that many channels.
    pub fn read(&mut self, pixels: &[u8], shape: Shape) -> Result<Answer, ReadError> {
        if pixels.len() != shape.units() {
            return Err(ReadError::Pixels { shape, found: pixels.len() });
        }
        let expected = self.network.input().maps;
        if shape.maps != expected && shape.maps != 1 {
            return Err(ReadError::Channels { expected, found: shape.maps });
        }
        Ok(self.read_as(|encoder, input| encoder.encode(pixels, (shape.height, shape.width), input)))
    }

    /// Reads an image that `write` writes to the input maps.
    pub fn read_as(&mut self, write: impl FnOnce(&Encoder<f32>, &mut Maps<f32>)) -> Answer {
        write(&self.encoder, self.workspace.input_mut());
        self.network.forward(&self.values, &mut self.workspace);
        let distances = self.workspace.output().values.to_vec();
        let (scores, rbf) = (self.loss == Loss::CrossEntropy, !self.network.constants().is_empty());
        Answer {
            class: loss::answer(&distances),
            probabilities: scores.then(|| loss::probabilities(&distances, f64::INFINITY)),
            rubbish: rbf.then(|| loss::rubbish_probability(&distances, self.j)),
            distances,
        }
    }

    /// The input and the output of each layer, of the image that was read last.
    pub fn states(&self) -> &[Maps<f32>] {
        self.workspace.states()
    }

    /// The distances at every position of an image that is larger than the input, over which the network is replicated (section VII):
    /// maps of classes, rows and columns of positions. The `height` x `width` pixels are grey.
    ///
    /// # Errors
    /// If the image is lower or narrower than the network's input.
    ///
    /// # Panics
    /// If there are not `height * width` pixels.
    pub fn read_everywhere(&self, pixels: &[u8], (height, width): (usize, usize)) -> Result<Maps<f32>, ShapeError> {
        assert_eq!(pixels.len(), height * width, "a pixel for each row and column");
        let mut workspace = self.network.workspace(Shape { height, width, ..self.network.input() })?;
        self.encoder.encode(pixels, (height, width), workspace.input_mut());
        self.network.forward(&self.values, &mut workspace);
        Ok(workspace.output().clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_cannot_read_is_refused() {
        let mut model = Model::pretrained();
        let mut reader = Reader::new(&model).unwrap();
        let shape = Shape::new(1, 28, 28);
        assert_eq!(reader.read(&[0; 783], shape), Err(ReadError::Pixels { shape, found: 783 }));
        let channels = ReadError::Channels { expected: 1, found: 3 };
        assert_eq!(reader.read(&[0; 3 * 784], Shape::new(3, 28, 28)), Err(channels));
        model.values.pop();
        let parameters = ReadError::Parameters { expected: 60_000, found: 59_999 };
        assert_eq!(Reader::new(&model).unwrap_err(), parameters);
    }
}
