//! One process at a time trains a run.

use std::fs::{File, TryLockError};
use std::path::Path;

use super::RunError;

/// Whether a process trains the run in `folder` at this moment.
pub fn is_training(folder: &Path) -> bool {
    // Shared, so that two who look do not see each other.
    let lock = File::open(folder.join("lock"));
    lock.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// Holds a folder for this process; the operating system lets go of it however we end.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Lock {
    /// Takes the folder, or says that another has it.
    pub(super) fn take(folder: &Path) -> Result<Self, RunError> {
        let path = folder.join("lock");
        let file = File::options().create(true).append(true).open(&path);
        let file = file.map_err(|error| RunError::Io(path.clone(), error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(RunError::Busy(folder.into())),
            Err(TryLockError::Error(error)) => Err(RunError::Io(path, error)),
        }
    }
}

impl Drop for Lock {
    /// Closing the file would not be enough: a child process that another thread is just starting holds a copy of it for a
    /// moment, and the lock with it.
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}
