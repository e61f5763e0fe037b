//! Every layer's gradient, and LeNet-5's with either loss and either distance, against finite differences in f64.
//!
//! Measure of the error: the numeric derivative is the five-point central difference with step 1e-3, whose truncation
//! error is of fourth order (none at all for the layers that are linear or quadratic). For each component,
//!
//! |analytic - numeric| <= 1e-6 * max(|analytic|, |numeric|, r),
//!
//! with r the root mean square of the tensor's analytic derivatives. r is needed because the numeric derivative carries the
//! absolute rounding error of E over the step, about 1e-16 * |E| / 1e-3, whatever the size of the component; a component
//! that is tiny beside its tensor cannot be measured better than that. The worst ratio is printed (`--nocapture`).

use crate::common;
use crate::settings::settings;
use crate::single_layer;

use common::{maps, numbers};
use lenet5::kernels::maps::{Maps, Shape};
use lenet5::models::{Readings, lenet5};
use lenet5::network::layers::{
    Convolution, Distance, Layer, MaxPool, Rbf, Relu, Repeat, Scores, Squash, Subsampling, Table, dense, targets,
};
use lenet5::network::loss::Loss;
use lenet5::network::{Network, Workspace};
use lenet5::paper::codes;
use lenet5::random::stream;
use lenet5::training::initialisation::initial_values;
use rand::seq::index::sample;

const TOLERANCE: f64 = 1e-6;
const STEP: f64 = 1e-3;

/// dE/dw at the present value of w, the number at `place` in the state, which is left as it was.
fn difference<S>(state: &mut S, place: impl Fn(&mut S) -> &mut f64, loss: impl Fn(&mut S) -> f64) -> f64 {
    let present = *place(state);
    let mut at = |step: f64| {
        *place(state) = present + step;
        loss(state)
    };
    let (near, far) = (at(STEP) - at(-STEP), at(2.0 * STEP) - at(-2.0 * STEP));
    *place(state) = present;
    (8.0 * near - far) / (12.0 * STEP)
}

/// Compares the components `which` of a derivative with their numeric values.
fn compare(name: &str, analytic: &[f64], which: &[usize], mut numeric: impl FnMut(usize) -> f64) {
    let norm = (analytic.iter().map(|d| d * d).sum::<f64>() / analytic.len() as f64).sqrt();
    assert!(norm > 1e-9, "{name}: a derivative that vanishes checks nothing");
    let mut worst = 0.0_f64;
    for &index in which {
        let (a, n) = (analytic[index], numeric(index));
        let ratio = (a - n).abs() / a.abs().max(n.abs()).max(norm);
        assert!(ratio <= TOLERANCE, "{name}[{index}]: analytic {a:e}, numeric {n:e}, relative error {ratio:e}");
        worst = worst.max(ratio);
    }
    println!("{name}: {} of {} components, worst relative error {worst:.1e}", which.len(), analytic.len());
}

fn all(count: usize) -> Vec<usize> {
    (0..count).collect()
}

/// Checks all derivatives of one layer for the loss E = sum over outputs of probe * output, with a random probe.
fn check_layer(name: &str, layer: &dyn Layer<f64>, shape: Shape) {
    let mut values = numbers("layer values", 0, single_layer::size(layer));
    let mut input = maps("layer input", 0, shape);
    let probe = maps("probe", 0, layer.output_shape(shape).unwrap());
    let loss = |values: &[f64], input: &Maps<f64>| -> f64 {
        let output = single_layer::forward(layer, values, input);
        output.values.iter().zip(&probe.values).map(|(y, p)| y * p).sum()
    };
    let (dx, dw) = single_layer::backward(layer, &values, &input, &probe);
    compare(&format!("{name}, input"), &dx.values, &all(dx.values.len()), |index| {
        difference(&mut input, |input| &mut input.values[index], |input| loss(&values, input))
    });
    for (tensor, range) in lenet5::network::parameters::Layout::new(layer.tensors()).iter() {
        compare(&format!("{name}, {}", tensor.name), &dw[range.clone()], &all(range.len()), |index| {
            difference(&mut values, |values| &mut values[range.start + index], |values| loss(values, &input))
        });
    }
}

#[test]
fn convolution_with_a_full_table() {
    for size in 1..=7 {
        let layer = Convolution::new("C", Table::full(2, 3), size);
        check_layer(
            &format!("convolution {size}x{size} at several positions"),
            &layer,
            Shape::new(2, size + 2, size + 3),
        );
        check_layer(&format!("convolution {size}x{size} at one position"), &layer, Shape::new(2, size, size));
    }
}

#[test]
fn convolution_with_a_sparse_table() {
    for size in [1, 2, 3, 5] {
        let layer = Convolution::new("C", Table::sparse(3, &[&[0, 2], &[1], &[0, 1, 2], &[1, 2]]), size);
        check_layer(&format!("sparse {size}x{size} at several positions"), &layer, Shape::new(3, size + 3, size + 1));
        check_layer(&format!("sparse {size}x{size} at one position"), &layer, Shape::new(3, size, size));
    }
}

/// On 5x7 the last row and column have no field of their own. Random inputs are nowhere within a step of a bend.
#[test]
fn other_layers() {
    let layers: [(&str, Box<dyn Layer<f64>>, Shape); 13] = [
        ("dense at one position", Box::new(dense("F", 37, 5)), Shape::new(37, 1, 1)),
        ("dense at several positions", Box::new(dense("F", 7, 4)), Shape::new(7, 2, 3)),
        ("subsampling 2x2", Box::new(Subsampling::new("S", 3, 2)), Shape::new(3, 6, 4)),
        ("subsampling 2x2 with a rest", Box::new(Subsampling::new("S", 2, 2)), Shape::new(2, 5, 7)),
        ("subsampling 3x3", Box::new(Subsampling::new("S", 2, 3)), Shape::new(2, 6, 3)),
        ("squash", Box::new(Squash), Shape::new(3, 4, 5)),
        ("relu", Box::new(Relu), Shape::new(3, 4, 5)),
        ("max-pooling 2x2", Box::new(MaxPool::new("S", 2)), Shape::new(3, 6, 4)),
        ("max-pooling 2x2 with a rest", Box::new(MaxPool::new("S", 2)), Shape::new(2, 5, 7)),
        ("max-pooling 3x3", Box::new(MaxPool::new("S", 3)), Shape::new(2, 6, 3)),
        ("repeat", Box::new(Repeat { times: 3 }), Shape::new(2, 3, 2)),
        ("scores", Box::new(Scores), Shape::new(5, 1, 1)),
        ("targets", Box::new(targets(4, Distance::Half)), Shape::new(4, 1, 1)),
    ];
    layers.iter().for_each(|(name, layer, shape)| check_layer(name, &**layer, *shape));
}

#[test]
fn radial_basis_functions() {
    let codes: Vec<i8> = numbers("codes", 0, 4 * 6).iter().map(|&number| if number > 0.0 { 1 } else { -1 }).collect();
    for distance in [Distance::Sum, Distance::Half] {
        let layer = Rbf::new("RBF", 6, &codes, distance);
        check_layer(&format!("rbf, {distance:?}, one position"), &layer, Shape::new(6, 1, 1));
        check_layer(&format!("rbf, {distance:?}, several positions"), &layer, Shape::new(6, 2, 3));
    }
}

/// LeNet-5 with random parameters, one random input in its workspace, and the class of that input.
struct Case {
    network: Network<f64>,
    values: Vec<f64>,
    workspace: Workspace<f64>,
    class: usize,
}

impl Case {
    /// Biases and coefficients are random too. F6's weights are a tenth of what they start with: its states are then near 0
    /// and all distances near each other, so that every class takes part in eq. 9.
    fn new(distance: Distance) -> Self {
        let network = lenet5(&codes::digits(), Readings { distance, ..Readings::AS_PRINTED });
        let settings = settings(&["bias_start=uniform", "coefficient_start=uniform", "coefficient=0.5", "seed=7"]);
        let mut values: Vec<f64> = initial_values(network.layout(), &settings);
        let (_, f6) = network.layout().iter().find(|(tensor, _)| tensor.name == "f6.weight").unwrap();
        values[f6].iter_mut().for_each(|w| *w *= 0.1);
        let mut workspace = network.standard_workspace();
        workspace.input_mut().values.copy_from_slice(&numbers("image", 0, 32 * 32));
        Self { network, values, workspace, class: 3 }
    }

    fn loss(&mut self, loss: Loss) -> f64 {
        self.network.forward(&self.values, &mut self.workspace);
        loss.value(&self.workspace.output().values, self.class)
    }

    /// A j in the middle of the distances, where it matters as much as they do.
    fn j(&mut self) -> f64 {
        self.network.forward(&self.values, &mut self.workspace);
        self.workspace.output().values.iter().sum::<f64>() / 10.0
    }

    fn gradient(&mut self, loss: Loss) -> Vec<f64> {
        self.network.forward(&self.values, &mut self.workspace);
        let (distances, derivative) = self.workspace.output_and_derivative();
        let value = loss.gradient(&distances.values, self.class, &mut derivative.values);
        assert_eq!(value, loss.value(&distances.values, self.class));
        let taking_part = derivative.values.iter().filter(|dy| dy.abs() > 1e-4).count();
        assert_eq!(taking_part, if loss == Loss::Eq8 { 1 } else { 10 }, "{:?}", derivative.values);
        let mut gradient = vec![0.0; self.values.len()];
        self.network.gradient(&self.values, &mut self.workspace, &mut gradient);
        gradient
    }

    /// Checks every parameter of the small tensors and 40 of each large one.
    fn check(&mut self, name: &str, loss: Loss) {
        let gradient = self.gradient(loss);
        let tensors: Vec<_> =
            self.network.layout().iter().map(|(tensor, range)| (tensor.name.clone(), range)).collect();
        for (tensor, range) in tensors {
            let which = match range.len() {
                count @ ..=160 => all(count),
                count => sample(&mut stream(1998, &tensor, 0), count, 40).into_vec(),
            };
            compare(&format!("{name}, {tensor}"), &gradient[range.clone()], &which, |index| {
                difference(self, |case| &mut case.values[range.start + index], |case| case.loss(loss))
            });
        }
    }
}

#[test]
fn lenet5_with_equation_8() {
    for distance in [Distance::Sum, Distance::Half] {
        Case::new(distance).check(&format!("LeNet-5, eq. 8, {distance:?}"), Loss::Eq8);
    }
}

#[test]
fn lenet5_with_equation_9() {
    for distance in [Distance::Sum, Distance::Half] {
        let mut case = Case::new(distance);
        let j = case.j();
        case.check(&format!("LeNet-5, eq. 9, {distance:?}"), Loss::Eq9 { j });
    }
}
