//! Runs of several seeds by way of the library: taken up, stopped, refused.

use lenet5::config::Settings;
use lenet5::data::{Dataset, Source};
use lenet5::runs::folder::{Outcome, Run, RunError};
use lenet5::runs::seeds::{self, Seeds};
use temp_dir::TempDir;

use crate::settings::settings;
use crate::short::{StopAt, dataset};

#[test]
fn one_that_is_stopped_stops_all() {
    let (parent, data, settings) = (TempDir::new().unwrap(), dataset(Source::Digits), settings(&["passes=500"]));
    let seeds: Seeds = "1-4".parse().unwrap();
    let mut runs = seeds::open(parent.path(), &seeds, &settings, &data).unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    // The run of seed 2 in its third pass, and no other.
    let stop = |run: &Run| StopAt(if run.settings().seed == 2 { 3 } else { usize::MAX }, 0);
    let outcome = pool.install(|| seeds::train(&mut runs, &data, stop)).unwrap();
    assert_eq!(outcome, Outcome::Stopped);
    let passes: Vec<usize> = runs.iter().map(|run| run.records().len()).collect();
    assert!(passes[0] < 500 && passes[1..] == [2, 0, 0], "{passes:?}");
    assert_eq!(seeds::records(&runs).last().unwrap().passes, 2, "runs without a pass have no record");
}

#[test]
fn a_run_is_taken_up_with_its_own_settings_and_data_alone() {
    let (parent, data) = (TempDir::new().unwrap(), dataset(Source::Digits));
    let folder = parent.path().join("run");
    assert!(Run::take_up(&folder, &settings(&["passes=2"]), &data).unwrap().is_none() && !folder.exists());
    Run::create(&folder, settings(&["passes=2"]), &data).unwrap().train(&data, &mut ()).unwrap();
    let run = Run::take_up(&folder, &settings(&["passes=3"]), &data).unwrap().unwrap();
    assert_eq!((run.records().len(), run.settings().passes), (2, 3));
    drop(run);

    let refused = |settings: &Settings, data: &Dataset| Run::take_up(&folder, settings, data).unwrap_err();
    let error = refused(&settings(&["passes=2", "j=3", "order=reshuffled"]), &data);
    assert!(matches!(error, RunError::Different { .. }));
    let message = error.to_string();
    assert!(message.contains("`j` is 1.5 and not 3.0, `order` is \"fixed\" and not \"reshuffled\";"), "{message}");
    let message = refused(&settings(&["passes=2"]), &dataset(Source::Mnist)).to_string();
    assert!(message.contains("`dataset` is \"digits\" and not \"mnist\""), "{message}");
    assert!(matches!(refused(&settings(&["passes=1"]), &data), RunError::Passes { done: 2, wanted: 1, .. }));
}
