//! The declaration of a network: its input and its layers, one after another, in Rust or in TOML.
//!
//! ```toml
//! name = "mine"                # the file's name, if it is left out
//! input = [1, 32, 32]          # maps, rows, columns
//!
//! [[layers]]
//! name = "C1"
//! kind = "convolution"
//! maps = 6
//! size = 5
//!
//! [[layers]]
//! name = "S2"
//! kind = "subsampling"
//! size = 4
//! coefficient = 0.5            # a setting of the run, changed for this layer
//!
//! [[layers]]
//! name = "output"
//! kind = "targets"
//! size = 7
//! ```
//!
//! The kinds with their keys are those of [`Kind`]. A key of [`LayerStart`], `activation`, `distance` or `coefficient_curvature` has in a
//! layer the meaning of the setting of that name, and holds there in the setting's place.

mod build;
mod error;
mod lenet5;
mod ranges;
mod read;
mod start;

pub use build::{Defaults, MOST_PARAMETERS};
pub use error::DeclarationError;
pub use start::{LayerStart, Start};

use serde::ser::SerializeTuple;
use serde::{Serialize, Serializer};

use super::choices::UnitFunction;
use crate::kernels::maps::Shape;
use crate::network::layers::{CoefficientCurvature, Distance};

/// A network layer by layer. As the setting `network` it is trained, saved and loaded like the program's own, which are declared so too.
///
/// ```
/// # #[cfg(feature = "digits")] {
/// use lenet5::config::Config;
/// use lenet5::config::network::{Declaration, Kind, LayerDeclaration, LayerStart};
/// use lenet5::data::digits;
/// use lenet5::kernels::maps::Shape;
/// use lenet5::runs::checkpoint::Model;
/// use lenet5::training::Trainer;
///
/// let layers = vec![
///     LayerDeclaration::convolution("C1", 4, 5),
///     LayerDeclaration::new("S2", Kind::Max { size: 4 }),
///     // Each of the eight maps sees two of the four.
///     LayerDeclaration::sparse("C3", &[&[0, 1], &[1, 2], &[2, 3], &[0, 3], &[0, 2], &[1, 3], &[0, 1], &[2, 3]], 7),
///     LayerDeclaration {
///         start: LayerStart { weight_range: Some(1.0), ..LayerStart::default() },
///         ..LayerDeclaration::new("output", Kind::targets(1))
///     },
/// ];
/// let network = Declaration::new("small", Shape::new(1, 32, 32), layers);
/// let settings = Config { network: network.into(), training_patterns: 300, ..Config::default() }.check()?;
/// let dataset = digits::load();
/// let mut trainer = Trainer::<f32>::new(&settings, &dataset);
/// trainer.pass(&mut ()).continue_value().expect("nobody stops it");
///
/// // A model's file carries the declaration.
/// let bytes = Model::of(&trainer, &dataset).to_bytes();
/// let model = Model::from_bytes(&bytes).expect("as it was written");
/// assert_eq!(model.settings.network.name(), "small");
/// assert_eq!(model.network().layout().size(), 104 + 16 * 49 + 8 + 90);
/// # }
/// # Ok::<(), lenet5::config::ConfigError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Declaration {
    /// Its name in headings and in the names of folders: 1 to 40 letters, digits, points, hyphens and underscores.
    pub name: String,
    /// Its input; in TOML maps, rows and columns.
    #[serde(serialize_with = "numbers_of")]
    pub input: Shape,
    /// True if images are reduced to 16/20 of their size within their frame, as for LeNet-1.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reduced: bool,
    /// From the input to the output, which is the last one: `rbf`, `scores` or `targets`.
    pub layers: Vec<LayerDeclaration>,
}

/// A layer of a [`Declaration`], with its activation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayerDeclaration {
    /// Its name, from which those of its tensors are made: a letter, then at most 23 letters, digits, hyphens and underscores; different
    /// from all others, whatever their case. Empty for `repeat`, which has none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Its kind with its sizes.
    #[serde(flatten)]
    pub kind: Kind,
    /// The function of its units; by default, of `convolution`, `full` and `subsampling` the setting `activation`, of `max` none. The other
    /// kinds have no choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activation: Option<UnitFunction>,
    /// The start of its parameters, where it is not that of the settings.
    #[serde(flatten)]
    pub start: LayerStart,
}

/// The kinds of layers, with the keys of each.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Kind {
    /// A convolution without padding, stride 1.
    Convolution {
        /// The number of its maps, 1 to 4096; in TOML, the number of the table's rows if it is left out.
        maps: usize,
        /// The side of its kernels, 1 to 7.
        size: usize,
        /// For each of its maps the input maps that feed it, counted from 0; none for all of them.
        #[serde(skip_serializing_if = "Option::is_none")]
        table: Option<Vec<Vec<usize>>>,
    },
    /// A full connection, at each position of its input: a convolution with kernels of 1x1.
    Full {
        /// The number of its maps (units, where the input has one position), 1 to 4096.
        maps: usize,
    },
    /// Sums of fields, times a trainable coefficient, plus a trainable bias.
    Subsampling {
        /// The side of the fields, 1 to 64; rows and columns that are left over at the end are not used.
        size: usize,
        /// The reading of the coefficients' curvature, where it is not that of the settings.
        #[serde(skip_serializing_if = "Option::is_none")]
        coefficient_curvature: Option<CoefficientCurvature>,
    },
    /// The largest of each field.
    Max {
        /// The side of the fields, as for `subsampling`.
        size: usize,
    },
    /// Copies of each map, one after another.
    Repeat {
        /// The number of copies, 1 to 64.
        times: usize,
    },
    /// Distances to the codes of the setting `alphabet`, from 84 maps: an output.
    Rbf {
        /// The measure of distance, where it is not that of the settings.
        #[serde(skip_serializing_if = "Option::is_none")]
        distance: Option<Distance>,
    },
    /// A full connection to a score for each class, for cross-entropy: an output.
    Scores {
        /// The number of its maps; it must be that of the classes, which it is if it is left out.
        #[serde(skip_serializing_if = "Option::is_none")]
        maps: Option<usize>,
        /// The side of its kernels, 1 to 7; in TOML 1 if it is left out.
        size: usize,
    },
    /// A full connection to a squashed unit for each class, and the squared distances to their targets, +1 for the right class and -1 for
    /// the others: an output.
    Targets {
        /// As of `scores`.
        #[serde(skip_serializing_if = "Option::is_none")]
        maps: Option<usize>,
        /// As of `scores`.
        size: usize,
        /// The measure of distance, where it is not that of the settings.
        #[serde(skip_serializing_if = "Option::is_none")]
        distance: Option<Distance>,
    },
}

impl Kind {
    /// Scores from kernels of `size` x `size`.
    pub fn scores(size: usize) -> Self {
        Self::Scores { maps: None, size }
    }

    /// Squashed outputs with targets, from kernels of `size` x `size`.
    pub fn targets(size: usize) -> Self {
        Self::Targets { maps: None, size, distance: None }
    }

    /// True if it ends a network.
    pub fn is_output(&self) -> bool {
        matches!(self, Self::Rbf { .. } | Self::Scores { .. } | Self::Targets { .. })
    }

    /// Its word in TOML.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Convolution { .. } => "convolution",
            Self::Full { .. } => "full",
            Self::Subsampling { .. } => "subsampling",
            Self::Max { .. } => "max",
            Self::Repeat { .. } => "repeat",
            Self::Rbf { .. } => "rbf",
            Self::Scores { .. } => "scores",
            Self::Targets { .. } => "targets",
        }
    }
}

impl LayerDeclaration {
    /// The layer `name`, with activation and start of the settings.
    pub fn new(name: &str, kind: Kind) -> Self {
        Self { name: name.into(), kind, activation: None, start: LayerStart::default() }
    }

    /// A convolution with kernels of `size` x `size`, each of its maps joined to every input map.
    pub fn convolution(name: &str, maps: usize, size: usize) -> Self {
        Self::new(name, Kind::Convolution { maps, size, table: None })
    }

    /// A convolution whose map i is joined to the input maps `table[i]`.
    pub fn sparse(name: &str, table: &[&[usize]], size: usize) -> Self {
        let rows: Vec<Vec<usize>> = table.iter().map(|row| row.to_vec()).collect();
        Self::new(name, Kind::Convolution { maps: rows.len(), size, table: Some(rows) })
    }

    /// A full connection to `maps` units.
    pub fn full(name: &str, maps: usize) -> Self {
        Self::new(name, Kind::Full { maps })
    }

    /// A subsampling of fields of `size` x `size`.
    pub fn subsampling(name: &str, size: usize) -> Self {
        Self::new(name, Kind::Subsampling { size, coefficient_curvature: None })
    }

    /// The layer with this activation.
    pub fn with(self, activation: UnitFunction) -> Self {
        Self { activation: Some(activation), ..self }
    }
}

impl Declaration {
    /// The network of these layers. They are checked where the declaration becomes a setting
    /// ([`Config::check`](super::Config::check)), or a network ([`build`](Self::build)).
    pub fn new(name: &str, input: Shape, layers: Vec<LayerDeclaration>) -> Self {
        Self { name: name.into(), input, reduced: false, layers }
    }

    /// True if it ends in RBF units with a code for each class.
    pub fn has_codes(&self) -> bool {
        self.layers.last().is_some_and(|last| matches!(last.kind, Kind::Rbf { .. }))
    }

    /// True if it ends in scores, which cross-entropy takes.
    pub fn ends_in_scores(&self) -> bool {
        self.layers.last().is_some_and(|last| matches!(last.kind, Kind::Scores { .. }))
    }

    /// The text of a TOML file that declares it.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("plain values")
    }

    /// A table for a setting's value, with a line for each layer.
    pub(super) fn to_inline_table(&self) -> String {
        let value = |layer: &LayerDeclaration| {
            let mut text = String::new();
            layer.serialize(toml::ser::ValueSerializer::new(&mut text)).expect("plain values");
            format!("    {text},\n")
        };
        let Shape { maps, height, width } = self.input;
        let reduced = if self.reduced { ", reduced = true" } else { "" };
        let layers: String = self.layers.iter().map(value).collect();
        let name = toml::Value::from(self.name.as_str());
        format!("{{ name = {name}, input = [{maps}, {height}, {width}]{reduced}, layers = [\n{layers}] }}")
    }
}

fn numbers_of<S: Serializer>(shape: &Shape, serializer: S) -> Result<S::Ok, S::Error> {
    let mut numbers = serializer.serialize_tuple(3)?;
    [shape.maps, shape.height, shape.width].iter().try_for_each(|number| numbers.serialize_element(number))?;
    numbers.end()
}
