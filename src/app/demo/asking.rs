//! Questions of the page, passed on.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use lenet5::page::{Answer, MOST_OF_A_DRAWING, MOST_OF_A_FILE, Page};
use tokio::sync::Semaphore;

use super::refusing::Refused;
use super::workers::{LIMIT, Workers};

/// The largest number of files that are received at a time.
const FILES: usize = 2;
/// The largest number of drawings that networks process at a time.
const DRAWINGS: usize = 2;

/// Where the page's questions are answered: all of one kind of work share its workers.
#[derive(Clone)]
struct Asked {
    page: Arc<Page>,
    workers: Workers,
}

/// The routes of all questions but those about runs.
pub fn routes(page: Page) -> Router {
    let page = Arc::new(page);
    let asked = |workers: &Workers| Asked { page: page.clone(), workers: workers.clone() };
    let drawing = asked(&Workers::new(DRAWINGS, LIMIT, "working at the drawing"));
    let training = asked(&Workers::new(1, LIMIT, "training"));
    let looking = asked(&Workers::new(DRAWINGS, LIMIT, "looking it up"));
    let questions = Router::new()
        .route("/api/networks", get(ask).with_state(looking.clone()))
        .route("/api/digits", get(ask).with_state(looking.clone()))
        .route("/api/digits/{index}", get(ask).with_state(looking))
        .route("/api/see", post(ask).with_state(drawing.clone()))
        .route("/api/scan", post(ask).with_state(drawing.clone()))
        .route("/api/inside/unit", post(ask).with_state(drawing.clone()))
        .route("/api/inside/kernels", get(ask).with_state(drawing.clone()))
        .route("/api/inside/nudge", post(ask).with_state(drawing.clone()))
        .route("/api/inside/restore", post(ask).with_state(drawing.clone()))
        .route("/api/train/start", post(ask).with_state(training.clone()))
        .route("/api/train/advance", post(ask).with_state(training.clone()))
        .route("/api/train/view", get(ask).post(ask).with_state(training.clone()))
        .route("/api/train/hash", get(ask).with_state(training.clone()))
        .route("/api/train/model", get(ask).with_state(training.clone()))
        .layer(DefaultBodyLimit::max(MOST_OF_A_DRAWING));
    let files = Router::new()
        .route("/api/picture/digit", post(ask).with_state(drawing.clone()))
        .route("/api/picture/line", post(ask).with_state(drawing.clone()))
        .route("/api/networks/trained", post(ask).with_state(drawing))
        .route("/api/train/data", get(ask).post(ask).with_state(training))
        .layer(DefaultBodyLimit::max(MOST_OF_A_FILE))
        .layer(from_fn_with_state(Arc::new(Semaphore::new(FILES)), in_turn));
    questions.merge(files)
}

async fn ask(
    State(Asked { page, workers }): State<Asked>,
    uri: Uri,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refused> {
    let body = received(&uri, body)?;
    let work = move || {
        let path = uri.path().strip_prefix("/api/").unwrap_or_default();
        page.ask(path, uri.query().unwrap_or_default(), &body)
    };
    Ok(match workers.run(work).await?? {
        Answer::Json(text) => ([(CONTENT_TYPE, "application/json")], text).into_response(),
        Answer::Bytes(bytes) => bytes.into_response(),
    })
}

/// The body of a request to this address.
fn received(uri: &Uri, body: Result<Bytes, BytesRejection>) -> Result<Bytes, Refused> {
    body.map_err(|rejection| match rejection.status() {
        status @ StatusCode::PAYLOAD_TOO_LARGE => {
            let what = if uri.path().starts_with("/api/picture/") { "picture" } else { "file" };
            let reason =
                format!("the {what} is too large: at most {MOST_OF_A_FILE} bytes are accepted here; scale it down");
            Refused::new(status, reason)
        }
        _ => rejection.into(),
    })
}

/// Lets a request wait until fewer than [`FILES`] others are received and answered.
async fn in_turn(State(free): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let _held = free.acquire().await.expect("it is never closed");
    next.run(request).await
}
