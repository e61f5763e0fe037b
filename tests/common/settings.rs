//! Settings as `--set` takes them.

use lenet5::config::Settings;
use lenet5::models::builder::Builder;

/// The preset `paper` with these assignments over it.
pub fn settings(assignments: &[&str]) -> Settings {
    Builder::assigned(assignments).unwrap()
}
