//! The tables of `lenet5 pictures`: errors by kind, and which character was taken for which.

use std::collections::BTreeMap;
use std::io::{self, Write};

use lenet5::words::terminal::PlainWriter;

use super::super::format::{confused, confusion};
use super::answered::{Answered, heading, sentence, share};

/// The counts of one kind of pictures.
#[derive(Default)]
struct Counts {
    pictures: usize,
    wrong: usize,
    refused: usize,
    /// Characters to insert, to delete or to replace.
    edits: usize,
    characters: usize,
}

impl Counts {
    fn add(&mut self, answered: &Answered) {
        self.pictures += 1;
        self.wrong += usize::from(!answered.is_right());
        self.refused += usize::from(answered.answer.is_none());
        self.edits += strsim::levenshtein(&answered.label, answered.answer.as_deref().unwrap_or_default());
        self.characters += answered.label.chars().count();
    }
}

pub fn print(answered: &[Answered], names: Vec<String>, out: &mut dyn Write) -> io::Result<()> {
    let mut out = PlainWriter(out);
    writeln!(out, "{}\n", heading(answered))?;
    let (lines, digits): (Vec<&Answered>, Vec<&Answered>) = answered.iter().partition(|answered| answered.is_line());
    if !digits.is_empty() {
        table("one character", &digits, &mut out)?;
        writeln!(out, "\na row for each character, a column for each answer")?;
        let matrix = confused(&names, digits.iter().map(|one| (one.label.as_str(), one.answer.as_deref())));
        write!(out, "{}", confusion(&names, &matrix))?;
    }
    if !lines.is_empty() {
        if !digits.is_empty() {
            writeln!(out)?;
        }
        table("a line", &lines, &mut out)?;
    }
    for wrong in answered.iter().filter(|answered| !answered.is_right()) {
        writeln!(out, "{}", sentence(wrong))?;
    }
    Ok(())
}

/// A row for each kind, and one for all.
fn table(title: &str, answered: &[&Answered], out: &mut dyn Write) -> io::Result<()> {
    let mut kinds: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut all = Counts::default();
    for answered in answered {
        kinds.entry(&answered.kind).or_default().add(answered);
        all.add(answered);
    }
    let several = kinds.len() > 1 || kinds.keys().any(|kind| !kind.is_empty());
    let rows = kinds.into_iter().filter(|_| several).chain([("all", all)]);
    let rows: Vec<(&str, Counts)> = rows.collect();
    let width = rows.iter().map(|row| row.0.chars().count()).fold(title.len(), usize::max);
    writeln!(out, "{title:<width$}  pictures  wrong            refused  edits of characters")?;
    for (kind, counts) in rows {
        let Counts { pictures, wrong, refused, edits, characters } = counts;
        let wrong = format!("{wrong:>5} {:>9}", format!("({})", share(wrong, pictures)));
        writeln!(out, "{kind:<width$}  {pictures:>8}  {wrong}  {refused:>7}  {edits:>5} of {characters}")?;
    }
    Ok(())
}
