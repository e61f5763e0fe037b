//! Charts as SVG, for the command line and the experiments: curves here, bars in [`bars`].

mod axis;
pub mod bars;
mod chart;
mod curve;
mod learning_curve;
mod legend;
mod scale;

pub use axis::Axis;
pub use chart::{ALONE, Chart, draw};
pub use curve::{Curve, DrawError, LineStyle, colour};
pub use learning_curve::{compared, learning_curve, mean_learning_curve, paper_learning_curves};

#[cfg(test)]
mod tests;
