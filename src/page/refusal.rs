//! Why a question is not answered.

use serde::Serialize;

/// The refusal of a question: a status of HTTP, 4xx or 5xx, and `{"error": reason}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The status.
    #[serde(skip)]
    pub status: u16,
    /// The reason, a clause.
    #[serde(rename = "error")]
    pub reason: String,
}

impl Refusal {
    /// A refusal with this status; the reason is a clause.
    pub fn new(status: u16, reason: impl Into<String>) -> Self {
        Self { status, reason: reason.into() }
    }

    /// Status 400: a question with wrong parameters.
    pub fn bad(reason: impl Into<String>) -> Self {
        Self::new(400, reason)
    }

    /// Status 404: there is nothing of this name or number.
    pub fn not_found(reason: impl Into<String>) -> Self {
        Self::new(404, reason)
    }

    /// Status 422: a correct question whose picture or file cannot be read.
    pub fn unreadable(reason: impl ToString) -> Self {
        Self::new(422, reason.to_string())
    }
}
