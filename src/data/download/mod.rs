//! Fetches the files of MNIST into a folder, whole and verified or not at all.
//!
//! The bytes are checked before they touch the disk and reach their name by a rename, so that neither a broken connection
//! nor a killed process leaves a file that a later run would take for a good one. Nothing is printed: a
//! [`DownloadObserver`] receives the events.
//!
//! Without the feature `download` there are only [`Options`] and [`DownloadObserver`], which [`open`](super::open()) takes.

#[cfg(feature = "download")]
mod fetch;
mod options;
#[cfg(feature = "download")]
mod transfer;

#[cfg(feature = "download")]
pub use fetch::{fetch, fetch_parts};
pub use options::{DownloadObserver, Options};
#[cfg(feature = "download")]
pub use transfer::LARGEST;
