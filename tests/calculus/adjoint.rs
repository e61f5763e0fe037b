//! Properties of the linear layers for random sizes, tables and kernel sizes.

use crate::common;
use crate::single_layer;

use common::{maps, numbers};
use lenet5::kernels::maps::{Maps, Shape};
use lenet5::kernels::plain::{convolution, dense as full};
use lenet5::network::layers::{Convolution, Layer, Subsampling, Table, dense};
use proptest::prelude::*;
use single_layer::{backward, forward, size};

/// A convolution, the table it was made with, its kernel size, the shape of an input, and a number to draw values with.
#[derive(Debug)]
struct Case {
    rows: Vec<Vec<usize>>,
    size: usize,
    shape: Shape,
    draw: u64,
}

impl Case {
    fn layer(&self) -> Convolution {
        let rows: Vec<&[usize]> = self.rows.iter().map(Vec::as_slice).collect();
        Convolution::new("C", Table::sparse(self.shape.maps, &rows), self.size)
    }

    fn output(&self) -> Shape {
        Shape::new(self.rows.len(), self.shape.height + 1 - self.size, self.shape.width + 1 - self.size)
    }

    /// a_i(y, x) = b_i + sum over j, u, v of w_ij(u, v) x_j(y + u, x + v), as written in section II-A and nothing else.
    fn naive(&self, values: &[f64], input: &Maps<f64>) -> Vec<f64> {
        let (shape, k) = (self.output(), self.size);
        let pairs: usize = self.rows.iter().map(Vec::len).sum();
        let (weights, biases) = values.split_at(pairs * k * k);
        let mut output = Vec::new();
        let mut first_pair = 0;
        for (row, bias) in self.rows.iter().zip(biases) {
            for (y, x) in (0..shape.area()).map(|unit| (unit / shape.width, unit % shape.width)) {
                let mut a = *bias;
                for (pair, &j) in row.iter().enumerate() {
                    for (u, v) in (0..k * k).map(|element| (element / k, element % k)) {
                        a += weights[((first_pair + pair) * k + u) * k + v] * input.matrix(j)[(y + u, x + v)];
                    }
                }
                output.push(a);
            }
            first_pair += row.len();
        }
        output
    }

    /// The layer computes what [`Case::naive`] does.
    fn check(&self) {
        let values = numbers("naive values", self.draw, size(&self.layer()));
        let input = maps("naive input", self.draw, self.shape);
        let output = forward(&self.layer(), &values, &input);
        assert_eq!(output.shape(), self.output());
        for (found, expected) in output.values.iter().zip(self.naive(&values, &input)) {
            assert!(close(*found, expected), "{found} is not {expected}");
        }
    }
}

/// Each output map sees some of up to four input maps, or all of them.
fn cases() -> impl Strategy<Value = Case> {
    let shapes = (1..=4_usize, 1..=7_usize, 0..5_usize, 0..5_usize);
    shapes.prop_flat_map(|(maps, size, rows_more, columns_more)| {
        let sparse = proptest::sample::subsequence((0..maps).collect::<Vec<_>>(), 1..=maps);
        let full = Just((0..maps).collect::<Vec<_>>());
        let tables = prop_oneof![prop::collection::vec(sparse, 1..5), prop::collection::vec(full, 1..5)];
        let shape = Shape::new(maps, size + rows_more, size + columns_more);
        (tables, any::<u64>()).prop_map(move |(rows, draw)| Case { rows, size, shape, draw })
    })
}

fn inner(x: &[f64], y: &[f64]) -> f64 {
    assert_eq!(x.len(), y.len());
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

/// All numbers are of order 1 and sums have at most a few hundred terms.
fn close(x: f64, y: f64) -> bool {
    (x - y).abs() < 1e-11
}

/// <A x, y> = <x, A' y> for the layer without biases, and the same with input and parameters in each other's place:
/// <A_x w, y> = <w, A_x' y>. For the biases, A_x' y adds y over each map.
fn check_adjoint(layer: &dyn Layer<f64>, shape: Shape, draw: u64) -> Result<(), TestCaseError> {
    let input = maps("adjoint input", draw, shape);
    let probe = maps("adjoint probe", draw, layer.output_shape(shape).unwrap());
    let outputs = probe.shape().maps;
    let mut values = numbers("adjoint values", draw, size(layer));
    let weights = values.len() - outputs;
    values[weights..].fill(0.0);
    let (dx, dw) = backward(layer, &values, &input, &probe);
    let output = forward(layer, &values, &input);
    let product = inner(&output.values, &probe.values);
    prop_assert!(close(product, inner(&input.values, &dx.values)), "input");
    prop_assert!(close(product, inner(&values[..weights], &dw[..weights])), "weights");
    for (map, db) in dw[weights..].iter().enumerate() {
        prop_assert!(close(*db, probe.map(map).iter().sum()), "bias {map}");
    }
    // Linear indeed: twice the input gives twice the output, exactly in binary.
    let double = Maps::from_values(shape, input.values.iter().map(|x| 2.0 * x).collect()).unwrap();
    let doubled: Vec<f64> = output.values.iter().map(|y| 2.0 * y).collect();
    prop_assert_eq!(forward(layer, &values, &double).values, doubled);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn convolution_and_its_derivatives_are_adjoint(case in cases()) {
        check_adjoint(&case.layer(), case.shape, case.draw)?;
    }

    #[test]
    fn subsampling_and_its_derivatives_are_adjoint(
        (count, size, height, width) in (1..4_usize, 1..4_usize, 3..9_usize, 3..9_usize), draw: u64,
    ) {
        check_adjoint(&Subsampling::new("S", count, size), Shape::new(count, height, width), draw)?;
    }

    #[test]
    fn full_connection_and_its_derivatives_are_adjoint(
        (inputs, outputs, height, width) in (1..40_usize, 1..9_usize, 1..4_usize, 1..4_usize), draw: u64,
    ) {
        check_adjoint(&dense("F", inputs, outputs), Shape::new(inputs, height, width), draw)?;
    }

    #[test]
    fn convolution_is_the_sum_that_the_paper_writes(case in cases()) {
        case.check();
    }

    /// S2 adds its four inputs, times the coefficient, plus the bias (section II-B).
    #[test]
    fn subsampling_is_the_sum_that_the_paper_writes(
        (count, size, height, width) in (1..4_usize, 1..4_usize, 3..9_usize, 3..9_usize), draw: u64,
    ) {
        let values = numbers("naive values", draw, 2 * count);
        let input = maps("naive input", draw, Shape::new(count, height, width));
        let output = forward(&Subsampling::new("S", count, size), &values, &input);
        prop_assert_eq!(output.shape(), Shape::new(count, height / size, width / size));
        for map in 0..count {
            for y in 0..height / size {
                for x in 0..width / size {
                    let sum = input.matrix(map).view((size * y, size * x), (size, size)).sum();
                    prop_assert!(close(output.matrix(map)[(y, x)], values[map] * sum + values[count + map]));
                }
            }
        }
    }

    /// Shifting the input shifts the output: what a window of the input gives is the window of what the input gives. With a
    /// window as large as the kernel, this compares the path for one position with that for several.
    #[test]
    fn convolution_is_equivariant_to_translation(case in cases(), corner: (prop::sample::Index, prop::sample::Index)) {
        let (layer, k) = (case.layer(), case.size);
        let values = numbers("shift values", case.draw, size(&layer));
        let input = maps("shift input", case.draw, case.shape);
        let whole = forward(&layer, &values, &input);
        let (top, left) = (corner.0.index(whole.shape().height), corner.1.index(whole.shape().width));
        for (height, width) in [(k, k), (case.shape.height - top, case.shape.width - left)] {
            let window = (0..case.shape.maps).flat_map(|map| {
                let (input, units) = (&input, 0..height * width);
                units.map(move |unit| input.matrix(map)[(top + unit / width, left + unit % width)])
            });
            let window = Maps::from_values(Shape::new(case.shape.maps, height, width), window.collect()).unwrap();
            let part = forward(&layer, &values, &window);
            for map in 0..part.shape().maps {
                let expected = whole.matrix(map).view((top, left), (height + 1 - k, width + 1 - k)).into_owned();
                prop_assert!((part.matrix(map) - expected).amax() < 1e-11);
            }
        }
    }

    /// Full connection has a kernel of its own, which has to be the 1x1 convolution on 1x1 maps in all three passes.
    #[test]
    fn the_kernel_of_full_connection_is_a_1x1_convolution((inputs, outputs) in (1..70_usize, 1..12_usize), draw: u64) {
        let (table, values) = (Table::full(inputs, outputs), numbers("dense values", draw, inputs * outputs + outputs));
        let (weights, biases) = values.split_at(inputs * outputs);
        let (input, dy) = (maps("x", draw, Shape::new(inputs, 1, 1)), maps("dy", draw, Shape::new(outputs, 1, 1)));
        let (mut one, mut other) = (dy.clone(), dy.clone());
        full::forward(weights, biases, &input.values, &mut one.values);
        convolution::forward::<f64, 1>(table.pairs(), weights, biases, &input, &mut other);
        prop_assert!(one.values.iter().zip(&other.values).all(|(x, y)| close(*x, *y)));

        let (mut one, mut other) = (input.clone(), input.clone());
        full::input_derivative(weights, &dy.values, &mut one.values);
        convolution::input_derivative::<f64, 1>(table.pairs(), weights, &dy, &mut other);
        prop_assert!(one.values.iter().zip(&other.values).all(|(x, y)| close(*x, *y)));

        let (mut one, mut other) = (values.clone(), values.clone());
        let (dw, db) = one.split_at_mut(inputs * outputs);
        full::parameter_derivative(&input.values, &dy.values, dw, db);
        let (dw, db) = other.split_at_mut(inputs * outputs);
        convolution::parameter_derivative::<f64, 1>(table.pairs(), &input, &dy, dw, db);
        prop_assert!(one.iter().zip(&other).all(|(x, y)| close(*x, *y)));
    }
}

/// A table may list all input maps in an order of its own; one position then has to mean the same as several.
#[test]
fn a_full_table_in_another_order_keeps_its_order() {
    let case = Case { rows: vec![vec![1, 0], vec![0, 1]], size: 2, shape: Shape::new(2, 2, 2), draw: 0 };
    case.check();
}
