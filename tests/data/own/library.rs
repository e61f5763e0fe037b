//! Images of a program's own arrays.

use lenet5::data::{Choice, Dataset, Images, ImagesError, Source, UnfitData};
use lenet5::models::builder::Builder;
use lenet5::runs::checkpoint::Model;
use lenet5::runs::folder::{Run, RunError};
use lenet5::runs::train;
use lenet5::training::Trainer;
use temp_dir::TempDir;

/// `count` images of 32 x 32, image `i` of class `i % classes` with a bar in column `i % classes`.
fn bars(count: usize, classes: usize) -> Images {
    let level = |image: usize, at: usize| if at % 32 == image % classes % 32 { 255 } else { (image % 50) as u8 };
    let pixels = (0..count).flat_map(|image| (0..1024).map(move |at| level(image, at))).collect();
    Images::from_bytes((1, 32, 32), pixels, (0..count).map(|image| (image % classes) as u8).collect()).unwrap()
}

fn dataset(classes: usize) -> Dataset {
    let images = bars(4 * classes, classes);
    Dataset::new("bars", images.clone(), images).unwrap()
}

#[test]
fn arrays_that_are_no_images_are_errors() {
    let bytes = |shape, pixels: usize, labels: usize| Images::from_bytes(shape, vec![0; pixels], vec![0; labels]);
    assert!(bytes((1, 2, 3), 12, 2).is_ok());
    for (shape, pixels, labels) in [((1, 2, 3), 11, 2), ((1, 2, 3), 12, 3), ((usize::MAX, 2, 3), 12, 2)] {
        assert_eq!(bytes(shape, pixels, labels).unwrap_err(), ImagesError::Pixels { shape, labels, found: pixels });
    }
    for (shape, labels) in [((0, 2, 3), 2), ((1, 0, 3), 2), ((1, 2, 0), 2), ((1, 2, 3), 0)] {
        assert_eq!(bytes(shape, 0, labels).unwrap_err(), ImagesError::Empty { shape, labels });
    }
    let levels = |level: f32| Images::from_levels((1, 1, 2), &[0.5, level], vec![0]);
    assert_eq!(levels(1.0).unwrap().image(0), [128, 255]);
    for level in [-0.01, 1.01, f32::INFINITY] {
        assert_eq!(levels(level).unwrap_err(), ImagesError::Level { index: 1, level });
    }
    assert!(levels(f32::NAN).unwrap_err().to_string().contains("level 1, counted from 0"));
}

#[test]
fn names_belong_to_classes_and_sets_to_each_other() {
    let names = |names: &[&str]| bars(6, 3).named(names.iter().map(|name| (*name).into()).collect());
    assert_eq!(names(&["a", "b", "c", "unseen"]).unwrap().classes(), 4);
    assert_eq!(names(&["a", "b"]).unwrap_err(), ImagesError::Names { expected: 3, found: 2 });
    assert_eq!(names(&["a", "b", "a"]).unwrap_err(), ImagesError::Twice { name: "a".into() });
    assert_eq!(bars(6, 3).class_names(), ["0", "1", "2"]);
    let set = |name: &str, test: Images| Dataset::new(name, bars(6, 3), test).map_err(|error| error.to_string());
    assert!(set("bars", bars(6, 2)).is_ok(), "no test image of the third class");
    assert!(
        set("bars", bars(8, 4))
            .unwrap_err()
            .contains("expected labels below 3, as the training images, found labels below 4")
    );
    let small = Images::from_bytes((1, 2, 2), vec![0; 4], vec![0]).unwrap();
    assert!(
        set("bars", small)
            .unwrap_err()
            .contains("expected 1 x 32 x 32 pixels, as the training images, found 1 x 2 x 2")
    );
    for name in ["", " ", "a\nb"] {
        assert!(set(name, bars(6, 3)).is_err(), "{name:?}");
    }
}

#[test]
fn a_trainer_for_data_that_do_not_fit_is_an_error() {
    let paper = Builder::default().build().unwrap();
    let twelve = dataset(12);
    let error = Trainer::<f32>::try_new(&paper, &twelve).unwrap_err();
    assert!(matches!(error, UnfitData::Label { label: 10, classes: 10, index: 10, .. }), "{error}");
    let settings = paper.for_data(&twelve).unwrap();
    assert_eq!((settings.classes(), settings.blank_class()), (12, None));
    assert!(Trainer::<f32>::try_new(&settings, &twelve).is_ok());
    let large = Images::from_bytes((1, 33, 32), vec![0; 2 * 33 * 32], vec![0, 1]).unwrap();
    let large = Dataset::new("large", large.clone(), large).unwrap();
    let error = Trainer::<f32>::try_new(&paper.for_data(&large).unwrap(), &large).unwrap_err().to_string();
    assert!(error.contains("at most 32 x 32 pixels, the network's input, found 33 x 32"), "{error}");
    let folder = TempDir::new().unwrap();
    let run = folder.path().join("run");
    assert!(matches!(Run::create(&run, paper.clone(), &large), Err(RunError::Unfit(UnfitData::Size { .. }))));
    assert!(!run.exists(), "nothing is written");
    let nothing = Dataset { training: large.training.first(0), ..large };
    assert!(matches!(Trainer::<f32>::try_new(&paper, &nothing), Err(UnfitData::Size { .. } | UnfitData::Empty { .. })));
}

/// Eleven classes are eleven, and not ten and a blank.
#[test]
fn every_number_of_classes_gets_codes() {
    let paper = Builder::default().build().unwrap();
    for classes in 2..=96 {
        let settings = paper.for_data(&dataset(classes)).unwrap();
        let network = lenet5::models::build::<f32>(&settings);
        assert_eq!((settings.classes(), network.outputs(), settings.codes().len()), (classes, classes, classes));
        assert_eq!(settings.blank_class(), None, "{classes}");
    }
    let with_blank = Builder::assigned(&["alphabet='ABC '"]).unwrap().for_data(&dataset(3)).unwrap();
    assert_eq!((with_blank.classes(), with_blank.blank_class()), (4, Some(3)));
    let error = Builder::assigned(&["alphabet='ABCDE'"]).unwrap().for_data(&dataset(3)).unwrap_err().to_string();
    assert!(error.contains("expected 3 characters, one for each of the classes"), "{error}");
}

#[test]
fn more_classes_than_codes_need_softmax_or_targets() {
    let many = dataset(97);
    let folder = TempDir::new().unwrap();
    let run = folder.path().join("run");
    let error = Run::create(&run, Builder::default().build().unwrap(), &many).unwrap_err().to_string();
    assert!(error.contains("`classes`: 97") && error.contains("output=scores") && error.contains("lush"), "{error}");
    assert!(!run.exists());
    for assignments in [
        &["output=scores", "loss=cross_entropy", "passes=1"][..],
        &["preset=modern", "passes=1"],
        &["preset=lush", "passes=1"],
        &["preset=lenet4", "passes=1"],
    ] {
        let folder = folder.path().join(assignments[0].replace('=', "-"));
        let mut run = Run::create(&folder, Builder::assigned(assignments).unwrap(), &many).unwrap();
        run.train(&many, &mut ()).unwrap();
        let model = Model::load(&folder).unwrap();
        assert_eq!((model.settings.classes(), model.network().outputs()), (97, 97), "{assignments:?}");
        assert_eq!(model.class_names()[96], "96");
    }
}

/// A program that trains in one call is told where there is nothing to use.
#[test]
fn one_call_trains_or_says_why_there_is_no_result() {
    let (data, folder) = (dataset(3), TempDir::new().unwrap());
    let run = |name: &str| folder.path().join(name);
    let last = train(&run("good"), &["passes=2"], &data).unwrap();
    assert_eq!((last.pass, Model::load(&run("good")).unwrap().passes), (2, 2));
    let error = train(&run("bad"), &["passes=2", "eta_factor=1e6"], &data).unwrap_err();
    assert!(matches!(&error, RunError::NoResult { folder, .. } if *folder == run("bad")), "{error}");
    assert!(run("bad").join("verdict.toml").exists() && error.to_string().contains("no better than chance"), "{error}");
    assert!(matches!(train(&run("good"), &[], &data), Err(RunError::Occupied { .. })));
    assert!(matches!(train(&run("new"), &["passes=none"], &data), Err(RunError::Config(_))));
}

/// The names go with the model, and other data are not taken for those of a run.
#[test]
fn a_model_keeps_the_names_and_a_run_knows_its_data() {
    let names: Vec<String> = ["left", "middle", "right"].map(String::from).to_vec();
    let images = bars(30, 3).named(names.clone()).unwrap();
    let data = Dataset::new("bars", images.clone(), images.clone()).unwrap();
    let folder = TempDir::new().unwrap();
    let mut run = Run::create(folder.path(), Builder::assigned(&["passes=2"]).unwrap(), &data).unwrap();
    assert_eq!(run.settings().dataset, Choice::Own("bars".into()));
    run.train(&data, &mut ()).unwrap();
    drop(run);
    let model = Model::load(folder.path()).unwrap();
    assert_eq!((model.source, model.class_names()), (Source::Own, names.clone()));
    let bytes = model.to_bytes();
    let again = Model::from_bytes(&bytes).unwrap();
    assert_eq!((again.own_data.clone(), again.to_bytes()), (model.own_data.clone(), bytes));
    assert!(model.own_data == data.own_data() && model.own_data.is_some());

    let mut run = Run::resume(folder.path(), Some(3)).unwrap();
    let fewer = Dataset::new("bars", images.first(27), images.clone()).unwrap();
    let error = run.train(&fewer, &mut ()).unwrap_err().to_string();
    assert!(error.contains("trained on own:bars") && error.contains("other images or labels"), "{error}");
    // The same images under another name are the same data.
    let renamed = Dataset::new("moved", images.clone(), images).unwrap();
    run.train(&renamed, &mut ()).unwrap();
    assert_eq!(run.records().len(), 3);
}
