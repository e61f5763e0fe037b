//! Training, stopping, resuming, testing, predicting.

use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{User, complaint, kill, printed, refused, start, wait_for_passes, write_digit};
#[cfg(unix)]
use super::{send, shell, stop};
use crate::metrics::without_times;
#[cfg(unix)]
use crate::program::environment;
use lenet5::kernels::simd::Level;

#[test]
fn train_test_and_predict() {
    let user = User::new();
    let text = printed(&mut user.lenet5("train --dataset digits --passes 3 --seed 7 --out run"));
    assert_eq!(text.matches("NOT MNIST").count(), 2, "before and after: {text}");
    assert!(!text.contains("0.95") && !text.contains("paper, 20"), "the paper's number has no place here: {text}");
    for name in
        ["config.toml", "metrics.csv", "rates.csv", "environment.toml", "checkpoint.safetensors", "learning_curve.svg"]
    {
        assert!(!user.read(&format!("run/{name}")).is_empty());
    }
    let metrics = user.text("run/metrics.csv");
    assert_eq!(metrics.lines().count(), 4);
    let config = user.text("run/config.toml");
    assert!(config.contains("dataset = \"digits\"") && config.contains("seed = 7"));
    let last: Vec<&str> = metrics.lines().last().unwrap().split(',').collect();
    let column = metrics.lines().next().unwrap().split(',').position(|name| name == "test_errors").unwrap();

    // The test command finds the same errors as the last pass did.
    let text = printed(&mut user.lenet5("test --model run/model.safetensors"));
    assert!(text.contains(&format!("({} of 360)", last[column])), "{text}");
    assert!(text.contains("95 % interval") && text.contains("confusion matrix") && !text.contains("the paper"));

    let classes: Vec<u8> = (0..10).map(|index| write_digit(&user.path(&format!("{index}.pgm")), index)).collect();
    let images: String = (0..10).map(|index| format!(" {index}.pgm")).collect();
    let json = printed(&mut user.lenet5(&format!("predict --model run/model.safetensors --json{images}")));
    let answers: serde_json::Value = serde_json::from_str(&json).unwrap();
    let right = classes.iter().zip(answers.as_array().unwrap()).filter(|(class, answer)| {
        let distances: Vec<f64> = answer["distances"].as_array().unwrap().iter().map(|d| d.as_f64().unwrap()).collect();
        assert_eq!(distances.len(), 10);
        assert!((0.0..=1.0).contains(&answer["rubbish_probability"].as_f64().unwrap()));
        answer["class"] == class.to_string()
    });
    assert!(right.count() >= 8, "{json}");

    let text = printed(&mut user.lenet5("predict --model run/model.safetensors 0.pgm"));
    assert!(text.contains("<--") && text.contains("rubbish") && text.contains("@@"), "{text}");
}

/// The eleventh character is the class "blank" wherever classes are named.
#[test]
fn a_network_with_a_blank_class() {
    let user = User::new();
    let words = "--passes 1 --set training_patterns=200 --set alphabet=0123456789-";
    printed(&mut user.lenet5(&format!("train --dataset digits {words} --out run")));
    let text = printed(&mut user.lenet5("test --model run/model.safetensors"));
    let named: Vec<&str> = text.lines().filter(|line| line.contains("blank")).collect();
    assert!(
        matches!(named[..], [heading, row] if heading.ends_with("    9 blank") && row.starts_with(" blank ")),
        "{text}"
    );
    write_digit(&user.path("0.pgm"), 0);
    let text = printed(&mut user.lenet5("predict --model run/model.safetensors 0.pgm"));
    assert_eq!(text.lines().filter(|line| line.starts_with("blank  ")).count(), 1, "{text}");
    let text = printed(&mut user.lenet5("summary --model run"));
    assert!(text.contains("11 @ 1x1") && !text.contains("paper"), "the paper's table has no such row: {text}");
}

/// A run that is killed and resumed at some moments ends in the bits of one that is not.
#[test]
fn killed_and_resumed() {
    let user = User::new();
    let words = "train --dataset digits --passes 4 --set training_patterns=700";
    printed(&mut user.lenet5(&format!("{words} --out whole")));
    for (folder, passes, delay) in [("first", 0, 40), ("second", 1, 0), ("third", 2, 15)] {
        let child = start(&user, &format!("{words} --out {folder}"));
        wait_for_passes(&user, folder, passes);
        sleep(Duration::from_millis(delay));
        kill(child);
        printed(&mut user.lenet5(&format!("train --resume --out {folder}")));
        assert_eq!(user.read("whole/model.safetensors"), user.read(&format!("{folder}/model.safetensors")));
        assert_eq!(without_times(&user.path("whole")), without_times(&user.path(folder)));
        assert_eq!(user.read("whole/rates.csv"), user.read(&format!("{folder}/rates.csv")));
    }
}

#[cfg(unix)]
#[test]
fn a_signal_keeps_the_last_full_pass_and_says_how_to_go_on() {
    for (signal, code) in crate::signals::that_stop() {
        let user = User::new();
        let text = stop(&user, "train --dataset digits --passes 50 --out run", "run", (signal, code));
        let rows = user.text("run/metrics.csv").lines().count() - 1;
        assert!(text.contains(&format!("{rows} of 50 passes are complete")), "{text}");
        let command = text.lines().last().unwrap().trim().to_string();
        assert!(command.ends_with("train --resume --out run"), "{command}");

        // The printed command works as it stands; here with fewer passes, so that the test ends.
        shell(&user, &format!("{command} --passes {}", rows + 1));
        assert_eq!(user.text("run/metrics.csv").lines().count(), rows + 2);
    }
}

/// With the code of that signal, whether the first has been noted or nobody looks for signals any more.
#[cfg(unix)]
#[test]
fn the_second_signal_ends_the_process_at_once() {
    use lenet5::runs::interruption::{catch, exit_code, release};
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::low_level::raise;
    const CHILD: &str = "LENET5_TEST_SIGNALS";
    match std::env::var(CHILD).as_deref() {
        Ok(first) => {
            catch().unwrap();
            assert_eq!(exit_code(), None);
            if first == "noted" {
                raise(SIGINT).unwrap();
                assert_eq!(exit_code(), Some(130));
            } else {
                release();
            }
            raise(SIGTERM).unwrap();
        }
        Err(_) => {
            for first in ["noted", "released"] {
                let mut child = Command::new(std::env::current_exe().unwrap());
                child.args(["--exact", "cli::runs::the_second_signal_ends_the_process_at_once"]).env(CHILD, first);
                assert_eq!(child.output().unwrap().status.code(), Some(143), "{first}");
            }
        }
    }
}

/// `nohup` means it.
#[cfg(unix)]
#[test]
fn a_hang_up_that_is_ignored_stays_ignored() {
    let user = User::new();
    let words = "train --dataset digits --passes 20 --out run";
    let line = format!("trap '' HUP; exec '{}' {words}", env!("CARGO_BIN_EXE_lenet5"));
    let mut command = Command::new("sh");
    command
        .args(["-c", &line])
        .current_dir(user.home.path())
        .envs(environment(user.home.path()))
        .stdout(Stdio::piped());
    let child = command.spawn().unwrap();
    wait_for_passes(&user, "run", 1);
    send("HUP", &child);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}: {}", output.status, String::from_utf8_lossy(&output.stdout));
    assert_eq!(user.text("run/metrics.csv").lines().count(), 21);
}

/// A pipe never ends, and to open one waits for whoever writes to it.
#[cfg(unix)]
#[test]
fn pipes_and_devices_in_a_runs_folder_are_refused_at_once() {
    use std::os::unix::fs::symlink;
    let user = User::new();
    printed(&mut user.lenet5("train --dataset digits --passes 1 --set training_patterns=50 --out run --tensorboard"));
    let events = fs::read_dir(user.path("run")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let events = events.into_iter().find(|name| name.starts_with("events.")).unwrap();
    let names =
        ["config.toml", "metrics.csv", "rates.csv", "environment.toml", "patterns.csv", "checkpoint.safetensors"];
    for name in names.into_iter().chain(["lock", &events]) {
        let (path, kept) = (user.path(&format!("run/{name}")), user.path("kept"));
        let was_there = fs::rename(&path, &kept).is_ok();
        for device in [false, true] {
            if device {
                symlink("/dev/zero", &path).unwrap();
            } else {
                assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
            }
            let mut command = user.lenet5("train --resume --out run --passes 2 --tensorboard");
            let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
            let started = Instant::now();
            while child.try_wait().unwrap().is_none() {
                if started.elapsed() > Duration::from_secs(60) {
                    child.kill().unwrap();
                }
                sleep(Duration::from_millis(2));
            }
            let output = child.wait_with_output().unwrap();
            let text = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{name}: {text}");
            let expected = format!("run/{name}: ");
            assert!(text.contains(&expected) && text.contains("found a pipe or a device"), "{name}: {text}");
            assert!(!lenet5::runs::folder::is_training(&user.path("run")));
            fs::remove_file(&path).unwrap();
        }
        if was_there {
            fs::rename(&kept, &path).unwrap();
        }
    }
    // Nor are sizes believed that no run has.
    fs::File::options().write(true).open(user.path("run/metrics.csv")).unwrap().set_len(1 << 40).unwrap();
    let text = complaint(&mut user.lenet5("train --resume --out run --passes 2"), 1);
    assert!(text.contains("run/metrics.csv: ") && text.contains("1099511627776 bytes"), "{text}");
}

/// Whoever holds the run's lock removes what killed processes have left, and nothing else.
#[test]
fn temporary_files_of_killed_processes_are_removed() {
    let user = User::new();
    printed(&mut user.lenet5("train --dataset digits --passes 1 --set training_patterns=50 --out run"));
    let left = ["model.safetensors.17-4.tmp", "learning_curve.svg.170000-12.tmp", "metrics.csv.1-0.tmp"];
    let kept = ["notes.tmp", "model.safetensors.tmp", "model.safetensors.mine.tmp", "thesis.txt.17-4.tmp"];
    for name in left.iter().chain(&kept) {
        fs::write(user.path("run").join(name), "half a fi").unwrap();
    }
    printed(&mut user.lenet5("train --resume --out run --passes 2"));
    for name in left {
        assert!(!user.path("run").join(name).exists(), "{name}");
    }
    for name in kept {
        assert!(user.path("run").join(name).exists(), "{name}");
    }
}

#[test]
fn without_a_folder_runs_are_numbered_and_the_unfinished_one_is_resumed() {
    let user = User::new();
    let words = "train --dataset digits --passes 1 --set training_patterns=100";
    printed(&mut user.lenet5(words));
    printed(&mut user.lenet5(words));
    assert!(user.path("runs/paper-digits-seed1").is_dir() && user.path("runs/paper-digits-seed1-2").is_dir());
    let text = complaint(&mut user.lenet5("train --resume"), 1);
    assert!(
        text.contains("found none among 2 runs") && text.contains("train --resume --out runs/paper-digits-seed1"),
        "{text}"
    );
    printed(&mut user.lenet5("train --resume --out runs/paper-digits-seed1 --passes 2"));
    let metrics = user.text("runs/paper-digits-seed1/metrics.csv");
    assert_eq!(metrics.lines().count(), 3);
}

#[test]
fn a_folder_with_another_run_is_left_as_it_is() {
    let user = User::new();
    printed(&mut user.lenet5("train --dataset digits --passes 1 --set training_patterns=100 --out run"));
    let before = user.read("run/model.safetensors");
    let text = complaint(&mut user.lenet5("train --dataset digits --seed 2 --out run"), 1);
    assert!(text.contains("already holds a run") && text.contains("(`lenet5 train --resume --out run`)"), "{text}");
    assert_eq!(before, user.read("run/model.safetensors"));

    fs::create_dir(user.path("mine")).unwrap();
    fs::write(user.path("mine/thesis.txt"), "years of work").unwrap();
    refused(&user, "train --dataset digits --out mine", 1, "already holds files");
    assert_eq!(fs::read_dir(user.path("mine")).unwrap().count(), 1);
}

/// Killed in its first milliseconds, before there is a run to resume.
#[test]
fn a_run_that_was_killed_while_it_was_being_made_can_be_started_again() {
    let (user, words) = (User::new(), "train --dataset digits --passes 1 --set training_patterns=50 --out run");
    // Stopped before its first pass ends; then its settings are taken away, which are written last.
    fs::create_dir(user.path("run")).unwrap();
    let settings = lenet5::models::builder::Builder::default().build().unwrap();
    let fresh = lenet5::runs::checkpoint::Model::untrained(settings, lenet5::data::Source::Digits);
    fresh.save(&user.path("run/checkpoint.safetensors")).unwrap();
    for name in ["lock", "config.toml.17-4.tmp"] {
        fs::write(user.path("run").join(name), "half a fi").unwrap();
    }
    printed(&mut user.lenet5(words));
    assert!(!user.path("run/config.toml.17-4.tmp").exists());
    refused(&user, "train --resume --out run --passes 0", 1, "`passes`");
}

/// Somebody's only copy of a trained network is no left-over.
#[test]
fn a_trained_checkpoint_is_never_overwritten() {
    let user = User::new();
    let words = "train --dataset digits --passes 1 --set training_patterns=50 --out";
    printed(&mut user.lenet5(&format!("{words} run")));
    fs::create_dir(user.path("kept")).unwrap();
    fs::copy(user.path("run/checkpoint.safetensors"), user.path("kept/checkpoint.safetensors")).unwrap();
    refused(&user, &format!("{words} kept"), 1, "already holds files");
    // Nor is one that this version cannot read.
    fs::write(user.path("kept/checkpoint.safetensors"), "of a later version").unwrap();
    refused(&user, &format!("{words} kept"), 1, "already holds files");
}

/// Looking for a run to resume changes none that is not resumed, and says what is wrong with a broken one.
#[test]
fn resuming_the_newest_run_leaves_the_others_alone() {
    let user = User::new();
    let words = "train --dataset digits --set training_patterns=50 --passes";
    let child = start(&user, &format!("{words} 90 --out runs/old"));
    wait_for_passes(&user, "runs/old", 1);
    kill(child);
    printed(&mut user.lenet5(&format!("{words} 2 --out runs/new")));
    let before = user.read("runs/new/config.toml");
    let text = printed(&mut user.lenet5("train --resume"));
    assert!(text.contains("recorded in runs/old"), "{text}");
    assert_eq!(before, user.read("runs/new/config.toml"));
    fs::write(user.path("runs/new/checkpoint.safetensors"), "broken").unwrap();
    let text = complaint(&mut user.lenet5("train --resume"), 1);
    assert!(text.contains("not a lenet5 model"), "{text}");
}

/// A kill may come after the last checkpoint and before the curve.
#[test]
fn resuming_restores_what_is_missing() {
    let user = User::new();
    printed(&mut user.lenet5("train --dataset digits --passes 2 --set training_patterns=50 --out run"));
    let model = user.read("run/model.safetensors");
    fs::remove_file(user.path("run/model.safetensors")).unwrap();
    fs::remove_file(user.path("run/learning_curve.svg")).unwrap();
    printed(&mut user.lenet5("train --resume --out run"));
    assert_eq!(model, user.read("run/model.safetensors"));
    assert!(!user.read("run/learning_curve.svg").is_empty());
    printed(&mut user.lenet5("train --resume --out run --passes 3"));
    let sessions = user.text("run/environment.toml");
    assert!(sessions.contains("first_pass = 1\n") && sessions.contains("first_pass = 3\n"), "{sessions}");
}

#[test]
fn a_run_cannot_be_shortened() {
    let user = User::new();
    printed(&mut user.lenet5("train --dataset digits --passes 2 --set training_patterns=50 --out run"));
    let text = complaint(&mut user.lenet5("train --resume --out run --passes 1"), 1);
    assert!(text.contains("2 complete passes already"), "{text}");
    assert!(user.text("run/config.toml").contains("passes = 2"));
    let text = printed(&mut user.lenet5("train --resume --out run"));
    assert!(text.contains("had all its passes already"), "{text}");
}

#[test]
fn a_run_can_be_repeated_from_its_configuration() {
    let user = User::new();
    let words = "--dataset digits --passes 2 --seed 5 --set training_patterns=200 --set loss=eq8 --set distance=half";
    printed(&mut user.lenet5(&format!("train {words} --out first")));
    printed(&mut user.lenet5("train --config first/config.toml --out second"));
    assert_eq!(user.read("first/config.toml"), user.read("second/config.toml"));
    assert_eq!(user.read("first/model.safetensors"), user.read("second/model.safetensors"));
}

#[test]
fn neither_threads_nor_instructions_change_anything() {
    let user = User::new();
    for level in Level::available() {
        for threads in ["1", "2", "7"] {
            let folder = format!("{level:?}-{threads}");
            let words = format!("train --dataset digits --passes 1 --set training_patterns=300 --out {folder}");
            printed(user.lenet5(&words).env("RAYON_NUM_THREADS", threads).env("LENET5_SIMD", level.name()));
            assert_eq!(user.read("scalar-1/model.safetensors"), user.read(&format!("{folder}/model.safetensors")));
            assert_eq!(without_times(&user.path("scalar-1")), without_times(&user.path(&folder)));
        }
    }
}

#[test]
fn two_processes_do_not_train_one_run() {
    let user = User::new();
    let child = start(&user, "train --dataset digits --passes 50 --out run");
    wait_for_passes(&user, "run", 1);
    let text = refused(&user, "train --resume --out run", 1, "is training this run");
    // Windows lets nobody else read a file that is locked.
    assert!(cfg!(windows) || text.contains(&format!("run: process {} on ", child.id())), "{text}");
    kill(child);
}
