//! Charts and pages as SVG and HTML.

pub mod explanation;
pub mod plot;
pub mod samples;
pub mod sheet;
