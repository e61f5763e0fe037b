//! Data sets: a program's arrays, or those that the command line knows by name.

use std::path::{Path, PathBuf};

use lenet5::config::Settings;
use lenet5::data::download::{DownloadObserver, Options};
use lenet5::data::own::Preparation;
use lenet5::data::{self, Choice, DataError, Dataset, Images};
use lenet5::models;
use numpy::prelude::*;
use numpy::{PyArray1, PyArrayDyn};
use pyo3::exceptions::{PyRuntimeWarning, PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::arrays::{Rank, Stack, labels};
use crate::errors::OrRaise;

/// The arguments that stand for a data set.
pub struct Arguments<'a, 'py> {
    pub x: Option<&'a Bound<'py, PyAny>>,
    pub y: Option<&'a Bound<'py, PyAny>>,
    pub test: Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
    pub classes: Option<Vec<String>>,
    pub name: &'a str,
    pub data_dir: Option<PathBuf>,
}

impl Arguments<'_, '_> {
    /// True if the data are arrays without test images.
    pub fn lack_test(&self) -> bool {
        self.x.is_some() && self.test.is_none()
    }

    /// The data set of the arrays, or without them the one that the settings name.
    pub fn open(self, py: Python<'_>, settings: &Settings) -> PyResult<Dataset> {
        let (x, y) = match (self.x, self.y) {
            (Some(x), Some(y)) => (x, y),
            (None, None) if self.test.is_none() && self.classes.is_none() => {
                return open(py, &settings.dataset, self.data_dir.as_deref(), settings);
            }
            (Some(_), None) => return Err(PyTypeError::new_err("y: expected the labels of x, found none")),
            _ => return Err(PyTypeError::new_err("x: expected images with the labels y, found none")),
        };
        if self.data_dir.is_some() {
            return Err(PyValueError::new_err("data_dir: expected it without x and y, which are the data"));
        }
        let mut training = images(("x", x), ("y", y))?;
        if let Some(names) = self.classes {
            training = training.named(names).or_raise()?;
        }
        let test = match &self.test {
            Some((x, y)) => images(("test[0]", x), ("test[1]", y))?,
            None => training.first(0),
        };
        Dataset::new(self.name, training, test).or_raise()
    }
}

fn images((x_name, x): (&str, &Bound<'_, PyAny>), (y_name, y): (&str, &Bound<'_, PyAny>)) -> PyResult<Images> {
    let stack = Stack::read(x_name, x, Rank::Many)?;
    let labels = labels(y_name, y, (x_name, stack.count))?;
    stack.with_labels(labels)
}

/// Warns where the embedded digits take the place of MNIST.
#[derive(Default)]
struct Fallback(Option<String>);

impl DownloadObserver for Fallback {
    fn fallback(&mut self, reason: &DataError) {
        self.0 = Some(format!("{reason}; the embedded digits are used instead of MNIST"));
    }
}

/// The data set of this choice, made ready for the network of these settings.
fn open(py: Python<'_>, choice: &Choice, folder: Option<&Path>, settings: &Settings) -> PyResult<Dataset> {
    let preparation = Preparation { input: models::build::<f32>(settings).input(), transpose: settings.transpose };
    let mut fallback = Fallback::default();
    let opened = py.detach(|| data::open_for(choice, folder, &preparation, &Options::default(), &mut fallback));
    if let Some(text) = fallback.0 {
        warn(py, &text)?;
    }
    opened.or_raise()
}

/// A `RuntimeWarning` at the line that called the package.
pub fn warn(py: Python<'_>, text: &str) -> PyResult<()> {
    let text = std::ffi::CString::new(text).map_err(|error| PyValueError::new_err(error.to_string()))?;
    PyErr::warn(py, &py.get_type::<PyRuntimeWarning>(), &text, 1)
}

type Arrays<'py> = (Bound<'py, PyArrayDyn<u8>>, Bound<'py, PyArray1<u8>>);

/// The images and labels of a data set, those for training and those for testing.
#[pyfunction]
#[pyo3(signature = (name = "auto", folder = None))]
pub fn load_data<'py>(py: Python<'py>, name: &str, folder: Option<PathBuf>) -> PyResult<(Arrays<'py>, Arrays<'py>)> {
    let choice: Choice = name.parse().map_err(PyValueError::new_err)?;
    let settings = models::preset("paper").and_then(|config| config.check()).or_raise()?;
    let dataset = open(py, &choice, folder.as_deref(), &settings)?;
    Ok((arrays(py, &dataset.training)?, arrays(py, &dataset.test)?))
}

fn arrays<'py>(py: Python<'py>, images: &Images) -> PyResult<Arrays<'py>> {
    let (count, (height, width)) = (images.len(), images.size());
    let shape = match images.channels() {
        1 => vec![count, height, width],
        channels => vec![count, channels, height, width],
    };
    let pixels = PyArray1::from_slice(py, images.pixels()).reshape(shape)?;
    Ok((pixels, PyArray1::from_slice(py, images.labels())))
}
