//! Files and requests that are broken, and writing that fails at any moment.

#[cfg(feature = "app")]
#[path = "../common/idx.rs"]
mod idx;
#[cfg(all(feature = "app", target_os = "linux"))]
#[path = "../common/metrics.rs"]
mod metrics;
#[cfg(feature = "app")]
#[path = "../common/program.rs"]
mod program;
#[cfg(feature = "app")]
#[path = "../common/server.rs"]
mod server;
#[path = "../common/settings.rs"]
mod settings;
#[path = "../common/short.rs"]
mod short;

#[cfg(target_os = "linux")]
mod faults;
mod mutations;
mod runs;
