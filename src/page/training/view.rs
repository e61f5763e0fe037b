//! Networks in training as they are now: kernels, coefficients, effective rates, and the states for one digit.

use serde::Serialize;

use super::side::Side;
use crate::applications::activity::Activity;
use crate::data::Images;
use crate::kernels::maps::Shape;
use crate::network::parameters::{Layout, Role, Tensor};
use crate::page::see::Sight;

/// What the page shows of a training.
#[derive(Serialize)]
pub struct View {
    digit: Digit,
    /// The training pattern that was presented last, as the set has it, before any distortion.
    last: Option<Digit>,
    sides: Vec<SideView>,
}

#[derive(Serialize)]
struct Digit {
    index: usize,
    label: u8,
    pixels: Vec<u8>,
}

#[derive(Serialize)]
struct SideView {
    /// Of the first layer with weights.
    kernels: Option<Kernels>,
    /// Of subsampling layers.
    coefficients: Vec<Coefficients>,
    /// Of the pass that goes on; none before the first.
    rates: Vec<Rates>,
    sight: Sight,
}

/// Kernels, one after the other, each row by row.
#[derive(Serialize)]
struct Kernels {
    layer: String,
    kernels: usize,
    size: usize,
    values: Vec<f32>,
}

#[derive(Serialize)]
struct Coefficients {
    layer: String,
    values: Vec<f32>,
    biases: Vec<f32>,
}

/// The effective step sizes eps_k of a layer.
#[derive(Serialize)]
struct Rates {
    layer: String,
    smallest: f32,
    median: f32,
    largest: f32,
}

/// The view of these networks for test pattern `digit`.
pub fn of(sides: &mut [Side], test: &Images, digit: usize) -> View {
    let (digit, last) = (Digit::of(test, digit), sides[0].last().map(|(set, index)| Digit::of(set, index)));
    let sides = sides.iter_mut().map(|side| side_view(side, &digit.pixels, test.size())).collect();
    View { digit, last, sides }
}

impl Digit {
    fn of(set: &Images, index: usize) -> Self {
        Self { index, label: set.labels()[index], pixels: set.image(index).to_vec() }
    }
}

fn side_view(side: &mut Side, pixels: &[u8], (height, width): (usize, usize)) -> SideView {
    let name = side.name();
    let (trainer, reader) = side.trainer_and_reader();
    let (layout, parameters) = (trainer.network().layout(), trainer.parameters());
    let j = reader.j();
    let activity = Activity::of(reader, pixels, Shape::new(1, height, width)).expect("checked when training began");
    SideView {
        kernels: kernels(layout, &parameters.values),
        coefficients: coefficients(layout, &parameters.values),
        rates: rates(layout, &parameters.step_size),
        sight: Sight::new(name, pixels.to_vec(), activity, j, f64::NAN),
    }
}

/// The name of the layer that a tensor belongs to, as the paper writes it: C1 of `c1.weight`.
fn layer(tensor: &Tensor) -> String {
    tensor.name.split('.').next().unwrap_or_default().to_uppercase()
}

fn kernels(layout: &Layout, values: &[f32]) -> Option<Kernels> {
    let (tensor, range) = layout.iter().find(|(tensor, _)| tensor.role == Role::Weight)?;
    let size = *tensor.shape.last()?;
    let values = values[range].to_vec();
    Some(Kernels { layer: layer(tensor), kernels: values.len() / (size * size), size, values })
}

fn coefficients(layout: &Layout, values: &[f32]) -> Vec<Coefficients> {
    let tensors: Vec<_> = layout.iter().collect();
    let of = |pair: &[(&Tensor, std::ops::Range<usize>)]| {
        let [(coefficient, own), (_, biases)] = pair else { return None };
        let [values, biases] = [own, biases].map(|range| values[range.clone()].to_vec());
        (coefficient.role == Role::Coefficient).then(|| Coefficients { layer: layer(coefficient), values, biases })
    };
    tensors.windows(2).filter_map(of).collect()
}

fn rates(layout: &Layout, step_sizes: &[f32]) -> Vec<Rates> {
    let tensors: Vec<_> = layout.iter().collect();
    let of = |tensors: &[(&Tensor, std::ops::Range<usize>)]| {
        let mut sizes: Vec<f32> = tensors.iter().flat_map(|(_, range)| &step_sizes[range.clone()]).copied().collect();
        let middle = sizes.len() / 2;
        let (_, &mut median, _) = sizes.select_nth_unstable_by(middle, f32::total_cmp);
        let (smallest, largest) = sizes.iter().fold((f32::INFINITY, 0.0_f32), |(a, b), &s| (a.min(s), b.max(s)));
        Rates { layer: layer(tensors[0].0), smallest, median, largest }
    };
    let known = step_sizes.iter().any(|&size| size > 0.0);
    let layers = tensors.chunk_by(|a, b| layer(a.0) == layer(b.0)).filter(|_| known);
    layers.map(of).collect()
}
