//! Settings, and what training does with them: one network, several seeds, a committee, and training that fails.

mod boosting;
mod divergence;
mod seeds;
mod settings;
