//! The environment of a run: the program and the machine to which its results can be traced.

use std::process::Command;
use std::time::UNIX_EPOCH;

use serde::Serialize;

use crate::data::Dataset;
use crate::kernels::simd::Level;

#[derive(Serialize)]
struct Environment<'a> {
    first_pass: usize,
    version: &'a str,
    commit: String,
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
        commit: commit().unwrap_or_else(|| "unknown".into()),
        data: &dataset.origin,
        cpu: cpu(),
        operating_system: std::env::consts::OS,
        architecture: std::env::consts::ARCH,
        simd: Level::of_process().name(),
        threads: rayon::current_num_threads(),
    };
    format!("[[session]]\n{}\n", toml::to_string(&environment).expect("plain values"))
}

/// The commit of the source folder that this program was built in, with `-dirty` where files differ from it other than
/// results and texts; `None` if that folder is gone, is not a git checkout, or has such files of a commit that is newer than the
/// program.
pub fn commit() -> Option<String> {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(["-C", env!("CARGO_MANIFEST_DIR")]).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_string())
    };
    let sources = ["--", ".", ":!results", ":!*.md"];
    let committed: u64 = git(&[&["log", "-1", "--format=%ct"][..], &sources].concat())?.parse().ok()?;
    let built = std::env::current_exe().ok()?.metadata().ok()?.modified().ok()?;
    if built.duration_since(UNIX_EPOCH).ok()?.as_secs() < committed {
        return None;
    }
    let changed = git(&[&["status", "--porcelain", "--untracked-files=no"][..], &sources].concat())?;
    Some(git(&["rev-parse", "HEAD"])? + if changed.is_empty() { "" } else { "-dirty" })
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
