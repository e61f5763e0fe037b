//! Answers, and the parameters of questions.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::refusal::Refusal;

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A JSON text.
    Json(String),
    /// The bytes of a file.
    Bytes(Vec<u8>),
}

impl Answer {
    /// The answer that says this, as JSON.
    ///
    /// # Panics
    /// If it has maps whose keys are not text: none of the answers has.
    pub fn of(content: &impl Serialize) -> Self {
        Self::Json(serde_json::to_string(content).expect("plain structures"))
    }
}

/// The parameters in a query.
///
/// # Errors
/// If one is missing or of another kind.
pub(super) fn parameters<T: DeserializeOwned>(query: &str) -> Result<T, Refusal> {
    serde_urlencoded::from_str(query).map_err(|error| Refusal::bad(format!("the query {query:?}: {error}")))
}
