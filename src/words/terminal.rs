//! Text from elsewhere (names of files, settings in a model's file, quotations from a table) made safe for a terminal: without
//! the control characters that would move its cursor, change its title or turn the direction of its letters.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

/// `text` with each control character but the ends of lines and tabs, and each that turns the direction of writing, as `\u001b`. In
/// a string of JSON that means the same character.
///
/// ```
/// use lenet5::words::terminal::plain;
/// assert_eq!(plain("\u{1b}[2J3.png\n"), "\\u001b[2J3.png\n");
/// assert_eq!(plain("größe 3.png"), "größe 3.png");
/// ```
pub fn plain(text: &str) -> Cow<'_, str> {
    escaped(text, |letter| acts(letter) && letter != '\n' && letter != '\t')
}

/// A path on one line: as [`plain`], with ends of lines and tabs too.
///
/// ```
/// assert_eq!(lenet5::words::terminal::name("a\nb.png".as_ref()), "a\\u000ab.png");
/// ```
pub fn name(path: &Path) -> String {
    escaped(&path.to_string_lossy(), acts).into_owned()
}

/// Writes [`plain`] text only. Each call must be given whole characters, as `write!` does.
#[derive(Debug)]
pub struct PlainWriter<W>(pub W);

impl<W: Write> Write for PlainWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_all(plain(&String::from_utf8_lossy(bytes)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// True if a terminal does more than show this character.
fn acts(letter: char) -> bool {
    let turns =
        matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    letter.is_control() || turns
}

fn escaped(text: &str, is_escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_escaped) {
        return text.into();
    }
    let letter = |letter: char| match is_escaped(letter) {
        true => format!("\\u{:04x}", u32::from(letter)),
        false => letter.into(),
    };
    text.chars().map(letter).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_has_no_control_characters() {
        let mut shown = PlainWriter(Vec::new());
        writeln!(shown, "\u{9b}31m.png: {}", serde_json::json!("\u{202e}gnp.3\u{7f}")).unwrap();
        let text = String::from_utf8(shown.0).unwrap();
        assert_eq!(text, "\\u009b31m.png: \"\\u202egnp.3\\u007f\"\n");
        let json = text.trim_end().split_once(' ').unwrap().1;
        assert_eq!(serde_json::from_str::<String>(json).unwrap(), "\u{202e}gnp.3\u{7f}");
    }
}
