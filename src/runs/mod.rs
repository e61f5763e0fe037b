//! Runs on disk: folders, models, runs with several seeds and their comparison, and the formats of other programs.

pub mod answers;
pub mod cells;
pub mod checkpoint;
pub mod comparison;
pub mod environment;
pub mod folder;
#[cfg(feature = "export")]
pub mod import;
#[cfg(any(unix, windows))] // signals
pub mod interruption;
#[cfg(feature = "export")]
pub mod npz;
#[cfg(feature = "export")]
pub mod onnx;
pub mod outlook;
pub mod seeds;
pub mod sweep;
#[cfg(feature = "export")]
pub mod tensorboard;
mod train;

pub use train::train;
