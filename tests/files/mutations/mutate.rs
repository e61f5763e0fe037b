//! Valid inputs made invalid, by the same steps for the same seed.

use lenet5::random::stream;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// Numbers at which arithmetic goes wrong, as they stand in binary files; in fewer bytes their lower ones.
const EDGES: [u64; 16] = [
    0,
    1,
    2,
    0x7f,
    0x80,
    0xff,
    0x100,
    0x4000,
    0x7fff,
    0xffff,
    0x1_0000,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    i64::MAX as u64,
    u64::MAX,
];

/// Such numbers in texts, with spaces between.
const NUMBERS: &str = "0 -0 -1 1.5 255 256 65536 4294967295 4294967296 \
    9223372036854775807 -9223372036854775808 18446744073709551616 1e-320 1e308 3e38 inf -inf nan";

/// The most bytes that a mutated input may have beyond those of the valid one.
const MOST_ADDED: usize = 4096;

/// The input that is number `index` of those made of `valid` with this seed: one of them, changed in a few places. `words` are
/// those of the format.
pub fn mutated(seed: u64, name: &str, index: u64, valid: &[Vec<u8>], words: &[&[u8]]) -> Vec<u8> {
    let mut dice = stream(seed, name, index);
    let original = &valid[dice.random_range(0..valid.len())];
    let mut bytes = original.clone();
    let mut steps = 1;
    while steps < 30 && dice.random_bool(0.6) {
        steps += 1;
    }
    for _ in 0..steps {
        let other = &valid[dice.random_range(0..valid.len())];
        step(&mut dice, &mut bytes, other, words);
        bytes.truncate(original.len() + MOST_ADDED);
    }
    bytes
}

/// A place among the first bytes, where headers are, if the first of two coins says so; otherwise anywhere.
fn place(dice: &mut ChaCha8Rng, length: usize) -> usize {
    let end = if dice.random_bool(0.3) { length.min(64) } else { length };
    if end == 0 { 0 } else { dice.random_range(0..end) }
}

fn range(dice: &mut ChaCha8Rng, length: usize, most: usize) -> std::ops::Range<usize> {
    let start = place(dice, length);
    start..(start + dice.random_range(0..=most)).min(length)
}

fn step(dice: &mut ChaCha8Rng, bytes: &mut Vec<u8>, other: &[u8], words: &[&[u8]]) {
    let (length, at) = (bytes.len(), place(dice, bytes.len()));
    match dice.random_range(0..11) {
        0 => bytes.truncate(at),
        1 if length > 0 => bytes[at] ^= 1 << dice.random_range(0..8),
        2 if length > 0 => bytes[at] = dice.random(),
        3 => overwrite(bytes, at, &edge(dice)),
        4 => {
            let new: Vec<u8> = (0..dice.random_range(1..9)).map(|_| dice.random()).collect();
            bytes.splice(at..at, new);
        }
        5 => {
            let repeated = bytes[range(dice, length, 64)].repeat(dice.random_range(1..20));
            bytes.splice(at..at, repeated);
        }
        6 => drop(bytes.drain(range(dice, length, 64))),
        7 => swap(bytes, range(dice, length, 256), range(dice, length, 256)),
        // The beginning of one valid input and the end of another.
        8 => {
            bytes.truncate(at);
            bytes.extend(&other[place(dice, other.len())..]);
        }
        9 if !words.is_empty() => {
            let word = words[dice.random_range(0..words.len())];
            let replaced = match dice.random_range(0..3) {
                0 => at..at,
                1 => at..(at + word.len()).min(length),
                _ => token(bytes, at),
            };
            bytes.splice(replaced, word.iter().copied());
        }
        _ => replace_number(dice, bytes, at),
    }
}

/// One of [`EDGES`] in 1 to 8 bytes, either end first.
fn edge(dice: &mut ChaCha8Rng) -> Vec<u8> {
    let (number, size) = (EDGES[dice.random_range(0..EDGES.len())], 1 << dice.random_range(0..4));
    let mut edge = number.to_le_bytes()[..size].to_vec();
    if dice.random() {
        edge.reverse();
    }
    edge
}

fn overwrite(bytes: &mut [u8], at: usize, new: &[u8]) {
    bytes[at..].iter_mut().zip(new).for_each(|(byte, new)| *byte = *new);
}

/// Exchanges two ranges that do not overlap.
fn swap(bytes: &mut Vec<u8>, one: std::ops::Range<usize>, two: std::ops::Range<usize>) {
    let (first, second) = if one.start <= two.start { (one, two) } else { (two, one) };
    if first.end <= second.start {
        let (a, between, b) = (&bytes[first.clone()], &bytes[first.end..second.start], &bytes[second.clone()]);
        let exchanged = [b, between, a].concat();
        bytes.splice(first.start..second.end, exchanged);
    }
}

/// The letters and digits around a place.
fn token(bytes: &[u8], at: usize) -> std::ops::Range<usize> {
    let inside = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_.'\"".contains(byte);
    let before = bytes[..at].iter().rev().take_while(inside).count();
    at - before..at + bytes[at..].iter().take_while(inside).count()
}

/// Puts one of [`NUMBERS`] in the place of the next number that is written in digits.
fn replace_number(dice: &mut ChaCha8Rng, bytes: &mut Vec<u8>, at: usize) {
    let numbers: Vec<&str> = NUMBERS.split(' ').collect();
    let number = numbers[dice.random_range(0..numbers.len())];
    let start = bytes[at..].iter().position(u8::is_ascii_digit).map_or(at, |distance| at + distance);
    let count = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    bytes.splice(start..start + count, number.bytes());
}

#[test]
fn the_same_seed_makes_the_same_inputs() {
    let valid = [b"one valid input".to_vec(), b"another, with 1234".to_vec()];
    let some = |seed| (0..100).map(|index| mutated(seed, "test", index, &valid, &[b"word"])).collect::<Vec<_>>();
    assert!(some(1) == some(1) && some(1) != some(2));
    assert!(some(1).iter().filter(|bytes| !valid.contains(bytes)).count() > 90);
}
