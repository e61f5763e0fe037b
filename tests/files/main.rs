//! What is read from files and from the network may be broken, and writing may fail at any moment.

#[cfg(target_os = "linux")]
mod faults;
mod mutations;
mod runs;
