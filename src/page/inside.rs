//! A network from within: its kernels, the sum behind a unit, and weights that are nudged.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Answer;
use super::networks::Networks;
use super::parameters;
use super::refusal::Refusal;
use super::see::{self, Question};
use crate::applications::reader::Reader;
use crate::applications::unit::{Place, unit};

/// The largest change of a weight at a time.
const LARGEST_NUDGE: f32 = 10.0;

#[derive(Deserialize)]
struct OfUnit {
    /// As on the page: 1 for the first layer.
    level: usize,
    map: usize,
    row: usize,
    column: usize,
}

#[derive(Deserialize)]
struct OfLayer {
    network: String,
    layer: String,
}

#[derive(Deserialize)]
struct Nudge {
    network: String,
    tensor: String,
    index: usize,
    by: f32,
}

#[derive(Deserialize)]
struct OfNetwork {
    network: String,
}

/// The kernel from one input map to one map.
#[derive(Serialize)]
struct Kernel {
    map: usize,
    input: usize,
    values: Vec<f32>,
}

/// The answer to `inside/{task}`.
///
/// # Errors
/// If there is no such task, network, layer, unit or weight, or the drawing is refused.
pub fn ask(networks: &Networks, task: &str, query: &str, body: &[u8]) -> Result<Answer, Refusal> {
    match task {
        "unit" => {
            let (place, question): (OfUnit, Question) = (parameters(query)?, parameters(query)?);
            of_unit(networks, &place, &question, body)
        }
        "kernels" => kernels(networks, &parameters(query)?).map(|kernels| Answer::of(&kernels)),
        "nudge" => nudge(networks, &parameters(query)?).map(|nudged| Answer::of(&nudged)),
        "restore" => {
            let OfNetwork { network } = parameters(query)?;
            networks.find(&network)?.restore();
            Ok(Answer::of(&json!({})))
        }
        _ => Err(Refusal::not_found("there is no such page")),
    }
}

fn of_unit(networks: &Networks, place: &OfUnit, question: &Question, body: &[u8]) -> Result<Answer, Refusal> {
    let OfUnit { level, map, row, column } = *place;
    let place = Place { layer: level.wrapping_sub(1), map, row, column };
    let (_, found) = see::read(networks, question, body, |reader, write| {
        reader.read_as(write);
        unit(reader, place)
    })?;
    found.map(|unit| Answer::of(&unit)).ok_or_else(|| Refusal::not_found("there is no such unit"))
}

fn kernels(networks: &Networks, of: &OfLayer) -> Result<Value, Refusal> {
    let none = || Refusal::not_found("there are no kernels in a layer of this name");
    networks.find(&of.network)?.read(|reader| {
        let hidden = reader.network().hidden();
        let field = hidden.iter().find(|layer| layer.name == of.layer).and_then(|layer| layer.field.as_ref());
        let field = field.ok_or_else(none)?;
        let weights = tensor(reader, &format!("{}.weight", of.layer.to_lowercase())).ok_or_else(none)?;
        let pairs =
            field.inputs.iter().enumerate().flat_map(|(map, inputs)| inputs.iter().map(move |&input| (map, input)));
        let kernels: Vec<Kernel> = pairs
            .zip(reader.values()[weights].chunks(field.size * field.size))
            .map(|((map, input), values)| Kernel { map, input, values: values.to_vec() })
            .collect();
        Ok(json!({ "layer": of.layer, "maps": field.inputs.len(), "size": field.size, "kernels": kernels }))
    })?
}

fn nudge(networks: &Networks, nudge: &Nudge) -> Result<Value, Refusal> {
    if !(-LARGEST_NUDGE..=LARGEST_NUDGE).contains(&nudge.by) {
        return Err(Refusal::bad(format!("by must be -{LARGEST_NUDGE} to {LARGEST_NUDGE}")));
    }
    let entry = networks.find(&nudge.network)?;
    let at = entry.read(|reader| {
        let range =
            tensor(reader, &nudge.tensor).ok_or_else(|| Refusal::not_found("there is no tensor of this name"))?;
        range
            .clone()
            .nth(nudge.index)
            .ok_or_else(|| Refusal::not_found(format!("the tensor has {} numbers, counted from 0", range.len())))
    })??;
    let (value, nudged) = entry.nudge(at, nudge.by)?;
    Ok(json!({ "value": value, "nudged": nudged }))
}

/// The place of a tensor among the network's parameters.
fn tensor(reader: &Reader, name: &str) -> Option<std::ops::Range<usize>> {
    reader.network().layout().iter().find(|(tensor, _)| tensor.name == name).map(|(_, range)| range)
}
