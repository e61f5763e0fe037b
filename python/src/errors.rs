//! Errors of the library as Python exceptions: `OSError` where the system refuses a file, `ValueError` where a value, a file's contents
//! or an array is not what is expected.

use std::io;

use lenet5::applications::reader::ReadError;
use lenet5::config::ConfigError;
use lenet5::data::{ChannelsError, DataError, ImagesError, UnfitData};
use lenet5::runs::checkpoint::CheckpointError;
use lenet5::runs::folder::RunError;
use pyo3::exceptions::{PyFileExistsError, PyFileNotFoundError, PyOSError, PyValueError};
use pyo3::prelude::*;

/// An error that Python programs see as an exception.
pub trait Exception: ToString {
    /// The exception, with the whole message.
    fn exception(&self) -> PyErr {
        PyValueError::new_err(self.to_string())
    }
}

/// A result whose error is an [`Exception`].
pub trait OrRaise<T> {
    /// The value, or the error as an exception.
    fn or_raise(self) -> PyResult<T>;
}

impl<T, E: Exception> OrRaise<T> for Result<T, E> {
    fn or_raise(self) -> PyResult<T> {
        self.map_err(|error| error.exception())
    }
}

impl Exception for ConfigError {}
impl Exception for ImagesError {}
impl Exception for UnfitData {}
impl Exception for ChannelsError {}
impl Exception for ReadError {}

impl Exception for DataError {
    fn exception(&self) -> PyErr {
        match self {
            Self::Read { reason, .. } | Self::Write { reason, .. } => of_system(reason, self.to_string()),
            Self::Incomplete { .. } | Self::NoQmnist { .. } | Self::NoCifar10 { .. } | Self::NotFound { .. } => {
                PyFileNotFoundError::new_err(self.to_string())
            }
            Self::Download { .. } => PyOSError::new_err(self.to_string()),
            _ => PyValueError::new_err(self.to_string()),
        }
    }
}

impl Exception for CheckpointError {
    fn exception(&self) -> PyErr {
        match self {
            Self::Io { reason, .. } => of_system(reason, self.to_string()),
            Self::Folder { .. } => PyFileNotFoundError::new_err(self.to_string()),
            Self::Contents { .. } => PyValueError::new_err(self.to_string()),
        }
    }
}

impl Exception for RunError {
    fn exception(&self) -> PyErr {
        match self {
            Self::Io(_, reason) => of_system(reason, self.to_string()),
            Self::Checkpoint(error) => error.exception(),
            Self::Occupied { .. } => PyFileExistsError::new_err(self.to_string()),
            Self::Missing(_) => PyFileNotFoundError::new_err(self.to_string()),
            Self::Busy { .. } => PyOSError::new_err(self.to_string()),
            _ => PyValueError::new_err(self.to_string()),
        }
    }
}

/// An `OSError` with the system's number, by which Python chooses its kind, such as `PermissionError`.
fn of_system(reason: &io::Error, message: String) -> PyErr {
    match reason.raw_os_error() {
        Some(number) => PyOSError::new_err((number, message)),
        None => PyOSError::new_err(message),
    }
}
