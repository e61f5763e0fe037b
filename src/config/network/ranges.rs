//! The ranges of a layer's sizes.

use std::ops::RangeInclusive;

use crate::network::layers::MAX_KERNEL;

pub const MAPS: RangeInclusive<usize> = 1..=4096;
/// Of the side of a kernel.
pub const KERNEL: RangeInclusive<usize> = 1..=MAX_KERNEL;
/// Of the side of a field.
pub const FIELD: RangeInclusive<usize> = 1..=64;
pub const TIMES: RangeInclusive<usize> = 1..=64;

/// The numbers of a range in words.
pub fn in_words(range: &RangeInclusive<usize>) -> String {
    format!("a whole number of {} to {}", range.start(), range.end())
}
