//! The networks beside LeNet-5: their counts, written out here a second time, so that neither a declaration nor the paper's table can
//! drift alone; and the curvature of their layers.

use lenet5::data::encoder::Encoder;
use lenet5::kernels::maps::{Maps, Shape};
use lenet5::models;
use lenet5::network::layers::{Convolution, Layer, MaxPool, Relu, Repeat, Scores, Table};
use lenet5::network::loss::Loss;
use lenet5::network::{LayerSummary, Network};
use lenet5::paper;

use crate::settings::settings;

fn network(preset: &str) -> Network<f64> {
    models::build(&models::preset(preset).unwrap().check().unwrap())
}

fn rows(preset: &str) -> Vec<LayerSummary> {
    let network = network(preset);
    network.table(network.input()).unwrap()
}

/// Name, maps, parameters, connections of each layer, and the sums of the last two.
pub fn check(preset: &str, expected: &[(&str, &str, usize, usize)], totals: (usize, usize)) {
    let found = rows(preset);
    let found: Vec<_> =
        found.iter().map(|row| (row.name.as_str(), row.output.to_string(), row.parameters, row.connections)).collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|&(name, maps, parameters, connections)| (name, maps.to_string(), parameters, connections))
        .collect();
    assert_eq!(found, expected, "{preset}");
    let sums = (found.iter().map(|row| row.2).sum::<usize>(), found.iter().map(|row| row.3).sum::<usize>());
    assert_eq!(sums, totals, "{preset}");
    assert_eq!(network(preset).layout().size(), totals.0, "{preset}");
}

#[test]
fn lenet1_has_2578_parameters_98442_connections_and_4634_units() {
    let layers = [
        ("H1", "4 @ 24x24", 104, 59_904),
        ("H2", "4 @ 12x12", 8, 2_880),
        ("H3", "12 @ 8x8", 512, 32_768),
        ("H4", "12 @ 4x4", 24, 960),
        ("output", "10 @ 1x1", 1_930, 1_930),
    ];
    check("lenet1", &layers, (2_578, 98_442));
    assert_eq!((2_578, 98_442), (paper::LENET1_PARAMETERS, paper::LENET1_CONNECTIONS));
    let units: usize = rows("lenet1").iter().map(|row| row.output.units()).sum();
    assert_eq!(28 * 28 + units, 4_634, "all units, the input's included");
}

/// n = 60 pairs and h = 37 hidden units, by the formulas; the published counts are "about" 17,000 and 260,000.
#[test]
fn lenet4_has_the_counts_of_its_reconstruction() {
    let (n, h) = (60, 37);
    let layers = [
        ("C1", "4 @ 28x28", 104, 81_536),
        ("S2", "8 @ 14x14", 16, 7_840),
        ("C3", "16 @ 10x10", 25 * n + 16, 100 * (25 * n + 16)),
        ("S4", "16 @ 5x5", 32, 2_000),
        ("F5", "37 @ 1x1", 401 * h, 401 * h),
        ("output", "10 @ 1x1", 10 * h + 10, 10 * h + 10),
    ];
    check("lenet4", &layers, (178 + 25 * n + 411 * h, 92_986 + 2_500 * n + 411 * h));
    check("lenet4", &layers, (16_885, 258_193));
}

/// LeNet-5 up to C5, and what is called LeNet today, for one channel and for three.
#[test]
fn the_networks_after_lenet5_have_their_counts() {
    let [c1, s2, c3, s4, c5, f6, _] = paper::LENET5;
    check("lush", &[c1, s2, c3, s4, c5, ("output", "10 @ 1x1", 1_210, 1_210)], (51_046, 331_114));
    let output = ("output", "10 @ 1x1", 850, 850);
    let modern = [
        c1,
        ("S2", "6 @ 14x14", 0, 4_704),
        ("C3", "16 @ 10x10", 2_416, 241_600),
        ("S4", "16 @ 5x5", 0, 1_600),
        c5,
        f6,
        output,
    ];
    check("modern", &modern, (61_706, 429_342));
    let wide = [
        ("C1", "16 @ 28x28", 1_216, 953_344),
        ("S2", "16 @ 14x14", 0, 12_544),
        ("C3", "32 @ 10x10", 12_832, 1_283_200),
        ("S4", "32 @ 5x5", 0, 3_200),
        ("C5", "120 @ 1x1", 96_120, 96_120),
        f6,
        output,
    ];
    check("modern-wide", &wide, (121_182, 2_359_422));
}

/// A pixel is 0.01 of its byte, as in EBLearn.
#[test]
fn lush_sees_hundredths_of_bytes() {
    let encoder = Encoder::<f64>::new(network("lush").encoding());
    for byte in [0, 1, 100, 255] {
        assert!((encoder.level(byte) - 0.01 * f64::from(byte)).abs() < 1e-12);
    }
}

/// The last rung of the ladder has the layers of the modern network.
#[test]
fn lenet5_with_every_change_is_the_modern_network() {
    let changes = ["activation=relu", "pooling=max", "c3=full", "output=scores", "loss=cross_entropy"];
    let changed = models::build::<f64>(&settings(&changes));
    let modern = network("modern");
    assert_eq!(changed.table(changed.input()), modern.table(modern.input()));
    assert_eq!(changed.layout(), modern.layout());
    let (values, mut states) = (vec![0.01; changed.layout().size()], Vec::new());
    for network in [changed, modern] {
        let mut workspace = network.standard_workspace();
        workspace.input_mut().values.iter_mut().enumerate().for_each(|(at, unit)| *unit = (at % 7) as f64 - 3.0);
        network.forward(&values, &mut workspace);
        states.push(workspace.output().clone());
    }
    assert_eq!(states[0], states[1]);
}

/// d2E/dw^2 of weight and bias of one connected unit behind an input of one map, where every path from it to the outputs is known.
fn curvature(tail: Vec<Box<dyn Layer<f64>>>, weight: f64, bias: f64, input: &Maps<f64>) -> Vec<f64> {
    let mut layers: Vec<Box<dyn Layer<f64>>> = vec![Box::new(Convolution::new("C", Table::full(1, 1), 1))];
    layers.extend(tail);
    let network = Network::new(input.shape(), layers).unwrap();
    let mut workspace = network.standard_workspace();
    workspace.input_mut().values.clone_from(&input.values);
    let values = [weight, bias];
    network.forward(&values, &mut workspace);
    Loss::CrossEntropy.curvature(0, &mut workspace.output_and_derivative().1.values);
    let mut curvature = vec![0.0; 2];
    network.curvature(&values, &mut workspace, &mut curvature);
    curvature
}

/// Cross-entropy hands in 1/4 for each score; then, by eqs. 25 and 27, the units that a weight reaches add the squares of their inputs.
#[test]
fn the_curvature_passes_through_the_layers_of_today() {
    let input = Maps::from_values(Shape::new(1, 2, 2), vec![1.0, -2.0, 3.0, 0.5]).unwrap();
    let with = |tail, weight| curvature(tail, weight, 0.25, &input);
    let all = (1.0 + 4.0 + 9.0 + 0.25) / 4.0;
    assert_eq!(with(vec![Box::new(Scores)], 1.0), [all, 1.0]);
    assert_eq!(with(vec![Box::new(Repeat { times: 3 }), Box::new(Scores)], 1.0), [3.0 * all, 3.0]);
    // The sums are 1.25, -1.75, 3.25, 0.75, and with the other sign -0.75, 2.25, -2.75, -0.25.
    assert_eq!(with(vec![Box::new(Relu), Box::new(Scores)], 1.0), [(1.0 + 9.0 + 0.25) / 4.0, 0.75]);
    assert_eq!(with(vec![Box::new(Relu), Box::new(Scores)], -1.0), [4.0 / 4.0, 0.25]);
    assert_eq!(with(vec![Box::new(MaxPool::new("S", 2)), Box::new(Scores)], 1.0), [9.0 / 4.0, 0.25]);
    assert_eq!(with(vec![Box::new(MaxPool::new("S", 2)), Box::new(Scores)], -1.0), [4.0 / 4.0, 0.25]);
}
