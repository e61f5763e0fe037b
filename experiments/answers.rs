//! The answers of a classifier.

use lenet5::data::{Dataset, Images};
use lenet5::evaluation::Outputs;

/// The patterns to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Set {
    /// Those that it was trained on. A classifier that stores them answers some that it has put aside.
    Training,
    Test,
}

impl Set {
    pub fn images(self, dataset: &Dataset) -> &Images {
        match self {
            Self::Training => &dataset.training,
            Self::Test => &dataset.test,
        }
    }
}

pub struct Answers {
    /// The patterns that it answered: those of the set, or as many of them as it did not know.
    pub images: Images,
    /// Distances, or what else is smallest for the answer.
    pub outputs: Outputs<f32>,
    /// Networks that a pattern takes on average: 1, but for a committee that is not always asked as a whole.
    pub networks: f64,
}
