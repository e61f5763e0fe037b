//! How parameters are changed.

pub mod levenberg_marquardt;
