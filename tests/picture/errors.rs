//! Files that are no picture of a digit are refused with a message that helps, without panic and without much memory.

use std::fs;
use std::path::Path;

use flate2::Crc;
use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, Frame, GrayImage, ImageFormat, Luma};
use imageproc::drawing::draw_polygon_mut;
use imageproc::geometry::convex_hull;
use imageproc::point::Point;
use lenet5::picture::{FRAME, Picture, Problem, read};
use proptest::prelude::*;

use crate::drawn::paper::encoded;

const FORMATS: [ImageFormat; 7] = [
    ImageFormat::Png,
    ImageFormat::Jpeg,
    ImageFormat::Bmp,
    ImageFormat::Pnm,
    ImageFormat::WebP,
    ImageFormat::Gif,
    ImageFormat::Tiff,
];

fn bar() -> GrayImage {
    GrayImage::from_fn(40, 40, |x, y| Luma([if (18..23).contains(&x) && (5..35).contains(&y) { 0 } else { 255 }]))
}

/// The bar as a file in each of the formats.
fn files() -> Vec<(ImageFormat, Vec<u8>)> {
    FORMATS.map(|format| (format, encoded(in_format(bar(), format), format))).to_vec()
}

/// As that format takes it: GIF and WebP are in colour.
fn in_format(image: GrayImage, format: ImageFormat) -> DynamicImage {
    let image = DynamicImage::from(image);
    if matches!(format, ImageFormat::Gif | ImageFormat::WebP) { image.into_rgba8().into() } else { image }
}

fn message(path: &Path) -> String {
    let message = read(path).unwrap_err().to_string();
    assert!(message.starts_with(&path.display().to_string()), "{message}");
    message
}

#[test]
fn each_kind_of_file_has_its_message() {
    let folder = temp_dir::TempDir::new().unwrap();
    assert!(message(&folder.path().join("missing.png")).contains("cannot be read"));
    assert!(message(folder.path()).contains("expected a regular file, found a folder"));
    for (name, content, expected) in [
        ("empty.png", &b""[..], "is empty"),
        ("notes.png", b"seven\n", "begins with \"seven\\n\""),
        ("favicon.png", b"\0\0\x01\0\x01\0", "the signature of Ico"),
        ("animation.png", b"GIF89a\x01\0\x01\0", "valid Gif picture"),
        ("words.png", b"P5 is my favourite class", "valid Pnm picture"),
        ("none.pgm", b"P5\n0 0\n255\n", "is empty"),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        let found = message(&path);
        assert!(found.contains(expected), "{found}");
    }
}

/// Those that people have, by name, and what to do.
#[test]
fn formats_that_are_not_read_have_their_names() {
    for (content, name) in [
        (&b"\0\0\0\x24ftypheic\0\0\0\0mif1heic"[..], "is a HEIC picture, which is not read; export it as PNG or JPEG"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1heic", "is a HEIF picture"),
        (b"\0\0\0\x20ftypavif\0\0\0\0avifmif1", "is an AVIF picture"),
        (b"%PDF-1.7\n%\xe2\xe3", "is a PDF document, which is not read; export the page as PNG or JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is an SVG drawing"),
        (b"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- a seven --><svg/>", "is an SVG drawing"),
        (b"\0\0\0\x20ftypqt  ", "begins with"),
        (b"<html><p>seven</p>", "begins with \"<html><p>sev\""),
        (b"\0\0\0\x20ftyphe", "begins with"),
    ] {
        let problem = Picture::from_bytes(content).unwrap_err().to_string();
        assert!(problem.contains(name), "{problem}");
    }
}

#[cfg(unix)]
#[test]
fn a_device_is_not_read() {
    assert!(message(Path::new("/dev/zero")).contains("expected a regular file, found a pipe or a device"));
}

#[test]
fn an_enormous_file_is_not_read() {
    let folder = temp_dir::TempDir::new().unwrap();
    let path = folder.path().join("enormous.jpg");
    // Sparse: takes no room on the disk.
    fs::File::create(&path).unwrap().set_len(1 << 40).unwrap();
    assert!(message(&path).contains("it has 1099511627776 bytes, at most 268435456"));
}

/// Declares more pixels than are accepted, in headers that are valid otherwise.
#[test]
fn enormous_dimensions_are_refused_by_their_size() {
    let patched = |format, at: usize, bytes: &[u8]| {
        let mut file = files().into_iter().find(|(found, _)| *found == format).unwrap().1;
        file[at..at + bytes.len()].copy_from_slice(bytes);
        file
    };
    let side = 60_000_u32;
    // Signature, length and name, then width, height, depth, colour, three zeros and the check sum of all from the name on.
    let png = patched(ImageFormat::Png, 16, &[side.to_be_bytes(), side.to_be_bytes()].concat());
    let mut sum = Crc::new();
    sum.update(&png[12..29]);
    let png = [&png[..29], &sum.sum().to_be_bytes(), &png[33..]].concat();
    let jpeg = files().remove(1).1;
    let frame = jpeg.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
    let jpeg = patched(ImageFormat::Jpeg, frame + 5, &[0xea, 0x60, 0xea, 0x60]);
    let bmp = patched(ImageFormat::Bmp, 18, &[side.to_le_bytes(), side.to_le_bytes()].concat());
    let pgm = b"P5\n60000 60000\n255\n".to_vec();
    let pbm = b"P4\n60000 60000\n".to_vec();
    for (name, file) in [("PNG", png), ("JPEG", jpeg), ("BMP", bmp), ("PGM", pgm), ("PBM", pbm)] {
        let problem = Picture::from_bytes(&file).unwrap_err();
        assert!(problem.to_string().contains("found 60000 x 60000 pixels"), "{name}: {problem}");
    }
    let gif = patched(ImageFormat::Gif, 6, &[0x60, 0xea, 0x60, 0xea]);
    assert!(Picture::from_bytes(&gif).unwrap_err().to_string().contains("found 60000 x 60000 pixels"));
    // Narrow enough, but too much to hold.
    let problem = Picture::from_bytes(b"P6\n16000 16000\n255\n").unwrap_err();
    assert!(matches!(problem, Problem::TooLarge { .. }), "{problem}");
}

/// As above, of formats whose decoders look first, or whose frames have a size of their own.
#[test]
fn enormous_frames_are_refused() {
    let file = |format| files().into_iter().find(|(found, _)| *found == format).unwrap().1;
    // The frame of a GIF, behind its separator, left and top.
    let mut gif = file(ImageFormat::Gif);
    let frame = gif.windows(9).position(|bytes| bytes == [0x2c, 0, 0, 0, 0, 40, 0, 40, 0]).unwrap();
    gif[frame + 5..frame + 9].fill(0xff);
    // The 14 bits each of width and height in a WebP, less 1, behind the signature of its lossless data: 16383 of both.
    let mut webp = file(ImageFormat::WebP);
    let at = webp.windows(4).position(|name| name == b"VP8L").unwrap() + 9;
    webp[at..at + 4].copy_from_slice(&[0xfe, 0xbf, 0xff, 0x0f]);
    // Width, height and rows of the one strip of a TIFF: tag, kind, number, value.
    let mut tiff = file(ImageFormat::Tiff);
    let directory = u32::from_le_bytes(tiff[4..8].try_into().unwrap()) as usize;
    for entry in tiff[directory + 2..].chunks_exact_mut(12) {
        if [256, 257, 278].contains(&u16::from_le_bytes([entry[0], entry[1]])) {
            entry[2..].copy_from_slice(&[4, 0, 1, 0, 0, 0, 0x60, 0xea, 0, 0]);
        }
    }
    for (name, file) in [("GIF", gif), ("WebP", webp), ("TIFF", tiff)] {
        let problem = Picture::from_bytes(&file).unwrap_err();
        assert!(matches!(problem, Problem::TooLarge { .. }), "{name}: {problem}");
    }
}

/// As many values of a tag as a TIFF can say, in a file that has none of them.
#[test]
fn a_tiff_that_promises_much_is_broken() {
    let tiff = files().pop().unwrap().1;
    let directory = u32::from_le_bytes(tiff[4..8].try_into().unwrap()) as usize;
    let entries = usize::from(u16::from_le_bytes(tiff[directory..directory + 2].try_into().unwrap()));
    for entry in 0..entries {
        for count in [1_u32 << 20, u32::MAX] {
            let mut file = tiff.clone();
            let at = directory + 2 + 12 * entry;
            file[at + 4..at + 8].copy_from_slice(&count.to_le_bytes());
            // Whatever it is made of, it is small.
            let _ = Picture::from_bytes(&file);
        }
    }
}

/// Wherever it ends, a file is refused, or it is the whole picture without its last mark.
#[test]
fn no_part_of_a_file_is_half_a_picture() {
    let others: [&[u8]; 3] = [include_bytes!("lossy.webp"), include_bytes!("jpeg.tif"), include_bytes!("fax.tif")];
    let others = others.map(<[u8]>::to_vec);
    for file in files().into_iter().map(|(_, file)| file).chain(others) {
        let whole = Picture::from_bytes(&file).unwrap();
        for length in 0..file.len() {
            if let Ok(part) = Picture::from_bytes(&file[..length]) {
                assert!(part == whole && length + 12 >= file.len(), "{length} of {} bytes", file.len());
            }
        }
    }
}

/// Of an animation it is the first picture, and only that must be there.
#[test]
fn the_first_picture_of_an_animation_is_read() {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    let other = GrayImage::from_pixel(40, 40, Luma([0]));
    for image in [bar(), other] {
        encoder.encode_frame(Frame::new(DynamicImage::from(image).into_rgba8())).unwrap();
    }
    drop(encoder);
    let read = Picture::from_bytes(&bytes).unwrap();
    assert_eq!(read.pixels, Picture::from_gray(&bar()).unwrap().pixels);
    assert_eq!(Picture::from_bytes(&bytes[..bytes.len() - 9]).unwrap(), read);
}

#[test]
fn truncated_files_are_broken() {
    for (format, file) in files() {
        let problem = Picture::from_bytes(&file[..file.len() / 4]).unwrap_err();
        assert!(matches!(problem, Problem::Broken { format: told, .. } if told == format), "{format:?}: {problem}");
    }
}

/// A bar as a JPEG of one scan, and another of several.
fn jpegs() -> [Vec<u8>; 2] {
    let mut drawn = Vec::new();
    JpegEncoder::new_with_quality(&mut drawn, 90).encode_image(&bar()).unwrap();
    [drawn, include_bytes!("progressive.jpg").to_vec()]
}

/// Wherever it ends, before its end was said, a JPEG is no picture: its decoder would fill in what is missing.
#[test]
fn a_jpeg_that_ends_early_is_broken() {
    for file in jpegs() {
        let read = Picture::from_bytes(&file).unwrap();
        let last_scan = file.windows(2).rposition(|marker| marker == [0xff, 0xda]).unwrap();
        for length in 3..file.len() {
            let problem = Picture::from_bytes(&file[..length]).unwrap_err();
            assert!(matches!(problem, Problem::Broken { format: ImageFormat::Jpeg, .. }), "{length}: {problem}");
            // The rest may have been lost before the file was finished.
            if (last_scan + 16..file.len() - 12).contains(&length) && file[length - 1] != 0xff {
                let finished = [&file[..length], &[0xff, 0xd9]].concat();
                let problem = Picture::from_bytes(&finished).unwrap_err();
                assert!(problem.to_string().contains("end early"), "{length}: {problem}");
            }
        }
        // What follows the end is not the picture's: some cameras put a second one there.
        let followed = [file.as_slice(), b"\0more\xff\xd8\xff", &file[..file.len() / 2]].concat();
        assert_eq!(Picture::from_bytes(&followed).unwrap(), read);
        // Nor is the end of a small picture within a segment the picture's own.
        let small = [b"Exif\0\0", file.as_slice()].concat();
        let length = u16::try_from(small.len() + 2).unwrap().to_be_bytes();
        let within = [&file[..2], &[0xff, 0xe1], &length, &small, &file[2..]].concat();
        assert_eq!(Picture::from_bytes(&within).unwrap(), read);
        let cut = [&file[..2], &[0xff, 0xe1], &length, &small, &file[2..file.len() - 30]].concat();
        assert!(matches!(Picture::from_bytes(&cut), Err(Problem::Broken { .. })));
    }
}

#[test]
fn uniform_and_faint_pictures_show_no_ink() {
    for level in [0, 128, 255] {
        let problem = Picture::from_gray(&GrayImage::from_pixel(30, 20, Luma([level]))).unwrap_err();
        assert!(matches!(problem, Problem::NoInk { contrast: 0, .. }), "{problem}");
    }
    let faded = |by: u8| GrayImage::from_fn(40, 40, |x, y| Luma([255 - (255 - bar().get_pixel(x, y).0[0]).min(by)]));
    let problem = Picture::from_gray(&faded(7)).map(drop).unwrap_err();
    assert!(problem.to_string().contains("nothing that looks like ink"), "{problem}");
    assert!(Picture::from_gray(&faded(8)).is_ok());
    assert!(matches!(Picture::from_gray(&GrayImage::new(0, 5)), Err(Problem::Empty)));
}

#[test]
fn a_background_without_a_level_is_uneven() {
    let slope = GrayImage::from_fn(200, 200, |x, y| Luma([((x + y) / 2) as u8]));
    let mut state = 7_u32;
    let grain = GrayImage::from_fn(200, 200, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Luma([(state >> 24) as u8])
    });
    for picture in [slope, grain] {
        let problem = Picture::from_gray(&picture).unwrap_err();
        assert!(matches!(problem, Problem::Uneven { .. }), "{problem}");
    }
}

#[test]
fn a_single_pixel_shows_no_ink() {
    for format in FORMATS {
        let problem = Picture::from_bytes(&encoded(in_format(GrayImage::new(1, 1), format), format)).unwrap_err();
        assert!(matches!(problem, Problem::NoInk { contrast: 0, .. }), "{problem}");
    }
}

/// Four components, as for print, in a header that promises more than its data have.
#[test]
fn a_jpeg_for_print_does_no_harm() {
    let gray = files().remove(1).1;
    let at = |marker: u8| gray.windows(2).position(|bytes| bytes == [0xff, marker]).unwrap();
    let (frame, scan) = (at(0xc0), at(0xda));
    let length = |start: usize| usize::from(u16::from_be_bytes([gray[start + 2], gray[start + 3]])) + 2;
    let size = &gray[frame + 4..frame + 9]; // depth, height, width
    let components: Vec<u8> = (1..=4).flat_map(|number| [number, 0x11, 0]).collect();
    let tables: Vec<u8> = (1..=4).flat_map(|number| [number, 0]).collect();
    let file = [
        &gray[..frame],
        &[0xff, 0xc0, 0, 20],
        size,
        &[4],
        &components,
        &gray[frame + length(frame)..scan],
        &[0xff, 0xda, 0, 14, 4],
        &tables,
        &[0, 63, 0],
        &gray[scan + length(scan)..],
    ]
    .concat();
    if let Err(problem) = Picture::from_bytes(&file) {
        assert!(!problem.to_string().is_empty());
    }
}

fn check(picture: &Picture) -> Result<(), TestCaseError> {
    prop_assert_eq!(picture.pixels.len(), FRAME * FRAME);
    prop_assert!(picture.pixels.contains(&255));
    prop_assert!(picture.ink.width >= 1 && picture.ink.left + picture.ink.width <= picture.width);
    prop_assert!(picture.ink.height >= 1 && picture.ink.top + picture.ink.height <= picture.height);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// A light polygon with a dark one in it or beside it, cut by the border or not: whatever is made of them.
    #[test]
    fn nothing_that_looks_like_a_sheet_breaks(
        (width, height) in (96_u32..160, 96_u32..160),
        table in 0_u8..90,
        shapes in prop::array::uniform2(prop::array::uniform4((-20..180, -20..180))),
    ) {
        let mut image = GrayImage::from_pixel(width, height, Luma([table]));
        for (corners, level) in shapes.into_iter().zip([255, 30]) {
            let corners = convex_hull(corners.map(|(x, y)| Point::new(x, y)));
            if corners.len() > 2 {
                draw_polygon_mut(&mut image, &corners, Luma([level]));
            }
        }
        if let Ok(picture) = Picture::from_gray(&image) {
            prop_assert_eq!(picture.pixels.len(), FRAME * FRAME);
        }
    }

    #[test]
    fn any_small_picture_is_a_digit_or_refused(
        (width, height, levels) in (1_u32..12, 1_u32..12).prop_flat_map(|(width, height)| {
            let level = prop_oneof![Just(0_u8), Just(255), any::<u8>()];
            (Just(width), Just(height), proptest::collection::vec(level, (width * height) as usize))
        })
    ) {
        if let Ok(picture) = Picture::from_gray(&GrayImage::from_raw(width, height, levels).unwrap()) {
            check(&picture)?;
        }
    }
}
