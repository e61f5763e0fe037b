//! The fast kernels against the plain ones, on one pattern or on several, at every level that this machine has.

use lenet5::kernels::fast::Fast;
use lenet5::kernels::maps::{Maps, Shape};
use lenet5::kernels::simd::Level;
use lenet5::kernels::{Connections, Kernels, Plain, Table};
use proptest::prelude::*;

use crate::common::numbers;

/// Numbers in -1..1.
pub fn signed(purpose: &str, draw: u64, count: usize) -> Vec<f32> {
    numbers(purpose, draw, count).into_iter().map(|number| number as f32).collect()
}

/// Numbers in 0.5..1.5. No sum of their products cancels, so that 1e-5 of its norm means something for a single sum as well.
pub fn singles(purpose: &str, draw: u64, count: usize) -> Vec<f32> {
    signed(purpose, draw, count).into_iter().map(|number| 1.0 + 0.5 * number).collect()
}

/// Maps of so many patterns with such numbers.
pub fn batch(purpose: &str, draw: u64, shape: Shape, patterns: usize) -> Maps<f32> {
    let mut batch = Maps::batch(shape, patterns);
    batch.values.copy_from_slice(&singles(purpose, draw, shape.units() * patterns));
    batch
}

/// Maps that are to be overwritten.
pub fn nan(shape: Shape, patterns: usize) -> Maps<f32> {
    let mut batch = Maps::batch(shape, patterns);
    batch.values.fill(f32::NAN);
    batch
}

pub fn pattern(batch: &Maps<f32>, n: usize) -> Maps<f32> {
    let mut maps = Maps::zeros(batch.shape());
    batch.pattern(n, &mut maps);
    maps
}

/// The patterns that `compute` writes one by one, side by side.
pub fn each(shape: Shape, patterns: usize, mut compute: impl FnMut(usize, &mut Maps<f32>)) -> Vec<f32> {
    let (mut batch, mut maps) = (Maps::batch(shape, patterns), Maps::zeros(shape));
    for n in 0..patterns {
        compute(n, &mut maps);
        batch.set_pattern(n, &maps);
    }
    batch.values.to_vec()
}

pub fn norm(numbers: impl IntoIterator<Item = f64>) -> f64 {
    numbers.into_iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// Checks that each level computes what is expected, to 1e-5 of its norm, and that the levels agree in every bit. The scratch buffer
/// starts as NaN: what is in it must not matter.
pub fn compare(
    expected: &[Vec<f32>],
    compute: impl Fn(Fast, &mut Vec<f32>) -> Vec<Vec<f32>>,
) -> Result<(), TestCaseError> {
    let mut first: Option<Vec<Vec<u32>>> = None;
    for level in Level::available() {
        let found = compute(Fast { level }, &mut vec![f32::NAN; 1 << 16]);
        prop_assert_eq!(found.len(), expected.len());
        for (which, (found, expected)) in found.iter().zip(expected).enumerate() {
            prop_assert_eq!(found.len(), expected.len());
            let error = norm(found.iter().zip(expected).map(|(f, e)| f64::from(f - e)));
            let size = norm(expected.iter().copied().map(f64::from));
            prop_assert!(error <= 1e-5 * size, "{:?}, result {}: {} of {}", level, which, error, size);
        }
        let bits: Vec<Vec<u32>> = found.iter().map(|part| part.iter().map(|x| x.to_bits()).collect()).collect();
        prop_assert!(first.get_or_insert_with(|| bits.clone()) == &bits, "{:?} has other bits", level);
    }
    Ok(())
}

/// Tables of up to 6 output maps, each with some of up to 6 input maps, or all in order.
pub fn tables() -> impl Strategy<Value = Table> {
    (1..=6_usize).prop_flat_map(|inputs| {
        let row = proptest::sample::subsequence((0..inputs).collect::<Vec<_>>(), 1..=inputs).prop_shuffle();
        let sparse = prop::collection::vec(row, 1..=6)
            .prop_map(move |rows| Table::sparse(inputs, &rows.iter().map(Vec::as_slice).collect::<Vec<_>>()));
        prop_oneof![sparse, (1..=19_usize).prop_map(move |outputs| Table::full(inputs, outputs))]
    })
}

/// All passes of a convolution against those of the plain kernels, pattern by pattern.
pub fn check_convolution(
    connections: &Connections,
    shape: Shape,
    patterns: usize,
    draw: u64,
) -> Result<(), TestCaseError> {
    let (size, outputs) = (connections.size, connections.table.outputs());
    let to = Shape::new(outputs, shape.height + 1 - size, shape.width + 1 - size);
    let (input, da) = (batch("input", draw, shape, patterns), batch("da", draw, to, patterns));
    let values = singles("values", draw, connections.weights() + outputs);
    let (mut dw, scratch) = (values.clone(), &mut Vec::new());
    let a = each(to, patterns, |n, a| {
        Plain.convolution_forward(connections, &values, &pattern(&input, n), a, scratch);
    });
    let dx = each(shape, patterns, |n, dx| {
        Plain.convolution_input_derivative(connections, &values, &pattern(&da, n), dx, scratch);
    });
    for n in 0..patterns {
        let (input, da) = (pattern(&input, n), pattern(&da, n));
        Plain.convolution_parameter_derivative(connections, &input, &da, &mut dw, scratch);
    }
    let db = dw.split_off(connections.weights());
    compare(&[a, dw, db, dx], |kernels, scratch| {
        let (mut a, mut dw, mut dx) = (nan(to, patterns), values.clone(), nan(shape, patterns));
        kernels.convolution_forward(connections, &values, &input, &mut a, scratch);
        kernels.convolution_parameter_derivative(connections, &input, &da, &mut dw, scratch);
        kernels.convolution_input_derivative(connections, &values, &da, &mut dx, scratch);
        let db = dw.split_off(connections.weights());
        vec![a.values.to_vec(), dw, db, dx.values.to_vec()]
    })
}

/// All passes of a subsampling of fields of `size` x `size` against those of the plain kernels, pattern by pattern.
pub fn check_subsampling(size: usize, shape: Shape, patterns: usize, draw: u64) -> Result<(), TestCaseError> {
    let to = Shape::new(shape.maps, shape.height / size, shape.width / size);
    let (input, da) = (batch("input", draw, shape, patterns), batch("da", draw, to, patterns));
    let (coefficients, biases) = (singles("coefficients", draw, shape.maps), singles("biases", draw, shape.maps));
    let (mut derivative, scratch) = (singles("derivative", draw, 2 * shape.maps), &mut Vec::new());
    let start = derivative.clone();
    let sums = each(to, patterns, |n, sums| Plain.subsampling_add_fields(size, &pattern(&input, n), sums));
    let a = each(to, patterns, |n, a| {
        Plain.subsampling_forward(size, &coefficients, &biases, &pattern(&input, n), a);
    });
    let dx = each(shape, patterns, |n, dx| {
        Plain.subsampling_input_derivative(size, &coefficients, &pattern(&da, n), dx);
    });
    for n in 0..patterns {
        let (input, da) = (pattern(&input, n), pattern(&da, n));
        Plain.subsampling_parameter_derivative(size, &input, &da, &mut derivative, scratch);
    }
    compare(&[sums, a, derivative, dx], |kernels, scratch| {
        let (mut sums, mut a) = (nan(to, patterns), nan(to, patterns));
        let (mut derivative, mut dx) = (start.clone(), nan(shape, patterns));
        kernels.subsampling_add_fields(size, &input, &mut sums);
        kernels.subsampling_forward(size, &coefficients, &biases, &input, &mut a);
        kernels.subsampling_parameter_derivative(size, &input, &da, &mut derivative, scratch);
        kernels.subsampling_input_derivative(size, &coefficients, &da, &mut dx);
        vec![sums.values.to_vec(), a.values.to_vec(), derivative, dx.values.to_vec()]
    })
}
