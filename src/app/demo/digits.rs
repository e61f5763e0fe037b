//! The test digits.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use lenet5::data::Images;
use lenet5::paper;
use serde::Serialize;

use super::refusal::Refusal;

pub struct Digits {
    pub images: Images,
    /// True if they are MNIST's test set.
    pub mnist: bool,
}

impl Digits {
    /// The paper's errors, as (index, answer of its network).
    fn paper_errors(&self) -> impl Iterator<Item = (usize, usize)> {
        paper::test_errors().into_iter().filter(|_| self.mnist).map(|error| (error.index, error.answer))
    }
}

#[derive(Serialize)]
pub struct DigitList {
    name: &'static str,
    count: usize,
    paper_errors: Vec<usize>,
}

/// `GET /api/digits`
pub async fn list(State(digits): State<Arc<Digits>>) -> Json<DigitList> {
    let name = if digits.mnist { "MNIST test set" } else { "embedded digits" };
    let paper_errors = digits.paper_errors().map(|(index, _)| index).collect();
    Json(DigitList { name, count: digits.images.len(), paper_errors })
}

#[derive(Serialize)]
pub struct Digit {
    index: usize,
    label: u8,
    pixels: Vec<u8>,
    paper_answer: Option<usize>,
}

/// `GET /api/digits/{index}`
///
/// # Errors
/// If there is no such digit.
pub async fn digit(
    State(digits): State<Arc<Digits>>,
    index: Result<Path<usize>, PathRejection>,
) -> Result<Json<Digit>, Refusal> {
    let Path(index) = index?;
    if index >= digits.images.len() {
        let reason = format!("there are {} digits, numbered from 0", digits.images.len());
        return Err(Refusal::new(StatusCode::NOT_FOUND, reason));
    }
    let paper_answer = digits.paper_errors().find(|error| error.0 == index).map(|error| error.1);
    let (label, pixels) = (digits.images.labels()[index], digits.images.image(index).to_vec());
    Ok(Json(Digit { index, label, pixels, paper_answer }))
}
