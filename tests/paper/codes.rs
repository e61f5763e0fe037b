//! The RBF codes against the bitmaps read from Fig. 3, and what the paper says of them.

use lenet5::paper::codes::{HEIGHT, WIDTH, code};

/// Fig. 3 as it was decoded from the paper: per character a line with its number, then its rows.
const FIGURE: &str = include_str!("../data/rbf_codes_7x12.txt");

fn characters() -> impl Iterator<Item = char> + Clone {
    '\u{20}'..='\u{7f}'
}

/// Number of pixels in which the codes of two characters differ.
fn distance(one: char, other: char) -> usize {
    let (one, other) = (code(one).unwrap(), code(other).unwrap());
    one.iter().zip(other).filter(|(a, b)| **a != *b).count()
}

/// The distances of all pairs of different characters of `set`.
fn distances(set: &[char]) -> Vec<usize> {
    let pairs = set.iter().enumerate().flat_map(|(index, a)| set[index + 1..].iter().map(move |b| (*a, *b)));
    pairs.map(|(a, b)| distance(a, b)).collect()
}

#[test]
fn every_bit_is_that_of_the_figure() {
    let mut compared = 0;
    let mut lines = FIGURE.lines().filter(|line| !line.starts_with("# ") && !line.is_empty());
    while let Some(number) = lines.next() {
        let character = char::from_u32(number.parse().unwrap()).unwrap();
        let rows: Vec<&str> = lines.by_ref().take(HEIGHT).collect();
        let ours = code(character).unwrap();
        let drawn =
            ours.chunks(WIDTH).map(|row| row.iter().map(|v| if *v == 1 { '#' } else { '.' }).collect::<String>());
        assert_eq!(drawn.collect::<Vec<_>>(), rows, "{character:?}");
        assert!(ours.iter().all(|value| value.abs() == 1), "{character:?}");
        compared += 1;
    }
    assert_eq!(compared, 96);
}

#[test]
fn only_the_96_characters_have_a_code() {
    assert!(characters().all(|character| code(character).is_some()));
    for outside in ['\0', '\u{1f}', '\u{80}', '\u{e9}', char::MAX] {
        assert_eq!(code(outside), None, "{outside:?}");
    }
}

#[test]
fn digits_differ_in_at_least_twelve_pixels() {
    let between: Vec<usize> = distances(&('0'..='9').collect::<Vec<_>>());
    assert_eq!(between.len(), 45);
    assert_eq!(between.iter().min(), Some(&12));
    assert_eq!(between.iter().max(), Some(&50));
}

#[test]
fn only_the_two_blanks_share_a_code() {
    let equal: Vec<(char, char)> = characters()
        .flat_map(|a| characters().filter(move |b| a < *b).map(move |b| (a, b)))
        .filter(|(a, b)| distance(*a, *b) == 0)
        .collect();
    assert_eq!(equal, [(' ', '\u{7f}')]);
}

/// Section II-C names two groups of confusable characters whose codes are similar.
#[test]
fn confusable_characters_have_similar_codes() {
    let all = distances(&characters().collect::<Vec<_>>());
    let near = all.iter().filter(|distance| **distance <= 15).count();
    assert!(near * 16 < all.len(), "{near} of {} pairs are as near as the confusable ones", all.len());
    for group in [&['O', 'o', '0'][..], &['l', '1', '[', ']', 'I']] {
        assert!(distances(group).iter().all(|distance| *distance <= 15), "{group:?}");
    }
    assert_eq!((distance('O', 'o'), distance('O', '0'), distance('I', 'l')), (5, 10, 1));
}
