//! Several seeds side by side.

use std::fs;

use lenet5::runs::seeds::SeedRecord;

use super::{User, complaint, printed, refused};

const SHORT: &str = "train --dataset digits --set training_patterns=100";

/// The two percentages of the row `label` of the printed table.
fn row(text: &str, label: &str) -> [f64; 2] {
    let row = text.lines().rfind(|line| line.starts_with(label)).unwrap_or_else(|| panic!("no {label}: {text}"));
    let numbers: Vec<f64> = row[label.len()..].split_whitespace().filter_map(|word| word.parse().ok()).collect();
    numbers.try_into().unwrap_or_else(|numbers| panic!("{numbers:?}: {row}"))
}

#[test]
fn each_seed_is_an_ordinary_run() {
    let user = User::new();
    let text = printed(&mut user.lenet5(&format!("{SHORT} --passes 2 --seeds 3-5 --out many")));
    assert_eq!(text.matches("NOT MNIST").count(), 2, "before and after: {text}");
    assert!(!text.contains("0.95") && !text.contains("paper, 20"), "the paper's number has no place here: {text}");
    for seed in [3, 4, 5] {
        printed(&mut user.lenet5(&format!("{SHORT} --passes 2 --seed {seed} --out {seed}")));
        for file in ["model.safetensors", "checkpoint.safetensors", "config.toml", "learning_curve.svg"] {
            assert_eq!(user.read(&format!("many/seed-{seed}/{file}")), user.read(&format!("{seed}/{file}")), "{file}");
        }
        assert!(!user.read(&format!("many/seed-{seed}/environment.toml")).is_empty());
    }
    printed(&mut user.lenet5("test --model many/seed-4/model.safetensors"));
    printed(&mut user.lenet5("train --resume --out many/seed-4 --passes 3"));
}

#[test]
fn the_printed_numbers_are_those_of_the_table() {
    let user = User::new();
    let text = printed(&mut user.lenet5(&format!("{SHORT} --passes 2 --seeds 1-4 --out many")));
    let records = user.seeds("many");
    assert_eq!(
        records.iter().map(|record| (record.seed, record.passes)).collect::<Vec<_>>(),
        [1, 2, 3, 4].map(|n| (n, 2))
    );
    let agree = |printed: f64, computed: f64| assert!((printed - computed).abs() <= 0.000_501, "{printed} {computed}");
    let columns: [fn(&SeedRecord) -> f64; 2] =
        [|record| record.test_error_percent.unwrap(), |record| record.running_training_error_percent.unwrap()];
    for (column, value) in columns.into_iter().enumerate() {
        let values: Vec<f64> = records.iter().map(value).collect();
        for record in &records {
            agree(row(&text, &format!("seed {}  ", record.seed))[column], value(record));
        }
        let mean = values.iter().sum::<f64>() / 4.0;
        agree(row(&text, "mean")[column], mean);
        let squares = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
        agree(row(&text, "standard deviation")[column], (squares / 3.0).sqrt());
    }
    let errors: Vec<usize> = records.iter().map(|record| record.test_errors.unwrap()).collect();
    let percent = |errors: &usize| 100.0 * *errors as f64 / 360.0;
    let (low, high) = (percent(errors.iter().min().unwrap()), percent(errors.iter().max().unwrap()));
    assert!(text.contains(&format!("{low:.3} to {high:.3} %")), "{text}");

    // Seeds need not follow each other.
    let text = printed(&mut user.lenet5(&format!("{SHORT} --passes 1 --seeds 9,2,4-5 --out some")));
    let seeds: Vec<u64> = user.seeds("some").iter().map(|record| record.seed).collect();
    assert!(seeds == [2, 4, 5, 9] && text.contains("seeds 2,4-5,9"), "{text}");

    // A single seed has a mean and no spread.
    let text = printed(&mut user.lenet5(&format!("{SHORT} --passes 1 --seeds 7 --out one")));
    agree(row(&text, "mean")[0], user.seeds("one")[0].test_error_percent.unwrap());
    assert!(!text.contains("NaN") && user.path("one/seed-7").is_dir(), "{text}");
}

#[test]
fn the_same_command_again_goes_on() {
    let user = User::new();
    let models = || ["many/seed-1/model.safetensors", "many/seed-2/model.safetensors"].map(|name| user.read(name));
    printed(&mut user.lenet5(&format!("{SHORT} --passes 1 --seeds 1-2 --out many")));
    let (before, rows) = (models(), user.read("many/seeds.csv"));
    let text = printed(&mut user.lenet5(&format!("{SHORT} --passes 1 --seeds 1-2 --out many")));
    assert!(text.contains("had all their passes already") && text.contains("mean"), "{text}");
    assert!(models() == before && user.read("many/seeds.csv") == rows, "it was only read");

    // More passes and one more seed: the bits of runs that were never interrupted.
    let text = printed(&mut user.lenet5(&format!("{SHORT} --passes 3 --seeds 1-3 --out many")));
    assert!(text.contains("2 of 9 passes are already complete") && text.contains("7 passes in"), "{text}");
    printed(&mut user.lenet5(&format!("{SHORT} --passes 3 --seeds 1-3 --out whole")));
    for file in ["seed-1/model.safetensors", "seed-2/model.safetensors", "seed-3/model.safetensors", "seeds.csv"] {
        assert_eq!(user.read(&format!("many/{file}")), user.read(&format!("whole/{file}")), "{file}");
    }
    let text = complaint(&mut user.lenet5(&format!("{SHORT} --passes 2 --seeds 1-3 --out many")), 1);
    assert!(text.contains("seed-1") && text.contains("3 complete passes already"), "{text}");
}

/// In folders of their own, as on disks of several machines, that are put together afterwards.
#[test]
fn shards_share_the_seeds_out() {
    let user = User::new();
    let words = format!("{SHORT} --passes 2 --seeds 1,4-5");
    for (shard, seeds) in [("1/2", "seeds 1,5"), ("2/2", "seed 4")] {
        let folder = format!("node-{}", &shard[..1]);
        let text = printed(&mut user.lenet5(&format!("{words} --out {folder} --shard {shard}")));
        assert!(text.contains(seeds) && text.contains(&format!("Shard {shard} is done")), "{text}");
        assert!(!user.path(&folder).join("seeds.csv").exists(), "a shard has nothing to sum up");
        super::shell(&user, &format!("mkdir -p merged && cp -R {folder}/. merged"));
    }
    let before = user.read("merged/seed-5/metrics.csv");
    printed(&mut user.lenet5(&format!("{words} --out merged")));
    printed(&mut user.lenet5(&format!("{words} --out whole")));
    assert_eq!(user.read("merged/seeds.csv"), user.read("whole/seeds.csv"));
    assert_eq!(user.read("merged/seed-5/metrics.csv"), before, "nothing is trained again");
    let text = printed(&mut user.lenet5(&format!("{words} --out more --shard 4/4")));
    assert!(text.contains("fewer seeds than shards") && !user.path("more").exists(), "{text}");
}

#[cfg(unix)]
#[test]
fn a_signal_stops_all_and_says_how_to_go_on() {
    for (signal, code) in crate::signals::that_stop() {
        let user = User::new();
        let words = "train --dataset digits --passes 50 --seeds 1-20 --out many";
        let text = super::stop(&user, words, "many/seed-1", (signal, code));
        let rows = |seed: u64| {
            let metrics = fs::read_to_string(user.path(&format!("many/seed-{seed}/metrics.csv"))).unwrap_or_default();
            metrics.lines().count().saturating_sub(1)
        };
        let done: usize = (1..=20).map(rows).sum();
        assert!(text.contains(&format!("{done} of 1,000 passes are complete")), "{text}");
        assert!(!user.path("many/seeds.csv").exists(), "there is nothing to compare yet");

        // The printed command works as it stands; here with fewer passes and seeds, so that the test ends.
        let command = text.lines().last().unwrap().trim();
        assert!(command.ends_with("train --seeds 1-20 --config many/seed-1/config.toml --out many"), "{command}");
        let passes = (1..=20).map(rows).max().unwrap() + 1;
        super::shell(&user, &format!("{} --passes {passes}", command.replace("1-20", "1-2")));
        assert_eq!([rows(1), rows(2)], [passes; 2]);
    }
}

#[test]
fn the_number_of_threads_changes_nothing_but_how_many_are_side_by_side() {
    let user = User::new();
    for threads in ["1", "2", "5"] {
        let words = format!("{SHORT} --passes 1 --seeds 1-3 --out {threads}");
        let text = printed(user.lenet5(&words).env("RAYON_NUM_THREADS", threads));
        let expected = if threads == "5" { "3" } else { threads };
        assert!(text.contains(&format!("3 runs of 1 pass of 100 patterns, {expected} side by side")), "{text}");
        for file in ["seed-2/model.safetensors", "seeds.csv"] {
            assert_eq!(user.read(&format!("1/{file}")), user.read(&format!("{threads}/{file}")));
        }
    }
}

#[test]
fn without_a_folder_they_are_numbered() {
    let user = User::new();
    for name in ["seeds1-2", "seeds1-2-2"] {
        printed(&mut user.lenet5(&format!("{SHORT} --passes 1 --seeds 1-2")));
        assert!(user.path(&format!("runs/paper-digits-{name}/seed-2/model.safetensors")).exists());
    }
}

/// The error comes before anything is made: a later command with the right settings finds no traces of the wrong one.
#[test]
fn runs_with_other_settings_are_left_alone() {
    let user = User::new();
    printed(&mut user.lenet5(&format!("{SHORT} --passes 1 --seeds 2 --out many")));
    let before = user.read("many/seed-2/config.toml");
    let text = complaint(&mut user.lenet5(&format!("{SHORT} --passes 2 --set loss=eq8 --seeds 1-3 --out many")), 1);
    assert!(text.contains("seed-2") && text.contains("`loss` is \"eq9\" and not \"eq8\""), "{text}");
    assert_eq!(before, user.read("many/seed-2/config.toml"));
    assert!(!user.path("many/seed-1").exists() && !user.path("many/seed-3").exists());
}

#[test]
fn a_folder_with_something_else_is_left_as_it_is() {
    let user = User::new();
    printed(&mut user.lenet5(&format!("{SHORT} --passes 1 --out run")));
    let text = complaint(&mut user.lenet5(&format!("{SHORT} --seeds 1-2 --out run")), 1);
    assert!(text.contains("run already holds a single run") && text.contains("choose another folder"), "{text}");
    fs::create_dir(user.path("mine")).unwrap();
    fs::write(user.path("mine/seeds.csv"), "years of work").unwrap();
    refused(&user, &format!("{SHORT} --seeds 1-2 --out mine"), 1, "mine already holds files");
    assert_eq!(fs::read_dir(user.path("mine")).unwrap().count(), 1);

    // Beside runs of seeds, notes are welcome.
    printed(&mut user.lenet5(&format!("{SHORT} --passes 1 --seeds 1-2 --out many")));
    fs::write(user.path("many/notes.txt"), "seed 2 is odd").unwrap();
    // What a killed process has left, hours ago, is not.
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 3600);
    fs::File::create(user.path("many/seeds.csv.17-4.tmp")).unwrap().set_modified(old).unwrap();
    printed(&mut user.lenet5(&format!("{SHORT} --passes 1 --seeds 1-2 --out many")));
    assert!(!user.path("many/seeds.csv.17-4.tmp").exists() && user.path("many/notes.txt").exists());
}

/// Nobody should wait hours for an error.
#[test]
fn a_run_that_fails_stops_the_others() {
    let user = User::new();
    printed(&mut user.lenet5(&format!("{SHORT} --passes 1 --seeds 1-2 --out many")));
    let model = user.path("many/seed-2/model.safetensors");
    fs::remove_file(&model).unwrap();
    fs::create_dir(&model).unwrap(); // a file cannot be renamed onto a folder
    let words = format!("{SHORT} --passes 1000 --seeds 1-2 --out many");
    let text = complaint(user.lenet5(&words).env("RAYON_NUM_THREADS", "2"), 1);
    assert!(text.contains("seed-2/model.safetensors: cannot write the model"), "{text}");
    assert!(user.text("many/seed-1/metrics.csv").lines().count() < 1000);
}

#[test]
fn a_folder_of_several_seeds_says_how_they_go_on() {
    let user = User::new();
    printed(&mut user.lenet5(&format!("{SHORT} --passes 1 --seeds 1,3 --out many")));
    refused(&user, "train --resume --out many", 1, "train --seeds 1,3 --config many/seed-1/config.toml --out many");
    let text = complaint(&mut user.lenet5(&format!("{SHORT} --passes 1 --seeds 2 --out many/seed-1")), 1);
    assert!(text.contains("holds a single run") && !text.contains("--resume"), "{text}");
}
