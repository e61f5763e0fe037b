//! The fast kernels against the plain ones, for random sizes, at every level that this machine has.

use crate::common;

use common::numbers;
use lenet5::kernels::fast::Fast;
use lenet5::kernels::maps::{Maps, Shape};
use lenet5::kernels::simd::Level;
use lenet5::kernels::{Connections, Kernels, Plain, Table};
use lenet5::models::{INPUT, Readings, lenet5};
use lenet5::paper::codes;
use proptest::prelude::*;

/// Numbers in -1..1.
fn signed(purpose: &str, draw: u64, count: usize) -> Vec<f32> {
    numbers(purpose, draw, count).into_iter().map(|number| number as f32).collect()
}

/// Numbers in 0.5..1.5. No sum of their products cancels, so that 1e-5 of its norm means something for a single sum as well.
fn singles(purpose: &str, draw: u64, count: usize) -> Vec<f32> {
    signed(purpose, draw, count).into_iter().map(|number| 1.0 + 0.5 * number).collect()
}

fn maps(purpose: &str, draw: u64, shape: Shape) -> Maps<f32> {
    Maps::from_values(shape, singles(purpose, draw, shape.units())).unwrap()
}

fn signed_maps(purpose: &str, draw: u64, shape: Shape) -> Maps<f32> {
    let double = common::maps(purpose, draw, shape).values.to_vec();
    Maps::from_values(shape, double.into_iter().map(|number| number as f32).collect()).unwrap()
}

fn nan(shape: Shape) -> Maps<f32> {
    Maps::from_values(shape, vec![f32::NAN; shape.units()]).unwrap()
}

fn norm(numbers: impl Iterator<Item = f32>) -> f64 {
    numbers.map(|x| f64::from(x).powi(2)).sum::<f64>().sqrt()
}

/// What the plain kernels compute is what each level computes, to 1e-5 of its norm; the levels agree in every bit.
fn compare(expected: &[Vec<f32>], compute: impl Fn(Fast) -> Vec<Vec<f32>>) -> Result<(), TestCaseError> {
    let mut first: Option<Vec<Vec<u32>>> = None;
    for level in Level::available() {
        let found = compute(Fast { level });
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

/// [`compare`] for single kernels. Results that are to be overwritten start as NaN, and so does the scratch buffer: what is in
/// it must not matter.
fn check(compute: impl Fn(&dyn Kernels<f32>, &mut Vec<f32>) -> Vec<Vec<f32>>) -> Result<(), TestCaseError> {
    compare(&compute(&Plain, &mut Vec::new()), |fast| compute(&fast, &mut vec![f32::NAN; 1 << 16]))
}

fn check_convolution(connections: &Connections, shape: Shape, draw: u64) -> Result<(), TestCaseError> {
    let (size, outputs) = (connections.size, connections.table.outputs());
    let input = maps("input", draw, shape);
    let da = maps("da", draw, Shape::new(outputs, shape.height + 1 - size, shape.width + 1 - size));
    let values = singles("values", draw, connections.weights() + outputs);
    check(|kernels, scratch| {
        let (mut a, mut dw, mut dx) = (nan(da.shape()), values.clone(), nan(shape));
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

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn convolution(
        table in tables(), size in 1..=7_usize, more in (0..40_usize, 0..40_usize), draw: u64,
    ) {
        let shape = Shape::new(table.inputs(), size + more.0, size + more.1);
        check_convolution(&Connections { table, size }, shape, draw)?;
    }

    #[test]
    fn convolution_with_few_positions(
        table in tables(), size in 1..=7_usize, more in (0..4_usize, 0..4_usize), draw: u64,
    ) {
        let shape = Shape::new(table.inputs(), size + more.0, size + more.1);
        check_convolution(&Connections { table, size }, shape, draw)?;
    }

    #[test]
    fn full_connection((inputs, outputs) in (1..300_usize, 1..40_usize), draw: u64) {
        let connections = Connections { table: Table::full(inputs, outputs), size: 1 };
        check_convolution(&connections, Shape::new(inputs, 1, 1), draw)?;
    }

    #[test]
    fn subsampling(
        (count, size) in (1..=5_usize, 1..=4_usize), more in (0..40_usize, 0..40_usize), draw: u64,
    ) {
        let shape = Shape::new(count, size + more.0, size + more.1);
        let fields = Shape::new(count, shape.height / size, shape.width / size);
        let (input, da) = (maps("input", draw, shape), maps("da", draw, fields));
        let (coefficients, biases) = (singles("coefficients", draw, count), singles("biases", draw, count));
        check(|kernels, scratch| {
            let (mut sums, mut a, mut dx) = (nan(fields), nan(fields), nan(shape));
            let mut derivative = singles("derivative", draw, 2 * count);
            kernels.subsampling_add_fields(size, &input, &mut sums);
            kernels.subsampling_forward(size, &coefficients, &biases, &input, &mut a);
            kernels.subsampling_parameter_derivative(size, &input, &da, &mut derivative, scratch);
            kernels.subsampling_input_derivative(size, &coefficients, &da, &mut dx);
            vec![sums.values.to_vec(), a.values.to_vec(), derivative, dx.values.to_vec()]
        })?;
    }

    #[test]
    fn squashing(count in 1..100_usize, draw: u64) {
        let sums: Vec<f32> = signed("sums", draw, count).iter().map(|sum| 20.0 * sum).collect();
        let (states, dx) = (signed("states", draw, count), signed("dx", draw, count));
        check(|kernels, _| {
            let (mut x, mut da, mut d2a) = (vec![f32::NAN; count], vec![f32::NAN; count], vec![f32::NAN; count]);
            kernels.squash_forward(&sums, &mut x);
            kernels.squash_input_derivative(false, &states, &dx, &mut da);
            kernels.squash_input_derivative(true, &states, &dx, &mut d2a);
            vec![x, da, d2a]
        })?;
    }

    #[test]
    fn radial_basis_functions((inputs, classes) in (1..100_usize, 1..12_usize), scale in 0.5..1.0_f32, draw: u64) {
        let (x, dy) = (signed("x", draw, inputs), singles("dy", draw, classes));
        let codes: Vec<f32> = singles("w", draw, inputs * classes).iter().map(|w| w + 1.0).collect();
        check(|kernels, _| {
            let (mut y, mut dx) = (vec![f32::NAN; classes], vec![f32::NAN; inputs]);
            kernels.rbf_forward(scale, &codes, &x, &mut y);
            kernels.rbf_gradient(scale, &codes, &x, &dy, &mut dx);
            vec![y, dx]
        })?;
    }
}

/// All layers together, replicated over a larger input, with one workspace for passes one after the other.
#[test]
fn networks_on_the_fast_kernels() {
    let network = || lenet5(&codes::digits(), Readings::AS_PRINTED);
    let values: Vec<f32> = signed("network", 0, network().layout().size()).iter().map(|value| 0.1 * value).collect();
    for shape in [INPUT, Shape::new(1, 36, 41)] {
        let passes = |kernels: Box<dyn Kernels<f32>>| {
            let network = network().with_kernels(kernels);
            let mut workspace = network.workspace(shape).unwrap();
            let (mut gradient, mut curvature) = (vec![0.0; values.len()], vec![0.0; values.len()]);
            for draw in 0..2 {
                *workspace.input_mut() = signed_maps("image", draw, shape);
                network.forward(&values, &mut workspace);
                let dy = signed_maps("dy", draw, workspace.output().shape());
                workspace.output_and_derivative().1.values.copy_from_slice(&dy.values);
                network.gradient(&values, &mut workspace, &mut gradient);
                workspace.output_and_derivative().1.values.fill(1.0);
                network.curvature(&values, &mut workspace, &mut curvature);
            }
            vec![workspace.output().values.to_vec(), gradient, curvature]
        };
        compare(&passes(Box::new(Plain)), |fast| passes(Box::new(fast))).unwrap();
    }
}

/// Large enough to be computed in several bands, with weights that no cache of the first level holds.
#[test]
fn a_large_convolution() {
    for (inputs, outputs, size, height, width) in [(16, 120, 5, 5, 13), (6, 16, 5, 14, 30), (1, 3, 5, 260, 41)] {
        let connections = Connections { table: Table::full(inputs, outputs), size };
        check_convolution(&connections, Shape::new(inputs, height, width), 0).unwrap();
    }
}

/// Every size of kernel at every number of positions that is a case of its own, and a few more.
#[test]
fn full_tables_at_few_positions() {
    for (size, rows, columns) in (1..=7).flat_map(|size| (1..=3).flat_map(move |y| (1..=7).map(move |x| (size, y, x))))
    {
        for (inputs, outputs) in [(1, 1), (3, 6), (5, 11)] {
            let connections = Connections { table: Table::full(inputs, outputs), size };
            let shape = Shape::new(inputs, size - 1 + rows, size - 1 + columns);
            check_convolution(&connections, shape, 0).unwrap();
        }
    }
}
