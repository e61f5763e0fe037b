//! Every answer of a network, beside the counts of its evaluation.

#![cfg(feature = "digits")]

use lenet5::data::digits;
use lenet5::evaluation::{evaluate, outputs};
use lenet5::models;
use lenet5::models::builder::Builder;
use lenet5::training::initialisation::initial_values;

/// The network's own answers, counted by [`evaluate`], and the same bits from one thread and from three.
#[test]
fn outputs_are_those_that_evaluate_counts_for_any_number_of_threads() {
    let (settings, images) = (Builder::default().build().unwrap(), digits::load().test);
    let network = models::build::<f32>(&settings);
    let values = initial_values(network.layout(), &settings);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| outputs(&network, &values, &images))
    };
    let outputs = on(1);
    assert_eq!(outputs, on(3));
    assert_eq!((outputs.len(), outputs.is_empty()), (images.len(), false));

    let evaluation = evaluate(&network, &values, settings.loss_function(), &images);
    let pairs: Vec<(usize, usize)> = images.labels().iter().map(|&l| l.into()).zip(outputs.answers()).collect();
    for class in 0..10 {
        for answer in 0..10 {
            let count = pairs.iter().filter(|&&pair| pair == (class, answer)).count();
            assert_eq!(evaluation.confusion[(class, answer)], count, "{class} taken for {answer}");
        }
    }
    let loss: f64 = (0..images.len())
        .map(|index| settings.loss_function().value(outputs.row(index), images.labels()[index].into()))
        .sum();
    assert!((loss / images.len() as f64 - evaluation.mean_loss).abs() < 1e-9 * evaluation.mean_loss);
}
