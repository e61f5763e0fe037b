//! One process at a time trains a run.
//!
//! What counts is the lock that the system holds on the file `lock`, not that there is such a file. Its text says which process has
//! the lock, or had it last: where that process ran on a machine that is gone, a file server may keep its lock.

use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::Path;

use super::error::RunError;
use crate::files;
use crate::runs::environment;

/// More bytes than the line about the process has.
const MOST: u64 = 1000;

/// True while a process trains the run in `folder`; false on a file system without locks.
pub fn is_training(folder: &Path) -> bool {
    // Shared, so that two readers do not see each other.
    let lock = files::open(&folder.join("lock"));
    lock.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// Holds a folder for this process; the operating system lets go of it however we end.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    /// The reason why the file is not locked; `None` if it is.
    missing: Option<io::Error>,
}

impl Lock {
    /// Locks the folder, or fails if another process has it. On a file system without locks, it succeeds without one.
    pub(super) fn take(folder: &Path) -> Result<Self, RunError> {
        let path = folder.join("lock");
        let file = files::open_or_create(&path).map_err(|error| RunError::Io(path.clone(), error))?;
        match file.try_lock() {
            Ok(()) => {
                let lock = Self { file, missing: None };
                lock.sign().map_err(|error| RunError::Io(path, error))?;
                Ok(lock)
            }
            Err(TryLockError::WouldBlock) => Err(RunError::Busy { folder: folder.into(), holder: holder(&path) }),
            Err(TryLockError::Error(error)) if is_unsupported(&error) => Ok(Self { file, missing: Some(error) }),
            Err(TryLockError::Error(error)) => Err(RunError::Io(path, error)),
        }
    }

    /// Writes which process this is into the file.
    fn sign(&self) -> io::Result<()> {
        self.file.set_len(0)?;
        let line = format!("process {} on {}\n", std::process::id(), environment::host());
        (&self.file).write_all(line.as_bytes())
    }

    /// The reason why the folder is not locked; `None` if it is.
    pub(super) fn missing(&self) -> Option<&io::Error> {
        self.missing.as_ref()
    }
}

impl Drop for Lock {
    /// Closing the file would not be enough: a child process that another thread is just starting holds a copy of it for a
    /// moment, and the lock with it.
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

/// The process that holds this lock, as far as it can be read: a system may keep others from reading a file that is locked.
fn holder(path: &Path) -> String {
    let text = files::read(path, MOST).map(|bytes| String::from_utf8_lossy(&bytes).trim().to_string());
    text.ok().filter(|text| !text.is_empty()).unwrap_or_else(|| "another process".into())
}

/// True for the errors of file systems that have no locks, as some NFS and Lustre.
fn is_unsupported(error: &io::Error) -> bool {
    #[cfg(unix)]
    if [libc::ENOLCK, libc::EOPNOTSUPP, libc::ENOTSUP, libc::ENOSYS].map(Some).contains(&error.raw_os_error()) {
        return true;
    }
    error.kind() == io::ErrorKind::Unsupported
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn no_locks_is_not_another_error() {
        let is = |code| is_unsupported(&io::Error::from_raw_os_error(code));
        assert!([libc::ENOLCK, libc::EOPNOTSUPP, libc::ENOTSUP, libc::ENOSYS].into_iter().all(is));
        assert!(![libc::EIO, libc::EACCES, libc::EBADF, libc::EINTR, libc::ENOSPC].into_iter().any(is));
    }
}
