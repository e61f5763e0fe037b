//! The program with the shim before it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::LazyLock;

use temp_dir::TempDir;

use crate::program::lenet5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The process is killed in the middle of it.
    Kill,
    /// It fails with this error.
    Error {
        /// The number of the error.
        code: i32,
        /// The later ones that need space fail, too.
        lasts: bool,
    },
}

impl Fault {
    /// There is no space left, nor will there be.
    pub const DISK_FULL: Self = Self::Error { code: libc::ENOSPC, lasts: true };

    pub fn lasts(self) -> bool {
        matches!(self, Self::Error { lasts: true, .. })
    }

    /// Fails once with this error.
    pub const fn error(code: i32) -> Self {
        Self::Error { code, lasts: false }
    }
}

/// The shim, if there is a C compiler.
pub fn shim() -> Option<&'static Path> {
    static SHIM: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
        let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join("faults.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/files/faults/shim.c");
        let compiled =
            Command::new("cc").args(["-O1", "-shared", "-fPIC", source, "-ldl", "-o"]).arg(&library).status();
        match compiled {
            Ok(status) => {
                assert!(status.success(), "{source} does not compile");
                Some(library)
            }
            Err(error) => {
                eprintln!("NOT RUN: cc, the C compiler, cannot be started ({error})");
                None
            }
        }
    });
    SHIM.as_deref()
}

pub struct Folder(TempDir);

pub struct Output {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
    /// Its operations on files below `run`, each with its path.
    pub operations: Vec<String>,
}

impl Output {
    pub fn text(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

impl Folder {
    /// In memory, where there is such a folder: nothing has to be on a disk here.
    pub fn new() -> Self {
        let memory = Path::new("/dev/shm");
        Self(if memory.is_dir() { TempDir::with_prefix("/dev/shm/lenet5-") } else { TempDir::new() }.unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// `lenet5` with these words typed behind it, and the shim in between.
    pub fn command(&self, words: &str, fault: Option<(usize, Fault)>) -> Command {
        let mut command = lenet5(self.0.path(), words);
        // Without git to be asked for the commit, which takes longer than the training.
        command.env("PATH", "").env("RAYON_NUM_THREADS", "1");
        command.env("LD_PRELOAD", shim().expect("it has been asked for")).env("LENET5_FAULT_FOLDER", "run");
        command.env("LENET5_FAULT_LOG", self.path("log"));
        if let Some((at, fault)) = fault {
            command.env("LENET5_FAULT_AT", at.to_string());
            match fault {
                Fault::Kill => command.env("LENET5_FAULT_DO", "kill"),
                Fault::Error { code, lasts } => {
                    if lasts {
                        command.env("LENET5_FAULT_LASTS", "");
                    }
                    command.env("LENET5_FAULT_DO", code.to_string())
                }
            };
        }
        command
    }

    /// Runs a command, disturbed at an operation.
    pub fn output(&self, command: &mut Command) -> Output {
        let _ = fs::remove_file(self.path("log"));
        let output = command.output().unwrap();
        let log = fs::read_to_string(self.path("log")).unwrap_or_default();
        Output {
            status: output.status,
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            operations: log.lines().map(String::from).collect(),
        }
    }

    /// Runs `lenet5`, disturbed at an operation.
    pub fn run(&self, words: &str, fault: Option<(usize, Fault)>) -> Output {
        self.output(&mut self.command(words, fault))
    }

    /// Runs `lenet5` undisturbed.
    pub fn succeeds(&self, words: &str) -> Output {
        let output = self.run(words, None);
        assert!(output.status.success(), "{words}: {}", output.text());
        output
    }

    /// All files below `run` with their contents.
    pub fn contents(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.path("run")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { files.push((path.clone(), fs::read(path).unwrap())) }
            }
        }
        files.sort();
        files
    }
}

pub fn is_there(path: &Path) -> bool {
    path.try_exists().unwrap()
}

pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() { copy(&entry.path(), &to) } else { fs::copy(entry.path(), to).map(drop).unwrap() }
    }
}
