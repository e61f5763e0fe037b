//! The data set that a user chooses.

use std::fmt;
use std::str::FromStr;

use super::source::Source;
use crate::words;

/// The data set to use. As text, and in settings, it is its name; `idx:PATH` and `folder:PATH` name a user's own.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Choice {
    /// MNIST, and the handwritten digits if MNIST can neither be found nor downloaded.
    #[default]
    Auto,
    /// MNIST or nothing.
    Mnist,
    /// MNIST's training digits and QMNIST's further test digits, which are never downloaded.
    Qmnist,
    /// The handwritten digits.
    Digits,
    /// CIFAR-10, which is never downloaded.
    Cifar10,
    /// IDX files in this folder, or those there whose names begin with the last part of the path; see [`own`](super::own).
    Idx(String),
    /// Pictures in this folder, a folder a class.
    Folder(String),
    /// A program's own images of this name, which no command can open.
    Own(String),
}

impl Choice {
    const NAMED: [(&str, Self); 5] = [
        ("auto", Self::Auto),
        ("mnist", Self::Mnist),
        ("qmnist", Self::Qmnist),
        ("digits", Self::Digits),
        ("cifar10", Self::Cifar10),
    ];

    /// The choice of a user's own data of this kind, at this path or of this name.
    fn of_own(kind: &str, path: &str) -> Option<Self> {
        match kind {
            "idx" => Some(Self::Idx(path.into())),
            "folder" => Some(Self::Folder(path.into())),
            "own" => Some(Self::Own(path.into())),
            _ => None,
        }
    }

    /// The choice that gives the data of this source and no others; `origin` is the path or the name of a user's own.
    pub fn of(source: Source, origin: &str) -> Self {
        match source {
            Source::Mnist => Self::Mnist,
            Source::Qmnist => Self::Qmnist,
            Source::Digits => Self::Digits,
            Source::Cifar10 => Self::Cifar10,
            Source::Idx => Self::Idx(origin.into()),
            Source::Folder => Self::Folder(origin.into()),
            Source::Own => Self::Own(origin.into()),
        }
    }

    /// The numbers of training and of test patterns, where they do not depend on the user's files.
    pub fn sizes(&self) -> Option<(usize, usize)> {
        match self {
            Self::Mnist => Some((60_000, 10_000)),
            Self::Digits => Some((1437, 360)),
            _ => None,
        }
    }

    /// True for data that a user brings, whose classes are not known beforehand.
    pub fn is_own(&self) -> bool {
        matches!(self, Self::Idx(_) | Self::Folder(_) | Self::Own(_))
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Idx(path) => write!(f, "idx:{path}"),
            Self::Folder(path) => write!(f, "folder:{path}"),
            Self::Own(name) => write!(f, "own:{name}"),
            named => f.write_str(Self::NAMED.iter().find(|(_, choice)| choice == named).map_or("", |(name, _)| name)),
        }
    }
}

/// The choice of this name; the error is a sentence that lists the names.
impl FromStr for Choice {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        if let Some((_, choice)) = Self::NAMED.iter().find(|(other, _)| *other == name) {
            return Ok(choice.clone());
        }
        let own = name.split_once(':').and_then(|(kind, path)| Some((kind, path, Self::of_own(kind, path)?)));
        match own {
            Some((kind, "", _)) => {
                Err(format!("expected a path after `{kind}:`, such as {kind}:my-data, found nothing"))
            }
            Some((_, _, choice)) => Ok(choice),
            None => {
                let names: Vec<&str> =
                    Self::NAMED.iter().map(|(name, _)| *name).chain(["idx:FOLDER", "folder:FOLDER"]).collect();
                Err(words::unknown("data set", name, &names))
            }
        }
    }
}

impl From<Choice> for String {
    fn from(choice: Choice) -> Self {
        choice.to_string()
    }
}

impl TryFrom<String> for Choice {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        name.parse()
    }
}
