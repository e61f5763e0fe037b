//! Pictures in folders that are named as classes: how many were read right.

use std::path::Path;

use lenet5::evaluation::{clopper_pearson, percent};
use lenet5::words::count;

use super::super::format::{confused, confusion};

/// The name of the folder in which a picture stands, where that folder is within the one that was named.
pub fn folder_of(picture: &Path, named: &Path) -> Option<String> {
    let folder = picture.parent()?;
    let inner = folder.strip_prefix(named).ok()?.file_name()?;
    Some(inner.to_string_lossy().into_owned())
}

/// A picture in a folder with the name of a class: that name, and the answer; none where the picture was refused.
pub type Labelled<'a> = (&'a str, Option<&'a str>);

/// The share of right answers with its interval, and which class was taken for which.
pub fn summary(names: &[String], labelled: &[Labelled]) -> String {
    let all = labelled.len();
    let wrong = labelled.iter().filter(|(label, answer)| *answer != Some(*label)).count();
    let refused = labelled.iter().filter(|(_, answer)| answer.is_none()).count();
    let interval = clopper_pearson(wrong, all);
    format!(
        "{} in folders with the names of classes: {} right, {wrong} wrong ({refused} of them refused)\naccuracy {:.2} %, 95 % interval {:.2} to \
         {:.2} %\n\na row for each folder, a column for each answer\n{}",
        count(all, "picture"),
        all - wrong,
        percent(all - wrong, all),
        100.0 - interval.high,
        100.0 - interval.low,
        confusion(names, &confused(names, labelled.iter().copied()))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_the_folder_within_the_named_one() {
        let label = |picture: &str, named: &str| folder_of(picture.as_ref(), named.as_ref());
        assert_eq!(label("set/7/a.png", "set"), Some("7".into()));
        assert_eq!(label("set/train/7/a.png", "set/"), Some("7".into()));
        assert_eq!(label("set/7/a.png", "set/7"), None);
        assert_eq!(label("./7/a.png", "."), Some("7".into()));
        assert_eq!(label("a.png", "a.png"), None);
    }

    #[test]
    fn what_is_refused_is_wrong() {
        let names = ["cat", "dog"].map(String::from);
        let text = summary(&names, &[("cat", Some("cat")), ("dog", Some("cat")), ("dog", None), ("cat", Some("cat"))]);
        assert!(
            text.starts_with("4 pictures in folders with the names of classes: 2 right, 2 wrong (1 of them refused)\n"),
            "{text}"
        );
        assert!(text.contains("accuracy 50.00 %, 95 % interval 6.76 to 93.24 %"), "{text}");
        let rows = text.lines().rev().take(2).map(|row| row.split_whitespace().collect());
        assert_eq!(rows.collect::<Vec<Vec<&str>>>(), [["dog", "1", "."], ["cat", "2", "."]]);
    }
}
