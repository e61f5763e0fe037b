//! What is read from files and from the network may be broken, and writing may fail at any moment.

#[path = "../common/dataset.rs"]
mod dataset;
#[path = "../common/idx.rs"]
mod idx;
#[cfg(target_os = "linux")]
#[path = "../common/metrics.rs"]
mod metrics;
#[path = "../common/program.rs"]
mod program;
#[path = "../common/server.rs"]
mod server;
#[path = "../common/settings.rs"]
mod settings;

#[cfg(target_os = "linux")]
mod faults;
mod mutations;
mod runs;
