//! Charts and pages as SVG and HTML.

pub mod explanation;
pub mod gallery;
pub mod plot;
pub mod sheet;
