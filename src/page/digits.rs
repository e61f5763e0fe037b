//! The test digits.

use serde::Serialize;

use super::refusal::Refusal;
use crate::data::Images;
use crate::paper;

/// The test digits of the page.
#[derive(Debug)]
pub struct Digits {
    /// Their images.
    pub images: Images,
    /// True if they are MNIST's test set.
    pub mnist: bool,
}

#[derive(Serialize)]
pub struct DigitList {
    name: &'static str,
    count: usize,
    paper_errors: Vec<usize>,
}

#[derive(Serialize)]
pub struct Digit {
    index: usize,
    label: u8,
    pixels: Vec<u8>,
    paper_answer: Option<usize>,
}

impl Digits {
    /// The paper's errors, as (index, answer of its network).
    fn paper_errors(&self) -> impl Iterator<Item = (usize, usize)> {
        paper::test_errors().into_iter().filter(|_| self.mnist).map(|error| (error.index, error.answer))
    }

    /// `digits`: their name and number.
    pub fn list(&self) -> DigitList {
        let name = if self.mnist { "MNIST test set" } else { "embedded digits" };
        let paper_errors = self.paper_errors().map(|(index, _)| index).collect();
        DigitList { name, count: self.images.len(), paper_errors }
    }

    /// `digits/{index}`
    ///
    /// # Errors
    /// If there is no such digit.
    pub fn digit(&self, index: &str) -> Result<Digit, Refusal> {
        let count = self.images.len();
        let index: usize = index.parse().map_err(|_| Refusal::bad(format!("{index:?} is no number of a digit")))?;
        if index >= count {
            return Err(Refusal::not_found(format!("there are {count} digits, numbered from 0")));
        }
        let paper_answer = self.paper_errors().find(|error| error.0 == index).map(|error| error.1);
        let (label, pixels) = (self.images.labels()[index], self.images.image(index).to_vec());
        Ok(Digit { index, label, pixels, paper_answer })
    }
}
