//! The states of all layers for one image, for display.

use crate::applications::reader::{Answer, ReadError, Reader};
use crate::data::encoder::Encoder;
use crate::kernels::maps::{Maps, Shape};
use crate::network::Hidden;

/// The states of one layer.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerStates {
    /// Its name in the paper; empty for the input.
    pub name: String,
    /// Its maps, after its function.
    pub maps: Maps<f32>,
    /// The least and the greatest state to be drawn: the bounds of its function, or else of its states and 0.
    pub range: (f64, f64),
}

/// A network's answer to one image, and the states that led to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// The input.
    pub input: LayerStates,
    /// Each named layer but the last, as [`Network::hidden`](crate::network::Network::hidden) lists them.
    pub layers: Vec<LayerStates>,
    /// The answer.
    pub answer: Answer,
}

impl Activity {
    /// The activity for an image that is read as by [`Reader::read`].
    ///
    /// # Errors
    /// As [`Reader::read`].
    pub fn of(reader: &mut Reader, pixels: &[u8], shape: Shape) -> Result<Self, ReadError> {
        let answer = reader.read(pixels, shape)?;
        Ok(Self::after(reader, answer))
    }

    /// The activity for an image that `write` writes to the network's input.
    pub fn of_input(reader: &mut Reader, write: impl FnOnce(&Encoder<f32>, &mut Maps<f32>)) -> Self {
        let answer = reader.read_as(write);
        Self::after(reader, answer)
    }

    fn after(reader: &Reader, answer: Answer) -> Self {
        let states = reader.states();
        let layer = |hidden: Hidden| LayerStates::new(&hidden.name, &states[hidden.state], hidden.range);
        let levels = (reader.encoder().level(0).into(), reader.encoder().level(255).into());
        Self {
            input: LayerStates::new("", &states[0], Some(levels)),
            layers: reader.network().hidden().into_iter().map(layer).collect(),
            answer,
        }
    }
}

impl LayerStates {
    fn new(name: &str, maps: &Maps<f32>, range: Option<(f64, f64)>) -> Self {
        let of_states = || {
            let least = maps.values.iter().copied().fold(0.0, f32::min);
            (least.into(), maps.values.iter().copied().fold(f32::MIN_POSITIVE, f32::max).into())
        };
        Self { name: name.into(), maps: maps.clone(), range: range.unwrap_or_else(of_states) }
    }
}

#[cfg(all(test, feature = "digits"))]
mod tests {
    use super::*;
    use crate::data::{Source, digits};
    use crate::models;
    use crate::network::engine::Engine;
    use crate::paper::TABLE_I;
    use crate::runs::checkpoint::Model;

    fn reader(preset: &str) -> (Model, Reader) {
        let settings = models::preset(preset).unwrap().check().unwrap();
        let model = Model::untrained(settings, Source::Digits);
        let reader = Reader::new(&model).unwrap();
        (model, reader)
    }

    #[test]
    fn it_answers_what_the_network_answers() {
        let images = digits::load().test;
        for preset in ["paper", "lenet1", "lenet4", "lush", "modern", "modern-wide"] {
            let (model, mut reader) = reader(preset);
            let network = model.network();
            let mut engine = Engine::new(&network);
            engine.load_values(&model.values);
            Encoder::new(network.encoding()).encode_image(&images, 3, engine.input_mut());
            let expected = engine.forward(&network);
            let activity = Activity::of(&mut reader, images.image(3), Shape::new(1, 28, 28)).unwrap();
            let close = |(a, b): (&f32, &f32)| (a - b).abs() <= 1e-4 * b.abs().max(1.0);
            assert!(activity.answer.distances.iter().zip(expected).all(close), "{preset}");
            assert_eq!(activity.layers.len(), network.hidden().len());
            for layer in &activity.layers {
                let (low, high) = layer.range;
                assert!(layer.maps.values.iter().all(|&x| (low..=high).contains(&x.into())), "{preset} {}", layer.name);
            }
        }
    }

    #[test]
    fn fields_are_those_of_the_paper() {
        let hidden = reader("paper").1.network().hidden();
        let names: Vec<&str> = hidden.iter().map(|layer| layer.name.as_str()).collect();
        assert_eq!(names, ["C1", "S2", "C3", "S4", "C5", "F6"]);
        let c3 = hidden[2].field.as_ref().unwrap();
        assert_eq!((c3.size, c3.step), (5, 1));
        assert!(c3.inputs.iter().zip(TABLE_I).all(|(found, expected)| found == expected));
        let s2 = hidden[1].field.as_ref().unwrap();
        assert_eq!((s2.size, s2.step, &s2.inputs[5]), (2, 2, &vec![5]));

        let (_, mut four) = reader("lenet4");
        let hidden = four.network().hidden();
        let s2 = hidden[1].field.as_ref().unwrap();
        assert_eq!(s2.inputs, [[0], [0], [1], [1], [2], [2], [3], [3]]);
        let activity = Activity::of(&mut four, &[0; 784], Shape::new(1, 28, 28)).unwrap();
        assert_eq!(activity.layers[0].maps.shape().maps, 4);
    }
}
