//! `lenet5 export`, and `train --tensorboard`.

use std::fs;
use std::io::{Cursor, Read};

use lenet5::runs::checkpoint::Model;
use lenet5::runs::folder::read_table;
use lenet5::runs::tensorboard::{LoggedScalar, event_files, read};
use lenet5::training::PassRecord;
use zip::ZipArchive;

use super::{User, printed, refused};

#[test]
fn the_tensors_of_a_model_as_arrays() {
    let user = User::new();
    printed(&mut user.lenet5("train --dataset digits --passes 1 --set training_patterns=50 --out run"));
    let text = printed(&mut user.lenet5("export --model run/model.safetensors --npz model.npz"));
    assert!(
        text.contains("c3.weight               [60, 5, 5]\n") && text.contains("60,840 numbers: model.npz"),
        "{text}"
    );
    let tensors = Model::load(&user.path("run/model.safetensors")).unwrap().tensors();
    let mut archive = ZipArchive::new(Cursor::new(user.read("model.npz"))).unwrap();
    assert_eq!(archive.len(), tensors.len());
    for tensor in &tensors {
        let mut npy = Vec::new();
        archive.by_name(&format!("{}.npy", tensor.name)).unwrap().read_to_end(&mut npy).unwrap();
        let (header, values) = npy.split_at(128);
        assert!(header.starts_with(b"\x93NUMPY\x01\0\x76\0{'descr': '<f4', 'fortran_order': False, "));
        assert_eq!(values, tensor.bytes(), "{}", tensor.name);
    }
    assert_eq!((tensors.len(), tensors[0].name.as_str(), tensors[12].name.as_str()), (13, "c1.weight", "rbf.codes"));
}

#[test]
fn a_file_that_is_there_is_left_as_it_is() {
    let user = User::new();
    fs::write(user.path("mine.npz"), "years of work").unwrap();
    refused(&user, "export --npz mine.npz", 1, "mine.npz is already there and is left as it is");
    assert_eq!(user.read("mine.npz"), b"years of work");
    refused(&user, "export --npz nowhere/model.npz", 1, "nowhere/model.npz: cannot write the arrays");
    refused(&user, "export", 2, "--npz <FILE>");
    fs::write(user.path("mine.onnx"), "years of work").unwrap();
    refused(&user, "export --onnx mine.onnx", 1, "mine.onnx is already there and is left as it is");
    assert_eq!(user.read("mine.onnx"), b"years of work");
    refused(
        &user,
        "export --onnx model.pb",
        1,
        "model.pb: --onnx writes an ONNX file there; expected a name that ends in .onnx",
    );
    refused(&user, "export --onnx a.onnx --npz b.npz", 2, "cannot be used with");
    refused(&user, "export --onnx a.onnx --image-size 28", 2, "expected height and width in pixels, such as 28x28");
    refused(
        &user,
        "export --onnx a.onnx --image-size 40x28",
        1,
        "expected images of at most 32x32 pixels, the size of the network's input",
    );
    refused(&user, "export --onnx a.onnx --image-size 0x28", 1, "found 0x28");
    refused(&user, "export --onnx nowhere/model.onnx", 1, "nowhere/model.onnx: cannot write the network");
    refused(&user, "export --model nothing --npz a.npz", 1, "nothing: cannot read");
    printed(&mut user.lenet5("export --npz pretrained.npz"));
}

/// Its interface is printed; the numbers are compared with onnxruntime's in `onnx.rs`.
#[test]
fn a_network_as_a_graph() {
    let user = User::new();
    let text = printed(&mut user.lenet5("export --onnx model.onnx"));
    assert!(
        text.contains("image     uint8    [batch, 1, 28, 28]") && text.contains("distances float32  [batch, 10]"),
        "{text}"
    );
    assert!(
        text.contains("answer    int64    [batch]               the index of the class that wins: 0 1 2 3"),
        "{text}"
    );
    printed(&mut user.lenet5("train --preset modern --dataset digits --passes 1 --set training_patterns=50 --out run"));
    let text = printed(&mut user.lenet5("export run --onnx modern.onnx --image-size 32x32"));
    assert!(text.contains("[batch, 1, 32, 32]") && text.contains("scores    float32"), "{text}");
    printed(&mut user.lenet5("export --model run/model.safetensors --onnx again.onnx --image-size 32x32"));
    assert_eq!(user.read("modern.onnx"), user.read("again.onnx"));
    assert!(user.read("modern.onnx").len() > 4 * 61_706);
}

const SHORT: &str = "train --dataset digits --set training_patterns=50";

/// All scalars in the event files of a run, file by file.
fn logged(user: &User, folder: &str) -> Vec<Vec<LoggedScalar>> {
    event_files(&user.path(folder)).unwrap().iter().map(|path| read(path).unwrap()).collect()
}

/// The steps of a tag in a file.
fn steps(scalars: &[LoggedScalar], tag: &str) -> Vec<i64> {
    scalars.iter().filter(|scalar| scalar.tag == tag).map(|scalar| scalar.step).collect()
}

/// The test errors in the files of a run, in order, are those of its table.
fn check(user: &User, folder: &str, passes: usize) {
    let files = logged(user, folder);
    let found = files.iter().flatten().filter(|scalar| scalar.tag == "error_percent/test");
    let records = read_table::<PassRecord>(&user.path(folder).join("metrics.csv")).unwrap();
    assert_eq!(records.len(), passes);
    let expected = records.iter().map(|record| (record.pass as i64, record.test_error_percent as f32));
    assert!(found.map(|scalar| (scalar.step, scalar.value)).eq(expected), "{files:?}");
}

#[test]
fn a_run_that_is_resumed_logs_each_pass_once() {
    let user = User::new();
    printed(&mut user.lenet5(&format!("{SHORT} --passes 1 --out run")));
    assert!(logged(&user, "run").is_empty(), "nobody asked for them");
    printed(&mut user.lenet5("train --resume --passes 3 --out run --tensorboard"));
    printed(&mut user.lenet5("train --resume --passes 4 --out run"));
    let text = printed(&mut user.lenet5("train --resume --passes 5 --out run --tensorboard"));
    let files = logged(&user, "run");
    let found: Vec<Vec<i64>> = files.iter().map(|scalars| steps(scalars, "loss/test")).collect();
    assert_eq!(found, [vec![1, 2, 3], vec![4, 5]], "the passes that were not logged too");
    check(&user, "run", 5);
    let times: Vec<f64> = files.iter().flatten().map(|scalar| scalar.wall_time).collect();
    assert!(times.is_sorted() && times[0] > 1.7e9, "{times:?}");
    assert!(!text.contains("all its passes"));
    let text = printed(&mut user.lenet5("train --resume --out run --tensorboard"));
    assert!(text.contains("train --resume --out run --tensorboard --passes 6"), "{text}");
    assert_eq!(logged(&user, "run").len(), 2, "nothing new, no file");

    // The numbers are as they are without it, and half a record at a file's end is no obstacle.
    printed(&mut user.lenet5(&format!("{SHORT} --passes 5 --out plain")));
    assert_eq!(user.read("plain/model.safetensors"), user.read("run/model.safetensors"));
    let last = event_files(&user.path("run")).unwrap().pop().unwrap();
    let bytes = fs::read(&last).unwrap();
    fs::write(&last, &bytes[..bytes.len() - 7]).unwrap();
    printed(&mut user.lenet5("train --resume --out run --tensorboard"));
    check(&user, "run", 5);
}

#[test]
fn each_seed_logs_in_its_own_folder() {
    let user = User::new();
    printed(&mut user.lenet5(&format!("{SHORT} --passes 2 --seeds 3-4 --out many --tensorboard")));
    assert!(event_files(&user.path("many")).unwrap().is_empty());
    for folder in ["many/seed-3", "many/seed-4"] {
        check(&user, folder, 2);
    }
}
