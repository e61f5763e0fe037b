//! Feature maps: what flows between layers.

use nalgebra::{DMatrixView, Dyn};

use crate::numbers::Numbers;
use crate::scalar::Scalar;

/// The shape of a set of feature maps: how many, and how large each is, in units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Number of maps.
    pub maps: usize,
    /// Rows of each map.
    pub height: usize,
    /// Columns of each map.
    pub width: usize,
}

impl Shape {
    /// `maps` maps of `height` x `width`.
    pub const fn new(maps: usize, height: usize, width: usize) -> Self {
        Self { maps, height, width }
    }

    /// Units in one map.
    pub const fn area(self) -> usize {
        self.height * self.width
    }

    /// Units in all maps.
    pub const fn units(self) -> usize {
        self.maps * self.area()
    }
}

/// Displays the shape in the paper's notation: `6 @ 28x28`.
impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&format!("{} @ {}x{}", self.maps, self.height, self.width))
    }
}

/// The number of patterns that the batch kernels process at once.
pub const PATTERNS: usize = 16;

/// Feature maps of one pattern or of several: C x H x W units, map by map and row by row, each the numbers of all patterns side by side.
///
/// One instruction processes a unit of all patterns: lanes are patterns. A layer that works unit by unit, such as squashing, treats
/// patterns as more units.
#[derive(Debug, Clone, PartialEq)]
pub struct Maps<T> {
    shape: Shape,
    patterns: usize,
    /// All units: unit (map, y, x) of pattern n stands at `((map * height + y) * width + x) * patterns + n`.
    pub values: Numbers<T>,
}

impl<T: Scalar> Maps<T> {
    /// Maps of this shape for one pattern, all units zero.
    pub fn zeros(shape: Shape) -> Self {
        Self::batch(shape, 1)
    }

    /// Maps of this shape for each of `patterns` patterns, all units zero.
    pub fn batch(shape: Shape, patterns: usize) -> Self {
        Self { shape, patterns, values: Numbers::filled(T::zero(), shape.units() * patterns) }
    }

    /// Maps of this shape for one pattern, with these units; `None` if their number is not the shape's.
    pub fn from_values(shape: Shape, values: Vec<T>) -> Option<Self> {
        let mut maps = Self::zeros(shape);
        (values.len() == shape.units()).then(|| {
            maps.values.copy_from_slice(&values);
            maps
        })
    }

    /// The shape of a pattern's maps.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The number of patterns.
    pub fn patterns(&self) -> usize {
        self.patterns
    }

    /// The units of one map, row by row.
    pub fn map(&self, map: usize) -> &[T] {
        let size = self.shape.area() * self.patterns;
        &self.values[map * size..][..size]
    }

    /// The units of one map, to write.
    pub fn map_mut(&mut self, map: usize) -> &mut [T] {
        let size = self.shape.area() * self.patterns;
        &mut self.values[map * size..][..size]
    }

    /// One map of the only pattern as a matrix of height x width (a view: nalgebra's strides describe our row order).
    ///
    /// ```
    /// use lenet5_kernels::maps::{Maps, Shape};
    /// let maps = Maps::from_values(Shape::new(1, 2, 3), vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).unwrap();
    /// assert_eq!(maps.matrix(0)[(1, 0)], 4.0);
    /// ```
    ///
    /// # Panics
    /// If there are several patterns.
    pub fn matrix(&self, map: usize) -> DMatrixView<'_, T, Dyn, Dyn> {
        assert_eq!(self.patterns, 1, "the map of one pattern");
        let Shape { height, width, .. } = self.shape;
        DMatrixView::from_slice_with_strides(self.map(map), height, width, width, 1)
    }

    /// Pattern n becomes a copy of these maps of one pattern.
    ///
    /// ```
    /// use lenet5_kernels::maps::{Maps, Shape};
    /// let maps = Maps::from_values(Shape::new(1, 1, 2), vec![1.0, 2.0]).unwrap();
    /// let mut batch = Maps::batch(maps.shape(), 3);
    /// batch.set_pattern(1, &maps);
    /// assert_eq!(batch.values, [0.0, 1.0, 0.0, 0.0, 2.0, 0.0]);
    /// ```
    ///
    /// # Panics
    /// If the maps are of another shape or of several patterns, or there is no pattern n.
    pub fn set_pattern(&mut self, n: usize, maps: &Self) {
        let patterns = self.of_pattern(n, maps);
        for (units, &value) in self.values.chunks_exact_mut(patterns).zip(maps.values.iter()) {
            units[n] = value;
        }
    }

    /// The first patterns become copies of these maps, each of one pattern.
    ///
    /// # Panics
    /// In the cases of [`set_pattern`](Self::set_pattern).
    pub fn set_patterns(&mut self, all: &[Self]) {
        /// Units of sixteen patterns that stay in the first-level cache while all patterns are written to them.
        const NEAR: usize = 256;
        all.iter().enumerate().for_each(|(n, maps)| _ = self.of_pattern(n, maps));
        let patterns = self.patterns;
        for (block, near) in self.values.chunks_mut(NEAR * patterns).enumerate() {
            for (n, maps) in all.iter().enumerate() {
                let values = &maps.values[NEAR * block..];
                near.chunks_exact_mut(patterns).zip(values).for_each(|(units, &value)| units[n] = value);
            }
        }
    }

    /// Copies pattern n to these maps of one pattern.
    ///
    /// # Panics
    /// In the cases of [`set_pattern`](Self::set_pattern).
    pub fn pattern(&self, n: usize, maps: &mut Self) {
        let patterns = self.of_pattern(n, maps);
        for (value, units) in maps.values.iter_mut().zip(self.values.chunks_exact(patterns)) {
            *value = units[n];
        }
    }

    /// The number of patterns, after a check that pattern n exists and has the shape of `maps`.
    fn of_pattern(&self, n: usize, maps: &Self) -> usize {
        assert!(n < self.patterns && maps.patterns == 1 && maps.shape == self.shape, "pattern {n} of {}", maps.shape);
        self.patterns
    }

    /// Changes the shape and the number of patterns; the units' values are then unspecified.
    pub fn reshape(&mut self, shape: Shape, patterns: usize) {
        (self.shape, self.patterns) = (shape, patterns);
        self.values.resize(shape.units() * patterns);
    }

    /// Takes the shape of `other` and the squares of its units, for the curvature pass of Appendix C.
    pub fn assign_squared(&mut self, other: &Self) {
        self.reshape(other.shape, other.patterns);
        for (square, &x) in self.values.iter_mut().zip(other.values.iter()) {
            *square = x * x;
        }
    }
}
