//! The fast kernels against the plain ones, for random sizes, at every level that this machine has.

use crate::comparison::{check_convolution, check_subsampling, compare, signed, singles, tables};

use lenet5::kernels::fast::Fast;
use lenet5::kernels::maps::{Maps, PATTERNS, Shape};
use lenet5::kernels::{Connections, Kernels, Plain, Table};
use lenet5::models::{INPUT, Readings, lenet5};
use lenet5::paper::codes;
use proptest::prelude::*;

fn signed_maps(purpose: &str, draw: u64, shape: Shape) -> Maps<f32> {
    Maps::from_values(shape, signed(purpose, draw, shape.units())).unwrap()
}

/// [`compare`] with the plain kernels. Results that are to be overwritten start as NaN.
fn check(compute: impl Fn(&dyn Kernels<f32>) -> Vec<Vec<f32>>) -> Result<(), TestCaseError> {
    compare(&compute(&Plain), |fast: Fast, _| compute(&fast))
}

/// One pattern in four cases of five, or as many as the kernels for several work on.
fn patterns() -> impl Strategy<Value = usize> {
    prop_oneof![4 => Just(1), 1 => Just(PATTERNS)]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 320, ..ProptestConfig::default() })]

    #[test]
    fn convolution(
        table in tables(), size in 1..=7_usize, more in (0..40_usize, 0..40_usize), patterns in patterns(), draw: u64,
    ) {
        let shape = Shape::new(table.inputs(), size + more.0, size + more.1);
        check_convolution(&Connections { table, size }, shape, patterns, draw)?;
    }

    #[test]
    fn convolution_with_few_positions(
        table in tables(), size in 1..=7_usize, more in (0..4_usize, 0..4_usize), patterns in patterns(), draw: u64,
    ) {
        let shape = Shape::new(table.inputs(), size + more.0, size + more.1);
        check_convolution(&Connections { table, size }, shape, patterns, draw)?;
    }

    #[test]
    fn full_connection((inputs, outputs) in (1..300_usize, 1..40_usize), patterns in patterns(), draw: u64) {
        let connections = Connections { table: Table::full(inputs, outputs), size: 1 };
        check_convolution(&connections, Shape::new(inputs, 1, 1), patterns, draw)?;
    }

    #[test]
    fn subsampling(
        (count, size) in (1..=5_usize, 1..=4_usize), more in (0..40_usize, 0..40_usize), patterns in patterns(), draw: u64,
    ) {
        let shape = Shape::new(count, size + more.0, size + more.1);
        check_subsampling(size, shape, patterns, draw)?;
    }

    #[test]
    fn squashing(count in 1..100_usize, draw: u64) {
        let sums: Vec<f32> = signed("sums", draw, count).iter().map(|sum| 20.0 * sum).collect();
        let (states, dx) = (signed("states", draw, count), signed("dx", draw, count));
        check(|kernels| {
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
        check(|kernels| {
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
        compare(&passes(Box::new(Plain)), |fast, _| passes(Box::new(fast))).unwrap();
    }
}

/// Large enough to be computed in several bands, with weights that no cache of the first level holds.
#[test]
fn a_large_convolution() {
    for (inputs, outputs, size, height, width) in [(16, 120, 5, 5, 13), (6, 16, 5, 14, 30), (1, 3, 5, 260, 41)] {
        let connections = Connections { table: Table::full(inputs, outputs), size };
        check_convolution(&connections, Shape::new(inputs, height, width), 1, 0).unwrap();
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
            check_convolution(&connections, shape, 1, 0).unwrap();
        }
    }
}
