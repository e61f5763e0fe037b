//! `cargo bench --bench batch`: the kernels on sixteen patterns at the sizes of a modern LeNet (6 and 16 maps, full tables,
//! 2x2 max-pooling), at every level that `LENET5_SIMD` allows.
//!
//! Each is timed for sixteen patterns; throughput counts multiply-adds: 1 Gelem/s is 1 ns for each. `sum` is all of them, one
//! after another: `forward` what an answer takes, `step` what learning takes, both without what lies between the layers.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lenet5::kernels::fast::Fast;
use lenet5::kernels::maps::{Maps, PATTERNS, Shape};
use lenet5::kernels::simd::Level;
use lenet5::kernels::{Connections, Kernels, Table};

fn levels() -> Vec<Level> {
    Level::allowed().expect("LENET5_SIMD names a level of this processor")
}

fn numbers(count: usize) -> Vec<f32> {
    (0..count).map(|index| (index as f32).sin()).collect()
}

fn batch(shape: Shape) -> Maps<f32> {
    let mut batch = Maps::batch(shape, PATTERNS);
    batch.values.copy_from_slice(&numbers(shape.units() * PATTERNS));
    batch
}

/// A convolution at work; the first one of a network takes no derivatives with respect to its input.
struct Convolution {
    name: &'static str,
    connections: Connections,
    values: Vec<f32>,
    derivative: Vec<f32>,
    x: Maps<f32>,
    a: Maps<f32>,
    da: Maps<f32>,
    dx: Option<Maps<f32>>,
    scratch: Vec<f32>,
}

impl Convolution {
    fn new(name: &'static str, inputs: usize, outputs: usize, size: usize, side: usize) -> Self {
        let connections = Connections { table: Table::full(inputs, outputs), size };
        let (from, to) = (Shape::new(inputs, side, side), Shape::new(outputs, side + 1 - size, side + 1 - size));
        let (values, dx) = (numbers(connections.weights() + outputs), (name != "C1").then(|| batch(from)));
        let (x, a, da) = (batch(from), batch(to), batch(to));
        Self { name, connections, derivative: values.clone(), values, x, a, da, dx, scratch: Vec::new() }
    }

    /// Multiply-adds of one pass over sixteen patterns.
    fn products(&self) -> u64 {
        (self.connections.weights() * self.a.shape().area() * PATTERNS) as u64
    }

    fn forward(&mut self, kernels: &dyn Kernels<f32>) {
        let Self { connections, values, x, a, scratch, .. } = self;
        kernels.convolution_forward(connections, values, x, a, scratch);
    }

    fn weights(&mut self, kernels: &dyn Kernels<f32>) {
        let Self { connections, x, da, derivative, scratch, .. } = self;
        kernels.convolution_parameter_derivative(connections, x, da, derivative, scratch);
    }

    fn input(&mut self, kernels: &dyn Kernels<f32>) {
        let Self { connections, values, da, dx, scratch, .. } = self;
        if let Some(dx) = dx {
            kernels.convolution_input_derivative(connections, values, da, dx, scratch);
        }
    }
}

/// 2x2 max-pooling at work.
struct Pool {
    name: &'static str,
    x: Maps<f32>,
    a: Maps<f32>,
    dx: Maps<f32>,
}

impl Pool {
    fn new(name: &'static str, maps: usize, side: usize) -> Self {
        let shape = Shape::new(maps, side, side);
        Self { name, x: batch(shape), a: batch(Shape::new(maps, side / 2, side / 2)), dx: batch(shape) }
    }

    fn forward(&mut self, kernels: &dyn Kernels<f32>) {
        kernels.max_pool_forward(2, &self.x, &mut self.a);
    }

    fn input(&mut self, kernels: &dyn Kernels<f32>) {
        kernels.max_pool_input_derivative(2, &self.x, &self.a, &mut self.dx);
    }
}

fn convolutions() -> [Convolution; 5] {
    [
        Convolution::new("C1", 1, 6, 5, 32),
        Convolution::new("C3", 6, 16, 5, 14),
        Convolution::new("C5", 16, 120, 5, 5),
        Convolution::new("F6", 120, 84, 1, 1),
        Convolution::new("output", 84, 10, 1, 1),
    ]
}

fn pools() -> [Pool; 2] {
    [Pool::new("S2", 6, 28), Pool::new("S4", 16, 10)]
}

fn single(criterion: &mut Criterion) {
    for mut layer in convolutions() {
        let mut group = criterion.benchmark_group(layer.name);
        group.throughput(Throughput::Elements(layer.products()));
        for level in levels() {
            let (name, kernels) = (level.name(), Fast { level });
            group.bench_function(format!("forward/{name}"), |bencher| bencher.iter(|| layer.forward(&kernels)));
            group.bench_function(format!("weights/{name}"), |bencher| bencher.iter(|| layer.weights(&kernels)));
            if layer.dx.is_some() {
                group.bench_function(format!("input/{name}"), |bencher| bencher.iter(|| layer.input(&kernels)));
            }
        }
        group.finish();
    }
    for mut layer in pools() {
        let mut group = criterion.benchmark_group(layer.name);
        for level in levels() {
            let (name, kernels) = (level.name(), Fast { level });
            group.bench_function(format!("forward/{name}"), |bencher| bencher.iter(|| layer.forward(&kernels)));
            group.bench_function(format!("input/{name}"), |bencher| bencher.iter(|| layer.input(&kernels)));
        }
        group.finish();
    }
}

fn sum(criterion: &mut Criterion) {
    let (mut convolutions, mut pools) = (convolutions(), pools());
    let forward: u64 = convolutions.iter().map(Convolution::products).sum();
    let back = 2 * forward - convolutions[0].products();
    let mut group = criterion.benchmark_group("sum");
    for level in levels() {
        let (name, kernels) = (level.name(), Fast { level });
        group.throughput(Throughput::Elements(forward));
        group.bench_function(format!("forward/{name}"), |bencher| {
            bencher.iter(|| {
                convolutions.iter_mut().for_each(|layer| layer.forward(&kernels));
                pools.iter_mut().for_each(|layer| layer.forward(&kernels));
            });
        });
        group.throughput(Throughput::Elements(forward + back));
        group.bench_function(format!("step/{name}"), |bencher| {
            bencher.iter(|| {
                convolutions.iter_mut().for_each(|layer| layer.forward(&kernels));
                pools.iter_mut().for_each(|layer| layer.forward(&kernels));
                convolutions.iter_mut().for_each(|layer| layer.weights(&kernels));
                convolutions.iter_mut().for_each(|layer| layer.input(&kernels));
                pools.iter_mut().for_each(|layer| layer.input(&kernels));
            });
        });
    }
    group.finish();
}

/// Short runs: there are many, and medians of a pinned core are steady.
fn brief() -> Criterion {
    use std::time::Duration;
    let criterion = Criterion::default().without_plots().sample_size(20);
    criterion.warm_up_time(Duration::from_millis(50)).measurement_time(Duration::from_millis(200))
}

criterion_group! { name = benches; config = brief(); targets = single, sum }
criterion_main!(benches);
