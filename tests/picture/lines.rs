//! Lines of digits drawn here as people write them, read by segmentation.

use image::{GrayImage, Luma};
use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt};
use rayon::prelude::*;

use lenet5::applications::segmentation::{Kind, ReadRow, RowReader};
use lenet5::picture::{Region, Written};
use lenet5::random::stream;
use lenet5::runs::checkpoint::Model;

use crate::drawn::paper::{by_hand, line};
use crate::drawn::skeleton::{Point, Stroke, styles};

/// Lines of each kind.
const EACH: u64 = 20;

/// A picture in which ink is 255.
struct Paper {
    ink: GrayImage,
    pen: f64,
    text: String,
    boxes: Vec<Region>,
}

impl Paper {
    fn new(width: u32, height: u32, pen: f64) -> Self {
        Self { ink: GrayImage::new(width, height), pen, text: String::new(), boxes: Vec::new() }
    }

    fn stroke(&mut self, from: Point, to: Point) {
        line(&mut self.ink, from, to, self.pen);
    }

    /// Writes a digit by hand with its left upper corner at `(x, y)`, `height` high. Returns its right end.
    fn digit(&mut self, digit: usize, (x, y): Point, height: f64, generator: &mut impl Rng) -> f64 {
        let ways = styles(digit);
        let strokes: Vec<Stroke> = by_hand(&ways[generator.random_range(0..ways.len())], generator);
        let points = || strokes.iter().flatten();
        let least = |of: fn(&Point) -> f64| points().map(of).fold(f64::INFINITY, f64::min);
        let most = |of: fn(&Point) -> f64| points().map(of).fold(f64::NEG_INFINITY, f64::max);
        let (left, top) = (least(|point| point.0), least(|point| point.1));
        let scale = height / (most(|point| point.1) - top);
        let placed = |point: &Point| (x + scale * (point.0 - left), y + scale * (point.1 - top));
        for ends in strokes.iter().flat_map(|stroke| stroke.windows(2)) {
            line(&mut self.ink, placed(&ends[0]), placed(&ends[1]), self.pen);
        }
        let width = scale * (most(|point| point.0) - left);
        self.text.push_str(&digit.to_string());
        self.boxes.push(Region { left: x as u32, top: y as u32, width: width as u32 + 1, height: height as u32 });
        x + width
    }

    /// Dark on light, as a scanner sees it.
    fn levels(&self) -> GrayImage {
        GrayImage::from_fn(self.ink.width(), self.ink.height(), |x, y| {
            Luma([235 - (f64::from(self.ink.get_pixel(x, y).0[0]) * 0.8) as u8])
        })
    }
}

fn read(paper: &Paper) -> (String, Vec<ReadRow>) {
    let mut reader = RowReader::new(&Model::pretrained()).unwrap();
    let rows = reader.read(&Written::from_gray(&paper.levels()).unwrap()).unwrap();
    let text: Vec<String> = rows.iter().map(|row| reader.text(row, true)).collect();
    (text.join("\n"), rows)
}

/// At least so many of the lines that `draw` draws are read right. LENET5_DRAWN may name a folder to keep the wrong ones in.
fn most_are_read(name: &str, least: usize, draw: impl Fn(&mut ChaCha8Rng) -> Paper + Sync) {
    let right = |number: u64| {
        let paper = draw(&mut stream(1998, name, number));
        let (text, _) = read(&paper);
        if text != paper.text {
            eprintln!("{name} {number}: {:?} is read as {text:?}", paper.text);
            if let Some(folder) = std::env::var_os("LENET5_DRAWN") {
                paper.levels().save(std::path::Path::new(&folder).join(format!("{name}-{number}.png"))).unwrap();
            }
        }
        text == paper.text
    };
    let count = (0..EACH).into_par_iter().filter(|number| right(*number)).count();
    println!("{name}: {count} of {EACH} right");
    assert!(count >= least, "{name}: {count} of {EACH} right");
}

/// Five digits that differ in height by half and stand higher and lower.
#[test]
fn uneven_digits_are_read() {
    most_are_read("uneven", 19, |generator| {
        let mut paper = Paper::new(700, 240, generator.random_range(7.0..13.0));
        let mut x = 40.0;
        for _ in 0..5 {
            let height = generator.random_range(65.0..130.0);
            let (digit, top) = (generator.random_range(0..10), generator.random_range(50.0..200.0 - height));
            x = paper.digit(digit, (x, top), height, generator) + generator.random_range(22.0..45.0);
        }
        paper
    });
}

/// Lines that rise or fall by 10 degrees.
#[test]
fn slanting_lines_are_read() {
    most_are_read("slanting", 19, |generator| {
        let mut paper = Paper::new(800, 360, generator.random_range(7.0..13.0));
        let slope: f64 = if generator.random() { 0.176 } else { -0.176 };
        let mut x = 40.0;
        for _ in 0..6 {
            let y = 140.0 + slope * (x - 400.0);
            x = paper.digit(generator.random_range(0..10), (x, y), 90.0, generator)
                + generator.random_range(20.0..40.0);
        }
        paper
    });
}

/// Four digits, the second and the third of which touch.
#[test]
fn touching_digits_are_read() {
    most_are_read("touching", 15, |generator| {
        let mut paper = Paper::new(600, 200, generator.random_range(7.0..12.0));
        let (mut x, touching) = (40.0, 0.6 * paper.pen);
        for gap in [30.0, touching, 30.0, 30.0] {
            x = paper.digit(generator.random_range(0..10), (x, 50.0), 95.0, generator) + gap;
        }
        paper
    });
}

/// A minus, a point and a comma are no digits.
#[test]
fn marks_are_shown_as_such() {
    most_are_read("marks", 17, |generator| {
        let mut paper = Paper::new(800, 220, generator.random_range(8.0..12.0));
        paper.stroke((40.0, 110.0), (85.0, 108.0));
        paper.text.push('-');
        let mut x = 115.0;
        for mark in ["", ".", "", ","] {
            x = paper.digit(generator.random_range(0..10), (x, 60.0), 100.0, generator) + 22.0;
            if !mark.is_empty() {
                let tail = if mark == "," { 24.0 } else { 1.0 };
                paper.stroke((x, 156.0), (x - tail / 4.0, 156.0 + tail));
                paper.text.push_str(mark);
                x += 24.0;
            }
        }
        paper.digit(generator.random_range(0..10), (x, 60.0), 100.0, generator);
        paper
    });
}

/// Two lines, one below the other, come out as two.
#[test]
fn two_lines_are_two() {
    most_are_read("two", 18, |generator| {
        let mut paper = Paper::new(620, 340, generator.random_range(7.0..12.0));
        for top in [40.0, 190.0] {
            if top > 100.0 {
                paper.text.push('\n');
            }
            let mut x = generator.random_range(30.0..90.0);
            for _ in 0..4 {
                x = paper.digit(generator.random_range(0..10), (x, top), 95.0, generator) + 35.0;
            }
        }
        paper
    });
}

/// Digits in a row of boxes, and on a rule in an open frame.
#[test]
fn boxes_and_rules_are_not_digits() {
    most_are_read("boxes", 18, |generator| {
        let mut paper = Paper::new(900, 260, generator.random_range(9.0..13.0));
        let comb = generator.random::<bool>();
        for place in 0..5 {
            let left = 60.0 + 150.0 * f64::from(place);
            paper.digit(generator.random_range(0..10), (left + 35.0, 75.0), 100.0, generator);
        }
        let (pen, right) = (std::mem::replace(&mut paper.pen, 4.0), 60.0 + 750.0);
        paper.stroke((60.0, 215.0), (right, 217.0));
        if comb {
            paper.stroke((60.0, 45.0), (right, 47.0));
            (0..=5).map(|place| 60.0 + 150.0 * f64::from(place)).for_each(|x| paper.stroke((x, 45.0), (x, 216.0)));
        } else {
            paper.stroke((right, 20.0), (right, 217.0));
        }
        paper.pen = pen;
        paper
    });
}

/// Each character's rectangle is where it was drawn, and as large.
#[test]
fn each_character_has_its_own_box() {
    let mut generator = stream(1998, "boxes of characters", 0);
    let mut paper = Paper::new(600, 240, 9.0);
    for (place, (digit, height)) in [(7, 120.0), (3, 70.0), (0, 90.0)].into_iter().enumerate() {
        paper.digit(digit, (60.0 + 160.0 * place as f64, 160.0 - height + 20.0 * place as f64), height, &mut generator);
    }
    let (text, rows) = read(&paper);
    assert_eq!(text, "730");
    for (sign, drawn) in rows[0].signs.iter().zip(&paper.boxes) {
        let found = sign.region;
        let ends = |region: Region| [region.left, region.top, region.left + region.width, region.top + region.height];
        let far = ends(found).into_iter().zip(ends(*drawn)).map(|(one, other)| one.abs_diff(other)).max().unwrap();
        assert!(far <= 8, "{found:?} for {drawn:?}");
        assert!(matches!(sign.kind, Kind::Character { .. }) && sign.is_trusted(), "{sign:?}");
    }
    assert!(rows[0].probability > 0.9, "{}", rows[0].probability);
}

/// A cross between digits is none.
#[test]
fn what_is_no_digit_is_not_trusted() {
    let mut generator = stream(1998, "cross", 0);
    let mut paper = Paper::new(620, 220, 9.0);
    paper.digit(1, (60.0, 60.0), 100.0, &mut generator);
    paper.stroke((200.0, 60.0), (260.0, 160.0));
    paper.stroke((260.0, 60.0), (200.0, 160.0));
    paper.digit(7, (400.0, 60.0), 100.0, &mut generator);
    let mut reader = RowReader::new(&Model::pretrained()).unwrap();
    let rows = reader.read(&Written::from_gray(&paper.levels()).unwrap()).unwrap();
    assert_eq!(reader.text(&rows[0], false), "1?7");
    assert!(reader.text(&rows[0], true).len() == 3 && rows[0].probability < 0.5);
}
