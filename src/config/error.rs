//! The reasons for refusing settings.

use super::network::DeclarationError;

/// A setting that is not acceptable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A value out of its range.
    #[error("setting `{key}`: {found} is not acceptable; expected {expected}")]
    Range {
        /// The setting.
        key: &'static str,
        /// The values that it takes.
        expected: String,
        /// The value that was given.
        found: String,
    },
    /// A declared network whose layers do not fit each other or the run.
    #[error("{place}: {error}")]
    Network {
        /// The file, or the setting.
        place: String,
        /// The layer, the expected and the found.
        error: DeclarationError,
    },
    /// Text that is not TOML, an unknown setting, or a value of another kind.
    #[error("{place}: {problem}")]
    Syntax {
        /// The file or argument.
        place: String,
        /// The reason, with line and column where it is a file.
        problem: String,
    },
    /// An unknown preset: a sentence with the nearest name and all of them.
    #[error("{0}")]
    Preset(String),
}
