//! Settings from Python's values, and back.

use lenet5::config::Settings;
use lenet5::models;
use lenet5::models::builder::Builder;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use pythonize::{depythonize, pythonize};

use crate::errors::OrRaise;

/// Adds the settings of a dict.
fn add(builder: &mut Builder, values: &Bound<'_, PyDict>) -> PyResult<()> {
    for (key, value) in values {
        let key: String = key.extract()?;
        // A number of NumPy's is one of Python's, too.
        let value = if value.hasattr("item")? { value.call_method0("item")? } else { value };
        let value: toml::Value = depythonize(&value).map_err(|error| {
            let found = value.get_type();
            PyTypeError::new_err(format!(
                "setting `{key}`: expected a number, a text, True, False, a list or a dict, found {value} of {found} ({error})"
            ))
        })?;
        builder.set("settings", &key, value).or_raise()?;
    }
    Ok(())
}

/// The settings of `dicts`, later ones over earlier ones, over those of their preset.
pub fn build(dicts: &[Option<&Bound<'_, PyDict>>]) -> PyResult<Settings> {
    let mut builder = Builder::default();
    dicts.iter().flatten().try_for_each(|values| add(&mut builder, values))?;
    builder.build().or_raise()
}

/// All settings as a dict.
pub fn to_dict<'py>(py: Python<'py>, settings: &Settings) -> PyResult<Bound<'py, PyAny>> {
    Ok(pythonize(py, &**settings)?)
}

/// The names of the presets.
#[pyfunction]
pub fn presets() -> Vec<&'static str> {
    models::presets()
}

/// All settings of a preset with these over it, checked.
#[pyfunction]
#[pyo3(signature = (preset = None, **settings))]
pub fn settings<'py>(
    py: Python<'py>,
    preset: Option<&str>,
    settings: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let named = PyDict::new(py);
    preset.map_or(Ok(()), |preset| named.set_item("preset", preset))?;
    to_dict(py, &build(&[settings, Some(&named)])?)
}
