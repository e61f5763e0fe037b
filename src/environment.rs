//! What computed a run: for the record, so that a number can be traced to a program and a machine.

use std::process::Command;

use serde::Serialize;

use crate::data::Dataset;

#[derive(Serialize)]
struct Environment<'a> {
    version: &'a str,
    commit: String,
    data: &'a str,
    cpu: String,
    operating_system: &'a str,
    architecture: &'a str,
    kernels: &'a str,
    threads: usize,
}

/// The contents of a run's `environment.toml`: version, commit, data, CPU, kernels, threads.
pub fn describe(dataset: &Dataset) -> String {
    let environment = Environment {
        version: env!("CARGO_PKG_VERSION"),
        commit: commit().unwrap_or_else(|| "unknown".into()),
        data: &dataset.origin,
        cpu: cpu().unwrap_or_else(|| "unknown".into()),
        operating_system: std::env::consts::OS,
        architecture: std::env::consts::ARCH,
        kernels: "plain, f32",
        threads: rayon::current_num_threads(),
    };
    toml::to_string(&environment).expect("plain values")
}

/// The commit of the source folder that this program was built in, with `-dirty` where it has been changed since; `None` if
/// that folder is gone or is no git checkout.
fn commit() -> Option<String> {
    let arguments = ["-C", env!("CARGO_MANIFEST_DIR"), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"];
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !text.trim().is_empty()).then(|| text.trim().into())
}

/// The processor's name, where the system tells it in a file.
fn cpu() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().into())
}
