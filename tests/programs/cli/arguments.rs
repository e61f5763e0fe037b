//! Arguments that make no sense, files that are broken: each has its message.

use std::fs;

use super::{User, printed, refused};

#[test]
fn the_settings_can_be_saved_and_used() {
    let user = User::new();
    let text = printed(&mut user.lenet5("settings"));
    assert!(text.contains("[paper, Table I: sparse]") && text.contains("[assumed"), "{text}");
    fs::write(user.path("mine.toml"), text).unwrap();
    printed(
        &mut user.lenet5("train --config mine.toml --dataset digits --passes 1 --set training_patterns=50 --out run"),
    );
}

#[test]
fn bad_arguments_of_train() {
    let user = User::new();
    fs::write(user.path("broken.toml"), "passes = \n").unwrap();
    fs::write(user.path("unknown.toml"), "impetus = 0.9\n").unwrap();
    for (words, code, message) in [
        ("--preset nobody", 1, "unknown preset `nobody`; the presets: paper, paper-2.4, tuned"),
        ("--preset papr", 1, "unknown preset `papr`, did you mean `paper`?"),
        ("--set network=lenet-4", 1, "unknown network `lenet-4`, did you mean `lenet4`?"),
        ("--set momentun=0.9", 1, "unknown setting `momentun`, did you mean `momentum`?"),
        ("--set loss=cross-entropy", 1, "(did you mean `cross_entropy`?)"),
        ("--passes 0", 1, "`passes`: 0 is not acceptable; expected 1 to 100000"),
        ("--passes many", 2, "invalid value 'many' for '--passes <N>'"),
        ("--set j=-1", 1, "`j`: -1 is not acceptable; expected a number above 0"),
        ("--set j", 1, "expected key=value"),
        ("--set j=high", 1, "setting `j`: expected a number, found a text"),
        ("--set loss=softmax", 1, "unknown value `softmax`, expected one of `eq8`, `eq9`, `cross_entropy`"),
        ("--set impetus=0.9", 1, "unknown setting `impetus`; the settings: preset, dataset"),
        ("--set alphabet=0", 1, "2 to 96 different characters of U+0020 to U+007F"),
        ("--set alphabet=0123", 1, "expected labels below 4, the number of the network's classes, found 6"),
        ("--config nowhere.toml", 1, "nowhere.toml: cannot read the settings"),
        ("--config broken.toml", 1, "broken.toml: TOML parse error at line 1"),
        ("--config unknown.toml", 1, "unknown.toml: unknown setting `impetus`"),
        ("--seeds 3-1", 2, "'3-1' for '--seeds <SEEDS>': expected seeds, at most 200, such as 7, 1-10 or 1,3,5-8"),
        ("--seeds a", 2, "invalid value 'a' for '--seeds <SEEDS>'"),
        ("--seeds 1-201", 2, "expected seeds, at most 200"),
        ("--seeds 9223372036854775808", 1, "`seed`: 9223372036854775808 is not acceptable"),
        ("--seeds 1-3 --seed 2", 2, "cannot be used with"),
        ("--seeds 1-3 --out unknown.toml", 1, "unknown.toml: cannot be read or written"),
        ("--out unknown.toml", 1, "unknown.toml: cannot be read or written"),
    ] {
        refused(&user, &format!("train --dataset digits {words}"), code, message);
    }
    let no_run = "expected the folder of a run, found no config.toml in it; name the folder of one (--out)";
    let no_folder = "--data-dir nowhere: expected the four files of MNIST, found no readable folder (No such file";
    for (words, code, message) in [
        ("settings --preset lenet-1", 1, "unknown preset `lenet-1`, did you mean `lenet1`?"),
        ("train --set dataset=minst", 1, "did you mean `mnist`?"),
        ("train --dataset cifar", 2, "did you mean `cifar10`? The data sets: auto, mnist, qmnist, digits, cifar10"),
        (
            "train --resume",
            1,
            "runs: expected a run to go on with, found none; name the folder of one (--out), or train",
        ),
        ("train --resume --out nowhere", 1, &format!("nowhere: {no_run}")),
        ("train --resume --seed 2", 2, "cannot be used with"),
        ("train --resume --seeds 1-3 --out run", 2, "cannot be used with"),
        ("train --data-dir nowhere", 1, no_folder),
        ("trian", 2, "unrecognized subcommand 'trian'"),
    ] {
        refused(&user, words, code, message);
    }
    assert!(!user.path("runs").exists(), "nothing is left behind by arguments that make no sense");
}

#[test]
fn bad_files() {
    let user = User::new();
    printed(&mut user.lenet5("train --dataset digits --passes 1 --set training_patterns=50 --out run"));
    let model = user.read("run/model.safetensors");
    fs::write(user.path("short.safetensors"), &model[..model.len() / 2]).unwrap();
    fs::write(user.path("empty.safetensors"), "").unwrap();
    fs::write(user.path("text.png"), "this is no picture").unwrap();
    let good = "--model run/model.safetensors";
    let no_model = ".: there is no model.safetensors in this folder; give the path of one of these: ./empty";
    let cases = [
        ("test --model nowhere".into(), 1, "nowhere: cannot read the model"),
        ("test --model short.safetensors".into(), 1, "short.safetensors: not a lenet5 model"),
        ("test --model empty.safetensors".into(), 1, "empty.safetensors: not a lenet5 model"),
        ("test --model text.png".into(), 1, "text.png: not a lenet5 model"),
        ("test --model .".into(), 1, no_model),
        ("predict --model run text.png".into(), 1, "text.png: is not a PNG"),
        ("test --model".into(), 2, "--model <FILE>"),
        (format!("predict {good}"), 2, "<IMAGE>..."),
        (format!("predict {good} nowhere.png"), 1, "nowhere.png"),
        (format!("predict {good} text.png"), 1, "text.png"),
        (format!("predict {good} run"), 1, "run"),
    ];
    for (words, code, message) in cases {
        refused(&user, &words, code, message);
    }
}

/// A name that a terminal would obey is shown, wherever it is said; one that clap says as well.
#[cfg(unix)]
#[test]
fn names_are_printed_without_control_characters() {
    let user = User::new();
    let evil = "\u{1b}]0;mine\u{7}\u{9b}2J\u{202e}\n7";
    fs::create_dir(user.path(evil)).unwrap();
    let names = [format!("{evil}/{evil}.png"), format!("{evil}/bad.png"), format!("{evil}/{evil}.{evil}heic")];
    super::write_digit(&user.path(&names[0]), 3);
    names[1..].iter().for_each(|name| fs::write(user.path(name), "seven").unwrap());
    fs::write(user.path(&format!("{evil}.toml")), "\"\\u001b[31m\" = 7").unwrap();
    let commands: [&[&str]; 8] = [
        &["predict", evil],
        &["predict", "--json", evil],
        &["predict", &names[0]],
        &["scan", &names[0]],
        &["test", "--model", &names[1]],
        &["train", "--dataset", "digits", "--config", &format!("{evil}.toml")],
        &["train", "--dataset", "digits", "--set", &format!("{evil}=1")],
        &["summary", &format!("--{evil}")],
    ];
    for words in commands {
        let output = user.lenet5("").args(words).output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(text.contains("u009b2J") || text.contains("u001b[31m"), "{words:?}: {text:?}");
        let acts = |letter: char| letter != '\n' && letter.is_control() || letter == '\u{202e}';
        assert!(!text.contains(acts), "{words:?}: {text:?}");
    }
    // The end of a line in a name does not begin a line of its own.
    let text = printed(user.lenet5("predict").arg(&names[0]));
    assert!(text.lines().next().unwrap().contains("\\u000a7.png: "), "{text}");
    let json = printed(user.lenet5("predict --json").arg(&names[0]));
    let answers: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(answers[0]["file"], names[0]);
}

/// `lenet5 settings | head -1`
#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_error() {
    let user = User::new();
    for words in ["settings", "train --dataset digits --passes 2 --set training_patterns=50 --out run"] {
        let line = format!("set -o pipefail; {} {words} | head -1", env!("CARGO_BIN_EXE_lenet5"));
        let mut bash = std::process::Command::new("bash");
        let output = bash.args(["-c", &line]).current_dir(user.home.path()).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    }
    let metrics = user.text("run/metrics.csv");
    assert_eq!(metrics.lines().count(), 3, "the run goes on");
}
