//! The grid of readings by which the preset is chosen: see "The rule by which the preset will be chosen" in paper_notes.md.

pub mod coarse;
mod distance;
pub mod rates;
mod reading;
