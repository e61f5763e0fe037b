//! Every answer of a network, beside the counts of its evaluation.

#![cfg(feature = "digits")]

use std::ops::ControlFlow;

use lenet5::data::{Images, digits};
use lenet5::evaluation::{evaluate, evaluate_while, outputs};
use lenet5::models;
use lenet5::models::builder::Builder;
use lenet5::training::initialisation::initial_values;
use lenet5::training::{Observer, Trainer};

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

/// So many images that there are several questions; the bits of the sum are those of any number of threads, and with a question more or less.
#[test]
fn an_evaluation_is_stopped_between_its_parts() {
    let (settings, digits) = (Builder::default().build().unwrap(), digits::load().test);
    let images = Images::new(28, 28, digits.pixels().repeat(25), digits.labels().repeat(25));
    let network = models::build::<f32>(&settings);
    let values = initial_values(network.layout(), &settings);
    let asked = |threads, until: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut asked = 0;
        let evaluation = pool.install(|| {
            evaluate_while(&network, &values, settings.loss_function(), &images, || {
                asked += 1;
                if asked == until { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
        });
        (evaluation, asked)
    };
    let (whole, questions) = asked(1, usize::MAX);
    assert!(questions >= 3, "{questions}");
    assert_eq!(asked(3, usize::MAX).0, whole);
    assert_eq!(asked(1, 2), (ControlFlow::Break(()), 2));
}

/// Stops at the question of this number, counted from 1.
struct At(usize);

impl Observer for At {
    fn measuring(&mut self) -> ControlFlow<()> {
        self.0 -= 1;
        if self.0 == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// There is a question before the curvatures, the training errors and the test errors.
#[test]
fn a_pass_that_is_stopped_while_something_is_measured_counts_for_nothing() {
    let (settings, dataset) = (Builder::assigned(&["training_patterns=50"]).unwrap(), digits::load());
    for question in 1..=4 {
        let mut trainer = Trainer::<f32>::new(&settings, &dataset);
        let outcome = trainer.pass(&mut At(question));
        assert_eq!((outcome.is_break(), trainer.passes()), if question < 4 { (true, 0) } else { (false, 1) });
    }
}
