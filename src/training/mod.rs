//! Training by the paper's protocol: passes over the training set, one pattern at a time (section III-B).
//!
//! Training prints and writes nothing: an [`Observer`] receives its events, and can stop it.

pub mod benchmark;
mod chance;
mod curvature;
mod divergence;
pub mod initialisation;
mod pass;
pub mod presentation;
pub mod rates;
mod record;
pub mod work;

pub use chance::{AtChance, Chance, LAST_PASSES};
pub use divergence::{Divergence, NotFinite};
pub use pass::Pass;
pub use record::{Observer, PassRecord, Progress};

pub use crate::network::batch::Step;

use std::ops::ControlFlow;

use crate::config::{Measured, Settings};
use crate::data::{Dataset, Images, UnfitData};
use crate::kernels::compute::Compute;
use crate::models;
use crate::network::Network;
use crate::network::engine::Engine;
use crate::network::loss::LossFunction;
use crate::network::optimizer::Rule;
use crate::network::parameters::Parameters;
use crate::training::initialisation::initial_values;
use crate::training::presentation::Presentation;

/// A network in training.
#[derive(Debug)]
pub struct Trainer<T> {
    settings: Settings,
    presentation: Presentation<T>,
    test: Images,
    network: Network<T>,
    engine: Engine<T>,
    loss: Box<dyn LossFunction<T>>,
    rule: Rule,
    parameters: Parameters<T>,
    passes: usize,
    /// Updates since the first.
    steps: u64,
}

/// The originals to train on, and the patterns on which errors are measured, as [`Config::split`](crate::config::Config::split)
/// counts them.
pub fn split(settings: &Settings, dataset: &Dataset) -> (Images, Images) {
    let split = settings.split(dataset.sizes());
    let all = &dataset.training;
    let measured = match split.on {
        Measured::Test => dataset.test.clone(),
        Measured::HeldOut | Measured::Nothing => all.skip(all.len() - split.measured),
    };
    (all.first(split.training), measured)
}

impl<T: Compute> Trainer<T> {
    /// The network of `settings` with its initial parameters, before the first pass.
    ///
    /// # Panics
    /// If the training set is empty, or a label of the data is not a class of the network.
    pub fn new(settings: &Settings, dataset: &Dataset) -> Self {
        Self::with_network(settings, dataset, models::build(settings))
    }

    /// As [`new`](Self::new), with an error in place of a panic.
    ///
    /// # Errors
    /// [`UnfitData`] if there is nothing to train on, an image is larger than the network's input or of other channels, or a label is not
    /// a class of the network, as where the settings are not [those for the data](Settings::for_data).
    pub fn try_new(settings: &Settings, dataset: &Dataset) -> Result<Self, UnfitData> {
        let network = models::build(settings);
        dataset.check_fits(network.input(), network.outputs())?;
        if split(settings, dataset).0.is_empty() {
            return Err(UnfitData::Empty { data: dataset.source });
        }
        Ok(Self::with_network(settings, dataset, network))
    }

    /// A trainer for a network with layers of your own kind. One that is declared is the setting `network`, and needs no more than
    /// [`new`](Self::new).
    ///
    /// # Panics
    /// As [`new`](Self::new).
    pub fn with_network(settings: &Settings, dataset: &Dataset, network: Network<T>) -> Self {
        let (training, test) = split(settings, dataset);
        let rule = settings.rule();
        let mut parameters = Parameters::new(initial_values(network.layout(), settings));
        parameters.moments.resize(rule.slots() * parameters.values.len(), T::zero());
        assert!(!training.is_empty(), "patterns to train on");
        let classes = network.outputs();
        let mut labels = training.labels().iter().chain(test.labels());
        assert!(labels.all(|&label| usize::from(label) < classes), "labels below {classes}");
        Self {
            presentation: Presentation::new(training, settings, network.encoding()),
            test,
            engine: Engine::for_training(&network, rule, settings.batch),
            loss: Box::new(settings.loss_function()),
            rule,
            passes: 0,
            steps: 0,
            settings: settings.clone(),
            network,
            parameters,
        }
    }

    /// A trainer after `passes` passes that ended with these values and this
    /// [`optimizer_state`](Self::optimizer_state).
    ///
    /// # Panics
    /// If there are not as many values as the network has parameters, or the optimizer state is not the rule's: a reader of files
    /// checks this before.
    pub fn resume(
        settings: &Settings,
        dataset: &Dataset,
        values: Vec<T>,
        optimizer_state: Vec<T>,
        passes: usize,
    ) -> Self {
        Self::new(settings, dataset).after(values, optimizer_state, passes)
    }

    /// This trainer after `passes` passes, as [`resume`](Self::resume) makes one of a network of the settings.
    ///
    /// # Panics
    /// As [`resume`](Self::resume).
    pub fn after(mut self, values: Vec<T>, optimizer_state: Vec<T>, passes: usize) -> Self {
        assert_eq!(values.len(), self.parameters.values.len(), "as many values as parameters");
        self.parameters.values = values;
        self.passes = passes;
        self.steps = self.steps_of(passes);
        if passes > 0 {
            let size = self.settings.optimizer_state_size(self.parameters.values.len());
            assert_eq!(optimizer_state.len(), size, "the optimizer state");
            if self.settings.keeps_curvature() {
                self.parameters.curvature = optimizer_state;
            } else {
                self.parameters.moments = optimizer_state;
            }
        }
        self
    }

    /// Trains with a loss of your own in place of that of the settings; losses and answers of a model that is read back are those of the
    /// settings.
    ///
    /// ```
    /// # #[cfg(feature = "digits")] {
    /// use lenet5::data::digits;
    /// use lenet5::models::builder::Builder;
    /// use lenet5::network::loss::LossFunction;
    /// use lenet5::training::Trainer;
    ///
    /// /// y_c, and for each wrong class that is nearer than a margin what is missing to it.
    /// #[derive(Debug)]
    /// struct Margin(f32);
    ///
    /// impl LossFunction<f32> for Margin {
    ///     fn value(&self, distances: &[f32], class: usize) -> f64 {
    ///         self.gradient(distances, class, &mut vec![0.0; distances.len()])
    ///     }
    ///
    ///     fn gradient(&self, distances: &[f32], class: usize, gradient: &mut [f32]) -> f64 {
    ///         let mut loss = distances[class];
    ///         for (i, (dy, &y)) in gradient.iter_mut().zip(distances).enumerate() {
    ///             let missing = if i == class { 0.0 } else { (self.0 - y).max(0.0) };
    ///             loss += missing;
    ///             *dy = if i == class { 1.0 } else if missing > 0.0 { -1.0 } else { 0.0 };
    ///         }
    ///         loss.into()
    ///     }
    /// }
    ///
    /// let (settings, dataset) = (Builder::assigned(&["training_patterns=600"])?, digits::load());
    /// let mut trainer = Trainer::<f32>::new(&settings, &dataset).with_loss(Margin(2.0));
    /// let pass = |trainer: &mut Trainer<f32>| trainer.pass(&mut ()).continue_value().expect("nobody stops it");
    /// let (first, second) = (pass(&mut trainer), pass(&mut trainer));
    /// assert!(second.running_training_loss < first.running_training_loss);
    /// # }
    /// # Ok::<(), lenet5::config::ConfigError>(())
    /// ```
    ///
    /// The loss is this trainer's alone. A model that is saved has the loss of its settings, since a file cannot carry a program's function:
    /// a trainer that goes on from it is given the loss again, and the mean loss that `lenet5 test` prints is that of the settings.
    pub fn with_loss(self, loss: impl LossFunction<T> + 'static) -> Self {
        Self { loss: Box::new(loss), ..self }
    }

    /// Trains on these patterns alone, as [`Presentation::with_patterns`] presents them; the curvature estimate takes
    /// the first of them. The training error after a pass is still measured on the originals.
    ///
    /// # Panics
    /// If the list is empty.
    pub fn with_patterns(mut self, patterns: Vec<u32>) -> Self {
        self.presentation = self.presentation.with_patterns(patterns);
        self.steps = self.steps_of(self.passes);
        self
    }

    /// The number of updates in these passes.
    fn steps_of(&self, passes: usize) -> u64 {
        (passes * self.presentation.patterns_a_pass().div_ceil(self.settings.batch)) as u64
    }

    /// The state with which training resumes, beside the values: the optimizer's, or the curvature where it is not
    /// estimated before each pass.
    pub fn optimizer_state(&self) -> &[T] {
        if self.settings.keeps_curvature() { &self.parameters.curvature } else { &self.parameters.moments }
    }

    /// The network.
    pub fn network(&self) -> &Network<T> {
        &self.network
    }

    /// Its parameters as they are now.
    pub fn parameters(&self) -> &Parameters<T> {
        &self.parameters
    }

    /// Its settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The number of complete passes.
    pub fn passes(&self) -> usize {
        self.passes
    }

    /// The number of patterns in a pass.
    pub fn patterns_a_pass(&self) -> usize {
        self.presentation.patterns_a_pass()
    }

    /// The training patterns of pass `pass` in their order, as [`Presentation`] numbers them.
    pub fn order(&self, pass: usize) -> Vec<usize> {
        self.presentation.order(pass)
    }

    /// The divergence in the pass of this record, the last one; `None` if its losses, the parameters, the
    /// [`optimizer_state`](Self::optimizer_state) and every answer are finite numbers. The losses alone are not enough.
    pub fn divergence(&self, record: &PassRecord) -> Option<Divergence> {
        let values = &self.parameters.values;
        let found = NotFinite::find(self.network.layout(), values, self.optimizer_state(), record);
        let overflow = || self.network.overflowing(values).map(|tensor| NotFinite::Answers(tensor.into()));
        found.or_else(overflow).map(|not_finite| Divergence::new(record.pass, not_finite, &self.settings))
    }

    /// The chance level of the patterns that it is tested on.
    pub fn chance(&self) -> Chance {
        Chance::of(&self.test)
    }

    /// Presents these training patterns, as [`Presentation`] numbers them, one after the other and learns from each, with
    /// the step sizes that were set last (0 before that). `after` receives each step, and can stop the pass.
    ///
    /// # Panics
    /// If there is no such pattern.
    pub fn present(&mut self, patterns: &[usize], mut after: impl FnMut(Step) -> ControlFlow<()>) -> ControlFlow<()> {
        let pass = self.passes + 1;
        let Self { settings, presentation, network, engine, loss, parameters, steps, .. } = self;
        engine.load(parameters, *steps);
        let outcome = patterns.chunks(settings.batch).try_for_each(|batch| {
            *steps += 1;
            let taken =
                engine.learn(network, &**loss, batch, |pattern, input| presentation.write(pattern, pass, input));
            taken.iter().copied().try_for_each(&mut after)
        });
        engine.save(parameters);
        outcome
    }

    /// Re-estimates h_kk for pass `passes + 1`: the mean over patterns of the diagonal second derivatives (eqs. 22 to 24).
    pub fn estimate_curvature(&mut self) {
        self.estimate_curvature_while(|| ControlFlow::Continue(())).continue_value().expect("nobody stops it");
    }

    fn estimate_curvature_while(&mut self, go_on: impl FnMut() -> ControlFlow<()>) -> ControlFlow<()> {
        let Self { settings, presentation, network, loss, parameters, passes, .. } = self;
        let (values, patterns) = (&parameters.values, curvature::patterns(settings, presentation, *passes + 1));
        let write = |pattern, input: &mut _| presentation.write(pattern, *passes + 1, input);
        parameters.curvature = curvature::mean(network, values, &**loss, &patterns, write, go_on)?;
        ControlFlow::Continue(())
    }

    /// Sets every eps_k for pass `passes + 1`, from its h_kk (eq. 21) or as its optimizer does, and returns the smallest and the largest.
    pub fn set_step_sizes(&mut self) -> (f64, f64) {
        self.rule.set_step_sizes(&mut self.parameters, self.settings.eta(self.passes + 1))
    }
}

#[cfg(all(test, feature = "digits"))]
mod tests {
    use super::*;
    use crate::data::digits;
    use crate::kernels::simd::Level;
    use crate::models::builder::Builder;

    #[test]
    fn patterns_held_out_are_tested_on_and_not_trained_on() {
        let (settings, dataset) = (Builder::assigned(&["held_out=37"]).unwrap(), digits::load());
        let trainer = Trainer::<f32>::new(&settings, &dataset);
        let count = dataset.training.len() - 37;
        assert_eq!(
            (trainer.presentation.images().len(), trainer.order(1).len(), trainer.test.len()),
            (count, count, 37)
        );
        assert_eq!(trainer.presentation.images(), &dataset.training.first(count));
        for index in 0..37 {
            assert_eq!(trainer.test.image(index), dataset.training.image(count + index));
            assert_eq!(trainer.test.labels()[index], dataset.training.labels()[count + index]);
        }
    }

    #[test]
    fn the_training_error_is_left_out_where_it_is_not_wanted() {
        let record = |assignment: &str| {
            let settings = Builder::assigned(&["training_patterns=50", assignment]).unwrap();
            let dataset = digits::load();
            Trainer::<f32>::new(&settings, &dataset).pass(&mut ()).continue_value().expect("nobody stops it")
        };
        let (with, without) = (record("training_error=true"), record("training_error=false"));
        assert!(with.training_error_percent.is_some() && with.training_loss.is_some());
        assert!(without.training_error_percent.is_none() && without.training_loss.is_none());
        assert_eq!(with.test_loss, without.test_loss, "it changes nothing else");
    }

    /// No bit depends on the level, so it is read from the debug output.
    #[test]
    fn the_level_reaches_all_kernels() {
        let (settings, dataset) = (Builder::default().build().unwrap(), digits::load());
        for level in Level::available() {
            let network = models::build::<f32>(&settings).at_level(level);
            let trainer = Trainer::with_network(&settings, &dataset, network);
            let (engine, network) = (format!("{:?}", trainer.engine), format!("{:?}", trainer.network.kernels()));
            let level = format!("level: {level:?}");
            assert!(engine.contains(&level) && network.contains(&level), "{level}");
        }
    }
}
