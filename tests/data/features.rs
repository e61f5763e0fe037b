//! A build of the library that lacks a feature says so where the feature is needed.

#![cfg(not(feature = "app"))]

#[cfg(not(feature = "digits"))]
#[test]
fn the_digits_name_their_feature() {
    use lenet5::data::{Choice, download::Options, open};
    let error = open(Choice::Digits, None, &Options::default(), &mut ()).unwrap_err().to_string();
    assert!(error.contains("lacks the feature `digits`"), "{error}");
}

#[cfg(not(feature = "download"))]
#[test]
fn what_would_be_downloaded_names_the_feature() {
    use lenet5::data::mnist::Place::{Cache, WorkingDirectory};
    use lenet5::data::{Choice, download::Options, open_at};
    let empty = temp_dir::TempDir::new().unwrap();
    let places = [(WorkingDirectory, empty.path().join("here")), (Cache, empty.path().join("cache"))];
    for choice in [Choice::Auto, Choice::Mnist] {
        let error = open_at(choice, &places, &Options::default(), &mut ()).unwrap_err().to_string();
        assert!(places.iter().all(|(_, folder)| error.contains(&folder.display().to_string())), "{error}");
        assert!(error.contains("lacks the feature `download`"), "{error}");
    }
}

#[cfg(not(feature = "export"))]
#[test]
fn event_files_name_their_feature() {
    use lenet5::data::{Dataset, Images, Source};
    use lenet5::models::builder::Builder;
    use lenet5::runs::folder::{Run, RunError};
    let images = Images::new(28, 28, vec![0; 10 * 28 * 28], (0..10).collect());
    let dataset =
        Dataset { source: Source::Digits, origin: "blank".into(), training: images.clone(), test: images.first(2) };
    let folder = temp_dir::TempDir::new().unwrap();
    let run = Run::create(&folder.path().join("run"), Builder::default().build().unwrap(), &dataset).unwrap();
    let error = run.with_tensorboard(true).train(&dataset, &mut ()).unwrap_err();
    assert!(matches!(error, RunError::NoExport) && error.to_string().contains("feature `export`"), "{error}");
}
