//! `lenet5 demo` as a browser meets it, and as whoever means ill does.

mod hostile;
mod pictures;

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use image::{GrayImage, ImageFormat, Luma};
use lenet5::data::{Dataset, Images, Source, digits};
use lenet5::models::builder::Builder;
use lenet5::picture::{Form, whole_from_bytes};
use lenet5::runs::checkpoint::Model;
use lenet5::runs::train;
use serde_json::Value;
use temp_dir::TempDir;

use crate::program::lenet5;
use crate::server::Demo;

impl Demo {
    /// Status, head and body of the answer to these bytes; nothing where there was none. A client that says no more loses the answer
    /// to what was whole.
    fn send(&self, bytes: &[u8], says_no_more: bool) -> Option<(u16, String, Vec<u8>)> {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // A server that refuses early may close while we still write.
        let _ = stream.write_all(bytes);
        if says_no_more {
            let _ = stream.shutdown(Shutdown::Write);
        }
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, head, answer[end + 4..].to_vec()))
    }

    fn ask(&self, method: &str, path: &str, body: &[u8]) -> (u16, Value) {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.address,
            body.len()
        );
        let (status, _, body) = self.send(&[head.as_bytes(), body].concat(), false).unwrap();
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    /// A number of `/proc/PID/status`, in kB or as a count; nothing on systems without it.
    fn status(&self, name: &str) -> Option<u64> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        text.lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?
            .split_whitespace()
            .next()?
            .parse()
            .ok()
    }

    fn open_files(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.child.id())).map_or(0, Iterator::count)
    }
}

/// An upright bar, 140 x 140.
fn one() -> Vec<u8> {
    (0..140 * 140)
        .map(|at| if (66..76).contains(&(at % 140)) && (20..120).contains(&(at / 140)) { 255 } else { 0 })
        .collect()
}

#[test]
fn a_drawing_is_answered_by_each_network() {
    let demo = Demo::start(&[]);
    let (status, networks) = demo.ask("GET", "/api/networks", b"");
    assert_eq!(status, 200);
    let networks = networks["networks"].as_array().unwrap();
    assert_eq!(networks.len(), 3);
    assert_eq!(networks[0]["layers"][2]["inputs"][3], serde_json::json!([3, 4, 5]));
    for network in networks {
        let path =
            format!("/api/see?network={}&width=140&height=140&scale=1.1&rotation=5", network["name"].as_str().unwrap());
        let (status, sight) = demo.ask("POST", &path, &one());
        assert_eq!((status, &sight["answer"]), (200, &1.into()), "{path}");
        let (layers, described) = (sight["layers"].as_array().unwrap(), network["layers"].as_array().unwrap());
        assert_eq!(layers.len(), described.len());
        for (layer, described) in layers.iter().zip(described) {
            let number = |name: &str| described[name].as_u64().unwrap() as usize;
            assert_eq!(layer["name"], described["name"]);
            let units = number("maps") * number("height") * number("width");
            assert_eq!(
                layer["states"].as_str().unwrap().len(),
                (4 * units).div_ceil(3) * 4,
                "four bytes a unit, in base64"
            );
            assert_eq!(described["inputs"].as_array().unwrap().len(), number("maps"));
        }
    }
}

#[test]
fn a_declared_network_is_shown_under_its_own_name() {
    let folder = TempDir::new().unwrap();
    let (file, mut builder) = (folder.path().join("own.safetensors"), Builder::default());
    builder.assignment("loss=cross_entropy").unwrap();
    builder.network_file(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/mixed.toml")).unwrap();
    Model::untrained(builder.build().unwrap(), Source::Digits).save(&file).unwrap();
    let demo = Demo::start(&["--model", file.to_str().unwrap()]);
    let (_, networks) = demo.ask("GET", "/api/networks", b"");
    let own = &networks["networks"][0];
    assert_eq!((&own["name"], &own["title"]), (&"own".into(), &"mixed".into()));
    assert!(!own["about"].as_str().unwrap().contains("sparse C3"), "{}", own["about"]);
    let (status, sight) = demo.ask("POST", "/api/see?network=own&width=140&height=140", &one());
    assert_eq!((status, sight["layers"].as_array().unwrap().len()), (200, 5));
}

/// Of classes of the user's own: their names, no digits beside them, and pictures as a whole.
#[test]
fn a_model_of_own_classes_reads_pictures_as_a_whole() {
    let folder = TempDir::new().unwrap();
    let images = |count: usize| {
        let level = |at: usize| if at < 10 { 1.0 } else { 0.0 };
        let half = |index: usize| -> [[f32; 20]; 24] {
            std::array::from_fn(|y| std::array::from_fn(|x| level(if index.is_multiple_of(2) { x } else { y })))
        };
        Images::from_arrays(&["left", "above"], (0..count).map(|index| (index % 2, half(index)))).unwrap()
    };
    let data = Dataset::new("halves", images(40), images(10)).unwrap();
    let run = folder.path().join("run");
    train(&run, &["passes=4"], &data).unwrap();
    let demo = Demo::start(&["--model", run.to_str().unwrap()]);
    let (_, networks) = demo.ask("GET", "/api/networks", b"");
    let all = networks["networks"].as_array().unwrap();
    assert_eq!((all.len(), &all[0]["classes"]), (1, &serde_json::json!(["left", "above"])));
    assert_eq!((&all[0]["whole"], &all[0]["height"], &all[0]["width"]), (&true.into(), &24.into(), &20.into()));

    let picture = GrayImage::from_fn(100, 120, |x, _| Luma([if x < 50 { 0 } else { 255 }]));
    let mut file = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png).unwrap();
    let form = Form { channels: 1, frame: (24, 20), transpose: false };
    let expected = whole_from_bytes(file.get_ref(), form).unwrap();
    let (status, opened) = demo.ask("POST", "/api/picture/digit", file.get_ref());
    assert_eq!((status, &opened["pixels"]), (200, &serde_json::json!(expected.pixels)));
    let steps = &opened["steps"];
    assert_eq!(
        (&steps["inverted"], &steps["width"], &steps["ink"]),
        (&expected.inverted.into(), &100.into(), &Value::Null)
    );
    let (_, sight) = demo.ask("POST", "/api/see?network=own&width=20&height=24&prepared=true", &expected.pixels);
    assert_eq!(sight["pixels"], opened["pixels"]);

    // A drawing is dark on light paper; the ink alone would be the same bar in the middle for both.
    let (side, ink) = (120, 255);
    let left: Vec<u8> = (0..side * side).map(|at| if (11..60).contains(&(at % side)) { ink } else { 0 }).collect();
    let (status, sight) = demo.ask("POST", "/api/see?network=own&width=120&height=120", &left);
    assert_eq!((status, sight["pixels"].as_array().unwrap().len()), (200, 24 * 20));
    assert_eq!(all[0]["classes"][sight["answer"].as_u64().unwrap() as usize], "left");
    let (status, refusal) = demo.ask("POST", "/api/see?network=own&width=28&height=28&prepared=true", &[0; 784]);
    assert_eq!((status, &refusal["error"]), (400, &"a prepared image has 20 x 24 pixels".into()));
}

#[test]
fn a_prepared_digit_is_shown_as_it_is_and_the_sliders_move_it() {
    let demo = Demo::start(&[]);
    let (_, list) = demo.ask("GET", "/api/digits", b"");
    assert_eq!((&list["name"], &list["count"]), (&"embedded digits".into(), &digits::TEST.into()));
    let (_, digit) = demo.ask("GET", "/api/digits/7", b"");
    let pixels: Vec<u8> = serde_json::from_value(digit["pixels"].clone()).unwrap();
    assert_eq!(pixels, digits::load().test.image(7));
    let see = |more: &str| demo.ask("POST", &format!("/api/see?width=28&height=28&prepared=true{more}"), &pixels).1;
    let plain = see("");
    assert_eq!(plain["pixels"], digit["pixels"]);
    assert_eq!(see("&scale=1&rotation=0&noise=0")["distances"], plain["distances"]);
    for more in ["&scale=0.7", "&rotation=20", "&noise=0.1"] {
        assert_ne!(see(more)["input"], plain["input"], "{more}");
        assert_eq!(see(more)["distances"], see(more)["distances"], "{more}");
    }
}

/// Strokes from point to point as a drawing of `width` x 100 pixels, the pen 7 pixels wide.
fn strokes(width: usize, strokes: &[&[(f64, f64)]]) -> Vec<u8> {
    let inked = |at: usize| {
        let (x, y) = ((at % width) as f64, (at / width) as f64);
        strokes.iter().flat_map(|stroke| stroke.windows(2)).any(|ends| {
            let ((from_x, from_y), (to_x, to_y)) = (ends[0], ends[1]);
            let (across, down) = (to_x - from_x, to_y - from_y);
            let along = ((x - from_x) * across + (y - from_y) * down) / (across * across + down * down);
            let along = along.clamp(0.0, 1.0);
            (from_x + along * across - x).hypot(from_y + along * down - y) < 3.5
        })
    };
    (0..width * 100).map(|at| if inked(at) { 255 } else { 0 }).collect()
}

#[test]
fn a_line_is_read_by_both_methods() {
    let seven = [(95.0, 22.0), (135.0, 22.0), (110.0, 80.0)];
    let drawing = strokes(220, &[&[(40.0, 20.0), (40.0, 80.0)], &seven, &[(180.0, 21.0), (178.0, 80.0)]]);
    let demo = Demo::start(&[]);
    let (status, reading) = demo.ask("POST", "/api/scan?width=220&height=100", &drawing);
    assert_eq!((status, &reading["width"], &reading["height"]), (200, &220.into(), &100.into()));
    let (segmentation, replicated) = (&reading["segmentation"], &reading["replicated"]);
    assert_eq!((&segmentation["text"], &replicated["text"]), (&"171".into(), &"171".into()));
    let sure = |of: &Value| of["probability"].as_f64().is_some_and(|sure| (0.5..=1.0).contains(&sure));
    assert!(sure(&segmentation["lines"][0]), "{segmentation}");
    let drawn = [[36.5, 43.5, 16.5, 83.5], [91.5, 138.5, 18.5, 83.5], [174.5, 183.5, 17.5, 83.5]];
    for (character, drawn) in segmentation["characters"].as_array().unwrap().iter().zip(drawn) {
        for (side, drawn) in ["left", "right", "top", "bottom"].into_iter().zip(drawn) {
            assert!((character[side].as_f64().unwrap() - drawn).abs() < 3.0, "{character}: {side} {drawn}");
        }
        assert!(sure(character) && character["trusted"] == true, "{character}");
    }
    assert_eq!((&replicated["polarity"], &replicated["ink"]["left"]), (&"dark on light".into(), &37.into()));
    let seen = replicated["characters"].as_array().unwrap();
    let lefts: Vec<u64> = seen.iter().map(|seen| seen["left"].as_u64().unwrap()).collect();
    assert!(lefts.is_sorted() && lefts.len() == 3);
    // Windows overlap; the ink of the digits does not. In the strip, whose ink begins in column 14, they are 20 rows high, not 66.
    for (seen, (left, right)) in seen.iter().zip([(36.5, 43.5), (91.5, 138.5), (174.5, 183.5)]) {
        for (name, drawn) in [("ink_left", left), ("ink_right", right)] {
            let expected = 14.0 + (drawn - 36.5) * 20.0 / 66.0;
            assert!((seen[name].as_f64().unwrap() - expected).abs() <= 1.0, "{seen}: {name} {expected}");
        }
    }
}

#[test]
fn a_drawn_character_that_is_not_trusted_is_a_question_mark_with_the_best_guess() {
    let cross: [&[(f64, f64)]; 2] = [&[(95.0, 20.0), (135.0, 80.0)], &[(135.0, 20.0), (95.0, 80.0)]];
    let ones: [&[(f64, f64)]; 2] = [&[(40.0, 20.0), (40.0, 80.0)], &[(180.0, 20.0), (180.0, 80.0)]];
    let drawing = strokes(220, &[cross, ones].concat());
    let demo = Demo::start(&[]);
    let segmentation = &demo.ask("POST", "/api/scan?width=220&height=100", &drawing).1["segmentation"];
    let cross = &segmentation["characters"][1];
    let guess = format!("1{}1", cross["character"].as_str().unwrap());
    assert_eq!((&segmentation["text"], &segmentation["guess"]), (&"1?1".into(), &guess.into()));
    assert!(cross["trusted"] == false && cross["probability"].as_f64().unwrap() < 0.5, "{cross}");
}

/// A dash alone is a printed line to the segmentation.
#[test]
fn a_drawing_that_the_segmentation_refuses_is_read_by_the_other_method() {
    let demo = Demo::start(&[]);
    let dash = strokes(220, &[&[(60.0, 50.0), (160.0, 50.0)]]);
    let (status, reading) = demo.ask("POST", "/api/scan?width=220&height=100", &dash);
    let error = reading["segmentation"]["error"].as_str().unwrap();
    assert!(status == 200 && error.starts_with("the drawing "), "{status} {error}");
    assert_eq!(reading["replicated"]["text"].as_str().map(str::len), Some(1));
}

#[test]
fn scores_are_not_called_distances() {
    let demo = Demo::start(&[]);
    let body: Vec<u8> = (0..28 * 28).map(|at| if at % 28 / 3 == 4 { 255 } else { 0 }).collect();
    for network in ["lenet5", "lenet1", "modern"] {
        let (code, sight) =
            demo.ask("POST", &format!("/api/see?network={network}&width=28&height=28&prepared=true"), &body);
        assert_eq!(code, 200, "{sight}");
        let (distances, scores) = (&sight["distances"], &sight["scores"]);
        assert_eq!((distances.is_array(), scores.is_array()), (network != "modern", network == "modern"), "{sight}");
        if let Some(scores) = scores.as_array() {
            let answer = sight["answer"].as_u64().unwrap() as usize;
            let score = |at: usize| scores[at].as_f64().unwrap();
            assert!((0..10).all(|at| score(at) <= score(answer)), "the largest wins: {sight}");
        }
    }
}

#[test]
fn a_run_is_followed() {
    let folder = temp_dir::TempDir::new().unwrap();
    let run = folder.path().join("mine");
    let mut command = lenet5(folder.path(), "train --dataset digits --passes 2 --set held_out=37 --out mine");
    assert!(command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success());
    let demo = Demo::start(&["--runs", folder.path().to_str().unwrap()]);
    let (_, list) = demo.ask("GET", "/api/runs", b"");
    assert_eq!(list["runs"], serde_json::json!([{ "name": "mine", "training": false }]));
    let (_, progress) = demo.ask("GET", "/api/runs/mine", b"");
    assert_eq!(
        (&progress["passes"], &progress["patterns"], &progress["training"]),
        (&2.into(), &1400.into(), &false.into())
    );
    // Of the patterns held out, and by which settings, in words.
    assert_eq!(
        (&progress["tested"], &progress["settings"]),
        (&"held_out".into(), &"paper, 37 held out, 2 passes".into())
    );
    assert_eq!(progress["rows"].as_array().unwrap().len(), 2);
    assert_eq!((&progress["seconds_left"], &progress["seconds_in_pass"]), (&Value::Null, &Value::Null));
    let lock = fs::File::open(run.join("lock")).unwrap();
    lock.lock().unwrap();
    let (_, progress) = demo.ask("GET", "/api/runs/mine", b"");
    assert_eq!((&progress["training"], &progress["seconds_left"]), (&true.into(), &0.0.into()));
    let seconds = progress["seconds_in_pass"].as_f64().unwrap();
    // Before the first row a pass began when the settings were written.
    fs::remove_file(run.join("metrics.csv")).unwrap();
    let (_, progress) = demo.ask("GET", "/api/runs/mine", b"");
    assert!(progress["seconds_in_pass"].as_f64().unwrap() > seconds, "{progress}");
    assert_eq!((&progress["rows"], &progress["seconds_left"]), (&serde_json::json!([]), &Value::Null));
    assert_eq!(progress["verdict"], Value::Null);
    let verdict = "verdict = \"diverged\"\npass = 2\ntensor = \"c3.weight\"\nassignment = \"eta_factor=10\"\nadvice = \"smaller steps\"\n";
    fs::write(run.join("verdict.toml"), verdict).unwrap();
    assert_eq!(demo.ask("GET", "/api/runs/mine", b"").1["verdict"], "diverged in pass 2 (c3.weight)");
    assert_eq!(demo.ask("GET", "/api/runs/..%2f..", b"").0, 404);
}

#[test]
fn only_its_own_page_may_ask() {
    let demo = Demo::start(&[]);
    let port = demo.address.rsplit(':').next().unwrap();
    let status = |head: &str| {
        demo.send(format!("GET / HTTP/1.1\r\n{head}Connection: close\r\n\r\n").as_bytes(), false).unwrap().0
    };
    for host in ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"] {
        assert_eq!(status(&format!("Host: {host}:{port}\r\n")), 200, "{host}");
    }
    for host in ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example", ""] {
        assert_eq!(status(&format!("Host: {host}\r\n")), 403, "{host}");
    }
    assert_eq!(status(""), 403);
    let own = format!("Host: {}\r\n", demo.address);
    assert_eq!(status(&format!("{own}Host: evil.example\r\n")), 403);
    assert_eq!(status(&format!("{own}Origin: http://{}\r\n", demo.address)), 200);
    for origin in ["http://evil.example", "null", "https://localhost"] {
        assert_eq!(status(&format!("{own}Origin: {origin}\r\n")), 403, "{origin}");
    }
    let (_, head, _) =
        demo.send(format!("GET / HTTP/1.1\r\n{own}Connection: close\r\n\r\n").as_bytes(), false).unwrap();
    assert!(head.contains("content-security-policy: default-src 'self'") && head.contains("nosniff"));
}

#[test]
fn what_makes_no_sense_is_refused_with_a_reason() {
    let demo = Demo::start(&[]);
    let large = vec![0; (1 << 20) + 1];
    let cases: [(&str, &str, &[u8], u16); 17] = [
        ("GET", "/nothing", b"", 404),
        ("GET", "/../../etc/passwd", b"", 404),
        ("DELETE", "/api/see", b"", 405),
        ("POST", "/", b"", 405),
        ("POST", "/api/see", b"", 400),
        ("POST", "/api/see?width=2&height=2", b"abc", 400),
        ("POST", "/api/see?width=2&height=-2", b"abcd", 400),
        ("POST", "/api/see?width=0&height=0", b"", 400),
        ("POST", "/api/see?width=4294967295&height=4294967295", b"", 400),
        ("POST", "/api/see?width=2&height=2&scale=NaN", b"abcd", 400),
        ("POST", "/api/see?width=2&height=2&noise=0.9", b"abcd", 400),
        ("POST", "/api/see?width=2&height=2&prepared=true", b"abcd", 400),
        ("POST", "/api/see?width=2&height=2&network=resnet", b"abcd", 404),
        ("POST", "/api/see?width=2&height=2", b"\0\0\0\0", 422),
        ("POST", "/api/scan?width=2&height=2", b"\0\0\0\0", 422),
        ("POST", "/api/see?width=1024&height=1024", &large, 413),
        ("GET", "/api/digits/360", b"", 404),
    ];
    for (method, path, body, expected) in cases {
        let (status, answer) = demo.ask(method, path, body);
        assert_eq!(status, expected, "{method} {path}");
        assert!(answer["error"].as_str().is_some_and(|reason| reason.len() > 10), "{method} {path}: {answer}");
    }
}
