//! Questions of the page, asked without a server.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{Answer, Digits, Page};
use crate::applications::activity::Activity;
use crate::applications::reader::Reader;
use crate::data::{digits, mnist};
use crate::kernels::maps::Shape;
use crate::models::builder::Builder;
use crate::picture::Readings;
use crate::runs::checkpoint::Model;
use crate::training::Trainer;

fn page() -> Page {
    Page::complete(Model::pretrained(), Digits { images: digits::load().test, mnist: false })
}

fn json_of(answer: Answer) -> Value {
    match answer {
        Answer::Json(text) => serde_json::from_str(&text).unwrap(),
        Answer::Bytes(_) => panic!("JSON"),
    }
}

fn asked(page: &Page, path: &str, query: &str, body: &[u8]) -> Value {
    json_of(page.ask(path, query, body).unwrap_or_else(|refusal| panic!("{path}?{query}: {refusal:?}")))
}

fn refused(page: &Page, path: &str, query: &str, body: &[u8]) -> (u16, String) {
    let refusal = page.ask(path, query, body).unwrap_err();
    (refusal.status, refusal.reason)
}

fn start(page: &Page, sides: &Value) -> Value {
    asked(page, "train/start", "", json!({ "data": "digits", "sides": sides }).to_string().as_bytes())
}

/// In parts of any size, two networks end in the bytes of the models that a program trains at once.
#[test]
fn training_in_parts_ends_in_the_same_model() {
    let page = page();
    let settings = ["training_patterns=300", "passes=2"];
    let begun = start(
        &page,
        &json!([{ "preset": "paper", "settings": settings }, { "preset": "modern", "settings": settings }]),
    );
    assert_eq!((&begun["patterns"], &begun["passes"]), (&json!(300), &json!(2)));
    let mut state = Value::Null;
    for patterns in [1, 7, 100, 3, 500, 299, 1, 10] {
        state = asked(&page, "train/advance", &format!("id={}&patterns={patterns}", begun["id"]), &[]);
    }
    assert_eq!((&state["finished"], &state["steps"]), (&json!(true), &json!(600)));
    for (side, preset) in ["paper", "modern"].into_iter().enumerate() {
        let all = [&format!("preset={preset}"), "dataset=digits", settings[0], settings[1]];
        let (settings, dataset) = (Builder::assigned(&all).unwrap(), digits::load());
        let mut trainer = Trainer::<f32>::new(&settings, &dataset);
        let records = [1, 2].map(|_| trainer.pass(&mut ()).continue_value().unwrap());
        let rows = &state["sides"][side]["rows"];
        assert_eq!(rows[1]["test_error_percent"], records[1].test_error_percent, "{preset}");
        assert_eq!(rows[0]["training_error_percent"], records[0].running_training_error_percent, "{preset}");
        // What is said of the last pattern is not lost with the end of its pass.
        let now = &state["sides"][side];
        assert_eq!(now["running_error_percent"], records[1].running_training_error_percent, "{preset}");
        let right = now["answer"] == state["last"]["label"];
        assert_eq!(now["right"], right, "{preset}");
        let file = page.ask("train/model", &format!("id={}&side={side}", begun["id"]), &[]).unwrap();
        let expected = Model::of(&trainer, &dataset).without_optimizer_state().to_bytes();
        assert!(file == Answer::Bytes(expected), "{preset}: the bytes of the model");
    }
}

#[test]
fn the_trained_network_reads_drawings() {
    let page = page();
    let begun = start(&page, &json!([{ "preset": "paper", "settings": ["training_patterns=500", "passes=1"] }]));
    asked(&page, "train/advance", &format!("id={}&patterns=500", begun["id"]), &[]);
    let view = asked(&page, "train/view", &format!("id={}&digit=2", begun["id"]), &[]);
    let side = &view["sides"][0];
    assert_eq!(side["kernels"]["values"].as_array().unwrap().len(), 6 * 25);
    assert_eq!(side["coefficients"][0]["values"].as_array().unwrap().len(), 6);
    assert_eq!(side["rates"].as_array().unwrap().len(), 6);
    let Answer::Bytes(file) = page.ask("train/model", &format!("id={}", begun["id"]), &[]).unwrap() else { panic!() };
    assert_eq!(asked(&page, "networks/trained", "", &file)["name"], "trained");
    let pixels: Vec<u8> =
        view["digit"]["pixels"].as_array().unwrap().iter().map(|p| p.as_u64().unwrap() as u8).collect();
    let seen = asked(&page, "see", "network=trained&width=28&height=28&prepared=true", &pixels);
    assert_eq!(seen["distances"], side["sight"]["distances"]);
    assert_eq!(asked(&page, "networks", "", &[])["networks"].as_array().unwrap().len(), 4);
}

#[test]
fn wrong_questions_of_training_are_refused_and_lose_nothing() {
    let page = page();
    let plan = |text: &str| refused(&page, "train/start", "", text.as_bytes());
    assert_eq!(plan("{").0, 400);
    assert_eq!(plan(r#"{"data":"cats","sides":[{"preset":"paper"}]}"#).0, 400);
    assert!(plan(r#"{"data":"mnist","sides":[{"preset":"paper"}]}"#).1.contains("four files"));
    assert!(plan(r#"{"data":"digits","sides":[{"preset":"paper","settings":["j=-1"]}]}"#).1.contains("j"));
    assert!(plan(r#"{"data":"digits","sides":[]}"#).1.contains("found 0"));
    let unequal =
        r#"{"data":"digits","sides":[{"preset":"paper"},{"preset":"paper","settings":["training_patterns=9"]}]}"#;
    assert!(plan(unequal).1.contains("1437 and 9"), "{:?}", plan(unequal));
    let begun = start(&page, &json!([{ "preset": "paper" }]));
    assert!(refused(&page, "train/view", "id=1&digit=360", &[]).1.contains("360 digits"));
    assert_eq!(refused(&page, "train/model", "id=1&side=1", &[]).0, 404);
    assert_eq!(refused(&page, "train/advance", "id=1", &[]).0, 400);
    start(&page, &json!([{ "preset": "lenet1" }]));
    assert_eq!(refused(&page, "train/advance", &format!("id={}&patterns=1", begun["id"]), &[]).0, 410);
    assert_eq!(plan("[]").0, 400);
    assert_eq!(asked(&page, "train/advance", "id=2&patterns=1", &[])["presented"], 1);
}

#[test]
fn files_of_mnist_are_known_by_their_bytes() {
    let page = page();
    let state = asked(&page, "train/data", "", &[]);
    assert_eq!((state["complete"].clone(), state["missing"].as_array().unwrap().len()), (json!(false), 4));
    let (status, reason) = refused(&page, "train/data", "", b"\0\0\x08\x01\0\0\0\x02\x01\x02");
    assert_eq!(status, 422);
    assert!(reason.contains("none of MNIST's four files"), "{reason}");
    assert!(refused(&page, "train/data", "", b"\x1f\x8b\x08cut").1.contains("decompressed"));
    let Some(folder) = std::env::var_os(mnist::VARIABLE) else { return };
    for part in &mnist::PARTS {
        let file = std::fs::read(part.find(folder.as_ref()).unwrap()).unwrap();
        asked(&page, "train/data", "", &file);
    }
    assert_eq!(asked(&page, "train/data", "", &[])["complete"], true);
    let plan = json!({ "data": "mnist", "sides": [{ "preset": "paper" }] }).to_string();
    assert_eq!(asked(&page, "train/start", "", plan.as_bytes())["patterns"], 60_000);
}

#[test]
fn a_weight_is_nudged_and_restored() {
    let page = page();
    let digit = digits::load().test.image(7).to_vec();
    let drawing = "network=lenet5&width=28&height=28&prepared=true";
    let see = || asked(&page, "see", drawing, &digit)["distances"].clone();
    let unit = || asked(&page, "inside/unit", &format!("{drawing}&level=1&map=2&row=9&column=9"), &digit);
    let (before, of_unit) = (see(), unit());
    assert_eq!(of_unit["terms"].as_array().unwrap().len(), 25);
    assert_eq!(of_unit["weights"], json!(["c1.weight", 50]));
    let nudged = asked(&page, "inside/nudge", "network=lenet5&tensor=c1.weight&index=62&by=0.5", &[]);
    assert_eq!(nudged["nudged"], 1);
    let single = |value: &Value| value.as_f64().unwrap() as f32;
    assert_eq!(single(&unit()["terms"][12]["weight"]), single(&nudged["value"]));
    assert_ne!(see(), before);
    asked(&page, "inside/restore", "network=lenet5", &[]);
    assert_eq!((see(), unit()), (before, of_unit));
    let kernels = asked(&page, "inside/kernels", "network=lenet5&layer=C3", &[]);
    assert_eq!((kernels["size"].clone(), kernels["kernels"].as_array().unwrap().len()), (json!(5), 60));
    assert_eq!(refused(&page, "inside/kernels", "network=lenet5&layer=S2", &[]).0, 404);
    assert_eq!(refused(&page, "inside/nudge", "network=lenet5&tensor=c1.weight&index=150&by=1", &[]).0, 404);
    assert_eq!(refused(&page, "inside/nudge", "network=lenet5&tensor=c1.weight&index=0&by=NaN", &[]).0, 400);
    assert_eq!(refused(&page, "inside/unit", &format!("{drawing}&level=0&map=0&row=0&column=0"), &digit).0, 404);
}

#[test]
fn a_network_without_weights_says_so() {
    let page = Page::new(Digits { images: digits::load().test, mnist: false });
    let drawing = [0; 784];
    let see = "width=28&height=28&prepared=true";
    assert_eq!(refused(&page, "see", see, &drawing).0, 409);
    assert!(page.give("lenet9", &Model::pretrained().to_bytes()).is_err());
    assert!(page.give("lenet5", b"no model").is_err());
    page.give("lenet5", &Model::pretrained().to_bytes()).unwrap();
    let complete = self::page();
    let answer = |page: &Page| {
        let mut sight = asked(page, "see", see, &drawing);
        sight["microseconds"] = Value::Null;
        sight
    };
    assert_eq!(answer(&page), answer(&complete));
    assert_eq!(
        asked(&page, "networks", "", &[]),
        asked(&complete, "networks", "", &[]),
        "told without weights as with them"
    );
}

/// A page without decoders is asked about the levels of a picture, and answers as one with decoders does about the file.
#[test]
fn a_decoded_picture_is_read_as_its_file() {
    let (with, without) = (page(), Page::new(Digits { images: digits::load().test, mnist: false }));
    without.give("lenet5", &Model::pretrained().to_bytes()).unwrap();
    without.give("strings", &Model::pretrained_as("strings").unwrap().to_bytes()).unwrap();
    // White ink on nothing: it is found in the second reading.
    let bar = |x: u32, y: u32| (40..48).contains(&x) && (20..80).contains(&y);
    let ink = image::RgbaImage::from_fn(90, 100, |x, y| image::Rgba([255, 255, 255, if bar(x, y) { 255 } else { 0 }]));
    let mut file = std::io::Cursor::new(Vec::new());
    ink.write_to(&mut file, image::ImageFormat::Png).unwrap();
    let file = file.into_inner();
    let readings = Readings::from_bytes(&file).unwrap();
    let (levels, query) = (readings.to_levels(), "width=90&height=100");
    assert_eq!((readings.size(), levels.len()), ((90, 100), 2 * 9000));
    for path in ["picture/digit", "picture/line"] {
        assert_eq!(asked(&without, path, query, &levels), asked(&with, path, "", &file), "{path}");
        assert_eq!(refused(&without, path, "", &file).0, 400, "{path}: a file");
        assert_eq!(refused(&without, path, query, &levels[1..]).0, 400, "{path}: not all levels");
    }
}

/// The states of all layers are those of the network, to the bit.
#[test]
fn states_are_sent_as_they_are() {
    let page = page();
    let digit = asked(&page, "digits/7", "", &[]);
    let pixels: Vec<u8> = serde_json::from_value(digit["pixels"].clone()).unwrap();
    let sight = asked(&page, "see", "width=28&height=28&prepared=true", &pixels);
    let mut reader = Reader::new(&Model::pretrained()).unwrap();
    let activity = Activity::of(&mut reader, &pixels, Shape::new(1, 28, 28)).unwrap();
    assert_eq!(activity.layers.len(), sight["layers"].as_array().unwrap().len());
    for (states, sent) in activity.layers.iter().zip(sight["layers"].as_array().unwrap()) {
        let bytes = STANDARD.decode(sent["states"].as_str().unwrap()).unwrap();
        let sent: Vec<f32> = bytes.chunks(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect();
        assert_eq!(sent, states.maps.values[..], "{}", states.name);
    }
}
