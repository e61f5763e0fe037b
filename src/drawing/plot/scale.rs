//! The scales of a chart: where a value stands on an axis, and which values are marked.

use std::ops::Range;

use plotters::coord::combinators::LogCoord;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use plotters::coord::types::RangedCoordf64;

/// The scale of one axis.
pub enum Scale {
    /// Equal steps, any of which is marked.
    Linear(RangedCoordf64),
    /// Equal steps, of which whole numbers alone are marked.
    Whole(RangedCoordf64),
    /// Equal factors.
    Logarithmic(LogCoord<f64>),
}

impl Ranged for Scale {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        match self {
            Self::Linear(scale) | Self::Whole(scale) => scale.map(value, limit),
            Self::Logarithmic(scale) => scale.map(value, limit),
        }
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        match self {
            Self::Linear(scale) => scale.key_points(hint),
            Self::Whole(scale) => {
                let mut marked = scale.key_points(hint);
                marked.retain(|value| (value - value.round()).abs() < 1e-9 * value.abs().max(1.0));
                marked
            }
            Self::Logarithmic(scale) => scale.key_points(hint),
        }
    }

    fn range(&self) -> Range<f64> {
        match self {
            Self::Linear(scale) | Self::Whole(scale) => scale.range(),
            Self::Logarithmic(scale) => scale.range(),
        }
    }
}

/// Numbers are written by the chart, which knows how many digits its axes need.
impl ValueFormatter<f64> for Scale {
    fn format(value: &f64) -> String {
        value.to_string()
    }
}
