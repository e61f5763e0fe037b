//! Feature maps of several patterns side by side.

use crate::kernels::maps::{Maps, Shape};
use crate::kernels::scalar::Scalar;

/// How many patterns are side by side.
pub const PATTERNS: usize = 16;

/// Feature maps of [`PATTERNS`] patterns, unit by unit: unit i (map, y, x) of pattern n stands at `values()[i * PATTERNS + n]`.
///
/// What is to be done with a unit is done for all patterns by the same instruction: lanes are patterns. The values start at a
/// line of the cache, so that each unit is one; a vector of 16 that lies in two lines takes twice as long to load.
#[derive(Debug)]
pub struct Batch<T> {
    shape: Shape,
    /// The values, from `start` on; never moved or resized.
    room: Vec<T>,
    start: usize,
}

impl<T: Scalar> Batch<T> {
    /// Maps of this shape for each pattern, all units zero.
    pub fn zeros(shape: Shape) -> Self {
        let room = vec![T::zero(); (shape.units() + 1) * PATTERNS];
        // Where a platform cannot say, any start will do.
        let start = room.as_ptr().align_offset(size_of::<[T; PATTERNS]>()).min(PATTERNS);
        Self { shape, room, start }
    }

    /// The shape of one pattern's maps.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// All units of all patterns.
    pub fn values(&self) -> &[T] {
        &self.room[self.start..][..self.shape.units() * PATTERNS]
    }

    /// All units of all patterns, to write.
    pub fn values_mut(&mut self) -> &mut [T] {
        &mut self.room[self.start..][..self.shape.units() * PATTERNS]
    }

    /// Unit i of each pattern.
    pub fn unit(&self, unit: usize) -> &[T] {
        &self.values()[unit * PATTERNS..][..PATTERNS]
    }

    /// Unit i of each pattern, to write.
    pub fn unit_mut(&mut self, unit: usize) -> &mut [T] {
        &mut self.values_mut()[unit * PATTERNS..][..PATTERNS]
    }

    /// Pattern n becomes a copy of these maps.
    ///
    /// ```
    /// use lenet5::kernels::batch_maps::Batch;
    /// use lenet5::kernels::maps::{Maps, Shape};
    /// let maps = Maps::from_values(Shape::new(1, 1, 3), vec![1.0, 2.0, 3.0]).unwrap();
    /// let mut batch = Batch::zeros(maps.shape());
    /// batch.set_pattern(5, &maps);
    /// assert_eq!(batch.unit(2)[4..7], [0.0, 3.0, 0.0]);
    /// ```
    ///
    /// # Panics
    /// If the maps are of another shape, or n is not below [`PATTERNS`].
    pub fn set_pattern(&mut self, n: usize, maps: &Maps<T>) {
        assert!(n < PATTERNS && maps.shape() == self.shape, "pattern {n} of {}", maps.shape());
        for (unit, &value) in self.values_mut().as_chunks_mut::<PATTERNS>().0.iter_mut().zip(&maps.values) {
            unit[n] = value;
        }
    }

    /// Copies pattern n to these maps.
    ///
    /// # Panics
    /// If the maps are of another shape, or n is not below [`PATTERNS`].
    pub fn pattern(&self, n: usize, maps: &mut Maps<T>) {
        assert!(n < PATTERNS && maps.shape() == self.shape, "pattern {n} of {}", maps.shape());
        for (value, unit) in maps.values.iter_mut().zip(self.values().as_chunks::<PATTERNS>().0) {
            *value = unit[n];
        }
    }
}

impl<T: Scalar> Clone for Batch<T> {
    fn clone(&self) -> Self {
        let mut clone = Self::zeros(self.shape);
        clone.values_mut().copy_from_slice(self.values());
        clone
    }
}

impl<T: Scalar> PartialEq for Batch<T> {
    fn eq(&self, other: &Self) -> bool {
        self.shape == other.shape && self.values() == other.values()
    }
}
