//! Sweeps: `train --set KEY=a,b --seeds`.

use std::fs;

use lenet5::runs::seeds::SeedRecord;

use super::{User, complaint, outputs, printed, refused};

const SHORT: &str = "train --dataset digits --set training_patterns=100 --passes 2";

/// The model of a cell has the bits of one that is trained alone.
#[test]
fn every_combination_is_trained_with_every_seed() {
    let user = User::new();
    let text = printed(&mut user.lenet5(&format!("{SHORT} --set mu=0.01,0.1 --set j=1,2 --seeds 1-2 --out sweep")));
    assert!(text.contains("Sweep of 4 networks with 2 seeds each: 8 runs") && text.contains("8/8"), "{text}");
    printed(&mut user.lenet5(&format!("{SHORT} --set mu=0.1 --set j=1 --seed 2 --out alone")));
    for file in ["model.safetensors", "config.toml", "learning_curve.svg"] {
        assert_eq!(
            user.read(&format!("sweep/mu=0.1,j=1/seed-2/{file}")),
            user.read(&format!("alone/{file}")),
            "{file}"
        );
    }
    // Each combination is a folder of seeds, as `train --seeds` makes one.
    printed(&mut user.lenet5(&format!("{SHORT} --set mu=0.01 --set j=2 --seeds 1-2 --out seeds")));
    assert_eq!(user.read("sweep/mu=0.01,j=2/seeds.csv"), user.read("seeds/seeds.csv"));
    assert_eq!(user.read("sweep/mu=0.01,j=2/learning_curve.svg"), user.read("seeds/learning_curve.svg"));

    let mut table = csv::Reader::from_path(user.path("sweep/sweep.csv")).unwrap();
    let column = table.headers().unwrap().iter().position(|name| name == "test_error_mean_percent").unwrap();
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    let names: Vec<&str> = rows.iter().map(|row| &row[0]).collect();
    assert_eq!(names, ["mu=0.01,j=1", "mu=0.01,j=2", "mu=0.1,j=1", "mu=0.1,j=2"]);
    for row in &rows {
        let records: Vec<SeedRecord> = user.seeds(&format!("sweep/{}", &row[0]));
        let mean = records.iter().map(|record| record.test_error_percent.unwrap()).sum::<f64>() / 2.0;
        assert!((row[column].parse::<f64>().unwrap() - mean).abs() < 1e-9, "{row:?}");
        assert!(text.contains(&format!("{}  ", &row[0])) && text.contains(&format!("{mean:.3} +- ")), "{text}");
    }
    assert_eq!((&rows[3][1], &rows[3][2], &rows[3][3]), ("0.1", "2", "2"));
    let plot = user.text("sweep/sweep.svg");
    assert!(plot.contains("j = 1") && plot.contains("j = 2") && roxmltree::Document::parse(&plot).is_ok());
    printed(&mut user.lenet5("compare sweep/mu=0.01,j=1 sweep/mu=0.1,j=1"));
}

#[test]
fn a_dry_run_lists_the_runs_and_trains_none() {
    let user = User::new();
    let sweep = format!("{SHORT} --set mu=0.01,0.1 --seeds 1-2 --out sweep");
    let text = printed(&mut user.lenet5(&format!("{sweep} --dry-run")));
    assert!(text.contains("   0 of 2  ") && text.contains(" s  mu=0.1/seed-2\n"), "{text}");
    assert!(text.contains("4 cells, ") && !user.path("sweep").exists(), "{text}");
    let text = printed(&mut user.lenet5(&format!("{sweep} --dry-run --shard 2/4")));
    assert!(text.contains("mu=0.01/seed-2\n") && text.contains("1 cell, "), "{text}");
    printed(&mut user.lenet5(&format!("{SHORT} --seeds 1 --out seeds")));
    let text = printed(&mut user.lenet5(&format!("{SHORT} --seeds 1-2 --out seeds --dry-run")));
    assert!(text.contains("   2 of 2           -  seed-1\n") && text.contains(" s  seed-2\n"), "{text}");
    assert!(!user.path("seeds/seed-2").exists());
    fs::write(user.path("notes"), "").unwrap();
    refused(&user, &sweep.replace("--out sweep", "--out . --dry-run"), 1, "already holds files");
    refused(&user, &format!("{SHORT} --dry-run"), 2, "--seeds");
}

#[test]
fn a_sweep_goes_on_and_is_shared_out() {
    let user = User::new();
    let words = format!("{SHORT} --set mu=0.01,0.1 --seeds 1-3");
    for shard in ["1/2", "2/2"] {
        let text = printed(&mut user.lenet5(&format!("{words} --out shared --shard {shard}")));
        assert!(text.contains("3/3") && text.contains(&format!("Shard {shard} is done")), "{text}");
        assert!(!user.path("shared/sweep.csv").exists());
    }
    let before = user.read("shared/mu=0.1/seed-3/model.safetensors");
    let text = printed(&mut user.lenet5(&format!("{words} --out shared")));
    assert!(!text.contains("1/") && text.contains("The table: shared/sweep.csv"), "nothing is trained again: {text}");
    printed(&mut user.lenet5(&format!("{words} --out whole")));
    for file in ["sweep.csv", "mu=0.01/seeds.csv", "mu=0.1/seed-3/model.safetensors"] {
        assert_eq!(user.read(&format!("shared/{file}")), user.read(&format!("whole/{file}")), "{file}");
    }
    assert_eq!(before, user.read("shared/mu=0.1/seed-3/model.safetensors"));
    // One more value, and what is there stays.
    let text = printed(&mut user.lenet5(&format!("{SHORT} --set mu=0.01,0.1,0.3 --seeds 1-3 --out shared")));
    assert!(text.contains("6 runs are finished already; training 3"), "{text}");
    // A cell that was trained with other settings is not taken for this one.
    let words =
        "train --dataset digits --set training_patterns=90 --passes 2 --set mu=0.01,0.1 --seeds 1-3 --out shared";
    let text = complaint(&mut user.lenet5(words), 1);
    assert!(text.contains("`training_patterns` is 100 and not 90"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_signal_stops_a_sweep_and_the_same_command_goes_on() {
    let user = User::new();
    let words = "train --dataset digits --passes 40 --set mu=0.02,0.1 --seeds 1-2";
    let text =
        super::stop(&user, words, "runs/paper-digits-sweep-seeds1-2/mu=0.02/seed-1", crate::signals::that_stop()[0]);
    let command = text.lines().last().unwrap().trim();
    assert!(command.ends_with(&format!("{words} --out runs/paper-digits-sweep-seeds1-2")), "{text}");
    assert!(!user.path("runs/paper-digits-sweep-seeds1-2/sweep.csv").exists());
    // As it stands; here with as many passes as are there and one more, so that the test ends.
    let rows = |cell: &str| {
        let path = user.path(&format!("runs/paper-digits-sweep-seeds1-2/{cell}/metrics.csv"));
        fs::read_to_string(path).unwrap_or_default().lines().count().saturating_sub(1)
    };
    let cells = ["mu=0.02/seed-1", "mu=0.02/seed-2", "mu=0.1/seed-1", "mu=0.1/seed-2"];
    let passes = cells.map(rows).into_iter().max().unwrap() + 1;
    super::shell(&user, &command.replace("--passes 40", &format!("--passes {passes}")));
    assert_eq!(cells.map(rows), [passes; 4]);
}

#[test]
fn what_is_no_sweep_is_refused_before_anything_is_made() {
    let user = User::new();
    for (words, code, message) in [
        ("--set mu=1,2", 1, "add the seeds of each (--seeds)"),
        ("--set seed=1,2 --seeds 1", 1, "whose values are given by --seeds"),
        ("--set mu=1,x --seeds 1", 1, "--set mu=x: setting `mu`: expected a number"),
        ("--set mu=1,1.0 --seeds 1", 1, "found that this is the one of mu=1"),
        ("--set mu=1,2 --seeds 1 --shard 3/2 --out s", 2, "expected I/N"),
        ("--set mu=1,2 --shard 1/2 --out s", 2, "--seeds"),
    ] {
        refused(&user, &format!("{SHORT} {words}"), code, message);
    }
    refused(&user, "train --set dataset=digits,mnist --seeds 1", 1, "expected one data set");
    assert!(!user.path("runs").exists() && !user.path("s").exists());
    // A list within brackets is one value.
    printed(&mut user.lenet5(&format!(
        "{SHORT} --set schedule=[{{passes=1,eta=0.001}},{{passes=1,eta=0.0001}}] --seeds 1 --out list"
    )));
    assert!(user.text("list/seed-1/config.toml").contains("eta = 0.0001"));
    fs::create_dir(user.path("mine")).unwrap();
    fs::write(user.path("mine/sweep.csv"), "years of work").unwrap();
    refused(&user, &format!("{SHORT} --set mu=1,2 --seeds 1 --out mine"), 1, "mine already holds files");
    refused(&user, &format!("{SHORT} --set mu=1,2 --seeds 1 --out list"), 1, "list already holds runs of seeds");
    refused(&user, &format!("{SHORT} --set mu=1,2 --seeds 1 --out list/seed-1"), 1, "already holds a single run");
    assert_eq!(user.text("mine/sweep.csv"), "years of work");
}

#[test]
fn words_for_values_have_bars() {
    let user = User::new();
    printed(&mut user.lenet5(&format!("{SHORT} --set order=fixed,reshuffled --seeds 1-2 --out words")));
    let plot = user.text("words/sweep.svg");
    assert!(plot.contains("order=reshuffled") && plot.contains("order=fixed"), "{plot}");
}

/// One cell diverges with all its seeds: it is in no mean, all others go on, and the exit code says so.
#[test]
fn a_cell_that_diverges_is_left_out() {
    let user = User::new();
    let words = "train --preset paper-2.4 --dataset digits --set training_patterns=300 --passes 2 --set activation=relu --set pooling=max \
                 --set eta_factor=1,1000 --seeds 1-2 --out sweep";
    let (text, _) = outputs(&mut user.lenet5(words), 3);
    assert!(text.contains("not counted: eta_factor=1000/seed-1 diverged in pass 1"), "{text}");
    let table = user.text("sweep/sweep.csv");
    assert!(table.contains("\neta_factor=1,1,2,") && table.contains("\neta_factor=1000,1000,0,,,,,,\n"), "{table}");
    assert!(!text.contains(" compare "), "there is nothing to compare with: {text}");
    refused(&user, "compare sweep/eta_factor=1 sweep/eta_factor=1000", 1, "found none: seed 1 diverged in pass 1");
}
