//! What is read in a picture of lines: the answer of `lenet5 scan`, and of the page of `lenet5 demo`.

pub mod segmentation;

use clap::ValueEnum;
use serde::Serialize;

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Ink is cut into pieces, and the network says which of them together are characters (section V of the paper); lines of any
    /// height, slope and number. Best with a network for single digits
    Segmentation,
    /// The network is replicated over one line of even height (section VII). Best with one trained with flanks=true
    Replicated,
}

/// What was read in a picture.
#[derive(Serialize)]
pub struct Reading {
    pub method: Method,
    /// Lines end with a line feed but for the last; `?` for a character that is not trusted.
    pub text: String,
    /// The same with the best guess in place of `?`.
    pub guess: String,
    /// The characters of `guess` without marks.
    pub digits: String,
    pub lines: Vec<Line>,
    pub characters: Vec<Character>,
}

/// A line: its text, and its rectangle in the picture.
#[derive(Serialize)]
pub struct Line {
    pub text: String,
    pub guess: String,
    /// That all of it is right, 0 to 1; by segmentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    #[serde(flatten)]
    pub place: Place,
}

/// A character or a mark.
#[derive(Serialize)]
pub struct Character {
    /// The best guess.
    pub character: String,
    /// The number of its line, from 0.
    pub line: usize,
    /// `digit`, for what the network reads, or `mark`.
    pub kind: &'static str,
    #[serde(flatten)]
    pub place: Place,
    #[serde(flatten)]
    pub output: Option<Output>,
    /// Of all classes, by segmentation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub distances: Vec<f32>,
    /// That it is right, 0 to 1; by segmentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    pub trusted: bool,
}

/// A rectangle of the picture, in pixels; `right` and `bottom` are after the last.
#[derive(Serialize)]
pub struct Place {
    pub left: u32,
    pub right: u32,
    pub top: u32,
    pub bottom: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Output {
    /// y_i.
    Distance(f32),
    /// The output of a network that ends in scores.
    Score(f32),
}
