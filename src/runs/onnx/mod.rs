//! A model as an ONNX file: one graph from pixels to the answer, for other programs' runtimes.
//!
//! | | name | type | shape | |
//! |---|---|---|---|---|
//! | input | `image` | `uint8` | \[batch, maps, height, width\] | 0 is background, 255 is ink; or the channels of a colour image |
//! | output | `distances` | `float` | \[batch, classes\] | of each class: the smallest wins |
//! | or | `scores` | `float` | \[batch, classes\] | of a network that ends in scores: the largest wins |
//! | output | `answer` | `int64` | \[batch\] | the index of the class that wins |
//!
//! Batches are of any size. The graph encodes the pixels itself: it puts the image, which may be smaller than the input, into its middle.
//! Of what it consists is read from the layers ([`Layer::operation`](crate::network::layers::Layer::operation)), whatever network it is.
//! It has the standard operators of version [`OPERATORS`] alone and holds its own parameters, those of a convolution under the names that
//! they have in `model.safetensors`; a table of connections has become a full one, with weights of 0. The names of the classes are in the
//! metadata, as a JSON array under `classes`. The same model always gives the same bytes.

mod graph;
mod layers;
mod messages;

use std::io;
use std::path::Path;

use prost::Message;

use crate::files::write_atomically;
use crate::kernels::maps::Shape;
use crate::network::Network;
use crate::network::layers::Operation;
use crate::runs::checkpoint::Model;
use graph::{Chain, integer};
use messages::{DataType, Dimension, Entry, OperatorSet, Size, TensorType, Type, Value};

/// The version of the standard operators ("opset"): the first that has all that are used as they are used, of 2020.
pub const OPERATORS: i64 = 13;

/// The version of the file format that came with it.
const FORMAT: i64 = 7;

/// The names of the graph's input and outputs.
const INPUT: &str = "image";
const DISTANCES: &str = "distances";
const SCORES: &str = "scores";
const ANSWER: &str = "answer";

/// The reasons why a network cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum OnnxError {
    /// Images that are larger than the input.
    #[error("expected images of at most {}x{} pixels, the size of the network's input, and of at least 1x1; found {}x{}", input.height, input.width, found.0, found.1)]
    ImageSize {
        /// The network's input.
        input: Shape,
        /// The height and width that were asked for, in pixels.
        found: (usize, usize),
    },
    /// A layer that no operator is known for.
    #[error(
        "layer {number} ({name}) does not tell what it computes (`Layer::operation`), so that it has no counterpart in ONNX"
    )]
    Layer {
        /// The place of the layer, counted from 1.
        number: usize,
        /// Its name, or that of the layer before.
        name: String,
    },
    /// The file cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The interface of a written graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// The maps, rows and columns of an image.
    pub image: Shape,
    /// `distances`, of which the smallest wins, or `scores`, of which the largest does.
    pub outputs: &'static str,
    /// Their number.
    pub classes: usize,
    /// The number of nodes.
    pub nodes: usize,
}

/// The size in which a network's images are given if nothing else is asked for: 28x28 for an input of one map of 32x32, in the middle of
/// which MNIST's digits stand; otherwise that of the input.
pub fn usual_image_size(network: &Network<f32>) -> (usize, usize) {
    match network.input() {
        Shape { maps: 1, height: 32, width: 32 } => (28, 28),
        Shape { height, width, .. } => (height, width),
    }
}

/// Writes the model to the ONNX file `path`, as a whole or not at all, for images of `image_size`: height and width in pixels.
///
/// # Errors
/// If images of this size do not fit into the input, a layer has no counterpart, or the file cannot be written.
///
/// # Panics
/// If there are not as many values as the network has parameters.
pub fn write(path: &Path, model: &Model, image_size: (usize, usize)) -> Result<Interface, OnnxError> {
    let (bytes, interface) = to_bytes(model, image_size)?;
    write_atomically(path, &bytes)?;
    Ok(interface)
}

/// The bytes of an ONNX file, and its interface.
///
/// # Errors
/// As [`write()`], but for the file.
///
/// # Panics
/// As [`write()`].
pub fn to_bytes(model: &Model, image_size: (usize, usize)) -> Result<(Vec<u8>, Interface), OnnxError> {
    let network = model.network();
    let (input, (height, width)) = (network.input(), image_size);
    if height == 0 || width == 0 || height > input.height || width > input.width {
        return Err(OnnxError::ImageSize { input, found: image_size });
    }
    let mut chain = Chain::new(INPUT, &[DISTANCES, SCORES, ANSWER]);
    layers::encoding(&mut chain, &network, image_size);
    let outputs = add_layers(&mut chain, &network, &model.values)?;
    let (extreme, which) = if outputs == SCORES { ("ArgMax", "largest") } else { ("ArgMin", "smallest") };
    chain.output(outputs, "Flatten", &[integer("axis", 1)]);
    chain.output(ANSWER, extreme, &[integer("axis", 1), integer("keepdims", 0)]);

    let (image, classes) = (Shape { height, width, ..input }, network.outputs());
    let inputs = vec![value(
        INPUT,
        DataType::Uint8,
        &[image.maps, height, width],
        format!(
            "pixels: 0 is background and 255 ink, or the channels of a colour image; read in the middle of {input}"
        ),
    )];
    let of_classes = value(outputs, DataType::Float, &[classes], format!("of each class; the {which} wins"));
    let answer = value(ANSWER, DataType::Int64, &[], "the index of the class that wins".into());
    let label = model.settings.label();
    let graph = chain.finish(&label, inputs, vec![of_classes, answer]);
    let interface = Interface { image, outputs, classes, nodes: graph.node.len() };
    let names = serde_json::to_string(&model.class_names()).expect("texts");
    let entry = |key: &str, value: String| Entry { key: key.into(), value };
    let message = messages::Model {
        ir_version: FORMAT,
        producer_name: env!("CARGO_PKG_NAME").into(),
        producer_version: env!("CARGO_PKG_VERSION").into(),
        doc_string: format!("{label}, trained on {}; the {which} of the {outputs} wins", model.source),
        graph: Some(graph),
        opset_import: vec![OperatorSet { domain: String::new(), version: OPERATORS }],
        metadata_props: vec![entry("classes", names), entry("trained_on", model.source.to_string())],
    };
    Ok((message.encode_to_vec(), interface))
}

/// Adds the layers to the graph; the name of its output. The scores of a network whose last layer is their negative are its output.
fn add_layers(chain: &mut Chain, network: &Network<f32>, values: &[f32]) -> Result<&'static str, OnnxError> {
    let shapes = network.shapes(network.input()).expect("checked when the network was made");
    let (count, mut named) = (network.layers().count(), String::from("input"));
    for (index, ((layer, range), shape)) in network.layers().zip(shapes).enumerate() {
        if !layer.name().is_empty() {
            named = layer.name().to_lowercase();
        }
        let missing = || OnnxError::Layer { number: index + 1, name: named.clone() };
        let operation = layer.operation().ok_or_else(missing)?;
        if operation == Operation::Negative && index + 1 == count {
            return Ok(SCORES);
        }
        layers::layer(chain, &named, shape.maps, operation, &values[range]);
    }
    Ok(DISTANCES)
}

/// An input or an output: a batch of tensors of this shape.
fn value(name: &str, data_type: DataType, shape: &[usize], doc_string: String) -> Value {
    let sizes = shape.iter().map(|&size| Size::Fixed(size as i64));
    let sizes = std::iter::once(Size::Named("batch".into())).chain(sizes);
    let shape = messages::Shape { dim: sizes.map(|size| Dimension { value: Some(size) }).collect() };
    let tensor_type = TensorType { elem_type: data_type.into(), shape: Some(shape) };
    Value { name: name.into(), r#type: Some(Type { tensor_type: Some(tensor_type) }), doc_string }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::maps::Maps;
    use crate::network::layers::{Context, Derivatives, Layer, MaxPool, Relu};

    /// A layer of a user that computes nothing that is known.
    #[derive(Debug)]
    struct Unknown;

    impl Layer<f32> for Unknown {
        fn forward(&self, _: &[f32], input: &Maps<f32>, output: &mut Maps<f32>, _: Context<'_, f32>) {
            output.values.copy_from_slice(&input.values);
        }

        fn gradient(&self, _: &[f32], _: Derivatives<'_, f32>, _: Context<'_, f32>) {}

        fn curvature(&self, _: &[f32], _: Derivatives<'_, f32>, _: Context<'_, f32>) {}
    }

    #[test]
    fn a_layer_that_does_not_tell_its_function_is_named() {
        let layers: Vec<Box<dyn Layer<f32>>> = vec![Box::new(MaxPool::new("S2", 2)), Box::new(Relu), Box::new(Unknown)];
        let network = Network::new(Shape::new(1, 8, 8), layers).unwrap();
        let mut chain = Chain::new(INPUT, &[DISTANCES, SCORES, ANSWER]);
        let text = add_layers(&mut chain, &network, &[]).unwrap_err().to_string();
        assert!(text.starts_with("layer 3 (s2) does not tell what it computes"), "{text}");
    }

    #[test]
    fn the_same_model_has_the_same_bytes_and_its_own_interface() {
        let model = Model::pretrained();
        assert_eq!(usual_image_size(&model.network()), (28, 28));
        let (bytes, interface) = to_bytes(&model, (28, 28)).unwrap();
        assert_eq!(bytes, to_bytes(&model, (28, 28)).unwrap().0);
        assert_eq!((interface.image, interface.outputs, interface.classes), (Shape::new(1, 28, 28), DISTANCES, 10));
        let message = messages::Model::decode(&*bytes).unwrap();
        let graph = message.graph.unwrap();
        assert_eq!((graph.node.len(), graph.node.last().unwrap().op_type.as_str()), (interface.nodes, "ArgMin"));
        let c3 = graph.initializer.iter().find(|tensor| tensor.name == "c3.weight").unwrap();
        assert_eq!(c3.dims, [16, 6, 5, 5], "a full table");
        assert!(matches!(to_bytes(&model, (28, 33)), Err(OnnxError::ImageSize { found: (28, 33), .. })));
    }
}
