//! Pictures as addresses, for pages.

use std::io::Cursor;

use base64::{Engine, engine::general_purpose::STANDARD};
use image::{DynamicImage, ImageFormat};

/// The address that carries the picture itself, as a PNG.
pub fn data_uri(picture: &DynamicImage) -> String {
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).expect("pixels fit into a PNG in memory");
    format!("data:image/png;base64,{}", STANDARD.encode(png.into_inner()))
}
