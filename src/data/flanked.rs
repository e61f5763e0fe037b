//! Characters with neighbours beside them: strings of digits, and the patterns that teach a network to read them (section VII).
//!
//! Digits stand in a row: from the last column with ink of one to the first of the next there are [`GAPS`] columns, at random;
//! below 0 they overlap, and the darker pixel holds. The middles of their images are at least two scanning positions apart, the
//! nearest at which the character model of [`scan`](crate::applications::scan) can tell them apart. Each is up to [`RISE`] pixels too high or
//! too low.

use std::ops::{Range, RangeInclusive};

use rand::{Rng, RngExt};

use super::Images;
use super::distortion::Distortion;
use super::encoder::{Encoder, PIXELS};
use super::warp::warp;
use crate::kernels::maps::{Maps, Shape};
use crate::kernels::scalar::Scalar;

/// Pixels from one position to the next: the product of the two subsamplings.
pub const STRIDE: usize = 4;
/// Empty columns between the ink of two neighbours.
pub const GAPS: RangeInclusive<i32> = -1..=4;
/// The largest deviation of a digit from the line, in rows, either way.
pub const RISE: i32 = 2;
/// The largest distance, in columns, of a digit from the middle of the window at which it still counts as its own class: half of the stride, because
/// a string's digits meet a position no more closely.
pub const SHIFT: i32 = STRIDE as i32 / 2;
/// Share of the patterns that [`compose`] makes of the blank class.
pub const BLANK_SHARE: f64 = 0.4;

/// Rows and columns of what the network sees of a string at one position.
const WINDOW: usize = 32;
/// The middle of a window, and that of an image of 28x28 pixels centred in it.
const MIDDLE: i32 = WINDOW as i32 / 2;
/// The distance from the middle of the window, in columns, from which a digit no longer counts.
const OFF: i32 = STRIDE as i32;
/// The last character of a string stands at most this many columns off the middle of a pattern of the blank class.
const FAR: i32 = 20;
/// The share of a digit's sides that have a neighbour; a string ends at the others.
const NEIGHBOURS: f64 = 0.75;
/// The share of the blank class that is nothing but background.
const EMPTY: f64 = 0.1;

/// A character's picture: pixels row by row, at least `rows * columns`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Character<'a> {
    pixels: &'a [u8],
    size: (usize, usize),
}

/// A character in a row: its picture, and the column and the row where the middle of that falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Position<'a> {
    character: Character<'a>,
    x: i32,
    y: i32,
}

/// A string of digits as a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigitString {
    /// Its columns; it has 32 rows.
    pub width: usize,
    /// `32 * width` pixels, row by row: 0 is background and 255 is ink.
    pub pixels: Vec<u8>,
    /// The column of the middle of each digit.
    pub middles: Vec<usize>,
}

/// Draws the digits `indices` of `images` in a row, from left to right. The outer ones are 16 to 24 columns off the edges, so
/// that the network has a position near each, and the width is a whole number of strides.
///
/// # Panics
/// If there is no such image.
pub fn string(images: &Images, indices: &[usize], generator: &mut impl Rng) -> DigitString {
    let margin = MIDDLE..=MIDDLE + 2 * STRIDE as i32;
    let mut x = generator.random_range(margin.clone());
    let mut places: Vec<Position> = Vec::with_capacity(indices.len());
    for &index in indices {
        let character = Character::of(images, index);
        if let Some(last) = places.last() {
            x = last.x + pitch(last.character, character, generator);
        }
        places.push(Position { character, x, y: rise(generator) });
    }
    let width = (x.unsigned_abs() + generator.random_range(margin).unsigned_abs()) as usize;
    let width = width.next_multiple_of(STRIDE);
    let mut pixels = vec![0; WINDOW * width];
    for &place in &places {
        draw(place, &mut pixels, width);
    }
    DigitString { width, pixels, middles: places.iter().map(|place| place.x.unsigned_abs() as usize).collect() }
}

/// A picture of 32x32 pixels, row by row, of digit `index` of `images` near the middle with what stands beside it in a string.
///
/// # Panics
/// If there is no such image.
pub fn digit(images: &Images, index: usize, generator: &mut impl Rng) -> Vec<u8> {
    window(&place_digit(images, Character::of(images, index), generator))
}

/// Writes a training pattern of 32x32 pixels, drawn by `generator`, to `input`, and returns its class. Neighbours are other
/// digits of `images`.
///
/// Mostly it is digit `index` near the middle with what stands beside it in a string. A share of [`BLANK_SHARE`] is of the class
/// `blank_class` and shows what lies between two characters, what comes before or after a string, or nothing but background:
/// the middle of each digit is at least a stride off.
///
/// A `distortion` changes the form of digit `index`, not its place nor its neighbours: its translations are left out, as the place is
/// drawn here.
///
/// # Panics
/// If there is no such image.
pub fn compose<T: Scalar>(
    images: &Images,
    (index, distortion): (usize, Option<Distortion>),
    blank_class: usize,
    generator: &mut impl Rng,
    encoder: &Encoder<T>,
    input: &mut Maps<T>,
) -> usize {
    let original = Character::of(images, index);
    let distorted = distortion.map(|distortion| (original.distorted(&distortion), (WINDOW, WINDOW)));
    let character = distorted.as_ref().map_or(original, |&(ref pixels, size)| Character { pixels, size });
    let blank = generator.random_bool(BLANK_SHARE);
    let place = if blank { place_blank } else { place_digit };
    encoder.encode(&window(&place(images, character, generator)), (WINDOW, WINDOW), input);
    if blank { blank_class } else { usize::from(images.labels()[index]) }
}

/// The pixels that the network sees of these characters.
fn window(positions: &[Position]) -> Vec<u8> {
    let mut pixels = vec![0; WINDOW * WINDOW];
    positions.iter().for_each(|&position| draw(position, &mut pixels, WINDOW));
    pixels
}

/// This character near the middle, and its neighbours.
fn place_digit<'a>(images: &'a Images, character: Character<'a>, generator: &mut impl Rng) -> Vec<Position<'a>> {
    let x = MIDDLE + generator.random_range(-SHIFT..=SHIFT);
    let digit = Position { character, x, y: rise(generator) };
    let mut all = vec![digit];
    place_beside(images, digit, -1, generator, &mut all);
    place_beside(images, digit, 1, generator, &mut all);
    all
}

/// This character off the middle, and its neighbours; or nothing.
fn place_blank<'a>(images: &'a Images, character: Character<'a>, generator: &mut impl Rng) -> Vec<Position<'a>> {
    if generator.random_bool(EMPTY) {
        return Vec::new();
    }
    let side = if generator.random_bool(0.5) { 1 } else { -1 };
    if !generator.random_bool(NEIGHBOURS) {
        let x = MIDDLE + side * generator.random_range(OFF..=FAR);
        let last = Position { character, x, y: rise(generator) };
        let mut all = vec![last];
        place_beside(images, last, side, generator, &mut all);
        return all;
    }
    let other = Character::of(images, generator.random_range(0..images.len()));
    let (left, right) = if side < 0 { (character, other) } else { (other, character) };
    let pitch = pitch(left, right, generator);
    let x = MIDDLE - generator.random_range(OFF..=pitch - OFF);
    let left = Position { character: left, x, y: rise(generator) };
    let right = Position { character: right, x: x + pitch, y: rise(generator) };
    let mut all = vec![left, right];
    place_beside(images, left, -1, generator, &mut all);
    place_beside(images, right, 1, generator, &mut all);
    all
}

/// Adds the digits on one side of another, -1 for the left, until the string ends or the window does.
fn place_beside<'a>(
    images: &'a Images,
    mut last: Position<'a>,
    side: i32,
    generator: &mut impl Rng,
    all: &mut Vec<Position<'a>>,
) {
    let seen = -MIDDLE..WINDOW as i32 + MIDDLE;
    while generator.random_bool(NEIGHBOURS) {
        let character = Character::of(images, generator.random_range(0..images.len()));
        let (left, right) = if side < 0 { (character, last.character) } else { (last.character, character) };
        let x = last.x + side * pitch(left, right, generator);
        if !seen.contains(&x) {
            return;
        }
        last = Position { character, x, y: rise(generator) };
        all.push(last);
    }
}

/// A distance between the middles of two neighbours.
fn pitch(left: Character, right: Character, generator: &mut impl Rng) -> i32 {
    let gap = generator.random_range(GAPS);
    let middle = |character: Character| character.size.1 as i32 / 2;
    let (end, start) = (left.ink().end as i32 - middle(left), right.ink().start as i32 - middle(right));
    (end - start + gap).max(2 * STRIDE as i32)
}

fn rise(generator: &mut impl Rng) -> i32 {
    MIDDLE + generator.random_range(-RISE..=RISE)
}

impl<'a> Character<'a> {
    fn of(images: &'a Images, index: usize) -> Self {
        Self { pixels: images.image(index), size: images.size() }
    }

    /// The pixels of a window in whose middle the first channel of the character stands, distorted but not moved.
    fn distorted(self, distortion: &Distortion) -> Vec<u8> {
        let in_place = Distortion { right: 0.0, down: 0.0, ..*distortion };
        let mut input = Maps::zeros(Shape::new(1, WINDOW, WINDOW));
        warp(&in_place.forward(), self.pixels, self.size, &PIXELS, &mut input);
        input.values.iter().map(|level| level.round() as u8).collect()
    }

    /// The columns from the first to the last with ink; the middle one of a picture without any.
    fn ink(self) -> Range<usize> {
        let (_, width) = self.size;
        let has_ink = |&column: &usize| self.pixels.iter().skip(column).step_by(width).any(|&pixel| pixel > 0);
        let first = (0..width).find(has_ink).unwrap_or(width / 2);
        let last = (first..width).rfind(has_ink).unwrap_or(first);
        first..last + 1
    }
}

/// Draws the first channel of a character into a picture of `width` columns; what falls outside is cut off, and the darker pixel holds.
fn draw(place: Position, picture: &mut [u8], width: usize) {
    let Character { pixels, size: (rows, columns) } = place.character;
    let (top, left) = (place.y - rows as i32 / 2, place.x - columns as i32 / 2);
    let skip = columns.min(left.min(0).unsigned_abs() as usize);
    let from = left.max(0).unsigned_abs() as usize;
    for (row, pixels) in pixels.chunks_exact(columns).take(rows).enumerate() {
        let Ok(y) = usize::try_from(top + row as i32) else { continue };
        let to = picture.chunks_exact_mut(width).nth(y).unwrap_or_default();
        for (old, &new) in to.iter_mut().skip(from).zip(&pixels[skip..]) {
            *old = new.max(*old);
        }
    }
}

#[cfg(all(test, feature = "digits"))]
mod tests {
    use super::*;
    use crate::data::digits;
    use crate::random::stream;

    /// All middles of a pattern, as columns off the middle of the window.
    fn offsets(positions: &[Position]) -> Vec<i32> {
        positions.iter().map(|position| position.x - MIDDLE).collect()
    }

    #[test]
    fn one_digit_of_a_pattern_is_near_the_middle_and_none_of_a_blank() {
        let images = digits::load().training;
        let mut generator = stream(1, "flanked", 0);
        let (mut shifts, mut neighbours, mut blanks) = ([0; 5], [0; 2], [0; 2]);
        for index in 0..images.len() {
            let around = offsets(&place_digit(&images, Character::of(&images, index), &mut generator));
            shifts[usize::try_from(around[0] + SHIFT).unwrap()] += 1;
            assert!(around[1..].iter().all(|x| x.abs() >= 2 * STRIDE as i32 - SHIFT), "{around:?}");
            neighbours[0] += usize::from(around[1..].iter().any(|&x| x < 0));
            neighbours[1] += usize::from(around[1..].iter().any(|&x| x > 0));
            let off = offsets(&place_blank(&images, Character::of(&images, index), &mut generator));
            assert!(off.iter().all(|x| x.abs() >= OFF), "{off:?}");
            blanks[0] += usize::from(off.is_empty());
            blanks[1] += usize::from(off.iter().any(|&x| x < 0) && off.iter().any(|&x| x > 0));
        }
        let share = |count: usize| count as f64 / images.len() as f64;
        assert!(shifts.iter().all(|&count| (share(count) - 0.2).abs() < 0.05), "{shifts:?}");
        assert!(neighbours.iter().all(|&count| (share(count) - NEIGHBOURS).abs() < 0.05), "{neighbours:?}");
        assert!((share(blanks[0]) - EMPTY).abs() < 0.05 && (share(blanks[1]) - 0.675).abs() < 0.05, "{blanks:?}");
    }

    /// The digit is found, unchanged or darker, where it may be.
    #[test]
    fn a_pattern_shows_its_digit() {
        let images = digits::load().training;
        let (mut generator, encoder) = (stream(2, "flanked", 0), Encoder::<f64>::default());
        let mut input = Maps::zeros(Shape::new(1, WINDOW, WINDOW));
        let mut blanks = 0;
        for index in 0..200 {
            let class = compose(&images, (index, None), 10, &mut generator, &encoder, &mut input);
            if class == 10 {
                blanks += 1;
                continue;
            }
            assert_eq!(class, usize::from(images.labels()[index]));
            let shows = |x, y| {
                let character = Character::of(&images, index);
                let alone = window(&[Position { character, x: MIDDLE + x, y: MIDDLE + y }]);
                alone.iter().zip(&input.values).all(|(&pixel, level)| encoder.level(pixel) <= *level)
            };
            assert!((-SHIFT..=SHIFT).any(|x| (-RISE..=RISE).any(|y| shows(x, y))), "digit {index}");
        }
        assert!((60..=100).contains(&blanks), "{blanks} of 200");
    }

    /// The distorted digit is found where it may be, its own is not, and the distances to its neighbours are those of its own ink.
    #[test]
    fn a_distorted_digit_stands_where_it_would_and_is_not_moved_further() {
        let images = digits::load().training;
        let (encoder, shape) = (Encoder::<f64>::default(), Shape::new(1, WINDOW, WINDOW));
        let distortion = Distortion { scale: 0.8, squeeze: 1.1, shear: 0.1, right: 2.0, down: -2.0 };
        let in_place = Distortion { right: 0.0, down: 0.0, ..distortion };
        let [mut input, mut alone] = [(); 2].map(|()| Maps::zeros(shape));
        let mut tried = 0;
        for index in 0..60 {
            let mut generator = stream(4, "flanked", index as u64);
            let shown = (index, Some(distortion));
            if compose(&images, shown, 10, &mut generator, &encoder, &mut input) == 10 {
                continue;
            }
            let mut shows = |distortion: Distortion| {
                warp(&distortion.forward(), images.image(index), images.size(), &encoder, &mut alone);
                let (alone, input) = (alone.matrix(0), input.matrix(0));
                let is_at = |x: i32, y: i32| {
                    let moved = |at: usize, by: i32| usize::try_from(at as i32 + by).ok().filter(|&at| at < WINDOW);
                    (0..WINDOW).flat_map(|row| (0..WINDOW).map(move |column| (row, column))).all(|(row, column)| {
                        let place = moved(row, y).zip(moved(column, x));
                        place.is_none_or(|place| alone[(row, column)] <= input[place])
                    })
                };
                (-SHIFT..=SHIFT).any(|x| (-RISE..=RISE).any(|y| is_at(x, y)))
            };
            assert!(shows(in_place), "digit {index}");
            assert!(!shows(Distortion::default()), "digit {index}");
            tried += 1;
        }
        assert!(tried > 20, "{tried}");
        let original = Character::of(&images, 0);
        let pixels = original.distorted(&Distortion { scale: 0.5, ..distortion });
        let smaller = Character { pixels: &pixels, size: (WINDOW, WINDOW) };
        assert!(smaller.ink().len() < original.ink().len());
        let [wide, narrow] = [original, smaller].map(|one| {
            let mut generator = stream(5, "flanked", 0);
            (0..20).map(|_| pitch(one, original, &mut generator)).max().unwrap()
        });
        assert!(narrow < wide, "{narrow} and {wide}");
    }

    #[test]
    fn a_line_is_its_digits_side_by_side() {
        // One black row of three columns, and one of eleven.
        let mut pixels = vec![0; 2 * 28 * 28];
        pixels[14 * 28 + 13..14 * 28 + 16].fill(200);
        pixels[28 * 28 + 14 * 28 + 9..28 * 28 + 14 * 28 + 20].fill(255);
        let images = Images::new(28, 28, pixels, vec![0, 1]);
        let (mut generator, mut gaps) = (stream(3, "flanked", 0), Vec::new());
        for _ in 0..200 {
            let line = string(&images, &[1, 1, 0, 0], &mut generator);
            let x: Vec<i32> = line.middles.iter().map(|&x| x as i32).collect();
            let left = line.width as i32 - x[3];
            assert!((16..=24).contains(&x[0]) && (16..28).contains(&left) && line.width % 4 == 0, "{x:?}");
            assert_eq!(x[3] - x[2], 8, "narrow ones keep two positions apart");
            gaps.push(x[1] - x[0] - 11);
            let dark = |range: Range<i32>| {
                let column = |x: i32| (0..32).map(|y| line.pixels[y * line.width + x.unsigned_abs() as usize]).max();
                range.map(|x| column(x).unwrap()).collect::<Vec<u8>>()
            };
            assert_eq!(dark(x[0] - 5..x[0] + 6), [255; 11]);
            assert_eq!(dark(x[3] - 1..x[3] + 2), [200; 3]);
            assert_eq!(dark(x[3] + 2..line.width as i32).iter().max(), Some(&0));
        }
        assert_eq!((gaps.iter().min(), gaps.iter().max()), (Some(GAPS.start()), Some(GAPS.end())));
    }
}
