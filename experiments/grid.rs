//! The choice of the preset among readings of the paper, by the rule in paper_notes.md, from what is printed of training alone.
//!
//! The stages: [`rates`] of all starts without training, [`coarse`] and [`fine`] with one seed each, and [`choice`] among the ten nearest
//! readings, with five seeds. Each stage takes over the table of those before it as it was when this program was compiled.

pub mod choice;
pub mod coarse;
mod distance;
mod figure;
pub mod fine;
mod held_out;
mod posterior;
pub mod rates;
mod reading;
mod stage;
