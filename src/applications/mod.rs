//! Applications of a trained network.

pub mod activity;
pub mod boosting;
pub mod graph;
pub mod neighbours;
pub mod reader;
#[cfg(feature = "picture")]
pub mod reading;
pub mod scan;
#[cfg(feature = "picture")]
pub mod segmentation;
pub mod unit;
