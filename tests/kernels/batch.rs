//! The kernels on sixteen patterns against the plain ones pattern by pattern, at every level that this machine has.

use crate::common;
use crate::comparison::{check_convolution, compare, each, nan, pattern, singles, tables};

use lenet5::kernels::fast::Fast;
use lenet5::kernels::maps::{Maps, PATTERNS, Shape};
use lenet5::kernels::simd::Level;
use lenet5::kernels::{Connections, Kernels, Plain, Table};
use lenet5::paper::TABLE_I;
use proptest::prelude::*;

fn batch(purpose: &str, draw: u64, shape: Shape) -> Maps<f32> {
    crate::comparison::batch(purpose, draw, shape, PATTERNS)
}

/// The largest of each field and where it is: the first of equal ones, row by row.
fn largest(size: usize, input: &Maps<f32>, to: Shape) -> Vec<(usize, f32)> {
    let from = input.shape();
    let of_field = |field: usize| {
        let (map, y, x) = (field / to.area(), field % to.area() / to.width, field % to.width);
        let units =
            (0..size * size).map(|i| (map * from.height + y * size + i / size) * from.width + x * size + i % size);
        let later = |best: usize, unit: usize| if input.values[unit] > input.values[best] { unit } else { best };
        let best = units.reduce(later).expect("a unit at least");
        (best, input.values[best])
    };
    (0..to.units()).map(of_field).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn one_position(table in tables(), size in 1..=7_usize, draw: u64) {
        let shape = Shape::new(table.inputs(), size, size);
        check_convolution(&Connections { table, size }, shape, PATTERNS, draw)?;
    }

    /// Of few different numbers, so that many are equal.
    #[test]
    fn largest_of_fields(
        (count, size) in (1..=4_usize, 1..=4_usize), more in (0..12_usize, 0..12_usize), draw: u64,
    ) {
        let shape = Shape::new(count, size + more.0, size + more.1);
        let to = Shape::new(count, shape.height / size, shape.width / size);
        let (mut input, da) = (batch("input", draw, shape), batch("da", draw, to));
        input.values.iter_mut().for_each(|x| *x = (4.0 * *x - 4.0).round());
        let of_pattern = |n: usize| largest(size, &pattern(&input, n), to);
        let a = each(to, PATTERNS, |n, a| a.values.iter_mut().zip(of_pattern(n)).for_each(|(a, (_, x))| *a = x));
        let dx = each(shape, PATTERNS, |n, dx| {
            dx.values.fill(0.0);
            for ((unit, _), da) in of_pattern(n).into_iter().zip(&pattern(&da, n).values) {
                dx.values[unit] = *da;
            }
        });
        compare(&[a.clone(), dx.clone()], |kernels, _| {
            let (mut found, mut found_dx) = (nan(to, PATTERNS), nan(shape, PATTERNS));
            kernels.max_pool_forward(size, &input, &mut found);
            kernels.max_pool_input_derivative(size, &input, &da, &mut found_dx);
            assert!(found.values == a && found_dx.values == dx, "nothing is rounded");
            vec![found.values.to_vec(), found_dx.values.to_vec()]
        })?;
    }
}

/// The layers that these kernels were made for, and LeNet-5's own C3.
#[test]
fn layers_of_networks() {
    for (table, size, side) in [
        (Table::full(1, 6), 5, 32),
        (Table::full(6, 16), 5, 14),
        (Table::sparse(6, &TABLE_I), 5, 14),
        (Table::full(16, 120), 5, 5),
        (Table::full(120, 84), 1, 1),
        (Table::full(84, 10), 1, 1),
    ] {
        let shape = Shape::new(table.inputs(), side, side);
        check_convolution(&Connections { table, size }, shape, PATTERNS, 0).unwrap();
    }
}

/// A pattern that is not a number, and one that is infinite, leave the others' bits as they are.
#[test]
fn patterns_do_not_meet() {
    let (connections, shape) = (Connections { table: Table::full(2, 5), size: 3 }, Shape::new(2, 6, 9));
    let to = Shape::new(5, 4, 7);
    let (sound, values, scratch) = (batch("input", 0, shape), singles("values", 0, 95), &mut Vec::new());
    let mut spoilt = sound.clone();
    spoilt.set_pattern(3, &Maps::from_values(shape, vec![f32::NAN; shape.units()]).unwrap());
    spoilt.set_pattern(8, &Maps::from_values(shape, vec![f32::INFINITY; shape.units()]).unwrap());
    for level in Level::available() {
        let (mut a, mut b) = (nan(to, PATTERNS), nan(to, PATTERNS));
        Fast { level }.convolution_forward(&connections, &values, &sound, &mut a, scratch);
        Fast { level }.convolution_forward(&connections, &values, &spoilt, &mut b, scratch);
        for n in (0..PATTERNS).filter(|n| ![3, 8].contains(n)) {
            assert_eq!(pattern(&a, n), pattern(&b, n), "{level:?}, pattern {n}");
        }
        assert!(pattern(&b, 3).values.iter().all(|x| x.is_nan()));
    }
}

#[test]
fn a_batch_holds_its_patterns() {
    let shape = Shape::new(2, 3, 5);
    let patterns: Vec<Maps<f64>> = (0..PATTERNS as u64).map(|n| common::maps("pattern", n, shape)).collect();
    let mut batch = Maps::batch(shape, PATTERNS);
    for (n, maps) in patterns.iter().enumerate() {
        batch.set_pattern(n, maps);
    }
    for (n, maps) in patterns.iter().enumerate() {
        let mut copy = Maps::zeros(shape);
        batch.pattern(n, &mut copy);
        assert_eq!(&copy, maps);
        assert!((0..shape.units()).all(|unit| batch.values[unit * PATTERNS + n] == maps.values[unit]));
    }
}

/// Any number of patterns does, if more slowly: five as the first five of sixteen.
#[test]
fn any_number_of_patterns_will_do() {
    let (connections, shape) = (Connections { table: Table::full(2, 5), size: 3 }, Shape::new(2, 6, 9));
    let (values, sixteen, scratch) = (singles("values", 0, 95), batch("input", 0, shape), &mut Vec::new());
    let (mut five, mut a) = (Maps::batch(shape, 5), Maps::batch(Shape::new(5, 4, 7), 5));
    (0..5).for_each(|n| five.set_pattern(n, &pattern(&sixteen, n)));
    Fast { level: Level::of_process() }.convolution_forward(&connections, &values, &five, &mut a, scratch);
    for n in 0..5 {
        let mut expected = Maps::zeros(a.shape());
        Plain.convolution_forward(&connections, &values, &pattern(&sixteen, n), &mut expected, scratch);
        assert_eq!(pattern(&a, n), expected);
    }
}
