//! Pictures of digits as people have them: drawn with a pen, in some light, by some camera.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgb, RgbImage, Rgba, RgbaImage, imageops};
use rand::{Rng, RngExt};

use super::skeleton::{Point, Stroke, styles};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Black on white, as drawn with a program or scanned.
    Plain,
    /// As small as MNIST's, light on dark.
    Small,
    Inverted,
    /// Black or coloured ink on nothing.
    Clear,
    Light,
    /// The soft shadow of a hand or a head.
    SoftShadow,
    /// The sharp edge of a shadow.
    HardShadow,
    Lines,
    Squares,
    /// A sensor in the dark.
    Noise,
    Blur,
    Jpeg,
    /// Coloured ink on tinted paper.
    Tinted,
    /// Specks of dust and a second, smaller mark beside the digit.
    Specks,
    /// A telephone's photo: light, shadow, lines, blur, noise and compression at once.
    Photo,
    /// A sheet on a table that is seen around it, in light from one side.
    Table,
    /// A sheet on a table from further down, so that its far side is shorter, with the sharp edge of a shadow over it.
    Desk,
}

pub const KINDS: [Kind; 17] = {
    use Kind::*;
    [
        Plain, Small, Inverted, Clear, Light, SoftShadow, HardShadow, Lines, Squares, Noise, Blur, Jpeg, Tinted,
        Specks, Photo, Table, Desk,
    ]
};

/// A file: the end of its name and its content.
pub struct File {
    pub extension: &'static str,
    pub bytes: Vec<u8>,
}

fn between(generator: &mut impl Rng, low: f64, high: f64) -> f64 {
    low + (high - low) * generator.random::<f64>()
}

/// The digit, written in one of its styles by an unsteady hand, as the file of a picture of this kind.
pub fn draw(digit: usize, style: usize, kind: Kind, generator: &mut impl Rng) -> File {
    let (width, height) = match kind {
        Kind::Small => (28, 28),
        Kind::Photo => (1200, 900),
        Kind::Table | Kind::Desk => (generator.random_range(500..900), generator.random_range(500..900)),
        _ => (generator.random_range(120..420), generator.random_range(120..420)),
    };
    let ways = styles(digit);
    let strokes = by_hand(&ways[style % ways.len()], generator);
    let ink = inked(&strokes, width, height, kind, generator);
    match kind {
        Kind::Small => png(imageops::resize(&ink, 28, 28, imageops::FilterType::Triangle)),
        Kind::Inverted => png(GrayImage::from_fn(width, height, |x, y| {
            Luma([20 + (f64::from(ink.get_pixel(x, y).0[0]) * 0.85) as u8])
        })),
        Kind::Clear => {
            let [red, green, blue] = ink_colour(generator);
            png(RgbaImage::from_fn(width, height, |x, y| Rgba([red, green, blue, ink.get_pixel(x, y).0[0]])))
        }
        _ => scene(&ink, kind, generator),
    }
}

/// The strokes with each of their points moved by a smooth tremor, slanted, stretched and turned by up to 15 degrees.
pub fn by_hand(strokes: &[Stroke], generator: &mut impl Rng) -> Vec<Stroke> {
    let (slant, stretch) = (between(generator, -0.25, 0.25), between(generator, 0.8, 1.25));
    let angle = between(generator, -15.0, 15.0).to_radians();
    let ranges = [(2.0, 7.0), (0.0, 6.3), (0.0, 6.3), (0.0, 0.015)];
    let waves: Vec<[f64; 4]> = (0..3).map(|_| ranges.map(|(low, high)| between(generator, low, high))).collect();
    let moved = |&(x, y): &Point| {
        let tremble = |phase: usize| -> f64 {
            waves.iter().map(|wave| wave[3] * (wave[0] * (x + 1.3 * y) + wave[1 + phase]).sin()).sum()
        };
        let (x, y) = (x + tremble(0) - 0.3, y + tremble(1) - 0.5);
        let (x, y) = (stretch * x - slant * y, y);
        (x * angle.cos() - y * angle.sin(), x * angle.sin() + y * angle.cos())
    };
    strokes.iter().map(|stroke| stroke.iter().map(moved).collect()).collect()
}

/// The ink of each pixel, 0 to 255: the strokes somewhere in the picture, in some size, with some pen.
fn inked(strokes: &[Stroke], width: u32, height: u32, kind: Kind, generator: &mut impl Rng) -> GrayImage {
    let points = || strokes.iter().flatten();
    let extreme = |of: fn(&Point) -> f64| {
        points().map(of).fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)))
    };
    let ((left, right), (top, bottom)) = (extreme(|point| point.0), extreme(|point| point.1));
    let part = match kind {
        Kind::Small => 0.71,
        Kind::Photo => between(generator, 0.25, 0.6),
        Kind::Table | Kind::Desk => between(generator, 0.2, 0.4),
        _ => between(generator, 0.4, 0.8),
    };
    let pen = match kind {
        Kind::Small => between(generator, 0.08, 0.14),
        Kind::Photo => between(generator, 0.05, 0.11),
        _ => between(generator, 0.05, 0.14),
    };
    let size = (right - left).max(bottom - top) + pen;
    let scale = part * f64::from(width.min(height)) / size;
    let mut free = |side: u32, low: f64, high: f64| {
        let room = f64::from(side) - scale * (high - low + pen);
        let margin = 0.06 * room;
        between(generator, margin, room - margin) + scale * (pen / 2.0 - low)
    };
    let offset = (free(width, left, right), free(height, top, bottom));
    let placed = |point: &Point| (offset.0 + scale * point.0, offset.1 + scale * point.1);
    let mut ink = GrayImage::new(width, height);
    for stroke in strokes {
        for ends in stroke.windows(2) {
            line(&mut ink, placed(&ends[0]), placed(&ends[1]), scale * pen);
        }
    }
    ink
}

/// A straight line with round ends and grey edges.
pub fn line(ink: &mut GrayImage, from: Point, to: Point, thickness: f64) {
    let reach = thickness / 2.0 + 1.0;
    let range = |a: f64, b: f64, side: u32| {
        let clamp = |value: f64| value.clamp(0.0, f64::from(side)) as u32;
        clamp(a.min(b) - reach)..clamp((a.max(b) + reach).ceil())
    };
    let (columns, rows) = (range(from.0, to.0, ink.width()), range(from.1, to.1, ink.height()));
    for (x, y) in rows.flat_map(|y| columns.clone().map(move |x| (x, y))) {
        let point = (f64::from(x) + 0.5, f64::from(y) + 0.5);
        let covered = (thickness / 2.0 - distance(point, from, to) + 0.5).clamp(0.0, 1.0);
        let level = &mut ink.get_pixel_mut(x, y).0[0];
        *level = (*level).max((255.0 * covered).round() as u8);
    }
}

/// The distance of `point` from the stretch between `from` and `to`.
pub fn distance(point: Point, from: Point, to: Point) -> f64 {
    let (along, across) = (to.0 - from.0, to.1 - from.1);
    let square = along * along + across * across;
    let part = ((point.0 - from.0) * along + (point.1 - from.1) * across) / square.max(1e-9);
    let part = part.clamp(0.0, 1.0);
    (point.0 - from.0 - part * along).hypot(point.1 - from.1 - part * across)
}

/// Blue, black, red, green or pencil.
fn ink_colour(generator: &mut impl Rng) -> [u8; 3] {
    [[25, 35, 120], [20, 20, 25], [170, 20, 30], [15, 90, 40], [75, 75, 80]][generator.random_range(0..5)]
}

/// The ink on paper, in its light, as the camera saw it.
fn scene(ink: &GrayImage, kind: Kind, generator: &mut impl Rng) -> File {
    let (width, height) = ink.dimensions();
    let all = kind == Kind::Photo;
    let paper: [f64; 3] = match kind {
        Kind::Tinted => {
            [[245, 235, 190], [205, 225, 240], [240, 210, 215], [210, 180, 140]][generator.random_range(0..4)]
        }
        Kind::Plain => [255; 3],
        _ => [[245, 245, 240], [232, 230, 225], [250, 250, 250]][generator.random_range(0..3)],
    }
    .map(f64::from);
    let pen = if all || kind == Kind::Tinted { ink_colour(generator) } else { [20, 20, 25] }.map(f64::from);
    let mut marked = ink.clone();
    if kind == Kind::Specks {
        specks(&mut marked, generator);
    }
    let squares = kind == Kind::Squares;
    let ruled = (kind == Kind::Lines || squares || all).then(|| rules(width, height, squares, generator));
    let light = light(width, height, kind, generator);
    let noise = match kind {
        Kind::Noise => between(generator, 8.0, 18.0),
        Kind::Photo | Kind::Table | Kind::Desk => between(generator, 2.0, 6.0),
        _ => 0.0,
    };
    let keystone = if kind == Kind::Desk { between(generator, 0.1, 0.35) } else { 0.0 };
    let on_table = matches!(kind, Kind::Table | Kind::Desk);
    let table = on_table.then(|| (sheet(ink, keystone, generator), wood(generator)));
    let image = RgbImage::from_fn(width, height, |x, y| {
        let beside = table.as_ref().filter(|(on_sheet, _)| !on_sheet(f64::from(x), f64::from(y)));
        if let Some((_, wood)) = beside {
            let lit = light(f64::from(x) / f64::from(width), f64::from(y) / f64::from(height));
            return Rgb(wood(f64::from(x), f64::from(y)).map(|level| (lit * level) as u8));
        }
        let inked = f64::from(marked.get_pixel(x, y).0[0]) / 255.0;
        let line = ruled.as_ref().map_or(0.0, |rules| f64::from(rules.get_pixel(x, y).0[0]) / 255.0);
        let lit = light(f64::from(x) / f64::from(width), f64::from(y) / f64::from(height));
        Rgb([0, 1, 2].map(|channel| {
            let blank = paper[channel] * (1.0 - line * [0.4, 0.3, 0.12][channel]);
            (lit * (blank + (pen[channel] - blank) * inked)) as u8
        }))
    });
    let soft = match kind {
        Kind::Blur => {
            imageops::blur(&image, f32::from(height.min(width) as u16) * between(generator, 0.006, 0.018) as f32)
        }
        Kind::Photo | Kind::Table | Kind::Desk => imageops::blur(&image, between(generator, 0.8, 2.5) as f32),
        _ => image,
    };
    let mut grainy = soft;
    if noise > 0.0 {
        grainy.iter_mut().for_each(|level| *level = (f64::from(*level) + noise * normal(generator)) as u8);
    }
    match kind {
        Kind::Jpeg => jpeg(&grainy, generator.random_range(12..35)),
        Kind::Photo | Kind::Table | Kind::Desk => jpeg(&grainy, generator.random_range(50..90)),
        Kind::Plain if generator.random() => File { extension: "bmp", bytes: encoded(grainy, ImageFormat::Bmp) },
        _ => png(grainy),
    }
}

/// About normal: mean 0, deviation 1.
fn normal(generator: &mut impl Rng) -> f64 {
    (0..6).map(|_| generator.random::<f64>() - 0.5).sum::<f64>() * std::f64::consts::SQRT_2
}

/// The light at a place, 0 to 1; places in parts of width and height.
fn light(width: u32, height: u32, kind: Kind, generator: &mut impl Rng) -> Box<dyn Fn(f64, f64) -> f64> {
    let all = kind == Kind::Photo;
    let angle = between(generator, 0.0, std::f64::consts::TAU);
    let slope = if kind == Kind::Light {
        between(generator, 0.3, 0.65)
    } else if all || matches!(kind, Kind::Table | Kind::Desk) {
        between(generator, 0.1, 0.4)
    } else {
        0.0
    };
    let place = (between(generator, 0.1, 0.9), between(generator, 0.1, 0.9));
    let strength = between(generator, 0.3, 0.55);
    let (depth, hard) = match kind {
        Kind::SoftShadow => (strength, false),
        Kind::HardShadow => (strength, true),
        Kind::Photo => (0.8 * strength, generator.random()),
        Kind::Desk => (0.8 * strength, true),
        _ => (0.0, false),
    };
    let aspect = f64::from(width) / f64::from(height);
    let edge = if hard { 0.006 } else { between(generator, 0.15, 0.3) };
    Box::new(move |x, y| {
        let along = (x - 0.5) * angle.cos() + (y - 0.5) * angle.sin();
        let across = (x - place.0) * aspect * angle.sin() - (y - place.1) * angle.cos();
        let shade = 1.0 / (1.0 + (-across / edge * 4.0).exp());
        (1.0 - slope * (along + 0.6).clamp(0.0, 1.2)) * (1.0 - depth * shade)
    })
}

/// Tells if a place lies on a sheet around the ink, turned by up to 12 degrees, which may end outside of the picture. Its upper side is
/// shorter than its lower one by this part.
fn sheet(ink: &GrayImage, keystone: f64, generator: &mut impl Rng) -> Box<dyn Fn(f64, f64) -> bool> {
    let inked = || ink.enumerate_pixels().filter(|(_, _, pixel)| pixel.0[0] > 0).map(|(x, y, _)| (x, y));
    let ends = |of: fn((u32, u32)) -> u32| {
        let (low, high) = inked().map(of).fold((u32::MAX, 0), |(low, high), at| (low.min(at), high.max(at)));
        (f64::from(low), f64::from(high))
    };
    let ((left, right), (top, bottom)) = (ends(|place| place.0), ends(|place| place.1));
    let size = (right - left).max(bottom - top);
    let mut reach = |digit: f64| digit / 2.0 + size * between(generator, 0.35, 0.8);
    let (wide, high) = (reach(right - left), reach(bottom - top));
    let angle = between(generator, -12.0, 12.0).to_radians();
    let middle = ((left + right) / 2.0, (top + bottom) / 2.0);
    Box::new(move |x, y| {
        let (x, y) = (x - middle.0, y - middle.1);
        let (x, y) = (x * angle.cos() + y * angle.sin(), y * angle.cos() - x * angle.sin());
        x.abs() < wide * (1.0 - keystone * (high - y) / (2.0 * high)) && y.abs() < high
    })
}

/// The colour of a table at a place: brown, grey or green, with a grain.
fn wood(generator: &mut impl Rng) -> Box<dyn Fn(f64, f64) -> [f64; 3]> {
    let colour = [[125.0, 85.0, 55.0], [60.0, 60.0, 66.0], [45.0, 95.0, 70.0]][generator.random_range(0..3)];
    let (turn, width) = (between(generator, -0.3, 0.3), between(generator, 5.0, 20.0));
    Box::new(move |x, y| {
        let grain = 1.0 + 0.15 * ((y + turn * x) / width).sin() * (x / (7.0 * width)).cos();
        colour.map(|level| level * grain)
    })
}

/// The lines of ruled or squared paper, a little turned, 0 to 255.
fn rules(width: u32, height: u32, squares: bool, generator: &mut impl Rng) -> GrayImage {
    let mut lines = GrayImage::new(width, height);
    let side = f64::from(width.min(height));
    let pitch = side * if squares { between(generator, 0.1, 0.16) } else { between(generator, 0.16, 0.3) };
    let thickness = (side * between(generator, 0.004, 0.008)).max(1.0);
    let (turn, start) = (between(generator, -0.06, 0.06), between(generator, 0.0, pitch));
    let (w, h) = (f64::from(width), f64::from(height));
    for number in -3..40 {
        let at = start + f64::from(number) * pitch;
        line(&mut lines, (-5.0, at - turn * w / 2.0), (w + 5.0, at + turn * w / 2.0), thickness);
        if squares {
            line(&mut lines, (at + turn * h / 2.0, -5.0), (at - turn * h / 2.0, h + 5.0), thickness);
        }
    }
    lines
}

/// Some dots, and a short stroke near a corner.
fn specks(ink: &mut GrayImage, generator: &mut impl Rng) {
    let (width, height) = (f64::from(ink.width()), f64::from(ink.height()));
    for _ in 0..12 {
        let place = (between(generator, 0.0, width), between(generator, 0.0, height));
        line(ink, place, place, between(generator, 1.0, 0.015 * width.min(height) + 1.0));
    }
    let corner = (width * between(generator, 0.01, 0.05), height * between(generator, 0.01, 0.05));
    line(ink, corner, (corner.0 + 0.05 * width, corner.1 + 0.03 * height), 0.02 * width.min(height));
}

fn png(image: impl Into<DynamicImage>) -> File {
    File { extension: "png", bytes: encoded(image, ImageFormat::Png) }
}

fn jpeg(image: &RgbImage, quality: u8) -> File {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(image).expect("it has pixels");
    File { extension: "jpg", bytes }
}

pub fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).expect("it has pixels");
    bytes.into_inner()
}
