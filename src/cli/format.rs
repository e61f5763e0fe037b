//! Numbers and paths as people read them.

use std::path::Path;

pub use lenet5::words::{count, thousands};

/// 125.4 seconds as `2 min 5 s`.
pub fn duration(seconds: f64) -> String {
    if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{:.0} min {:.0} s", (seconds / 60.0).floor(), (seconds % 60.0).floor())
    }
}

/// A path as it can be typed into a shell.
pub fn shell(path: &Path) -> String {
    let text = path.display().to_string();
    // What begins with a dash is read as an option.
    let text = if text.starts_with('-') { format!("./{text}") } else { text };
    let plain = |c: char| c.is_alphanumeric() || "-_./:".contains(c) || (cfg!(windows) && c == '\\');
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// The name by which this program was called, so that a command that we print can be typed as it stands.
pub fn program() -> String {
    std::env::args_os().next().map_or_else(|| "lenet5".into(), |name| shell(Path::new(&name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_paths() {
        assert_eq!((duration(5.04), duration(125.9)), ("5.0 s".into(), "2 min 5 s".into()));
        assert_eq!(shell(Path::new("runs/a b's")), r"'runs/a b'\''s'");
        assert_eq!(shell(Path::new("-x")), "./-x");
    }
}
