//! Runs on disk: folders, models, runs with several seeds, and the formats of other programs.

pub mod checkpoint;
pub mod environment;
pub mod folder;
#[cfg(feature = "export")]
pub mod import;
pub mod interruption;
#[cfg(feature = "export")]
pub mod npz;
#[cfg(feature = "export")]
pub mod onnx;
pub mod seeds;
#[cfg(feature = "export")]
pub mod tensorboard;
