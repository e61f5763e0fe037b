//! `cargo bench --bench kernels`: the kernels for any size at LeNet-5's sizes, and the step of networks of other shapes, at every
//! level that `LENET5_SIMD` allows.
//!
//! Throughput counts multiply-adds: 1 Gelem/s is 1 ns for each. A network of another shape is to cost at most three times what
//! LeNet-5 costs as one piece of code. So at each level `step` of any group must have a third at least of the Gelem/s of `LeNet-5,
//! fused/step`; for these alone: `cargo bench --bench kernels -- step`.
//!
//! `dense 400-120-84` has less: it uses each weight once, so that the update, which is not counted, is half of its step.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lenet5::kernels::fast::Fast;
use lenet5::kernels::maps::{Maps, Shape};
use lenet5::kernels::simd::Level;
use lenet5::kernels::{Connections, Kernels, Plain, Table};
use lenet5::models::{INPUT, Readings, lenet5};
use lenet5::network::Network;
use lenet5::network::engine::Engine;
use lenet5::network::layers::{Convolution, Layer, Squash, Subsampling, dense};
use lenet5::network::loss::Loss;
use lenet5::network::optimizer::Rule;
use lenet5::network::parameters::Parameters;
use lenet5::paper::TABLE_I;
use lenet5::paper::codes;
use lenet5::training::benchmark::multiply_adds;

fn levels() -> Vec<Level> {
    Level::allowed().expect("LENET5_SIMD names a level of this processor")
}

/// The plain kernels and each level, slowest first.
fn kernels() -> Vec<(String, Box<dyn Kernels<f32>>)> {
    let mut all: Vec<(String, Box<dyn Kernels<f32>>)> = vec![("plain".into(), Box::new(Plain))];
    for level in levels() {
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

/// Small parameters, so that states stay within the squashing function's slope.
fn values(network: &Network<f32>) -> Vec<f32> {
    numbers(network.layout().size()).iter().map(|value| 0.1 * value).collect()
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
    let connections = Connections { table: Table::full(inputs, outputs), size: 1 };
    let (values, x, da) =
        (numbers((inputs + 1) * outputs), maps(Shape::new(inputs, 1, 1)), maps(Shape::new(outputs, 1, 1)));
    let (mut a, mut dx, mut dw, mut scratch) = (da.clone(), x.clone(), values.clone(), Vec::new());
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements((inputs * outputs) as u64));
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
    convolution(criterion, "C3", Table::sparse(6, &TABLE_I), Shape::new(6, 14, 14));
    convolution(criterion, "C3, full table", Table::full(6, 16), Shape::new(6, 14, 14));
    convolution(criterion, "C5 on 5x6", Table::full(16, 120), Shape::new(16, 5, 6));
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

/// LeNet-5's step as one piece of code: what the others are compared with.
fn fused(criterion: &mut Criterion) {
    let network = lenet5::<f32>(&codes::digits(), Readings::AS_PRINTED);
    let mut group = criterion.benchmark_group("LeNet-5, fused");
    group.throughput(Throughput::Elements(multiply_adds(&network, INPUT).step as u64));
    for level in levels() {
        let network = lenet5::<f32>(&codes::digits(), Readings::AS_PRINTED).at_level(level);
        let (mut engine, input) = (Engine::new(&network), maps(INPUT));
        engine.load_values(&values(&network));
        group.bench_function(format!("step/{}", level.name()), |bencher| {
            bencher.iter(|| {
                engine.learn(&network, Loss::Eq8, &[0], |_, to| {
                    to.values.copy_from_slice(&input.values);
                    0
                });
            });
        });
    }
    group.finish();
}

/// The same step layer by layer: forward, gradient and update. All step sizes are zero here and there.
fn step(criterion: &mut Criterion, name: &str, network: impl Fn() -> Network<f32>, input: Shape) {
    let mut group = criterion.benchmark_group(name);
    for (level, kernels) in kernels() {
        let network = network().with_kernels(kernels);
        let mut parameters = Parameters::new(values(&network));
        let mut workspace = network.workspace(input).expect("it takes the input");
        *workspace.input_mut() = maps(input);
        group.throughput(Throughput::Elements(multiply_adds(&network, input).step as u64));
        group.bench_function(format!("step/{level}"), |bencher| {
            bencher.iter(|| {
                network.forward(&parameters.values, &mut workspace);
                let (output, derivative) = workspace.output_and_derivative();
                derivative.values.copy_from_slice(&output.values);
                network.gradient(&parameters.values, &mut workspace, &mut parameters.gradient);
                Rule::LevenbergMarquardt { mu: 0.0 }.step(network.kernels(), &mut parameters, 1);
            });
        });
    }
    group.finish();
}

fn networks(criterion: &mut Criterion) {
    let half: Vec<Vec<usize>> = (0..12).map(|map| vec![map % 4, (map + 1 + map / 4 % 3) % 4]).collect();
    let half: Vec<&[usize]> = half.iter().map(Vec::as_slice).collect();
    let sparse = Table::sparse(4, &half);
    let small = Shape::new(1, 28, 28);
    fused(criterion);
    for (height, width) in [(32, 32), (32, 36), (32, 64), (64, 32)] {
        let network = || lenet5(&codes::digits(), Readings::AS_PRINTED);
        step(criterion, &format!("LeNet-5 on {height}x{width}"), network, Shape::new(1, height, width));
    }
    step(criterion, "LeNet-1, full table", || lenet1(Table::full(4, 12), 10), small);
    step(criterion, "LeNet-1, half the table", || lenet1(sparse.clone(), 10), small);
    step(criterion, "6-16 full, 120", || lenet1(Table::full(6, 16), 120), small);
    let layers = || -> Vec<Box<dyn Layer<f32>>> { vec![Box::new(dense("A", 400, 120)), Box::new(dense("B", 120, 84))] };
    let input = Shape::new(400, 1, 1);
    step(criterion, "dense 400-120-84", || Network::new(input, layers()).expect("the layers fit each other"), input);
}

/// Short runs: there are many, and medians of a pinned core are steady.
fn brief() -> Criterion {
    use std::time::Duration;
    let criterion = Criterion::default().without_plots().sample_size(20);
    criterion.warm_up_time(Duration::from_millis(50)).measurement_time(Duration::from_millis(200))
}

criterion_group! { name = benches; config = brief(); targets = single, networks }
criterion_main!(benches);
