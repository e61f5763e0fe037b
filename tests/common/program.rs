//! `lenet5` as a user runs it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Wherever the platform keeps its caches, it is below this folder.
pub fn environment(home: &Path) -> [(&'static str, PathBuf); 3] {
    ["HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"].map(|variable| (variable, home.join("home")))
}

/// `lenet5` with these words typed behind it in the folder of a user who has no data.
pub fn lenet5(home: &Path, words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lenet5"));
    command.args(words.split_whitespace()).current_dir(home).envs(environment(home));
    command.env_remove("LENET5_DATA").env_remove("LENET5_CIFAR10");
    command
}
