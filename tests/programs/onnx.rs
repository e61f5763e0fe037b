//! Our networks in onnxruntime: the same answers, and the same distances or scores. Skipped, and said so, where LENET5_PYTHON (`python3` if
//! it is not set) has no onnx and onnxruntime.

use std::fs;
use std::path::{Path, PathBuf};

use lenet5::config::Settings;
use lenet5::data::{Dataset, Images, Source, digits, mnist};
use lenet5::evaluation::outputs;
use lenet5::models::builder::Builder;
use lenet5::network::loss;
use lenet5::runs::checkpoint::Model;
use lenet5::runs::onnx;
use lenet5::training::Trainer;
use safetensors::serialize;
use safetensors::tensor::{Dtype, TensorView};

use crate::python::{printed, python};
use crate::settings::settings;

/// The images on which answers are compared.
const IMAGES: usize = 10_000;

/// Every network and preset, and the parts that can be changed. All but the first are trained for a moment, so that answers are no ties.
const NETWORKS: [(&str, &[&str]); 11] = [
    ("paper", &[]),
    ("paper-2.4", &["preset=paper-2.4"]),
    ("eleven", &["flanks=true", "alphabet='0123456789 '"]),
    ("lenet1", &["preset=lenet1"]),
    ("lenet4", &["preset=lenet4"]),
    ("lush", &["preset=lush"]),
    ("modern", &["preset=modern"]),
    ("modern-wide", &["preset=modern-wide", "dataset=digits"]),
    ("relu", &["activation=relu"]),
    ("max", &["pooling=max", "c3=full"]),
    ("scores", &["output=scores", "loss=cross_entropy"]),
];

/// Networks that are declared in `examples`.
const DECLARED: [&str; 2] = ["lenet5", "mixed"];

/// MNIST's 10,000 test images where LENET5_DATA is set; otherwise the embedded digits, again and again, each time moved further.
fn images() -> Images {
    let folder = std::env::var_os("LENET5_DATA").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    if let Some(folder) = folder {
        return mnist::load(&folder).unwrap().test;
    }
    let all = digits::load().training;
    let (height, width) = all.size();
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    for at in 0..IMAGES {
        let mut image = all.image(at % all.len()).to_vec();
        image.rotate_right((at / all.len()) * (width + 1) / 2);
        pixels.extend(image);
        labels.push(all.labels()[at % all.len()]);
    }
    Images::new(height, width, pixels, labels)
}

/// Each image in three colours, in 32x32 pixels.
fn coloured(images: &Images) -> Images {
    let (side, (height, width)) = (32, images.size());
    let mut pixels = vec![0; images.len() * 3 * side * side];
    for (at, plane) in pixels.chunks_exact_mut(side * side).enumerate() {
        let (index, channel) = (at / 3, at % 3);
        for (row, line) in images.image(index).chunks_exact(width).enumerate() {
            let start = (row + (side - height) / 2) * side + (side - width) / 2;
            for (to, &from) in plane[start..].iter_mut().zip(line) {
                *to = (usize::from(from) * (64 + (index * (channel + 3)) % 192) / 256) as u8;
            }
        }
    }
    Images::with_channels(3, side, side, pixels, images.labels().to_vec())
}

fn trained(settings: Settings, dataset: &Dataset) -> Model {
    let mut trainer = Trainer::<f32>::new(&settings, dataset);
    trainer.pass(&mut ()).continue_value().expect("nobody stops it");
    let values = trainer.parameters().values.clone();
    Model { values, ..Model::untrained(settings, Source::Digits) }
}

/// Writes the network, images and what we make of them.
fn write(folder: &Path, model: &Model, images: &Images) {
    fs::create_dir(folder).unwrap();
    onnx::write(&folder.join("model.onnx"), model, images.size()).unwrap();
    let rows = outputs(&model.network(), &model.values, images);
    let classes = model.class_names().len();
    let distances: Vec<u8> = rows.rows().flatten().flat_map(|distance| distance.to_le_bytes()).collect();
    let answers: Vec<u8> = rows.rows().flat_map(|row| (loss::answer(row) as i64).to_le_bytes()).collect();
    let (count, (height, width)) = (images.len(), images.size());
    let pixels: Vec<u8> = (0..count).flat_map(|index| images.image(index)).copied().collect();
    let tensors = [
        ("distances", Dtype::F32, vec![count, classes], distances),
        ("answers", Dtype::I64, vec![count], answers),
        ("pixels", Dtype::U8, vec![count, images.channels(), height, width], pixels),
    ];
    let views = tensors.iter().map(|(name, dtype, shape, data)| {
        (*name, TensorView::new(*dtype, shape.clone(), data).expect("shapes fit the data"))
    });
    fs::write(folder.join("ours.safetensors"), serialize(views, None).unwrap()).unwrap();
}

#[test]
fn onnxruntime_answers_as_we_do() {
    let test = "onnxruntime_answers_as_we_do";
    let Some(mut python) = python(test, "onnx, onnxruntime, safetensors.numpy, pytest") else { return };
    let exchange = temp_dir::TempDir::new().unwrap();
    let (images, dataset) = (images(), digits::load());
    assert_eq!(images.len(), IMAGES);
    let colours = coloured(&images);
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = |name: &str| exchange.path().join(name);
    write(&path("pretrained"), &Model::pretrained(), &images);
    for name in ["lenet1", "modern", "strings"] {
        write(&path(&format!("pretrained-{name}")), &Model::pretrained_as(name).unwrap(), &images);
    }
    for (name, assignments) in NETWORKS {
        let model = trained(settings(assignments), &dataset);
        write(&path(name), &model, if model.network().input().maps == 3 { &colours } else { &images });
    }
    for name in DECLARED {
        let mut builder = Builder::default();
        builder.network_file(&repository.join(format!("examples/{name}.toml"))).unwrap();
        if name == "mixed" {
            builder.assignment("loss=cross_entropy").unwrap();
        }
        write(&path(&format!("declared-{name}")), &trained(builder.build().unwrap(), &dataset), &images);
    }
    let program = repository.join("python/test_onnx.py");
    let arguments = ["-m", "pytest", "-q", "-s", "-p", "no:cacheprovider"];
    let text = printed(python.args(arguments).arg(program).env("LENET5_ONNX", exchange.path()));
    println!("{text}");
    assert!(
        text.contains(&format!("{} passed", NETWORKS.len() + DECLARED.len() + 4)) && !text.contains("skipped"),
        "{text}"
    );
}
