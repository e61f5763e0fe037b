//! A training run in Python.

use std::path::PathBuf;

use lenet5::config::{Measured, Settings};
use lenet5::runs::checkpoint;
use lenet5::runs::folder;
use lenet5::training::PassRecord;
use numpy::PyArray1;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use pythonize::pythonize;

use crate::errors::OrRaise;
use crate::model::Model;
use crate::settings::to_dict;

/// A training run: its records and the network after its last full pass.
#[pyclass(frozen, module = "lenet5")]
pub struct Run {
    pub model: Option<Py<Model>>,
    pub records: Vec<PassRecord>,
    pub settings: Settings,
    /// Where it is kept; `None` for a run in memory.
    #[pyo3(get)]
    pub folder: Option<PathBuf>,
    /// The reason why it has no usable result.
    #[pyo3(get)]
    pub verdict: Option<String>,
}

impl Run {
    /// The run of a folder.
    pub fn of_folder(py: Python<'_>, run: &folder::Run) -> PyResult<Self> {
        let model = match run.records() {
            [] => None,
            _ => Some(Py::new(py, Model::new(checkpoint::Model::load(run.folder()).or_raise()?))?),
        };
        Ok(Self {
            model,
            records: run.records().to_vec(),
            settings: run.settings().clone(),
            folder: Some(run.folder().into()),
            verdict: run.verdict().map(ToString::to_string),
        })
    }

    /// "2 of 20 passes"
    pub fn progress(&self) -> String {
        format!("{} of {} passes", self.records.len(), self.settings.passes)
    }
}

/// A row of metrics.csv as a dict. Its errors are named after the patterns that they are of, and left out where these are none.
pub fn row<'py>(py: Python<'py>, record: &PassRecord, on: Measured) -> PyResult<Bound<'py, PyDict>> {
    let row = PyDict::new(py);
    for (name, value) in pythonize(py, record)?.cast::<PyDict>()? {
        let name: String = name.extract()?;
        match (name.strip_prefix("test_"), on.column()) {
            (None, _) => row.set_item(name, value)?,
            (Some(rest), Some(column)) => row.set_item(format!("{column}_{rest}"), value)?,
            (Some(_), None) => {}
        }
    }
    Ok(row)
}

#[pymethods]
impl Run {
    /// The network after the last full pass.
    #[getter]
    fn model(&self, py: Python<'_>) -> PyResult<Py<Model>> {
        let missing = || PyValueError::new_err("this run has no model: expected one full pass or more, found none");
        self.model.as_ref().map(|model| model.clone_ref(py)).ok_or_else(missing)
    }

    /// A row of metrics.csv for each full pass.
    #[getter]
    fn records<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        self.records.iter().map(|record| row(py, record, self.settings.measured())).collect()
    }

    /// The columns of metrics.csv as arrays, one number a pass; NaN where there is none.
    #[getter]
    fn metrics<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let (rows, columns) = (self.records(py)?, PyDict::new(py));
        for name in rows.first().map(|row| row.keys()).iter().flatten() {
            let number = |row: &Bound<'py, PyDict>| -> PyResult<f64> {
                let value = row.get_item(&name)?.and_then(|value| (!value.is_none()).then_some(value));
                value.map_or(Ok(f64::NAN), |value| value.extract())
            };
            let column = rows.iter().map(number).collect::<PyResult<Vec<f64>>>()?;
            columns.set_item(name, PyArray1::from_vec(py, column))?;
        }
        Ok(columns)
    }

    /// Its settings.
    #[getter]
    fn settings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_dict(py, &self.settings)
    }

    fn __repr__(&self) -> String {
        let (label, seed, progress) = (self.settings.label(), self.settings.seed, self.progress());
        let folder = self.folder.as_ref().map(|folder| format!(", in {}", folder.display()));
        format!("<lenet5.Run {label}, seed {seed}, {progress}{}>", folder.unwrap_or_default())
    }
}

/// The run in a folder, as far as it is trained.
#[pyfunction]
pub fn load_run(py: Python<'_>, folder: PathBuf) -> PyResult<Run> {
    let run = py.detach(|| folder::Run::resume(&folder, None)).or_raise()?;
    Run::of_folder(py, &run)
}
