//! What was answered to the pictures of a set, in words.

use std::path::PathBuf;

use lenet5::evaluation::percent;
use lenet5::words::terminal::name;
use serde::Serialize;

use super::super::format::count;
use lenet5::applications::reading::Character;

/// The answer to a picture of the set.
#[derive(Serialize)]
pub struct Answered {
    pub file: PathBuf,
    pub kind: String,
    pub label: String,
    /// The text that was read; none for a picture that was refused.
    pub answer: Option<String>,
    /// The reason why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// Of eq. 9, 0 to 1; only of one digit, by a network with RBF units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rubbish_probability: Option<f64>,
    /// The rows of the input that the network saw, of this width.
    #[serde(skip)]
    pub seen: (Vec<u8>, usize),
    /// The characters of a line, with their rectangles in the picture.
    #[serde(skip)]
    pub characters: Vec<Character>,
}

impl Answered {
    pub fn is_right(&self) -> bool {
        self.answer.as_ref() == Some(&self.label)
    }

    pub fn is_line(&self) -> bool {
        is_line(&self.label)
    }
}

/// True if a label is that of a line: not of one character.
pub fn is_line(label: &str) -> bool {
    label.chars().count() != 1
}

/// The share of `part` in `all` in percent, as text.
pub fn share(part: usize, all: usize) -> String {
    format!("{:.1} %", percent(part, all))
}

/// The file, what it shows, and what was read.
pub fn sentence(answered: &Answered) -> String {
    let file = name(&answered.file);
    match (&answered.answer, &answered.refused) {
        (_, Some(reason)) => format!("{file}: {} was refused: {reason}", answered.label),
        (Some(text), _) if text.is_empty() => format!("{file}: {} was read as nothing", answered.label),
        (answer, _) => format!("{file}: {} was read as {}", answered.label, answer.as_deref().unwrap_or_default()),
    }
}

/// How many pictures of one digit and of a line there are, in words.
pub fn heading(answered: &[Answered]) -> String {
    let lines = answered.iter().filter(|answered| answered.is_line()).count();
    format!("{} of one character, {} of a line", count(answered.len() - lines, "picture"), lines)
}
