//! Settings, and what training does with them: one network, several seeds, a committee, and training that fails.

#[path = "../common/settings.rs"]
mod settings;
#[path = "../common/short.rs"]
mod short;

mod boosting;
mod configuration;
#[cfg(feature = "digits")]
mod declared;
mod divergence;
mod evaluation;
mod seeds;
