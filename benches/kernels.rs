//! `cargo bench --bench kernels`: the kernels for any size at LeNet-5's sizes, and networks of other shapes, at every level.
//!
//! Throughput counts multiply-adds: 1 Gelem/s is 1 ns for each.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lenet5::codes;
use lenet5::kernels::fast::Fast;
use lenet5::kernels::simd::Level;
use lenet5::kernels::{Connections, Kernels, Plain, Table};
use lenet5::layers::{Convolution, Layer, Squash, Subsampling, dense};
use lenet5::maps::{Maps, Shape};
use lenet5::models::{Readings, lenet5};
use lenet5::network::Network;
use lenet5::paper::C3_TABLE;

/// The plain kernels and each level, slowest first.
fn kernels() -> Vec<(String, Box<dyn Kernels<f32>>)> {
    let mut all: Vec<(String, Box<dyn Kernels<f32>>)> = vec![("plain".into(), Box::new(Plain))];
    for level in Level::available() {
        all.push((level.name().into(), Box::new(Fast { level })));
    }
    all
}

fn numbers(count: usize) -> Vec<f32> {
    (0..count).map(|index| (index as f32).sin()).collect()
}

fn maps(shape: Shape) -> Maps<f32> {
    Maps::from_values(shape, numbers(shape.units())).expect("as many numbers as units")
}

fn convolution(criterion: &mut Criterion, name: &str, table: Table, input: Shape) {
    let connections = Connections { table, size: 5 };
    let output = Shape::new(connections.table.outputs(), input.height - 4, input.width - 4);
    let values = numbers(connections.weights() + output.maps);
    let (x, mut a, mut dw, mut dx) = (maps(input), maps(output), values.clone(), maps(input));
    let (da, mut scratch) = (a.clone(), Vec::new());
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements((connections.weights() * output.area()) as u64));
    for (level, kernels) in kernels() {
        group.bench_function(format!("forward/{level}"), |bencher| {
            bencher.iter(|| kernels.convolution_forward(&connections, &values, &x, &mut a, &mut scratch));
        });
        group.bench_function(format!("weights/{level}"), |bencher| {
            bencher.iter(|| kernels.convolution_parameter_derivative(&connections, &x, &da, &mut dw, &mut scratch));
        });
        group.bench_function(format!("input/{level}"), |bencher| {
            bencher.iter(|| kernels.convolution_input_derivative(&connections, &values, &da, &mut dx, &mut scratch));
        });
    }
    group.finish();
}

fn full(criterion: &mut Criterion, name: &str, inputs: usize, outputs: usize) {
    let (weights, biases, x, da) = (numbers(inputs * outputs), numbers(outputs), numbers(inputs), numbers(outputs));
    let (mut a, mut dx, mut dw, mut db) = (da.clone(), x.clone(), weights.clone(), biases.clone());
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements((inputs * outputs) as u64));
    for (level, kernels) in kernels() {
        group.bench_function(format!("forward/{level}"), |bencher| {
            bencher.iter(|| kernels.dense_forward(&weights, &biases, &x, &mut a));
        });
        group.bench_function(format!("weights/{level}"), |bencher| {
            bencher.iter(|| kernels.dense_parameter_derivative(&x, &da, &mut dw, &mut db));
        });
        group.bench_function(format!("input/{level}"), |bencher| {
            bencher.iter(|| kernels.dense_input_derivative(&weights, &da, &mut dx));
        });
    }
    group.finish();
}

fn between(criterion: &mut Criterion) {
    let (shape, fields) = (Shape::new(6, 28, 28), Shape::new(6, 14, 14));
    let (x, da, values) = (maps(shape), maps(fields), numbers(12));
    let (mut a, mut dx, mut derivative, mut scratch) = (da.clone(), x.clone(), values.clone(), Vec::new());
    let mut group = criterion.benchmark_group("S2");
    group.throughput(Throughput::Elements(shape.units() as u64));
    for (level, kernels) in kernels() {
        group.bench_function(format!("forward/{level}"), |bencher| {
            bencher.iter(|| kernels.subsampling_forward(2, &values[..6], &values[6..], &x, &mut a));
        });
        group.bench_function(format!("coefficients/{level}"), |bencher| {
            bencher.iter(|| kernels.subsampling_parameter_derivative(2, &x, &da, &mut derivative, &mut scratch));
        });
        group.bench_function(format!("input/{level}"), |bencher| {
            bencher.iter(|| kernels.subsampling_input_derivative(2, &values[..6], &da, &mut dx));
        });
        group.bench_function(format!("squash/{level}"), |bencher| {
            bencher.iter(|| kernels.squash_forward(&x.values, &mut dx.values));
        });
        group.bench_function(format!("squash derivative/{level}"), |bencher| {
            bencher.iter(|| kernels.squash_input_derivative(false, &x.values, &x.values, &mut dx.values));
        });
    }
    group.finish();
    let (codes, x, dy) = (numbers(840), numbers(84), numbers(10));
    let (mut y, mut dx) = (dy.clone(), x.clone());
    let mut group = criterion.benchmark_group("RBF");
    group.throughput(Throughput::Elements(840));
    for (level, kernels) in kernels() {
        group.bench_function(format!("forward/{level}"), |bencher| {
            bencher.iter(|| kernels.rbf_forward(1.0, &codes, &x, &mut y));
        });
        group.bench_function(format!("input/{level}"), |bencher| {
            bencher.iter(|| kernels.rbf_gradient(1.0, &codes, &x, &dy, &mut dx));
        });
    }
    group.finish();
}

fn single(criterion: &mut Criterion) {
    convolution(criterion, "C1", Table::full(1, 6), Shape::new(1, 32, 32));
    convolution(criterion, "C3", Table::sparse(6, &C3_TABLE), Shape::new(6, 14, 14));
    convolution(criterion, "C3, full table", Table::full(6, 16), Shape::new(6, 14, 14));
    convolution(criterion, "C5 on 5x13", Table::full(16, 120), Shape::new(16, 5, 13));
    full(criterion, "C5", 400, 120);
    full(criterion, "F6", 120, 84);
    between(criterion);
}

/// Two convolutions with subsampling between and after, then a full connection.
fn lenet1(table: Table, outputs: usize) -> Network<f32> {
    let maps = table.outputs();
    let layers: Vec<Box<dyn Layer<f32>>> = vec![
        Box::new(Convolution::new("C1", Table::full(1, table.inputs()), 5)),
        Box::new(Squash),
        Box::new(Subsampling::new("S2", table.inputs(), 2)),
        Box::new(Squash),
        Box::new(Convolution::new("C3", table, 5)),
        Box::new(Squash),
        Box::new(Subsampling::new("S4", maps, 2)),
        Box::new(Squash),
        Box::new(Convolution::new("C5", Table::full(maps, outputs), 4)),
        Box::new(Squash),
    ];
    Network::new(Shape::new(1, 28, 28), layers).expect("the layers fit each other")
}

/// Multiply-adds of a forward pass, and of a gradient pass, which the first layer has half of.
fn multiply_adds(network: &Network<f32>, input: Shape) -> [u64; 2] {
    let rows = network.table(input).expect("it takes the input");
    let weights = |name: &str| {
        let tensors =
            network.layout().iter().filter(|(tensor, _)| tensor.name == format!("{}.weight", name.to_lowercase()));
        tensors.map(|(tensor, _)| tensor.size()).sum::<usize>()
    };
    let products: Vec<u64> = rows.iter().map(|row| (weights(&row.name) * row.output.area()) as u64).collect();
    let all: u64 = products.iter().sum();
    [all, 2 * all - products[0]]
}

fn networks(criterion: &mut Criterion) {
    let half: Vec<Vec<usize>> = (0..12).map(|map| vec![map % 4, (map + 1 + map / 4 % 3) % 4]).collect();
    let half: Vec<&[usize]> = half.iter().map(Vec::as_slice).collect();
    type Case = (&'static str, Box<dyn Fn() -> Network<f32>>, Shape);
    let sparse = Table::sparse(4, &half);
    let cases: Vec<Case> = vec![
        ("LeNet-1, full table", Box::new(|| lenet1(Table::full(4, 12), 10)), Shape::new(1, 28, 28)),
        ("LeNet-1, half the table", Box::new(move || lenet1(sparse.clone(), 10)), Shape::new(1, 28, 28)),
        ("6-16 full, 120", Box::new(|| lenet1(Table::full(6, 16), 120)), Shape::new(1, 28, 28)),
        ("LeNet-5", Box::new(|| lenet5(&codes::digits(), Readings::default())), Shape::new(1, 32, 32)),
        ("LeNet-5 on 32x64", Box::new(|| lenet5(&codes::digits(), Readings::default())), Shape::new(1, 32, 64)),
        (
            "dense 400-120-84",
            Box::new(|| {
                let layers: Vec<Box<dyn Layer<f32>>> =
                    vec![Box::new(dense("A", 400, 120)), Box::new(dense("B", 120, 84))];
                Network::new(Shape::new(400, 1, 1), layers).expect("the layers fit each other")
            }),
            Shape::new(400, 1, 1),
        ),
    ];
    for (name, network, input) in cases {
        let mut group = criterion.benchmark_group(name);
        for (level, kernels) in self::kernels() {
            let network = network().with_kernels(kernels);
            let values: Vec<f32> = numbers(network.layout().size()).iter().map(|value| 0.1 * value).collect();
            let mut workspace = network.workspace(input).expect("it takes the input");
            *workspace.input_mut() = maps(input);
            let [forward, gradient] = multiply_adds(&network, input);
            group.throughput(Throughput::Elements(forward));
            group.bench_function(format!("forward/{level}"), |bencher| {
                bencher.iter(|| network.forward(&values, &mut workspace));
            });
            let (output, derivative) = workspace.output_and_derivative();
            derivative.values.copy_from_slice(&output.values);
            let mut sums = vec![0.0; values.len()];
            group.throughput(Throughput::Elements(gradient));
            group.bench_function(format!("gradient/{level}"), |bencher| {
                bencher.iter(|| network.gradient(&values, &mut workspace, &mut sums));
            });
        }
        group.finish();
    }
}

/// Short runs: there are many, and medians of a pinned core are steady.
fn brief() -> Criterion {
    use std::time::Duration;
    let criterion = Criterion::default().without_plots().sample_size(20);
    criterion.warm_up_time(Duration::from_millis(50)).measurement_time(Duration::from_millis(200))
}

criterion_group! { name = benches; config = brief(); targets = single, networks }
criterion_main!(benches);
