//! A result is called what it is: on how many patterns, of which settings, and beside no printed number of another run.

use std::fs;

use lenet5::evaluation::clopper_pearson;
use lenet5::runs::checkpoint::Model;
use lenet5::runs::folder::read_table;
use lenet5::training::PassRecord;

use super::{User, printed};

#[test]
fn an_error_on_patterns_held_out_is_called_that_and_counts_them() {
    let user = User::new();
    let text = printed(&mut user.lenet5("train --dataset digits --passes 1 --set held_out=200 --out run"));
    assert!(text.contains("1,237 patterns, errors measured on 200 patterns held out"), "{text}");
    assert!(text.contains("held-out error") && !text.contains("test error"), "{text}");
    let record = read_table::<PassRecord>(&user.path("run/metrics.csv")).unwrap().pop().unwrap();
    let interval = clopper_pearson(record.test_errors, 200);
    assert!(text.contains(&format!("{:.2} to {:.2} %", interval.low, interval.high)), "{text}");

    let header = user.text("run/metrics.csv").lines().next().unwrap().to_string();
    for name in ["held_out_loss", "held_out_error_percent", "held_out_errors"] {
        assert!(header.split(',').any(|column| column == name), "{header}");
    }
    assert!(!header.contains("test"), "{header}");
    let curve = user.text("run/learning_curve.svg");
    assert!(curve.contains("held out") && !curve.lines().any(|line| line.trim() == "test"), "{curve}");

    // A folder of an older version, whose columns are called otherwise, goes on.
    let older = user.text("run/metrics.csv").replace("held_out_", "test_");
    fs::write(user.path("run/metrics.csv"), older).unwrap();
    printed(&mut user.lenet5("train --resume --passes 2 --out run"));
    printed(&mut user.lenet5("train --dataset digits --passes 2 --set held_out=200 --out whole"));
    assert_eq!(user.read("run/model.safetensors"), user.read("whole/model.safetensors"));
    assert_eq!(read_table::<PassRecord>(&user.path("run/metrics.csv")).unwrap()[0].test_errors, record.test_errors);
}

#[test]
fn errors_of_several_seeds_likewise() {
    let user = User::new();
    let words =
        "train --dataset digits --passes 1 --set training_patterns=100 --set held_out=200 --seeds 1-2 --out many";
    let text = printed(&mut user.lenet5(words));
    assert!(text.contains("held-out error") && !text.contains("test error"), "{text}");
    let table = user.text("many/seeds.csv");
    assert!(table.starts_with("seed,") && table.contains("held_out_errors") && !table.contains("test"), "{table}");
    assert_eq!(user.seeds("many").len(), 2);
}

/// The test set is left unread: no error on it is measured, printed, written or drawn, and training is the same.
#[test]
fn an_unread_test_set_is_in_no_text_and_no_file() {
    let user = User::new();
    let words = "train --dataset digits --set training_patterns=300";
    let unread = format!("{words} --set test_set=false");
    let text = printed(&mut user.lenet5(&format!("{unread} --passes 1 --out run")));
    assert!(text.contains("300 patterns, errors measured on the fly alone (test_set = false)"), "{text}");
    let claims_an_error = |text: &str| text.contains("test error") || text.contains("95 % interval  ");
    assert!(!claims_an_error(&text) && !text.contains("NaN"), "{text}");
    let header = user.text("run/metrics.csv").lines().next().unwrap().to_string();
    assert!(!header.contains("test") && !header.contains("held_out"), "{header}");
    assert!(!user.text("run/learning_curve.svg").lines().any(|line| line.trim() == "test"));

    // It goes on, and its network is that of a run that reads the test set.
    printed(&mut user.lenet5("train --resume --passes 2 --out run"));
    printed(&mut user.lenet5(&format!("{words} --passes 2 --out read")));
    let values = |name: &str| Model::load(&user.path(&format!("{name}/model.safetensors"))).unwrap().values;
    assert_eq!(values("run"), values("read"));
    let records = |name: &str| read_table::<PassRecord>(&user.path(&format!("{name}/metrics.csv"))).unwrap();
    let on_the_fly = |record: &PassRecord| record.running_training_error_percent;
    assert_eq!(
        records("run").iter().map(on_the_fly).collect::<Vec<_>>(),
        records("read").iter().map(on_the_fly).collect::<Vec<_>>()
    );
    assert!(records("run").iter().all(|record| !record.is_tested()));

    let text = printed(&mut user.lenet5(&format!("{unread} --passes 1 --seeds 1-2 --out many")));
    assert!(!claims_an_error(&text) && !text.contains("NaN"), "{text}");
    assert!(!user.text("many/seeds.csv").contains("test"));
    // With patterns held out, errors are those on them.
    let text = printed(&mut user.lenet5(&format!("{unread} --passes 1 --set held_out=100 --out held")));
    assert!(text.contains("held-out error") && !text.contains("test error"), "{text}");
}

#[test]
fn every_setting_that_differs_from_the_preset_is_named() {
    let user = User::new();
    let words = "train --dataset digits --passes 1 --set training_patterns=300 --set activation=relu";
    let label = "paper, 300 patterns, 1 pass, activation relu";
    let text = printed(&mut user.lenet5(&format!("{words} --out run")));
    assert!(text.contains(&format!("preset {label}, seed 1")), "{text}");
    assert!(user.text("run/learning_curve.svg").contains(label));
    let text = printed(&mut user.lenet5("test --model run/model.safetensors"));
    assert!(text.contains(label), "{text}");
    let text = printed(&mut user.lenet5(&format!("{words} --seeds 1-2 --out many")));
    assert!(text.contains(&format!("preset {label}, seeds 1-2")), "{text}");
}

/// A run on chosen patterns counts these, and not what its settings would leave.
#[test]
fn chosen_patterns_are_counted() {
    let user = User::new();
    printed(&mut user.lenet5("train --dataset digits --passes 1 --set training_patterns=200 --out run"));
    let rows: String = (0..50).map(|pattern| format!("{pattern}\n")).collect();
    fs::write(user.path("run/patterns.csv"), format!("pattern\n{rows}")).unwrap();
    let text = printed(&mut user.lenet5("train --resume --passes 2 --out run"));
    assert!(text.contains("2 passes of 50 patterns"), "{text}");
}

/// With the real files, where LENET5_DATA tells the tests of them.
#[test]
fn a_printed_number_stands_beside_its_counterpart_alone() {
    let Some(folder) = crate::real_mnist::folder("a_printed_number_stands_beside_its_counterpart_alone") else {
        return;
    };
    let folder = fs::canonicalize(folder).unwrap();
    let user = User::new();
    let lenet5 = |words: &str| printed(user.lenet5(words).arg("--data-dir").arg(&folder));
    let curve = |name: &str| user.text(&format!("{name}/learning_curve.svg"));

    let words = "train --passes 1 --set training_error=false";
    for (name, change) in [("relu", "--set activation=relu"), ("modern", "--preset modern"), ("some", "")] {
        let text = lenet5(&format!("{words} {change} --set training_patterns=600 --seeds 1-2 --out {name}"));
        assert!(!text.contains("paper, 20 passes"), "{text}");
        assert!(!curve(&format!("{name}/seed-1")).contains("paper, test"));
    }
    // One pass of all patterns stands beside the first pass of Fig. 5, and not beside the result of twenty.
    let text = lenet5(&format!("{words} --out whole"));
    assert!(!text.contains("paper, 20 passes"), "{text}");
    assert!(curve("whole").contains("paper, test"));

    // The paper trained on no pictures without a digit, as the network that comes with the program was.
    for model in ["", "--model whole/model.safetensors"] {
        let text = lenet5(&format!("test {model}"));
        assert!(text.contains("test error") && !text.contains("(paper"), "{text}");
    }
}
