//! Event files, as TensorBoard reads them: numbers, histograms and pictures that change with the step, each under a tag; and the
//! hyper-parameters and the text of a run.
//!
//! An event file is a row of records, each of which is an event, a message of Protocol Buffers. It is only ever added to, since
//! TensorBoard reads it while it grows. Where a file ends in half a record, because its writer was killed, TensorBoard leaves that out
//! and reads the next file; so does [`read`].

mod histogram;
mod kernels;
mod logged;
mod messages;

pub use histogram::Histogram;
pub use kernels::Picture;
pub use logged::Logged;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crc::{CRC_32_ISCSI, Crc};
use prost::Message;

use crate::files;
use messages::{Content, Event, Session, SessionLog, Summary, Value};

/// The largest event file that is read, in bytes; a run of 100,000 passes writes 70 million.
const MAX_SIZE: u64 = 256 << 20;

/// The beginning of an event file's name; the time of its creation and its maker follow.
const PREFIX: &str = "events.out.tfevents.";

/// The version of the format, the first event of every file.
const VERSION: &str = "brain.Event:2";

/// A number at a step.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedScalar {
    /// The name, such as `loss/test`; TensorBoard groups names by their beginning.
    pub tag: String,
    /// The step of training.
    pub step: i64,
    /// The wall time, in seconds since 1970.
    pub wall_time: f64,
    /// The number; TensorBoard keeps no more digits.
    pub value: f32,
}

/// An event file that is being written.
#[derive(Debug)]
pub struct Writer {
    path: PathBuf,
    file: File,
}

impl Writer {
    /// Makes a new file in `folder` that goes on from step `first`. Its name comes after those of the event files that are there,
    /// because TensorBoard reads them in the order of their names.
    ///
    /// # Errors
    /// If it cannot be written; the error names it.
    pub fn create(folder: &Path, first: i64) -> io::Result<Self> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let time =
            |path: &PathBuf| path.file_name()?.to_str()?.strip_prefix(PREFIX)?.split('.').next()?.parse::<u64>().ok();
        let last = event_files(folder)?.iter().filter_map(time).max();
        let time = now.as_secs().max(last.map_or(0, |last| last + 1));
        let path = folder.join(format!("{PREFIX}{time:010}.lenet5"));
        let made = File::options().create_new(true).append(true).open(&path).and_then(|file| {
            let mut writer = Self { path: path.clone(), file };
            let events =
                [(0, Content::FileVersion(VERSION.into())), (first, Content::SessionLog(SessionLog { status: 1 }))];
            for (step, content) in events {
                writer.write(Event { wall_time: now.as_secs_f64(), step, content: Some(content) })?;
            }
            Ok(writer)
        });
        made.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds what a run is made with: its hyper-parameters, for TensorBoard's table of runs, and a text under a tag, in Markdown.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn settings(&mut self, time: SystemTime, settings: &toml::Table, (tag, text): (&str, &str)) -> io::Result<()> {
        let session = Session::start(since_1970(time), settings);
        self.values(0, time, vec![Value::session(&session), Value::text(tag, text)])
    }

    /// Adds that a run has ended, and whether it has a result.
    ///
    /// # Errors
    /// If that cannot be written.
    pub fn end(&mut self, time: SystemTime, has_result: bool) -> io::Result<()> {
        self.values(0, time, vec![Value::session(&Session::end(since_1970(time), has_result))])
    }

    /// Adds what belongs to one step, by tag.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn log(&mut self, step: i64, time: SystemTime, logged: Vec<(String, Logged)>) -> io::Result<()> {
        self.values(step, time, logged.into_iter().map(|(tag, logged)| Value::logged(tag, logged)).collect())
    }

    fn values(&mut self, step: i64, time: SystemTime, value: Vec<Value>) -> io::Result<()> {
        let content = Some(Content::Summary(Summary { value }));
        self.write(Event { wall_time: since_1970(time), step, content })
    }

    /// A record at once, which TensorBoard can read from then on.
    fn write(&mut self, event: Event) -> io::Result<()> {
        self.file.write_all(&record(&event.encode_to_vec()))
    }
}

fn since_1970(time: SystemTime) -> f64 {
    time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs_f64()
}

/// The event files in `folder`, in the order in which they were made.
///
/// # Errors
/// If there is no such folder.
pub fn event_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let paths: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    let is_one = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PREFIX));
    let mut files: Vec<PathBuf> = paths.into_iter().filter(is_one).collect();
    files.sort();
    Ok(files)
}

/// The scalars in an event file, up to the first record that is damaged or incomplete.
///
/// # Errors
/// If there is no such file.
pub fn read(path: &Path) -> io::Result<Vec<LoggedScalar>> {
    let bytes = files::read(path, MAX_SIZE)?;
    let mut scalars = Vec::new();
    for event in records(&bytes).map_while(|record| Event::decode(record).ok()) {
        let (step, wall_time) = (event.step, event.wall_time);
        let Some(Content::Summary(summary)) = event.content else { continue };
        let values = summary.value.into_iter().filter_map(|value| Some((value.tag, value.simple_value?)));
        scalars.extend(values.map(|(tag, value)| LoggedScalar { tag, step, wall_time, value }));
    }
    Ok(scalars)
}

/// A record: the length of its contents, the check sum of the length, the contents, the check sum of the contents.
fn record(contents: &[u8]) -> Vec<u8> {
    let length = (contents.len() as u64).to_le_bytes();
    [&length, &check_sum(&length)[..], contents, &check_sum(contents)].concat()
}

/// The contents of the records, up to the first that is damaged or incomplete.
fn records(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, rest) = bytes.split_at_checked(8)?;
        let (length_sum, rest) = rest.split_at_checked(4)?;
        let size = usize::try_from(u64::from_le_bytes(length.try_into().ok()?)).ok()?;
        let (contents, rest) = rest.split_at_checked(size)?;
        let (contents_sum, rest) = rest.split_at_checked(4)?;
        bytes = rest;
        (length_sum == check_sum(length) && contents_sum == check_sum(contents)).then_some(contents)
    })
}

/// TensorFlow's masked CRC-32C: rotated and shifted, so that the sum of bytes that contain a sum differs from it.
fn check_sum(bytes: &[u8]) -> [u8; 4] {
    const CRC_32C: Crc<u32> = Crc::<u32>::new(&CRC_32_ISCSI);
    CRC_32C.checksum(bytes).rotate_right(15).wrapping_add(0xa282_ead8).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Records written by torch 2.15 with tensorboard 2.21: the version, START at step 3, and `add_scalar("error/test",
    /// 2.5, 3, walltime=1000.25)`.
    const RECORDS: [&[u8]; 3] = [
        b"\x1a\x00\x00\x00\x00\x00\x00\x00\x12\x9b\xd8-\x09\x83%\xc5\x064\xc1\xdaA\x10\x03\x1a\x0dbrain.Event:2\x9f\xec\x95Z",
        b"\x0f\x00\x00\x00\x00\x00\x00\x00mS+\x09\x09\xe3%\xc5\x064\xc1\xdaA\x10\x03:\x02\x08\x01E\xa40w",
        b"\x20\x00\x00\x00\x00\x00\x00\x00)\xed\xa9P\x09\x00\x00\x00\x00\x00B\x8f@\x10\x03*\x13\x0a\x11\x0a\x0aerror/test\x15\x00\x00\x20@\x15\xf5\xe30",
    ];

    #[test]
    fn the_bytes_are_those_of_tensorboard() {
        let made = 1_795_477_527.0; // only near to it, see below
        let value = Value::logged("error/test".into(), Logged::Scalar(2.5));
        let expected = [
            (made, 3, Content::FileVersion(VERSION.into())),
            (made, 3, Content::SessionLog(SessionLog { status: 1 })),
            (1000.25, 3, Content::Summary(Summary { value: vec![value] })),
        ];
        for (bytes, (wall_time, step, content)) in RECORDS.into_iter().zip(expected) {
            let event = Event::decode(&bytes[12..bytes.len() - 4]).unwrap();
            assert!((event.wall_time - wall_time).abs() < 10.0, "{event:?}");
            let event = Event { wall_time: event.wall_time, step, content: Some(content) };
            assert_eq!(record(&event.encode_to_vec()), bytes);
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let folder = temp_dir::TempDir::new().unwrap();
        let time = UNIX_EPOCH + Duration::from_millis(1500);
        let mut first = Writer::create(folder.path(), 1).unwrap();
        let scalar = |tag: &str, value| (tag.to_string(), Logged::Scalar(value));
        first.log(1, time, vec![scalar("error/test", 0.0), scalar("loss/test", 1.25)]).unwrap();
        let mut second = Writer::create(folder.path(), 2).unwrap();
        second.log(2, time, vec![scalar("loss/test", f64::NAN)]).unwrap();
        assert_eq!(event_files(folder.path()).unwrap(), [first.path(), second.path()], "also within one second");
        let scalar = |tag: &str, value| LoggedScalar { tag: tag.into(), step: 1, wall_time: 1.5, value };
        assert_eq!(read(first.path()).unwrap(), [scalar("error/test", 0.0), scalar("loss/test", 1.25)]);
        assert!(matches!(&read(second.path()).unwrap()[..], [scalar] if scalar.value.is_nan() && scalar.step == 2));
    }

    #[test]
    fn reading_ends_at_the_first_record_that_is_broken_or_not_whole() {
        let whole = RECORDS.concat();
        assert_eq!(records(&whole).count(), 3);
        for length in 0..whole.len() {
            let complete = [42, 73].iter().filter(|&&end| end <= length).count();
            assert_eq!(records(&whole[..length]).count(), complete, "{length} bytes");
        }
        for index in 0..whole.len() {
            let mut broken = whole.clone();
            broken[index] ^= 4;
            let before = [42, 73].iter().filter(|&&end| end <= index).count();
            assert_eq!(records(&broken).count(), before, "byte {index}");
        }
    }
}
