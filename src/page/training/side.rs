//! One network of a training.

use serde::Serialize;

use crate::applications::reader::Reader;
use crate::config::Settings;
use crate::data::digest::hex_digest;
use crate::data::{Dataset, Images};
use crate::page::networks::About;
use crate::page::refusal::Refusal;
use crate::runs::checkpoint::Model;
use crate::training::{Pass, PassRecord, Trainer};

/// A network in training.
#[derive(Debug)]
pub struct Side {
    /// As they were given: those of the model.
    settings: Settings,
    /// Of these settings, but that it does not measure the training error after each pass, which the page does not show.
    trainer: Trainer<f32>,
    dataset: Dataset,
    about: About,
    reader: Reader,
    /// The pass that has begun.
    pass: Option<Pass>,
    rows: Vec<Row>,
    /// Why it goes on no more, if it diverged.
    problem: Option<String>,
    /// The number of the training pattern that was presented last, and what the network made of it.
    last: Option<usize>,
    now: Option<Now>,
}

/// A complete pass.
#[derive(Debug, Clone, Serialize)]
struct Row {
    pass: usize,
    /// On the fly.
    training_error_percent: f64,
    test_error_percent: Option<f64>,
    global_rate: f64,
}

#[derive(Serialize)]
pub struct SideBegun<'a> {
    title: String,
    passes: usize,
    network: &'a About,
}

#[derive(Serialize)]
pub struct SideState<'a> {
    #[serde(flatten)]
    now: Option<Now>,
    rows: &'a [Row],
    finished: bool,
    problem: Option<&'a str>,
}

/// After the pattern that was presented last.
#[derive(Debug, Clone, Copy, Serialize)]
struct Now {
    /// To that pattern, before the step.
    answer: usize,
    right: bool,
    /// Of its pass so far.
    running_error_percent: f64,
    /// None if it is not a finite number.
    running_loss: Option<f64>,
}

/// SHA-256 of a model's file.
#[derive(Serialize)]
pub struct Hash {
    sha256: String,
    bytes: usize,
    passes: usize,
}

impl Side {
    /// The network of these settings before its first pass.
    ///
    /// # Errors
    /// If it cannot be trained on the data.
    pub fn new(settings: Settings, dataset: &Dataset) -> Result<Self, Refusal> {
        let without = settings.with(|config| config.training_error = false);
        let without = without.map_err(|error| Refusal::bad(error.to_string()))?;
        let trainer = Trainer::try_new(&without, dataset).map_err(|error| Refusal::bad(error.to_string()))?;
        let model = Model::of(&trainer, dataset);
        let (title, name) = (settings.label(), settings.network.name().to_string());
        let about = About::new((&name, title, ""), &model);
        let reader = Reader::new(&model).expect("the trainer's own values");
        let (pass, rows, problem, last, now) = (None, Vec::new(), None, None, None);
        Ok(Self { settings, trainer, dataset: dataset.clone(), about, reader, pass, rows, problem, last, now })
    }

    /// Patterns in a pass.
    pub fn patterns(&self) -> usize {
        self.trainer.patterns_a_pass()
    }

    pub fn passes(&self) -> usize {
        self.settings.passes
    }

    pub fn passes_done(&self) -> usize {
        self.trainer.passes()
    }

    pub fn finished(&self) -> bool {
        self.problem.is_some() || self.passes_done() >= self.passes()
    }

    pub fn begun(&self) -> SideBegun<'_> {
        SideBegun { title: self.settings.label(), passes: self.passes(), network: &self.about }
    }

    /// Presents patterns of the pass until there are `wanted`, or the batch with that one is whole.
    pub fn advance_to(&mut self, wanted: usize) {
        if self.finished() {
            return;
        }
        if self.pass.is_none() {
            self.pass = self.trainer.begin_pass(&mut ()).continue_value();
        }
        let batch = self.settings.batch;
        if let Some(pass) = &mut self.pass {
            let count = wanted.next_multiple_of(batch).saturating_sub(pass.progress().presented);
            let last = pass.left().get(..count.min(pass.left().len())).and_then(<[usize]>::last).copied();
            let _ = self.trainer.advance(pass, count, &mut ());
            self.now = Now::of(pass).or(self.now);
            self.last = last.map(|pattern| pattern % self.dataset.training.len()).or(self.last);
        }
    }

    /// Ends the pass whose patterns have all been presented.
    pub fn end_pass(&mut self) {
        let Some(pass) = self.pass.take() else { return };
        let Some(record) = self.trainer.end_pass(pass, &mut ()).continue_value() else { return };
        if let Some(divergence) = self.trainer.divergence(&record) {
            self.problem = Some(divergence.to_string());
        }
        self.rows.push(Row::from(&record));
    }

    /// The training patterns, and the number of the one that was presented last.
    pub fn last(&self) -> Option<(&Images, usize)> {
        self.last.map(|index| (&self.dataset.training, index))
    }

    pub fn state(&self) -> SideState<'_> {
        let (now, finished, problem) = (self.now, self.finished(), self.problem.as_deref());
        SideState { now, rows: &self.rows, finished, problem }
    }

    /// The trainer, and a reader with its network's values as they are now.
    pub fn trainer_and_reader(&mut self) -> (&Trainer<f32>, &mut Reader) {
        self.reader.load_values(&self.trainer.parameters().values);
        (&self.trainer, &mut self.reader)
    }

    /// The name of the network.
    pub fn name(&self) -> String {
        self.settings.network.name().to_string()
    }

    /// The network as it is now, for inference.
    pub fn model(&self) -> Model {
        let model = Model::of(&self.trainer, &self.dataset).without_optimizer_state();
        Model { settings: self.settings.clone(), ..model }
    }

    pub fn hash(&self) -> Hash {
        let bytes = self.model().to_bytes();
        Hash { sha256: hex_digest(&bytes), bytes: bytes.len(), passes: self.passes_done() }
    }
}

impl Now {
    fn of(pass: &Pass) -> Option<Self> {
        let loss = Some(pass.running_loss()).filter(|loss| loss.is_finite());
        let error = pass.running_error_percent();
        pass.last().map(|step| Self {
            answer: step.answer,
            right: step.right,
            running_error_percent: error,
            running_loss: loss,
        })
    }
}

impl From<&PassRecord> for Row {
    fn from(record: &PassRecord) -> Self {
        Self {
            pass: record.pass,
            training_error_percent: record.running_training_error_percent,
            test_error_percent: record.is_tested().then_some(record.test_error_percent),
            global_rate: record.global_rate,
        }
    }
}
