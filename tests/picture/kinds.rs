//! Kinds of pictures that people have of their digits beside photographs: cut to the ink, framed, underlined, faint, thin, several.

use image::{DynamicImage, GrayImage, Luma, imageops};
use lenet5::applications::reader::Reader;
use lenet5::kernels::maps::Shape;
use lenet5::picture::{FRAME, Picture, Polarity};
use lenet5::random::stream;
use lenet5::runs::checkpoint::Model;
use rand::RngExt;

use crate::drawn::paper::{Kind, draw};
use crate::real_mnist;

/// A digit drawn black on white, cut to its ink.
fn cut(digit: usize, style: usize) -> GrayImage {
    let file = draw(digit, style, Kind::Plain, &mut stream(1998, "kinds", (10 * style + digit) as u64));
    let drawn = image::load_from_memory(&file.bytes).map(DynamicImage::into_luma8).unwrap();
    cut_to_ink(&drawn, |level| level < 200)
}

fn cut_to_ink(picture: &GrayImage, is_ink: impl Fn(u8) -> bool) -> GrayImage {
    let inked = || picture.enumerate_pixels().filter(|(_, _, level)| is_ink(level.0[0]));
    let (left, right) = (inked().map(|(x, ..)| x).min().unwrap(), inked().map(|(x, ..)| x).max().unwrap());
    let (top, bottom) = (inked().map(|(_, y, _)| y).min().unwrap(), inked().map(|(_, y, _)| y).max().unwrap());
    imageops::crop_imm(picture, left, top, 1 + right - left, 1 + bottom - top).to_image()
}

/// The digit, 150 pixels high at most, in the middle of a sheet of 270 x 320 pixels.
fn on_sheet(digit: usize, style: usize) -> GrayImage {
    let ink = cut(digit, style);
    let scale = (150.0 / f64::from(ink.height())).min(130.0 / f64::from(ink.width()));
    let side = |pixels: u32| (f64::from(pixels) * scale).round().max(1.0) as u32;
    let ink = imageops::resize(&ink, side(ink.width()), side(ink.height()), imageops::FilterType::Triangle);
    let mut sheet = GrayImage::from_pixel(270, 320, Luma([255]));
    let place = ((270 - ink.width()) / 2, (320 - ink.height()) / 2);
    imageops::replace(&mut sheet, &ink, place.0.into(), place.1.into());
    sheet
}

type Change = fn(GrayImage) -> GrayImage;
type ChangeOf = fn(&GrayImage) -> GrayImage;
/// True for a place of a sheet where something is printed.
type Printed = fn((u32, u32)) -> bool;

struct Eye(Reader);

impl Eye {
    fn new() -> Self {
        Self(Reader::new(&Model::pretrained()).unwrap())
    }

    /// The class that the network that comes with the program reads; `None` if the picture is refused.
    fn read(&mut self, levels: &GrayImage) -> Option<usize> {
        let picture = Picture::from_gray(levels).ok()?;
        Some(self.0.read(&picture.pixels, Shape::new(1, FRAME, FRAME)).unwrap().class)
    }

    /// Those of these pictures, each with its digit, that are read wrongly.
    fn wrong(&mut self, pictures: impl IntoIterator<Item = (usize, GrayImage)>) -> usize {
        let wrong = pictures.into_iter().filter(|(digit, levels)| self.read(levels) != Some(*digit));
        wrong.count()
    }
}

fn inverted(mut picture: GrayImage) -> GrayImage {
    imageops::invert(&mut picture);
    picture
}

fn enlarged(picture: &GrayImage, side: u32) -> GrayImage {
    let scale = f64::from(side) / f64::from(picture.width().max(picture.height()));
    let length = |pixels: u32| (f64::from(pixels) * scale).round().max(1.0) as u32;
    imageops::resize(picture, length(picture.width()), length(picture.height()), imageops::FilterType::Triangle)
}

fn all_digits() -> impl Iterator<Item = (usize, usize)> {
    (0..30).map(|index| (index % 10, index / 10))
}

#[test]
fn digits_cut_to_their_ink_are_read() {
    let mut eye = Eye::new();
    let cuts: [(&str, Change); 4] = [
        ("as drawn", |cut| cut),
        ("light on dark", inverted),
        ("20 pixels", |cut| enlarged(&cut, 20)),
        ("16 pixels, light on dark", |cut| inverted(enlarged(&cut, 16))),
    ];
    for (name, change) in cuts {
        let wrong = eye.wrong(all_digits().map(|(digit, style)| (digit, change(cut(digit, style)))));
        assert!(wrong <= 2, "{name}: {wrong} of 30");
    }
}

/// A thousand test digits cut to their ink, as they are and enlarged, and in their box of 20 x 20: at most 15 are read wrongly.
#[test]
fn mnist_cut_to_its_ink_is_read() {
    let Some(folder) = real_mnist::folder("mnist_cut_to_its_ink_is_read") else { return };
    let digits = lenet5::data::mnist::load(&folder).unwrap().test;
    let mut eye = Eye::new();
    let digit = |index: usize| {
        let picture = GrayImage::from_raw(28, 28, digits.image(index).to_vec()).unwrap();
        (digits.labels()[index].into(), cut_to_ink(&picture, |level| level > 0))
    };
    let in_box = |ink: &GrayImage| {
        let mut frame = GrayImage::new(20, 20);
        imageops::replace(&mut frame, ink, ((20 - ink.width()) / 2).into(), ((20 - ink.height()) / 2).into());
        frame
    };
    let cuts: [(&str, ChangeOf); 3] = [
        ("as it is", Clone::clone),
        ("enlarged", |ink| enlarged(ink, 200)),
        ("enlarged, dark on light", |ink| inverted(enlarged(ink, 200))),
    ];
    for (name, change) in cuts {
        let wrong = eye.wrong((0..1000).map(digit).map(|(class, ink): (usize, _)| (class, change(&ink))));
        assert!(wrong <= 15, "{name}: {wrong} of 1000");
    }
    let wrong = eye.wrong((0..1000).map(digit).map(|(class, ink): (usize, _)| (class, in_box(&ink))));
    assert!(wrong <= 15, "in its box: {wrong} of 1000");
}

/// Of a thousand test digits, cut to their ink and enlarged, the ink of at most ten is taken for paper: a thick one is no sheet that lies on
/// something darker, and what is left around a narrow one no ink.
#[test]
fn digits_cut_to_their_ink_are_not_taken_for_paper() {
    let Some(folder) = real_mnist::folder("digits_cut_to_their_ink_are_not_taken_for_paper") else { return };
    let digits = lenet5::data::mnist::load(&folder).unwrap().test;
    for (change, polarity) in
        [(Clone::clone as ChangeOf, Polarity::LightOnDark), (|ink| inverted(ink.clone()), Polarity::DarkOnLight)]
    {
        let is_taken = |&index: &usize| {
            let digit = GrayImage::from_raw(28, 28, digits.image(index).to_vec()).unwrap();
            let picture = change(&enlarged(&cut_to_ink(&digit, |level| level > 0), 200));
            Picture::from_gray(&picture).map_or(true, |picture| picture.polarity != polarity)
        };
        let taken: Vec<usize> = (0..1000).filter(is_taken).collect();
        assert!(taken.len() <= 10, "{polarity}: {taken:?}");
    }
}

/// True on a frame of this thickness, so far from the edges of a sheet of 270 x 320 pixels, whose corners have this radius.
fn on_frame((x, y): (u32, u32), margin: f64, thickness: f64, radius: f64) -> bool {
    let beyond = |value: u32, side: f64| (f64::from(value) + 0.5 - side / 2.0).abs() - (side / 2.0 - margin - radius);
    let (across, down) = (beyond(x, 270.0), beyond(y, 320.0));
    let outside = across.max(0.0).hypot(down.max(0.0)) + across.max(down).min(0.0) - radius;
    (-thickness..0.0).contains(&outside)
}

#[test]
fn frames_and_lines_around_a_digit_are_not_read() {
    let mut eye = Eye::new();
    let frames: [(&str, Printed); 9] = [
        ("none", |_| false),
        ("thick", |at| on_frame(at, 20.0, 12.0, 0.0)),
        ("inset", |at| on_frame(at, 10.0, 3.0, 0.0)),
        ("at the border", |at| on_frame(at, 0.0, 6.0, 0.0)),
        ("rounded", |at| on_frame(at, 15.0, 5.0, 30.0)),
        ("double", |at| on_frame(at, 12.0, 3.0, 0.0) || on_frame(at, 24.0, 3.0, 0.0)),
        ("open above", |(x, y)| on_frame((x, y), 20.0, 5.0, 0.0) && y > 40),
        ("line below", |(x, y)| (30..240).contains(&x) && (270..275).contains(&y)),
        ("line at its foot", |(x, y)| (20..250).contains(&x) && (232..236).contains(&y)),
    ];
    for (name, is_printed) in frames {
        let framed = |(digit, style): (usize, usize)| {
            let mut sheet = on_sheet(digit, style);
            for (x, y, level) in sheet.enumerate_pixels_mut() {
                if is_printed((x, y)) {
                    level.0[0] = 20;
                }
            }
            (digit, if style == 2 { inverted(sheet) } else { sheet })
        };
        let wrong = eye.wrong(all_digits().map(framed));
        assert!(wrong <= 2, "{name}: {wrong} of 30");
    }
}

/// The bar of a seven, the foot of a two, a one with a foot: longer and straighter than many rules, and parts of the digit.
#[test]
fn strokes_of_a_digit_are_no_rules() {
    let bar = |from: (u32, u32), size: (u32, u32)| {
        move |x: u32, y: u32| (from.0..from.0 + size.0).contains(&x) && (from.1..from.1 + size.1).contains(&y)
    };
    let (stem, foot, detached) = (bar((130, 80), (10, 150)), bar((60, 220), (150, 10)), bar((60, 60), (90, 10)));
    for (name, foot) in [("a foot", &foot as &dyn Fn(u32, u32) -> bool), ("a bar above", &detached)] {
        let sheet = GrayImage::from_fn(270, 320, |x, y| Luma([if stem(x, y) || foot(x, y) { 0 } else { 255 }]));
        let ink = Picture::from_gray(&sheet).unwrap().ink;
        assert_eq!((ink.width, ink.height), if name == "a foot" { (150, 150) } else { (90, 170) }, "{name}");
    }
}

#[test]
fn faint_ink_on_clean_ground_is_ink() {
    let faint = |contrast: u32| {
        let mut sheet = on_sheet(3, 0);
        sheet.iter_mut().for_each(|level| *level = (255 - (255 - u32::from(*level)) * contrast / 255) as u8);
        sheet
    };
    let expected = Eye::new().read(&on_sheet(3, 0));
    for contrast in [9, 14, 24] {
        assert_eq!(Eye::new().read(&faint(contrast)), expected, "contrast {contrast}");
    }
    assert!(Picture::from_gray(&faint(6)).is_err());
    // On grained paper as little is grain.
    let mut generator = stream(1998, "grain", 0);
    let mut grained = faint(14);
    grained.iter_mut().for_each(|level| *level -= generator.random_range(0..8));
    assert!(Picture::from_gray(&grained).is_err());
}

#[test]
fn thin_strokes_are_redrawn_as_wide_as_those_of_mnist() {
    let ring = |thickness: f64| {
        GrayImage::from_fn(200, 200, |x, y| {
            let far = (f64::from(x) - 100.0).hypot((f64::from(y) - 100.0) * 0.8) - 60.0;
            Luma([if far.abs() <= thickness / 2.0 { 0 } else { 255 }])
        })
    };
    // The ring is 150 pixels high: 7.5 for a pixel of the network.
    for thickness in [1.6, 3.0, 6.0, 9.0] {
        let picture = Picture::from_gray(&ring(thickness)).unwrap();
        assert!((picture.stroke.drawn - thickness / 7.5).abs() < 0.4, "{thickness}: {:?}", picture.stroke);
        assert!((picture.stroke.seen - 2.6).abs() < 0.4, "{thickness}: {:?}", picture.stroke);
    }
    for thickness in [16.0, 24.0] {
        let stroke = Picture::from_gray(&ring(thickness)).unwrap().stroke;
        assert!(stroke.drawn == stroke.seen && (stroke.drawn - thickness / 7.5).abs() < 0.4, "{thickness}: {stroke:?}");
    }
}

#[test]
fn several_digits_are_counted_and_captions_are_not() {
    for index in 0..20 {
        let mut sheet = GrayImage::from_pixel(500, 320, Luma([255]));
        let paste = |sheet: &mut GrayImage, digit: usize, height: u32, left: i64, top: i64| {
            let ink = cut(digit, index % 3);
            let width = (ink.width() * height / ink.height()).clamp(1, 150);
            let ink = imageops::resize(&ink, width, height, imageops::FilterType::Triangle);
            imageops::replace(sheet, &ink, left, top);
            left + i64::from(width)
        };
        let end = paste(&mut sheet, index % 10, 140, 60, 80);
        assert_eq!(Picture::from_gray(&sheet).unwrap().characters, 1, "{index}: alone");
        let mut caption = sheet.clone();
        (0..4).fold(60, |left, letter| 6 + paste(&mut caption, letter, 24, left, 270));
        assert_eq!(Picture::from_gray(&caption).unwrap().characters, 1, "{index}: with a caption");
        paste(&mut sheet, (7 * index + 3) % 10, 130, end + 12 + 2 * index as i64, 90);
        assert!(Picture::from_gray(&sheet).unwrap().characters > 1, "{index}: two digits");
    }
}
