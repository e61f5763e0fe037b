//! The command line as a user types it, in an empty folder, on the embedded digits.

mod arguments;
mod bench;
mod claims;
mod compare;
mod data;
mod declared;
mod divergence;
mod export;
mod family;
mod figures;
mod import;
mod pictures;
mod predict;
mod runs;
mod scan;
mod seeds;
mod sweep;
mod test;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use lenet5::data::Source;
use lenet5::models;
use lenet5::runs::checkpoint::Model;
use lenet5::runs::folder::read_table;
use lenet5::runs::seeds::SeedRecord;
use temp_dir::TempDir;

use crate::program::lenet5;

/// A folder of a user who has no MNIST and whose network is down.
struct User {
    home: TempDir,
}

impl User {
    fn new() -> Self {
        Self { home: TempDir::new().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        let path = self.path(name);
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap()
    }

    /// The rows of several seeds' table.
    fn seeds(&self, folder: &str) -> Vec<SeedRecord> {
        read_table(&self.path(folder).join("seeds.csv")).unwrap()
    }

    fn lenet5(&self, words: &str) -> Command {
        lenet5(self.home.path(), words)
    }
}

/// Starts `lenet5` with these words and returns while it runs.
fn start(user: &User, words: &str) -> Child {
    lenet5(user.home.path(), words).stdout(Stdio::piped()).spawn().unwrap()
}

/// Kills a process, which lets go of its lock.
fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Sends a process a signal, such as `INT`.
#[cfg(unix)]
fn send(signal: &str, child: &Child) {
    let line = format!("kill -{signal} {}", child.id());
    assert!(Command::new("sh").args(["-c", &line]).status().unwrap().success());
}

/// Stops `lenet5` with these words by a signal after a pass of the run in `folder`; returns what it printed. Its exit code is the signal's.
#[cfg(unix)]
fn stop(user: &User, words: &str, folder: &str, (signal, code): (&str, i32)) -> String {
    let child = start(user, words);
    wait_for_passes(user, folder, 1);
    send(signal, &child);
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(code), "{signal}: {text}");
    text
}

#[cfg(unix)]
fn shell(user: &User, line: &str) {
    assert!(Command::new("sh").args(["-c", line]).current_dir(user.home.path()).status().unwrap().success());
}

/// Waits until the run in `folder` has recorded `passes` passes.
fn wait_for_passes(user: &User, folder: &str, passes: usize) {
    let started = Instant::now();
    while fs::read_to_string(user.path(folder).join("metrics.csv")).map_or(0, |text| text.lines().count()) <= passes {
        assert!(started.elapsed() < Duration::from_secs(120), "no pass is recorded");
        sleep(Duration::from_millis(5));
    }
}

/// Standard output and error of a command that ends with this code.
fn outputs(command: &mut Command, code: i32) -> (String, String) {
    let output = command.output().unwrap();
    let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert_eq!(output.status.code(), Some(code), "{command:?}: {stdout}\n{stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
    (stdout, stderr)
}

/// The standard output of a command that succeeds.
fn printed(command: &mut Command) -> String {
    outputs(command, 0).0
}

/// The standard error of a command that fails with this code.
fn complaint(command: &mut Command, code: i32) -> String {
    outputs(command, code).1
}

/// Checks that `lenet5` with these words fails with this code and message; all of its complaint.
fn refused(user: &User, words: &str, code: i32, message: &str) -> String {
    let text = complaint(&mut user.lenet5(words), code);
    assert!(text.contains(message), "{words}: {text}");
    text
}

/// Writes a model of this preset, as it starts, to the user's folder: its answers mean nothing.
fn write_model(user: &User, name: &str, preset: &str, source: Source) {
    let settings = models::preset(preset).unwrap().check().unwrap();
    Model { passes: 1, ..Model::untrained(settings, source) }.save(&user.path(name)).unwrap();
}

/// Writes image `index` of the embedded test digits as a PGM picture and returns its class.
fn write_digit(path: &Path, index: usize) -> u8 {
    let digits = lenet5::data::digits::load().test;
    let (height, width) = digits.size();
    let mut pgm = format!("P5 {width} {height} 255\n").into_bytes();
    pgm.extend(digits.image(index));
    fs::write(path, pgm).unwrap();
    digits.labels()[index]
}
