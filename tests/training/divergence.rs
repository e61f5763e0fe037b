//! Training that diverges or is no better than chance, by way of the library: it is found, said, and overwrites nothing good.

#![cfg(feature = "digits")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use lenet5::applications::boosting::{self, MEMBERS};
use lenet5::config::Settings;
use lenet5::data::digits;
use lenet5::runs::checkpoint::Model;
use lenet5::runs::folder::{Outcome, Run, Verdict};
use lenet5::training::{NotFinite, Observer, PassRecord, Trainer};
use temp_dir::TempDir;

use crate::settings::settings;

/// The change of network with which the metrics stay finite while the weights are NaN: ReLU and the largest of four make a finite
/// number of what is none.
const RELU_AND_MAX: [&str; 4] = ["preset=paper-2.4", "activation=relu", "pooling=max", "training_patterns=300"];

/// A first pass that learns, and rates for the others that no network survives.
const CLIFF: &str = "schedule=[{ passes = 1, eta = 0.0005 }, { passes = 9, eta = 100000.0 }]";

fn relu_and_max(more: &[&str]) -> Settings {
    settings(&[&RELU_AND_MAX[..], more].concat())
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.is_file()).map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

/// Keeps the files of the run's folder as they are after each pass.
struct Watch<'a> {
    folder: &'a Path,
    after: Vec<BTreeMap<PathBuf, Vec<u8>>>,
}

impl Observer for Watch<'_> {
    fn pass(&mut self, _record: &PassRecord) {
        self.after.push(files(self.folder));
    }
}

#[test]
fn weights_that_are_not_finite_are_found_behind_finite_metrics() {
    let (settings, data) = (relu_and_max(&["eta_factor=10"]), digits::load());
    let mut trainer = Trainer::<f32>::new(&settings, &data);
    let record = trainer.pass(&mut ()).continue_value().unwrap();
    assert_eq!(trainer.divergence(&record), None);
    let record = trainer.pass(&mut ()).continue_value().unwrap();
    let losses = [Some(record.running_training_loss), record.training_loss, Some(record.test_loss)];
    assert!(losses.into_iter().flatten().all(f64::is_finite), "{record:?}");
    assert!(trainer.parameters().values.iter().any(|value| value.is_nan()));
    let divergence = trainer.divergence(&record).unwrap();
    assert_eq!((divergence.pass, divergence.not_finite), (2, NotFinite::Tensor("c1.weight".into())));
    assert_eq!(divergence.assignment, "eta_factor=1");

    let settings = relu_and_max(&[]);
    let mut trainer = Trainer::<f32>::new(&settings, &data);
    let record = trainer.pass(&mut ()).continue_value().unwrap();
    assert_eq!(trainer.divergence(&record), None);
}

#[test]
fn a_run_that_diverges_keeps_its_last_good_pass() {
    let (settings, data) = (relu_and_max(&[CLIFF, "passes=4"]), digits::load());
    let parent = TempDir::new().unwrap();
    let folder = &parent.path().join("run");
    let mut run = Run::create(folder, settings, &data).unwrap();
    let mut watch = Watch { folder, after: Vec::new() };
    let Outcome::Diverged(divergence) = run.train(&data, &mut watch).unwrap() else { panic!("it diverges") };
    assert_eq!((divergence.pass, divergence.not_finite.to_string().as_str()), (2, "c1.weight"));
    assert_eq!((run.records().len(), watch.after.len()), (1, 1), "nobody is told of the pass");

    // But for the verdict, every file is as the last good pass left it.
    let verdict = Verdict::Diverged(divergence.clone());
    assert_eq!((run.verdict(), Verdict::read(folder).unwrap().as_ref()), (Some(&verdict), Some(&verdict)));
    let mut after = files(folder);
    assert!(after.remove(&folder.join("verdict.toml")).is_some());
    assert_eq!(after.keys().collect::<Vec<_>>(), watch.after[0].keys().collect::<Vec<_>>());
    assert!(after == watch.after[0]);
    for name in ["model.safetensors", "checkpoint.safetensors"] {
        assert_eq!(Model::load(&folder.join(name)).unwrap().passes, 1);
    }
    drop(run);

    // It can be resumed, and comes to the same again.
    let mut run = Run::resume(folder, None).unwrap();
    assert_eq!(run.verdict(), Some(&verdict));
    assert_eq!(run.train(&data, &mut ()).unwrap(), Outcome::Diverged(divergence));
    drop(run);

    // A run of its good passes alone has nothing wrong with it.
    let mut run = Run::resume(folder, Some(1)).unwrap();
    assert_eq!(run.train(&data, &mut ()).unwrap(), Outcome::Finished);
    assert_eq!(run.verdict(), None);
    assert!(!folder.join("verdict.toml").exists());
}

/// Of steps that are far too large some optimizers and networks make NaN, and others saturated units that always answer the same.
#[test]
fn what_ruins_a_network_is_found_whichever_way_it_does() {
    let data = digits::load();
    let cases: [(&[&str], bool); 5] = [
        (&["optimizer=adam", "activation=relu"], true),
        (&["optimizer=sgd"], false),
        (&["preset=lenet1"], false),
        (&["preset=lush"], false),
        (&["preset=modern", "training_patterns=300"], false),
    ];
    for (case, diverges) in cases {
        let common = ["training_patterns=100", "eta_factor=1e6", "passes=3"];
        let settings = settings(&[&common[..], case].concat());
        let folder = TempDir::new().unwrap();
        let mut run = Run::create(&folder.path().join("run"), settings, &data).unwrap();
        let outcome = run.train(&data, &mut ()).unwrap();
        let verdict = run.verdict().unwrap_or_else(|| panic!("{case:?}: {outcome:?}"));
        assert_eq!((matches!(outcome, Outcome::Diverged(_)), verdict.divergence().is_some()), (diverges, diverges));
    }
}

#[test]
fn a_run_at_chance_is_marked_until_it_is_better() {
    let data = digits::load();
    let slow = "schedule=[{ passes = 2, eta = 1e-12 }, { passes = 9, eta = 0.0005 }]";
    let settings = settings(&["training_patterns=300", slow, "passes=2"]);
    let parent = TempDir::new().unwrap();
    let folder = &parent.path().join("run");
    let mut run = Run::create(folder, settings, &data).unwrap();
    assert_eq!(run.train(&data, &mut ()).unwrap(), Outcome::Finished);
    let Some(Verdict::AtChance(chance)) = run.verdict() else { panic!("it learns nothing") };
    assert_eq!((chance.pass, chance.passes), (2, 2));
    assert!(chance.error_percent > 84.0 && chance.chance_error_percent == 87.5, "45 of the 360 digits are 3");
    assert_eq!(Verdict::read(folder).unwrap().as_ref(), run.verdict());
    drop(run);

    // A folder of an older program has no verdict, and gets it when it is opened next.
    let verdict = fs::read(folder.join("verdict.toml")).unwrap();
    fs::remove_file(folder.join("verdict.toml")).unwrap();
    let mut run = Run::resume(folder, None).unwrap();
    assert_eq!(run.verdict(), None);
    assert_eq!(run.train(&data, &mut ()).unwrap(), Outcome::Finished);
    assert_eq!(fs::read(folder.join("verdict.toml")).unwrap(), verdict);
    drop(run);

    let mut run = Run::resume(folder, Some(5)).unwrap();
    assert_eq!(run.train(&data, &mut ()).unwrap(), Outcome::Finished);
    assert!(run.records()[4].test_error_percent < 60.0);
    assert!(run.verdict().is_none() && !folder.join("verdict.toml").exists());
}

#[test]
fn a_member_that_diverges_ends_the_committee() {
    let (folder, data) = (TempDir::new().unwrap(), digits::load());
    let settings = relu_and_max(&[CLIFF, "passes=2", "distortion=0.5"]);
    for _ in 0..2 {
        let outcome = boosting::train(folder.path(), &settings, &data, &mut ()).unwrap();
        assert!(matches!(outcome, Outcome::Diverged(divergence) if divergence.pass == 2));
        assert_eq!(boosting::records(folder.path()).unwrap().map(|records| records.len()), [1, 0, 0]);
        assert!(!folder.path().join(MEMBERS[1]).exists());
    }
}
