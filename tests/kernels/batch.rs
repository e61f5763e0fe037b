//! The kernels on sixteen patterns against the plain ones pattern by pattern, at every level that this machine has.

use crate::common;

use common::numbers;
use lenet5::kernels::fast::Fast;
use lenet5::kernels::maps::{Maps, PATTERNS, Shape};
use lenet5::kernels::simd::Level;
use lenet5::kernels::{Connections, Kernels, Plain, Table};
use lenet5::paper::TABLE_I;
use proptest::prelude::*;

/// Numbers in 0.5..1.5. No sum of their products cancels, so that 1e-5 of its norm means something for a single sum as well.
fn singles(purpose: &str, draw: u64, count: usize) -> Vec<f32> {
    numbers(purpose, draw, count).into_iter().map(|number| 1.0 + 0.5 * number as f32).collect()
}

fn batch(purpose: &str, draw: u64, shape: Shape) -> Maps<f32> {
    let mut batch = Maps::batch(shape, PATTERNS);
    batch.values.copy_from_slice(&singles(purpose, draw, shape.units() * PATTERNS));
    batch
}

fn nan(shape: Shape) -> Maps<f32> {
    let mut batch = Maps::batch(shape, PATTERNS);
    batch.values.fill(f32::NAN);
    batch
}

fn pattern(batch: &Maps<f32>, n: usize) -> Maps<f32> {
    let mut maps = Maps::zeros(batch.shape());
    batch.pattern(n, &mut maps);
    maps
}

/// A batch of what `compute` writes for each pattern.
fn each(shape: Shape, mut compute: impl FnMut(usize, &mut Maps<f32>)) -> Vec<f32> {
    let (mut batch, mut maps) = (Maps::batch(shape, PATTERNS), Maps::zeros(shape));
    for n in 0..PATTERNS {
        compute(n, &mut maps);
        batch.set_pattern(n, &maps);
    }
    batch.values.to_vec()
}

fn norm(numbers: impl Iterator<Item = f32>) -> f64 {
    numbers.map(|x| f64::from(x).powi(2)).sum::<f64>().sqrt()
}

/// What is expected is what each level computes, to 1e-5 of its norm; the levels agree in every bit. The scratch buffer starts as
/// NaN: what is in it must not matter.
fn check(
    expected: &[Vec<f32>],
    compute: impl Fn(&dyn Kernels<f32>, &mut Vec<f32>) -> Vec<Vec<f32>>,
) -> Result<(), TestCaseError> {
    let mut first: Option<Vec<Vec<u32>>> = None;
    for level in Level::available() {
        let found = compute(&Fast { level }, &mut vec![f32::NAN; 1 << 16]);
        prop_assert_eq!(found.len(), expected.len());
        for (which, (found, expected)) in found.iter().zip(expected).enumerate() {
            prop_assert_eq!(found.len(), expected.len());
            let error = norm(found.iter().zip(expected).map(|(f, e)| f - e));
            let size = norm(expected.iter().copied());
            prop_assert!(error <= 1e-5 * size, "{:?}, result {}: {} of {}", level, which, error, size);
        }
        let bits: Vec<Vec<u32>> = found.iter().map(|part| part.iter().map(|x| x.to_bits()).collect()).collect();
        prop_assert!(first.get_or_insert_with(|| bits.clone()) == &bits, "{:?} has other bits", level);
    }
    Ok(())
}

fn check_convolution(connections: &Connections, shape: Shape, draw: u64) -> Result<(), TestCaseError> {
    let (size, outputs) = (connections.size, connections.table.outputs());
    let to = Shape::new(outputs, shape.height + 1 - size, shape.width + 1 - size);
    let (input, da) = (batch("input", draw, shape), batch("da", draw, to));
    let values = singles("values", draw, connections.weights() + outputs);
    let (mut dw, scratch) = (values.clone(), &mut Vec::new());
    let a = each(to, |n, a| Plain.convolution_forward(connections, &values, &pattern(&input, n), a, scratch));
    let dx =
        each(shape, |n, dx| Plain.convolution_input_derivative(connections, &values, &pattern(&da, n), dx, scratch));
    for n in 0..PATTERNS {
        let (input, da) = (pattern(&input, n), pattern(&da, n));
        Plain.convolution_parameter_derivative(connections, &input, &da, &mut dw, scratch);
    }
    let db = dw.split_off(connections.weights());
    check(&[a, dw, db, dx], |kernels, scratch| {
        let (mut a, mut dw, mut dx) = (nan(to), values.clone(), nan(shape));
        kernels.convolution_forward(connections, &values, &input, &mut a, scratch);
        kernels.convolution_parameter_derivative(connections, &input, &da, &mut dw, scratch);
        kernels.convolution_input_derivative(connections, &values, &da, &mut dx, scratch);
        let db = dw.split_off(connections.weights());
        vec![a.values.to_vec(), dw, db, dx.values.to_vec()]
    })
}

/// Tables of up to 6 output maps, each with some of up to 6 input maps, or all in order.
fn tables() -> impl Strategy<Value = Table> {
    (1..=6_usize).prop_flat_map(|inputs| {
        let row = proptest::sample::subsequence((0..inputs).collect::<Vec<_>>(), 1..=inputs).prop_shuffle();
        let sparse = prop::collection::vec(row, 1..=6)
            .prop_map(move |rows| Table::sparse(inputs, &rows.iter().map(Vec::as_slice).collect::<Vec<_>>()));
        prop_oneof![sparse, (1..=19_usize).prop_map(move |outputs| Table::full(inputs, outputs))]
    })
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
    fn convolution(table in tables(), size in 1..=7_usize, more in (0..16_usize, 0..31_usize), draw: u64) {
        let shape = Shape::new(table.inputs(), size + more.0, size + more.1);
        check_convolution(&Connections { table, size }, shape, draw)?;
    }

    #[test]
    fn convolution_with_few_positions(table in tables(), size in 1..=7_usize, more in (0..4_usize, 0..4_usize), draw: u64) {
        let shape = Shape::new(table.inputs(), size + more.0, size + more.1);
        check_convolution(&Connections { table, size }, shape, draw)?;
    }

    #[test]
    fn one_position(table in tables(), size in 1..=7_usize, draw: u64) {
        let shape = Shape::new(table.inputs(), size, size);
        check_convolution(&Connections { table, size }, shape, draw)?;
    }

    #[test]
    fn full_connection((inputs, outputs) in (1..150_usize, 1..40_usize), draw: u64) {
        let connections = Connections { table: Table::full(inputs, outputs), size: 1 };
        check_convolution(&connections, Shape::new(inputs, 1, 1), draw)?;
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
        let a = each(to, |n, a| a.values.iter_mut().zip(of_pattern(n)).for_each(|(a, (_, x))| *a = x));
        let dx = each(shape, |n, dx| {
            dx.values.fill(0.0);
            for ((unit, _), da) in of_pattern(n).into_iter().zip(&pattern(&da, n).values) {
                dx.values[unit] = *da;
            }
        });
        check(&[a.clone(), dx.clone()], |kernels, _| {
            let (mut found, mut found_dx) = (nan(to), nan(shape));
            kernels.max_pool_forward(size, &input, &mut found);
            kernels.max_pool_input_derivative(size, &input, &da, &mut found_dx);
            assert!(found.values == a && found_dx.values == dx, "nothing is rounded");
            vec![found.values.to_vec(), found_dx.values.to_vec()]
        })?;
    }

    #[test]
    fn subsampling((count, size) in (1..=5_usize, 1..=4_usize), more in (0..12_usize, 0..12_usize), draw: u64) {
        let shape = Shape::new(count, size + more.0, size + more.1);
        let to = Shape::new(count, shape.height / size, shape.width / size);
        let (input, da) = (batch("input", draw, shape), batch("da", draw, to));
        let (coefficients, biases) = (singles("coefficients", draw, count), singles("biases", draw, count));
        let (mut derivative, scratch) = (singles("derivative", draw, 2 * count), &mut Vec::new());
        let a = each(to, |n, a| Plain.subsampling_forward(size, &coefficients, &biases, &pattern(&input, n), a));
        let dx = each(shape, |n, dx| Plain.subsampling_input_derivative(size, &coefficients, &pattern(&da, n), dx));
        for n in 0..PATTERNS {
            let (input, da) = (pattern(&input, n), pattern(&da, n));
            Plain.subsampling_parameter_derivative(size, &input, &da, &mut derivative, scratch);
        }
        check(&[a, derivative, dx], |kernels, scratch| {
            let (mut a, mut dx, mut derivative) = (nan(to), nan(shape), singles("derivative", draw, 2 * count));
            kernels.subsampling_forward(size, &coefficients, &biases, &input, &mut a);
            kernels.subsampling_parameter_derivative(size, &input, &da, &mut derivative, scratch);
            kernels.subsampling_input_derivative(size, &coefficients, &da, &mut dx);
            vec![a.values.to_vec(), derivative, dx.values.to_vec()]
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
        check_convolution(&Connections { table, size }, shape, 0).unwrap();
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
        let (mut a, mut b) = (nan(to), nan(to));
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
    let clone = batch.clone();
    assert_eq!(clone, batch);
    for (n, maps) in patterns.iter().enumerate() {
        let mut copy = Maps::zeros(shape);
        clone.pattern(n, &mut copy);
        assert_eq!(&copy, maps);
        assert!((0..shape.units()).all(|unit| batch.values[unit * PATTERNS + n] == maps.values[unit]));
    }
    batch.values[29 * PATTERNS + 15] = -1.0;
    assert_ne!(clone, batch);
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
