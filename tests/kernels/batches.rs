//! Training on batches: their gradient is the mean of the single ones, and no bit depends on the number of threads.

#![cfg(feature = "digits")]

use crate::common;
use crate::comparison::norm;
use crate::settings::settings;

use lenet5::config::Settings;
use lenet5::data::digits;
use lenet5::evaluation::{evaluate, outputs};
use lenet5::kernels::compute::Compute;
use lenet5::kernels::maps::Maps;
use lenet5::kernels::scalar::Scalar;
use lenet5::models;
use lenet5::network::engine::Engine;
use lenet5::network::loss::Loss;
use lenet5::network::optimizer::Rule;
use lenet5::network::parameters::Parameters;
use lenet5::training::Trainer;
use lenet5::training::initialisation::initial_values;

/// Pattern `index` of a made-up set, and its class.
fn write<T: Scalar>(index: usize, input: &mut Maps<T>) -> usize {
    let numbers = common::maps("batch", index as u64, input.shape()).values;
    input.values.iter_mut().zip(&numbers).for_each(|(unit, &number)| *unit = T::of(number));
    index % 10
}

/// Compares the gradient of a batch, which is the velocity of a first step without momentum, tensor by tensor with the mean of its
/// patterns' gradients, each computed alone by the plain kernels in f64.
fn check_mean<T: Compute>(assignments: &[&str], count: usize, tolerance: f64) {
    let settings = settings(assignments);
    let network = models::build::<T>(&settings);
    let mut parameters: Parameters<T> = Parameters::new(initial_values(network.layout(), &settings));
    parameters.moments = vec![T::one(); parameters.values.len()];
    let patterns: Vec<usize> = (0..count).collect();
    let mut engine = Engine::for_training(&network, Rule::Sgd { momentum: 0.0 }, count);
    engine.load(&parameters, 0);
    let steps = engine.learn(&network, settings.loss_function(), &patterns, write).to_vec();
    engine.save(&mut parameters);
    let found = parameters.moments;

    let plain = models::build::<f64>(&settings);
    let values: Vec<f64> = initial_values(plain.layout(), &settings);
    let mut workspace = plain.standard_workspace();
    let mut sum = vec![0.0; values.len()];
    for (&pattern, step) in patterns.iter().zip(steps) {
        let class = write(pattern, workspace.input_mut());
        plain.forward(&values, &mut workspace);
        let (outputs, derivative) = workspace.output_and_derivative();
        let loss = settings.loss_function().gradient(&outputs.values, class, &mut derivative.values);
        assert!((loss - step.loss).abs() <= 1e3 * tolerance * loss.abs(), "{assignments:?}: {loss}, {step:?}");
        plain.gradient(&values, &mut workspace, &mut sum);
    }
    let found: Vec<f64> = found.into_iter().map(T::widen).collect();
    let expected: Vec<f64> = sum.into_iter().map(|sum| sum / count as f64).collect();
    for (tensor, range) in plain.layout().iter() {
        let (found, expected) = (&found[range.clone()], &expected[range]);
        let away = norm(found.iter().zip(expected).map(|(f, e)| f - e)) / norm(expected.iter().copied());
        assert!(away <= tolerance, "{assignments:?}, {} patterns, {}: {away:e}", count, tensor.name);
    }
}

#[test]
fn a_batch_has_the_mean_of_the_single_gradients() {
    for preset in ["paper", "lenet1", "lenet4", "lush", "modern", "modern-wide"] {
        check_mean::<f64>(&[&format!("preset={preset}")], 37, 1e-12);
        check_mean::<f32>(&[&format!("preset={preset}")], 37, 1e-5);
    }
    for count in [1, 16, 32, 33, 64, 100] {
        check_mean::<f32>(&["preset=modern"], count, 1e-5);
    }
}

/// Values after two passes, and the outputs on the test set, on this many threads.
fn trained(settings: &Settings, threads: usize) -> (Vec<f32>, Vec<usize>, f64) {
    let dataset = digits::load();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| {
        let mut trainer = Trainer::<f32>::new(settings, &dataset);
        for _ in 0..2 {
            trainer.pass(&mut ()).continue_value().expect("nobody stops it");
        }
        let (network, values) = (trainer.network(), &trainer.parameters().values);
        let answers = outputs(network, values, &dataset.test).answers();
        let loss = evaluate(network, values, Loss::CrossEntropy, &dataset.test).mean_loss;
        (values.clone(), answers, loss)
    })
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    for optimizer in ["sgd", "adam"] {
        let optimizer = format!("optimizer={optimizer}");
        let settings =
            settings(&["preset=modern", &optimizer, "eta_factor=0.02", "training_patterns=500", "batch=100"]);
        let one = trained(&settings, 1);
        assert!(one.0.iter().all(|value| value.is_finite()));
        assert!([2, 7].into_iter().all(|threads| trained(&settings, threads) == one), "{optimizer}");
    }
}

#[test]
fn the_modern_network_learns_the_digits() {
    let settings = settings(&["preset=modern", "passes=4", "schedule=[{ passes = 4, eta = 0.002 }]"]);
    let dataset = digits::load();
    let mut trainer = Trainer::<f32>::new(&settings, &dataset);
    let records: Vec<_> = (0..4).map(|_| trainer.pass(&mut ()).continue_value().expect("nobody stops it")).collect();
    assert!(records[3].test_error_percent < 8.0, "{records:?}");
    assert!(records[3].running_training_loss < records[0].running_training_loss);
}
