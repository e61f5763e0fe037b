//! A training step allocates nothing.

#![cfg(feature = "digits")]

use std::ops::ControlFlow;

use lenet5::data::digits;
use lenet5::models::builder::Builder;
use lenet5::training::Trainer;

#[test]
fn a_step_of_the_fast_network_allocates_nothing() {
    let settings = Builder::default().build().unwrap();
    let dataset = digits::load();
    let mut trainer = Trainer::<f32>::new(&settings, &dataset);
    assert!(trainer.network().fused().is_some(), "the preset trains LeNet-5 as one piece of code");
    trainer.estimate_curvature();
    trainer.set_step_sizes();
    for count in [10, 1000] {
        let patterns: Vec<usize> = (0..count).collect();
        let mut steps = 0;
        let info = allocation_counter::measure(|| {
            let _ = trainer.present(&patterns, |_| {
                steps += 1;
                ControlFlow::Continue(())
            });
        });
        assert_eq!((steps, info.count_total), (count, 0), "(steps, allocations)");
    }
}

/// The counter counts: a test that finds no allocation says something.
#[test]
fn the_counter_counts() {
    let info = allocation_counter::measure(|| drop(std::hint::black_box(vec![0; 100])));
    assert_eq!(info.count_total, 1);
}
