//! `lenet5 test` for programs, and `predict` on folders of classes.

use std::fs;

use serde_json::Value;

use super::{User, outputs, printed, refused, write_digit};

#[test]
fn a_test_as_json_and_pattern_by_pattern() {
    let user = User::new();
    printed(&mut user.lenet5("train --dataset digits --set training_patterns=200 --passes 2 --out run"));
    let words = "test --model run --json --predictions tables/answers.csv --wrong wrong.svg";
    let found: Value = serde_json::from_str(&printed(&mut user.lenet5(words))).unwrap();
    let text = printed(&mut user.lenet5("test --model run"));
    let (errors, patterns) = (found["errors"].as_u64().unwrap() as usize, found["patterns"].as_u64().unwrap() as usize);
    assert!(
        patterns == 360
            && text.contains(&format!(
                "({errors} of 360), 95 % interval {:.2} to",
                found["error_low_percent"].as_f64().unwrap()
            )),
        "{text}"
    );
    let confusion = found["confusion"].as_array().unwrap();
    let cell = |row: usize, column: usize| confusion[row][column].as_u64().unwrap() as usize;
    assert_eq!((0..10).map(|class| cell(class, class)).sum::<usize>(), 360 - errors);
    assert_eq!((&found["seed"], &found["printed"], &found["classes"][7]), (&1.into(), &Value::Null, &"7".into()));

    let mut table = csv::Reader::from_path(user.path("tables/answers.csv")).unwrap();
    assert_eq!(table.headers().unwrap().iter().collect::<Vec<_>>()[..4], ["index", "truth", "answer", "distance_0"]);
    let mut counted = vec![vec![0; 10]; 10];
    for (index, row) in table.records().map(Result::unwrap).enumerate() {
        let (truth, answer): (usize, usize) = (row[1].parse().unwrap(), row[2].parse().unwrap());
        let distances: Vec<f64> = row.iter().skip(3).map(|cell| cell.parse().unwrap()).collect();
        let nearest = (0..10).min_by(|&one, &other| distances[one].total_cmp(&distances[other])).unwrap();
        assert_eq!((row[0].parse::<usize>().unwrap(), answer, distances.len()), (index, nearest, 10));
        counted[truth][answer] += 1;
    }
    assert!((0..10).all(|row| (0..10).all(|column| counted[row][column] == cell(row, column))));

    let page = user.text("wrong.svg");
    let document = roxmltree::Document::parse(&page).unwrap();
    assert_eq!(document.descendants().filter(|node| node.has_tag_name("image")).count(), errors);
    assert!(
        page.contains(&format!("{errors} errors of 360 patterns"))
            && page.contains("paper, 200 patterns, 2 passes, seed 1")
    );

    for (words, message) in [
        ("--predictions tables/answers.csv", "answers.csv is already there and is left as it is"),
        ("--wrong wrong.svg", "wrong.svg is already there"),
        ("--predictions answers.txt", "expected a name that ends in .csv"),
        ("--wrong wrong.jpg", "expected a name that ends in .svg, .png or .pdf"),
        ("--wrong run/model.safetensors/x.svg", "x.svg"),
    ] {
        refused(&user, &format!("test --model run {words}"), 1, message);
    }
}

/// A network that ends in scores has them in its table.
#[test]
fn scores_are_called_scores() {
    let user = User::new();
    super::write_model(&user, "modern.safetensors", "modern", lenet5::data::Source::Digits);
    printed(&mut user.lenet5("test --model modern.safetensors --predictions answers.csv"));
    let mut table = csv::Reader::from_path(user.path("answers.csv")).unwrap();
    assert_eq!(&table.headers().unwrap()[12], "score_9");
    let row = table.records().next().unwrap().unwrap();
    let scores: Vec<f64> = row.iter().skip(3).map(|cell| cell.parse().unwrap()).collect();
    let largest = (0..10).max_by(|&one, &other| scores[one].total_cmp(&scores[other])).unwrap();
    assert_eq!(row[2].parse::<usize>().unwrap(), largest);
}

#[test]
fn folders_with_the_names_of_classes_are_counted() {
    let user = User::new();
    for index in 0..12 {
        let class = write_digit(&user.path("digit.pgm"), index);
        let folder = user.path(&format!("set/test/{class}"));
        fs::create_dir_all(&folder).unwrap();
        fs::rename(user.path("digit.pgm"), folder.join(format!("{index}.pgm"))).unwrap();
    }
    let json = printed(&mut user.lenet5("predict set --json"));
    let answers: Value = serde_json::from_str(&json).unwrap();
    let answers = answers.as_array().unwrap();
    let right = answers.iter().filter(|answer| answer["label"] == answer["class"]).count();
    assert!(
        answers.len() == 12
            && answers.iter().all(|answer| answer["file"]
                .as_str()
                .unwrap()
                .contains(&format!("/{}/", answer["label"].as_str().unwrap()))),
        "{json}"
    );
    let text = printed(&mut user.lenet5("predict set"));
    let counts = format!(
        "12 pictures in folders with the names of classes: {right} right, {} wrong (0 of them refused)\n",
        12 - right
    );
    assert!(
        text.contains(&counts) && text.contains(&format!("accuracy {:.2} %", 100.0 * right as f64 / 12.0)),
        "{text}"
    );
    let cells = text
        .split("a row for each folder")
        .nth(1)
        .unwrap()
        .lines()
        .skip(2)
        .flat_map(|line| line.split_whitespace().skip(1));
    assert_eq!(cells.filter_map(|cell| cell.parse::<usize>().ok()).sum::<usize>(), 12, "{text}");

    // Refused pictures count as wrong; folders of other names do not count, and that is said.
    fs::write(user.path("set/test/7/broken.png"), "no picture").unwrap();
    fs::create_dir(user.path("set/test/cats")).unwrap();
    write_digit(&user.path("set/test/cats/cat.pgm"), 3);
    let (text, complaint) = outputs(&mut user.lenet5("predict set/test"), 1);
    let counts = format!(
        "13 pictures in folders with the names of classes: {right} right, {} wrong (1 of them refused)\n",
        13 - right
    );
    assert!(text.contains(&counts), "{text}");
    assert!(
        complaint.contains("1 picture in folders with other names than those of the classes are not counted: cats"),
        "{complaint}"
    );
    // Without such folders, all is as it was.
    assert!(!printed(&mut user.lenet5("predict set/test/cats")).contains("accuracy"));
}
