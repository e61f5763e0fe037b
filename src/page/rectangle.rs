//! A rectangle in an answer.

use crate::picture::Region;
use serde::Serialize;

/// The rectangle of the ink, in pixels of the picture.
#[derive(Serialize)]
pub struct Rectangle {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

impl From<Region> for Rectangle {
    fn from(Region { left, top, width, height }: Region) -> Self {
        Self { left, top, width, height }
    }
}
