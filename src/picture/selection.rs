//! Selection of the ink that is the digit, or the line.

use image::GrayImage;

use super::components::{Component, Components, Margins};
use super::frames;

/// Beside a line, a component with less than one part in so many of the largest character's ink is a speck.
const SPECK: u64 = 50;

/// What was left of a mask.
pub(super) struct Kept {
    /// The likelihood of being a digit.
    pub(super) weight: u64,
    /// The characters that were seen, with those that were not kept.
    pub(super) characters: usize,
}

/// Leaves of `mask`, 0 or 255, the digit: the largest sensible component and the broken strokes beside it. `strength` is the
/// ink of each pixel. `None` if nothing is written, and then nothing is left.
pub(super) fn keep_digit(mask: &mut GrayImage, strength: &GrayImage, margins: Margins) -> Option<Kept> {
    let components = Components::new(mask, strength);
    let frames = frames::find(&components);
    let components = components.without(&frames);
    let largest = components.largest(margins);
    components.keep(mask, |part| largest.is_some_and(|largest| largest.owns(part, margins)));
    let largest = largest?;
    let written = components.components.iter().filter(|component| component.is_written());
    let others = written.filter(|other| largest.is_beside(other, components.labels.dimensions()));
    Some(Kept { weight: components.weight(largest, margins), characters: 1 + others.count() })
}

/// Leaves of `mask` the characters of a line: every sensible component that is no speck. As [`keep_digit`] otherwise.
pub(super) fn keep_line(mask: &mut GrayImage, strength: &GrayImage, margins: Margins) -> Option<Kept> {
    let components = Components::new(mask, strength);
    let largest = components.largest(margins);
    let is_part = |largest: &Component, part: &Component| {
        let stray = part.lies_along_border() && !largest.lies_along_border();
        !stray && SPECK * part.mass >= largest.mass
    };
    components.keep(mask, |part| largest.is_some_and(|largest| is_part(largest, part)));
    let written = components.components.iter().filter(|component| component.is_written());
    let characters = written.filter(|part| largest.is_some_and(|largest| is_part(largest, part))).count();
    largest.map(|largest| Kept { weight: components.weight(largest, margins), characters })
}
