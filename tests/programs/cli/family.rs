//! The other networks, by the same commands.

use std::fs;

use super::{User, printed, refused, write_digit};

/// Files in CIFAR-10's layout in `data/cifar10`: each class is one colour.
fn write_colours(user: &User) {
    fs::create_dir_all(user.path("data/cifar10")).unwrap();
    for (name, count) in [("data_batch_1.bin", 300), ("test_batch.bin", 50)] {
        let image = |index: usize| {
            let class = index % 10;
            let pixel = move |at: usize| (20 * class + 40 * (class % 3) * (at / 1024) + (at * 7 + index) % 13) as u8;
            std::iter::once(class as u8).chain((0..3072).map(pixel))
        };
        fs::write(user.path("data/cifar10").join(name), (0..count).flat_map(image).collect::<Vec<u8>>()).unwrap();
    }
}

/// Two passes in one go and one after the other end in the same bits: momenta, Adam's moments and kept curvatures go on.
#[test]
fn each_network_trains_resumes_tests_and_predicts() {
    let user = User::new();
    write_colours(&user);
    write_digit(&user.path("digit.pgm"), 3);
    for (preset, more) in [
        ("lenet1", ""),
        ("lenet4", ""),
        ("lush", ""),
        ("modern", ""),
        ("modern", "--set optimizer=sgd --set eta_factor=5.0"),
        ("modern", "--set distorted_copies=2"),
        ("modern-wide", ""),
    ] {
        let data = if preset == "modern-wide" { "" } else { "--dataset digits" };
        let words = format!("train --preset {preset} {data} --set training_patterns=200 {more}");
        let folder = |name: &str| format!("{preset}{}/{name}", more.replace(' ', ""));
        let (whole, part) = (folder("whole"), folder("part"));
        printed(&mut user.lenet5(&format!("{words} --passes 2 --out {whole}")));
        printed(&mut user.lenet5(&format!("{words} --passes 1 --out {part}")));
        printed(&mut user.lenet5(&format!("train --resume --passes 2 --out {part}")));
        for name in ["model.safetensors", "checkpoint.safetensors"] {
            let same = user.read(&format!("{whole}/{name}")) == user.read(&format!("{part}/{name}"));
            assert!(same, "{preset} {more}: {name}");
        }
        let model = format!("--model {whole}/model.safetensors");
        let text = printed(&mut user.lenet5(&format!("test {model}")));
        assert!(text.contains("95 % interval") && !text.contains("the paper's 1.1"), "{text}");
        assert_eq!(text.contains("reconstruction"), preset == "lenet4", "{text}");
        let text = printed(&mut user.lenet5(&format!("predict {model} digit.pgm")));
        assert!(text.contains("<--") && !text.contains("rubbish"), "{preset}: {text}");
        assert_eq!(text.contains("probability"), preset.starts_with("modern"), "{preset}: {text}");
        let text = printed(&mut user.lenet5(&format!("summary {model}")));
        assert!(text.contains("total") && text.contains("r.m.s."), "{text}");
    }
}

#[test]
fn the_tables_of_all_networks() {
    let user = User::new();
    for (preset, parameters, connections) in [
        ("paper", "60,000", "340,908"),
        ("lenet1", "2,578", "98,442"),
        ("lenet4", "16,885", "258,193"),
        ("lush", "51,046", "331,114"),
        ("modern", "61,706", "429,342"),
        ("modern-wide", "121,182", "2,359,422"),
    ] {
        let text = printed(&mut user.lenet5(&format!("summary --preset {preset}")));
        let total = text.lines().find(|line| line.starts_with("total")).unwrap();
        assert!(total.contains(parameters) && total.contains(connections), "{preset}: {text}");
        assert_eq!(text.contains("reconstruction"), preset == "lenet4", "{text}");
    }
}

#[test]
fn settings_that_do_not_fit_each_other_are_named() {
    let user = User::new();
    for (words, key) in [
        ("--set output=scores", "`loss`"),
        ("--preset modern --set loss=eq9", "`loss`"),
        ("--preset lenet1 --set activation=relu", "`activation`"),
        ("--preset modern --set input_mean=[]", "`input_deviation`"),
    ] {
        let text = refused(&user, &format!("train --dataset digits {words} --out run"), 1, key);
        assert!(text.contains("expected"), "{words}: {text}");
    }
    assert!(!user.path("run").exists());
}
