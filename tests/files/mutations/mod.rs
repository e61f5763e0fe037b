//! Mutated inputs for every parser: whatever is read, the answer is a value that makes sense or an error with a reason; never a panic,
//! never without end, never with all of the memory.
//!
//! The time for all of them is 2 s, or `LENET5_FUZZ_SECONDS`; for a night and with other inputs:
//!
//! ```sh
//! LENET5_FUZZ_SECONDS=36000 LENET5_FUZZ_SEED=7 cargo test --release --test files mutations -- --nocapture
//! ```
//!
//! An input that fails is kept below `target/tmp`, and the message says how to try it again. Where the process itself dies,
//! `LENET5_FUZZ_KEEP=1` keeps each input before it is tried.

#![cfg(feature = "app")]

mod folder;
mod harness;
mod import;
mod mutate;
mod requests;
mod valid;

use std::fs;
use std::path::Path;

use lenet5::applications::reader::Reader;
use lenet5::config::Settings;
use lenet5::data::{cifar10, idx, mnist, own, qmnist};
use lenet5::kernels::maps::Shape;
use lenet5::models;
use lenet5::models::builder::Builder;
use lenet5::picture::{FRAME, LINE_HEIGHT, Picture, read_colour, read_gray, read_line};
use lenet5::runs::checkpoint::Model;
use lenet5::runs::folder::read_table;
use lenet5::runs::seeds::{SeedRecord, Seeds};
use lenet5::runs::tensorboard::{self, Logged};
use lenet5::training::PassRecord;
use lenet5::training::initialisation::initial_values;
use lenet5::training::rates::RateRecord;

use crate::idx::{gzip, idx as idx_file};
use crate::settings::settings as settings_of;
use harness::{Parser, folder, run};

const MEMORY: u64 = 64 << 20;

/// The words of a format, which bars separate.
fn words(text: &[u8]) -> Vec<&[u8]> {
    text.split(|&byte| byte == b'|').collect()
}

const SETTINGS: &[u8] = b"\
    preset = |'modern'|'lenet1'|\"\"\"|1979-05-27|1979-05-27T07:32:00Z|07:32:00|[|]|{|[[schedule]]\n|[settings]\n|\
    { passes = 1, eta = 0.5 }|seed = |alphabet = |'0123456789 '|network = |loss = 'cross_entropy'\n|\
    optimizer = 'adam'\n|input_mean = [0.5]\n|\\u001b|\x1b[2J|\\ud800|a.b.c = |true|0x|1_0|= |\n|\xe2\x80\xae";

const LAYERS: &[u8] = b"\
    [[network.layers]]\n|kind = 'convolution'\n|'rbf'|'targets'|'repeat'\ntimes = 64\n|maps = 4096\n|size = |\
    table = [[0], [1, 2]]\n|activation = 'none'\n|coefficient = |9223372036854775807|[1, 1024, 1024]|reduced = true\n";

const TABLES: &[u8] = b",|,,|\n|\r\n|\"|\"\"|NaN|1,|pass|pattern\n|\xef\xbb\xbf|\0";

fn as_it_is(bytes: Vec<u8>) -> Vec<u8> {
    bytes
}

#[test]
fn idx() {
    let (images, labels) = (idx_file(&[3, 4, 5], &[7; 60]), idx_file(&[3], &[1, 0, 9]));
    let packed = [gzip(images.clone()), gzip(labels.clone())];
    let valid = [&[images, labels][..], &packed].concat();
    let parser = Parser { name: "idx", valid, words: &[b"\x1f\x8b", b"\0\0\x08\x03"], mend: gzip, memory: MEMORY };
    run(&parser, |bytes| {
        let path = Path::new("mutated");
        assert!(mnist::PARTS[1].check(bytes).is_err_and(|reason| !reason.is_empty()), "only the published file passes");
        let unpacked = idx::unpack(bytes, idx::LARGEST).map_err(|error| error.to_string())?;
        if let Ok(labels) = idx::parse_labels(&unpacked, path) {
            assert_eq!(labels, unpacked[8..]);
            return Ok(());
        }
        let grey = idx::parse_images(unpacked, path).map_err(|error| error.to_string())?;
        let count = grey.pixels.len() / (grey.height * grey.width);
        assert!(idx::join(grey.clone(), vec![0; count + 1], path).is_err());
        let images = idx::join(grey, vec![0; count], path).map_err(|error| error.to_string())?;
        assert_eq!((images.len(), images.image(count - 1).len()), (count, images.size().0 * images.size().1));
        Ok(())
    });
}

#[test]
fn labels_of_qmnist() {
    let rows = [[7, 4, 2578, 69, 37, 279_260, 0, 0], [0, 0, 326, 86, 30, 35_000, 0, 0]];
    let numbers: Vec<u8> = rows.as_flattened().iter().flat_map(|number: &i32| number.to_be_bytes()).collect();
    let mut table = idx_file(&[2, 8], &numbers);
    table[2] = 0x0c; // 32-bit integers
    let words: &[&[u8]] = &[b"\0\0\x0c\x02", b"\0\0\0\x08", &numbers[..32]];
    run(&Parser { name: "labels_of_qmnist", valid: vec![table], words, mend: as_it_is, memory: MEMORY }, |bytes| {
        let classes = qmnist::parse_classes(bytes, Path::new("mutated")).map_err(|error| error.to_string())?;
        assert_eq!(12 + 32 * classes.len(), bytes.len());
        assert!(classes.iter().all(|&class| class < 10));
        Ok(())
    });
}

#[test]
fn cifar() {
    let folder = folder();
    let image = |label: u8| [vec![label], vec![77; cifar10::RECORD - 1]].concat();
    fs::write(folder.path().join(cifar10::TEST), image(3)).unwrap();
    let valid = vec![image(0), [image(9), image(4)].concat()];
    let parser = Parser { name: "cifar", valid, words: &[&[0; 3073]], mend: as_it_is, memory: MEMORY };
    run(&parser, |bytes| {
        fs::write(folder.path().join(cifar10::TRAINING[0]), bytes).unwrap();
        let data = cifar10::load(folder.path()).map_err(|error| error.to_string())?;
        assert_eq!(data.training.len() * cifar10::RECORD, bytes.len());
        assert!(data.training.labels().iter().all(|&label| label < 10));
        Ok(())
    });
}

/// A user's own set, of which one file after the other is mutated; an input's first byte says which.
#[test]
fn own_idx() {
    let folder = folder();
    let images = idx_file(&[4, 5, 6], &[77; 120]);
    let labels = idx_file(&[4], &[1, 9, 9, 1]);
    let mut integers = idx_file(&[4], &[1, 9, 9, 1].map(|label: i32| label.to_be_bytes()).concat());
    integers[2] = 0x0c;
    let files = [
        ("train-images-idx3-ubyte", images.clone()),
        ("train-labels-idx1-ubyte", labels.clone()),
        ("test-images-idx3-ubyte", images),
        ("test-labels-idx1-ubyte", integers),
        ("mapping.txt", b"1 65 97\n9 66\n".to_vec()),
    ];
    let valid = files.iter().zip(0..).map(|((_, bytes), number)| [&[number], &bytes[..]].concat()).collect();
    let words: &[&[u8]] =
        &[b"\x1f\x8b", b"\0\0\x08\x03", b"\0\0\x0c\x02\0\0\0\x04\0\0\0\x08", b"\xff\xff\xff\xff", b"1 65\n"];
    run(&Parser { name: "own_idx", valid, words, mend: as_it_is, memory: MEMORY }, |bytes| {
        let (which, rest) = bytes.split_first().map_or((0, bytes), |(first, rest)| (usize::from(*first) % 10, rest));
        for (number, (name, bytes)) in files.iter().enumerate() {
            let packed = which >= files.len();
            let own = if number == which % files.len() { rest } else { bytes };
            let packed_own = if packed && number < 4 { gzip(own) } else { own.to_vec() };
            fs::write(folder.path().join(name), packed_own).unwrap();
        }
        let data =
            own::load(folder.path(), &own::Preparation::default(), &mut ()).map_err(|error| error.to_string())?;
        assert!(data.training.size() == data.test.size() && data.own_data().is_some());
        assert!(data.test.labels().iter().all(|&label| usize::from(label) < data.training.classes()));
        Ok(())
    });
}

/// Reads a model, saves it and reads it again, and shows it a digit.
fn model_of(bytes: &[u8]) -> Result<(), String> {
    let model = Model::from_bytes(bytes)?;
    assert!(model.values.iter().chain(&model.optimizer_state).all(|value| value.is_finite()));
    let saved = model.to_bytes();
    let again = Model::from_bytes(&saved).unwrap();
    assert!((&again.settings, again.passes, &again.values) == (&model.settings, model.passes, &model.values));
    assert!(again.to_bytes() == saved);
    let mut reader = Reader::new(&model).unwrap();
    if model.network().input().maps == 1 {
        assert!(
            reader.read(&[99; FRAME * FRAME], Shape::new(1, FRAME, FRAME)).unwrap().class < model.settings.classes()
        );
    }
    Ok(())
}

#[test]
fn model() {
    let valid = vec![Model::pretrained_as("lenet1").unwrap().to_bytes()];
    let words = [words(SETTINGS), words(MODELS)].concat();
    run(&Parser { name: "model", valid, words: &words, mend: valid::mend_model, memory: MEMORY }, model_of);
}

const MODELS: &[u8] = b"\
    \"__metadata__\":|\"lenet5\":|\"dtype\":\"F32\"|\"dtype\":\"F64\"|\"shape\":[|\"data_offsets\":[0,4]|\
    \"c1.weight\":|\"optimizer.memory\":|\\n|\\u0000|\xff\xff\x7f\x7f|\0\0\xc0\x7f";

/// Settings that were accepted are written, read again, and make a network.
fn sensible(settings: &Settings) {
    let mut again = Builder::default();
    again.text("again", &settings.to_toml()).unwrap();
    assert_eq!(again.build().unwrap(), *settings);
    let network = models::build::<f32>(settings);
    assert!(initial_values::<f32>(network.layout(), settings).iter().all(|value| value.is_finite()));
}

#[test]
fn settings() {
    let preset = |name: &str| settings_of(&[&format!("preset={name}")]).to_toml().into_bytes();
    let mut valid: Vec<Vec<u8>> = models::presets().into_iter().map(preset).collect();
    valid.push(b"seed = 5\npasses = 2\nschedule = [{ passes = 1, eta = 0.5 }]\n".into());
    let mixed = include_str!("../../../examples/mixed.toml").replacen("input", "[network]\ninput", 1);
    valid.push(("loss = \"cross_entropy\"\n".to_owned() + &mixed.replace("[[layers]]", "[[network.layers]]")).into());
    let words = [words(SETTINGS), words(LAYERS)].concat();
    // The largest table of connections has five million pairs.
    run(&Parser { name: "settings", valid, words: &words, mend: as_it_is, memory: 1 << 30 }, |bytes| {
        let mut builder = Builder::default();
        let text = String::from_utf8_lossy(bytes);
        let settings = builder.text("mutated", &text).and_then(|()| builder.build());
        settings.map_err(|error| error.to_string()).map(|settings| sensible(&settings))
    });
}

/// The arguments of `--set` on the command line, a line each, and of `--seeds`.
#[test]
fn assignments() {
    let valid = ["preset=modern", "alphabet=ABCDEFGHIJ", "seed=1-3", "loss = \"eq8\"", "input_mean=[]"];
    let valid = valid.map(|text| text.as_bytes().to_vec()).into();
    let words = &words(SETTINGS);
    run(&Parser { name: "assignments", valid, words, mend: as_it_is, memory: MEMORY }, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Some(Ok(seeds)) = text.strip_prefix("seed=").map(str::parse::<Seeds>) {
            assert!((1..=200).contains(&seeds.iter().count()));
            return Ok(());
        }
        let settings = Builder::assigned(&text.lines().collect::<Vec<_>>());
        settings.map_err(|error| error.to_string()).map(|settings| sensible(&settings))
    });
}

#[test]
fn pictures() {
    let folder = folder();
    let path = folder.path().join("picture");
    let words = words(
        b"\
        IHDR|PLTE|IDAT|IEND|tRNS|eXIf|acTL|\xff\xd8|\xff\xd9|\xff\xc2|\xff\xdb|\xff\xe1|Exif\0\0|BM|\
        P7\nWIDTH 4\nHEIGHT 4\nDEPTH 1\nMAXVAL 255\nENDHDR\n|P6 |65535 |# |\n",
    );
    let valid = valid::pictures();
    // A picture may have 256 MiB, which are turned, made grey, and made small.
    let parser = Parser { name: "pictures", valid, words: &words, mend: valid::mend_png, memory: 2 << 30 };
    run(&parser, |bytes| {
        fs::write(&path, bytes).unwrap();
        if let Ok(line) = read_line(&path) {
            assert_eq!(line.pixels.len(), line.width * LINE_HEIGHT);
        }
        if let Ok(levels) = read_gray(&path) {
            assert!(levels.width().max(levels.height()) <= 512);
        }
        if let Ok(planes) = read_colour(&path, 32) {
            assert_eq!(planes.len(), 3 * 32 * 32);
        }
        let picture = Picture::from_bytes(bytes).map_err(|problem| problem.to_string())?;
        assert_eq!((picture.pixels.len(), picture.pixels.contains(&255)), (FRAME * FRAME, true));
        let ink = picture.ink;
        assert!(ink.width > 0 && ink.left + ink.width <= picture.width, "{ink:?}");
        assert!(ink.height > 0 && ink.top + ink.height <= picture.height, "{ink:?}");
        Ok(())
    });
}

/// An event file is never refused: it ends before what is broken.
#[test]
fn events() {
    let folder = folder();
    let time = std::time::SystemTime::now();
    let mut writer = tensorboard::Writer::create(folder.path(), 1).unwrap();
    for step in [1, 2, i64::MAX] {
        let scalar = |tag: &str, value| (tag.to_string(), Logged::Scalar(value));
        writer.log(step, time, vec![scalar("loss/test", 0.5), scalar("error_percent/test", 1e300)]).unwrap();
    }
    let path = writer.path().to_path_buf();
    let (valid, words): (_, &[&[u8]]) =
        (vec![fs::read(&path).unwrap()], &[b"loss/test", b"\xff\xff\xff\xff\x0f", b"\x2a\x00"]);
    run(&Parser { name: "events", valid, words, mend: valid::mend_events, memory: MEMORY }, |bytes| {
        fs::write(&path, bytes).unwrap();
        let scalars = tensorboard::read(&path).map_err(|error| error.to_string())?;
        assert!(scalars.len() <= bytes.len());
        Ok(())
    });
}

#[test]
fn tables() {
    let folder = folder();
    let path = folder.path().join("table.csv");
    let seeds = "seed,passes,running_training_error_percent,training_error_percent,test_error_percent,test_errors\n\
                 1,2,3.5,,4.5,16\n2,2,3.25,2.5,4.75,17\n";
    let rates = "pass,tensor,parameters,smallest,lower_quartile,median,upper_quartile,largest\n\
                 1,c1.weight,150,1e-5,2e-5,3e-5,4e-5,5e-5\n";
    let metrics = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/results/pretrained/metrics.csv")).unwrap();
    let valid = vec![metrics, rates.into(), seeds.into()];
    run(&Parser { name: "tables", valid, words: &words(TABLES), mend: as_it_is, memory: MEMORY }, |bytes| {
        fs::write(&path, bytes).unwrap();
        let read = |error: Option<lenet5::runs::folder::RunError>| error.map(|error| error.to_string());
        let kinds = [
            read(read_table::<PassRecord>(&path).err()),
            read(read_table::<RateRecord>(&path).err()),
            read(read_table::<SeedRecord>(&path).err()),
        ];
        let [Some(metrics), Some(rates), Some(seeds)] = kinds else { return Ok(()) };
        assert!(!rates.is_empty() && !seeds.is_empty());
        Err(metrics)
    });
}
