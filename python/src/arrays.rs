//! NumPy arrays as images and labels.
//!
//! Bytes in C order are read where they are. Arrays in another order, such as slices with steps or transposed ones, are copied first;
//! levels of 0 to 1 become bytes.

use lenet5::data::{Images, ImagesError, MOST_CLASSES};
use lenet5::kernels::maps::Shape;
use numpy::prelude::*;
use numpy::{Element, PyArrayDyn, PyReadonlyArrayDyn, PyUntypedArray};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::IntoPyDict;

use crate::errors::Exception;

/// What an array holds.
#[derive(Clone, Copy, PartialEq)]
pub enum Rank {
    /// One image: rows and columns, or channels, rows and columns.
    One,
    /// Images, of which the first dimension counts.
    Many,
}

/// The images of an array.
pub struct Stack<'py> {
    /// What the function that received the array calls it.
    name: String,
    /// The number of images.
    pub count: usize,
    /// Channels, rows and columns of each.
    pub shape: Shape,
    pixels: Pixels<'py>,
}

enum Pixels<'py> {
    /// The array's own, in C order.
    Array(PyReadonlyArrayDyn<'py, u8>),
    /// Those of levels of 0 to 1.
    Made(Images),
}

impl<'py> Stack<'py> {
    /// The images of `array`, which messages call `name`.
    pub fn read(name: &str, array: &Bound<'py, PyAny>, rank: Rank) -> PyResult<Self> {
        let array = untyped(name, array)?;
        let (count, shape) = dimensions(name, array, rank)?;
        let pixels = if array.cast::<PyArrayDyn<u8>>().is_ok() {
            Pixels::Array(in_c_order(array)?)
        } else if array.cast::<PyArrayDyn<f32>>().is_ok() || array.cast::<PyArrayDyn<f64>>().is_ok() {
            Pixels::Made(of_levels(name, array, count, shape)?)
        } else {
            return Err(PyTypeError::new_err(format!(
                "{name}: expected an array of uint8 (0 for background to 255 for ink) or of float32 or float64 (0 to 1), found {}",
                array.dtype()
            )));
        };
        Ok(Self { name: name.into(), count, shape, pixels })
    }

    /// The pixels of all images: image by image, channel by channel, row by row.
    pub fn pixels(&self) -> &[u8] {
        match &self.pixels {
            Pixels::Array(array) => array.as_slice().expect("in C order"),
            Pixels::Made(images) => images.pixels(),
        }
    }

    /// Checks that a network with this input reads such images.
    pub fn check_fits(&self, input: Shape) -> PyResult<()> {
        let Shape { maps, height, width } = self.shape;
        if maps != input.maps && maps != 1 || height > input.height || width > input.width {
            let channels = if input.maps == 1 { "1 channel".into() } else { format!("{} channels or 1", input.maps) };
            return Err(PyValueError::new_err(format!(
                "{}: expected images of {channels} and at most {} x {} pixels, the input of the model's network, found {maps} of {height} x {width}",
                self.name, input.height, input.width
            )));
        }
        Ok(())
    }

    /// The images with these labels, for training. The pixels are copied: training reads them while the program may go on.
    pub fn with_labels(self, labels: Vec<u8>) -> PyResult<Images> {
        let Shape { maps, height, width } = self.shape;
        let images = Images::from_bytes((maps, height, width), self.pixels().to_vec(), labels);
        images.map_err(|error| of_images(&self.name, &error))
    }
}

/// The labels of an array with one whole number for each of `count` images.
pub fn labels(name: &str, array: &Bound<'_, PyAny>, (images, count): (&str, usize)) -> PyResult<Vec<u8>> {
    let array = untyped(name, array)?;
    let dtype = array.dtype();
    if !matches!(dtype.kind(), b'i' | b'u') {
        return Err(PyTypeError::new_err(format!("{name}: expected an array of whole numbers, found {dtype}")));
    }
    if array.shape() != [count] {
        let found = shape_in_words(array.shape());
        return Err(PyValueError::new_err(format!(
            "{name}: expected a label for each image of {images}, shape ({count},), found {found}"
        )));
    }
    let numbers: PyReadonlyArrayDyn<'_, i64> = in_c_order(array)?;
    let byte = |(index, &number): (usize, &i64)| {
        u8::try_from(number).map_err(|_| {
            let most = MOST_CLASSES - 1;
            PyValueError::new_err(format!("{name}[{index}]: expected a class of 0 to {most}, found {number}"))
        })
    };
    numbers.as_slice().expect("in C order").iter().enumerate().map(byte).collect()
}

fn untyped<'a, 'py>(name: &str, array: &'a Bound<'py, PyAny>) -> PyResult<&'a Bound<'py, PyUntypedArray>> {
    array.cast::<PyUntypedArray>().map_err(|_| {
        let found = array.get_type().to_string();
        PyTypeError::new_err(format!("{name}: expected a NumPy array, found {found}"))
    })
}

/// The number of images and the shape of each.
fn dimensions(name: &str, array: &Bound<'_, PyUntypedArray>, rank: Rank) -> PyResult<(usize, Shape)> {
    let (count, rest) = match (rank, array.shape()) {
        (Rank::One, sides) => (1, sides),
        (Rank::Many, [count, sides @ ..]) => (*count, sides),
        (Rank::Many, []) => (0, &[][..]),
    };
    let shape = match *rest {
        [height, width] => Some(Shape::new(1, height, width)),
        [channels, height, width] => Some(Shape::new(channels, height, width)),
        _ => None,
    };
    shape.filter(|shape| shape.units() > 0).map(|shape| (count, shape)).ok_or_else(|| {
        let expected = match rank {
            Rank::One => "an image: rows x columns, or channels x rows x columns",
            Rank::Many => "images: N x rows x columns, or N x channels x rows x columns",
        };
        PyValueError::new_err(format!("{name}: expected {expected}, found shape {}", shape_in_words(array.shape())))
    })
}

/// The array as one of this type in C order: itself, or a copy where it is not.
fn in_c_order<'py, T: Element>(array: &Bound<'py, PyUntypedArray>) -> PyResult<PyReadonlyArrayDyn<'py, T>> {
    if array.is_c_contiguous()
        && let Ok(own) = array.cast::<PyArrayDyn<T>>()
        && let Ok(read) = own.try_readonly()
        && read.as_slice().is_ok()
    {
        return Ok(read);
    }
    let py = array.py();
    let order = [("order", "C")].into_py_dict(py)?;
    let copy = array.call_method("astype", (numpy::dtype::<T>(py),), Some(&order))?;
    Ok(copy.cast_into::<PyArrayDyn<T>>()?.readonly())
}

/// The images of an array of levels.
fn of_levels(name: &str, array: &Bound<'_, PyUntypedArray>, count: usize, shape: Shape) -> PyResult<Images> {
    let levels: PyReadonlyArrayDyn<'_, f32> = in_c_order(array)?;
    let levels = levels.as_slice().expect("in C order");
    let Shape { maps, height, width } = shape;
    if count == 0 {
        return Ok(Images::with_channels(maps, height, width, Vec::new(), Vec::new()));
    }
    Images::from_levels((maps, height, width), levels, vec![0; count]).map_err(|error| match error {
        ImagesError::Level { index, level } => {
            let place = place(index, array.shape());
            PyValueError::new_err(format!(
                "{name}[{place}]: expected a level of 0 (background) to 1 (ink), found {level}; pixels of 0 to 255 are uint8"
            ))
        }
        error => of_images(name, &error),
    })
}

/// The indices of the element that is the `index`-th in C order.
fn place(mut index: usize, shape: &[usize]) -> String {
    let mut indices: Vec<String> = Vec::new();
    for side in shape.iter().rev() {
        indices.push((index % side).to_string());
        index /= side;
    }
    indices.reverse();
    indices.join(", ")
}

fn of_images(name: &str, error: &ImagesError) -> PyErr {
    match error {
        ImagesError::Test { .. } | ImagesError::Name { .. } | ImagesError::Twice { .. } => error.exception(),
        _ => PyValueError::new_err(format!("{name}: {error}")),
    }
}

/// A shape as Python writes it.
fn shape_in_words(shape: &[usize]) -> String {
    let sides: Vec<String> = shape.iter().map(usize::to_string).collect();
    format!("({}{})", sides.join(", "), if sides.len() == 1 { "," } else { "" })
}
