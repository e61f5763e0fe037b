//! A unit of a hidden layer from within: the sum that made its state, term by term.

use serde::Serialize;

use super::reader::Reader;
use crate::network::Hidden;
use crate::network::layers::Operation;

/// The place of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The index of the layer among the [hidden ones](crate::network::Network::hidden).
    pub layer: usize,
    /// The map.
    pub map: usize,
    /// The row in the map.
    pub row: usize,
    /// The column in the map.
    pub column: usize,
}

/// One input of a unit, and the weight that it is multiplied by: 1 in subsampling and pooling layers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Term {
    /// The map of the layer before.
    pub map: usize,
    /// The row in that map.
    pub row: usize,
    /// The column in that map.
    pub column: usize,
    /// The state of that unit.
    pub value: f32,
    /// The weight of the connection.
    pub weight: f32,
}

/// How a unit came to its state: the terms are added (or, in a pooling layer, the largest is taken), the sum times the coefficient plus
/// the bias goes through the function.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unit {
    /// The layer's name in the paper.
    pub layer: String,
    /// `sum`, or `max` for a pooling layer.
    pub joined: &'static str,
    /// The inputs with their weights.
    pub terms: Vec<Term>,
    /// The name of the tensor of the weights, and the index of the first term's in it; the others follow. None without weights.
    pub weights: Option<(String, usize)>,
    /// The trainable coefficient of a subsampling map: its tensor, the index in it, its value.
    pub coefficient: Option<(String, usize, f32)>,
    /// The trainable bias, likewise.
    pub bias: Option<(String, usize, f32)>,
    /// What goes into the function (a_i of the paper).
    pub sum: f64,
    /// `squash` (eq. 6), `relu` or `none`.
    pub function: &'static str,
    /// The state (x_i of the paper).
    pub state: f32,
}

/// The unit at `place` for the image that `reader` has read last. `None` if there is no such unit, or its layer does not tell its
/// receptive field.
pub fn unit(reader: &Reader, place: Place) -> Option<Unit> {
    let network = reader.network();
    let hidden = network.hidden();
    let layer = hidden.get(place.layer)?;
    let field = layer.field.as_ref()?;
    let own = &reader.states()[layer.state];
    let shape = own.shape();
    if place.map >= shape.maps || place.row >= shape.height || place.column >= shape.width {
        return None;
    }
    let state = own.matrix(place.map)[(place.row, place.column)];
    let before = place.layer.checked_sub(1).map_or(0, |index| hidden[index].state);
    let inputs = &reader.states()[before];
    let tensor = |part: &str| parameters(reader, &layer.name, part);
    let first = field.inputs[..place.map].iter().map(Vec::len).sum::<usize>() * field.size * field.size;
    let weights = tensor("weight");
    let mut terms = Vec::new();
    for &map in &field.inputs[place.map] {
        let states = inputs.matrix(map);
        for (y, x) in (0..field.size * field.size).map(|at| (at / field.size, at % field.size)) {
            let (row, column) = (place.row * field.step + y, place.column * field.step + x);
            let weight = weights.as_ref().map_or(1.0, |(_, values)| values[first + terms.len()]);
            terms.push(Term { map, row, column, value: states[(row, column)], weight });
        }
    }
    let of_map = |part: &str| tensor(part).map(|(name, values)| (name, place.map, values[place.map]));
    let (coefficient, bias) = (of_map("coefficient"), of_map("bias"));
    let joined = if weights.is_some() || coefficient.is_some() { "sum" } else { "max" };
    let products = terms.iter().map(|term| f64::from(term.value) * f64::from(term.weight));
    let together = if joined == "sum" { products.sum() } else { products.fold(f64::NEG_INFINITY, f64::max) };
    let value = |of: &Option<(String, usize, f32)>, without: f64| of.as_ref().map_or(without, |of| f64::from(of.2));
    Some(Unit {
        layer: layer.name.clone(),
        joined,
        sum: together * value(&coefficient, 1.0) + value(&bias, 0.0),
        weights: weights.map(|(name, _)| (name, first)),
        terms,
        coefficient,
        bias,
        function: function(reader, layer),
        state,
    })
}

/// The tensor `part` of a layer: its name and its values.
fn parameters<'a>(reader: &'a Reader, layer: &str, part: &str) -> Option<(String, &'a [f32])> {
    let name = format!("{}.{part}", layer.to_lowercase());
    let (_, range) = reader.network().layout().iter().find(|(tensor, _)| tensor.name == name)?;
    Some((name, &reader.values()[range]))
}

/// The word for the function of a layer: that of its last stage.
fn function(reader: &Reader, layer: &Hidden) -> &'static str {
    match reader.network().layers().nth(layer.state - 1).and_then(|(stage, _)| stage.operation()) {
        Some(Operation::Tanh { .. }) => "squash",
        Some(Operation::Relu) => "relu",
        _ => "none",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::data::Source;
    use crate::kernels::maps::Shape;
    use crate::kernels::plain::squash::{AMPLITUDE, SLOPE};
    use crate::models;
    use crate::runs::checkpoint::Model;

    /// Of every layer of five networks, the units at four places: the function of the sum of the terms is the state.
    #[test]
    fn the_terms_make_the_state() {
        for preset in ["paper", "lenet1", "lenet4", "lush", "modern"] {
            let settings: Settings = models::preset(preset).unwrap().check().unwrap();
            let model = Model::untrained(settings, Source::Digits);
            let mut reader = Reader::new(&model).unwrap();
            let pixels: Vec<u8> = (0..784_usize).map(|at| (at * 37 % 256) as u8).collect();
            reader.read(&pixels, Shape::new(1, 28, 28)).unwrap();
            let hidden = reader.network().hidden();
            for (layer, of) in hidden.iter().enumerate() {
                let shape = reader.states()[of.state].shape();
                for (map, row, column) in [(0, 0, 0), (1, 0, 0), (shape.maps - 1, shape.height - 1, shape.width / 2)] {
                    let unit = unit(&reader, Place { layer, map, row, column }).unwrap();
                    let expected = match unit.function {
                        "squash" => AMPLITUDE * (SLOPE * unit.sum).tanh(),
                        "relu" => unit.sum.max(0.0),
                        _ => unit.sum,
                    };
                    let error = (expected - f64::from(unit.state)).abs();
                    assert!(error < 2e-5 * expected.abs().max(1.0), "{preset} {} {map}: {expected} {unit:?}", of.name);
                }
                assert_eq!(unit(&reader, Place { layer, map: shape.maps, row: 0, column: 0 }), None);
            }
        }
    }
}
