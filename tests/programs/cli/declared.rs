//! Networks of a user's own, from a TOML file.

use std::fs;
use std::path::Path;

use super::{User, complaint, printed, refused, write_digit};
use crate::metrics::without_times;

/// Copies a declaration of `examples/` into the user's folder.
fn copy(user: &User, name: &str) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    fs::copy(from, user.path(name)).unwrap();
}

#[test]
fn it_trains_resumes_tests_predicts_and_scans_without_its_file() {
    let user = User::new();
    copy(&user, "mixed.toml");
    let words = "train --preset modern --network mixed.toml --dataset digits --set training_patterns=300";
    let text = printed(&mut user.lenet5(&format!("{words} --passes 2 --out whole")));
    assert!(text.contains("Network mixed, preset modern, 300 patterns, 2 passes, network mixed (declared)"), "{text}");
    printed(&mut user.lenet5(&format!("{words} --passes 1 --out part")));
    fs::remove_file(user.path("mixed.toml")).unwrap();
    printed(&mut user.lenet5("train --resume --passes 2 --out part"));
    for name in ["model.safetensors", "checkpoint.safetensors", "config.toml"] {
        assert!(user.read(&format!("whole/{name}")) == user.read(&format!("part/{name}")), "{name}");
    }
    assert_eq!(without_times(&user.path("whole")), without_times(&user.path("part")));
    assert!(user.text("whole/rates.csv").contains("s4.coefficient"));
    printed(&mut user.lenet5("train --config whole/config.toml --out again"));
    assert!(user.read("again/model.safetensors") == user.read("whole/model.safetensors"), "the settings make the run");

    // The model alone, as on another machine.
    fs::copy(user.path("whole/model.safetensors"), user.path("alone.safetensors")).unwrap();
    fs::remove_dir_all(user.path("whole")).unwrap();
    write_digit(&user.path("digit.pgm"), 3);
    let text = printed(&mut user.lenet5("test --model alone.safetensors"));
    assert!(text.contains("network mixed (declared)") && text.contains("95 % interval"), "{text}");
    let text = printed(&mut user.lenet5("predict --model alone.safetensors digit.pgm --explain how.svg"));
    assert!(text.contains("<--") && text.contains("probability"), "{text}");
    assert!(user.text("how.svg").contains("C3"));
    printed(&mut user.lenet5("scan --model alone.safetensors digit.pgm"));
    printed(&mut user.lenet5("export --model alone.safetensors --npz tensors.npz"));
    let text = printed(&mut user.lenet5("summary --model alone.safetensors"));
    assert!(text.contains("mixed for an input of 1 @ 32x32 units") && text.contains("c3.weight"), "{text}");
    let text = printed(&mut user.lenet5("summary --model alone.safetensors --toml"));
    fs::write(user.path("mixed.toml"), text).unwrap();
    printed(&mut user.lenet5(&format!("{words} --passes 2 --out printed")));
    assert!(user.read("printed/model.safetensors") == user.read("alone.safetensors"), "its declaration makes the run");
}

#[test]
fn lenet1_and_lenet5_have_the_tensors_of_the_programs_own() {
    let user = User::new();
    for (file, preset) in [("lenet1.toml", "lenet1"), ("lenet5.toml", "paper")] {
        copy(&user, file);
        let words = format!("train --preset {preset} --dataset digits --set training_patterns=200 --passes 2");
        printed(&mut user.lenet5(&format!("{words} --out own-{preset}")));
        printed(&mut user.lenet5(&format!("{words} --network {file} --out declared-{preset}")));
        let metrics = |kind: &str| without_times(&user.path(&format!("{kind}-{preset}")));
        assert_eq!(metrics("own"), metrics("declared"), "{preset}");
        for kind in ["own", "declared"] {
            let words = format!("export --model {kind}-{preset} --npz {kind}-{preset}.npz");
            printed(&mut user.lenet5(&words));
        }
        assert!(user.read(&format!("own-{preset}.npz")) == user.read(&format!("declared-{preset}.npz")), "{preset}");
    }
    printed(&mut user.lenet5("train --network lenet1.toml --dataset digits --set training_patterns=50 --passes 1"));
    assert!(user.path("runs/lenet1-digits-seed1/model.safetensors").exists(), "named after the network");
    let seeds = "--set training_patterns=50 --passes 1 --seeds 1-2 --out seeds";
    printed(&mut user.lenet5(&format!("train --network lenet1.toml --dataset digits {seeds}")));
    assert_eq!(user.seeds("seeds").len(), 2);
}

#[test]
fn what_is_no_declaration_is_refused_and_nothing_is_written() {
    let user = User::new();
    copy(&user, "lenet5.toml");
    let good = user.text("lenet5.toml");
    fs::write(user.path("empty.toml"), "").unwrap();
    fs::write(user.path("binary.toml"), [0xff, 0xfe, 0, 1]).unwrap();
    fs::write(user.path("cut.toml"), &good[..good.len() / 2]).unwrap();
    fs::write(user.path("wide.toml"), good.replace("[1, 32, 32]", "[1, 40, 40]")).unwrap();
    fs::create_dir(user.path("folder")).unwrap();
    for (words, message) in [
        ("--network none.toml", "none.toml: cannot read the declaration of a network"),
        ("--network folder", "folder: cannot read"),
        ("--network empty.toml", "empty.toml: `input`: expected three whole numbers"),
        ("--network binary.toml", "binary.toml: cannot read"),
        ("--network cut.toml", "cut.toml: "),
        ("--network wide.toml", "wide.toml: layer 7 (`RBF`): expected one position for the declared input, found 3x3"),
        ("--network lenet1", "--preset lenet1"),
        ("--set network=lenet5.toml", "given by --network"),
        ("--network lenet5.toml --set pooling=max", "only the network lenet5 can be changed so"),
        ("--network lenet5.toml --set loss=cross_entropy", "setting `loss`"),
    ] {
        refused(&user, &format!("train --dataset digits --out run {words}"), 1, message);
        assert!(!user.path("run").exists(), "{words}");
    }
    complaint(&mut user.lenet5("train --resume --network lenet5.toml"), 2);
    // A run's settings with another declaration are not those of its checkpoint.
    let words = "train --network lenet5.toml --dataset digits --set training_patterns=50";
    printed(&mut user.lenet5(&format!("{words} --passes 1 --out run")));
    let before = user.read("run/model.safetensors");
    let config = user.text("run/config.toml");
    assert!(config.contains("network = { name = \"lenet5\", input = [1, 32, 32], layers = [\n"), "{config}");
    fs::write(user.path("run/config.toml"), config.replace("[0, 1, 2], ", "[0, 1, 3], ")).unwrap();
    refused(&user, "train --resume --out run --passes 2", 1, "only `passes` may change");
    assert!(user.read("run/model.safetensors") == before);
}
