//! The folder of the real MNIST.

use std::io::Write;
use std::path::PathBuf;

/// The folder that LENET5_DATA names, or a line that says that `test` is skipped. It goes past the test harness, which would
/// swallow what `eprintln!` prints of a test that passes.
pub fn folder(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("LENET5_DATA").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    if folder.is_none() {
        let _ = writeln!(std::io::stderr(), "skipped: {test}: LENET5_DATA does not name a folder with MNIST");
    }
    folder
}
