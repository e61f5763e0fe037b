//! Our numbers beside those of PyTorch and NumPy, and our event files in TensorBoard's own reader. Each test is skipped, and says so,
//! where LENET5_PYTHON (`python3` if it is not set) has not the modules that it needs.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use lenet5::data::encoder::Encoder;
use lenet5::data::{Images, Source, digits, mnist};
use lenet5::evaluation::outputs;
use lenet5::network::engine::Engine;
use lenet5::network::loss::Loss;
use lenet5::network::parameters::{Array, Parameters};
use lenet5::runs::checkpoint::Model;
use lenet5::runs::folder::{Run, read_table};
use lenet5::runs::npz;
use lenet5::runs::tensorboard;
use lenet5::training::PassRecord;
use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensors, serialize};

use crate::settings::settings;

const IMAGES: usize = 1000;

/// As many patterns as the mean gradients are of.
const PATTERNS: usize = 16;

/// The Python that has these modules, or a line that says that `test` is skipped.
pub fn python(test: &str, modules: &str) -> Option<Command> {
    let program = std::env::var_os("LENET5_PYTHON").filter(|name| !name.is_empty()).unwrap_or("python3".into());
    let new = || {
        let mut command = Command::new(&program);
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command
    };
    let reason = match new().args(["-c", &format!("import {modules}")]).output() {
        Ok(output) if output.status.success() => return Some(new()),
        Ok(output) => String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_string(),
        Err(error) => error.to_string(),
    };
    // Past the test harness, which would swallow what a test prints that passes.
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {}: {reason}", program.display());
    None
}

/// The standard output of a Python program that ends well.
pub fn printed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// A network as it starts, with the distances that are printed; its loss pushes all classes away.
fn untrained() -> Model {
    Model::untrained(settings(&["seed=3", "distance=sum", "j=300"]), Source::Digits)
}

/// The first test images of MNIST where LENET5_DATA is set, or embedded digits.
fn images() -> Images {
    let folder = std::env::var_os("LENET5_DATA").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let mnist = folder.map(|folder| mnist::load(&folder).unwrap().test);
    mnist.unwrap_or_else(|| digits::load().training).first(IMAGES)
}

fn distances(model: &Model, images: &Images) -> Vec<f32> {
    outputs(&model.network(), &model.values, images).rows().flatten().copied().collect()
}

/// The mean of the gradients of the first patterns, by the backward pass through the layers.
fn gradient(model: &Model, loss: Loss, images: &Images) -> Vec<f32> {
    let network = model.network();
    let (mut workspace, mut gradient) = (network.standard_workspace(), vec![0.0; model.values.len()]);
    for index in 0..PATTERNS {
        Encoder::new(network.encoding()).encode_image(images, index, workspace.input_mut());
        network.forward(&model.values, &mut workspace);
        let (output, derivative) = workspace.output_and_derivative();
        loss.gradient(&output.values, images.labels()[index].into(), &mut derivative.values);
        network.gradient(&model.values, &mut workspace, &mut gradient);
    }
    gradient.iter().map(|sum| sum / PATTERNS as f32).collect()
}

/// The gradient of the first pattern, from what a step of training takes from the parameters. The step is so large that what is lost
/// when it is taken from them is little beside it.
fn learnt(model: &Model, images: &Images) -> Vec<f32> {
    const STEP: f32 = 1024.0;
    let network = model.network();
    let mut engine = Engine::new(&network);
    let mut parameters = Parameters::new(model.values.clone());
    parameters.step_size.fill(STEP);
    engine.load(&parameters, 0);
    let encoder = Encoder::new(network.encoding());
    engine.learn(&network, model.settings.loss_function(), &[0], |index, input| {
        encoder.encode_image(images, index, input);
        images.labels()[index].into()
    });
    engine.save(&mut parameters);
    model.values.iter().zip(parameters.values).map(|(before, after)| (before - after) / STEP).collect()
}

/// Writes a model, the images, and what we make of them.
fn write_ours(folder: &Path, model: &Model, images: &Images) {
    fs::create_dir(folder).unwrap();
    model.save(&folder.join("model.safetensors")).unwrap();
    let j = model.settings.j;
    let single = |name: &str, shape, values| Array { name: name.into(), shape, values };
    let mut arrays =
        vec![single("distances", vec![IMAGES, 10], distances(model, images)), single("j", vec![1], vec![j as f32])];
    let gradients = [
        ("eq8", gradient(model, Loss::Eq8, images)),
        ("eq9", gradient(model, Loss::Eq9 { j }, images)),
        ("learn", learnt(model, images)),
    ];
    for (kind, gradient) in gradients {
        for (tensor, range) in model.network().layout().iter() {
            arrays.push(single(&format!("{kind}/{}", tensor.name), tensor.shape.clone(), gradient[range].to_vec()));
        }
    }
    let mut tensors: Vec<(String, Dtype, Vec<usize>, Vec<u8>)> =
        arrays.into_iter().map(|array| (array.name.clone(), Dtype::F32, array.shape.clone(), array.bytes())).collect();
    let pixels = (0..IMAGES).flat_map(|index| images.image(index)).copied().collect();
    tensors.push(("pixels".into(), Dtype::U8, vec![IMAGES, 28, 28], pixels));
    let labels = images.labels().iter().flat_map(|&label| i64::from(label).to_le_bytes()).collect();
    tensors.push(("labels".into(), Dtype::I64, vec![IMAGES], labels));
    let views = tensors.iter().map(|(name, dtype, shape, data)| {
        (name, TensorView::new(*dtype, shape.clone(), data).expect("shapes fit the data"))
    });
    fs::write(folder.join("ours.safetensors"), serialize(views, None).unwrap()).unwrap();
}

/// Loads weights that PyTorch saved, and compares our distances with those that PyTorch computed from them.
fn check_theirs(folder: &Path, name: &str, before: &Model, images: &Images) {
    let model = Model::load(&folder.join(format!("{name}.safetensors"))).unwrap();
    assert_ne!(model.values, before.values, "{name}: other weights");
    let bytes = fs::read(folder.join(format!("{name}.distances.safetensors"))).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let theirs =
        file.tensor("distances").unwrap().data().as_chunks::<4>().0.iter().map(|&four| f32::from_le_bytes(four));
    let ours = distances(&model, images);
    assert_eq!(theirs.len(), ours.len());
    let differences = ours.iter().zip(theirs).map(|(ours, theirs)| (ours - theirs).abs() / theirs.max(1.0));
    let worst = differences.fold(0.0, f32::max);
    println!("{name}: largest difference of a distance {worst:.1e} of it");
    assert!(worst <= 1e-5, "{name}: {worst}");
}

#[test]
fn pytorch_agrees_and_its_weights_load_here() {
    let test = "pytorch_agrees_and_its_weights_load_here";
    let Some(mut python) = python(test, "torch, safetensors.torch, pytest") else { return };
    let (exchange, images) = (temp_dir::TempDir::new().unwrap(), images());
    let models = [("pretrained", Model::pretrained()), ("untrained", untrained())];
    for (name, model) in &models {
        write_ours(&exchange.path().join(name), model, &images);
    }
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/test_lenet5_torch.py");
    let arguments = ["-m", "pytest", "-q", "-s", "-p", "no:cacheprovider"];
    let text = printed(python.args(arguments).arg(tests).env("LENET5_EXCHANGE", exchange.path()));
    println!("{text}");
    assert!(text.contains("10 passed") && !text.contains("skipped"), "{text}");
    for (name, model) in &models {
        for theirs in ["stepped", "made"] {
            check_theirs(&exchange.path().join(name), theirs, model, &images);
        }
    }
}

/// Every name, shape and bit.
#[test]
fn numpy_reads_the_arrays() {
    let Some(mut python) = python("numpy_reads_the_arrays", "numpy") else { return };
    let (folder, tensors) = (temp_dir::TempDir::new().unwrap(), Model::pretrained().tensors());
    let path = folder.path().join("model.npz");
    npz::write(&path, &tensors).unwrap();
    let program = "import numpy, sys\nfor name, a in numpy.load(sys.argv[1]).items(): print(name, a.dtype, a.shape, a.tobytes().hex())";
    let text = printed(python.args(["-c", program]).arg(&path));
    let line = |array: &Array<f32>| {
        let shape = format!("{:?}", array.shape)
            .replace('[', "(")
            .replace(']', if array.shape.len() == 1 { ",)" } else { ")" });
        let hex: String = array.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{} float32 {shape} {hex}", array.name)
    };
    assert!(text.lines().eq(tensors.iter().map(line)), "{:.300}", text);
}

/// Every scalar that TensorBoard's reader finds in the folder of a run that was resumed is one of `metrics.csv`, and the other way.
#[test]
fn tensorboard_reads_the_events() {
    let reader = "tensorboard.backend.event_processing.event_accumulator";
    let Some(mut python) = python("tensorboard_reads_the_events", reader) else { return };
    let (folder, dataset) = (temp_dir::TempDir::new().unwrap(), digits::load());
    let path = folder.path().join("run");
    let settings = settings(&["passes=2", "training_patterns=50"]);
    Run::create(&path, settings, &dataset).unwrap().with_tensorboard(true).train(&dataset, &mut ()).unwrap();
    Run::resume(&path, Some(4)).unwrap().with_tensorboard(true).train(&dataset, &mut ()).unwrap();
    assert_eq!(tensorboard::event_files(&path).unwrap().len(), 2);
    let program = format!(
        "import sys, {reader} as reader\nevents = reader.EventAccumulator(sys.argv[1]).Reload()\n\
         for tag in events.Tags()['scalars']:\n    for e in events.Scalars(tag): print(tag, e.step, e.value)"
    );
    let text = printed(python.args(["-c", &program]).arg(&path));
    let mut found: Vec<(String, usize, f64)> = text.lines().map(scalar).collect();
    let mut expected = Vec::new();
    for record in read_table::<PassRecord>(&path.join("metrics.csv")).unwrap() {
        let columns = [
            ("error_percent/test", record.test_error_percent),
            ("error_percent/training", record.training_error_percent.unwrap()),
            ("error_percent/training_on_the_fly", record.running_training_error_percent),
            ("loss/test", record.test_loss),
            ("loss/training", record.training_loss.unwrap()),
            ("loss/training_on_the_fly", record.running_training_loss),
            ("rate/eta", record.global_rate),
            ("rate/largest_effective", record.largest_effective_rate),
            ("rate/smallest_effective", record.smallest_effective_rate),
            ("time/samples_per_second", record.samples_per_second),
            ("time/seconds", record.seconds),
        ];
        expected.extend(columns.map(|(tag, value)| (tag.to_string(), record.pass, f64::from(value as f32))));
    }
    found.sort_by(|a, b| a.partial_cmp(b).unwrap());
    expected.sort_by(|a, b| a.partial_cmp(b).unwrap());
    assert_eq!((found.len(), &found), (4 * 11, &expected));
    println!("TensorBoard read {} scalars", found.len());
}

/// Settings, text, histograms and pictures of two runs, one of which was resumed, as TensorBoard's pages get them.
#[test]
fn tensorboard_shows_settings_histograms_and_pictures() {
    let test = "tensorboard_shows_settings_histograms_and_pictures";
    let reader = "tensorboard.backend.event_processing";
    let Some(mut python) = python(test, &format!("{reader}.data_provider, tensorboard.plugins.hparams")) else {
        return;
    };
    let (folder, dataset) = (temp_dir::TempDir::new().unwrap(), digits::load());
    for (name, mu) in [("one", "mu=0.02"), ("two", "mu=0.5")] {
        let settings = settings(&["passes=2", "training_patterns=50", mu]);
        let path = folder.path().join(name);
        Run::create(&path, settings, &dataset).unwrap().with_tensorboard(true).train(&dataset, &mut ()).unwrap();
    }
    let two = folder.path().join("two");
    Run::resume(&two, Some(3)).unwrap().with_tensorboard(true).train(&dataset, &mut ()).unwrap();
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs/read_events.py");
    let text = printed(python.arg(program).arg(folder.path()));
    let lines: Vec<&str> = text.lines().collect();
    for (run, mu, passes) in [("one", 0.02, 2), ("two", 0.5, 3)] {
        let has = |line: String| assert!(lines.contains(&&*line), "expected {line}, found {text}");
        let model = Model::load(&folder.path().join(run).join("model.safetensors")).unwrap();
        has(format!("{run} hparam mu {mu:?}"));
        has(format!("{run} hparam preset 'paper'"));
        has(format!("{run} status STATUS_SUCCESS"));
        has(format!("{run} text settings mu = {mu:?}"));
        for (tensor, range) in model.network().layout().iter() {
            let values = &model.values[range];
            let largest = values.iter().copied().fold(f32::MIN, f32::max);
            has(format!("{run} histogram parameters/{} {passes} {} {largest:.6}", tensor.name, values.len()));
            has(format!(
                "{run} histograms log10_effective_rate/{} {:?}",
                tensor.name,
                (1..=passes).collect::<Vec<_>>()
            ));
        }
        // Six kernels of 5x5, each weight 8 pixels wide.
        has(format!("{run} picture kernels/c1 {:?} 296 x 56", (1..=passes).collect::<Vec<_>>()));
    }
}

/// Tag, step and value of a line.
fn scalar(line: &str) -> (String, usize, f64) {
    let words: Vec<&str> = line.split(' ').collect();
    (words[0].into(), words[1].parse().unwrap(), words[2].parse().unwrap())
}
