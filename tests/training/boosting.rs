//! Chosen patterns in a run's folder, and three networks trained on each other's errors: interrupted anywhere, the same bits.

#![cfg(feature = "digits")]

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use lenet5::applications::boosting::{self, Committee, MEMBERS, judge};
use lenet5::config::Settings;
use lenet5::data::{Dataset, digits};
use lenet5::runs::folder::{Outcome, Run, RunError};
use lenet5::training::presentation::Presentation;
use lenet5::training::{Observer, PassRecord, Progress};
use temp_dir::TempDir;

use crate::settings;

fn settings(assignments: &[&str]) -> Settings {
    let common = ["preset=lenet4", "training_patterns=60", "distortion=0.5", "curvature_count=20", "passes=2"];
    settings::settings(&[&common[..], assignments].concat())
}

fn data() -> Dataset {
    let all = digits::load();
    Dataset { test: all.test.first(40), ..all }
}

/// Stops the `network`-th network, counted from 0, in this pass (0 while its patterns are looked for), at its `presented`-th
/// pattern or as soon as it has more.
struct Interrupt {
    at: (usize, usize, usize),
    finished: usize,
}

impl Observer for Interrupt {
    fn step(&mut self, progress: Progress) -> ControlFlow<()> {
        let now = (self.finished / 2, progress.pass, progress.presented);
        if now >= self.at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn pass(&mut self, _record: &PassRecord) {
        self.finished += 1;
    }
}

fn read(folder: &Path, name: &str) -> Vec<u8> {
    fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn a_run_on_chosen_patterns_is_resumed_to_the_same_bits() {
    let (data, settings, patterns) = (data(), settings(&["order=reshuffled"]), vec![7, 3, 61, 125, 64, 6007, 59]);
    let (parts, whole) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    // What a kill leaves before the configuration is written does not get in the way, and is not taken for this run's.
    fs::write(parts.path().join("patterns.csv"), "pattern\n9\n").unwrap();
    fs::write(parts.path().join("patterns.csv.1-1.tmp"), "pat").unwrap();
    let mut run = Run::create_on(parts.path(), settings.clone(), &data, patterns.clone()).unwrap();
    assert_eq!(run.train(&data, &mut Interrupt { at: (0, 2, 3), finished: 0 }).unwrap(), Outcome::Stopped);
    drop(run);
    let mut run = Run::take_up(parts.path(), &settings, &data).unwrap().expect("a run");
    assert_eq!((run.records().len(), run.patterns()), (1, Some(patterns.as_slice())));
    assert_eq!(run.train(&data, &mut ()).unwrap(), Outcome::Finished);
    let mut run = Run::create_on(whole.path(), settings, &data, patterns).unwrap();
    run.train(&data, &mut ()).unwrap();
    for name in ["model.safetensors", "patterns.csv", "rates.csv"] {
        assert!(read(parts.path(), name) == read(whole.path(), name), "{name}");
    }
}

#[test]
fn patterns_that_are_left_over_are_not_those_of_a_run_on_all() {
    let (folder, data) = (TempDir::new().unwrap(), data());
    fs::write(folder.path().join("patterns.csv"), "pattern\n9\n").unwrap();
    drop(Run::create(folder.path(), settings(&[]), &data).unwrap());
    assert!(!folder.path().join("patterns.csv").exists());
    assert!(Run::resume(folder.path(), None).unwrap().patterns().is_none());

    let thesis = TempDir::new().unwrap();
    fs::write(thesis.path().join("patterns.csv"), "chapter,words\n1,900\n").unwrap();
    let error = Run::create(thesis.path(), settings(&[]), &data).unwrap_err();
    assert!(matches!(error, RunError::Occupied { what: "files", .. }), "{error}");
}

#[test]
fn broken_patterns_are_an_error() {
    let (folder, data) = (TempDir::new().unwrap(), data());
    let none = Run::create_on(folder.path(), settings(&[]), &data, Vec::new()).unwrap_err();
    assert!(matches!(none, RunError::NoPatterns(_)), "{none}");
    drop(Run::create_on(folder.path(), settings(&[]), &data, vec![1]).unwrap());
    for broken in ["", "pattern\n", "pattern\n-1\n", "pattern\n4294967296\n", "pattern\ntwo\n", "moo\n1\n", "\u{fffd}"]
    {
        fs::write(folder.path().join("patterns.csv"), broken).unwrap();
        let error = Run::resume(folder.path(), None).expect_err(broken);
        assert!(matches!(error, RunError::NoPatterns(_) | RunError::Metrics(..)), "{broken}: {error}");
    }
    // The largest number there is belongs to some image, too.
    fs::write(folder.path().join("patterns.csv"), format!("pattern\n{}\n", u32::MAX)).unwrap();
    assert_eq!(Run::resume(folder.path(), None).unwrap().train(&data, &mut ()).unwrap(), Outcome::Finished);
}

#[test]
fn three_networks_interrupted_anywhere_come_to_the_same_bits() {
    let (data, settings, whole) = (data(), settings(&[]), TempDir::new().unwrap());
    assert_eq!(boosting::train(whole.path(), &settings, &data, &mut ()).unwrap(), Outcome::Finished);
    assert_eq!(boosting::records(whole.path()).unwrap().map(|records| records.len()), [2, 2, 2]);
    let parts = TempDir::new().unwrap();
    let mut stops = 0;
    for at in [(0, 1, 5), (0, 2, 60), (1, 0, 0), (1, 1, 30), (1, 2, 1), (2, 0, 0), (2, 2, 7)] {
        let finished = boosting::records(parts.path()).unwrap().iter().map(Vec::len).sum();
        let outcome = boosting::train(parts.path(), &settings, &data, &mut Interrupt { at, finished });
        stops += usize::from(outcome.unwrap() == Outcome::Stopped);
    }
    assert_eq!(stops, 7);
    // A kill between the filter's end and the run's beginning leaves this.
    fs::remove_file(parts.path().join("third/config.toml")).unwrap();
    fs::remove_file(parts.path().join("third/metrics.csv")).unwrap();
    for name in ["model.safetensors", "rates.csv", "environment.toml", "checkpoint.safetensors"] {
        fs::remove_file(parts.path().join("third").join(name)).unwrap();
    }
    assert_eq!(boosting::train(parts.path(), &settings, &data, &mut ()).unwrap(), Outcome::Finished);
    for name in MEMBERS {
        let model = format!("{name}/model.safetensors");
        assert!(read(parts.path(), &model) == read(whole.path(), &model), "{name}");
    }
    for name in ["second.csv", "second/patterns.csv", "third.csv", "third/patterns.csv"] {
        assert!(read(parts.path(), name) == read(whole.path(), name), "{name}");
    }

    // Half of the second's patterns are wrong by the first, and the first two disagree on all of the third's.
    let committee = Committee::load(whole.path()).unwrap();
    let networks: Vec<_> = committee.models()[..2].iter().map(|model| (model.network(), &model.values[..])).collect();
    let verdicts = |index: usize, verdict: fn(usize, &[usize]) -> bool| {
        let run = Run::resume(&whole.path().join(MEMBERS[index]), None).unwrap();
        let encoding = networks[0].0.encoding();
        let presentation =
            Presentation::new(data.training.first(60), &boosting::member(&settings, index).unwrap(), encoding);
        let patterns = run.patterns().unwrap().to_vec();
        assert!(patterns.len() == 60 && patterns.iter().all(|&pattern| pattern >= 60));
        judge(&networks, &presentation, &patterns, verdict).into_iter().filter(|&wrong| wrong).count()
    };
    let wrong = verdicts(1, |class, answers| answers[0] != class);
    assert!((18..=42).contains(&wrong), "{wrong} of 60");
    assert_eq!(verdicts(2, |_, answers| answers[0] != answers[1]), 60);
    let filter = boosting::filtered(whole.path(), "third").unwrap();
    assert!(filter.found == 60 && filter.wanted == 60 && filter.seen >= 60 && filter.copies >= 1, "{filter:?}");

    let members = committee.members(&data.test);
    let threshold = members.threshold(data.test.labels());
    assert!((1.0..=3.0).contains(&members.cascade(threshold).networks_per_pattern));
    refusals(whole.path(), &settings, &data);
}

/// Folders that do not belong together are refused.
fn refusals(folder: &Path, settings: &Settings, data: &Dataset) {
    let more = settings.with(|config| config.passes = 3).unwrap();
    let error = boosting::train(folder, &more, data, &mut ()).unwrap_err();
    assert!(matches!(error, RunError::Different { .. }) && error.to_string().contains("2 passes and not 3"), "{error}");
    fs::remove_file(folder.join("second/patterns.csv")).unwrap();
    let error = boosting::train(folder, settings, data, &mut ()).unwrap_err();
    assert!(matches!(error, RunError::Metrics(..)), "{error}");
    fs::copy(folder.join("third/model.safetensors"), folder.join("second/model.safetensors")).unwrap();
    assert!(matches!(Committee::load(folder), Err(RunError::Different { .. })));
}
