//! The examples for users, which must run.

use std::path::Path;

use temp_dir::TempDir;

#[path = "../../examples/compare_presets.rs"]
#[expect(dead_code, reason = "its own main")]
mod compare_presets;
#[path = "../../examples/layer_states.rs"]
#[expect(dead_code, reason = "its own main")]
mod layer_states;
#[path = "../../examples/own_network.rs"]
#[expect(dead_code, reason = "its own main")]
mod own_network;
#[path = "../../examples/predict_picture.rs"]
#[expect(dead_code, reason = "its own main")]
mod predict_picture;
#[path = "../../examples/train_digits.rs"]
#[expect(dead_code, reason = "its own main")]
mod train_digits;

#[test]
fn errors_fall_from_pass_to_pass() {
    let mut shown = Vec::new();
    let records = train_digits::run("3", |record| shown.push(record.pass)).unwrap();
    assert_eq!((shown, records.len()), (vec![1, 2, 3], 3));
    assert!(records[2].running_training_error_percent < records[0].running_training_error_percent);
    assert!(records[2].test_error_percent < 12.0, "{records:?}");
    assert!(train_digits::run("0", |_| ()).unwrap_err().to_string().contains("passes"));
}

#[test]
fn a_drawn_bar_is_a_one() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("bar.png");
    image::GrayImage::from_fn(60, 90, |x, y| {
        image::Luma([if (27..33).contains(&x) && (15..75).contains(&y) { 0 } else { 255 }])
    })
    .save(&path)
    .unwrap();
    let (picture, answer) = predict_picture::run(&path).unwrap();
    assert_eq!((answer.class, picture.width, picture.characters), (1, 60, 1));
    let error = predict_picture::run(Path::new("no such picture.png")).unwrap_err().to_string();
    assert!(error.contains("no such picture.png"), "{error}");
}

#[test]
fn a_network_of_ones_own_learns() {
    let (parameters, record) = own_network::run("3").unwrap();
    // C1 156, C3 306, S4 12, C5 12,080, F6 6,804
    assert_eq!((parameters, record.pass), (19_358, 3));
    assert!(record.test_error_percent < 20.0, "{record:?}");
}

#[test]
fn every_layer_has_its_states() {
    let (activity, label) = layer_states::run(0).unwrap();
    let names: Vec<&str> = activity.layers.iter().map(|layer| &*layer.name).collect();
    assert_eq!(names, ["C1", "S2", "C3", "S4", "C5", "F6"]);
    assert_eq!(activity.answer.class, usize::from(label));
    assert!(layer_states::run(360).unwrap_err().to_string().contains("below 360"));
}

#[test]
fn presets_are_compared_seed_by_seed() {
    let (summary, test) = compare_presets::run("paper", "modern", 2, "1").unwrap();
    assert!(summary.half_interval > 0.0 && test.unwrap().degrees == 1);
    let (summary, test) = compare_presets::run("paper", "paper", 2, "1").unwrap();
    assert!((summary.mean, summary.half_interval) == (0.0, 0.0) && test.is_none());
    assert!(compare_presets::run("papr", "paper", 1, "1").unwrap_err().to_string().contains("papr"));
}
