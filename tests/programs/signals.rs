//! The signals that stop a program, and its exit code for each.

use std::process::Command;

/// Without SIGHUP where these tests were started with it ignored, as under `nohup`: the program then ignores it too, as it should.
pub fn that_stop() -> Vec<(&'static str, i32)> {
    let is_hang_up_ignored = Command::new("sh").args(["-c", "kill -HUP $$"]).status().unwrap().success();
    let mut signals = vec![("INT", 130), ("TERM", 143), ("HUP", 129)];
    signals.retain(|(name, _)| *name != "HUP" || !is_hang_up_ignored);
    signals
}
