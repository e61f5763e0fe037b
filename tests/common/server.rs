//! `lenet5 demo` at work.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use crate::program::lenet5;

/// The server, which ends with this value.
pub struct Demo {
    pub child: Child,
    pub address: String,
}

impl Demo {
    pub fn start(arguments: &[&str]) -> Self {
        let mut command = lenet5(&std::env::temp_dir(), "demo --port 0");
        let mut child = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().trim_start_matches("http://").trim_end_matches('/').to_string();
        Self { child, address }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
