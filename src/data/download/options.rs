//! Options of a download, and the receiver of its events.

use std::time::Duration;

use crate::data::DataError;
use crate::data::published::MNIST_MIRRORS;

/// Options of a download. Durations are kept between 1 millisecond and 1 day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Folders on the web that hold the files, tried in turn for each file; `http` or `https`, with or without a `/` at the
    /// end. By default [`MNIST_MIRRORS`].
    pub mirrors: Vec<String>,
    /// Longest time for finding the host, and again for connecting to it. By default 10 s.
    pub connect: Duration,
    /// Longest silence of a server. By default 30 s.
    pub silence: Duration,
    /// Longest time for one file from all mirrors together; each mirror gets an equal share of what is left, so that a very
    /// slow one cannot keep the next from being tried. By default 10 minutes.
    pub total: Duration,
    /// The number of attempts at a mirror for a file, at least one. A refusal (HTTP status 4xx) is not tried again. By
    /// default 2.
    pub attempts: u32,
    /// Time between two attempts. By default 1 s.
    pub pause: Duration,
    /// True to use the proxy that the environment names (`HTTPS_PROXY` and its like), if any. By default true.
    pub proxy: bool,
    /// The names of files in the folder that may be overwritten whatever they hold. By default none.
    pub replace: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            mirrors: MNIST_MIRRORS.map(String::from).to_vec(),
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

/// Receives the events of a download, and of the reading of a user's own data. By default each method does nothing; `()` ignores everything.
pub trait DownloadObserver {
    /// Of `file`, `bytes` of `total` (if the server said how many) have come from `mirror`.
    fn received(&mut self, _file: &str, _mirror: &str, _bytes: u64, _total: Option<u64>) {}

    /// An attempt to get `file` from `mirror` failed for `reason`; another attempt or another mirror may follow.
    fn failed(&mut self, _file: &str, _mirror: &str, _reason: &str) {}

    /// MNIST cannot be had for `reason`, and the handwritten digits are used in its place.
    fn fallback(&mut self, _reason: &DataError) {}

    /// How a user's own data were read, in a sentence: the files, how they were scaled, how they were divided.
    fn note(&mut self, _text: &str) {}
}

impl DownloadObserver for () {}
