//! The folder of a run, with one of its files mutated: resumed, or refused for a reason.

use std::fs;
use std::path::{Path, PathBuf};

use lenet5::data::Source;
use lenet5::runs::folder::{Outcome, Run};

use super::harness::{self, Parser, run};
use super::{MEMORY, MODELS, SETTINGS, TABLES, valid, words};
use crate::settings::settings;
use crate::short::{StopAt, dataset};

/// Makes the run of LeNet-1 that was stopped in the third of its four passes; every file of it.
fn stopped_run(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let (settings, dataset) = (settings(&["preset=lenet1", "passes=4"]), dataset(Source::Digits));
    let run = Run::create_on(folder, settings, &dataset, vec![0, 3, 5, 23]).unwrap();
    let outcome = run.with_tensorboard(true).train(&dataset, &mut StopAt(3, 0)).unwrap();
    assert_eq!(outcome, Outcome::Stopped);
    paths(folder).into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

fn paths(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// The input is the number of a file and its contents.
fn mend(bytes: Vec<u8>) -> Vec<u8> {
    match bytes.split_first() {
        Some((file, contents)) => [&[*file][..], &valid::mend_model(contents.to_vec())].concat(),
        None => bytes,
    }
}

#[test]
fn run_folder() {
    let (folder, data) = (harness::folder(), dataset(Source::Digits));
    let files = stopped_run(folder.path());
    let contents = files.iter().enumerate();
    let valid: Vec<Vec<u8>> = contents.map(|(index, (_, contents))| [&[index as u8], &contents[..]].concat()).collect();
    let words = [words(SETTINGS), words(MODELS), words(TABLES)].concat();
    run(&Parser { name: "run_folder", valid, words: &words, mend, memory: MEMORY }, |bytes| {
        let (number, contents) = bytes.split_first().unwrap_or((&0, &[]));
        for path in paths(folder.path()) {
            if files.iter().all(|file| file.0 != path) {
                fs::remove_file(path).unwrap();
            }
        }
        for (path, contents) in &files {
            fs::write(path, contents).unwrap();
        }
        fs::write(&files[usize::from(*number) % files.len()].0, contents).unwrap();
        let run = Run::resume(folder.path(), None).map_err(|error| error.to_string())?;
        // Fewer where the checkpoint says so: those passes are trained again.
        assert!(run.records().len() <= 2);
        // Training asks git for the commit, which takes longer than all else.
        if bytes.len() % 8 != 0 {
            return Ok(());
        }
        let outcome = run.with_tensorboard(true).train(&data, &mut StopAt(0, 0)).map_err(|error| error.to_string())?;
        assert!([Outcome::Stopped, Outcome::Finished].contains(&outcome));
        Run::resume(folder.path(), None).map(drop).map_err(|error| panic!("it was resumed before: {error}"))
    });
}
