//! The characters of classes, and the codes that RBF outputs have for them.

use std::collections::BTreeSet;

use crate::paper::codes::{self, Code};

/// The characters of Fig. 3, U+0020 to U+007F: as many classes can have codes.
pub const MOST_CODES: usize = 96;

/// The space and the delete character, which are both blank in Fig. 3.
const SPACE: char = ' ';
const DELETE: char = '\u{7f}';

/// The codes of the characters of `alphabet`, in that order.
///
/// Reading (*ours*): in an alphabet that has both the space and the delete character, delete is all ink, since two classes cannot have
/// one code. This is so for 96 classes.
///
/// # Errors
/// The first character that Fig. 3 does not have.
pub fn codes(alphabet: &str) -> Result<Vec<Code>, char> {
    let mut codes = codes::alphabet(alphabet)?;
    if alphabet.contains(SPACE) && alphabet.contains(DELETE) {
        let delete = alphabet.chars().zip(&mut codes).filter(|(character, _)| *character == DELETE);
        delete.for_each(|(_, code)| *code = [1; codes::BITS]);
    }
    Ok(codes)
}

/// An alphabet for classes of these names: their characters, where each is one of Fig. 3, and all are different; otherwise the first of
/// the digits, the capital and the small letters, and the other characters in order. `None` for more than [`MOST_CODES`] classes.
///
/// ```
/// let names = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
/// let alphabet = |of: &[&str]| lenet5::config::alphabet_of(&names(of));
/// assert_eq!(alphabet(&["a", "B", "?"]).as_deref(), Some("aB?"));
/// assert_eq!(alphabet(&["shirt", "coat", "bag"]).as_deref(), Some("012"));
/// ```
pub fn alphabet_of(names: &[String]) -> Option<String> {
    let single = |name: &String| {
        let mut characters = name.chars();
        characters.next().filter(|character| characters.next().is_none() && codes::code(*character).is_some())
    };
    let own: Option<Vec<char>> = names.iter().map(single).collect();
    let distinct = own.filter(|own| BTreeSet::from_iter(own).len() == own.len());
    if let Some(own) = distinct {
        return Some(own.into_iter().collect());
    }
    (names.len() <= MOST_CODES).then(|| in_order().take(names.len()).collect())
}

/// The characters of Fig. 3, those of words first.
fn in_order() -> impl Iterator<Item = char> {
    let words = || ('0'..='9').chain('A'..='Z').chain('a'..='z');
    let others = ('!'..='~').filter(|character| !character.is_ascii_alphanumeric());
    words().chain(others).chain([SPACE, DELETE])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_classes_has_as_many_different_codes() {
        for classes in 2..=MOST_CODES {
            let names: Vec<String> = (0..classes).map(|class| format!("class {class}")).collect();
            let alphabet = alphabet_of(&names).unwrap();
            let codes = codes(&alphabet).unwrap();
            assert_eq!((codes.len(), BTreeSet::from_iter(codes).len()), (classes, classes), "{alphabet}");
        }
        assert_eq!(alphabet_of(&vec![String::from("one name"); MOST_CODES + 1]), None);
        let twice = ["a", "a"].map(String::from);
        assert_eq!(alphabet_of(&twice).as_deref(), Some("01"), "two classes of one character have no two codes");
    }

    #[test]
    fn delete_is_blank_where_no_other_character_is() {
        assert_eq!(codes("a\u{7f}").unwrap(), codes::alphabet("a\u{7f}").unwrap());
        assert_eq!(codes(" \u{7f}").unwrap()[1], [1; codes::BITS]);
        assert_eq!(codes("a\u{e9}"), Err('\u{e9}'));
    }
}
