//! The page without a server: its questions, answered in WebAssembly. `web/page/worker.js` asks them.

use lenet5::data::digits;
use lenet5::kernels::simd::Level;
use lenet5::page::{self, Answer, Digits};
use wasm_bindgen::prelude::wasm_bindgen;

/// The name of the level at which this module computes.
///
/// # Errors
/// A sentence, if its multiply-add rounds twice on this processor: the other module has to be taken.
#[wasm_bindgen]
pub fn level() -> Result<String, String> {
    Level::from_environment().map(|level| level.name().into()).map_err(|error| error.to_string())
}

/// The networks, digits and training behind the page.
#[wasm_bindgen]
pub struct Page(page::Page);

/// An answer: a JSON text or bytes.
#[wasm_bindgen(getter_with_clone)]
pub struct Told {
    /// A JSON text.
    pub json: Option<String>,
    /// The bytes of a file.
    pub bytes: Option<Vec<u8>>,
}

/// Why a question is not answered.
#[wasm_bindgen(getter_with_clone)]
pub struct Refusal {
    /// A status of HTTP.
    pub status: u16,
    /// A clause.
    pub reason: String,
}

impl From<page::Refusal> for Refusal {
    fn from(page::Refusal { status, reason }: page::Refusal) -> Self {
        Self { status, reason }
    }
}

#[wasm_bindgen]
impl Page {
    /// A page with the embedded digits, whose networks have no weights yet.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::new_without_default, reason = "a constructor in JavaScript")]
    pub fn new() -> Self {
        Self(page::Page::new(Digits { images: digits::load().test, mnist: false }))
    }

    /// Gives the network of this name its weights, the bytes of a `model.safetensors`.
    ///
    /// # Errors
    /// If there is no such network, or the bytes are no model.
    pub fn give(&self, name: &str, bytes: &[u8]) -> Result<(), Refusal> {
        Ok(self.0.give(name, bytes)?)
    }

    /// The answer to a question: a path, a query as in an address, and a body.
    ///
    /// # Errors
    /// With the reason.
    pub fn ask(&self, path: &str, query: &str, body: &[u8]) -> Result<Told, Refusal> {
        Ok(match self.0.ask(path, query, body)? {
            Answer::Json(json) => Told { json: Some(json), bytes: None },
            Answer::Bytes(bytes) => Told { json: None, bytes: Some(bytes) },
        })
    }
}
