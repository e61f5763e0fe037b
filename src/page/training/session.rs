//! A training: one network, or two side by side that learn from the same patterns.

use serde::{Deserialize, Serialize};

use super::side::{Hash, Side, SideBegun, SideState};
use super::view::{self, View};
use crate::config::Settings;
use crate::data::{Dataset, Images};
use crate::models::builder::Builder;
use crate::page::refusal::Refusal;
use crate::training::split;

/// The most patterns that one question presents: an answer is to come soon.
const MOST_PATTERNS: usize = 10_000;
/// The most networks side by side.
const MOST_SIDES: usize = 2;

/// What to train, and on what.
#[derive(Deserialize)]
pub struct Plan {
    /// `digits` or `mnist`.
    pub data: String,
    sides: Vec<PlannedSide>,
}

#[derive(Deserialize)]
struct PlannedSide {
    preset: String,
    /// As `lenet5 train --set` takes them.
    #[serde(default)]
    settings: Vec<String>,
}

/// A training with its data.
#[derive(Debug)]
pub struct Session {
    id: u64,
    test: Images,
    sides: Vec<Side>,
    /// How many patterns of this pass are to have been presented. A network that learns from batches goes on to the end of one.
    wanted: usize,
    patterns: usize,
    steps: u64,
}

#[derive(Serialize)]
pub struct Begun<'a> {
    id: u64,
    patterns: usize,
    test_patterns: usize,
    passes: usize,
    sides: Vec<SideBegun<'a>>,
}

#[derive(Serialize)]
pub struct State<'a> {
    id: u64,
    /// The pass that goes on, from 1.
    pass: usize,
    presented: usize,
    patterns: usize,
    passes: usize,
    steps: u64,
    finished: bool,
    last: Option<Last>,
    sides: Vec<SideState<'a>>,
}

/// The pattern that was presented last.
#[derive(Serialize)]
struct Last {
    index: usize,
    label: u8,
}

impl Session {
    /// Networks before their first pass.
    ///
    /// # Errors
    /// If a setting is wrong, or the networks do not have the same number of patterns in each pass.
    pub fn new(id: u64, plan: &Plan, dataset: Dataset) -> Result<Self, Refusal> {
        if !(1..=MOST_SIDES).contains(&plan.sides.len()) {
            return Err(Refusal::bad(format!("expected 1 or {MOST_SIDES} networks, found {}", plan.sides.len())));
        }
        let settings: Vec<Settings> =
            plan.sides.iter().map(|side| side.settings(&plan.data)).collect::<Result<_, Refusal>>()?;
        let test = split(&settings[0], &dataset).1;
        let sides: Vec<Side> =
            settings.into_iter().map(|settings| Side::new(settings, &dataset)).collect::<Result<_, Refusal>>()?;
        let patterns = sides[0].patterns();
        if let Some(other) = sides.iter().map(Side::patterns).find(|&other| other != patterns) {
            return Err(Refusal::bad(format!(
                "networks side by side need as many patterns a pass, found {patterns} and {other}"
            )));
        }
        Ok(Self { id, test, sides, wanted: 0, patterns, steps: 0 })
    }

    pub fn id(&self) -> u64 {
        self.id
    }

    pub fn begun(&self) -> Begun<'_> {
        Begun {
            id: self.id,
            patterns: self.patterns,
            test_patterns: self.test.len(),
            passes: self.passes(),
            sides: self.sides.iter().map(Side::begun).collect(),
        }
    }

    /// Presents so many patterns more, at most those that are left of the pass; after the last of them, the errors are measured.
    pub fn advance(&mut self, patterns: usize) -> State<'_> {
        if !self.finished() {
            let before = self.wanted;
            self.wanted = self.patterns.min(before + patterns.min(MOST_PATTERNS));
            self.steps += (self.wanted - before) as u64;
            self.sides.iter_mut().for_each(|side| side.advance_to(self.wanted));
            if self.wanted == self.patterns {
                self.sides.iter_mut().for_each(Side::end_pass);
                self.wanted = 0;
            }
        }
        self.state()
    }

    fn state(&self) -> State<'_> {
        let done = self.sides.iter().map(Side::passes_done).max().unwrap_or(0);
        let last = self.sides[0].last().map(|(set, index)| Last { index, label: set.labels()[index] });
        State {
            id: self.id,
            pass: (done + 1).min(self.passes()),
            presented: self.wanted,
            patterns: self.patterns,
            passes: self.passes(),
            steps: self.steps,
            finished: self.finished(),
            last,
            sides: self.sides.iter().map(Side::state).collect(),
        }
    }

    fn passes(&self) -> usize {
        self.sides.iter().map(Side::passes).max().unwrap_or(0)
    }

    fn finished(&self) -> bool {
        self.sides.iter().all(Side::finished)
    }

    /// The networks as they are now, and what they make of a test pattern.
    ///
    /// # Errors
    /// If there is no such test pattern.
    pub fn view(&mut self, digit: usize) -> Result<View, Refusal> {
        if digit >= self.test.len() {
            return Err(Refusal::not_found(format!("there are {} digits, numbered from 0", self.test.len())));
        }
        Ok(view::of(&mut self.sides, &self.test, digit))
    }

    /// SHA-256 of the file that [`model`](Self::model) gives.
    ///
    /// # Errors
    /// If there is no such network.
    pub fn hash(&self, side: usize) -> Result<Hash, Refusal> {
        self.side(side).map(Side::hash)
    }

    /// The bytes of a `model.safetensors`: of the network as it is now, with the number of complete passes.
    ///
    /// # Errors
    /// If there is no such network.
    pub fn model(&self, side: usize) -> Result<Vec<u8>, Refusal> {
        self.side(side).map(|side| side.model().to_bytes())
    }

    fn side(&self, side: usize) -> Result<&Side, Refusal> {
        self.sides.get(side).ok_or_else(|| Refusal::not_found("there is no such network in this training"))
    }
}

impl PlannedSide {
    fn settings(&self, data: &str) -> Result<Settings, Refusal> {
        let own = [format!("preset={}", self.preset), format!("dataset={data}")];
        let all: Vec<&str> = own.iter().chain(&self.settings).map(String::as_str).collect();
        Builder::assigned(&all).map_err(|error| Refusal::bad(error.to_string()))
    }
}
