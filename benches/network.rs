//! `cargo bench`: the passes of LeNet-5 with the plain kernels, on one core.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lenet5::config_file::Builder;
use lenet5::data::{digits, encoder::Encoder};
use lenet5::evaluation::evaluate;
use lenet5::training::Trainer;

fn passes(criterion: &mut Criterion) {
    let settings = Builder::default().build().expect("the preset is acceptable");
    let dataset = digits::load();
    let mut trainer = Trainer::<f32>::new(&settings, &dataset);
    trainer.estimate_curvature();
    trainer.set_step_sizes();

    let mut group = criterion.benchmark_group("lenet5");
    let mut index = 0;
    group.throughput(Throughput::Elements(1));
    group.bench_function("training step", |bencher| {
        bencher.iter(|| {
            index = (index + 1) % dataset.training.len();
            trainer.present(&[index], |_| std::ops::ControlFlow::Continue(()))
        });
    });
    let (network, values) = (trainer.network(), &trainer.parameters().values);
    let mut workspace = network.standard_workspace();
    Encoder::default().encode_image(&dataset.test, 0, workspace.input_mut());
    group.bench_function("forward", |bencher| bencher.iter(|| network.forward(values, &mut workspace)));
    let mut curvature = vec![0.0; values.len()];
    settings.loss_function().curvature(0, &mut workspace.output_and_derivative().1.values);
    group.bench_function("curvature of one pattern", |bencher| {
        bencher.iter(|| network.curvature(values, &mut workspace, &mut curvature));
    });
    group.throughput(Throughput::Elements(dataset.test.len() as u64));
    group.bench_function("evaluation, all cores", |bencher| {
        bencher.iter(|| evaluate(network, values, settings.loss_function(), &dataset.test));
    });
    group.finish();
}

criterion_group!(benches, passes);
criterion_main!(benches);
