//! A labelled set of pictures.

use std::fs;

use image::{GrayImage, Luma};

use super::{User, outputs, printed, refused, write_digit};

/// Five of the small digits, a line of three ones, and labels of which one is wrong and one names no file.
fn user_with_set() -> User {
    let user = User::new();
    fs::create_dir(user.path("set")).unwrap();
    let mut labels = String::from("# ours\nfile,label,kind\n");
    for index in 0..5 {
        let digit = write_digit(&user.path(&format!("set/{index}.pgm")), index);
        labels += &format!("{index}.pgm,{digit},small\n");
    }
    let ink =
        |x: u32, y: u32| (20..100).contains(&y) && [60, 190, 320].iter().any(|left| (*left..left + 9).contains(&x));
    let line = GrayImage::from_fn(400, 120, |x, y| Luma([if ink(x, y) { 20 } else { 240 }]));
    line.save(user.path("set/line.png")).unwrap();
    fs::write(user.path("set/labels.csv"), labels + "line.png,111,drawn\nline.png,1112,drawn\nlost.png,3,small\n")
        .unwrap();
    user
}

#[test]
fn a_labelled_set_is_counted_by_kind() {
    let user = user_with_set();
    let text = printed(&mut user.lenet5("pictures set/labels.csv"));
    let row = |kind: &str| text.lines().filter(|line| line.starts_with(kind)).collect::<Vec<&str>>();
    assert!(text.starts_with("6 pictures of one character, 2 of a line\n"), "{text}");
    // The file that is lost is refused, and counts as wrong.
    let small: Vec<&str> = row("small")[0].split_whitespace().collect();
    assert_eq!((small[1], small[small.len() - 4]), ("6", "1"), "{text}");
    let drawn: Vec<&str> = row("drawn")[0].split_whitespace().collect();
    assert_eq!((&drawn[1..3], &drawn[drawn.len() - 3..]), (&["2", "1"][..], &["1", "of", "7"][..]), "{text}");
    assert!(text.contains("line.png: 1112 was read as 111\n") && text.contains("lost.png: 3 was refused: "), "{text}");
    // Every answer stands in the confusion matrix.
    let heading = text.find("a row for each character").unwrap();
    let cells = text[heading..].lines().skip(2).take(10).flat_map(|line| line.split_whitespace().skip(1));
    assert_eq!(cells.filter_map(|cell| cell.parse::<usize>().ok()).sum::<usize>(), 5, "{text}");
    assert_eq!(text, printed(user.lenet5("pictures set/labels.csv").env("RAYON_NUM_THREADS", "1")));
}

#[test]
fn a_labelled_set_as_json_and_as_a_page_of_what_is_wrong() {
    let user = user_with_set();
    let json = printed(&mut user.lenet5("pictures set/labels.csv --json --wrong wrong.svg"));
    let answers: serde_json::Value = serde_json::from_str(&json).unwrap();
    let answers = answers.as_array().unwrap();
    assert_eq!((answers.len(), &answers[5]["answer"], &answers[6]["answer"]), (8, &"111".into(), &"111".into()));
    assert!(answers[7]["answer"].is_null() && answers[7]["refused"].as_str().unwrap().contains("lost.png"), "{json}");
    let page = fs::read_to_string(user.path("wrong.svg")).unwrap();
    let wrong = answers.iter().filter(|answer| answer["answer"] != answer["label"]).count();
    assert!(
        page.contains(&format!("{wrong} read wrongly")) && page.contains("line.png: 1112 was read as 111"),
        "{page}"
    );
}

#[test]
fn a_broken_list_of_labels_is_refused_by_its_place() {
    let user = user_with_set();
    refused(&user, "pictures nowhere.csv", 1, "nowhere.csv");
    refused(&user, "pictures set/labels.csv --wrong page.jpg", 1, "expected a name that ends in .svg, .png or .pdf");
    for (text, message) in [
        ("file,digit\n0.pgm,1\n", "missing field `label`"),
        ("file,label\n", "there is no picture in it"),
        ("file,label\n0.pgm,\n", "a picture without a label"),
        ("file,label\n0.pgm,1\n1.pgm\n", "line: 3"),
    ] {
        fs::write(user.path("set/broken.csv"), text).unwrap();
        let (_, complaint) = outputs(&mut user.lenet5("pictures set/broken.csv"), 1);
        assert!(complaint.contains("set/broken.csv") && complaint.contains(message), "{complaint}");
    }
}

/// Of several characters one is read, and that is said.
#[test]
fn several_characters_are_said() {
    let user = user_with_set();
    let note = "one of 3 characters that are seen: `lenet5 scan` reads a line of them";
    assert!(printed(&mut user.lenet5("predict set/line.png")).contains(note));
    assert!(printed(&mut user.lenet5("predict set/line.png set/0.pgm")).lines().next().unwrap().ends_with(note));
    let json = printed(&mut user.lenet5("predict --json set/line.png set/0.pgm"));
    let answers: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&answers[0]["characters"], &answers[1]["characters"]), (&3.into(), &1.into()));
    let width = answers[0]["stroke_width"]["drawn"].as_f64().unwrap();
    // The bars are 9 wide and 80 high, and become 20 high.
    assert!((width - 9.0 / 4.0).abs() < 0.5 && answers[0]["stroke_width"]["seen"] == width, "{json}");
}
