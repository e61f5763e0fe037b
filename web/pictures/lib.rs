//! Decoders of picture files, for the page without a server: a module of their own, which is loaded when the first picture is opened.

use lenet5::picture::Readings;
use wasm_bindgen::prelude::wasm_bindgen;

/// The grey levels of a picture, as `lenet5::picture::Readings` has them.
#[wasm_bindgen(getter_with_clone)]
pub struct Picture {
    /// Width, in pixels.
    pub width: u32,
    /// Height, in pixels.
    pub height: u32,
    /// The readings, one behind the other.
    pub levels: Vec<u8>,
}

/// The picture in a file of this content.
///
/// # Errors
/// With the reason, a sentence about "the picture".
#[wasm_bindgen]
pub fn decode(file: &[u8]) -> Result<Picture, String> {
    let readings = Readings::from_bytes(file).map_err(|problem| format!("the picture {problem}"))?;
    let (width, height) = readings.size();
    Ok(Picture { width, height, levels: readings.to_levels() })
}
