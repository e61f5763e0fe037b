//! Recorded answers: a CSV file with a row for each pattern of a set, which `lenet5 test --predictions` writes and `lenet5 compare` reads.
//!
//! Its columns are `index` of the pattern, counted from 0, `truth` and `answer`, which are names of classes, and for each class
//! `distance_NAME`, of which the smallest wins, or `score_NAME`, of which the largest wins, where the network ends in scores. A
//! table of another program needs `truth` and `answer` alone.

use std::path::Path;

use serde::Deserialize;

use super::folder::{RunError, read_table};
use crate::evaluation::Outputs;
use crate::evaluation::mcnemar::disagreements;

/// The answers to the patterns of a set, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// The name of each pattern's class.
    pub truths: Vec<String>,
    /// For each pattern, true if it was answered wrongly.
    pub wrong: Vec<bool>,
}

/// The columns that are read.
#[derive(Deserialize)]
struct Row {
    truth: String,
    answer: String,
}

impl Answers {
    /// The answers of a network whose classes have these names, to patterns of these classes.
    ///
    /// # Panics
    /// If there is not a label for each pattern, or one is no class.
    pub fn of(names: &[String], outputs: &Outputs<f32>, labels: &[u8]) -> Self {
        let truths = labels.iter().map(|&label| names[usize::from(label)].clone()).collect();
        Self { truths, wrong: outputs.wrong(labels) }
    }

    /// Reads a table of answers.
    ///
    /// # Errors
    /// If it cannot be read, has no columns `truth` and `answer`, or no row.
    pub fn read(path: &Path) -> Result<Self, RunError> {
        let rows: Vec<Row> = read_table(path).map_err(|error| match error {
            RunError::Metrics(path, problem) => {
                let expected = "expected a table of answers with the columns `truth` and `answer`, as `lenet5 test --predictions` writes it";
                RunError::Metrics(path, format!("{expected} ({problem})"))
            }
            error => error,
        })?;
        if rows.is_empty() {
            return Err(RunError::Metrics(path.into(), "expected a row for each pattern, found none".into()));
        }
        let wrong = rows.iter().map(|row| row.truth != row.answer).collect();
        Ok(Self { truths: rows.into_iter().map(|row| row.truth).collect(), wrong })
    }

    /// The number of patterns.
    pub fn patterns(&self) -> usize {
        self.wrong.len()
    }

    /// The number of wrong answers.
    pub fn errors(&self) -> usize {
        self.wrong.iter().filter(|wrong| **wrong).count()
    }

    /// The numbers of patterns that only this network, and only the other one, gets wrong; `None` where they did not answer the same
    /// patterns: their number or their classes differ.
    pub fn disagreements(&self, other: &Self) -> Option<(usize, usize)> {
        (self.truths == other.truths).then(|| disagreements(&self.wrong, &other.wrong))
    }
}

/// The table of the answers of a network whose classes have these names, to patterns of these classes, as the bytes of a CSV file.
/// `scores` says that the network ends in scores, which are the distances with the other sign.
///
/// # Errors
/// Never but for a lack of memory.
///
/// # Panics
/// As [`Answers::of`].
pub fn table(names: &[String], outputs: &Outputs<f32>, labels: &[u8], scores: bool) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let kind = if scores { "score" } else { "distance" };
    let columns = ["index", "truth", "answer"].map(String::from);
    writer.write_record(columns.into_iter().chain(names.iter().map(|name| format!("{kind}_{name}"))))?;
    for (index, ((row, answer), &label)) in outputs.rows().zip(outputs.answers()).zip(labels).enumerate() {
        let number = |distance: &f32| if scores { (-distance).to_string() } else { distance.to_string() };
        let own = [index.to_string(), names[usize::from(label)].clone(), names[answer].clone()];
        writer.write_record(own.into_iter().chain(row.iter().map(number)))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_written_and_read() {
        let folder = temp_dir::TempDir::new().unwrap();
        let path = folder.path().join("answers.csv");
        let names = ["a,b", "blank"].map(String::from);
        let outputs = Outputs::new(2, vec![1.0, 0.1, 2.5, 3.0, 0.0, 4.0]);
        let labels = [1, 1, 0];
        let bytes = table(&names, &outputs, &labels, false).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(
            text.starts_with("index,truth,answer,\"distance_a,b\",distance_blank\n0,blank,blank,1,0.1\n"),
            "{text}"
        );
        std::fs::write(&path, bytes).unwrap();
        let answers = Answers::of(&names, &outputs, &labels);
        assert_eq!(Answers::read(&path).unwrap(), answers);
        assert_eq!((answers.errors(), answers.patterns(), &answers.wrong[..]), (1, 3, &[false, true, false][..]));
        assert!(
            String::from_utf8(table(&names, &outputs, &labels, true).unwrap())
                .unwrap()
                .contains("score_blank\n0,blank,blank,-1,-0.1")
        );
        let others = Answers { truths: answers.truths.clone(), wrong: vec![true, true, true] };
        assert_eq!(answers.disagreements(&others), Some((0, 2)));
        let fewer = Answers { truths: answers.truths[..2].to_vec(), wrong: vec![true; 2] };
        assert_eq!(answers.disagreements(&fewer), None);
        for (text, problem) in [
            ("truth,answer\n", "found none"),
            ("index,label\n0,1\n", "`truth` and `answer`"),
            ("truth,answer\n1\n", "line: 2"),
        ] {
            std::fs::write(&path, text).unwrap();
            let error = Answers::read(&path).unwrap_err().to_string();
            assert!(error.contains("answers.csv") && error.contains(problem), "{error}");
        }
    }
}
