//! The environment of a run: the program and the machine to which its results can be traced.

use std::sync::OnceLock;

use serde::Serialize;

use crate::data::Dataset;
use crate::kernels::simd::Level;

static COMMIT: OnceLock<Option<&str>> = OnceLock::new();

#[derive(Serialize)]
struct Environment<'a> {
    first_pass: usize,
    version: &'a str,
    commit: &'a str,
    data: &'a str,
    cpu: String,
    operating_system: &'a str,
    architecture: &'a str,
    simd: &'a str,
    threads: usize,
}

/// A `[[session]]` of a run's `environment.toml`, one for each time it was trained: first pass, version, commit, data,
/// CPU, SIMD level, threads.
pub fn describe(dataset: &Dataset, first_pass: usize) -> String {
    let environment = Environment {
        first_pass,
        version: env!("CARGO_PKG_VERSION"),
        commit: commit(),
        data: &dataset.origin,
        cpu: cpu(),
        operating_system: std::env::consts::OS,
        architecture: std::env::consts::ARCH,
        simd: Level::of_process().name(),
        threads: rayon::current_num_threads(),
    };
    format!("[[session]]\n{}\n", toml::to_string(&environment).expect("plain values"))
}

/// States the commit of the program's sources, with `-dirty` where they differ from it, for the runs that it records. The programs
/// `lenet5` and `lenet5-reproduce` have theirs compiled in. The first statement holds.
pub fn set_commit(commit: Option<&'static str>) {
    COMMIT.get_or_init(|| commit);
}

/// The commit that [`set_commit`] was told; `unknown` if none was.
pub fn commit() -> &'static str {
    COMMIT.get().copied().flatten().unwrap_or("unknown")
}

/// The name of this machine, `unknown` on systems that do not tell it in a file.
pub fn host() -> String {
    let files = ["/proc/sys/kernel/hostname", "/etc/hostname"].into_iter();
    let names = files.filter_map(|path| Some(std::fs::read_to_string(path).ok()?.trim().to_string()));
    names.chain(std::env::var("COMPUTERNAME")).find(|name| !name.is_empty()).unwrap_or_else(|| "unknown".into())
}

/// The processor's name from `/proc/cpuinfo`, `unknown` on systems without that file.
pub fn cpu() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split_once(':'));
    line.map_or_else(|| "unknown".into(), |(_, name)| name.trim().into())
}
