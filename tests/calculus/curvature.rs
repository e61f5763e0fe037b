//! LeNet-5 unit by unit and connection by connection, against the library's layers.
//!
//! The list of connections is written here from the paper's description alone. On it, the forward pass, the gradient and the
//! Gauss-Newton diagonal of Appendix C (eqs. 25 and 27) are one loop over single connections each.

use crate::common;
use crate::settings::settings;

use common::{maps, numbers};
use lenet5::data::{Dataset, Images, Source};
use lenet5::kernels::maps::Shape;
use lenet5::models::{Readings, lenet5};
use lenet5::network::Network;
use lenet5::network::layers::{CoefficientCurvature, Distance, Layer, Rbf, Subsampling, dense};
use lenet5::network::loss::Loss;
use lenet5::paper::codes::Code;
use lenet5::training::Trainer;

/// Table I of the paper: the S2 maps that feed each C3 map.
const TABLE_I: &str = "012 123 234 345 045 015 0123 1234 2345 0345 0145 0125 0134 1245 0235 012345";

/// u_ij: unit `to` has `parameter` times the state of unit `from` added to its weighted sum.
struct Connection {
    from: usize,
    to: usize,
    parameter: usize,
}

/// The units of a layer, map by map and row by row.
#[derive(Clone, Copy)]
struct Block {
    first: usize,
    maps: usize,
    height: usize,
    width: usize,
}

impl Block {
    fn unit(self, map: usize, y: usize, x: usize) -> usize {
        self.first + (map * self.height + y) * self.width + x
    }

    /// The places (y, x) in a map.
    fn places(self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.height * self.width).map(move |unit| (unit / self.width, unit % self.width))
    }
}

/// The unit that biases are connections from; its state is always 1.
const ONE: usize = 0;

/// LeNet-5 up to F6 as a list of connections, layer by layer. The RBF layer has no parameters and is walked by hand.
#[derive(Default)]
struct Graph {
    units: usize,
    parameters: usize,
    layers: Vec<Vec<Connection>>,
}

impl Graph {
    /// LeNet-5 on an input of this size, with the units of its input and of F6.
    fn lenet5(height: usize, width: usize) -> (Self, Block, Block) {
        let mut graph = Self { units: 1, ..Self::default() };
        let full = |inputs: usize, outputs: usize| vec![(0..inputs).collect::<Vec<usize>>(); outputs];
        let digits = |row: &str| row.bytes().map(|digit| usize::from(digit - b'0')).collect();
        let input = graph.block(1, height, width);
        let c1 = graph.convolution(input, &full(1, 6), 5);
        let s2 = graph.subsampling(c1);
        let c3 = graph.convolution(s2, &TABLE_I.split(' ').map(digits).collect::<Vec<_>>(), 5);
        let s4 = graph.subsampling(c3);
        let c5 = graph.convolution(s4, &full(16, 120), 5);
        let f6 = graph.convolution(c5, &full(120, 84), 1);
        (graph, input, f6)
    }

    fn block(&mut self, maps: usize, height: usize, width: usize) -> Block {
        let first = self.units;
        self.units += maps * height * width;
        Block { first, maps, height, width }
    }

    /// `table[i]` lists the input maps of output map i. Parameters: the kernels in the table's order, then the biases.
    fn convolution(&mut self, input: Block, table: &[Vec<usize>], size: usize) -> Block {
        let output = self.block(table.len(), input.height + 1 - size, input.width + 1 - size);
        let mut connections = Vec::new();
        for (i, row) in table.iter().enumerate() {
            for &j in row {
                for u in 0..size {
                    for v in 0..size {
                        for (y, x) in output.places() {
                            let (from, to) = (input.unit(j, y + u, x + v), output.unit(i, y, x));
                            connections.push(Connection { from, to, parameter: self.parameters });
                        }
                        self.parameters += 1;
                    }
                }
            }
        }
        self.biases(output, &mut connections);
        self.layers.push(connections);
        output
    }

    /// Each of a unit's four inputs is a connection of its own; all of a map's connections share its coefficient.
    fn subsampling(&mut self, input: Block) -> Block {
        let output = self.block(input.maps, input.height / 2, input.width / 2);
        let mut connections = Vec::new();
        for map in 0..output.maps {
            for (y, x) in output.places() {
                for (dy, dx) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                    let (from, to) = (input.unit(map, 2 * y + dy, 2 * x + dx), output.unit(map, y, x));
                    connections.push(Connection { from, to, parameter: self.parameters });
                }
            }
            self.parameters += 1;
        }
        self.biases(output, &mut connections);
        self.layers.push(connections);
        output
    }

    fn biases(&mut self, output: Block, connections: &mut Vec<Connection>) {
        for map in 0..output.maps {
            for (y, x) in output.places() {
                connections.push(Connection { from: ONE, to: output.unit(map, y, x), parameter: self.parameters });
            }
            self.parameters += 1;
        }
    }

    /// The states x of all units and the slopes f'(a), which are 0 for the units that have no weighted sum.
    fn forward(&self, input: Block, image: &[f64], w: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (mut a, mut x, mut slope) = (vec![0.0; self.units], vec![0.0; self.units], vec![0.0; self.units]);
        x[ONE] = 1.0;
        x[input.first..][..image.len()].copy_from_slice(image);
        for layer in &self.layers {
            for c in layer {
                a[c.to] += w[c.parameter] * x[c.from];
            }
            for c in layer {
                let tanh = (2.0 / 3.0 * a[c.to]).tanh();
                x[c.to] = 1.7159 * tanh;
                slope[c.to] = 1.7159 * 2.0 / 3.0 * (1.0 - tanh * tanh);
            }
        }
        (x, slope)
    }

    /// dE/dw_k, given dE/dx_i of F6's units in `dx` and 0 for all others.
    fn gradient(&self, x: &[f64], slope: &[f64], w: &[f64], mut dx: Vec<f64>) -> Vec<f64> {
        let mut gradient = vec![0.0; self.parameters];
        for c in self.layers.iter().rev().flatten() {
            let da = slope[c.to] * dx[c.to];
            gradient[c.parameter] += da * x[c.from];
            dx[c.from] += w[c.parameter] * da;
        }
        gradient
    }

    /// h_kk of one pattern, given d2E/dx_i^2 of F6's units in `d2x` and 0 for all others (eqs. 25 and 27).
    fn curvature(&self, x: &[f64], slope: &[f64], w: &[f64], mut d2x: Vec<f64>) -> Vec<f64> {
        let mut curvature = vec![0.0; self.parameters];
        for c in self.layers.iter().rev().flatten() {
            let d2a = slope[c.to].powi(2) * d2x[c.to];
            curvature[c.parameter] += d2a * x[c.from].powi(2);
            d2x[c.from] += w[c.parameter].powi(2) * d2a;
        }
        curvature
    }
}

fn random_codes() -> Vec<Code> {
    let bits = numbers("codes", 0, 10 * 84);
    bits.chunks(84).map(|row| std::array::from_fn(|i| if row[i] > 0.0 { 1 } else { -1 })).collect()
}

/// Largest |found - expected| / max(|expected|, floor).
fn worst(found: &[f64], expected: &[f64], floor: f64) -> f64 {
    assert_eq!(found.len(), expected.len());
    let errors = found.iter().zip(expected).map(|(f, e)| (f - e).abs() / e.abs().max(floor));
    errors.fold(0.0, |worst, error| if error > worst || error.is_nan() { error } else { worst })
}

fn mean_size(numbers: &[f64]) -> f64 {
    numbers.iter().map(|number| number.abs()).sum::<f64>() / numbers.len() as f64
}

/// The pattern's loss is `loss` at each position of the output, added up. `index` chooses parameters, image and class.
fn check(index: u64, (height, width): (usize, usize), distance: Distance, loss: Loss) {
    let (s, class, codes) = (if distance == Distance::Sum { 1.0 } else { 0.5 }, index as usize % 10, random_codes());
    let (graph, input, f6) = Graph::lenet5(height, width);
    let w: Vec<f64> = numbers("values", index, 60_000).iter().map(|value| 0.1 * value).collect();
    let image = maps("image", index, Shape::new(1, height, width));
    let (x, slope) = graph.forward(input, &image.values, &w);

    let network: Network<f64> = lenet5(&codes, Readings { distance, ..Readings::AS_PRINTED });
    let mut workspace = network.workspace(image.shape()).unwrap();
    *workspace.input_mut() = image;
    network.forward(&w, &mut workspace);

    let (mut dx, mut d2x) = (vec![0.0; graph.units], vec![0.0; graph.units]);
    let (distances, derivative) = workspace.output_and_derivative();
    let mut weights = derivative.clone();
    let positions = f6.height * f6.width;
    for position in 0..positions {
        let unit = |i: usize| f6.unit(i, position / f6.width, position % f6.width);
        let distance_to = |code: &Code| s * (0..84).map(|i| (x[unit(i)] - f64::from(code[i])).powi(2)).sum::<f64>();
        let y: Vec<f64> = codes.iter().map(distance_to).collect();
        let found: Vec<f64> = (0..10).map(|class| distances.map(class)[position]).collect();
        assert!(worst(&found, &y, 0.0) < 1e-12, "distances {found:?}, not {y:?}");

        let g = output_gradient(&y, class, loss);
        let mut written = [f64::NAN; 10];
        loss.gradient(&found, class, &mut written);
        assert!(worst(&written, &g, 1e-3) < 1e-10, "dE/dy {written:?}, not {g:?}");
        for i in 0..84 {
            dx[unit(i)] = (0..10).map(|k| g[k] * 2.0 * s * (x[unit(i)] - f64::from(codes[k][i]))).sum();
            d2x[unit(i)] = 2.0 * s;
        }
        let mut ones = [f64::NAN; 10];
        loss.curvature(class, &mut ones);
        for k in 0..10 {
            derivative.map_mut(k)[position] = written[k];
            weights.map_mut(k)[position] = ones[k];
        }
    }
    let (mut gradient, mut curvature) = (vec![0.0; 60_000], vec![0.0; 60_000]);
    network.gradient(&w, &mut workspace, &mut gradient);
    *workspace.output_and_derivative().1 = weights;
    network.curvature(&w, &mut workspace, &mut curvature);

    let expected = graph.gradient(&x, &slope, &w, dx);
    // A component is a sum of terms of both signs: rounding is measured on the scale of all components.
    let gradient_error = worst(&gradient, &expected, mean_size(&expected));
    let expected = graph.curvature(&x, &slope, &w, d2x);
    assert!(expected.iter().all(|&h| h > 0.0));
    // No such floor here: no term is negative, so nothing cancels.
    let curvature_error = worst(&curvature, &expected, 0.0);
    println!(
        "{height}x{width}, {distance:?}, {loss:?}: gradient {gradient_error:.1e}, curvature {curvature_error:.1e}"
    );
    assert!(
        gradient_error < 1e-10 && curvature_error < 1e-10,
        "gradient {gradient_error}, curvature {curvature_error}"
    );
}

/// dE/dy of eqs. 8 and 9, in the plainest form.
fn output_gradient(y: &[f64], class: usize, loss: Loss) -> Vec<f64> {
    let mut gradient = vec![0.0; 10];
    if let Loss::Eq9 { j } = loss {
        let sum = (-j).exp() + y.iter().map(|y| (-y).exp()).sum::<f64>();
        gradient = y.iter().map(|y| -(-y).exp() / sum).collect();
    }
    gradient[class] += 1.0;
    gradient
}

#[test]
fn the_list_has_the_papers_connections_and_parameters() {
    let (graph, _, f6) = Graph::lenet5(32, 32);
    let by_layer: Vec<usize> = graph.layers.iter().map(Vec::len).collect();
    assert_eq!(by_layer, [122_304, 5_880, 151_600, 2_000, 48_120, 10_164]);
    assert_eq!(by_layer.iter().sum::<usize>() + 10 * f6.maps, 340_908);
    assert_eq!(graph.parameters, 60_000);
}

/// j is near the distances (about 84 as a sum, 42 as a half), where eq. 9 differs from eq. 8 most.
#[test]
fn lenet5_connection_by_connection() {
    for index in 0..3 {
        check(index, (32, 32), Distance::Sum, Loss::Eq8);
        check(index + 10, (32, 32), Distance::Half, Loss::Eq8);
        check(index + 20, (32, 32), Distance::Sum, Loss::Eq9 { j: 90.0 });
        check(index + 30, (32, 32), Distance::Half, Loss::Eq9 { j: 45.0 });
    }
}

/// With several positions, C5 and F6 share their weights between them as well.
#[test]
fn replicated_lenet5_connection_by_connection() {
    check(40, (32, 40), Distance::Sum, Loss::Eq8);
    check(41, (36, 36), Distance::Half, Loss::Eq9 { j: 45.0 });
}

/// The trainer's estimate before a pass is the mean over its first `curvature_count` patterns: here 27, more than a chunk.
#[test]
fn the_trainer_takes_the_mean_over_patterns() {
    let pixels: Vec<u8> = numbers("pixels", 0, 40 * 784).iter().map(|number| (127.5 + 127.5 * number) as u8).collect();
    let images = Images::new(28, 28, pixels.clone(), (0..40).map(|index| index % 10).collect());
    let dataset = Dataset { source: Source::Digits, origin: "a test".into(), training: images.clone(), test: images };
    // The graph goes by connections; the second derivative at F6 is 2 with full distances.
    let settings = settings(&["curvature_count=27", "coefficient_curvature=connections", "distance=sum"]);
    let mut trainer = Trainer::<f64>::new(&settings, &dataset);
    trainer.estimate_curvature();

    let (graph, input, f6) = Graph::lenet5(32, 32);
    let w = &trainer.parameters().values;
    let mut mean = vec![0.0; 60_000];
    for pattern in pixels.chunks(784).take(27) {
        let mut image = vec![-0.1; 32 * 32];
        for (index, &pixel) in pattern.iter().enumerate() {
            image[(2 + index / 28) * 32 + 2 + index % 28] = -0.1 + 1.275 * f64::from(pixel) / 255.0;
        }
        let (x, slope) = graph.forward(input, &image, w);
        let mut d2x = vec![0.0; graph.units];
        d2x[f6.first..].fill(2.0);
        for (mean, h) in mean.iter_mut().zip(graph.curvature(&x, &slope, w, d2x)) {
            *mean += h / 27.0;
        }
    }
    let error = worst(&trainer.parameters().curvature, &mean, 0.0);
    println!("mean over 27 patterns: {error:.1e}");
    assert!(error < 1e-10, "relative error {error}");
}

/// Without squashing and without shared weights nothing is approximate: the loss is quadratic in each parameter, and its
/// Gauss-Newton curvature is the second derivative, here by central differences of the gradient.
fn check_true_curvature(input: Shape, outputs: usize, mut layers: Vec<Box<dyn Layer<f64>>>, distance: Distance) {
    layers.push(Box::new(Rbf::new("RBF", outputs, &[1, -1, 1, -1, -1, 1, 1, 1], distance)));
    let network = Network::new(input, layers).unwrap();
    let mut w = numbers("linear values", 0, network.layout().size());
    let mut workspace = network.standard_workspace();
    workspace.input_mut().values.copy_from_slice(&numbers("linear input", 0, input.units()));
    let mut gradient = |w: &[f64], index: usize| {
        let mut gradient = vec![0.0; w.len()];
        network.forward(w, &mut workspace);
        let (y, dy) = workspace.output_and_derivative();
        Loss::Eq8.gradient(&y.values, 1, &mut dy.values);
        network.gradient(w, &mut workspace, &mut gradient);
        gradient[index]
    };
    let numeric: Vec<f64> = (0..w.len())
        .map(|index| {
            let present = w[index];
            w[index] = present + 0.01;
            let above = gradient(&w, index);
            w[index] = present - 0.01;
            let below = gradient(&w, index);
            w[index] = present;
            (above - below) / 0.02
        })
        .collect();
    network.forward(&w, &mut workspace);
    Loss::Eq8.curvature(1, &mut workspace.output_and_derivative().1.values);
    let mut curvature = vec![0.0; w.len()];
    network.curvature(&w, &mut workspace, &mut curvature);
    let error = worst(&curvature, &numeric, 1e-3 * mean_size(&numeric));
    println!("true second derivative, {distance:?}: {error:.1e}");
    assert!(error < 1e-6, "relative error {error}: {curvature:?}, not {numeric:?}");
}

#[test]
fn a_linear_network_has_its_true_second_derivatives() {
    for distance in [Distance::Sum, Distance::Half] {
        let input = Shape::new(5, 1, 1);
        check_true_curvature(input, 4, vec![Box::new(dense("D", 5, 4))], distance);
        check_true_curvature(input, 4, vec![Box::new(dense("D", 5, 3)), Box::new(dense("E", 3, 4))], distance);
        // With its sum as one input, a subsampling unit shares nothing.
        let subsampling = Subsampling::new("S", 4, 2).with_curvature(CoefficientCurvature::Sum);
        check_true_curvature(Shape::new(4, 2, 2), 4, vec![Box::new(subsampling)], distance);
    }
}
