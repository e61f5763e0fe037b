//! What training leaves on disk: the folder of a run, models, runs with several seeds, and other programs' formats.

pub mod checkpoint;
pub mod environment;
pub mod folder;
pub mod interruption;
#[cfg(feature = "export")]
pub mod npz;
pub mod seeds;
#[cfg(feature = "export")]
pub mod tensorboard;
