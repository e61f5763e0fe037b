//! One process at a time trains a run.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use super::error::RunError;
use crate::files;

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
            Ok(()) => Ok(Self { file, missing: None }),
            Err(TryLockError::WouldBlock) => Err(RunError::Busy(folder.into())),
            Err(TryLockError::Error(error)) if is_unsupported(&error) => Ok(Self { file, missing: Some(error) }),
            Err(TryLockError::Error(error)) => Err(RunError::Io(path, error)),
        }
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
