//! What is read in a picture of lines: the answer of `lenet5 scan`, and of the page.

pub mod segmentation;

use serde::Serialize;

/// The way in which characters are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "app", derive(clap::ValueEnum))]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Ink is cut into pieces, and the network says which of them together are characters (section V of the paper); lines of any
    /// height, slope and number. Best with a network for single digits
    Segmentation,
    /// The network is replicated over one line of even height (section VII). Best with one trained with flanks=true
    Replicated,
}

/// What was read in a picture.
#[derive(Debug, Clone, Serialize)]
pub struct Reading {
    /// By this method.
    pub method: Method,
    /// Lines end with a line feed but for the last; `?` for a character that is not trusted.
    pub text: String,
    /// The same with the best guess in place of `?`.
    pub guess: String,
    /// The characters of `guess` without marks.
    pub digits: String,
    /// The lines, from above.
    pub lines: Vec<Line>,
    /// The characters of all lines.
    pub characters: Vec<Character>,
}

/// A line: its text, and its rectangle in the picture.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// With `?` for a character that is not trusted.
    pub text: String,
    /// With the best guess in its place.
    pub guess: String,
    /// That all of it is right, 0 to 1; by segmentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Its rectangle.
    #[serde(flatten)]
    pub place: Place,
}

/// A character or a mark.
#[derive(Debug, Clone, Serialize)]
pub struct Character {
    /// The best guess.
    pub character: String,
    /// The number of its line, from 0.
    pub line: usize,
    /// `digit`, for what the network reads, or `mark`.
    pub kind: &'static str,
    /// Its rectangle.
    #[serde(flatten)]
    pub place: Place,
    /// Of a digit.
    #[serde(flatten)]
    pub output: Option<Output>,
    /// Of all classes, by segmentation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub distances: Vec<f32>,
    /// That it is right, 0 to 1; by segmentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// More probably right than wrong.
    pub trusted: bool,
}

/// A rectangle of the picture, in pixels; `right` and `bottom` are after the last.
#[derive(Debug, Clone, Serialize)]
pub struct Place {
    /// The first column.
    pub left: u32,
    /// The column after the last.
    pub right: u32,
    /// The first row.
    pub top: u32,
    /// The row after the last.
    pub bottom: u32,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "lowercase")]
/// The network's output for the class of a character.
pub enum Output {
    /// y_i.
    Distance(f32),
    /// The output of a network that ends in scores.
    Score(f32),
}
