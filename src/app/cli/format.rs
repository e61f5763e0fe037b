//! Numbers, paths and notes in words.

use std::collections::BTreeSet;
use std::path::Path;

use lenet5::data::Source;
use lenet5::runs::checkpoint::Model;
pub use lenet5::words::{count, thousands};
use nalgebra::DMatrix;

/// [`count`] with the verb: `1 pass is`, `2 passes are`.
pub fn are(number: usize, thing: &str) -> String {
    format!("{} {}", count(number, thing), if number == 1 { "is" } else { "are" })
}

/// 125.4 seconds as `2 min 5 s`.
pub fn duration(seconds: f64) -> String {
    if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{:.0} min {:.0} s", (seconds / 60.0).floor(), (seconds % 60.0).floor())
    }
}

/// A table of counts: a row for each class of these names, a column for each answer.
pub fn confusion(names: &[String], counts: &DMatrix<usize>) -> String {
    // Six columns are enough for a count; longer names are cut at the top, and numbered where they would be alike.
    let cut: BTreeSet<String> = names.iter().map(|name| name.chars().take(5).collect()).collect();
    let numbered = cut.len() < names.len();
    let columns: Vec<String> =
        if numbered { (1..=names.len()).map(|n| n.to_string()).collect() } else { names.to_vec() };
    let row = |(name, column): (&String, &String)| if numbered { format!("{name} {column:>3}") } else { name.clone() };
    let rows: Vec<String> = names.iter().zip(&columns).map(row).collect();
    let heading: String = columns.iter().map(|name| format!("{name:>6.5}")).collect();
    let width = rows.iter().map(|name| name.chars().count()).fold(6, usize::max);
    let mut table = format!("{:width$}{heading}\n", "");
    for (name, row) in rows.iter().zip(counts.row_iter()) {
        let cells: String =
            row.iter().map(|&count| if count == 0 { "     .".into() } else { format!("{count:>6}") }).collect();
        table += &format!("{name:>width$}{cells}\n");
    }
    table
}

/// The counts of answers, a row for each class of these names and a column for each answer, from labels and what was answered. What is
/// no class, and what was not answered, is in no row.
pub fn confused<'a>(names: &[String], answers: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> DMatrix<usize> {
    let class = |text: &str| names.iter().position(|name| name == text);
    let mut matrix = DMatrix::zeros(names.len(), names.len());
    for (label, answer) in answers {
        if let (Some(truth), Some(answer)) = (class(label), answer.and_then(class)) {
            matrix[(truth, answer)] += 1;
        }
    }
    matrix
}

/// A path as it can be typed into a shell.
pub fn shell(path: &Path) -> String {
    let text = path.display().to_string();
    // An argument that begins with a dash is an option.
    let text = if text.starts_with('-') { format!("./{text}") } else { text };
    let plain = |c: char| c.is_alphanumeric() || "-_./:=,".contains(c) || (cfg!(windows) && c == '\\');
    // A word that begins with an equals sign is the path of a command to some shells.
    if text.chars().all(plain) && !text.starts_with('=') { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// Warns, on standard error, that a model trained on the small digits reads other pictures badly.
pub fn note_of_source(model: &Model) {
    if model.source == Source::Digits {
        complain!(
            "Note: this model has seen only the small digits that come with the program. It reads many others wrongly, however sure \
             it is; train one on MNIST for pictures of your own."
        );
    }
}

/// True if the classes of the model are characters, so that it can read lines of them.
pub fn reads_characters(model: &Model) -> bool {
    let names = model.class_names();
    let blank = model.settings.blank_class();
    let of_characters = |(class, name): (usize, &String)| blank == Some(class) || name.chars().count() == 1;
    names.iter().enumerate().all(of_characters)
}

/// The name by which this program was called, for commands that can be typed as printed.
pub fn program() -> String {
    std::env::args_os().next().map_or_else(|| "lenet5".into(), |name| shell(Path::new(&name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_begin_alike_are_numbered() {
        let table =
            |names: [&str; 2]| confusion(&names.map(String::from), &DMatrix::from_row_slice(2, 2, &[7, 0, 1, 12]));
        assert_eq!(table(["a", "truck"]), "           a truck\n     a     7     .\n truck     1    12\n");
        let numbered = "                1     2\nclass a   1     7     .\nclass b   2     1    12\n";
        assert_eq!(table(["class a", "class b"]), numbered);
    }

    #[test]
    fn numbers_and_paths() {
        assert_eq!((duration(5.04), duration(125.9)), ("5.0 s".into(), "2 min 5 s".into()));
        assert_eq!(shell(Path::new("runs/a b's")), r"'runs/a b'\''s'");
        assert_eq!(shell(Path::new("-x")), "./-x");
    }
}
