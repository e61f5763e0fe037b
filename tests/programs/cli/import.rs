//! `lenet5 import`: tensors of another program as a model.

use std::fs;

use lenet5::data::Source;
use lenet5::models::builder::Builder;
use lenet5::network::parameters::Array;
use lenet5::runs::checkpoint::Model;
use safetensors::serialize;
use safetensors::tensor::{Dtype, TensorView};

use super::{User, printed, refused};

/// The names of a PyTorch LeNet, and ours.
const NAMES: [(&str, &str); 5] = [("conv1", "c1"), ("conv2", "c3"), ("fc1", "c5"), ("fc2", "f6"), ("fc3", "output")];

/// A tensor as a file holds it.
#[derive(Clone)]
struct Theirs {
    name: String,
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

/// The modern network as it starts.
fn modern() -> Model {
    Model::untrained(Builder::assigned(&["preset=modern", "seed=7"]).unwrap(), Source::Mnist)
}

/// Its tensors as a PyTorch LeNet has them: other names, and F5 and F6 as full connections of two dimensions.
fn of_pytorch(model: &Model) -> Vec<Theirs> {
    let renamed = |array: Array<f32>| {
        let (layer, part) = array.name.split_once('.').unwrap();
        let theirs = NAMES.iter().find(|names| names.1 == layer).unwrap().0;
        let flat = [array.shape[0], array.shape.iter().skip(1).product()];
        let shape = if layer == "c5" && part == "weight" { flat.to_vec() } else { array.shape.clone() };
        Theirs { name: format!("{theirs}.{part}"), dtype: Dtype::F32, shape, bytes: array.bytes() }
    };
    model.tensors().into_iter().map(renamed).collect()
}

fn save(user: &User, name: &str, tensors: &[Theirs]) {
    let views = tensors.iter().map(|tensor| {
        (tensor.name.as_str(), TensorView::new(tensor.dtype, tensor.shape.clone(), &tensor.bytes).unwrap())
    });
    fs::write(user.path(name), serialize(views, None).unwrap()).unwrap();
}

fn map() -> String {
    let line = |(theirs, ours): &(&str, &str)| {
        ["weight", "bias"].map(|part| format!("{theirs}.{part} = \"{ours}.{part}\"\n")).concat()
    };
    NAMES.iter().map(line).collect()
}

const IMPORT: &str = "import theirs.safetensors --preset modern --map map.toml --out ours.safetensors";

/// The numbers, not only the names: the imported network is the one that was exported, and it is tested.
#[test]
fn a_pytorch_lenet_becomes_a_model() {
    let (user, model) = (User::new(), modern());
    save(&user, "theirs.safetensors", &of_pytorch(&model));
    fs::write(user.path("map.toml"), map()).unwrap();
    let text = printed(&mut user.lenet5(IMPORT));
    assert!(
        text.contains("fc1.weight") && text.contains("[120, 400]  -> c5.weight          [120, 16, 5, 5]"),
        "{text}"
    );
    assert!(text.contains("modern, trained on MNIST: 61,706 parameters, ours.safetensors"), "{text}");
    let imported = Model::load(&user.path("ours.safetensors")).unwrap();
    assert_eq!((imported.values, imported.passes), (model.values, 0));
    assert!(printed(&mut user.lenet5("test --model ours.safetensors --dataset digits")).contains("confusion matrix"));

    refused(&user, IMPORT, 1, "ours.safetensors is already there and is left as it is");
}

/// Half precision, double precision, another order of dimensions, one tensor that is left out, and names one by one.
#[test]
fn types_orders_and_what_is_left_out() {
    let (user, model) = (User::new(), modern());
    let mut tensors = of_pytorch(&model);
    for tensor in &mut tensors {
        let values: Vec<f32> = tensor.bytes.as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
        match tensor.name.as_str() {
            "conv1.weight" => {
                tensor.dtype = Dtype::F64;
                tensor.bytes = values.iter().flat_map(|&value| f64::from(value).to_le_bytes()).collect();
            }
            "fc3.bias" => {
                tensor.dtype = Dtype::BF16;
                tensor.bytes = [0x3fc0u16; 10].iter().flat_map(|bits| bits.to_le_bytes()).collect();
            }
            "fc2.bias" => {
                tensor.dtype = Dtype::F16;
                tensor.bytes = [0xc100u16; 84].iter().flat_map(|bits| bits.to_le_bytes()).collect();
            }
            "fc2.weight" => {
                tensor.shape = vec![120, 84];
                tensor.bytes = (0..120 * 84).flat_map(|at| values[at % 84 * 120 + at / 84].to_le_bytes()).collect();
            }
            _ => {}
        }
    }
    let steps = Theirs { name: "steps".into(), dtype: Dtype::I64, shape: vec![], bytes: vec![9, 0, 0, 0, 0, 0, 0, 0] };
    tensors.push(steps);
    save(&user, "theirs.safetensors", &tensors);
    fs::write(user.path("map.toml"), map()).unwrap();

    refused(&user, IMPORT, 1, "tensor `steps`: the network has none of this name; map it to one of c1.weight, c1.bias");
    let left_out = format!("{IMPORT} --map steps=");
    let message = "theirs.safetensors: tensor `fc2.weight`: expected the shape [84, 120] of `f6.weight`, found [120, 84]; state their \
                   order as {to = ..., transpose = [...]}";
    refused(&user, &left_out, 1, message);
    assert!(!user.path("ours.safetensors").exists());
    fs::write(user.path("more.toml"), "\"fc2.weight\" = {to = \"f6.weight\", transpose = [1, 0]}\n").unwrap();
    let text = printed(&mut user.lenet5(&format!("{left_out} --map more.toml")));
    assert!(text.contains("left out") && text.contains("BF16"), "{text}");

    let mut expected = model.values.clone();
    for (tensor, range) in model.network().layout().iter() {
        match tensor.name.as_str() {
            "output.bias" => expected[range].fill(1.5),
            "f6.bias" => expected[range].fill(-2.5),
            _ => {}
        }
    }
    assert_eq!(Model::load(&user.path("ours.safetensors")).unwrap().values, expected);
}

/// LeNet-5 by its own names: the table takes a full convolution with zeros, and the codes are compared.
#[test]
fn a_table_takes_a_full_convolution_with_zeros() {
    let (user, model) = (User::new(), Model::pretrained());
    let arrays = model.tensors();
    let table = lenet5::paper::TABLE_I;
    let widen = |array: Array<f32>| {
        let mut theirs =
            Theirs { name: array.name.clone(), dtype: Dtype::F32, shape: array.shape.clone(), bytes: array.bytes() };
        if array.name == "c3.weight" {
            let mut full = vec![0f32; 16 * 6 * 25];
            let pairs =
                table.iter().enumerate().flat_map(|(output, row)| row.iter().map(move |&input| (output, input)));
            for ((output, input), kernel) in pairs.zip(array.values.chunks_exact(25)) {
                full[(output * 6 + input) * 25..][..25].copy_from_slice(kernel);
            }
            theirs.shape = vec![16, 6, 5, 5];
            theirs.bytes = full.iter().flat_map(|value| value.to_le_bytes()).collect();
        }
        theirs
    };
    let mut tensors: Vec<Theirs> = arrays.into_iter().map(widen).collect();
    save(&user, "theirs.safetensors", &tensors);
    printed(&mut user.lenet5("import theirs.safetensors --preset tuned --out ours.safetensors"));
    let imported = Model::load(&user.path("ours.safetensors")).unwrap();
    assert_eq!((imported.values, imported.settings.j), (model.values, 5.0));

    let broken = "import theirs.safetensors --preset tuned --out other.safetensors";
    let codes = tensors.iter().position(|tensor| tensor.name == "rbf.codes").unwrap();
    tensors[codes].bytes[3] ^= 0x80;
    save(&user, "theirs.safetensors", &tensors);
    refused(&user, broken, 1, "tensor `rbf.codes`: expected the values that are fixed in `rbf.codes`, found others");
    tensors.remove(codes);
    let c3 = tensors.iter().position(|tensor| tensor.name == "c3.weight").unwrap();
    // Map 3 of S2 does not feed map 0 of C3.
    tensors[c3].bytes[4 * (3 * 25)..][..4].copy_from_slice(&0.25f32.to_le_bytes());
    save(&user, "theirs.safetensors", &tensors);
    let message = "tensor `c3.weight`: expected weights of 0 between maps that the network does not join, found 0.25 from input map 3 to \
                   output map 0";
    refused(&user, broken, 1, message);
    assert!(!user.path("other.safetensors").exists());
}

/// Each fault has a message that names the file, the tensor, what was expected and what was found; nothing is written.
#[test]
fn what_does_not_fit_is_refused() {
    let (user, tensors) = (User::new(), of_pytorch(&modern()));
    fs::write(user.path("map.toml"), map()).unwrap();
    let changed = |name: &str, change: &dyn Fn(&mut Theirs)| {
        let mut tensors = tensors.clone();
        tensors.iter_mut().filter(|tensor| tensor.name == name).for_each(change);
        save(&user, "theirs.safetensors", &tensors);
    };
    changed("conv1.bias", &|tensor| tensor.bytes[4..8].copy_from_slice(&f32::NAN.to_le_bytes()));
    refused(&user, IMPORT, 1, "theirs.safetensors: tensor `conv1.bias`: expected finite numbers, found NaN at [1]");
    changed("conv1.bias", &|tensor| tensor.dtype = Dtype::I32);
    refused(&user, IMPORT, 1, "tensor `conv1.bias`: expected numbers of type F64, F32, F16 or BF16, found I32");
    changed("conv1.weight", &|tensor| tensor.shape = vec![5, 5, 1, 6]);
    refused(
        &user,
        IMPORT,
        1,
        "tensor `conv1.weight`: expected the shape [6, 1, 5, 5] of `c1.weight`, found [5, 5, 1, 6]; state",
    );
    changed("conv1.weight", &|tensor| tensor.name = "first.weight".into());
    refused(&user, IMPORT, 1, "tensor `conv1.weight`: the map has this name; the file has `conv1.bias` [6]");
    changed("conv1.weight", &|tensor| tensor.bytes.fill(0x7e));
    refused(&user, IMPORT, 1, "found some that are too large, in `c1.weight`");
    changed("none", &|_| {});
    refused(
        &user,
        &format!("{IMPORT} --map conv1.bias="),
        1,
        "expected a tensor for each of `c1.bias` [6]; found `conv1.bias` [6], ",
    );
    refused(&user, &format!("{IMPORT} --map conv1.bias=c2.bias"), 1, "unknown tensor `c2.bias`, did you mean");
    refused(
        &user,
        &format!("{IMPORT} --map conv1.bias=c3.bias"),
        1,
        "it goes to `c3.bias`, to which `conv1.bias` goes already",
    );
    refused(&user, &format!("{IMPORT} --map nowhere.toml"), 1, "nowhere.toml: cannot read the map");
    refused(&user, &format!("{IMPORT} --preset lenet1"), 2, "--preset");
    fs::write(user.path("map.toml"), "conv1.weight = 3").unwrap();
    refused(&user, IMPORT, 1, "map.toml: `conv1.weight`: expected the name of a tensor");
    fs::write(user.path("map.toml"), map()).unwrap();
    fs::write(user.path("theirs.safetensors"), b"PK\x03\x04 a pickle").unwrap();
    refused(&user, IMPORT, 1, "a file of torch.save becomes one by safetensors.torch.save_file");
    fs::remove_file(user.path("theirs.safetensors")).unwrap();
    refused(&user, IMPORT, 1, "theirs.safetensors: cannot read the tensors");
    assert!(!user.path("ours.safetensors").exists());
}
