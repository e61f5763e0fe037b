//! A run whose files fail: each operation on a file in turn ends in an error, or is the last one before the process is killed.
//! `shim.c`, preloaded, sees to that. Whatever happens, what was good stays, the error is named, and the run goes on to the bits that
//! it would have had.
//!
//! `LENET5_FAULT_SECONDS=3600 cargo test --release --test files faults -- --nocapture` tries every operation with every error, and then
//! several faults one after the other until the time is up.

#![cfg(feature = "app")]

mod program;
mod single;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use lenet5::random::stream;
use lenet5::runs::tensorboard;
use rand::RngExt;

use crate::metrics::without_times;
use program::{Fault, Folder, copy, is_there};

struct Scenario {
    name: &'static str,
    /// The command that comes before, undisturbed.
    before: Option<&'static str>,
    words: &'static str,
    /// The command after it, if there is a run by then.
    again: &'static str,
    runs: &'static [&'static str],
}

/// LeNet-1, whose run has the same files, and ten patterns to test on in place of 360 make it short.
macro_rules! train {
    ($words:literal) => {
        concat!("train --dataset digits --preset lenet1 --set training_patterns=30 --set held_out=10 ", $words)
    };
}

const SCENARIOS: [Scenario; 3] = [
    Scenario {
        name: "a new run",
        before: None,
        words: train!("--passes 2 --out run"),
        again: "train --resume --out run",
        runs: &["run"],
    },
    Scenario {
        name: "a run that is resumed",
        before: Some(train!("--passes 2 --out run")),
        words: "train --resume --out run --passes 4 --tensorboard",
        again: "train --resume --out run --passes 4 --tensorboard",
        runs: &["run"],
    },
    Scenario {
        name: "two seeds",
        before: None,
        words: train!("--passes 2 --seeds 1-2 --out run"),
        again: train!("--passes 2 --seeds 1-2 --out run"),
        runs: &["run/seed-1", "run/seed-2"],
    },
];

const FAULTS: [Fault; 4] = [Fault::Kill, Fault::error(libc::EIO), Fault::error(libc::EACCES), Fault::DISK_FULL];

/// A scenario with what comes of it undisturbed.
struct Undisturbed {
    scenario: &'static Scenario,
    /// The folder before the command, and after it.
    before: Folder,
    after: Folder,
    operations: usize,
}

impl Undisturbed {
    fn new(scenario: &'static Scenario) -> Self {
        let (before, after) = (Folder::new(), Folder::new());
        if let Some(words) = scenario.before {
            before.succeeds(words);
            copy(&before.path("run"), &after.path("run"));
        }
        let operations = after.run(scenario.words, None).operations.len();
        assert!(operations > 50, "{}: {operations} operations", scenario.name);
        Self { scenario, before, after, operations }
    }

    /// Disturbs the command at these operations, each time that it is given, and lets it come to its end.
    fn disturb(&self, faults: &[(usize, Fault)]) {
        let folder = Folder::new();
        if self.scenario.before.is_some() {
            copy(&self.before.path("run"), &folder.path("run"));
        }
        let words = |folder: &Folder| {
            let made = self.scenario.runs.iter().any(|run| is_there(&folder.path(run).join("config.toml")));
            if made { self.scenario.again } else { self.scenario.words }
        };
        for &(at, fault) in faults {
            let place = || format!("{}, {faults:?}", self.scenario.name);
            let output = folder.run(words(&folder), Some((at, fault)));
            let text = output.text();
            assert!(!text.contains("panicked"), "{}: {text}", place());
            match output.status.code() {
                None => assert_eq!(fault, Fault::Kill, "{}: {text}", place()),
                Some(0) => self.compare(&folder, false, &place()),
                Some(1) => {
                    // Of a full disk, it may be a later one: the first may be one that does no harm.
                    let failed = output.operations.iter().skip(at - 1).take(if fault.lasts() { usize::MAX } else { 1 });
                    let names: Vec<&str> = failed.map(|line| name(line)).collect();
                    let is_named = text.contains("error: ") && names.iter().any(|name| text.contains(name));
                    assert!(is_named, "{}, {names:?}: {text}", place());
                }
                code => panic!("{}: exit code {code:?}: {text}", place()),
            }
        }
        folder.succeeds(words(&folder));
        self.compare(&folder, true, &format!("{}, {faults:?}", self.scenario.name));
    }

    /// A complete run is the undisturbed one. After a disturbed command, its curve may be missing, which was said, and a temporary
    /// file there.
    fn compare(&self, folder: &Folder, everything: bool, place: &str) {
        for run in self.scenario.runs {
            let (expected, found) = (self.after.path(run), folder.path(run));
            let read = |folder: &Path, name: &str| fs::read(folder.join(name)).unwrap_or_default();
            for name in ["config.toml", "model.safetensors", "checkpoint.safetensors", "rates.csv"] {
                assert!(read(&expected, name) == read(&found, name), "{place}: {name} differs");
            }
            assert_eq!(without_times(&expected), without_times(&found), "{place}");
            assert_eq!(events(&expected), events(&found), "{place}");
            let before = fs::read_to_string(self.before.path(run).join("environment.toml")).unwrap_or_default();
            let sessions = String::from_utf8(read(&found, "environment.toml")).unwrap();
            assert!(sessions.starts_with(&before) && sessions.parse::<toml::Table>().is_ok(), "{place}: {sessions}");
            assert!(sessions.contains("first_pass = 1\n"), "{place}: {sessions}");
            if everything {
                let curve = "learning_curve.svg";
                assert!(read(&expected, curve) == read(&found, curve), "{place}: {curve} differs");
                assert_eq!(names(&expected), names(&found), "{place}");
            }
        }
        let seeds = |folder: &Folder| fs::read(folder.path("run/seeds.csv")).ok();
        assert!(seeds(&self.after) == seeds(folder), "{place}: seeds.csv differs");
    }
}

/// The name of the file in a line of the log.
fn name(line: &str) -> &str {
    let name = line.rsplit(['/', ' ']).next().expect("a path");
    lenet5::files::target_of_temporary(name).unwrap_or(name)
}

/// The numbers that were logged, by step and tag, but for times.
fn events(run: &Path) -> BTreeMap<(i64, String), f32> {
    let files = tensorboard::event_files(run).unwrap();
    let scalars = files.iter().flat_map(|file| tensorboard::read(file).unwrap());
    let scalars = scalars.filter(|scalar| !scalar.tag.starts_with("time/"));
    scalars.map(|scalar| ((scalar.step, scalar.tag), scalar.value)).collect()
}

/// The names of the files of a run; those of event files have the time in them.
fn names(run: &Path) -> Vec<String> {
    let entries = fs::read_dir(run).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.filter(|name| !name.starts_with("events.")).collect();
    names.sort();
    names
}

/// Tries all of these, side by side, until the time is up. Returns how many were tried.
fn try_all(
    trials: impl Iterator<Item = (usize, Vec<(usize, Fault)>)> + Send,
    all: &[Undisturbed],
    until: Instant,
) -> usize {
    let (trials, count) = (std::sync::Mutex::new(trials), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while Instant::now() < until {
                    let next = trials.lock().map(|mut trials| trials.next());
                    let Ok(Some((scenario, faults))) = next else { break };
                    all[scenario].disturb(&faults);
                    count.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    count.into_inner()
}

/// Each operation of a run once, killed or failing in turns; with `LENET5_FAULT_SECONDS`, see above.
#[test]
fn every_operation_may_fail_or_be_the_last() {
    if program::shim().is_none() {
        return;
    }
    let seconds: Option<u64> = std::env::var("LENET5_FAULT_SECONDS").ok().map(|text| text.parse().expect("seconds"));
    let started = Instant::now();
    let all: Vec<Undisturbed> = SCENARIOS.iter().map(Undisturbed::new).collect();
    let each = all.iter().enumerate().flat_map(|(scenario, undisturbed)| {
        (1..=undisturbed.operations)
            .flat_map(move |at| FAULTS.iter().enumerate().map(move |fault| (scenario, at, fault)))
    });
    let Some(seconds) = seconds else {
        // Of two seeds, the files are those of two new runs.
        let some = each.filter(|&(scenario, at, (kind, _))| scenario < 2 && at % FAULTS.len() == kind);
        let some = some.map(|(scenario, at, (_, &fault))| (scenario, vec![(at, fault)]));
        let expected = some.clone().count();
        assert_eq!(try_all(some, &all, started + Duration::from_secs(3600)), expected);
        return;
    };
    let until = started + Duration::from_secs(seconds);
    let each = try_all(each.map(|(scenario, at, (_, &fault))| (scenario, vec![(at, fault)])), &all, until);
    let mut generator = stream(1998, "faults", 0);
    let several = std::iter::repeat_with(|| {
        let scenario = generator.random_range(0..all.len());
        let count = generator.random_range(2..=5);
        let mut fault = || {
            let at = generator.random_range(1..=all[scenario].operations);
            (at, FAULTS[generator.random_range(0..FAULTS.len())])
        };
        (scenario, (0..count).map(|_| fault()).collect())
    });
    println!("{each} single faults, {} times several", try_all(several, &all, until));
}
