//! `verdict.toml`: the reason why a run has no usable result. Other runs have no such file.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::RunError;
use crate::files::{self, write_atomically};
use crate::training::{AtChance, Divergence};

/// The file's name in a run's folder.
pub const VERDICT: &str = "verdict.toml";

const HEADER: &str = "# Written by lenet5: this run has no result that can be used.\n";

/// The largest file that is read, in bytes.
const MAX_SIZE: u64 = 1 << 16;

/// The reason why a run has no usable result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// Its numbers were not finite after a pass, of which nothing is kept.
    Diverged(Divergence),
    /// Its last passes were no better than chance.
    AtChance(AtChance),
}

impl Verdict {
    /// The verdict on the run in `folder`; `None` without one.
    ///
    /// # Errors
    /// If the file cannot be read or parsed.
    pub fn read(folder: &Path) -> Result<Option<Self>, RunError> {
        let path = folder.join(VERDICT);
        let bytes = files::read_if_there(&path, MAX_SIZE).map_err(|error| RunError::Io(path.clone(), error))?;
        let Some(bytes) = bytes else { return Ok(None) };
        let parsed = String::from_utf8(bytes).map_err(|error| error.to_string());
        let parsed = parsed.and_then(|text| toml::from_str(&text).map_err(|error| error.to_string()));
        parsed.map(Some).map_err(|problem| {
            let problem =
                format!("expected a verdict on the run ({problem}); move the file elsewhere to go on with the run");
            RunError::Metrics(path, problem)
        })
    }

    /// Writes the verdict on the run in `folder`, or removes it.
    pub(super) fn write(verdict: Option<&Self>, folder: &Path) -> Result<(), RunError> {
        let path = folder.join(VERDICT);
        let written = match verdict {
            Some(verdict) => {
                let text = toml::to_string(verdict).expect("plain values");
                write_atomically(&path, format!("{HEADER}{text}").as_bytes())
            }
            None => fs::remove_file(&path).or_else(|error| match error.kind() {
                ErrorKind::NotFound => Ok(()),
                _ => Err(error),
            }),
        };
        written.map_err(|error| RunError::Io(path, error))
    }

    /// The divergence, if the run diverged.
    pub fn divergence(&self) -> Option<&Divergence> {
        match self {
            Self::Diverged(divergence) => Some(divergence),
            Self::AtChance(_) => None,
        }
    }

    /// Advice in words.
    pub fn advice(&self) -> &str {
        match self {
            Self::Diverged(divergence) => &divergence.advice,
            Self::AtChance(chance) => &chance.advice,
        }
    }
}

/// Such as: diverged in pass 2 (c3.weight); was no better than chance in its last 3 passes.
impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Diverged(divergence) => divergence.fmt(formatter),
            Self::AtChance(chance) => chance.fmt(formatter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::NotFinite;

    #[test]
    fn a_verdict_is_written_read_and_taken_away() {
        let folder = temp_dir::TempDir::new().unwrap();
        let divergence = |not_finite| {
            let (assignment, advice) = ("eta_factor=10".into(), "smaller \"steps\"".into());
            Verdict::Diverged(Divergence { pass: 2, not_finite, assignment, advice })
        };
        let chance = AtChance {
            pass: 4,
            passes: 3,
            error_percent: 90.0,
            chance_error_percent: 88.65,
            advice: "more passes".into(),
        };
        let name = || "c3.weight".to_string();
        let verdicts = [
            divergence(NotFinite::Tensor(name())),
            divergence(NotFinite::OptimizerState(name())),
            divergence(NotFinite::Loss("test_loss".into())),
            Verdict::AtChance(chance),
        ];
        for verdict in verdicts {
            Verdict::write(Some(&verdict), folder.path()).unwrap();
            assert_eq!(Verdict::read(folder.path()).unwrap(), Some(verdict));
        }
        for _ in 0..2 {
            Verdict::write(None, folder.path()).unwrap();
            assert_eq!(Verdict::read(folder.path()).unwrap(), None);
        }
        fs::write(folder.path().join(VERDICT), "verdict = \"guilty\"").unwrap();
        assert!(Verdict::read(folder.path()).unwrap_err().to_string().contains(VERDICT));
    }
}
