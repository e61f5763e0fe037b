//! Ten training steps against a stored trajectory: nothing in the network, its start, its data or its training changes
//! unnoticed.
//!
//! The stored numbers are in the files `trajectory_*.txt`. After a change that is meant to change them, write them again with
//! `LENET5_STORE=1 cargo test --release --test calculus trajectory` and look at the difference.

#![cfg(feature = "digits")]

use std::fmt::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::{env, fs};

use lenet5::data::digits;
use lenet5::kernels::compute::Compute;
use lenet5::training::{Step, Trainer};

use crate::settings::settings;

fn step_on<T: Compute>(trainer: &mut Trainer<T>, index: usize) -> Step {
    let mut result = None;
    let _ = trainer.present(&[index], |step| {
        result = Some(step);
        ControlFlow::Continue(())
    });
    result.expect("one pattern was presented")
}

fn norm(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum::<f64>().sqrt()
}

/// Loss and norms of ten steps in `f64`, with ten digits: far coarser than a reordering of sums, far finer than a mistake.
fn trajectory(assignments: &[&str]) -> String {
    let (settings, dataset) = (settings(assignments), digits::load());
    let mut trainer = Trainer::<f64>::new(&settings, &dataset);
    trainer.estimate_curvature();
    let (smallest, largest) = trainer.set_step_sizes();
    let mut text = format!("effective rates {smallest:.9e} to {largest:.9e}\n");
    for (tensor, range) in trainer.network().layout().iter() {
        writeln!(text, "curvature of {} {:.9e}", tensor.name, norm(&trainer.parameters().curvature[range])).unwrap();
    }
    for step in 0..10 {
        let Step { loss, right, .. } = step_on(&mut trainer, step);
        writeln!(text, "\nstep {step}: loss {loss:.9e}, {}", if right { "right" } else { "wrong" }).unwrap();
        for (tensor, range) in trainer.network().layout().iter() {
            writeln!(text, "{} {:.9e}", tensor.name, norm(&trainer.parameters().values[range])).unwrap();
        }
    }
    text
}

/// Compares a trajectory with the stored one, or stores it where LENET5_STORE is set.
fn compare(name: &str, trajectory: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/calculus").join(name);
    if env::var_os("LENET5_STORE").is_some() {
        fs::write(&path, trajectory).unwrap();
    }
    assert_eq!(trajectory, fs::read_to_string(&path).unwrap(), "{}", path.display());
}

#[test]
fn ten_steps_of_the_preset_paper() {
    compare("trajectory_of_the_preset_paper.txt", &trajectory(&[]));
}

#[test]
fn ten_steps_of_the_preset_paper_2_4() {
    compare("trajectory_of_the_preset_paper_2_4.txt", &trajectory(&["preset=paper-2.4"]));
}

#[test]
fn ten_steps_of_the_authors_code() {
    let code = ["preset=paper-2.4", "loss=eq8", "distance=half", "weight_range=1", "coefficient=0.5", "eta_factor=0.3"];
    compare("trajectory_of_the_authors_code.txt", &trajectory(&code));
}

/// Training in f32 is the same computation: it stays with the f64 one to the accuracy of f32.
#[test]
fn f32_follows_f64() {
    let (settings, dataset) = (settings(&[]), digits::load());
    let (mut single, mut double) = (Trainer::<f32>::new(&settings, &dataset), Trainer::<f64>::new(&settings, &dataset));
    single.estimate_curvature();
    double.estimate_curvature();
    single.set_step_sizes();
    double.set_step_sizes();
    for step in 0..10 {
        let loss = step_on(&mut single, step).loss;
        let expected = step_on(&mut double, step).loss;
        assert!((loss - expected).abs() < 1e-4 * expected, "step {step}: {loss} and {expected}");
    }
}
