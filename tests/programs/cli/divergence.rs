//! Runs that diverge, and runs that are no better than chance.

use std::fs;

use lenet5::runs::checkpoint::Model;

use super::{User, complaint, outputs, printed, refused};

/// ReLU and max-pooling have finite metrics with weights that are NaN.
const RELU_AND_MAX: &str = "train --preset paper-2.4 --dataset digits --set training_patterns=300 --set activation=relu --set pooling=max --passes 2";

fn ended(user: &User, words: &str, code: i32) -> String {
    outputs(&mut user.lenet5(words), code).0
}

#[test]
fn a_run_that_diverges_says_so_and_keeps_what_is_good() {
    let user = User::new();
    let text = ended(&user, &format!("{RELU_AND_MAX} --set eta_factor=4 --seed 2 --out run"), 3);
    let expected = ["diverged in pass 2 (c1.weight)", "1 of 2 passes are complete and kept", "run/model.safetensors"];
    assert!(expected.iter().all(|expected| text.contains(expected)), "{text}");
    assert!(!text.contains("Next:") && !text.contains("predict"), "{text}");
    // What it says to try is a command that works.
    let command = text.lines().last().unwrap().trim().split_once(" train ").unwrap().1;
    assert_eq!(command, "--config run/config.toml --set eta_factor=0.4");
    printed(&mut user.lenet5(&format!("train {command} --out second")));
    assert!(!user.path("second/verdict.toml").exists());

    assert!(printed(&mut user.lenet5("test --model run/model.safetensors")).contains("after 1 pass"));
    let before = user.read("run/checkpoint.safetensors");
    let text = ended(&user, "train --resume --out run", 3);
    assert!(text.contains("when it was last trained") && text.contains("expect it to do so again"), "{text}");
    assert_eq!(user.read("run/checkpoint.safetensors"), before);
    let verdict = user.text("run/verdict.toml");
    let expected = ["verdict = \"diverged\"", "pass = 2", "tensor = \"c1.weight\"", "eta_factor=0.4"];
    assert!(expected.iter().all(|expected| verdict.contains(expected)), "{verdict}");
}

#[test]
fn a_run_that_diverges_at_once_has_no_model() {
    let user = User::new();
    let text = ended(&user, &format!("{RELU_AND_MAX} --set eta_factor=1000"), 3);
    assert!(text.contains("diverged in pass 1 (c1.weight)") && text.contains("there is no model"), "{text}");
    let run = "runs/paper-2.4-digits-seed1";
    assert!(!user.path(run).join("model.safetensors").exists());
    assert!(!refused(&user, &format!("test --model {run}"), 1, "verdict.toml").contains("--resume"));
    // Where no run is named, one that diverged is no run to go on with.
    let text = ended(&user, "train --resume", 1);
    assert!(text.contains(&format!("{run}: this run diverged in pass 1 (c1.weight) and is passed over")), "{text}");
}

/// As earlier versions left them.
#[test]
fn a_checkpoint_that_is_not_finite_is_refused_by_a_clear_message() {
    let user = User::new();
    printed(&mut user.lenet5("train --dataset digits --set training_patterns=100 --passes 1 --out run"));
    let path = user.path("run/checkpoint.safetensors");
    let mut model = Model::load(&path).unwrap();
    model.values[7] = f32::NAN;
    model.save(&path).unwrap();
    let text = complaint(&mut user.lenet5("train --resume --out run --passes 2"), 1);
    assert!(text.contains("checkpoint.safetensors") && text.contains("`c1.weight`"), "{text}");
    assert!(text.contains("its training diverged and cannot go on") && text.contains("eta_factor"), "{text}");
}

#[test]
fn a_run_no_better_than_chance_is_not_recommended() {
    let user = User::new();
    let words = "train --dataset digits --set training_patterns=300 --passes 3 --set eta_factor=100 --out run";
    let text = printed(&mut user.lenet5(words));
    assert!(text.contains("was no better than chance in its last 3 passes") && text.contains("87.50 %"), "{text}");
    assert!(text.contains("To try: smaller steps (eta_factor, 100 here and 1 in the preset)"), "{text}");
    assert!(!text.contains("Next:") && !text.contains("predict"), "{text}");
    assert!(user.text("run/verdict.toml").contains("verdict = \"at_chance\""));
    // Patterns held out have their own share of the most frequent class; a run that learns has no verdict.
    let words = "train --dataset digits --passes 2 --set held_out=200 --out good";
    assert!(printed(&mut user.lenet5(words)).contains("Next:") && !user.path("good/verdict.toml").exists());
}

#[test]
fn seeds_that_diverge_are_marked_and_in_no_mean() {
    let user = User::new();
    let text = ended(&user, &format!("{RELU_AND_MAX} --set eta_factor=6 --seeds 1-3 --out many"), 3);
    let line = "mean of 1 of 3 seeds; seed 1 was no better than chance in its last 2 passes; seed 3 diverged in pass 2 (c1.weight)";
    assert!(text.contains(line) && text.contains("To try: smaller steps: eta_factor=0.6"), "{text}");
    let bytes = user.read("many/seeds.csv");
    let records = user.seeds("many");
    assert_eq!(records.iter().map(|record| record.passes).collect::<Vec<_>>(), [2, 2, 1]);
    assert!(records[2].verdict.as_deref() == Some("diverged in pass 2 (c1.weight)") && records[1].verdict.is_none());
    assert_eq!((records[2].test_error_percent, records[2].test_errors), (None, None));
    let error = format!("{:.3} %", records[1].test_error_percent.unwrap());
    let mean = text.lines().find(|line| line.starts_with("mean  ")).unwrap();
    assert!(mean.contains(&error), "{mean}: of the one that has learnt, {error}");
    let row = text.lines().rfind(|line| line.starts_with("seed 3 ")).unwrap();
    assert!(row.ends_with("diverged in pass 2 (c1.weight)") && !row.contains('%'), "{row}");

    // The same command again comes to the same.
    let again = ended(&user, &format!("{RELU_AND_MAX} --set eta_factor=6 --seeds 1-3 --out many"), 3);
    assert!(again.contains(line) && user.read("many/seeds.csv") == bytes, "{again}");
    assert!(fs::read_dir(user.path("many")).unwrap().count() == 5, "three runs, the table and the mean curve");
}

/// Finite weights, but so large that an answer may overflow: what training saves, every command reads again.
#[test]
fn weights_too_large_to_answer_with_are_never_saved_over_good_ones() {
    let user = User::new();
    let words = "train --dataset digits --set training_patterns=200 --set activation=relu --out run --passes 1";
    let schedule = "schedule=[{passes=1,eta=0.0001},{passes=5,eta=0.02}]";
    printed(user.lenet5(words).args(["--set", schedule]));
    let values = || Model::load(&user.path("run/model.safetensors")).unwrap().values;
    let good = values();
    let text = ended(&user, "train --resume --out run --passes 3", 3);
    for expected in ["so large that answers overflow", "a smaller rate in the schedule: 0.02"] {
        assert!(text.contains(expected) && !text.contains("Next:"), "{expected}: {text}");
    }
    assert!(values() == good, "the last good pass is kept");
    printed(&mut user.lenet5("test --model run"));
    printed(&mut user.lenet5("summary --model run"));
}
