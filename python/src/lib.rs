//! The Python package `lenet5`: the library with NumPy arrays. `package/lenet5/__init__.pyi` documents what a Python program sees.
//!
//! The interpreter is left to other threads (the GIL is released) while a network is trained, answers, or its data are read.

mod arrays;
mod data;
mod errors;
mod model;
mod runs;
mod settings;
mod training;

use pyo3::prelude::*;

/// The module `lenet5._lenet5`, all of which the package hands on.
#[pymodule(gil_used = false)]
mod _lenet5 {
    #[pymodule_export]
    use crate::data::load_data;
    #[pymodule_export]
    use crate::model::{Answers, Model, load, pretrained};
    #[pymodule_export]
    use crate::runs::{Run, load_run};
    #[pymodule_export]
    use crate::settings::{presets, settings};
    #[pymodule_export]
    use crate::training::{Diverged, resume, train};
    use pyo3::prelude::*;

    /// Runs record the commit of the module's sources.
    #[pymodule_init]
    fn init(_module: &Bound<'_, PyModule>) -> PyResult<()> {
        lenet5::runs::environment::set_commit(lenet5_commit::commit!());
        Ok(())
    }
}
