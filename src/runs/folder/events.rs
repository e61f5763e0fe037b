//! The event files of a run, for TensorBoard: the columns of `metrics.csv`, a step for each pass.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::error::RunError;
use crate::config::Measured;
use crate::runs::tensorboard::{Writer, event_files, read};
use crate::training::PassRecord;

/// The event files of a run, if they are wanted.
pub struct Events {
    wanted: bool,
    measured: Measured,
    folder: PathBuf,
    /// Made with the first pass that is written, so that no file is empty.
    writer: Option<Writer>,
}

impl Events {
    /// Goes on after the event files in `folder`, with a new file. Of the passes so far, it first writes those that come after the
    /// last one there; their times by the clock are as if they had all just been trained without a pause.
    pub fn new(wanted: bool, folder: &Path, records: &[PassRecord], measured: Measured) -> Result<Self, RunError> {
        let mut events = Self { wanted, measured, folder: folder.into(), writer: None };
        if wanted {
            let logged = events.last_pass()?.min(records.len());
            let now = SystemTime::now();
            for (index, record) in records.iter().enumerate().skip(logged) {
                let since: f64 = records[index + 1..].iter().map(|later| later.seconds).sum();
                events.write(record, now - Duration::try_from_secs_f64(since).unwrap_or_default())?;
            }
        }
        Ok(events)
    }

    /// Writes a pass that has just ended.
    pub fn pass(&mut self, record: &PassRecord) -> Result<(), RunError> {
        if self.wanted { self.write(record, SystemTime::now()) } else { Ok(()) }
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

    fn write(&mut self, record: &PassRecord, time: SystemTime) -> Result<(), RunError> {
        let step = i64::try_from(record.pass).expect("passes are counted");
        let writer = match &mut self.writer {
            Some(writer) => writer,
            None => {
                let made = Writer::create(&self.folder, step);
                self.writer.insert(made.map_err(|error| RunError::Io(self.folder.clone(), error))?)
            }
        };
        let written = writer.scalars(step, time, &scalars(record, self.measured));
        written.map_err(|error| RunError::Io(writer.path().into(), error))
    }
}

/// The columns of `metrics.csv`, sorted into charts by what stands before the stroke.
fn scalars(record: &PassRecord, measured: Measured) -> Vec<(&'static str, f64)> {
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
    scalars
}
