//! Training from Python.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use lenet5::config::{Measured, Settings};
use lenet5::data::{Dataset, UnfitData};
use lenet5::runs::checkpoint;
use lenet5::runs::folder::{self, Outcome, RunError, Verdict};
use lenet5::training::{AtChance, Observer, PassRecord, Progress, Trainer};
use pyo3::create_exception;
use pyo3::exceptions::{PyArithmeticError, PyKeyboardInterrupt, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::data::{Arguments, warn};
use crate::errors::OrRaise;
use crate::model::Model;
use crate::runs::{Run, row};
use crate::settings::build;

create_exception!(lenet5, Diverged, PyArithmeticError, "Training came to numbers that are not finite.");

/// Python's signal handlers run so often during training.
const BETWEEN_SIGNALS: Duration = Duration::from_millis(50);

/// Passes events on to Python: signals between steps, and records to `progress`. The first exception stops training.
struct Watch {
    progress: Option<Py<PyAny>>,
    measured: Measured,
    last: Instant,
    raised: Option<PyErr>,
}

impl Watch {
    fn new(progress: Option<Py<PyAny>>, settings: &Settings) -> Self {
        Self { progress, measured: settings.measured(), last: Instant::now(), raised: None }
    }
}

impl Observer for Watch {
    fn step(&mut self, _: Progress) -> ControlFlow<()> {
        self.measuring()
    }

    fn measuring(&mut self) -> ControlFlow<()> {
        if self.raised.is_none() && self.last.elapsed() >= BETWEEN_SIGNALS {
            self.last = Instant::now();
            self.raised = Python::attach(|py| py.check_signals()).err();
        }
        if self.raised.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn pass(&mut self, record: &PassRecord) {
        let Some(progress) = &self.progress else { return };
        let called = Python::attach(|py| progress.call1(py, (row(py, record, self.measured)?,)).map(drop));
        self.raised = self.raised.take().or(called.err());
    }
}

/// Trains a network on the images `x` with the labels `y`.
#[pyfunction]
#[pyo3(signature = (x = None, y = None, *, test = None, preset = None, seed = None, passes = None, dataset = None, settings = None,
    out = None, classes = None, name = "python", data_dir = None, tensorboard = false, progress = None, **more))]
#[expect(clippy::too_many_arguments, reason = "the signature in Python")]
pub fn train<'py>(
    py: Python<'py>,
    x: Option<&Bound<'py, PyAny>>,
    y: Option<&Bound<'py, PyAny>>,
    test: Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
    preset: Option<&str>,
    seed: Option<i64>,
    passes: Option<i64>,
    dataset: Option<&str>,
    settings: Option<&Bound<'py, PyDict>>,
    out: Option<PathBuf>,
    classes: Option<Vec<String>>,
    name: &str,
    data_dir: Option<PathBuf>,
    tensorboard: bool,
    progress: Option<Py<PyAny>>,
    more: Option<&Bound<'py, PyDict>>,
) -> PyResult<Run> {
    let arguments = Arguments { x, y, test, classes, name, data_dir };
    if x.is_some() && dataset.is_some() {
        return Err(PyValueError::new_err("dataset: expected it without x and y, which are the data"));
    }
    let named = PyDict::new(py);
    // Nothing to measure on; the user's own word comes after.
    let defaults = PyDict::new(py);
    if arguments.lack_test() {
        defaults.set_item("test_set", false)?;
    }
    preset.map_or(Ok(()), |preset| named.set_item("preset", preset))?;
    seed.map_or(Ok(()), |seed| named.set_item("seed", seed))?;
    passes.map_or(Ok(()), |passes| named.set_item("passes", passes))?;
    dataset.map_or(Ok(()), |dataset| named.set_item("dataset", dataset))?;
    let settings = build(&[Some(&defaults), settings, more, Some(&named)])?;
    if arguments.lack_test() && settings.measured() == Measured::Test {
        return Err(PyValueError::new_err(
            "setting `test_set`: expected false, or the images test=(x, y), found true and none",
        ));
    }
    let dataset = arguments.open(py, &settings)?;
    let mut watch = Watch::new(progress, &settings);
    match out {
        None if tensorboard => {
            Err(PyValueError::new_err("tensorboard: expected a folder for the event files (out=), found none"))
        }
        None => in_memory(py, &settings, &dataset, watch),
        Some(folder) => {
            let run = py.detach(|| folder::Run::create(&folder, settings, &dataset)).or_raise()?;
            in_folder(py, run.with_tensorboard(tensorboard), &dataset, &mut watch)
        }
    }
}

/// Goes on with the run in a folder.
#[pyfunction]
#[pyo3(signature = (folder, x = None, y = None, *, test = None, passes = None, classes = None, name = "python", data_dir = None,
    tensorboard = false, progress = None))]
#[expect(clippy::too_many_arguments, reason = "the signature in Python")]
pub fn resume<'py>(
    py: Python<'py>,
    folder: PathBuf,
    x: Option<&Bound<'py, PyAny>>,
    y: Option<&Bound<'py, PyAny>>,
    test: Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
    passes: Option<usize>,
    classes: Option<Vec<String>>,
    name: &str,
    data_dir: Option<PathBuf>,
    tensorboard: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<Run> {
    let run = py.detach(|| folder::Run::resume(&folder, passes)).or_raise()?;
    let dataset = Arguments { x, y, test, classes, name, data_dir }.open(py, run.settings())?;
    let mut watch = Watch::new(progress, run.settings());
    in_folder(py, run.with_tensorboard(tensorboard), &dataset, &mut watch)
}

fn in_folder(py: Python<'_>, mut run: folder::Run, dataset: &Dataset, watch: &mut Watch) -> PyResult<Run> {
    if let Some(text) = run.warning() {
        warn(py, &text)?;
    }
    let outcome = py.detach(|| run.train(dataset, watch));
    let outcome = outcome.or_raise()?;
    end(py, Run::of_folder(py, &run)?, &outcome, watch.raised.take())
}

/// A run without a folder, by the steps of [`folder::Run::train`].
fn in_memory(py: Python<'_>, settings: &Settings, dataset: &Dataset, mut watch: Watch) -> PyResult<Run> {
    let (held_out, patterns) = (settings.held_out, dataset.training.len());
    if held_out >= patterns {
        return Err(RunError::HeldOut { held_out, patterns }).or_raise();
    }
    let settings = settings.for_data(dataset).or_raise()?;
    let (mut model, mut records, mut verdict) = (None, Vec::new(), None);
    let mut train = || -> Result<Outcome, UnfitData> {
        let mut trainer = Trainer::<f32>::try_new(&settings, dataset)?;
        while trainer.passes() < settings.passes {
            let ControlFlow::Continue(record) = trainer.pass(&mut watch) else { return Ok(Outcome::Stopped) };
            if let Some(divergence) = trainer.divergence(&record) {
                verdict = Some(Verdict::Diverged(divergence.clone()));
                return Ok(Outcome::Diverged(divergence));
            }
            model = Some(checkpoint::Model::of(&trainer, dataset));
            records.push(record.clone());
            verdict = AtChance::of(&records, trainer.chance(), &settings).map(Verdict::AtChance);
            watch.pass(&record);
        }
        Ok(Outcome::Finished)
    };
    let outcome = py.detach(&mut train).or_raise()?;
    let model = model.map(|model| Py::new(py, Model::new(model))).transpose()?;
    let verdict = verdict.map(|verdict| verdict.to_string());
    end(py, Run { model, records, settings, folder: None, verdict }, &outcome, watch.raised)
}

/// The run, or the exception that its end means.
fn end(py: Python<'_>, run: Run, outcome: &Outcome, raised: Option<PyErr>) -> PyResult<Run> {
    let place = match &run.folder {
        Some(folder) => format!("{}, where lenet5.resume goes on", folder.display()),
        None => "this exception's `run`".into(),
    };
    let kept = format!("{} are complete and kept in {place}", run.progress());
    let with_run = |error: PyErr, run: Run| -> PyResult<Run> {
        error.value(py).setattr("run", Py::new(py, run)?)?;
        Err(error)
    };
    if let Some(error) = raised {
        let interrupted = error.get_type(py).is(py.get_type::<PyKeyboardInterrupt>());
        return if interrupted {
            with_run(PyKeyboardInterrupt::new_err(format!("training was stopped; {kept}")), run)
        } else {
            Err(error)
        };
    }
    if let Outcome::Diverged(divergence) = outcome {
        let text = format!("this run {divergence}; {kept}; to try: {}", divergence.advice);
        return with_run(Diverged::new_err(text), run);
    }
    if let Some(verdict) = &run.verdict {
        warn(py, &format!("this run {verdict}"))?;
    }
    Ok(run)
}
