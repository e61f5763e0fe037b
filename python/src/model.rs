//! A trained network in Python.

use std::path::PathBuf;

use lenet5::applications::activity::Activity;
use lenet5::applications::reader::Reader;
use lenet5::evaluation::{Outputs, outputs_of};
use lenet5::files;
use lenet5::kernels::maps::Shape;
use lenet5::network::Network;
use lenet5::network::loss::{self, Loss};
use lenet5::runs::checkpoint;
use numpy::prelude::*;
use numpy::{Element, PyArray1, PyArray2, PyArrayDyn};
use pyo3::exceptions::{PyFileExistsError, PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arrays::{Rank, Stack};
use crate::errors::OrRaise;
use crate::settings::to_dict;

/// A trained network.
#[pyclass(frozen, module = "lenet5")]
pub struct Model {
    model: checkpoint::Model,
    network: Network<f32>,
}

/// The answers of a network to images.
#[pyclass(frozen, get_all, module = "lenet5")]
pub struct Answers {
    /// The class of each image.
    classes: Py<PyArray1<i64>>,
    /// Distances: a row for each image, a column for each class.
    distances: Py<PyArray2<f32>>,
    /// The probability of each class, if the network ends in scores.
    probabilities: Option<Py<PyArray2<f64>>>,
    /// The probability of no class, if the network ends in RBF units.
    rubbish: Option<Py<PyArray1<f64>>>,
}

impl Model {
    /// This model, ready to answer.
    pub fn new(model: checkpoint::Model) -> Self {
        Self { network: model.network(), model: model.without_optimizer_state() }
    }

    fn outputs(&self, py: Python<'_>, x: &Bound<'_, PyAny>) -> PyResult<Outputs<f32>> {
        let images = Stack::read("x", x, Rank::Many)?;
        images.check_fits(self.network.input())?;
        let (pixels, count, shape) = (images.pixels(), images.count, images.shape);
        let (network, values, size) = (&self.network, &self.model.values, shape.units());
        Ok(py.detach(|| {
            outputs_of(network, values, count, |encoder, index, input| {
                encoder.encode(&pixels[index * size..][..size], (shape.height, shape.width), input);
            })
        }))
    }
}

#[pymethods]
impl Model {
    /// The class of each image.
    fn predict<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyArray1<i64>>> {
        Ok(classes(py, &self.outputs(py, x)?))
    }

    /// The class of each image, and the numbers that it was chosen by.
    fn answer(&self, py: Python<'_>, x: &Bound<'_, PyAny>) -> PyResult<Answers> {
        let outputs = self.outputs(py, x)?;
        let (settings, count) = (&self.model.settings, outputs.len());
        let scores = settings.loss_function() == Loss::CrossEntropy;
        let probabilities = scores.then(|| {
            let of = |distances: &[f32]| loss::probabilities(distances, f64::INFINITY);
            let all: Vec<f64> = outputs.rows().flat_map(of).collect();
            PyArray1::from_vec(py, all).reshape([count, outputs.classes()])
        });
        let rubbish = (!self.network.constants().is_empty()).then(|| {
            let of = |distances: &[f32]| loss::rubbish_probability(distances, settings.j);
            PyArray1::from_vec(py, outputs.rows().map(of).collect()).unbind()
        });
        let (classes, columns) = (classes(py, &outputs), outputs.classes());
        Ok(Answers {
            classes: classes.unbind(),
            probabilities: probabilities.transpose()?.map(Bound::unbind),
            rubbish,
            distances: PyArray1::from_vec(py, outputs.into_distances()).reshape([count, columns])?.unbind(),
        })
    }

    /// The states of every layer for one image, by the names of the paper.
    fn states<'py>(&self, py: Python<'py>, image: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
        let image = Stack::read("image", image, Rank::One)?;
        image.check_fits(self.network.input())?;
        let mut reader = Reader::new(&self.model).or_raise()?;
        let (pixels, shape) = (image.pixels(), image.shape);
        let activity = py.detach(|| Activity::of(&mut reader, pixels, shape)).or_raise()?;
        let states = PyDict::new(py);
        let Shape { maps, height, width } = activity.input.maps.shape();
        states.set_item("input", array(py, activity.input.maps.values.to_vec(), &[maps, height, width])?)?;
        for layer in activity.layers {
            let Shape { maps, height, width } = layer.maps.shape();
            states.set_item(layer.name, array(py, layer.maps.values.to_vec(), &[maps, height, width])?)?;
        }
        states.set_item("output", PyArray1::from_vec(py, activity.answer.distances))?;
        Ok(states)
    }

    /// A copy of the tensors, by the names of the model's file.
    fn weights<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let weights = PyDict::new(py);
        for tensor in self.model.tensors() {
            weights.set_item(tensor.name, array(py, tensor.values, &tensor.shape)?)?;
        }
        Ok(weights)
    }

    /// Writes the model to a new file.
    #[pyo3(signature = (path, *, overwrite = false))]
    fn save(&self, py: Python<'_>, path: PathBuf, overwrite: bool) -> PyResult<()> {
        let is_there = files::is_there(&path)
            .map_err(|error| PyOSError::new_err((error.raw_os_error(), format!("{}: {error}", path.display()))))?;
        if is_there && !overwrite {
            return Err(PyFileExistsError::new_err(format!(
                "{}: expected a new name, found a file, which is left as it is; choose another name, or overwrite=True",
                path.display()
            )));
        }
        py.detach(|| self.model.save(&path)).or_raise()
    }

    /// The settings that it was trained with.
    #[getter]
    fn settings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_dict(py, &self.model.settings)
    }

    /// The name of each class.
    #[getter]
    fn classes(&self) -> Vec<String> {
        self.model.class_names()
    }

    /// The number of complete passes.
    #[getter]
    fn passes(&self) -> usize {
        self.model.passes
    }

    fn __repr__(&self) -> String {
        let settings = &self.model.settings;
        format!("<lenet5.Model {}, seed {}, passes {}>", settings.label(), settings.seed, self.model.passes)
    }
}

fn classes<'py>(py: Python<'py>, outputs: &Outputs<f32>) -> Bound<'py, PyArray1<i64>> {
    PyArray1::from_iter(py, outputs.rows().map(|distances| loss::answer(distances) as i64))
}

/// The values, which are not copied, as an array of this shape.
fn array<'py, T: Element>(py: Python<'py>, values: Vec<T>, shape: &[usize]) -> PyResult<Bound<'py, PyArrayDyn<T>>> {
    PyArray1::from_vec(py, values).reshape(shape.to_vec())
}

/// The model in a file or a run's folder.
#[pyfunction]
pub fn load(py: Python<'_>, path: PathBuf) -> PyResult<Model> {
    Ok(Model::new(py.detach(|| checkpoint::Model::load(&path)).or_raise()?))
}

/// A model that comes with the package.
#[pyfunction]
#[pyo3(signature = (name = "lenet5"))]
pub fn pretrained(name: &str) -> PyResult<Model> {
    let model = match name {
        "lenet5" => Some(checkpoint::Model::pretrained()),
        name => checkpoint::Model::pretrained_as(name),
    };
    let unknown = || format!("name: expected lenet5, lenet1, modern or strings, found {name}");
    model.map(Model::new).ok_or_else(|| PyValueError::new_err(unknown()))
}
