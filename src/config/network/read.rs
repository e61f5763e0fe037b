//! Declarations read from TOML.

use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::ranges::{FIELD, KERNEL, MAPS, TIMES, in_words};
use super::{Declaration, DeclarationError, Kind, LayerDeclaration, LayerStart};
use crate::kernels::maps::Shape;
use crate::words::unknown;

/// The name of a network that has none.
const NAMELESS: &str = "declared";

const INPUT: &str = "three whole numbers: maps, rows, columns, such as [1, 32, 32]";
const NUMBER: &str = "a number";
const ROWS: &str = "a list for each map, of the input maps that feed it, counted from 0, such as [[0, 1], [1, 2]]";
const DISTANCES: &str = "sum or half";
const CURVATURES: &str = "connections or sum";
const FUNCTIONS: &str = "squash, relu or none";

/// The keys of a layer that has weights.
const WEIGHTS: [&str; 4] = ["weight_distribution", "weight_range", "weight_fan_in", "bias_start"];

const KINDS: [&str; 8] = ["convolution", "full", "subsampling", "max", "repeat", "rbf", "scores", "targets"];

/// The keys of a layer of this kind, or none if there is no such kind.
pub(super) fn keys(kind: &str) -> Vec<&'static str> {
    let (own, weights): (&[&str], &[&str]) = match kind {
        "convolution" => (&["name", "maps", "size", "table", "activation"], &WEIGHTS),
        "full" => (&["name", "maps", "activation"], &WEIGHTS),
        "subsampling" => {
            (&["name", "size", "activation", "coefficient_start", "coefficient", "coefficient_curvature"], &WEIGHTS)
        }
        "max" => (&["name", "size", "activation"], &[]),
        "repeat" => (&["times"], &[]),
        "rbf" => (&["name", "distance"], &[]),
        "scores" => (&["name", "maps", "size"], &WEIGHTS),
        "targets" => (&["name", "maps", "size", "distance"], &WEIGHTS),
        _ => return Vec::new(),
    };
    [&["kind"], own, weights].concat()
}

impl Declaration {
    /// The network that a TOML table declares; without `name`, it is called `declared`.
    ///
    /// # Errors
    /// If a key is missing or unknown, or its value is of another kind. Sizes that do not fit are found when it is
    /// [built](Self::build).
    pub fn from_table(table: &Table) -> Result<Self, DeclarationError> {
        let of_network = DeclarationError::of_network;
        known(table, "network", &["name", "input", "reduced", "layers"]).map_err(of_network)?;
        let [maps, height, width] = required(table, "input", INPUT).map_err(of_network)?;
        let layers: Vec<Value> = required(table, "layers", "a table [[layers]] for each layer").map_err(of_network)?;
        let layer = |(index, value): (usize, &Value)| {
            let name = value.get("name").and_then(Value::as_str).unwrap_or_default();
            let layer = value.as_table().ok_or_else(|| format!("expected a table, found {}", shown(value)));
            layer.and_then(read_layer).map_err(|problem| DeclarationError::of_layer(index, name, problem))
        };
        Ok(Self {
            name: optional(table, "name", "a text").map_err(of_network)?.unwrap_or_else(|| NAMELESS.into()),
            input: Shape::new(maps, height, width),
            reduced: optional(table, "reduced", "true or false").map_err(of_network)?.unwrap_or(false),
            layers: layers.iter().enumerate().map(layer).collect::<Result<_, _>>()?,
        })
    }
}

fn read_layer(table: &Table) -> Result<LayerDeclaration, String> {
    let kind: String = required(table, "kind", &format!("one of {}", KINDS.join(", ")))?;
    let keys = keys(&kind);
    if keys.is_empty() {
        return Err(unknown("kind", &kind, &KINDS));
    }
    known(table, &kind, &keys)?;
    let (kernel, field) = (in_words(&KERNEL), in_words(&FIELD));
    let maps = || optional(table, "maps", &in_words(&MAPS));
    let distance = || optional(table, "distance", DISTANCES);
    let output_size = || Ok::<usize, String>(optional(table, "size", &kernel)?.unwrap_or(1));
    let kind = match kind.as_str() {
        "convolution" => {
            let rows: Option<Vec<Vec<usize>>> = optional(table, "table", ROWS)?;
            let maps = maps()?.or(rows.as_ref().map(Vec::len));
            let maps = maps.ok_or_else(|| format!("`maps`: expected {}, or a `table`; found none", in_words(&MAPS)))?;
            Kind::Convolution { maps, size: required(table, "size", &kernel)?, table: rows }
        }
        "full" => Kind::Full { maps: required(table, "maps", &in_words(&MAPS))? },
        "subsampling" => Kind::Subsampling {
            size: required(table, "size", &field)?,
            coefficient_curvature: optional(table, "coefficient_curvature", CURVATURES)?,
        },
        "max" => Kind::Max { size: required(table, "size", &field)? },
        "repeat" => Kind::Repeat { times: required(table, "times", &in_words(&TIMES))? },
        "rbf" => Kind::Rbf { distance: distance()? },
        "scores" => Kind::Scores { maps: maps()?, size: output_size()? },
        _ => Kind::Targets { maps: maps()?, size: output_size()?, distance: distance()? },
    };
    Ok(LayerDeclaration {
        name: optional(table, "name", "a text")?.unwrap_or_default(),
        kind,
        activation: optional(table, "activation", FUNCTIONS)?,
        start: LayerStart {
            weight_distribution: optional(table, "weight_distribution", "uniform or normal")?,
            weight_range: optional(table, "weight_range", NUMBER)?,
            weight_fan_in: optional(table, "weight_fan_in", "linear or square_root")?,
            bias_start: optional(table, "bias_start", "zero or uniform")?,
            coefficient_start: optional(table, "coefficient_start", "constant or uniform")?,
            coefficient: optional(table, "coefficient", NUMBER)?,
        },
    })
}

/// Refuses keys that a table of this kind does not have.
fn known(table: &Table, kind: &str, keys: &[&str]) -> Result<(), String> {
    match table.keys().find(|key| !keys.contains(&key.as_str())) {
        Some(key) => Err(unknown(&format!("key of `{kind}`"), key, keys)),
        None => Ok(()),
    }
}

fn required<D: DeserializeOwned>(table: &Table, key: &str, expected: &str) -> Result<D, String> {
    optional(table, key, expected)?.ok_or_else(|| format!("`{key}`: expected {expected}, found none"))
}

fn optional<D: DeserializeOwned>(table: &Table, key: &str, expected: &str) -> Result<Option<D>, String> {
    let Some(value) = table.get(key) else { return Ok(None) };
    let read = value.clone().try_into().map(Some);
    read.map_err(|_| format!("`{key}`: expected {expected}, found {}", shown(value)))
}

/// A value as in TOML, cut where it is long.
fn shown(value: &Value) -> String {
    const LONGEST: usize = 60;
    let text = value.to_string();
    if text.chars().count() <= LONGEST { text } else { text.chars().take(LONGEST).chain("...".chars()).collect() }
}
