//! Reading rows of characters by heuristic over-segmentation: a network reads each candidate that the segmentation proposes, and the
//! cheapest path through them is the answer (section V of the paper).
//!
//! An arc of the *segmentation graph* is a candidate, some neighbouring pieces of ink. In the *recognition graph* it is replaced by one arc
//! for each class, whose cost is the network's distance y_i with what the candidate's shape costs. The *Viterbi transformer* finds the path
//! of the smallest total cost (section V-B). A candidate may also be a mark or stray ink, at a cost by its shape alone.
//!
//! A path's weight is exp(-cost), as eq. 9 has it for one character. The probability of the answer is its weight among that of all paths
//! (forward scoring, section VI); that of a character is the weight of all paths that read it there, times what eq. 9 leaves when the class
//! of "rubbish" has the distance [`RUBBISH`].

use crate::applications::graph::{Arc, Graph};
use crate::applications::reader::{Answer, ReadError, Reader};
use crate::kernels::maps::Shape;
use crate::network::loss;
use crate::picture::{Content, FRAME, Mark, Region, Row, Written};
use crate::runs::checkpoint::Model;

/// The distance of "rubbish" (j of eq. 9) against which a character that was cut out of a row is held: of characters that people wrote and the
/// network read rightly, 99 of 100 have less.
pub const RUBBISH: f64 = 12.0;
/// A character is trusted if it is this likely to be right.
pub const TRUSTED: f64 = 0.5;

/// A network that reads rows of characters, piece by piece.
///
/// ```
/// use lenet5::applications::segmentation::RowReader;
/// use lenet5::picture::Written;
/// use lenet5::runs::checkpoint::Model;
/// // Two upright bars on white paper, 6 wide and 60 high.
/// let inked = |x, y| (20..80).contains(&y) && [20..26, 60..66].iter().any(|bar| bar.contains(&x));
/// let paper = image::GrayImage::from_fn(90, 100, |x, y| image::Luma([if inked(x, y) { 0 } else { 255 }]));
/// let mut reader = RowReader::new(&Model::pretrained())?;
/// let rows = reader.read(&Written::from_gray(&paper).unwrap())?;
/// assert_eq!(reader.text(&rows[0], false), "11");
/// assert_eq!(rows[0].signs[1].region.left, 60);
/// # Ok::<(), lenet5::applications::reader::ReadError>(())
/// ```
#[derive(Debug, Clone)]
pub struct RowReader {
    reader: Reader,
}

/// A row that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadRow {
    /// Its characters and marks, from left to right.
    pub signs: Vec<Sign>,
    /// The probability that all of it is right, 0 to 1: the weight of this answer among all, times that of no character being rubbish.
    pub probability: f64,
    /// Its rectangle in the original.
    pub region: Region,
}

/// A character or a mark that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Sign {
    /// What it is.
    pub kind: Kind,
    /// Its rectangle in the original.
    pub region: Region,
    /// The probability that it is right, 0 to 1.
    pub probability: f64,
}

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A character of the network.
    Character {
        /// Its class.
        class: usize,
        /// The network's answer.
        answer: Answer,
        /// The 28 x 28 levels that the network saw.
        pixels: Vec<u8>,
    },
    /// A sign that the network does not know.
    Mark(Mark),
}

impl Sign {
    /// True of a character that is at least as likely right as [`TRUSTED`] says, and of every mark: that a doubtful one may belong to a
    /// character lessens the probability of the row.
    pub fn is_trusted(&self) -> bool {
        matches!(self.kind, Kind::Mark(_)) || self.probability >= TRUSTED
    }
}

/// What an arc of the recognition graph stands for: a candidate, and its class if it is a character.
struct Meaning {
    candidate: usize,
    class: Option<usize>,
}

impl RowReader {
    /// The network of `model`.
    ///
    /// # Errors
    /// As [`Reader::new`].
    pub fn new(model: &Model) -> Result<Self, ReadError> {
        Ok(Self { reader: Reader::new(model)? })
    }

    /// The name of each class.
    pub fn names(&self) -> &[String] {
        self.reader.names()
    }

    /// Reads all rows of a picture.
    ///
    /// # Errors
    /// [`ReadError`] if the network reads no grey images.
    pub fn read(&mut self, written: &Written) -> Result<Vec<ReadRow>, ReadError> {
        written.rows.iter().map(|row| self.read_row(row)).collect()
    }

    /// Reads one row.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_row(&mut self, row: &Row) -> Result<ReadRow, ReadError> {
        let answers = self.answers(row)?;
        let (graph, meanings) = recognition_graph(row, &answers, self.reader.blank());
        let path = graph.cheapest().unwrap_or_default();
        let shares = graph.shares();
        let mut probability = libm::exp(-graph.cost(&path) - graph.log_weight());
        let mut signs = Vec::new();
        for arc in path {
            let Meaning { candidate: index, class } = meanings[arc];
            let (candidate, answer) = (&row.candidates[index], &answers[index]);
            let known = answer.as_ref().map_or(1.0, not_rubbish);
            probability *= known;
            let kind = match (&candidate.content, class, answer) {
                (Content::Character(pixels), Some(class), Some(answer)) => {
                    Kind::Character { class, answer: answer.clone(), pixels: pixels.clone() }
                }
                (Content::Mark(mark), ..) => Kind::Mark(*mark),
                _ => continue,
            };
            let sure = (shares[arc] * known).clamp(0.0, 1.0);
            signs.push(Sign { kind, region: candidate.region, probability: sure });
        }
        Ok(ReadRow { signs, probability: probability.clamp(0.0, 1.0), region: row.region })
    }

    /// The network's answer to each candidate that may be a character.
    fn answers(&mut self, row: &Row) -> Result<Vec<Option<Answer>>, ReadError> {
        let mut answer = |content: &Content| match content {
            Content::Character(pixels) => self.reader.read(pixels, Shape::new(1, FRAME, FRAME)).map(Some),
            Content::Mark(_) | Content::Stray => Ok(None),
        };
        row.candidates.iter().map(|candidate| answer(&candidate.content)).collect()
    }

    /// What a sign says: the name of its class, or the mark.
    pub fn name(&self, sign: &Sign) -> String {
        match &sign.kind {
            Kind::Character { class, .. } => self.names()[*class].clone(),
            Kind::Mark(mark) => mark.sign().to_string(),
        }
    }

    /// The text of a row: its characters and marks; `?` for those that are not trusted, unless they are asked for as `guessed`.
    pub fn text(&self, row: &ReadRow, guessed: bool) -> String {
        let sign = |sign: &Sign| if guessed || sign.is_trusted() { self.name(sign) } else { "?".into() };
        row.signs.iter().map(sign).collect()
    }

    /// The characters of a row, guessed where they are not trusted, without its marks.
    pub fn digits(&self, row: &ReadRow) -> String {
        let characters = row.signs.iter().filter(|sign| matches!(sign.kind, Kind::Character { .. }));
        characters.map(|sign| self.name(sign)).collect()
    }
}

/// The graph with an arc for each class of each character, and what its arcs stand for.
fn recognition_graph(row: &Row, answers: &[Option<Answer>], blank: Option<usize>) -> (Graph, Vec<Meaning>) {
    let (mut arcs, mut meanings) = (Vec::new(), Vec::new());
    for (index, (candidate, answer)) in row.candidates.iter().zip(answers).enumerate() {
        let mut add = |class: Option<usize>, cost: f64| {
            arcs.push(Arc { first: candidate.first, end: candidate.end, cost: candidate.penalty + cost });
            meanings.push(Meaning { candidate: index, class });
        };
        match answer {
            Some(answer) => costs(answer, blank).for_each(|(class, cost)| add(Some(class), cost)),
            None => add(None, 0.0),
        }
    }
    (Graph::new(arcs, row.pieces), meanings)
}

/// The cost of each class but `blank`: its distance, or -log of its probability if the network ends in scores.
fn costs(answer: &Answer, blank: Option<usize>) -> impl Iterator<Item = (usize, f64)> {
    let cost = move |class: usize| match &answer.probabilities {
        Some(probabilities) => -libm::log(probabilities[class].max(1e-30)),
        None => f64::from(answer.distances[class]),
    };
    (0..answer.distances.len()).filter(move |class| Some(*class) != blank).map(move |class| (class, cost(class)))
}

/// The probability that a character is one of the classes, by eq. 9.
fn not_rubbish(answer: &Answer) -> f64 {
    match &answer.probabilities {
        Some(_) => 1.0,
        None => 1.0 - loss::rubbish_probability(&answer.distances, RUBBISH),
    }
}
