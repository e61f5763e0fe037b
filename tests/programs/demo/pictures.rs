//! Picture files that are opened on the page.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use base64::{Engine, engine::general_purpose::STANDARD};
use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use lenet5::picture::{Line, Picture, gray_from_bytes};
use serde_json::{Value, json};

use super::one;
use crate::program::lenet5;
use crate::server::Demo;

/// Upright bars of 8 x 60 pixels at these columns, on paper of 700 x 100: larger than what is shown of it.
fn bars(lefts: &[u32]) -> DynamicImage {
    let inked = |x, y| (20..80).contains(&y) && lefts.iter().any(|left| (*left..left + 8).contains(&x));
    GrayImage::from_fn(700, 100, |x, y| Luma([if inked(x, y) { 30 } else { 240 }])).into()
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// The levels of a picture that an address carries, black being ink.
fn carried(address: &Value) -> GrayImage {
    let png = STANDARD.decode(address.as_str().unwrap().strip_prefix("data:image/png;base64,").unwrap()).unwrap();
    image::load_from_memory(&png).unwrap().into_luma8()
}

#[test]
fn a_picture_is_prepared_as_by_predict() {
    let demo = Demo::start(&[]);
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Tiff] {
        let file = encoded(&bars(&[300]).into_rgb8().into(), format);
        let picture = Picture::from_bytes(&file).unwrap();
        let (status, digit) = demo.ask("POST", "/api/picture/digit", &file);
        assert_eq!((status, &digit["pixels"]), (200, &json!(picture.pixels)), "{format:?}");
        let (steps, ink) = (&digit["steps"], picture.ink);
        let rectangle = json!({ "left": ink.left, "top": ink.top, "width": ink.width, "height": ink.height });
        assert_eq!((&steps["ink"], &steps["polarity"]), (&rectangle, &"dark on light".into()));
        assert_eq!((&steps["width"], &steps["height"]), (&700.into(), &100.into()));
        assert_eq!((&steps["strokes"], &steps["characters"]), (&picture.stroke.to_string().into(), &1.into()));
        assert_eq!(carried(&steps["original"]).dimensions(), (512, 73));
        let inverted = |levels: &[u8]| levels.iter().map(|level| 255 - level).collect::<Vec<u8>>();
        assert_eq!(carried(&steps["mask"]).into_raw(), inverted(&picture.mask));
        assert_eq!(carried(&steps["prepared"]).into_raw(), inverted(&picture.pixels));
        // It is then asked for as a test digit is.
        let (_, sight) = demo.ask("POST", "/api/see?width=28&height=28&prepared=true", &picture.pixels);
        assert_eq!((&sight["answer"], &sight["pixels"]), (&1.into(), &digit["pixels"]));
    }
}

/// Three bars; the strokes of what is very thin are drawn anew.
#[test]
fn the_steps_tell_of_several_characters_and_of_thin_strokes() {
    let demo = Demo::start(&[]);
    let thin = GrayImage::from_fn(300, 300, |x, y| {
        Luma([if [60, 150, 240].contains(&(x / 2 * 2)) && (60..240).contains(&y) { 30 } else { 240 }])
    });
    let (status, digit) = demo.ask("POST", "/api/picture/digit", &encoded(&thin.into(), ImageFormat::Png));
    let (steps, strokes) = (&digit["steps"], digit["steps"]["strokes"].as_str().unwrap());
    assert_eq!((status, &steps["characters"]), (200, &3.into()));
    assert!(strokes.starts_with("strokes 0.") && strokes.contains(", redrawn 2."), "{strokes}");
}

#[test]
fn a_picture_of_a_line_is_read_as_by_scan() {
    let demo = Demo::start(&[]);
    let folder = temp_dir::TempDir::new().unwrap();
    let two_lines = image::DynamicImage::from(GrayImage::from_fn(300, 300, |x, y| {
        let row = (30..90).contains(&y) || (190..250).contains(&y);
        Luma([if row && [60, 120, 200].iter().any(|left| (*left..left + 8).contains(&x)) { 30 } else { 240 }])
    }));
    for (picture, text) in [(bars(&[100, 160, 220]).into_rgb8().into(), "111"), (two_lines, "111\n111")] {
        let file = encoded(&picture, ImageFormat::WebP);
        std::fs::write(folder.path().join("line.webp"), &file).unwrap();
        let printed = lenet5(folder.path(), "scan --json line.webp").output().unwrap().stdout;
        let mut scanned: Value = serde_json::from_slice(&printed).unwrap();
        assert_eq!(scanned.as_object_mut().unwrap().remove("file"), Some("line.webp".into()));
        let (status, reading) = demo.ask("POST", "/api/picture/line", &file);
        assert_eq!((status, &reading["segmentation"]), (200, &scanned));
        assert_eq!(reading["segmentation"]["text"], text);
        assert_eq!((&reading["width"], &reading["height"]), (&picture.width().into(), &picture.height().into()));
        let shown = gray_from_bytes(&file).unwrap();
        assert_eq!(carried(&reading["original"]), shown);
        let (replicated, line) = (&reading["replicated"], Line::from_bytes(&file).unwrap());
        assert_eq!((&replicated["pixels"], &replicated["ink"]["left"]), (&json!(line.pixels), &line.ink.left.into()));
    }
}

/// The light falls off so far that only the local threshold of the segmentation finds ink.
#[test]
fn a_picture_that_the_replicated_network_refuses_is_read_by_segmentation() {
    let demo = Demo::start(&[]);
    let in_uneven_light = GrayImage::from_fn(400, 200, |x, y| {
        let ink = (50..150).contains(&y) && [60, 150, 240, 330].iter().any(|left| (*left..left + 8).contains(&x));
        Luma([(250 - 120 * x / 400 - if ink { 45 } else { 0 }) as u8])
    });
    let file = encoded(&in_uneven_light.into(), ImageFormat::Png);
    let (status, reading) = demo.ask("POST", "/api/picture/line", &file);
    assert_eq!((status, &reading["segmentation"]["text"]), (200, &"1111".into()));
    let error = reading["replicated"]["error"].as_str().unwrap();
    assert!(error.starts_with("the picture has too uneven a background"), "{error}");
}

#[test]
fn what_is_no_picture_is_refused_with_the_reason() {
    let demo = Demo::start(&[]);
    let blank = encoded(&GrayImage::from_pixel(40, 40, Luma([200])).into(), ImageFormat::Png);
    let png = encoded(&bars(&[300]), ImageFormat::Png);
    let large = vec![0; (64 << 20) + 1];
    let cases: [(&str, &[u8], u16, &str); 8] = [
        ("POST", b"", 422, "the picture is empty; expected a PNG"),
        ("POST", b"seven", 422, "the picture is not a PNG, JPEG, WebP"),
        ("POST", b"%PDF-1.7", 422, "the picture is a PDF document"),
        ("POST", &png[..png.len() / 2], 422, "the picture is not a complete, valid Png"),
        ("POST", b"P5\n60000 60000\n255\n", 422, "found 60000 x 60000 pixels"),
        ("POST", &blank, 422, "the picture shows nothing that looks like ink"),
        ("POST", &large, 413, "the picture is too large: at most 67108864 bytes"),
        ("GET", b"", 405, "this method"),
    ];
    for path in ["/api/picture/digit", "/api/picture/line"] {
        for (method, body, expected, reason) in &cases {
            let (status, answer) = demo.ask(method, path, body);
            let told = answer["error"].as_str().unwrap_or_default();
            assert!(status == *expected && told.contains(reason), "{method} {path}: {status} {told}, not {reason}");
        }
    }
    let head = format!("Host: {}\r\nOrigin: http://evil.example\r\nContent-Length: {}\r\n", demo.address, png.len());
    let head = format!("POST /api/picture/digit HTTP/1.1\r\n{head}Connection: close\r\n\r\n");
    assert_eq!(demo.send(&[head.as_bytes(), &png].concat(), false).unwrap().0, 403);
}

/// Whoever sends a large file slowly keeps the next picture waiting, for as long as any request may take, and no drawing.
#[test]
fn half_sent_pictures_are_let_go() {
    let demo = Demo::start(&[]);
    let start = Instant::now();
    let head =
        format!("POST /api/picture/digit HTTP/1.1\r\nHost: {}\r\nContent-Length: 60000000\r\n\r\nP5", demo.address);
    let held = [(); 2].map(|()| {
        let mut stream = TcpStream::connect(&demo.address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream
    });
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(demo.ask("POST", "/api/see?width=140&height=140", &one()).0, 200);
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    let (status, _) = demo.ask("POST", "/api/picture/digit", &encoded(&bars(&[300]), ImageFormat::Png));
    assert_eq!((status, start.elapsed().as_secs() / 5), (200, 2));
    drop(held);
}
