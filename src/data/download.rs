//! Fetches the files of MNIST into a folder, whole and verified or not at all.
//!
//! The bytes are checked before they touch the disk and reach their name by a rename, so that neither a broken connection
//! nor a killed process leaves a file that a later run would take for a good one. Nothing is printed here: what happens is
//! told to a [`Progress`].

use super::mnist::{PARTS, Part};
use super::{DataError, idx};
use crate::files::{self, LONG_AGO, remove_temporaries, write_atomically};
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, Instant};
use ureq::Agent;
use ureq::http::Uri;

/// Where the four files are published, byte for byte the same, in the order in which they are tried.
pub const MIRRORS: [&str; 2] =
    ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"];

/// The most bytes accepted as one compressed file, 16 MiB; the largest of MNIST has 9,912,422.
pub const LARGEST: u64 = 16 << 20;

/// How to download. Durations are kept between 1 millisecond and 1 day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Folders on the web that hold the files, tried in turn for each file; `http` or `https`, with or without a `/` at the
    /// end. By default [`MIRRORS`].
    pub mirrors: Vec<String>,
    /// Longest time for finding the host, and again for connecting to it. By default 10 s.
    pub connect: Duration,
    /// Longest silence of a server. By default 30 s.
    pub silence: Duration,
    /// Longest time for one file from all mirrors together; each mirror gets an equal share of what is left, so that a very
    /// slow one cannot keep the next from being tried. By default 10 minutes.
    pub total: Duration,
    /// How often a mirror is tried for a file, at least once. A refusal (HTTP status 4xx) is not tried again. By default 2.
    pub attempts: u32,
    /// Time between two attempts. By default 1 s.
    pub pause: Duration,
    /// Whether to use the proxy that the environment names (`HTTPS_PROXY` and its like), if any. By default yes.
    pub proxy: bool,
    /// The names of files in the folder that may be overwritten whatever they are. By default none.
    pub replace: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            mirrors: MIRRORS.map(String::from).to_vec(),
            connect: Duration::from_secs(10),
            silence: Duration::from_secs(30),
            total: Duration::from_secs(600),
            attempts: 2,
            pause: Duration::from_secs(1),
            proxy: true,
            replace: Vec::new(),
        }
    }
}

/// Is told what happens. Each method does nothing unless it is written; `()` ignores everything.
pub trait Progress {
    /// Of `file`, `bytes` of `total` (if the server said how many) have come from `mirror`.
    fn received(&mut self, _file: &str, _mirror: &str, _bytes: u64, _total: Option<u64>) {}

    /// An attempt to get `file` from `mirror` failed for `reason`; another attempt or another mirror may follow.
    fn failed(&mut self, _file: &str, _mirror: &str, _reason: &str) {}

    /// MNIST is not to be had for `reason`, and the handwritten digits are used in its place.
    fn fallback(&mut self, _reason: &DataError) {}
}

impl Progress for () {}

/// Fetches the four files of MNIST into `folder`, which is made if needed. Files that are there and right are kept. A file with
/// other bytes, which may be of another data set with the same names, is overwritten only where all of its bytes are the beginning
/// of the new ones, as in a copy that broke off, or where it is named in [`Options::replace`].
///
/// # Errors
/// [`DataError::Mirror`] if an address is no web address or there is none, [`DataError::InTheWay`] if another file has the place
/// of a download, [`DataError::Write`] if the folder cannot be written to, [`DataError::Download`] if no mirror gave a file.
pub fn fetch(folder: &Path, options: &Options, progress: &mut dyn Progress) -> Result<(), DataError> {
    fetch_parts(&PARTS, folder, options, progress)
}

/// As [`fetch`], for any list of files.
///
/// # Errors
/// As [`fetch`].
pub fn fetch_parts(
    parts: &[Part],
    folder: &Path,
    options: &Options,
    progress: &mut dyn Progress,
) -> Result<(), DataError> {
    check_addresses(&options.mirrors)?;
    fs::create_dir_all(folder).map_err(|reason| DataError::Write { path: folder.into(), reason })?;
    // What a fetch has left that was killed; another may be at work at this moment.
    let is_own = |name: &str| parts.iter().any(|part| part.archive() == name);
    remove_temporaries(folder, is_own, LONG_AGO).map_err(|reason| DataError::Read { path: folder.into(), reason })?;
    let agent = agent(options);
    let wanted: Vec<&Part> = parts.iter().filter(|part| part.read(folder).is_err()).collect();
    // Before anything is downloaded, as far as it can be told.
    check_places(&wanted, folder, options, None)?;
    for part in wanted {
        let bytes = from_mirrors(&agent, part, folder, options, progress)?;
        if part.read(folder).is_ok() {
            continue; // another process has fetched it meanwhile
        }
        check_places(&[part], folder, options, Some(&bytes))?;
        let path = folder.join(part.archive());
        write_atomically(&path, &bytes).map_err(|reason| DataError::Write { path, reason })?;
    }
    Ok(())
}

/// Checks that no file would be lost, or later mistaken for MNIST, where these parts are to be written. A file that is no complete data
/// set may be replaced if it is the beginning of the downloaded `archive`, which is `None` before the download.
fn check_places(parts: &[&Part], folder: &Path, options: &Options, archive: Option<&[u8]>) -> Result<(), DataError> {
    let mut files = String::new();
    for part in parts {
        let target = folder.join(part.archive());
        for path in part.find(folder).into_iter().filter(|path| *path != target).chain([target.clone()]) {
            let named = path.file_name().is_some_and(|name| options.replace.iter().any(|other| name == other.as_str()));
            if let Some(what) = what_would_be_lost(&path, archive).filter(|_| !named) {
                files += &format!("\n  {}: {what}", path.display());
            }
        }
    }
    if files.is_empty() { Ok(()) } else { Err(DataError::InTheWay { folder: folder.into(), files }) }
}

/// A description of the file `path`, if it exists and is not known to be a beginning of the `archive` or of its unpacked content.
fn what_would_be_lost(path: &Path, archive: Option<&[u8]>) -> Option<String> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => return Some(format!("cannot be looked at ({error})")),
        Ok(metadata) if metadata.is_symlink() => return Some("a link".into()),
        Ok(metadata) if !metadata.is_file() => return Some("no ordinary file".into()),
        Ok(_) => {}
    }
    let bytes = match files::read(path, idx::LARGEST) {
        Ok(bytes) => bytes,
        Err(error) => return Some(format!("cannot be read ({error})")),
    };
    let unpack = |bytes: &[u8]| idx::unpack(bytes, idx::LARGEST).unwrap_or_default();
    if let Some(set) = idx::describe_file(&unpack(&bytes)) {
        return Some(format!("{set}, another data set"));
    }
    let archive = archive?;
    let is_beginning = archive.starts_with(&bytes) || unpack(archive).starts_with(&bytes);
    (!is_beginning).then(|| "other bytes than MNIST's".into())
}

fn check_addresses(mirrors: &[String]) -> Result<(), DataError> {
    if mirrors.is_empty() {
        return Err(DataError::Mirror { found: "an empty list".into() });
    }
    for mirror in mirrors {
        let is_web_address = mirror.parse::<Uri>().is_ok_and(|address| {
            matches!(address.scheme_str(), Some("http" | "https"))
                && address.query().is_none()
                && address.host().is_some_and(|host| !host.is_empty())
        });
        if !is_web_address {
            return Err(DataError::Mirror { found: format!("`{mirror}`") });
        }
    }
    Ok(())
}

fn agent(options: &Options) -> Agent {
    let mut config = Agent::config_builder()
        .timeout_resolve(Some(bounded(options.connect)))
        .timeout_connect(Some(bounded(options.connect)))
        .timeout_recv_response(Some(bounded(options.silence)))
        .timeout_per_read(Some(bounded(options.silence)))
        .timeout_per_write(Some(bounded(options.silence)));
    if !options.proxy {
        config = config.proxy(None);
    }
    config.build().new_agent()
}

/// Neither zero, which sockets refuse, nor so long that adding it to a time would overflow.
fn bounded(duration: Duration) -> Duration {
    duration.clamp(Duration::from_millis(1), Duration::from_secs(24 * 3600))
}

fn from_mirrors(
    agent: &Agent,
    part: &Part,
    folder: &Path,
    options: &Options,
    progress: &mut dyn Progress,
) -> Result<Vec<u8>, DataError> {
    let deadline = Instant::now() + bounded(options.total);
    let mut reasons = Vec::new();
    for (tried, mirror) in options.mirrors.iter().enumerate() {
        let left = deadline.saturating_duration_since(Instant::now());
        let share = left.div_f64((options.mirrors.len() - tried) as f64);
        match from_mirror(agent, part, mirror, Instant::now() + share, options, progress) {
            Ok(bytes) => return Ok(bytes),
            Err(reason) => reasons.push(format!("\n  {mirror}: {reason}")),
        }
    }
    Err(DataError::Download { file: part.archive(), folder: folder.into(), reasons: reasons.concat() })
}

/// The verified file from one mirror, or the reason of the last attempt.
fn from_mirror(
    agent: &Agent,
    part: &Part,
    mirror: &str,
    deadline: Instant,
    options: &Options,
    progress: &mut dyn Progress,
) -> Result<Vec<u8>, String> {
    let mut attempt = 1;
    loop {
        let result = transfer(agent, part, mirror, deadline, progress);
        let checked = result.and_then(|bytes| match part.check(&bytes) {
            Ok(()) => Ok(bytes),
            Err(reason) => Err(Failure { reason, refused: false }),
        });
        let failure = match checked {
            Ok(bytes) => return Ok(bytes),
            Err(failure) => failure,
        };
        progress.failed(&part.archive(), mirror, &failure.reason);
        let pause = bounded(options.pause);
        let out_of_time = deadline.saturating_duration_since(Instant::now()) <= pause;
        if attempt >= options.attempts || out_of_time || failure.refused {
            return Err(failure.reason);
        }
        attempt += 1;
        std::thread::sleep(pause);
    }
}

/// Why one attempt failed.
struct Failure {
    reason: String,
    /// Whether the server refused the request, so that asking again is of no use.
    refused: bool,
}

impl From<ureq::Error> for Failure {
    fn from(error: ureq::Error) -> Self {
        let refused = matches!(error, ureq::Error::StatusCode(400..=499));
        let reason = match error {
            ureq::Error::StatusCode(status) => format!("answered with HTTP status {status}"),
            ureq::Error::Timeout(which) => format!("took too long ({which})"),
            other => other.to_string(),
        };
        Self { reason, refused }
    }
}

/// The body of one answer, at most [`LARGEST`] bytes, not yet verified.
fn transfer(
    agent: &Agent,
    part: &Part,
    mirror: &str,
    deadline: Instant,
    progress: &mut dyn Progress,
) -> Result<Vec<u8>, Failure> {
    let file = part.archive();
    let left = bounded(deadline.saturating_duration_since(Instant::now()));
    let address = format!("{}/{file}", mirror.trim_end_matches('/'));
    let response = agent.get(&address).config().timeout_global(Some(left)).build().call()?;
    let body = response.into_body();
    let total = body.content_length();
    let mut reader = body.into_with_config().limit(LARGEST).reader();
    let mut bytes = Vec::new();
    let mut block = [0; 1 << 16];
    loop {
        let count = match reader.read(&mut block) {
            Ok(0) => return Ok(bytes),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                let failure = Failure::from(ureq::Error::from(error));
                let reason = format!("broke off after {} bytes: {}", bytes.len(), failure.reason);
                return Err(Failure { reason, ..failure });
            }
        };
        bytes.extend(&block[..count]);
        progress.received(&file, mirror, bytes.len() as u64, total);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_mirrors() {
        let check = |address: &str| check_addresses(&[address.to_string()]);
        for good in MIRRORS.into_iter().chain(["http://127.0.0.1:8080", "HTTPS://example.org/a"]) {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "mnist",
            "ftp://example.org/",
            "file:///tmp",
            "http://",
            "https:///a",
            "http://a b/",
            "/tmp",
            "http://a/?b=c",
        ] {
            let error = check(bad).expect_err(bad).to_string();
            assert!(error.contains(&format!("`{bad}`")), "{error}");
        }
        assert!(check_addresses(&[]).is_err());
    }
}
