//! The encoding of pixels, and each layer, in the operators of ONNX.

use super::graph::{Chain, integer, integers};
use super::messages::DataType;
use crate::data::reduction;
use crate::kernels::Table;
use crate::network::Network;
use crate::network::encoding::Encoding;
use crate::network::layers::Operation;

/// Bytes to the levels of the network's input: as floats, reduced where the network reads images so, put into the middle of the input,
/// where the background is 0 still, and scaled by channel.
pub fn encoding(chain: &mut Chain, network: &Network<f32>, (height, width): (usize, usize)) {
    let (Encoding { levels, reduced }, input) = (network.encoding(), network.input());
    chain.node("pixels", "Cast", &[], &[integer("to", DataType::Float as i64)]);
    if *reduced {
        reduce(chain, (height, width));
    }
    let (down, across) = (input.height - height, input.width - width);
    if down + across > 0 {
        let (top, left) = (down / 2, across / 2);
        let pads = chain.integers("frame.pads", &[0, 0, top, left, 0, 0, down - top, across - left]);
        chain.node("frame", "Pad", &[pads], &[]);
    }
    // The levels rise evenly with the pixel.
    let channels = levels.of_pixels::<f64>();
    let levels = || (0..input.maps).map(|map| &channels[map.min(channels.len() - 1)]);
    let step = levels().map(|levels| ((levels[255] - levels[0]) / 255.0) as f32);
    let step = chain.floats("levels.step", &[input.maps, 1, 1], step);
    chain.node("levels.above", "Mul", &[step], &[]);
    let background = chain.floats("levels.background", &[input.maps, 1, 1], levels().map(|levels| levels[0] as f32));
    chain.node("levels", "Add", &[background], &[]);
}

/// Images reduced within their frame, by whole numbers, which are exact as floats.
fn reduce(chain: &mut Chain, (height, width): (usize, usize)) {
    let matrix = |size: usize| reduction::matrix(size).into_iter().map(|weight| weight as f32);
    let columns: Vec<f32> = matrix(width).collect();
    let transposed = (0..width * width).map(|at| columns[at % width * width + at / width]);
    let columns = chain.floats("reduction.columns", &[width, width], transposed);
    chain.node("reduction.across", "MatMul", &[columns], &[]);
    let rows = chain.floats("reduction.rows", &[height, height], matrix(height));
    chain.multiply_from_left("reduction.sum", rows);
    let half = chain.floats("reduction.half", &[], [(reduction::ALL / 2) as f32]);
    chain.node("reduction.above", "Add", &[half], &[]);
    let all = chain.floats("reduction.all", &[], [reduction::ALL as f32]);
    chain.node("reduction.mean", "Div", &[all], &[]);
    chain.node("reduction", "Floor", &[], &[]);
}

/// A layer on `maps` maps with its parameters. `named` is its name, or that of the layer before whose result it goes on with.
pub fn layer(chain: &mut Chain, named: &str, maps: usize, operation: Operation<'_, f32>, values: &[f32]) {
    match operation {
        Operation::Convolution { table, size } => convolution(chain, named, table, size, values),
        Operation::Subsampling { size } => subsampling(chain, named, maps, size, values),
        Operation::MaxPool { size } => {
            let fields = [integers("kernel_shape", &[size, size]), integers("strides", &[size, size])];
            chain.node(named, "MaxPool", &[], &fields);
        }
        Operation::Tanh { amplitude, slope } => {
            let slope = chain.floats("squash.slope", &[], [slope as f32]);
            chain.node(&format!("{named}.scaled"), "Mul", &[slope], &[]);
            chain.node(&format!("{named}.tanh"), "Tanh", &[], &[]);
            let amplitude = chain.floats("squash.amplitude", &[], [amplitude as f32]);
            chain.node(&format!("{named}.squash"), "Mul", &[amplitude], &[]);
        }
        Operation::Relu => chain.node(&format!("{named}.relu"), "Relu", &[], &[]),
        Operation::Negative => chain.node(&format!("{named}.negative"), "Neg", &[], &[]),
        Operation::Repeat { times } => {
            let copied: Vec<usize> = (0..maps * times).map(|map| map / times).collect();
            let copied = chain.integers(&format!("{named}.copied"), &copied);
            chain.node(&format!("{named}.repeat"), "Gather", &[copied], &[integer("axis", 1)]);
        }
        Operation::Distances { codes, inputs, scale } => distances(chain, named, (codes, inputs), scale),
    }
}

/// A full convolution, in which the kernels of pairs that are not in the table are 0.
fn convolution(chain: &mut Chain, named: &str, table: &Table, size: usize, values: &[f32]) {
    let (outputs, inputs, area) = (table.outputs(), table.inputs(), size * size);
    let (kernels, biases) = values.split_at(table.pairs().len() * area);
    let mut weights = vec![0.0; outputs * inputs * area];
    for (&(output, input), kernel) in table.pairs().iter().zip(kernels.chunks_exact(area)) {
        weights[(output * inputs + input) * area..][..area].copy_from_slice(kernel);
    }
    let weight = chain.floats(&format!("{named}.weight"), &[outputs, inputs, size, size], weights);
    let bias = chain.floats(&format!("{named}.bias"), &[outputs], biases.iter().copied());
    chain.node(named, "Conv", &[weight, bias], &[integers("kernel_shape", &[size, size])]);
}

/// A convolution of each map by itself, whose kernel has the coefficient of the map everywhere.
fn subsampling(chain: &mut Chain, named: &str, maps: usize, size: usize, values: &[f32]) {
    let (coefficients, biases) = values.split_at(maps);
    let kernels = coefficients.iter().flat_map(|&coefficient| std::iter::repeat_n(coefficient, size * size));
    let coefficient = chain.floats(&format!("{named}.coefficient"), &[maps, 1, size, size], kernels);
    let bias = chain.floats(&format!("{named}.bias"), &[maps], biases.iter().copied());
    let fields = [integers("kernel_shape", &[size, size]), integers("strides", &[size, size])];
    chain.node(named, "Conv", &[coefficient, bias], &[&fields[..], &[integer("group", maps as i64)]].concat());
}

/// The scaled squared distances between the components at each position and the codes, as differences squared and added.
fn distances(chain: &mut Chain, named: &str, (codes, inputs): (&[f32], usize), scale: f32) {
    let axis = chain.integers(&format!("{named}.classes"), &[1]);
    chain.node(&format!("{named}.each"), "Unsqueeze", &[axis], &[]);
    let shape = [codes.len() / inputs, inputs, 1, 1];
    let codes = chain.floats(&format!("{named}.codes"), &shape, codes.iter().copied());
    chain.node(&format!("{named}.difference"), "Sub", &[codes], &[]);
    chain.square(&format!("{named}.square"));
    let axis = chain.integers(&format!("{named}.components"), &[2]);
    chain.node(&format!("{named}.sum"), "ReduceSum", &[axis], &[integer("keepdims", 0)]);
    if scale != 1.0 {
        let scale = chain.floats(&format!("{named}.scale"), &[], [scale]);
        chain.node(&format!("{named}.scaled_sum"), "Mul", &[scale], &[]);
    }
}
