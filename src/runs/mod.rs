//! Runs on disk: folders, models, runs with several seeds, and the formats of other programs.

pub mod checkpoint;
pub mod environment;
pub mod folder;
pub mod interruption;
#[cfg(feature = "export")]
pub mod npz;
pub mod seeds;
#[cfg(feature = "export")]
pub mod tensorboard;
