//! `lenet5 bench`, as briefly as it goes, and the variable that forces a level.

use lenet5::kernels::simd::Level;
use serde_json::Value;

use super::{User, complaint, printed};

const KEYS: [&str; 5] = ["fma_peak_gflops", "forward_us", "share_of_peak", "step_us", "useful_gflops"];

/// The levels that `bench --json` measured, in alphabetical order, each with its five numbers in their ranges.
fn levels(text: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(text).unwrap();
    assert_eq!(report.as_object().unwrap().len(), 1, "{text}");
    let levels = report["levels"].as_object().unwrap();
    for speed in levels.values() {
        assert_eq!(speed.as_object().unwrap().keys().collect::<Vec<_>>(), KEYS);
        let number = |key: &str| speed[key].as_f64().unwrap();
        assert!(KEYS.iter().all(|key| number(key) > 0.0), "{text}");
        assert!(number("share_of_peak") <= 1.05, "{text}");
    }
    levels.keys().cloned().collect()
}

#[test]
fn every_level_is_measured() {
    let text = printed(User::new().lenet5("bench --json --repeats 21").env_remove("LENET5_SIMD"));
    let mut available: Vec<&str> = Level::available().into_iter().map(Level::name).collect();
    available.sort_unstable();
    assert_eq!(levels(&text), available);
}

#[test]
fn a_forced_level_is_measured_alone() {
    let user = User::new();
    let text = printed(user.lenet5("bench --json --repeats 21").env("LENET5_SIMD", "scalar"));
    assert_eq!(levels(&text), ["scalar"]);
    let text = printed(user.lenet5("bench --repeats 1").env("LENET5_SIMD", "scalar"));
    for words in ["step, us", "859,440 multiply-adds", "1.72 MFLOP", "C5F6Back", "taskset"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("avx"), "{text}");
}

#[test]
fn no_repeats_make_no_median() {
    let text = complaint(&mut User::new().lenet5("bench --repeats 0"), 2);
    assert!(text.contains("'--repeats <N>'"), "{text}");
}

/// Before anything else is done, and by both programs.
#[test]
fn a_wrong_level_is_an_error_that_lists_the_right_ones() {
    let available: Vec<&str> = Level::available().into_iter().map(Level::name).collect();
    let message = format!(
        "error: LENET5_SIMD=\"sse9\": expected one of the levels that this processor has: {}\n",
        available.join(", ")
    );
    let user = User::new();
    for words in ["bench", "summary", "settings", "data where", "test --model nowhere", "predict --model nowhere a.png"]
    {
        assert_eq!(complaint(user.lenet5(words).env("LENET5_SIMD", "sse9"), 1), message, "{words}");
    }
    complaint(user.lenet5("train --dataset digits --out run").env("LENET5_SIMD", "sse9"), 1);
    assert!(!user.path("run").exists());
    let mut reproduce = std::process::Command::new(env!("CARGO_BIN_EXE_lenet5-reproduce"));
    let text = complaint(reproduce.arg("list").env("LENET5_SIMD", "sse9"), 1);
    assert!(text.contains(message.trim_start_matches("error: ").trim_end()), "{text}");
}

/// The level that computed a run is on record.
#[test]
fn the_environment_names_the_level() {
    let user = User::new();
    let words = "train --dataset digits --passes 1 --set training_patterns=50 --out run";
    printed(user.lenet5(words).env("LENET5_SIMD", "scalar"));
    let environment = user.text("run/environment.toml");
    assert!(environment.contains("simd = \"scalar\"\n"), "{environment}");
}

#[test]
fn tables_are_written_and_take_the_place_of_no_other_file() {
    let user = User::new();
    let bench = || user.lenet5("bench --repeats 1 --out speed");
    for _ in 0..2 {
        printed(bench().env("LENET5_SIMD", "scalar"));
        assert!(user.text("speed/levels.csv").contains("\nlevel,fma_peak_gflops,step_us,forward_us,"));
        assert_eq!(user.text("speed/kernels.csv").lines().filter(|line| line.contains(",scalar,")).count(), 12);
    }
    std::fs::write(user.path("speed/kernels.csv"), "my own").unwrap();
    let text = complaint(bench().env("LENET5_SIMD", "scalar"), 1);
    assert!(text.contains("kernels.csv: expected a table of `lenet5 bench`"), "{text}");
    assert_eq!(user.text("speed/kernels.csv"), "my own");
}
