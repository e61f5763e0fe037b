//! Files that are read within limits, and never half-written.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The age from which a temporary file counts as left by a killed process: no write takes this long.
pub const LONG_AGO: Duration = Duration::from_secs(3600);

/// Writes `contents` to `path` as a whole or not at all: to a temporary file beside it, forced to the disk, then renamed over
/// it. The temporary file is called `NAME.PROCESS-NUMBER.tmp`.
///
/// # Errors
/// Those of the operating system; `path` is then as it was, and the temporary file is gone.
pub fn write_atomically(path: &Path, contents: &[u8]) -> io::Result<()> {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    // Process and number make the name unique: two writers of one path must not share a temporary file.
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}-{number}.tmp", std::process::id()));
    let temporary = path.with_file_name(name);
    let written = File::create(&temporary).and_then(|mut file| {
        file.write_all(contents)?;
        file.sync_all()
    });
    let renamed = written.and_then(|()| fs::rename(&temporary, path));
    if renamed.is_err() {
        // The first error is the one to report.
        let _ = fs::remove_file(&temporary);
    }
    renamed
}

/// The name of the file that `name` is a temporary file of: `config.toml` for `config.toml.17-4.tmp`; `None` for the name of
/// any other file.
pub fn target_of_temporary(name: &str) -> Option<&str> {
    let (target, numbers) = name.strip_suffix(".tmp")?.rsplit_once('.')?;
    let (process, number) = numbers.split_once('-')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (!target.is_empty() && is_number(process) && is_number(number)).then_some(target)
}

/// Removes the temporary files in `folder` that were left when [`write_atomically`] was killed, of files whose names `is_own`
/// accepts and that have not been written to for `age`. One that cannot be removed stays.
///
/// # Errors
/// If the folder cannot be read.
pub fn remove_temporaries(folder: &Path, is_own: impl Fn(&str) -> bool, age: Duration) -> io::Result<()> {
    // The parent of a name alone.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_str().and_then(target_of_temporary).is_some_and(&is_own) && (age.is_zero() || is_older(&entry, age))
        {
            // It does no harm, and the next process tries again.
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

fn is_older(entry: &fs::DirEntry, age: Duration) -> bool {
    let modified = entry.metadata().and_then(|metadata| metadata.modified());
    modified.is_ok_and(|time| time.elapsed().is_ok_and(|elapsed| elapsed >= age))
}

/// Reads the regular file `path` of at most `limit` bytes.
///
/// # Errors
/// If it cannot be read, is a folder, a pipe or a device, or is larger.
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let file = open(path)?;
    let size = file.metadata()?.len();
    // It may grow while it is read.
    if size > limit { Err(too_large(&format!("{size} bytes"), limit)) } else { read_all(file, limit) }
}

/// Reads what `reader`, such as standard input, has until its end, of at most `limit` bytes.
///
/// # Errors
/// If it cannot be read, or has more bytes, of which no more are then read.
pub fn read_all(reader: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(too_large("more bytes", limit)) } else { Ok(bytes) }
}

fn too_large(size: &str, limit: u64) -> io::Error {
    let problem = format!("it has {size}, at most {limit} are accepted");
    io::Error::new(ErrorKind::InvalidData, problem)
}

/// As [`read`], for a file that may be missing: `None` without a file of that name.
///
/// # Errors
/// As [`read`]: a file that cannot be read is not a missing one. Nor is a symbolic link that leads nowhere.
pub fn read_if_there(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    match read(path, limit) {
        Err(error) if error.kind() == ErrorKind::NotFound && !is_there(path)? => Ok(None),
        read => read.map(Some),
    }
}

/// True if anything has this name, be it a symbolic link that leads nowhere.
///
/// # Errors
/// If that cannot be determined.
pub fn is_there(path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// True if `path` exists and is not a folder, or if that cannot be determined: if it is not a regular file, reading it
/// fails with the reason.
pub fn may_be_file(path: &Path) -> bool {
    match fs::metadata(path) {
        Ok(metadata) => !metadata.is_dir(),
        Err(error) => !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory),
    }
}

/// Opens the regular file `path` to read it, without waiting: a pipe would not be open before it has a writer, and may never
/// end.
///
/// # Errors
/// If it cannot be opened, or is a folder, a pipe or a device.
pub fn open(path: &Path) -> io::Result<File> {
    // Asked before it is opened, because a device may do something when it is opened...
    check_regular(&fs::metadata(path)?)?;
    let file = without_waiting().read(true).open(path)?;
    // ... and again, because it may have been replaced in between.
    check_regular(&file.metadata()?)?;
    Ok(file)
}

/// Opens the regular file `path` to append to it, and creates it if it is missing, without waiting either.
///
/// # Errors
/// As [`open`].
pub fn open_or_create(path: &Path) -> io::Result<File> {
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        metadata => check_regular(&metadata?)?,
    }
    let file = without_waiting().create(true).append(true).open(path)?;
    check_regular(&file.metadata()?)?;
    Ok(file)
}

/// How to open a file, so that a pipe without a writer is an error and no wait.
#[cfg(unix)]
fn without_waiting() -> OpenOptions {
    let mut options = File::options();
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    options
}

/// How to open a file.
#[cfg(not(unix))]
fn without_waiting() -> OpenOptions {
    File::options()
}

fn check_regular(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_file() {
        return Ok(());
    }
    let found = if metadata.is_dir() { "a folder" } else { "a pipe or a device" };
    Err(io::Error::new(ErrorKind::InvalidInput, format!("expected a regular file, found {found}")))
}

/// Advice on an error of reading or writing, for the end of a message; empty for other errors.
pub fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "; free some space on that disk",
        ErrorKind::PermissionDenied => "; check the permissions",
        ErrorKind::ReadOnlyFilesystem => "; choose a place that can be written to",
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
            "; a file stands where a folder is needed, choose another name"
        }
        ErrorKind::NotFound => "; check the path",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_no_temporary_file() {
        let folder = temp_dir::TempDir::new().unwrap();
        let taken = folder.path().join("taken");
        fs::create_dir(&taken).unwrap(); // a file cannot be renamed onto a folder
        assert!(write_atomically(&taken, b"new").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn only_the_own_temporary_files_are_removed() {
        let folder = temp_dir::TempDir::new().unwrap();
        let left = ["config.toml.17-4.tmp", "a.b.csv.0-0.tmp"];
        let of_config = [".tmp", ".17.tmp", ".17-.tmp", ".-4.tmp", ".17-4a.tmp", ".1 7-4.tmp", ".17-4.tmp.bak", ""];
        let mut kept = ["notes.tmp", "other.toml.17-4.tmp", ".17-4.tmp"].map(String::from).to_vec();
        kept.extend(of_config.map(|ending| format!("config.toml{ending}")));
        for name in left.into_iter().chain(kept.iter().map(String::as_str)) {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let is_own = |name: &str| ["config.toml", "a.b.csv"].contains(&name);
        remove_temporaries(folder.path(), is_own, LONG_AGO).unwrap();
        assert!(left.iter().all(|name| folder.path().join(name).exists()), "they may still be written");
        remove_temporaries(folder.path(), is_own, Duration::ZERO).unwrap();
        assert!(left.iter().all(|name| !folder.path().join(name).exists()));
        assert!(kept.iter().all(|name| folder.path().join(name).exists()));
        let old = File::create(folder.path().join(left[0])).unwrap();
        old.set_modified(std::time::SystemTime::now() - 2 * LONG_AGO).unwrap();
        remove_temporaries(folder.path(), is_own, LONG_AGO).unwrap();
        assert!(!folder.path().join(left[0]).exists());
    }

    #[test]
    fn only_a_file_that_is_not_there_is_missing() {
        let folder = temp_dir::TempDir::new().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("file"), "four").unwrap();
        assert_eq!(read_if_there(&path("file"), 4).unwrap(), Some(b"four".to_vec()));
        assert_eq!(read_if_there(&path("none"), 4).unwrap(), None);
        assert!(read_if_there(&path("file"), 3).unwrap_err().to_string().contains("it has 4 bytes, at most 3"));
        assert!(read_if_there(folder.path(), 4).unwrap_err().to_string().contains("found a folder"));
        assert!(read_if_there(&path("file/in it"), 4).is_err(), "a file is no folder");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("none", path("link")).unwrap();
            assert!(read_if_there(&path("link"), 4).is_err(), "what it led to may be on a disk that is away");
        }
    }

    #[cfg(unix)]
    #[test]
    fn pipes_and_devices_are_refused_at_once() {
        let folder = temp_dir::TempDir::new().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for path in [pipe.as_path(), Path::new("/dev/zero")] {
            for error in [read(path, 4).unwrap_err(), open_or_create(path).unwrap_err()] {
                assert_eq!(error.to_string(), "expected a regular file, found a pipe or a device");
            }
        }
        // Even if it has come in the place of a file after it was looked at.
        assert!(without_waiting().read(true).open(&pipe).is_ok());
        assert!(without_waiting().append(true).open(&pipe).is_err());
    }

    #[test]
    fn the_advice_is_that_of_the_error() {
        let advice_of = |kind: ErrorKind| advice(&kind.into());
        assert!(advice_of(ErrorKind::StorageFull).contains("free some space"));
        assert!(advice_of(ErrorKind::QuotaExceeded).contains("free some space"));
        assert!(advice_of(ErrorKind::PermissionDenied).contains("permissions"));
        assert!(advice_of(ErrorKind::NotFound).contains("path"));
        assert_eq!(advice_of(ErrorKind::Other), "");
    }
}
