//! Training on the page: one training at a time, of one network or of two side by side, which advances by questions.

mod session;
mod side;
mod view;

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use self::session::{Plan, Session};
use super::answer::{Answer, parameters};
use super::refusal::Refusal;
use crate::data::mnist::Given;
use crate::data::{Dataset, digits};

/// The data that networks are trained on, and the training that goes on.
#[derive(Debug, Default)]
pub struct Training {
    /// MNIST, once it is complete.
    mnist: Mutex<Option<Dataset>>,
    given: Mutex<Given>,
    session: Mutex<(u64, Option<Session>)>,
}

/// The number of a training, and which of its networks is meant.
#[derive(Deserialize)]
struct Which {
    id: u64,
    #[serde(default)]
    side: usize,
}

#[derive(Deserialize)]
struct Advance {
    id: u64,
    patterns: usize,
}

#[derive(Deserialize)]
struct View {
    id: u64,
    #[serde(default)]
    digit: usize,
}

/// Which of MNIST's four files are there.
#[derive(Serialize)]
struct Files {
    have: Vec<&'static str>,
    missing: Vec<&'static str>,
    complete: bool,
}

/// The state of a mutex, whatever panicked while it was held: each change of it is whole or a new training.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Training {
    /// With MNIST there from the start.
    pub fn with_mnist(mnist: Dataset) -> Self {
        Self { mnist: Mutex::new(Some(mnist)), ..Self::default() }
    }

    /// The answer to `train/{task}`.
    ///
    /// # Errors
    /// If there is no such task, a parameter is wrong, or the training of this number has ended for another.
    pub fn ask(&self, task: &str, query: &str, body: &[u8]) -> Result<Answer, Refusal> {
        match task {
            "start" => self.start(body),
            "advance" => {
                let Advance { id, patterns } = parameters(query)?;
                self.of(id, |session| Ok(Answer::of(&session.advance(patterns))))
            }
            "view" => {
                let View { id, digit } = parameters(query)?;
                self.of(id, |session| session.view(digit).map(|view| Answer::of(&view)))
            }
            "hash" => {
                let Which { id, side } = parameters(query)?;
                self.of(id, |session| session.hash(side).map(|hash| Answer::of(&hash)))
            }
            "model" => {
                let Which { id, side } = parameters(query)?;
                self.of(id, |session| session.model(side).map(Answer::Bytes))
            }
            "data" => self.files(body),
            _ => Err(Refusal::not_found("there is no such task of training")),
        }
    }

    /// Begins a training in place of the one before.
    fn start(&self, body: &[u8]) -> Result<Answer, Refusal> {
        let plan: Plan = serde_json::from_slice(body).map_err(|error| Refusal::bad(format!("the plan: {error}")))?;
        let dataset = match plan.data.as_str() {
            "digits" => digits::load(),
            "mnist" => {
                let mnist = held(&self.mnist).clone();
                mnist.ok_or_else(|| Refusal::unreadable("MNIST is not here yet: it takes its four files"))?
            }
            other => return Err(Refusal::bad(format!("the data {other:?}: expected digits or mnist"))),
        };
        let mut current = held(&self.session);
        let id = current.0 + 1;
        let session = Session::new(id, &plan, dataset)?;
        let begun = Answer::of(&session.begun());
        *current = (id, Some(session));
        Ok(begun)
    }

    /// What the training of this number answers.
    fn of(&self, id: u64, ask: impl FnOnce(&mut Session) -> Result<Answer, Refusal>) -> Result<Answer, Refusal> {
        let mut current = held(&self.session);
        let session = current.1.as_mut().filter(|session| session.id() == id);
        session.map_or_else(|| Err(Refusal::new(410, "this training has ended: another one was begun")), ask)
    }

    /// `train/data`: takes the file that is the body, if there is one, and says which there are.
    fn files(&self, body: &[u8]) -> Result<Answer, Refusal> {
        let mut given = held(&self.given);
        if !body.is_empty() {
            given.add(body).map_err(|problem| Refusal::unreadable(format!("the file {problem}")))?;
        }
        if let Some(dataset) = given.take() {
            *held(&self.mnist) = Some(dataset.map_err(Refusal::unreadable)?);
        }
        let complete = held(&self.mnist).is_some();
        let (have, missing) = if complete { Default::default() } else { given.names() };
        Ok(Answer::of(&Files { have, missing, complete }))
    }
}
