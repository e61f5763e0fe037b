//! What a trained network is used for.

pub mod activity;
pub mod boosting;
pub mod neighbours;
pub mod reader;
pub mod scan;
