//! The fast ways to compute against the plain one, and their bits against stored ones.

#[path = "../common/mod.rs"]
mod common;
mod comparison;
#[cfg(feature = "digits")]
#[path = "../common/settings.rs"]
mod settings;

mod allocation;
mod batch;
mod batches;
mod bits;
mod each;
mod fused;
#[cfg(feature = "digits")]
mod passes;
#[cfg(feature = "digits")]
