//! Feature maps: what flows between layers.

use nalgebra::{DMatrixView, Dyn};

use crate::kernels::scalar::Scalar;

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

/// As the paper writes it: `6 @ 28x28`.
impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&format!("{} @ {}x{}", self.maps, self.height, self.width))
    }
}

/// Feature maps: C x H x W numbers, contiguous, map by map and row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Maps<T> {
    shape: Shape,
    /// All units: unit (map, y, x) stands at `(map * height + y) * width + x`.
    pub values: Vec<T>,
}

impl<T: Scalar> Maps<T> {
    /// Maps of this shape, all units zero.
    pub fn zeros(shape: Shape) -> Self {
        Self { shape, values: vec![T::zero(); shape.units()] }
    }

    /// Maps of this shape with these units; `None` if their number is not the shape's.
    pub fn from_values(shape: Shape, values: Vec<T>) -> Option<Self> {
        (values.len() == shape.units()).then_some(Self { shape, values })
    }

    /// The shape.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The units of one map, row by row.
    pub fn map(&self, map: usize) -> &[T] {
        &self.values[map * self.shape.area()..][..self.shape.area()]
    }

    /// The units of one map, to write.
    pub fn map_mut(&mut self, map: usize) -> &mut [T] {
        let area = self.shape.area();
        &mut self.values[map * area..][..area]
    }

    /// One map as a matrix of height x width (a view: nalgebra's strides describe our row order).
    ///
    /// ```
    /// use lenet5::kernels::maps::{Maps, Shape};
    /// let maps = Maps::from_values(Shape::new(1, 2, 3), vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).unwrap();
    /// assert_eq!(maps.matrix(0)[(1, 0)], 4.0);
    /// ```
    pub fn matrix(&self, map: usize) -> DMatrixView<'_, T, Dyn, Dyn> {
        let Shape { height, width, .. } = self.shape;
        DMatrixView::from_slice_with_strides(self.map(map), height, width, width, 1)
    }

    /// Becomes maps of another shape in the room that it has; what its units are then means nothing.
    pub(crate) fn reshape(&mut self, shape: Shape) {
        self.shape = shape;
        self.values.resize(shape.units(), T::zero());
    }

    /// Becomes `other` with every unit squared, as Appendix C's curvature pass needs it, in the room that it has.
    pub(crate) fn assign_squared(&mut self, other: &Self) {
        self.reshape(other.shape);
        for (square, &x) in self.values.iter_mut().zip(&other.values) {
            *square = x * x;
        }
    }
}
