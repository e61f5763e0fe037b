//! What a network does with one picture: the states of its layers, its answer, and what it makes of it.

use crate::data::encoder::Encoder;
use crate::kernels::maps::Maps;
use crate::network::loss::{self, Loss};
use crate::network::{Hidden, Network, Workspace};
use crate::runs::checkpoint::Model;

/// A network that is watched at work.
#[derive(Debug)]
pub struct Viewer {
    network: Network<f32>,
    values: Vec<f32>,
    workspace: Workspace<f32>,
    encoder: Encoder<f32>,
    names: Vec<String>,
    hidden: Vec<Hidden>,
    loss: Loss,
    j: f64,
}

/// The states of one layer.
#[derive(Debug, Clone, PartialEq)]
pub struct States {
    /// Its name in the paper; empty for the input.
    pub name: String,
    /// Its maps, squashed.
    pub maps: Maps<f32>,
    /// The least and the greatest state to be drawn: what its function allows, or else the
    /// least and the greatest there is, 0 among them.
    pub range: (f64, f64),
}

/// What a network made of one picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// The input.
    pub input: States,
    /// Each named layer but the last.
    pub layers: Vec<States>,
    /// y_i of each class; the smallest wins. Of a network that ends in scores, these with the other sign.
    pub distances: Vec<f32>,
    /// The class that wins.
    pub answer: usize,
    /// Of each class, after softmax, 0 to 1; only of a network that ends in scores.
    pub probabilities: Option<Vec<f64>>,
    /// The probability that it is none of the classes (eq. 9), 0 to 1; only of a network with RBF units.
    pub rubbish: Option<f64>,
}

impl Viewer {
    /// The network of `model`.
    pub fn new(model: &Model) -> Self {
        let network = model.network();
        Self {
            workspace: network.standard_workspace(),
            encoder: Encoder::new(network.encoding()),
            hidden: network.hidden(),
            network,
            values: model.values.clone(),
            names: model.class_names(),
            loss: model.settings.loss_function(),
            j: model.settings.j,
        }
    }

    /// The network.
    pub fn network(&self) -> &Network<f32> {
        &self.network
    }

    /// Its named layers but the last, as [`Activity::layers`] has them.
    pub fn hidden(&self) -> &[Hidden] {
        &self.hidden
    }

    /// What to call each class.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Shows it an image of `height` x `width` pixels, 0 being background and 255 ink, or of as many in each of several channels.
    ///
    /// ```
    /// use lenet5::applications::activity::Viewer;
    /// use lenet5::runs::checkpoint::Model;
    /// let mut viewer = Viewer::new(&Model::pretrained());
    /// let bar: Vec<u8> = (0..28 * 28).map(|at| if at % 28 / 2 == 7 && (4..24).contains(&(at / 28)) { 255 } else { 0 }).collect();
    /// let activity = viewer.see(&bar, (28, 28));
    /// assert_eq!(viewer.names()[activity.answer], "1");
    /// assert_eq!(activity.layers[0].name, "C1");
    /// ```
    pub fn see(&mut self, pixels: &[u8], size: (usize, usize)) -> Activity {
        self.see_as(|encoder, input| encoder.encode(pixels, size, input))
    }

    /// Shows it whatever `draw` writes to its input.
    pub fn see_as(&mut self, draw: impl FnOnce(&Encoder<f32>, &mut Maps<f32>)) -> Activity {
        draw(&self.encoder, self.workspace.input_mut());
        self.network.forward(&self.values, &mut self.workspace);
        let states = self.workspace.states();
        let layer = |hidden: &Hidden| States::new(&hidden.name, &states[hidden.state], hidden.range);
        let distances = self.workspace.output().values.to_vec();
        let levels = (self.encoder.level(0).into(), self.encoder.level(255).into());
        let (scores, rbf) = (self.loss == Loss::CrossEntropy, !self.network.constants().is_empty());
        Activity {
            input: States::new("", &states[0], Some(levels)),
            layers: self.hidden.iter().map(layer).collect(),
            answer: loss::answer(&distances),
            probabilities: scores.then(|| loss::probabilities(&distances, f64::INFINITY)),
            rubbish: rbf.then(|| loss::rubbish_probability(&distances, self.j)),
            distances,
        }
    }
}

impl States {
    fn new(name: &str, maps: &Maps<f32>, range: Option<(f64, f64)>) -> Self {
        let of_states = || {
            let least = maps.values.iter().copied().fold(0.0, f32::min);
            (least.into(), maps.values.iter().copied().fold(f32::MIN_POSITIVE, f32::max).into())
        };
        Self { name: name.into(), maps: maps.clone(), range: range.unwrap_or_else(of_states) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::data::{Source, digits};
    use crate::models;
    use crate::network::engine::Engine;
    use crate::paper::C3_TABLE;
    use crate::training::initialisation::initial_values;

    fn viewer(preset: &str) -> (Model, Viewer) {
        let settings = Config::preset(preset).unwrap().check().unwrap();
        let values = initial_values(models::build::<f32>(&settings).layout(), &settings);
        let model = Model { settings, source: Source::Digits, passes: 0, values, optimizer_state: Vec::new() };
        let viewer = Viewer::new(&model);
        (model, viewer)
    }

    #[test]
    fn it_answers_what_the_network_answers() {
        let images = digits::load().test;
        for preset in ["paper", "lenet1", "lenet4", "lush", "modern", "modern-wide"] {
            let (model, mut viewer) = viewer(preset);
            let network = model.network();
            let mut engine = Engine::new(&network);
            engine.load_values(&model.values);
            Encoder::new(network.encoding()).encode_image(&images, 3, engine.input_mut());
            let expected = engine.forward(&network);
            let activity = viewer.see(images.image(3), images.size());
            let close = |(a, b): (&f32, &f32)| (a - b).abs() <= 1e-4 * b.abs().max(1.0);
            assert!(activity.distances.iter().zip(expected).all(close), "{preset}");
            assert_eq!(activity.layers.len(), viewer.hidden().len());
            for layer in &activity.layers {
                let (low, high) = layer.range;
                assert!(layer.maps.values.iter().all(|&x| (low..=high).contains(&x.into())), "{preset} {}", layer.name);
            }
        }
    }

    #[test]
    fn fields_are_those_of_the_paper() {
        let (_, viewer_of_five) = viewer("paper");
        let names: Vec<&str> = viewer_of_five.hidden().iter().map(|layer| layer.name.as_str()).collect();
        assert_eq!(names, ["C1", "S2", "C3", "S4", "C5", "F6"]);
        let c3 = viewer_of_five.hidden()[2].field.as_ref().unwrap();
        assert_eq!((c3.size, c3.step), (5, 1));
        assert!(c3.inputs.iter().zip(C3_TABLE).all(|(found, expected)| found == expected));
        let s2 = viewer_of_five.hidden()[1].field.as_ref().unwrap();
        assert_eq!((s2.size, s2.step, &s2.inputs[5]), (2, 2, &vec![5]));

        let (_, viewer_of_four) = viewer("lenet4");
        let s2 = viewer_of_four.hidden()[1].field.as_ref().unwrap();
        assert_eq!(s2.inputs, [[0], [0], [1], [1], [2], [2], [3], [3]]);
        let activity = viewer("lenet4").1.see(&[0; 784], (28, 28));
        assert_eq!(activity.layers[0].maps.shape().maps, 4);
    }
}
