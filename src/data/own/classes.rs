//! The classes of a user's labels: which there are, what they are called, and the number of each.

use std::collections::{BTreeMap, BTreeSet};

use crate::data::MOST_CLASSES;
use crate::words::count;

/// The classes of a data set, numbered from 0 in the order of their labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classes {
    labels: Vec<i64>,
    names: Vec<String>,
}

/// Labels that are not classes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found}")]
pub struct ClassesError {
    /// The labels that are accepted.
    pub expected: String,
    /// Those that are there.
    pub found: String,
}

impl Classes {
    /// The classes of these training labels. `names` has a name for each label; without it, a class is called by its label.
    ///
    /// # Errors
    /// If there are fewer than two classes or more than [`MOST_CLASSES`], or a label has no name.
    pub fn of(training: &[i64], names: Option<BTreeMap<i64, String>>) -> Result<Self, ClassesError> {
        let mut labels = BTreeSet::new();
        for label in training {
            labels.insert(*label);
            if labels.len() > MOST_CLASSES {
                let expected = format!("at most {MOST_CLASSES} different labels");
                return Err(ClassesError { expected, found: format!("more, such as {label}") });
            }
        }
        if labels.len() < 2 {
            let found = labels.first().map_or_else(|| "no label".into(), |label| format!("the label {label} alone"));
            return Err(ClassesError { expected: "two different labels or more".into(), found });
        }
        let name = |label: &i64| match &names {
            None => Ok(label.to_string()),
            Some(names) => names.get(label).cloned().ok_or_else(|| ClassesError {
                expected: format!("labels of the mapping beside it, which names {}", count(names.len(), "label")),
                found: format!("the label {label}, which is not among them"),
            }),
        };
        let names = labels.iter().map(name).collect::<Result<_, _>>()?;
        Ok(Self { labels: labels.into_iter().collect(), names })
    }

    /// The name of each class.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The numbers of the classes that have these labels.
    ///
    /// # Errors
    /// The first label that no training pattern has.
    pub fn numbers(&self, labels: &[i64]) -> Result<Vec<u8>, ClassesError> {
        let number = |(index, label): (usize, &i64)| match self.labels.binary_search(label) {
            // There are at most 256.
            Ok(class) => Ok(class as u8),
            Err(_) => {
                let expected = format!("labels that are among the {} of the training set", self.labels.len());
                Err(ClassesError { expected, found: format!("the label {label} at image {index}, counted from 0") })
            }
        };
        labels.iter().enumerate().map(number).collect()
    }
}
