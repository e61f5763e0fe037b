//! The division of a data set's patterns: those trained on, and those on which errors are measured.

use super::settings::Config;

/// The patterns on which errors are measured after each pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measured {
    /// The data set's test set.
    Test,
    /// The last training patterns, which the setting `held_out` keeps out of training.
    HeldOut,
    /// None: `test_set` is false, and no patterns are held out.
    Nothing,
}

impl Measured {
    /// The name of an error on these patterns: only one on the test set is a test error.
    pub fn error_name(self) -> &'static str {
        match self {
            Self::Test => "test error",
            Self::HeldOut => "held-out error",
            Self::Nothing => "error on no patterns",
        }
    }

    /// The beginning of a column's name in tables: `test` or `held_out`. Tables have no such column where nothing is measured.
    pub fn column(self) -> Option<&'static str> {
        match self {
            Self::Test => Some("test"),
            Self::HeldOut => Some("held_out"),
            Self::Nothing => None,
        }
    }
}

/// The numbers of patterns that are trained on and measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split {
    /// Originals that a pass presents, the first of the training set.
    pub training: usize,
    /// Patterns on which errors are measured after each pass.
    pub measured: usize,
    /// The set that these come from.
    pub on: Measured,
}

impl Config {
    /// The patterns on which errors are measured.
    pub fn measured(&self) -> Measured {
        match (self.held_out, self.test_set) {
            (0, true) => Measured::Test,
            (0, false) => Measured::Nothing,
            _ => Measured::HeldOut,
        }
    }

    /// The division of a data set with this many (training, test) patterns by `training_patterns` and `held_out`.
    ///
    /// ```
    /// use lenet5::config::{Config, Measured, Split};
    /// let config = Config { held_out: 10_000, ..Config::default() };
    /// let split = config.split((60_000, 10_000));
    /// assert_eq!(split, Split { training: 50_000, measured: 10_000, on: Measured::HeldOut });
    /// ```
    pub fn split(&self, (training, test): (usize, usize)) -> Split {
        let left = training.saturating_sub(self.held_out);
        let training_patterns = if self.training_patterns == 0 { left } else { left.min(self.training_patterns) };
        let on = self.measured();
        let measured = match on {
            Measured::Test => test,
            Measured::HeldOut => training - left,
            Measured::Nothing => 0,
        };
        Split { training: training_patterns, measured, on }
    }
}
