//! Sixteen patterns side by side: what flows between layers when a network works on a batch.

use crate::maps::{Maps, Shape};
use crate::scalar::Scalar;

/// How many patterns stand side by side.
pub const PATTERNS: usize = 16;

/// The feature maps of sixteen patterns: unit (map, y, x) of pattern n stands at
/// `((map * height + y) * width + x) * 16 + n`, so that what is done to a unit is done to all patterns at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch<T> {
    shape: Shape,
    /// All units of all patterns.
    pub values: Vec<T>,
}

impl<T: Scalar> Batch<T> {
    /// Maps of this shape, all units of all patterns zero.
    pub fn zeros(shape: Shape) -> Self {
        Self { shape, values: vec![T::zero(); shape.units() * PATTERNS] }
    }

    /// The shape of each pattern's maps.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Unit `index` of each pattern.
    pub fn unit(&self, index: usize) -> &[T] {
        &self.values[index * PATTERNS..][..PATTERNS]
    }

    /// Copies one pattern's maps in.
    ///
    /// # Panics
    /// Here and in `pattern`, if there is no such pattern.
    pub fn set_pattern(&mut self, pattern: usize, maps: &Maps<T>) {
        assert!(pattern < PATTERNS, "pattern 0 to 15");
        for (units, &value) in self.values.chunks_exact_mut(PATTERNS).zip(&maps.values) {
            units[pattern] = value;
        }
    }

    /// Copies one pattern's maps out.
    pub fn pattern(&self, pattern: usize, maps: &mut Maps<T>) {
        assert!(pattern < PATTERNS, "pattern 0 to 15");
        for (units, value) in self.values.chunks_exact(PATTERNS).zip(&mut maps.values) {
            *value = units[pattern];
        }
    }
}
