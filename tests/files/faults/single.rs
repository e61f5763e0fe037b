//! Single faults that once went wrong.

use std::fs;

use super::program::{Fault, Folder, copy, shim};

const RUN: &str =
    "train --dataset digits --preset lenet1 --set training_patterns=30 --set held_out=10 --passes 2 --out run";
const RESUME: &str = "train --resume --out run --passes 3";

/// The numbers of these operations, from 1 on.
fn places(operations: &[String], wanted: impl Fn(&str) -> bool) -> Vec<usize> {
    (1..).zip(operations).filter(|(_, line)| wanted(line)).map(|(at, _)| at).collect()
}

/// A run loses nothing because a file of it cannot be read for once.
#[test]
fn a_file_that_cannot_be_read_is_not_a_missing_one() {
    if shim().is_none() {
        return;
    }
    let whole = Folder::new();
    whole.succeeds(RUN);
    let tried = Folder::new();
    copy(&whole.path("run"), &tried.path("run"));
    let operations = tried.succeeds(RESUME).operations;
    // The lock says which process has it.
    let kept = |folder: &Folder| {
        let mut contents = folder.contents();
        contents.retain(|(path, _)| !path.ends_with("lock"));
        contents
    };
    for name in
        ["config.toml", "checkpoint.safetensors", "metrics.csv", "rates.csv", "environment.toml", "patterns.csv"]
    {
        let lines = places(&operations, |line| {
            let (operation, path) = line.split_once(' ').unwrap();
            ["stat", "open", "read"].contains(&operation) && path == format!("run/{name}")
        });
        assert!(!lines.is_empty(), "{name} is not read: {operations:?}");
        for at in lines {
            let folder = Folder::new();
            copy(&whole.path("run"), &folder.path("run"));
            let before = kept(&folder);
            let output = folder.run(RESUME, Some((at, Fault::error(libc::EIO))));
            assert_eq!(output.status.code(), Some(1), "{}: {}", operations[at - 1], output.text());
            assert!(output.stderr.contains(&format!("run/{name}: ")), "{}", output.stderr);
            assert!(before == kept(&folder), "{}: something has changed", operations[at - 1]);
        }
    }
}

/// A trained network that cannot be read for once is not taken for what a killed run has left.
#[test]
fn a_checkpoint_that_cannot_be_read_is_not_overwritten() {
    if shim().is_none() {
        return;
    }
    let folder = Folder::new();
    folder.succeeds(RUN);
    for (path, _) in folder.contents() {
        if path.file_name().unwrap() != "checkpoint.safetensors" {
            fs::remove_file(path).unwrap();
        }
    }
    let before = folder.contents();
    let operations = folder.run(RUN, None).operations;
    let checkpoint = places(&operations, |line| line.ends_with("checkpoint.safetensors"));
    assert!(checkpoint.len() >= 3, "{operations:?}");
    for at in checkpoint {
        let output = folder.run(RUN, Some((at, Fault::error(libc::EIO))));
        assert_eq!(output.status.code(), Some(1), "{}", output.text());
        assert!(output.stderr.contains("run/checkpoint.safetensors"), "{}", output.stderr);
        assert!(before == folder.contents(), "{}", operations[at - 1]);
    }
}

/// Some NFS and Lustre have no locks.
#[test]
fn without_locks_training_goes_on_and_says_what_that_means() {
    if shim().is_none() {
        return;
    }
    let flock = |folder: &Folder, words: &str, code: i32| {
        let mut command = folder.command(words, Some((1, Fault::error(code))));
        folder.output(command.env("LENET5_FAULT_ONLY", "flock"))
    };
    let with = Folder::new();
    assert!(!with.succeeds(RUN).stderr.contains("warning"));
    for code in [libc::ENOLCK, libc::EOPNOTSUPP, libc::ENOSYS] {
        let folder = Folder::new();
        for (words, file) in [(RUN, "run/model.safetensors"), (RESUME, "run/checkpoint.safetensors")] {
            let output = flock(&folder, words, code);
            assert!(output.status.success(), "{}", output.text());
            let expected = "warning: run: there are no locks on this file system (";
            assert!(output.stderr.contains(expected), "{}", output.stderr);
            assert!(folder.path(file).exists());
        }
        let seeds = RUN.replace("--out run", "--seeds 1-2 --out run");
        let output = flock(&Folder::new(), &seeds, code);
        assert!(output.status.success() && output.stderr.matches("warning: ").count() == 1, "{}", output.text());
    }
    let folder = Folder::new();
    let output = flock(&folder, RUN, libc::EIO);
    assert_eq!(output.status.code(), Some(1), "{}", output.text());
    assert!(output.stderr.contains("run/lock"), "{}", output.stderr);
}
