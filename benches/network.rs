//! `cargo bench`: LeNet-5's training step and its kernels at each SIMD level, forward, evaluation and curvature; the modern network's
//! epoch.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lenet5::config::{Config, Settings};
use lenet5::data::{Dataset, Images, digits};
use lenet5::evaluation::evaluate;
use lenet5::kernels::lenet5::Kernel;
use lenet5::kernels::simd::Level;
use lenet5::models::{self, builder::Builder};
use lenet5::training::Trainer;
use lenet5::training::benchmark::after_a_step;

fn settings() -> Settings {
    Builder::default().build().expect("the preset is acceptable")
}

fn trainer(settings: &Settings, dataset: &Dataset, level: Level) -> Trainer<f32> {
    Trainer::with_network(settings, dataset, models::build(settings).at_level(level))
}

fn levels() -> Vec<Level> {
    Level::allowed().expect("LENET5_SIMD names a level of this processor")
}

/// On one core: a step as a run does it.
fn network(criterion: &mut Criterion) {
    let (settings, dataset) = (settings(), digits::load());
    for level in levels() {
        let mut trainer = trainer(&settings, &dataset, level);
        trainer.estimate_curvature();
        trainer.set_step_sizes();
        let mut group = criterion.benchmark_group(format!("lenet5 {}", level.name()));
        group.throughput(Throughput::Elements(1));
        group.bench_function("training step", |bencher| {
            // Many at a time, as in a pass: each call of `present` copies all parameters.
            bencher.iter_custom(|count| {
                let patterns: Vec<usize> = (0..count as usize).map(|step| step % dataset.training.len()).collect();
                let started = Instant::now();
                let _ = trainer.present(&patterns, |_| ControlFlow::Continue(()));
                started.elapsed()
            });
        });
    }
}

/// On all cores.
fn sets(criterion: &mut Criterion) {
    let (settings, dataset) = (settings(), digits::load());
    let mut trainer = Trainer::<f32>::new(&settings, &dataset);
    let mut group = criterion.benchmark_group("all cores");
    group.sample_size(10);
    group.throughput(Throughput::Elements(settings.curvature_count as u64));
    group.bench_function("curvature estimate", |bencher| bencher.iter(|| trainer.estimate_curvature()));

    // As many as MNIST has.
    let images = repeated(&dataset.test, 10_000);
    group.throughput(Throughput::Elements(images.len() as u64));
    let (network, values) = (trainer.network(), &trainer.parameters().values);
    group.bench_function("evaluation", |bencher| {
        bencher.iter(|| evaluate(network, values, settings.loss_function(), &images));
    });
}

/// The modern network on one core: an epoch of 60,000 patterns in batches of 64, and an evaluation of 10,000.
fn modern(criterion: &mut Criterion) {
    let settings = models::preset("modern").and_then(Config::check).expect("the preset is acceptable");
    let mut dataset = digits::load();
    dataset.training = repeated(&dataset.training, 60_000);
    let images = repeated(&dataset.test, 10_000);
    let one_core = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("the system starts a thread");
    for level in levels() {
        let mut trainer = trainer(&settings, &dataset, level);
        let mut group = criterion.benchmark_group(format!("modern {}, one core", level.name()));
        group.sample_size(10);
        if level.name() == "scalar" {
            continue; // a minute each
        }
        let order = trainer.order(1);
        group.throughput(Throughput::Elements(order.len() as u64));
        group.bench_function("epoch", |bencher| {
            bencher.iter(|| one_core.install(|| trainer.present(&order, |_| ControlFlow::Continue(()))));
        });
        group.throughput(Throughput::Elements(images.len() as u64));
        let (network, values) = (trainer.network(), &trainer.parameters().values);
        group.bench_function("evaluation", |bencher| {
            bencher.iter(|| one_core.install(|| evaluate(network, values, settings.loss_function(), &images)));
        });
    }
}

/// `count` images: these, again and again.
fn repeated(images: &Images, count: usize) -> Images {
    let (height, width) = images.size();
    let indices = || (0..count).map(|index| index % images.len());
    let pixels = indices().flat_map(|index| images.image(index)).copied().collect();
    Images::new(height, width, pixels, indices().map(|index| images.labels()[index]).collect())
}

/// Each kernel of the step, alone.
fn kernels(criterion: &mut Criterion) {
    for level in levels() {
        let mut lenet5 = after_a_step(level, &settings(), &digits::load());
        let mut group = criterion.benchmark_group(format!("kernels {}", level.name()));
        for kernel in Kernel::FORWARD.into_iter().chain(Kernel::BACKWARD) {
            group.bench_function(format!("{kernel:?}"), |bencher| bencher.iter(|| lenet5.run(kernel)));
        }
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2));
    targets = network, sets, modern, kernels
}
criterion_main!(benches);
