//! Pictures drawn here, in every format and arrangement, must come out as MNIST would have them.

use crate::drawn::paper::{distance, encoded};
use crate::real_mnist;

use image::codecs::jpeg::JpegEncoder;
use image::{
    DynamicImage, GrayImage, ImageBuffer, ImageEncoder, ImageFormat, Luma, Rgb, RgbImage, Rgba, RgbaImage, imageops,
};
use lenet5::picture::{BOX, FRAME, LINE_HEIGHT, Line, Picture, Polarity, Region, as_text, read, read_gray};

/// A seven, 60 wide and 100 high at scale 1 with strokes of 12, its top left corner at (`left`, `top`), black on white paper
/// of `width` x `height` pixels, with grey edges.
fn seven(width: u32, height: u32, left: f64, top: f64, scale: f64) -> GrayImage {
    let strokes = [((6.0, 6.0), (54.0, 6.0)), ((54.0, 6.0), (20.0, 94.0))];
    GrayImage::from_fn(width, height, |x, y| {
        let point = ((f64::from(x) + 0.5 - left) / scale, (f64::from(y) + 0.5 - top) / scale);
        let nearest = strokes.map(|(from, to)| distance(point, from, to)).into_iter().fold(f64::MAX, f64::min);
        let covered = ((6.0 - nearest) * scale + 0.5).clamp(0.0, 1.0);
        Luma([(255.0 * (1.0 - covered)).round() as u8])
    })
}

/// The usual seven: 100 pixels high in the middle of 140 x 140.
fn usual() -> GrayImage {
    seven(140, 140, 40.0, 20.0, 1.0)
}

fn inverted(image: &GrayImage) -> GrayImage {
    let mut image = image.clone();
    imageops::invert(&mut image);
    image
}

fn digit(image: &GrayImage) -> Picture {
    Picture::from_gray(image).unwrap()
}

/// The mean absolute difference of two pictures, in levels of 255.
fn difference(one: &[u8], other: &[u8]) -> f64 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / one.len() as f64
}

/// Left, top, width and height of the pixels of `picture` from `least` on.
fn extent(picture: &Picture, least: u8) -> (usize, usize, usize, usize) {
    let inked = || (0..FRAME * FRAME).filter(|index| picture.pixels[*index] >= least);
    let (left, right) = (inked().map(|i| i % FRAME).min().unwrap(), inked().map(|i| i % FRAME).max().unwrap());
    let (top, bottom) = (inked().map(|i| i / FRAME).min().unwrap(), inked().map(|i| i / FRAME).max().unwrap());
    (left, top, right - left + 1, bottom - top + 1)
}

/// A rectangle of level `ink` in a picture of level `paper`.
fn block(size: (u32, u32), region: Region, paper: u8, ink: u8) -> GrayImage {
    let inside = |x: u32, y: u32| {
        (region.left..region.left + region.width).contains(&x) && (region.top..region.top + region.height).contains(&y)
    };
    GrayImage::from_fn(size.0, size.1, |x, y| Luma([if inside(x, y) { ink } else { paper }]))
}

#[test]
fn the_digit_fills_the_box_and_its_mass_is_centred() {
    let picture = digit(&usual());
    assert_eq!(picture.pixels.len(), FRAME * FRAME);
    assert_eq!((picture.width, picture.height), (140, 140));
    assert_eq!(picture.ink, Region { left: 40, top: 20, width: 60, height: 100 });
    let (_, _, width, height) = extent(&picture, 1);
    assert_eq!((width, height), (12, BOX));
    let mass: f64 = picture.pixels.iter().map(|level| f64::from(*level)).sum();
    let moment = |position: fn(usize) -> usize| {
        let levels = picture.pixels.iter().enumerate();
        levels.map(|(index, level)| position(index) as f64 * f64::from(*level)).sum::<f64>() / mass
    };
    for centre in [moment(|index| index % FRAME), moment(|index| index / FRAME)] {
        assert!((13.5..14.5).contains(&centre), "{centre}");
    }
    assert_eq!(picture.pixels.iter().max(), Some(&255));
}

#[test]
fn both_polarities_give_the_same() {
    let (dark, light) = (digit(&usual()), digit(&inverted(&usual())));
    assert_eq!((dark.polarity, light.polarity), (Polarity::DarkOnLight, Polarity::LightOnDark));
    assert_eq!(dark.pixels, light.pixels);
    assert_eq!(dark.ink, light.ink);
}

#[test]
fn place_and_size_do_not_matter() {
    let expected = digit(&usual()).pixels;
    assert_eq!(digit(&seven(300, 200, 200.0, 60.0, 1.0)).pixels, expected);
    for (side, scale) in [(50, 0.4), (300, 2.0), (700, 5.0), (3000, 25.0)] {
        let image = seven(side, side, f64::from(side) * 0.2, f64::from(side) * 0.1, scale);
        let far = difference(&digit(&image).pixels, &expected);
        assert!(far < 3.0, "scale {scale}: {far}");
    }
    // The measure tells digits apart.
    assert!(difference(&digit(&imageops::flip_horizontal(&usual())).pixels, &expected) > 20.0);
}

#[test]
fn a_large_picture_says_where_its_ink_was() {
    let region = Region { left: 500, top: 1000, width: 1000, height: 1500 };
    let found = digit(&block((4096, 3072), region, 255, 0)).ink;
    // Averaged down by 4.
    for (found, drawn) in
        [(found.left, region.left), (found.top, region.top), (found.width, region.width), (found.height, region.height)]
    {
        assert!(found.abs_diff(drawn) <= 8, "{found} for {drawn}");
    }
}

#[test]
fn specks_of_a_large_picture_are_not_ink() {
    let mut image = block((4096, 4096), Region { left: 1000, top: 1000, width: 400, height: 2000 }, 255, 0);
    let clean = digit(&image);
    for (x, y) in [(100, 50), (4000, 30), (2000, 3900)] {
        image.put_pixel(x, y, Luma([0]));
    }
    assert_eq!(digit(&image), clean);
}

#[test]
fn faint_ink_on_grey_paper_becomes_full_ink() {
    let mut faint = usual();
    faint.iter_mut().for_each(|level| *level = 120 + *level / 4);
    assert!(difference(&digit(&faint).pixels, &digit(&usual()).pixels) < 2.0);
}

#[test]
fn grain_in_the_background_disappears() {
    let mut grainy = usual();
    let mut state = 1_u32;
    grainy.iter_mut().for_each(|level| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *level = (30 + *level / 2) - 8 + (state >> 28) as u8;
    });
    let picture = digit(&grainy);
    assert_eq!(picture.ink, Region { left: 40, top: 20, width: 60, height: 100 });
    assert!(difference(&picture.pixels, &digit(&usual()).pixels) < 3.0);
}

#[test]
fn paper_in_slanting_light_is_still_paper() {
    let mut lit = usual();
    lit.enumerate_pixels_mut().for_each(|(x, y, level)| {
        let paper = 140.0 + f64::from(x + y) * 0.25;
        level.0[0] = (paper * (0.2 + 0.8 * f64::from(level.0[0]) / 255.0)).round() as u8;
    });
    let picture = digit(&lit);
    assert_eq!(picture.polarity, Polarity::DarkOnLight);
    assert!(difference(&picture.pixels, &digit(&usual()).pixels) < 4.0);
}

#[test]
fn a_sheet_on_a_table_is_read_alone() {
    let mut table = GrayImage::from_fn(500, 400, |x, y| Luma([70 + 20 * ((x / 9 + y / 30) % 2) as u8]));
    imageops::replace(&mut table, &seven(180, 160, 60.0, 30.0, 1.0), 250, 90);
    let picture = digit(&table);
    assert_eq!(
        (picture.polarity, picture.ink),
        (Polarity::DarkOnLight, Region { left: 310, top: 120, width: 60, height: 100 })
    );
    assert!(difference(&picture.pixels, &digit(&usual()).pixels) < 3.0);
}

#[test]
fn a_line_on_a_strip_of_paper_is_read_alone() {
    let mut strip = seven(520, 130, 60.0, 15.0, 1.0);
    for (level, other) in strip.iter_mut().zip(seven(520, 130, 400.0, 15.0, 1.0).iter()) {
        *level = (*level).min(*other);
    }
    let mut table = GrayImage::from_pixel(700, 500, Luma([60]));
    imageops::replace(&mut table, &strip, 80, 200);
    let line = Line::from_gray(&table).unwrap();
    assert_eq!(line.polarity, Polarity::DarkOnLight);
    assert_eq!(line.ink, Region { left: 140, top: 215, width: 400, height: 100 });
}

/// A light, filled area is no sheet if nothing is written on it.
#[test]
fn a_light_block_is_ink() {
    let block = block((200, 150), Region { left: 50, top: 30, width: 70, height: 90 }, 20, 230);
    let picture = digit(&block);
    assert_eq!(picture.polarity, Polarity::LightOnDark);
    assert_eq!(picture.ink, Region { left: 50, top: 30, width: 70, height: 90 });
}

#[test]
fn thin_strokes_reach_full_ink() {
    let line = block((500, 500), Region { left: 250, top: 50, width: 3, height: 400 }, 255, 0);
    let picture = digit(&line);
    assert_eq!(picture.pixels.iter().max(), Some(&255));
    // Redrawn as wide as strokes of MNIST.
    assert_eq!(extent(&picture, 128), (13, 4, 2, BOX));
}

#[test]
fn wide_and_tall_keep_their_aspect() {
    for (width, height, expected) in
        [(160, 40, (BOX, 5)), (40, 160, (5, BOX)), (300, 2, (BOX, 2)), (2, 300, (2, BOX)), (90, 90, (BOX, BOX))]
    {
        let drawn = block((400, 400), Region { left: 30, top: 60, width, height }, 255, 0);
        let (_, _, w, h) = extent(&digit(&drawn), 128);
        assert_eq!((w, h), expected, "{width} x {height}");
    }
}

#[test]
fn ink_may_touch_a_side() {
    let expected = digit(&usual()).pixels;
    for (left, top) in [(40.0, 0.0), (0.0, 20.0), (80.0, 20.0), (40.0, 40.0)] {
        assert_eq!(digit(&seven(140, 140, left, top, 1.0)).pixels, expected, "at {left}, {top}");
    }
    assert!(difference(&digit(&seven(60, 100, 0.0, 0.0, 1.0)).pixels, &expected) < 1.0, "on all four");
}

#[test]
fn tiny_pictures_are_scaled_up() {
    let bar = block((8, 8), Region { left: 3, top: 1, width: 2, height: 6 }, 0, 6);
    assert!(Picture::from_gray(&bar).is_err(), "6 of 255 is too little contrast");
    let bar = block((8, 8), Region { left: 3, top: 1, width: 2, height: 6 }, 0, 240);
    assert_eq!(extent(&digit(&bar), 128), (11, 4, 7, BOX));
    let dots = GrayImage::from_raw(1, 5, vec![255, 255, 0, 0, 255]).unwrap();
    assert_eq!(digit(&dots).ink, Region { left: 0, top: 2, width: 1, height: 2 });
    assert_eq!(extent(&digit(&dots), 128).3, BOX);
}

#[test]
fn every_format_and_depth_is_read() {
    let (image, expected) = (usual(), digit(&usual()));
    let wide = DynamicImage::from(image.clone());
    for format in [ImageFormat::Png, ImageFormat::Bmp, ImageFormat::Pnm] {
        assert_eq!(Picture::from_bytes(&encoded(image.clone(), format)).unwrap(), expected, "{format:?}");
        assert_eq!(Picture::from_bytes(&encoded(wide.to_rgb8(), format)).unwrap(), expected, "{format:?} RGB");
    }
    for format in [ImageFormat::Png, ImageFormat::Pnm] {
        assert_eq!(Picture::from_bytes(&encoded(wide.to_luma16(), format)).unwrap(), expected, "{format:?} 16 bit");
    }
    let plain: String = image.iter().map(|level| format!("{level}\n")).collect();
    assert_eq!(Picture::from_bytes(format!("P2 140 140 255\n{plain}").as_bytes()).unwrap(), expected);
    let jpeg = Picture::from_bytes(&encoded(image, ImageFormat::Jpeg)).unwrap();
    assert!(difference(&jpeg.pixels, &expected.pixels) < 2.0);
}

#[test]
fn colour_is_read_as_lightness() {
    let coverage = usual();
    let blend = |paper: [u8; 3], ink: [u8; 3]| {
        RgbImage::from_fn(140, 140, |x, y| {
            let part = u32::from(coverage.get_pixel(x, y).0[0]);
            let level = |channel: usize| {
                ((u32::from(paper[channel]) * part + u32::from(ink[channel]) * (255 - part)) / 255) as u8
            };
            Rgb([level(0), level(1), level(2)])
        })
    };
    for (paper, ink, polarity) in [
        ([255, 255, 255], [200, 0, 0], Polarity::DarkOnLight),
        ([250, 250, 200], [0, 0, 160], Polarity::DarkOnLight),
        ([0, 60, 0], [255, 255, 120], Polarity::LightOnDark),
    ] {
        let picture = Picture::from_bytes(&encoded(blend(paper, ink), ImageFormat::Png)).unwrap();
        assert_eq!(picture.polarity, polarity);
        assert!(difference(&picture.pixels, &digit(&coverage).pixels) < 2.0, "{paper:?} {ink:?}");
    }
}

#[test]
fn transparent_parts_are_white() {
    // Black ink whose opacity is its coverage, on nothing, whose hidden colour is black too.
    let coverage = usual();
    let image = RgbaImage::from_fn(140, 140, |x, y| Rgba([0, 0, 0, 255 - coverage.get_pixel(x, y).0[0]]));
    let expected = digit(&coverage);
    assert_eq!(Picture::from_bytes(&encoded(image.clone(), ImageFormat::Png)).unwrap(), expected);
    let deep = DynamicImage::from(image).to_rgba16();
    assert_eq!(Picture::from_bytes(&encoded(deep, ImageFormat::Png)).unwrap(), expected);
}

/// White ink on nothing is as good as black ink on nothing.
#[test]
fn white_strokes_on_a_transparent_ground_are_ink() {
    let coverage = usual();
    let expected = digit(&coverage);
    let image = RgbaImage::from_fn(140, 140, |x, y| {
        let opacity = 255 - coverage.get_pixel(x, y).0[0];
        Rgba([255, 255, if opacity > 0 { 250 } else { 0 }, opacity])
    });
    for image in [DynamicImage::from(image.clone()), DynamicImage::from(image).to_rgba16().into()] {
        let folder = temp_dir::TempDir::new().unwrap();
        let path = folder.path().join("white.png");
        image.save(&path).unwrap();
        let picture = read(&path).unwrap();
        assert_eq!((picture.polarity, &picture.pixels), (Polarity::LightOnDark, &expected.pixels));
        let shown = read_gray(&path).unwrap();
        assert_eq!(Picture::from_gray(&shown).unwrap(), picture, "the drawing of the answer shows the same ink");
    }
    assert!(Picture::from_bytes(&encoded(RgbaImage::new(140, 140), ImageFormat::Png)).is_err());
}

/// Ten bits of ink in a picture of 16 bits, at either end of the range.
#[test]
fn a_part_of_the_range_of_16_bits_is_stretched() {
    let coverage = usual();
    let expected = digit(&coverage);
    for (least, part) in [(0, 4_u16), (64_000, 4), (0, 1)] {
        let deep =
            ImageBuffer::from_fn(140, 140, |x, y| Luma([least + u16::from(coverage.get_pixel(x, y).0[0]) * part]));
        let picture = Picture::from_bytes(&encoded(deep, ImageFormat::Png)).unwrap();
        assert_eq!(picture, expected, "from {least} on, {part} a level");
    }
    // Not the last bits of a blank sheet.
    let grain =
        ImageBuffer::from_fn(140, 140, |x, y| Luma([65_000_u16 + u16::from(coverage.get_pixel(x, y).0[0]) / 2]));
    assert!(Picture::from_bytes(&encoded(grain, ImageFormat::Png)).is_err());
}

#[test]
fn a_photograph_is_turned_upright() {
    // Exif, little-endian, one entry: orientation 6, to be turned clockwise by a quarter.
    let exif = [b"II*\0\x08\0\0\0\x01\0".as_slice(), b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"].concat();
    let lying = imageops::rotate270(&usual());
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    encoder.set_exif_metadata(exif).unwrap();
    encoder.encode_image(&lying).unwrap();
    let picture = Picture::from_bytes(&bytes).unwrap();
    assert!(difference(&picture.pixels, &digit(&usual()).pixels) < 2.0);
}

#[test]
fn the_content_and_not_the_name_tells_the_format() {
    let folder = temp_dir::TempDir::new().unwrap();
    let path = folder.path().join("seven.txt");
    std::fs::write(&path, encoded(usual(), ImageFormat::Bmp)).unwrap();
    assert_eq!(read(&path).unwrap(), digit(&usual()));
}

#[test]
fn text_has_two_characters_a_pixel_and_a_line_a_row() {
    assert_eq!(as_text(&[0, 25, 26, 230, 231, 255], 3), "    ..\n%%@@@@\n");
    assert_eq!(as_text(&[255, 0, 0], 2), "@@\n\n");
    assert_eq!(as_text(&[], 28), "");
    assert_eq!(as_text(&[255, 0], 0), "@@\n\n");
}

/// Two blocks that a thin stroke joins, a gap, and a block: columns 4 to 9 and 13 to 19, and 24 to 27.
#[test]
fn characters_that_touch_are_parted_where_there_is_least_ink() {
    let width = 32;
    let inked = |x: usize, y: usize| match x {
        4..10 | 13..20 | 24..28 => true,
        10..13 => y == 9,
        _ => false,
    };
    let pixels = (0..LINE_HEIGHT * width).map(|at| if inked(at % width, at / width) { 255 } else { 0 }).collect();
    let ink = Region { left: 0, top: 0, width: 24, height: 20 };
    let line = Line { pixels, width, polarity: Polarity::DarkOnLight, ink, size: (24, 20) };
    let columns = line.ink_columns(&[7, 16, 25]);
    assert_eq!((columns[0].start, columns[1].end), (4, 20));
    assert!(columns[0].end == columns[1].start && (10..=13).contains(&columns[0].end), "{columns:?}");
    assert_eq!(columns[2], 24..28);
    assert_eq!(line.ink_columns(&[16]), vec![4..28]);
    assert_eq!(line.ink_columns(&[]), []);
}

/// A thousand of MNIST's own test digits, as PGM files, come back nearly as they were.
#[test]
fn mnist_comes_back_nearly_unchanged() {
    let Some(folder) = real_mnist::folder("mnist_comes_back_nearly_unchanged") else { return };
    let digits = lenet5::data::mnist::load(&folder).unwrap().test;
    let mut redrawn = 0;
    let differences = (0..1000).filter_map(|index| {
        let image = digits.image(index);
        let picture = Picture::from_bytes(&[b"P5\n28 28\n255\n", image].concat()).unwrap();
        assert_eq!(picture.polarity, Polarity::LightOnDark);
        let is_redrawn = picture.stroke.seen > picture.stroke.drawn;
        redrawn += usize::from(is_redrawn);
        (!is_redrawn).then(|| difference(&picture.pixels, image))
    });
    let differences: Vec<f64> = differences.collect();
    let unchanged = differences.iter().filter(|difference| **difference < 0.5).count();
    let mean = differences.iter().sum::<f64>() / differences.len() as f64;
    eprintln!("{redrawn} redrawn, {unchanged} of the others within 0.5 levels, on average {mean:.3}");
    assert!(
        redrawn <= 30 && unchanged >= 960 && mean < 0.5,
        "{redrawn} redrawn, {unchanged} within 0.5 levels, on average {mean}"
    );
}
