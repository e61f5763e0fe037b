//! Settings, and what training does with them: one network, several seeds, a committee, and training that fails.

#[path = "../common/dataset.rs"]
mod dataset;
#[path = "../common/settings.rs"]
mod settings;

mod boosting;
mod configuration;
mod divergence;
mod seeds;
