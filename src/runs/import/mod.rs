//! Plain tensors of another program, such as a PyTorch LeNet's `state_dict` in safetensors, as a model.
//!
//! Every tensor of the file must have a place in the network, and every trained tensor of the network must be in the file: what is not
//! meant to be read is [left out](Place::Nowhere) by name. A shape must be ours, apart from dimensions of 1 and from a full connection
//! that reads flattened maps (\[120, 400\] for \[120, 16, 5, 5\]); another order of dimensions is stated in the [`Map`]. A full
//! convolution stands for one with a table where the weights of all other pairs are 0. Numbers are rounded to the nearest `f32`.

mod map;
mod tensor;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};

pub use map::{Map, Place};

use crate::config::Settings;
use crate::data::Source;
use crate::files::{self, advice};
use crate::kernels::Table;
use crate::network::Network;
use crate::network::layers::Operation;
use crate::runs::checkpoint::Model;
use crate::words::terminal::name;
use crate::words::unknown;

/// The largest file that is read, in bytes: a thousand times a LeNet-5 in `f64`.
const MAX_SIZE: u64 = 512 << 20;

/// The reasons why tensors are not taken over.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error("{path}: cannot read the tensors: {reason}{advice}", path = name(path), advice = advice(reason))]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        reason: std::io::Error,
    },
    /// The map is not one, or its names are of no tensors.
    #[error("{place}: {problem}")]
    Map {
        /// The file or the argument.
        place: String,
        /// The expected and the found contents.
        problem: String,
    },
    /// The file does not hold the network's tensors.
    #[error("{path}: {problem}", path = name(path))]
    Contents {
        /// The file.
        path: PathBuf,
        /// The expected and the found contents.
        problem: String,
    },
    /// A tensor is not one of the network's.
    #[error("{path}: tensor `{tensor}`: {problem}", path = name(path))]
    Tensor {
        /// The file.
        path: PathBuf,
        /// Its name there.
        tensor: String,
        /// What was expected of it, and what was found.
        problem: String,
    },
}

/// A tensor that was taken over, or left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Its name in the file.
    pub theirs: String,
    /// The type of its numbers.
    pub dtype: String,
    /// Its dimensions there.
    pub shape: Vec<usize>,
    /// Ours, with its dimensions; `None` if it was left out.
    pub ours: Option<(String, Vec<usize>)>,
}

/// A tensor of the network: its values among the parameters, or its fixed ones.
struct Wanted {
    name: String,
    shape: Vec<usize>,
    values: Values,
    /// The pairs of maps and the side of the kernels, of a convolution whose table is not full.
    table: Option<(Table, usize)>,
}

enum Values {
    Trained(Range<usize>),
    Fixed(Vec<f32>),
}

/// Reads the safetensors file `path` as a model of the network that `settings` describe, trained on `source`.
///
/// # Errors
/// If the file cannot be read, a tensor has no place or not the shape or type of its place, one is missing, or a number is not finite.
pub fn import(
    path: &Path,
    map: &Map,
    settings: Settings,
    source: Source,
) -> Result<(Model, Vec<Imported>), ImportError> {
    let bytes = files::read(path, MAX_SIZE).map_err(|reason| ImportError::Io { path: path.into(), reason })?;
    let contents = |problem: String| ImportError::Contents { path: path.into(), problem };
    let file =
        SafeTensors::deserialize(&bytes).map_err(|error| contents(not_safetensors(&bytes, &error.to_string())))?;
    let mut model = Model::untrained(settings, source);
    let network = model.network();
    let wanted = wanted(&network);
    let places = places(path, &file, map, &wanted)?;
    let missing: Vec<String> = wanted
        .iter()
        .filter(|ours| {
            matches!(ours.values, Values::Trained(_)) && !places.iter().any(|place| place.ours == Some(&ours.name))
        })
        .map(|ours| format!("`{}` {:?}", ours.name, ours.shape))
        .collect();
    if !missing.is_empty() {
        return Err(contents(format!("expected a tensor for each of {}; found {}", missing.join(", "), listed(&file))));
    }
    let mut imported = Vec::new();
    for Placed { theirs, ours, transpose } in places {
        let view = file.tensor(theirs).expect("one of its names");
        let ours = ours.and_then(|ours| wanted.iter().find(|wanted| &wanted.name == ours));
        if let Some(ours) = ours {
            let of_tensor = |problem| ImportError::Tensor { path: path.into(), tensor: theirs.into(), problem };
            ours.read(&view, transpose, &mut model.values).map_err(of_tensor)?;
        }
        let ours = ours.map(|ours| (ours.name.clone(), ours.shape.clone()));
        imported.push(Imported {
            theirs: theirs.into(),
            dtype: format!("{:?}", view.dtype()),
            shape: view.shape().into(),
            ours,
        });
    }
    if let Some(tensor) = network.overflowing(&model.values) {
        return Err(contents(format!(
            "expected numbers with which every answer is finite, found some that are too large, in `{tensor}`"
        )));
    }
    Ok((model, imported))
}

impl Wanted {
    /// Writes the numbers of a tensor to the parameters, or compares them with the fixed ones. Those of a wrong shape are not read.
    fn read(&self, view: &TensorView<'_>, transpose: &[usize], parameters: &mut [f32]) -> Result<(), String> {
        let shape = tensor::transposed_shape(view.shape(), transpose)?;
        let full = |(table, size): &(Table, usize)| [table.outputs(), table.inputs(), *size, *size];
        let table = self.table.as_ref().filter(|table| shape == full(table));
        if table.is_none() && !tensor::is_same_order(&shape, &self.shape) {
            let full = self.table.as_ref().map(full);
            let full = full.map_or_else(String::new, |full| format!(" or the full {full:?} with weights of 0"));
            let ours = (&self.name, &self.shape);
            return Err(format!(
                "expected the shape {:?} of `{}`{full}, found {shape:?}{}",
                ours.1,
                ours.0,
                self.hint(&shape)
            ));
        }
        let numbers = tensor::transposed(tensor::numbers(view)?, view.shape(), transpose);
        let numbers = match table {
            Some((table, size)) => tensor::of_table(&numbers, table, *size)?,
            None => numbers,
        };
        match &self.values {
            Values::Trained(range) => parameters[range.clone()].copy_from_slice(&numbers),
            Values::Fixed(values) if *values != numbers => {
                return Err(format!(
                    "expected the values that are fixed in `{}`, found others; leave it out or set the alphabet",
                    self.name
                ));
            }
            Values::Fixed(_) => {}
        }
        Ok(())
    }

    /// Advice where the dimensions are ours in another order.
    fn hint(&self, shape: &[usize]) -> &'static str {
        let sorted = |shape: &[usize]| {
            let mut sizes: Vec<usize> = shape.iter().copied().filter(|&size| size != 1).collect();
            sizes.sort_unstable();
            sizes
        };
        if sorted(shape) == sorted(&self.shape) { "; state their order as {to = ..., transpose = [...]}" } else { "" }
    }
}

/// Where a tensor of the file goes.
struct Placed<'a> {
    theirs: &'a str,
    ours: Option<&'a String>,
    transpose: &'a [usize],
}

/// The place of each tensor of the file, in the order of the network.
fn places<'a>(
    path: &Path,
    file: &'a SafeTensors<'_>,
    map: &'a Map,
    wanted: &'a [Wanted],
) -> Result<Vec<Placed<'a>>, ImportError> {
    let ours: Vec<&str> = wanted.iter().map(|wanted| wanted.name.as_str()).collect();
    let of_tensor = |tensor: &str, problem| ImportError::Tensor { path: path.into(), tensor: tensor.into(), problem };
    let mut names = file.names();
    names.sort_unstable();
    if let Some((absent, _)) = map.places.iter().find(|(theirs, _)| !names.contains(&theirs.as_str())) {
        return Err(of_tensor(absent, format!("the map has this name; the file has {}", listed(file))));
    }
    let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
    let mut places = Vec::new();
    for theirs in names {
        let (name, transpose): (&str, &[usize]) = match map.places.get(theirs) {
            Some(Place::Nowhere) => {
                places.push((usize::MAX, Placed { theirs, ours: None, transpose: &[] }));
                continue;
            }
            Some(Place::Tensor { name, transpose }) => (name, transpose),
            None => (theirs, &[]),
        };
        let Some(at) = ours.iter().position(|known| *known == name) else {
            let problem = if map.places.contains_key(theirs) {
                unknown("tensor", name, &ours)
            } else {
                format!(
                    "the network has none of this name; map it to one of {}, or leave it out by --map {theirs}=",
                    ours.join(", ")
                )
            };
            return Err(of_tensor(theirs, problem));
        };
        if let Some(other) = taken.insert(name, theirs) {
            return Err(of_tensor(theirs, format!("it goes to `{name}`, to which `{other}` goes already")));
        }
        places.push((at, Placed { theirs, ours: Some(&wanted[at].name), transpose }));
    }
    places.sort_by_key(|(at, _)| *at);
    Ok(places.into_iter().map(|(_, place)| place).collect())
}

/// The tensors of the network: those that are trained in the order of the layout, then those that are fixed.
fn wanted(network: &Network<f32>) -> Vec<Wanted> {
    let mut tables = BTreeMap::new();
    for (layer, _) in network.layers() {
        if let (Some(Operation::Convolution { table, size }), Some(weight)) =
            (layer.operation(), layer.tensors().first())
            && !table.is_full()
        {
            tables.insert(weight.name.clone(), (table.clone(), size));
        }
    }
    let trained = network.layout().iter().map(|(tensor, range)| {
        let (name, shape, table) = (tensor.name.clone(), tensor.shape.clone(), tables.remove(&tensor.name));
        Wanted { name, shape, values: Values::Trained(range), table }
    });
    let mut wanted: Vec<Wanted> = trained.collect();
    wanted.extend(network.constants().into_iter().map(|array| {
        let (name, shape, values) = (array.name, array.shape, Values::Fixed(array.values));
        Wanted { name, shape, values, table: None }
    }));
    wanted
}

/// The tensors of a file with their types and shapes.
fn listed(file: &SafeTensors<'_>) -> String {
    let mut all: Vec<String> =
        file.iter().map(|(name, view)| format!("`{name}` {}{:?}", type_name(view.dtype()), view.shape())).collect();
    all.sort();
    if all.is_empty() { "none".into() } else { all.join(", ") }
}

fn type_name(dtype: Dtype) -> String {
    if dtype == Dtype::F32 { String::new() } else { format!("{dtype:?} ") }
}

/// The reason why bytes are no safetensors file, with what to do about a file of `torch.save`.
fn not_safetensors(bytes: &[u8], error: &str) -> String {
    let is_torch = bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\x80\x02");
    let advice = if is_torch {
        "; a file of torch.save becomes one by safetensors.torch.save_file(model.state_dict(), \"theirs.safetensors\")"
    } else {
        ""
    };
    format!("expected a safetensors file ({error}){advice}")
}
