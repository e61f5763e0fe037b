//! LeNet-5 as one piece of code (`kernels::lenet5`) against the plain layers in f64, at every level that the machine has.
//!
//! Measure of the error: the Euclidean norm of what a tensor is off, over the norm of the tensor, is at most 1e-5. Moved
//! parameters are compared where f32 can tell: the derivatives at the output are so large that a step moves every tensor by far
//! more than it was, so that the rounding of w - eps g is that of eps g. (A parameter that is moved before it is read is then as
//! wrong as can be.) The worst ratios are printed (`--nocapture`).

use crate::common;
use crate::comparison::{norm, signed};

use std::collections::BTreeMap;

use common::maps;
use lenet5::kernels::Fused;
use lenet5::kernels::lenet5::{Kernel, Lenet5};
use lenet5::kernels::maps::{Maps, PATTERNS, Shape};
use lenet5::kernels::simd::Level;
use lenet5::models::{INPUT, Readings, lenet5};
use lenet5::network::Network;
use lenet5::network::layers::Distance;
use lenet5::paper::codes::{self, Code};
use lenet5::random::stream;
use rand::RngExt;

const TOLERANCE: f64 = 1e-5;
/// The output derivatives of these tests, so large as the heading says.
const PUSH: f32 = 1e6;

fn network(codes: &[Code], distance: Distance) -> Network<f64> {
    lenet5(codes, Readings { distance, ..Readings::AS_PRINTED })
}

fn doubles(numbers: &[f32]) -> Vec<f64> {
    numbers.iter().copied().map(f64::from).collect()
}

/// Bit for bit. (60,000 numbers are too many for a message.)
fn same(left: &[f32], right: &[f32]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left.to_bits() == right.to_bits())
}

/// Uniform within +- `range` over the square root of the fan-in: sums are of the order of `range`.
fn values(draw: u64, range: f32) -> Vec<f32> {
    let network = network(&codes::digits(), Distance::Sum);
    let mut values = signed("fixed values", draw, network.layout().size());
    for (tensor, place) in network.layout().iter() {
        let range = range / (tensor.fan_in[0] as f32).sqrt();
        values[place].iter_mut().for_each(|w| *w *= range);
    }
    values
}

/// A positive step size for three parameters of four, and 0 for the fourth.
fn step_sizes(draw: u64, count: usize) -> Vec<f32> {
    let mut generator = stream(1998, "fixed step sizes", draw);
    let mut size = || if generator.random_range(0..4) == 0 { 0.0 } else { generator.random_range(0.5..1.5) };
    (0..count).map(|_| size()).collect()
}

/// An image with ink where `at(row, column)` says so.
fn image(draw: u64, at: impl Fn(usize, usize) -> bool) -> Vec<f32> {
    let pixels = maps("fixed image", draw, INPUT).values.to_vec();
    let ink = |(index, pixel)| if at(index / INPUT.width, index % INPUT.width) { pixel as f32 } else { 0.0 };
    pixels.into_iter().enumerate().map(ink).collect()
}

struct Case {
    name: String,
    values: Vec<f32>,
    steps: Vec<f32>,
    image: Vec<f32>,
    output_derivative: Vec<f32>,
}

impl Case {
    fn new(name: &str, draw: u64, range: f32, outputs: usize, image: Vec<f32>) -> Self {
        let values = values(draw, range);
        let output_derivative = signed("fixed output", draw, outputs).iter().map(|dy| PUSH * dy).collect();
        Self { name: name.into(), steps: step_sizes(draw, values.len()), values, image, output_derivative }
    }

    fn all(outputs: usize) -> Vec<Self> {
        let case = |name, range, at: fn(usize, usize) -> bool| {
            let draw = outputs as u64;
            Self::new(name, draw, range, outputs, image(draw, at))
        };
        vec![
            case("small weights", 0.5, |_, _| true),
            case("weights", 1.5, |_, _| true),
            case("some units saturated", 3.0, |_, _| true),
            case("zero weights", 0.0, |_, _| true),
            case("ink in the last column", 1.5, |_, x| x == 31),
            case("ink in the last row", 1.5, |y, _| y == 31),
            case("ink in the last corner", 1.5, |y, x| y >= 30 && x >= 30),
            case("ink in the first column", 1.5, |_, x| x == 0),
            case("ink in odd columns", 1.5, |_, x| x % 2 == 1),
            case("no ink", 1.5, |_, _| false),
        ]
    }

    fn load(&self, engine: &mut dyn Fused<f32>) {
        engine.load_values(&self.values);
        engine.load_step_sizes(&self.steps);
    }

    fn forward(&self, engine: &mut dyn Fused<f32>) -> Vec<f32> {
        let mut distances = vec![0.0; self.output_derivative.len()];
        engine.forward(&self.image, &mut distances);
        distances
    }

    /// Distances and states, by name, as the engine computes them.
    fn states(&self, engine: &mut Lenet5) -> Vec<(String, Vec<f32>)> {
        self.load(engine);
        let distances = self.forward(engine);
        let states = engine.states().map(|(name, maps)| (name.to_string(), maps.values.to_vec()));
        states.into_iter().chain([("distances".to_string(), distances)]).collect()
    }

    /// Distances and states as the layers compute them: after each squashing, and last.
    fn plain_states(&self, network: &Network<f64>) -> Vec<Vec<f64>> {
        let mut workspace = network.standard_workspace();
        workspace.input_mut().values.copy_from_slice(&doubles(&self.image));
        network.forward(&doubles(&self.values), &mut workspace);
        [2, 4, 6, 8, 10, 12, 13].map(|layer| workspace.states()[layer].values.to_vec()).to_vec()
    }

    /// By how much each parameter is to move: eps g, of the layers.
    fn plain_movements(&self, network: &Network<f64>) -> Vec<f64> {
        let mut workspace = network.standard_workspace();
        let (values, mut gradient) = (doubles(&self.values), vec![0.0; self.values.len()]);
        workspace.input_mut().values.copy_from_slice(&doubles(&self.image));
        network.forward(&values, &mut workspace);
        workspace.output_and_derivative().1.values.copy_from_slice(&doubles(&self.output_derivative));
        network.gradient(&values, &mut workspace, &mut gradient);
        gradient.iter().zip(doubles(&self.steps)).map(|(g, step)| step * g).collect()
    }

    /// The parameters after the step.
    fn learn(&self, engine: &mut dyn Fused<f32>) -> Vec<f32> {
        engine.learn(&self.output_derivative);
        let mut moved = vec![0.0; self.values.len()];
        engine.save_values(&mut moved);
        moved
    }
}

/// Ten codes, with a blank, fewer and more of them, and both readings of the distance.
fn outputs() -> Vec<(Vec<Code>, Distance)> {
    let letters = |text: &str| codes::alphabet(text).unwrap();
    vec![
        (codes::digits(), Distance::Sum),
        (codes::digits(), Distance::Half),
        (letters("0123456789 "), Distance::Sum),
        (letters("R"), Distance::Sum),
        (letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), Distance::Half),
    ]
}

/// The worst relative error of each tensor.
#[derive(Default)]
struct Worst(BTreeMap<String, f64>);

impl Worst {
    /// `found` is within the tolerance of `expected`, relative to the norm of `scale`.
    fn check(&mut self, tensor: &str, case: &str, found: &[f32], expected: &[f64], scale: &[f64]) {
        assert_eq!(found.len(), expected.len());
        let off: Vec<f64> = found.iter().zip(expected).map(|(&found, expected)| f64::from(found) - expected).collect();
        let (off, norm) = (norm(off), norm(scale.iter().copied()));
        assert!(off <= TOLERANCE * norm, "{tensor}, {case}: off by {off:e}, norm {norm:e}");
        let worst = self.0.entry(tensor.into()).or_default();
        *worst = worst.max(if norm > 0.0 { off / norm } else { 0.0 });
    }
}

impl Drop for Worst {
    fn drop(&mut self) {
        for (tensor, error) in &self.0 {
            println!("{tensor}: worst relative error {error:.1e}");
        }
    }
}

#[test]
fn states_and_distances_are_those_of_the_layers() {
    let mut worst = Worst::default();
    for (codes, distance) in outputs() {
        let network = network(&codes, distance);
        let mut cases = Case::all(codes.len());
        cases.extend(["c1.weight", "c3.weight", "c5.weight", "f6.weight", "bias"].map(|name| {
            let mut case = Case::new(&format!("large {name}"), 10, 1.5, codes.len(), image(10, |_, _| true));
            for (_, at) in network.layout().iter().filter(|(tensor, _)| tensor.name.contains(name)) {
                case.values[at].iter_mut().for_each(|w| *w *= 50.0);
            }
            case
        }));
        let mut engines = engines(&codes, distance);
        for case in cases {
            let expected = case.plain_states(&network);
            let baseline = case.states(&mut engines[0]);
            for engine in &mut engines {
                let found = case.states(engine);
                assert_eq!(found.len(), expected.len());
                for (((name, found), (_, baseline)), expected) in found.iter().zip(&baseline).zip(&expected) {
                    worst.check(name, &case.name, found, expected, expected);
                    assert!(same(found, baseline), "{name}, {}: the same bits at every level", case.name);
                }
            }
        }
    }
}

#[test]
fn every_parameter_moves_by_its_own_step() {
    let mut worst = Worst::default();
    for (codes, distance) in outputs() {
        let network = network(&codes, distance);
        let mut engines = engines(&codes, distance);
        for case in Case::all(codes.len()) {
            let movements = case.plain_movements(&network);
            let expected: Vec<f64> = doubles(&case.values).iter().zip(&movements).map(|(w, by)| w - by).collect();
            let mut baseline = None;
            for engine in &mut engines {
                case.load(engine);
                case.forward(engine);
                let found = case.learn(engine);
                for (tensor, at) in network.layout().iter() {
                    let (before, by) = (doubles(&case.values[at.clone()]), &movements[at.clone()]);
                    let vanishes = case.name == "zero weights" && tensor.name != "f6.bias"
                        || case.name == "no ink" && tensor.name == "c1.weight";
                    let (by_norm, ratio) = (norm(by.iter().copied()), norm(by.iter().copied()) / norm(before));
                    assert!(
                        if vanishes { by_norm == 0.0 } else { ratio > 10.0 },
                        "{}, {}: {ratio}",
                        tensor.name,
                        case.name
                    );
                    worst.check(&tensor.name, &case.name, &found[at.clone()], &expected[at], by);
                }
                for ((step, before), after) in case.steps.iter().zip(&case.values).zip(&found) {
                    assert!(*step > 0.0 || before == after, "{}: moved without a step", case.name);
                }
                let baseline = baseline.get_or_insert_with(|| found.clone());
                assert!(same(&found, baseline), "{}: the same bits at every level", case.name);
            }
        }
    }
}

fn engines(codes: &[Code], distance: Distance) -> Vec<Lenet5> {
    Level::available().into_iter().map(|level| Lenet5::new(level, codes, distance.scale() as f32)).collect()
}

/// Each kernel moves the tensors that it says, and no other.
#[test]
fn each_kernel_moves_its_own_tensors() {
    let network = network(&codes::digits(), Distance::Sum);
    let mut case = Case::new("", 0, 1.5, 10, image(0, |_, _| true));
    let steps = std::mem::replace(&mut case.steps, vec![0.0; network.layout().size()]);
    for engine in &mut engines(&codes::digits(), Distance::Sum) {
        case.load(engine);
        case.forward(engine);
        assert!(same(&case.learn(engine), &case.values));
        engine.load_step_sizes(&steps);
        let mut before = case.values.clone();
        for (kernel, layers) in Kernel::BACKWARD.into_iter().zip([[""; 2], ["c5", "f6"], ["c3", "s4"], ["c1", "s2"]]) {
            engine.run(kernel);
            let mut after = before.clone();
            engine.save_values(&mut after);
            for (tensor, at) in network.layout().iter() {
                let moves = layers.contains(&&tensor.name[..2]);
                assert_eq!(before[at.clone()] != after[at], moves, "{kernel:?}, {}", tensor.name);
            }
            before = after;
        }
    }
}

/// The places that hold no parameter hold nothing that matters: after 100 steps, an engine that is given what was saved goes on
/// in the same bits.
#[test]
fn what_is_saved_is_all_there_is() {
    let (mut case, start) = (Case::new("", 0, 1.5, 10, image(0, |_, _| true)), values(1, 1.5));
    case.steps.iter_mut().for_each(|step| *step *= 1e-3 / PUSH);
    for engine in &mut engines(&codes::digits(), Distance::Sum) {
        engine.load_values(&start);
        let mut saved = vec![f32::NAN; start.len()];
        engine.save_values(&mut saved);
        assert!(same(&saved, &start), "nothing is lost on the way");

        case.load(engine);
        for step in 0..100 {
            case.image = image(step, |_, _| true);
            case.forward(engine);
            engine.learn(&case.output_derivative);
        }
        engine.save_values(&mut saved);
        assert!(saved.iter().all(|w| w.is_finite()) && saved != case.values);
        let mut fresh = Lenet5::new(Level::available()[0], &codes::digits(), 1.0);
        fresh.load_values(&saved);
        fresh.load_step_sizes(&case.steps);
        case.image = image(100, |_, _| true);
        let expected = case.forward(engine);
        assert!(same(&case.forward(&mut fresh), &expected));
        for ((name, maps), (_, fresh)) in engine.states().iter().zip(&fresh.states()) {
            assert!(maps.values.iter().all(|x| x.is_finite()), "{name}");
            assert!(same(&maps.values, &fresh.values), "{name}");
        }
        let expected = case.learn(engine);
        assert!(same(&case.learn(&mut fresh), &expected));
    }
}

/// A NaN anywhere in the input or the parameters makes every distance NaN, and the next forward pass finds none of it.
#[test]
fn nan_is_never_a_plausible_answer() {
    let network = network(&codes::digits(), Distance::Sum);
    let sound = Case::new("", 0, 1.5, 10, image(0, |_, _| true));
    for engine in &mut engines(&codes::digits(), Distance::Sum) {
        sound.load(engine);
        sound.forward(engine);
        let expected = sound.learn(engine);
        let mut spoilt = |values: &[f32], image: &[f32], what: &str| {
            let mut distances = [0.0; 10];
            engine.load_values(values);
            engine.forward(image, &mut distances);
            assert!(distances.iter().all(|y| y.is_nan()), "{what}: {distances:?}");
            engine.learn(&distances);
            engine.load_values(&sound.values);
            sound.forward(engine);
            assert!(same(&sound.learn(engine), &expected), "{what} leaves something behind");
        };
        for index in [0, 1, 30, 31, 16 * 32 + 15, 31 * 32, 31 * 32 + 30, 31 * 32 + 31] {
            let mut image = sound.image.clone();
            image[index] = f32::NAN;
            spoilt(&sound.values, &image, &format!("pixel {index}"));
        }
        for (tensor, at) in network.layout().iter() {
            for index in [at.start, at.start + at.len() / 3, at.end - 1] {
                let mut values = sound.values.clone();
                values[index] = f32::NAN;
                spoilt(&values, &sound.image, &format!("{} at {index}", tensor.name));
            }
        }
    }
}

/// Several patterns at once have the bits that each has alone, and one with a NaN spoils no other.
#[test]
fn sixteen_patterns_at_once() {
    for (codes, distance) in outputs() {
        let case = Case::new("", 0, 1.5, codes.len(), image(0, |_, _| true));
        let mut images: Vec<Vec<f32>> = (0..16).map(|draw| image(draw, |_, _| true)).collect();
        images[3][500] = f32::NAN;
        for level in Level::available() {
            let mut engine = Lenet5::new(level, &codes, distance.scale() as f32);
            case.load(&mut engine);
            for count in [16, 1, 5] {
                let some = images[..count].iter().map(|image| Maps::from_values(INPUT, image.clone()).unwrap());
                let mut outputs = Maps::batch(Shape::new(codes.len(), 1, 1), PATTERNS);
                engine.forward_batch(&some.collect::<Vec<_>>(), &mut outputs);
                let (mut alone, mut found) = (vec![0.0; codes.len()], Maps::zeros(outputs.shape()));
                for (n, image) in images[..count].iter().enumerate() {
                    engine.forward(image, &mut alone);
                    outputs.pattern(n, &mut found);
                    assert!(same(&found.values, &alone), "{level:?}: pattern {n} of {count}");
                    assert_eq!(alone[0].is_nan(), n == 3);
                }
            }
        }
    }
}

/// The network of f32 hands out this engine, with its codes and its distance, at the level that it is put at.
#[test]
fn a_network_of_f32_is_this_engine() {
    for (codes, distance) in outputs() {
        let case = Case::new("", 0, 1.5, codes.len(), image(0, |_, _| true));
        for level in Level::available() {
            let readings = Readings { distance, ..Readings::AS_PRINTED };
            let network = lenet5::<f32>(&codes, readings).at_level(level);
            let mut found = network.fused().expect("a network of one piece");
            assert!(format!("{found:?}").contains(&format!("level: {level:?}")));
            let mut expected = Lenet5::new(level, &codes, distance.scale() as f32);
            case.load(&mut *found);
            case.load(&mut expected);
            assert!(same(&case.forward(&mut *found), &case.forward(&mut expected)));
            assert!(same(&case.learn(&mut *found), &case.learn(&mut expected)));
        }
    }
}
