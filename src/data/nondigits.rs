//! Pictures that show no digit, to teach a network the class "none of these" of eq. 9 (section II-C), whose distance is j.
//!
//! They are made of the training digits, of strokes, of noise, and of those letters of Fig. 3 that look like no digit. Each is brought to
//! the size and the place of a digit, as a picture of a user's is, and slightly distorted.

use std::ops::Range;

use nalgebra::Matrix3;
use rand::{Rng, RngExt};

use super::Images;
use super::distortion::Distortion;
use super::encoder::{Encoder, PIXELS};
use super::warp::warp;
use crate::kernels::maps::{Maps, Shape};
use crate::kernels::scalar::Scalar;
use crate::paper::codes;

/// Rows and columns of a picture, as of MNIST's.
const SIZE: usize = 28;
/// The longer side of a digit, in pixels.
const SIDE: f64 = 20.0;
/// Strength of the distortion, 1 for Fig. 7's.
const STRENGTH: f64 = 0.5;
/// What is drawn is made wider or narrower by such a factor,
const ACROSS: Range<f64> = 0.7..1.25;
/// and slanted by so many pixels to the right for each row downwards.
const SHEAR: Range<f64> = -0.2..0.2;
/// Characters of Fig. 3 that look like no digit.
const LETTERS: &str = "ACEFGHJKLMNPQRTUVWXYadefhkmnprtuvwxy#$%&*+=?@";
/// Digits that look like no digit when they lie on their side.
const LYING: [u8; 5] = [2, 3, 4, 5, 7];
/// The share of a digit's height or width that a piece has.
const PIECE: Range<f64> = 0.35..0.6;
/// Pixels darker than this are the ink whose extent is measured.
const INK: u8 = 32;

/// A picture row by row, 0 for background and 255 for ink.
pub type Canvas = [u8; SIZE * SIZE];

/// A way to draw a picture without a digit. All occur equally often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Two or three digits on top of each other.
    Superposed,
    /// About half of a digit: its upper, lower, left or right part.
    Piece,
    /// A 2, 3, 4, 5 or 7 on its side; of another digit [`Strokes`](Self::Strokes).
    Lying,
    /// Smoothed noise, cut off at a level.
    Texture,
    /// A letter of Fig. 3.
    Letter,
    /// Two to five lines and arcs.
    Strokes,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 6] = [Self::Superposed, Self::Piece, Self::Lying, Self::Texture, Self::Letter, Self::Strokes];

    /// In lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Superposed => "superposed",
            Self::Piece => "piece",
            Self::Lying => "lying",
            Self::Texture => "texture",
            Self::Letter => "letter",
            Self::Strokes => "strokes",
        }
    }

    /// Draws such a picture, of image `index` where it is made of digits. It is brought to a digit's size and place by [`write()`].
    ///
    /// # Panics
    /// As [`write()`].
    pub fn draw(self, images: &Images, index: usize, generator: &mut impl Rng) -> Canvas {
        let digit = |index| canvas(images, index);
        match self {
            Self::Superposed => {
                let others = generator.random_range(1..=2);
                let mut other = |_| digit(generator.random_range(0..images.len()));
                let others = Vec::from_iter((0..others).map(&mut other));
                superposed(digit(index), &others, generator)
            }
            Self::Piece => piece(digit(index), generator),
            Self::Lying if LYING.contains(&images.labels()[index]) => lying(&digit(index), generator.random_bool(0.5)),
            Self::Texture => texture(generator),
            Self::Letter => letter(generator),
            Self::Lying | Self::Strokes => strokes(generator),
        }
    }
}

/// Writes a picture without a digit to `input`: of any kind, brought to the size and the place of a digit, and slightly distorted. It may be
/// made of image `index`, a digit of 28x28 pixels, and of others.
///
/// # Panics
/// If there is no such image.
pub fn write<T: Scalar>(
    images: &Images,
    index: usize,
    generator: &mut impl Rng,
    encoder: &Encoder<T>,
    input: &mut Maps<T>,
) {
    let kind = Kind::ALL[generator.random_range(0..Kind::ALL.len())];
    let canvas = kind.draw(images, index, generator);
    let (across, shear) = (generator.random_range(ACROSS), generator.random_range(SHEAR));
    let stretched = Matrix3::new(across, shear, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0);
    let distortion = Distortion::draw(generator, STRENGTH).forward();
    warp(&(distortion * stretched * placing(&canvas)), &canvas, (SIZE, SIZE), encoder, input);
}

/// A picture of this kind for each of these images, brought to the size and the place of a digit. All have the label 0.
///
/// # Panics
/// As [`write()`].
pub fn pictures(kind: Kind, images: &Images, generator: &mut impl Rng) -> Images {
    let mut input = Maps::zeros(Shape::new(1, SIZE, SIZE));
    let mut pixels = Vec::with_capacity(images.len() * SIZE * SIZE);
    for index in 0..images.len() {
        let canvas = kind.draw(images, index, generator);
        warp(&placing(&canvas), &canvas, (SIZE, SIZE), &PIXELS, &mut input);
        pixels.extend(input.values.iter().map(|level| level.round() as u8));
    }
    Images::new(SIZE, SIZE, pixels, vec![0; images.len()])
}

/// The first channel of an image, in the middle: larger ones are cut at their edges.
fn canvas(images: &Images, index: usize) -> Canvas {
    let ((height, width), image) = (images.size(), images.image(index));
    // A pixel of an image of another size stands as far from the middle.
    let place = |at: usize, size: usize| (at + size / 2).checked_sub(SIZE / 2).filter(|&at| at < size);
    std::array::from_fn(|at| {
        let place = place(at / SIZE, height).zip(place(at % SIZE, width));
        place.map_or(0, |(row, column)| image[row * width + column])
    })
}

/// A digit with others on top of it, each a few pixels away; the darker pixel holds.
fn superposed(mut canvas: Canvas, others: &[Canvas], generator: &mut impl Rng) -> Canvas {
    for other in others {
        let [down, right] = [3, 5].map(|most: i32| generator.random_range(-most..=most) as isize);
        for (at, pixel) in canvas.iter_mut().enumerate() {
            let row = (at / SIZE).checked_add_signed(-down).filter(|&row| row < SIZE);
            let column = (at % SIZE).checked_add_signed(-right).filter(|&column| column < SIZE);
            let above = row.zip(column).map_or(0, |(row, column)| other[row * SIZE + column]);
            *pixel = above.max(*pixel);
        }
    }
    canvas
}

/// About half of a digit: its upper, lower, left or right part.
fn piece(mut canvas: Canvas, generator: &mut impl Rng) -> Canvas {
    let ([top, bottom], [left, right]) = extent(&canvas);
    let (share, side) = (generator.random_range(PIECE), generator.random_range(0..4));
    let part = |at: usize, first: usize, last: usize| (at as f64 - first as f64) / (last - first).max(1) as f64;
    for (at, pixel) in canvas.iter_mut().enumerate() {
        let (down, across) = (part(at / SIZE, top, bottom), part(at % SIZE, left, right));
        if [down, 1.0 - down, across, 1.0 - across][side] > share {
            *pixel = 0;
        }
    }
    canvas
}

/// A digit on its left or right side.
fn lying(digit: &Canvas, left: bool) -> Canvas {
    std::array::from_fn(|at| {
        let (row, column) = (at / SIZE, at % SIZE);
        if left { digit[column * SIZE + SIZE - 1 - row] } else { digit[(SIZE - 1 - column) * SIZE + row] }
    })
}

/// Blots, lines or dots: noise, smoothed and cut off at a level.
fn texture(generator: &mut impl Rng) -> Canvas {
    let mut noise = Vec::from_iter((0..SIZE * SIZE).map(|_| generator.random::<f64>()));
    for _ in 0..generator.random_range(0..=4) {
        noise = blurred(&noise);
    }
    let mut sorted = noise.clone();
    sorted.sort_by(f64::total_cmp);
    let level = sorted[(generator.random_range(0.5..0.9) * sorted.len() as f64) as usize];
    // The darkest quarter of the range is full ink.
    let gain = 4.0 * 255.0 / (sorted[sorted.len() - 1] - sorted[0]);
    std::array::from_fn(|at| ((noise[at] - level) * gain) as u8)
}

/// A letter of Fig. 3, two pixels for each of its own, sometimes smoothed and bolder.
fn letter(generator: &mut impl Rng) -> Canvas {
    let letter = LETTERS.as_bytes()[generator.random_range(0..LETTERS.len())];
    let code = codes::code(char::from(letter)).expect("a character of Fig. 3");
    let (top, left) = (SIZE / 2 - codes::HEIGHT, SIZE / 2 - codes::WIDTH);
    let is_ink = |at: usize| {
        let row = (at / SIZE).checked_sub(top).map(|row| row / 2).filter(|&row| row < codes::HEIGHT);
        let column = (at % SIZE).checked_sub(left).map(|column| column / 2).filter(|&column| column < codes::WIDTH);
        row.zip(column).is_some_and(|(row, column)| code[row * codes::WIDTH + column] > 0)
    };
    let mut ink = Vec::from_iter((0..SIZE * SIZE).map(|at| if is_ink(at) { 255.0 } else { 0.0 }));
    if generator.random_bool(0.7) {
        ink = blurred(&ink);
    }
    let gain = generator.random_range(1.0..2.5);
    std::array::from_fn(|at| (gain * ink[at]) as u8)
}

/// Two to five lines and arcs of one pen. Half of them begin where the last one ended.
fn strokes(generator: &mut impl Rng) -> Canvas {
    let mut canvas = [0; SIZE * SIZE];
    let radius = generator.random_range(0.7..1.8);
    let mut end = None;
    for _ in 0..generator.random_range(2..=5) {
        let mut anywhere = || [(); 2].map(|()| generator.random_range(3.0..24.0));
        let (from, to) = (anywhere(), anywhere());
        let from = end.filter(|_| generator.random_bool(0.5)).unwrap_or(from);
        let bend = if generator.random_bool(0.5) { generator.random_range(-8.0..8.0) } else { 0.0 };
        arc(&mut canvas, from, to, bend, radius);
        end = Some(to);
    }
    canvas
}

/// Draws a parabola whose middle is `bend` pixels off the straight line between its ends.
fn arc(canvas: &mut Canvas, from: [f64; 2], to: [f64; 2], bend: f64, radius: f64) {
    let parts = if bend == 0.0 { 1 } else { 8 };
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let length = (dx * dx + dy * dy).sqrt().max(1.0);
    let point = |part: i32| {
        let t = f64::from(part) / f64::from(parts);
        let off = 4.0 * t * (1.0 - t) * bend / length;
        [from[0] + t * dx - off * dy, from[1] + t * dy + off * dx]
    };
    for part in 0..parts {
        line(canvas, point(part), point(part + 1), radius);
    }
}

/// Draws a straight line with round ends.
fn line(canvas: &mut Canvas, from: [f64; 2], to: [f64; 2], radius: f64) {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let squared = (dx * dx + dy * dy).max(1e-9);
    for (at, pixel) in canvas.iter_mut().enumerate() {
        let (x, y) = ((at % SIZE) as f64 - from[0], (at / SIZE) as f64 - from[1]);
        let along = ((x * dx + y * dy) / squared).clamp(0.0, 1.0);
        let (x, y) = (x - along * dx, y - along * dy);
        let ink = 255.0 * (radius + 0.5 - (x * x + y * y).sqrt()).clamp(0.0, 1.0);
        *pixel = (ink as u8).max(*pixel);
    }
}

/// The mean of each pixel and its neighbours, of which there are eight in the middle.
fn blurred(pixels: &[f64]) -> Vec<f64> {
    let around = |at: usize| at.saturating_sub(1)..(at + 2).min(SIZE);
    let mean = |at: usize| {
        let (rows, columns) = (around(at / SIZE), around(at % SIZE));
        let count = rows.len() * columns.len();
        let sum: f64 = rows.map(|row| pixels[row * SIZE..][columns.clone()].iter().sum::<f64>()).sum();
        sum / count as f64
    };
    (0..pixels.len()).map(mean).collect()
}

/// The first and the last row with ink, and the first and the last column; all of the picture if there is none.
fn extent(canvas: &Canvas) -> ([usize; 2], [usize; 2]) {
    let (mut rows, mut columns) = ([SIZE, 0], [SIZE, 0]);
    for at in (0..canvas.len()).filter(|&at| canvas[at] > INK) {
        rows = [rows[0].min(at / SIZE), rows[1].max(at / SIZE)];
        columns = [columns[0].min(at % SIZE), columns[1].max(at % SIZE)];
    }
    if rows[0] > rows[1] { ([0, SIZE - 1], [0, SIZE - 1]) } else { (rows, columns) }
}

/// The map that scales the ink to a longer side of 20 pixels and puts its centre of mass on pixel 14, as MNIST's digits have it.
fn placing(canvas: &Canvas) -> Matrix3<f64> {
    let (rows, columns) = extent(canvas);
    let scale = SIDE / (1 + (rows[1] - rows[0]).max(columns[1] - columns[0])) as f64;
    let middle = (SIZE as f64 - 1.0) / 2.0;
    let (mut mass, mut across, mut down) = (1e-9, 0.0, 0.0);
    for (at, &pixel) in canvas.iter().enumerate() {
        let ink = f64::from(pixel);
        mass += ink;
        across += ink * ((at % SIZE) as f64 - middle);
        down += ink * ((at / SIZE) as f64 - middle);
    }
    let centre = (SIZE / 2) as f64 - middle;
    let (right, down) = (centre - scale * across / mass, centre - scale * down / mass);
    Matrix3::new(scale, 0.0, right, 0.0, scale, down, 0.0, 0.0, 1.0)
}

#[cfg(all(test, feature = "digits"))]
mod tests {
    use super::*;
    use crate::data::digits;
    use crate::data::encoder::BACKGROUND;
    use crate::random::stream;

    fn share(canvas: &Canvas) -> f64 {
        canvas.iter().filter(|&&pixel| pixel > INK).count() as f64 / canvas.len() as f64
    }

    #[test]
    fn each_kind_draws_ink_and_no_kind_draws_a_training_digit() {
        let (images, mut generator) = (digits::load().training, stream(1, "nondigits", 0));
        for kind in Kind::ALL {
            for index in 0..100 {
                let canvas = kind.draw(&images, index, &mut generator);
                let share = share(&canvas);
                assert!((0.01..0.7).contains(&share), "{}: {share} of the pixels are ink", kind.name());
                assert!((0..images.len()).all(|digit| images.image(digit) != canvas), "{}", kind.name());
            }
        }
    }

    #[test]
    fn a_piece_is_part_of_its_digit_and_a_heap_covers_it() {
        let (images, mut generator) = (digits::load().training, stream(2, "nondigits", 0));
        for index in 0..100 {
            let digit = images.image(index);
            let ink = |pixels: &[u8]| pixels.iter().filter(|&&pixel| pixel > INK).count();
            let piece = Kind::Piece.draw(&images, index, &mut generator);
            assert!(piece.iter().zip(digit).all(|(piece, &digit)| [0, digit].contains(piece)));
            assert!(ink(&piece) < ink(digit));
            let heap = Kind::Superposed.draw(&images, index, &mut generator);
            assert!(heap.iter().zip(digit).all(|(heap, digit)| heap >= digit));
        }
    }

    #[test]
    fn images_of_other_sizes_stand_in_the_middle() {
        let image =
            |size: usize| Images::new(size, size, (0..size * size).map(|at| (at % 251) as u8).collect(), vec![0]);
        let (small, large) = (image(4), image(32));
        assert_eq!(canvas(&image(SIZE), 0).as_slice(), image(SIZE).image(0));
        assert_eq!(canvas(&small, 0)[12 * SIZE + 12..][..4], [0, 1, 2, 3]);
        assert_eq!(canvas(&small, 0).iter().filter(|&&pixel| pixel > 0).count(), 15);
        assert_eq!(canvas(&large, 0)[0], large.image(0)[2 * 32 + 2]);
    }

    #[test]
    fn four_turns_to_the_same_side_are_none() {
        let images = digits::load().training;
        let digit = Canvas::try_from(images.image(0)).unwrap();
        let mut turned = digit;
        for turn in 1..=4 {
            turned = lying(&turned, true);
            assert_eq!(turned == digit, turn == 4);
        }
        assert_eq!(lying(&lying(&digit, true), false), digit);
    }

    /// Without a distortion: 20 pixels along the longer side, the centre of mass on pixel 14, both within a pixel.
    #[test]
    fn what_is_drawn_is_brought_to_the_size_and_the_place_of_a_digit() {
        let (images, encoder) = (digits::load().training, Encoder::<f64>::default());
        let (mut generator, mut input) = (stream(3, "nondigits", 0), Maps::zeros(Shape::new(1, 32, 32)));
        for kind in Kind::ALL {
            let canvas = kind.draw(&images, 3, &mut generator);
            warp(&placing(&canvas), &canvas, (SIZE, SIZE), &encoder, &mut input);
            let (mut mass, mut middle, mut rows, mut columns) = (0.0, [0.0; 2], [32, 0], [32, 0]);
            for (at, level) in input.values.iter().enumerate() {
                let (ink, [row, column]) = (level - BACKGROUND, [at / 32, at % 32]);
                mass += ink;
                middle = [middle[0] + ink * row as f64, middle[1] + ink * column as f64];
                if ink > 0.2 {
                    (rows, columns) =
                        ([rows[0].min(row), rows[1].max(row)], [columns[0].min(column), columns[1].max(column)]);
                }
            }
            let longer = 1 + (rows[1] - rows[0]).max(columns[1] - columns[0]);
            assert!((18..=22).contains(&longer), "{}: {longer}", kind.name());
            assert!(middle.iter().all(|sum| (sum / mass - 16.0).abs() < 1.0), "{}: {middle:?} of {mass}", kind.name());
        }
    }
}
