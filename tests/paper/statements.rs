//! LeNet-5 against the figures that the paper prints.

use crate::common;

use std::collections::BTreeSet;

use lenet5::data::encoder::Encoder;
use lenet5::kernels::maps::{Maps, Shape};
use lenet5::kernels::plain::squash;
use lenet5::models::{Readings, lenet5};
use lenet5::network::Network;
use lenet5::network::optimizer::{PRINTED_SCHEDULE, eta};
use lenet5::paper;
use lenet5::paper::TABLE_I;
use lenet5::paper::codes;

use crate::family::check;

fn f(a: f64) -> f64 {
    let mut x = [f64::NAN];
    squash::forward(&[a], &mut x);
    x[0]
}

fn network() -> Network<f64> {
    lenet5(&codes::digits(), Readings::AS_PRINTED)
}

/// The whole table of section II-B, against the network that is built.
#[test]
fn layers_have_the_printed_maps_parameters_and_connections() {
    check("paper", &paper::LENET5, (paper::LENET5_PARAMETERS, paper::LENET5_CONNECTIONS));
    assert_eq!((paper::LENET5_PARAMETERS, paper::LENET5_CONNECTIONS), (60_000, 340_908));
}

/// Table I as the text describes it: contiguous subsets of three, then of four (both around the end), then four that are not
/// contiguous, then all.
#[test]
fn table_i_is_built_as_the_text_says() {
    let cyclic = |start: usize, offsets: &[usize]| offsets.iter().map(|offset| (start + offset) % 6).collect();
    let mut expected: Vec<BTreeSet<usize>> = (0..6).map(|start| cyclic(start, &[0, 1, 2])).collect();
    expected.extend((0..6).map(|start| cyclic(start, &[0, 1, 2, 3])));
    expected.extend((0..3).map(|start| cyclic(start, &[0, 1, 3, 4])));
    expected.push((0..6).collect());
    let table: Vec<BTreeSet<usize>> = TABLE_I.iter().map(|row| row.iter().copied().collect()).collect();
    assert_eq!(table, expected);
    assert!(TABLE_I.iter().all(|row| row.is_sorted_by(|a, b| a < b)), "rows in ascending order, nothing twice");
}

#[test]
fn the_learning_curve_is_that_of_fig_5() {
    let mut reader = csv::Reader::from_path("tests/data/fig05_learning_curve.csv").unwrap();
    let curve: Vec<(usize, f64, f64)> = reader.deserialize().map(Result::unwrap).collect();
    assert_eq!(paper::LEARNING_CURVE[..], curve);
}

/// The text's 0.95 % and 0.35 % are points of Fig. 5, within what can be read off it.
#[test]
fn the_printed_results_lie_on_fig_5() {
    let (_, training, _) = paper::LEARNING_CURVE[18];
    let (_, _, test) = paper::LEARNING_CURVE[19];
    assert_eq!((paper::TRAINING_ERROR_PERCENT, paper::TEST_ERROR_PERCENT), (0.35, 0.95));
    assert!((training - 0.35).abs() <= 0.03 && (test - 0.95).abs() <= 0.03);
}

/// Every bar of Figs. 9 to 12, in every column.
#[test]
fn the_classifiers_are_those_of_figs_9_to_12() {
    type Bars = (String, f64, Option<f64>, Option<f64>, Option<f64>);
    let mut reader = csv::Reader::from_path("tests/data/fig09_12_classifiers.csv").unwrap();
    let read: Vec<Bars> = reader.deserialize().map(Result::unwrap).collect();
    let ours = paper::CLASSIFIERS.iter().map(|bars| {
        let name = bars.name.to_string();
        (name, bars.test_error_percent, bars.rejection_percent, bars.kilo_multiply_adds, bars.kilo_variables)
    });
    assert_eq!(ours.collect::<Vec<Bars>>(), read);
}

/// A is printed as 1.7159, which leaves it open by 0.00005.
#[test]
fn the_squashing_function_is_one_at_one_and_odd() {
    assert!((f(1.0) - 1.0).abs() < 0.00005, "f(1) = {}", f(1.0));
    for step in 0..1000 {
        let a = f64::from(step) / 100.0;
        assert_eq!(f(-a), -f(a));
        assert!((f(a) - 1.7159 * (2.0 * a / 3.0).tanh()).abs() < 1e-14);
    }
}

/// |f''| by second differences on a grid: its maximum is at +-0.9877, "about" the printed +-1.
#[test]
fn the_squashing_function_bends_most_at_about_one() {
    let h = 1e-3;
    let bend = |a: f64| (f(a + h) - 2.0 * f(a) + f(a - h)).abs() / (h * h);
    for sign in [1.0, -1.0] {
        let side = (0..=4000).map(|step| sign * f64::from(step) / 1000.0);
        let largest = side.max_by(|&a, &b| bend(a).total_cmp(&bend(b))).unwrap();
        assert!((largest - sign).abs() < 0.02, "|f''| is largest at {largest}");
    }
}

#[test]
fn input_levels_are_those_printed() {
    let encoder = Encoder::<f64>::default();
    assert_eq!((encoder.level(0), encoder.level(255)), (-0.1, 1.175));
    assert!((encoder.level(51) - (-0.1 + 1.275 / 5.0)).abs() < 1e-15);
}

#[test]
fn the_schedule_over_20_passes_is_the_printed_one() {
    let printed = [
        0.0005, 0.0005, 0.0002, 0.0002, 0.0002, 0.0001, 0.0001, 0.0001, 0.00005, 0.00005, 0.00005, 0.00005, 0.00001,
        0.00001, 0.00001, 0.00001, 0.00001, 0.00001, 0.00001, 0.00001,
    ];
    let passes: Vec<f64> = (1..=20).map(|pass| eta(&PRINTED_SCHEDULE, pass)).collect();
    assert_eq!(passes, printed);
    assert_eq!(PRINTED_SCHEDULE.iter().map(|rate| rate.passes).sum::<usize>(), 20);
}

/// Section VII: one answer for 32x32, one more for every four pixels.
#[test]
fn larger_inputs_have_more_positions() {
    let positions = |height, width| network().shapes(Shape::new(1, height, width)).unwrap().last().copied().unwrap();
    assert_eq!(positions(32, 32), Shape::new(10, 1, 1));
    assert_eq!(positions(32, 64), Shape::new(10, 1, 9));
    assert_eq!(positions(64, 64), Shape::new(10, 9, 9));
    assert!(network().shapes(Shape::new(1, 31, 32)).is_err() && network().shapes(Shape::new(3, 32, 32)).is_err());
}

/// The maps' window of 32x32 whose upper left corner is at (top, left).
fn crop(image: &Maps<f64>, top: usize, left: usize) -> Vec<f64> {
    let image = image.matrix(0);
    (0..32 * 32).map(|unit| image[(top + unit / 32, left + unit % 32)]).collect()
}

/// The replicated network answers at every position, and with what the network itself answers to that part of the image. The
/// two add the same products in a different order in C5 and F6, hence 1e-12 and not equality.
#[test]
fn the_replicated_network_is_the_network_at_every_position() {
    let network = network();
    let values: Vec<f64> = common::numbers("replicated values", 0, 60_000).iter().map(|value| 0.3 * value).collect();
    for shape in [Shape::new(1, 32, 64), Shape::new(1, 40, 44)] {
        let mut whole = network.workspace(shape).unwrap();
        *whole.input_mut() = common::maps("replicated input", 0, shape);
        network.forward(&values, &mut whole);
        let (image, answers) = (&whole.states()[0], whole.output());
        let mut single = network.standard_workspace();
        for y in 0..answers.shape().height {
            for x in 0..answers.shape().width {
                single.input_mut().values.copy_from_slice(&crop(image, 4 * y, 4 * x));
                network.forward(&values, &mut single);
                for (class, expected) in single.output().values.iter().enumerate() {
                    let found = answers.matrix(class)[(y, x)];
                    assert!((found - expected).abs() < 1e-12 * expected, "({y}, {x}): {found}, not {expected}");
                }
            }
        }
        let first: Vec<f64> = (0..10).map(|class| answers.matrix(class)[(0, 0)]).collect();
        let last: Vec<f64> = (0..10).map(|class| answers.matrix(class)[(0, answers.shape().width - 1)]).collect();
        assert_ne!(first, last, "different parts of the image get different answers");
    }
}
