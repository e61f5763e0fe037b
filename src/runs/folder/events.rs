//! The event files of a run, for TensorBoard: the columns of `metrics.csv`, a step for each pass, with histograms of the parameters and of
//! their rates and a picture of the first layer's kernels; and its settings, as hyper-parameters and as text.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::error::RunError;
use crate::config::{Measured, Settings};
use crate::network::parameters::{Layout, Parameters, Role};
use crate::runs::tensorboard::{Histogram, Logged, Picture, Writer, event_files, read};
use crate::training::PassRecord;

/// Histograms and the picture are logged after each of the first passes, as many as this, and then after one pass in as many: they take
/// far more space than the numbers.
const DETAILED: usize = 100;

/// The event files of a run, if they are wanted.
pub struct Events<'a> {
    wanted: bool,
    settings: &'a Settings,
    folder: PathBuf,
    /// Made with the first pass that is written, so that no file is empty.
    writer: Option<Writer>,
}

impl<'a> Events<'a> {
    /// Goes on after the event files in `folder`, with a new file. Of the passes so far, it first writes those that come after the
    /// last one there, without the parameters that they had; their times by the clock are as if they had all just been trained
    /// without a pause.
    pub fn new(wanted: bool, folder: &Path, records: &[PassRecord], settings: &'a Settings) -> Result<Self, RunError> {
        let mut events = Self { wanted, settings, folder: folder.into(), writer: None };
        if wanted {
            let logged = events.last_pass()?.min(records.len());
            let now = SystemTime::now();
            for (index, record) in records.iter().enumerate().skip(logged) {
                let since: f64 = records[index + 1..].iter().map(|later| later.seconds).sum();
                let time = now - Duration::try_from_secs_f64(since).unwrap_or_default();
                events.write(record, time, scalars(record, settings.measured()))?;
            }
        }
        Ok(events)
    }

    /// Writes a pass that has just ended with these parameters.
    pub fn pass(&mut self, record: &PassRecord, layout: &Layout, parameters: &Parameters<f32>) -> Result<(), RunError> {
        if !self.wanted {
            return Ok(());
        }
        let mut logged = scalars(record, self.settings.measured());
        if record.pass <= DETAILED || record.pass.is_multiple_of(DETAILED) {
            logged.extend(histograms(layout, parameters));
            logged.extend(kernels(layout, parameters));
        }
        self.write(record, SystemTime::now(), logged)
    }

    /// Writes that the run has ended, and whether it has a result.
    pub fn end(&mut self, has_result: bool) -> Result<(), RunError> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        let written = writer.end(SystemTime::now(), has_result);
        written.map_err(|error| RunError::Io(writer.path().into(), error))
    }

    /// The last pass in the event files, 0 without any.
    fn last_pass(&self) -> Result<usize, RunError> {
        let mut last = 0;
        for path in event_files(&self.folder).map_err(|error| RunError::Io(self.folder.clone(), error))? {
            let scalars = read(&path).map_err(|error| RunError::Io(path, error))?;
            last = scalars.iter().filter_map(|scalar| usize::try_from(scalar.step).ok()).fold(last, usize::max);
        }
        Ok(last)
    }

    fn write(&mut self, record: &PassRecord, time: SystemTime, logged: Vec<(String, Logged)>) -> Result<(), RunError> {
        let step = i64::try_from(record.pass).expect("passes are counted");
        let writer = match &mut self.writer {
            Some(writer) => writer,
            None => {
                let made = Writer::create(&self.folder, step);
                let writer = self.writer.insert(made.map_err(|error| RunError::Io(self.folder.clone(), error))?);
                let text = self.settings.to_toml();
                let table = text.parse().expect("settings are TOML");
                // Indented, so that Markdown leaves them as they are.
                let text: String = text.lines().map(|line| format!("    {line}\n")).collect();
                let written = writer.settings(time, &table, ("settings", &text));
                written.map_err(|error| RunError::Io(writer.path().into(), error))?;
                writer
            }
        };
        writer.log(step, time, logged).map_err(|error| RunError::Io(writer.path().into(), error))
    }
}

/// The columns of `metrics.csv`, sorted into charts by what stands before the stroke.
fn scalars(record: &PassRecord, measured: Measured) -> Vec<(String, Logged)> {
    let (error, loss) = (record.test_error_percent, record.test_loss);
    let tested: &[_] = match measured {
        Measured::Test => &[("error_percent/test", error), ("loss/test", loss)],
        Measured::HeldOut => &[("error_percent/held_out", error), ("loss/held_out", loss)],
        Measured::Nothing => &[],
    };
    let optional = [("error_percent/training", record.training_error_percent), ("loss/training", record.training_loss)];
    let mut scalars = vec![
        ("error_percent/training_on_the_fly", record.running_training_error_percent),
        ("loss/training_on_the_fly", record.running_training_loss),
        ("rate/eta", record.global_rate),
        ("rate/largest_effective", record.largest_effective_rate),
        ("rate/smallest_effective", record.smallest_effective_rate),
        ("time/samples_per_second", record.samples_per_second),
        ("time/seconds", record.seconds),
    ];
    scalars.extend(tested);
    scalars.extend(optional.into_iter().filter_map(|(tag, value)| Some((tag, value?))));
    scalars.into_iter().map(|(tag, value)| (tag.to_string(), Logged::Scalar(value))).collect()
}

/// Of each tensor, the distribution of its parameters, and that of their effective rates in powers of ten: they differ by orders of
/// magnitude.
fn histograms(layout: &Layout, parameters: &Parameters<f32>) -> Vec<(String, Logged)> {
    let mut logged = Vec::new();
    for (tensor, range) in layout.iter() {
        let values = parameters.values[range.clone()].iter().map(|&value| f64::from(value));
        let rates = parameters.step_size[range].iter().map(|&rate| f64::from(rate).log10());
        let both = [("parameters", Histogram::of(values)), ("log10_effective_rate", Histogram::of(rates))];
        let with_tag = |(kind, histogram): (_, Option<_>)| {
            Some((format!("{kind}/{}", tensor.name), Logged::Histogram(histogram?)))
        };
        logged.extend(both.into_iter().filter_map(with_tag));
    }
    logged
}

/// A picture of the kernels of the first layer that has any.
fn kernels(layout: &Layout, parameters: &Parameters<f32>) -> Option<(String, Logged)> {
    layout.iter().find_map(|(tensor, range)| {
        let (layer, _) = tensor.name.split_once('.')?;
        let [.., height, width] = tensor.shape[..] else { return None };
        let are_kernels = tensor.role == Role::Weight && tensor.shape.len() > 2 && height * width > 1;
        let picture = are_kernels.then(|| Picture::of_kernels(&parameters.values[range], (height, width)))?;
        Some((format!("kernels/{layer}"), Logged::Picture(picture)))
    })
}
