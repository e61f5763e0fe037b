//! probe
use lenet5::config_file::Builder;
use lenet5::data::{digits, encoder::Encoder};
use lenet5::engine::Fixed;
use lenet5::kernels::{
    lenet5::{Kernel, Lenet5},
    simd::Level,
};
use lenet5::optimizer::levenberg_marquardt as lm;
use lenet5::training::Trainer;
use std::time::Instant;
fn median(mut f: impl FnMut()) -> f64 {
    let mut t: Vec<f64> = (0..21)
        .map(|_| {
            let s = Instant::now();
            for _ in 0..500 {
                f()
            }
            s.elapsed().as_secs_f64() / 500.0 * 1e6
        })
        .collect();
    t.sort_by(f64::total_cmp);
    t[10]
}
fn main() {
    let settings = Builder::default().build().unwrap();
    let dataset = digits::load();
    let mut trainer = Trainer::<f32>::new(&settings, &dataset);
    trainer.estimate_curvature();
    trainer.set_step_sizes();
    let mut parameters = trainer.parameters().clone();
    let network = trainer.network();
    let loss = settings.loss_function();
    for level in Level::available() {
        let mut fast = Lenet5::new(level, &settings.codes(), settings.distance.scale() as f32);
        fast.load_values(&parameters.values);
        fast.load_step_sizes(&parameters.step_size);
        let mut workspace = network.standard_workspace();
        let mut p = trainer.parameters().clone();
        for index in 0..20 {
            Encoder::default().encode_image(&dataset.training, index, workspace.input_mut());
            let input = workspace.input_mut().values.clone();
            network.forward(&p.values, &mut workspace);
            let class = usize::from(dataset.training.labels()[index]);
            let (y, dy) = workspace.output_and_derivative();
            loss.gradient(&y.values, class, &mut dy.values);
            let dy = dy.values.clone();
            let mut d = [0.0; 10];
            fast.forward(&input, &mut d);
            let worst = d.iter().zip(&y.values).map(|(a, b)| (a / b - 1.0).abs()).fold(0.0, f32::max);
            if index % 10 == 9 {
                println!("distances differ by {worst:e}");
            }
            network.gradient(&p.values, &mut workspace, &mut p.gradient);
            lm::update(&mut p);
            fast.learn(&dy);
        }
        let mut values = p.values.clone();
        fast.save_values(&mut values);
        for (tensor, range) in network.layout().iter() {
            let start = &trainer.parameters().values[range.clone()];
            let (mut n, mut e) = (0f64, 0f64);
            for ((a, b), s) in values[range.clone()].iter().zip(&p.values[range.clone()]).zip(start) {
                n += f64::from(b - s).powi(2);
                e += f64::from(a - b).powi(2);
            }
            print!("{} {:.1e}  ", tensor.name, (e / n).sqrt());
        }
        println!();
        parameters.values.clone_from(&trainer.parameters().values);
        let input = workspace.input_mut().values.clone();
        let dy = vec![1e-9; 10];
        let mut d = [0.0; 10];
        if level.name() != "scalar" {
            println!(
                "{level:?}: forward {:.2} us",
                median(|| {
                    fast.forward(&input, &mut d);
                })
            );
            println!(
                "{level:?}: both {:.2} us",
                median(|| {
                    fast.forward(&input, &mut d);
                    fast.learn(&dy);
                })
            );
            for kernel in Kernel::FORWARD.into_iter().chain(Kernel::BACKWARD) {
                println!("   {kernel:?} {:.2} us", median(|| fast.run(kernel)));
            }
        }
    }
}
