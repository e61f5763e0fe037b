//! Charts and pages as SVG and HTML.

pub mod explanation;
#[cfg(feature = "app")]
pub mod format;
pub mod gallery;
pub mod plot;
pub mod samples;
pub mod sheet;
