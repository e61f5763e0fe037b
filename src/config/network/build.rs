//! From a declaration to the layers of a network; what does not fit is refused with the layer, the expected and the found.

use std::ops::RangeInclusive;

use toml::Table as Keys;

use super::super::choices::{Activation, UnitFunction};
use super::super::error::ConfigError;
use super::super::settings::Config;
use super::ranges::{FIELD, KERNEL, MAPS, TIMES, in_words};
use super::{Declaration, DeclarationError, Kind, LayerDeclaration, read};
use crate::kernels::compute::Compute;
use crate::kernels::maps::Shape;
use crate::network::Network;
use crate::network::layers::{
    CoefficientCurvature, Convolution, Distance, Layer, MaxPool, Rbf, Relu, Repeat, Scores, Squash, Subsampling, Table,
    targets,
};
use crate::paper::codes::{BITS, Code};
use crate::words::thousands;

/// The most parameters of a declared network: with the optimizer's state, a model's file can hold as many.
pub const MOST_PARAMETERS: usize = 5_000_000;

/// The most units of all layers together: their states for sixteen patterns are 256 MB.
const MOST_UNITS: usize = 1 << 22;

const MOST_LAYERS: usize = 100;
const LARGEST_SIDE: usize = 1024;
/// The longest names of a network and of a layer.
const LONGEST: (usize, usize) = (40, 24);

/// What the layers of a declaration take from the run where they do not say it themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct Defaults {
    /// The function of the units.
    pub activation: Activation,
    /// The measure of distance.
    pub distance: Distance,
    /// The reading of the curvature of subsampling coefficients.
    pub coefficient_curvature: CoefficientCurvature,
    /// The number of classes.
    pub classes: usize,
    /// The code of each class, for a network with RBF units; others do not look at them.
    pub codes: Vec<Code>,
}

impl Declaration {
    /// The network of these layers. Encoding and one piece of code are left to the caller.
    ///
    /// # Errors
    /// The first layer that does not fit.
    pub fn build<T: Compute>(&self, defaults: &Defaults) -> Result<Network<T>, DeclarationError> {
        self.check()?;
        let (mut shape, mut layers, mut units, mut parameters) = (self.input, Vec::new(), self.input.units(), 0);
        for (index, declared) in self.layers.iter().enumerate() {
            let refuse = |problem: String| DeclarationError::of_layer(index, &declared.name, problem);
            for layer in
                declared.layers::<T>(shape, defaults, MOST_PARAMETERS.saturating_sub(parameters)).map_err(refuse)?
            {
                let fit = layer.output_shape(shape);
                shape = fit.map_err(|error| refuse(format!("expected {}, found {}", error.expected, error.found)))?;
                parameters += layer.tensors().iter().map(|tensor| tensor.size()).sum::<usize>();
                units += shape.units();
                if units > MOST_UNITS {
                    return Err(refuse(format!("expected at most {} units up to here", thousands(MOST_UNITS))));
                }
                layers.push(layer);
            }
        }
        if shape.area() != 1 {
            let (last, problem) = (self.layers.len() - 1, "expected one position for the declared input, found");
            let advice = "a larger `size` or more layers make it one";
            let problem = format!("{problem} {}x{}; {advice}", shape.height, shape.width);
            return Err(DeclarationError::of_layer(last, &self.layers[last].name, problem));
        }
        Network::new(self.input, layers).map_err(|error| DeclarationError::of_network(error.to_string()))
    }

    /// Checks names, keys and ranges: all that does not depend on the shapes of maps or on the run.
    ///
    /// # Errors
    /// The first layer that is refused.
    pub fn check(&self) -> Result<(), DeclarationError> {
        self.check_outline()?;
        let check = |(index, layer): (usize, &LayerDeclaration)| {
            layer.check().map_err(|problem| DeclarationError::of_layer(index, &layer.name, problem))
        };
        self.layers.iter().enumerate().try_for_each(check)
    }

    /// Checks everything that is not of a layer alone.
    fn check_outline(&self) -> Result<(), DeclarationError> {
        let refuse = |problem: String| Err(DeclarationError::of_network(problem));
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
        if !(1..=LONGEST.0).contains(&self.name.len()) || !self.name.chars().all(is_plain) {
            let expected = "1 to 40 letters, digits, points, hyphens and underscores";
            return refuse(format!("`name`: expected {expected}, found {:?}", self.name));
        }
        let Shape { maps, height, width } = self.input;
        let sides = 1..=LARGEST_SIDE;
        if !(1..=16).contains(&maps) || !sides.contains(&height) || !sides.contains(&width) {
            let expected = format!("1 to 16 maps of 1 to {LARGEST_SIDE} rows and columns");
            return refuse(format!("`input`: expected {expected}, found [{maps}, {height}, {width}]"));
        }
        if self.layers.is_empty() || self.layers.len() > MOST_LAYERS {
            return refuse(format!("`layers`: expected 1 to {MOST_LAYERS} of them, found {}", self.layers.len()));
        }
        let last = self.layers.len() - 1;
        for (index, layer) in self.layers.iter().enumerate() {
            let refuse = |problem: String| Err(DeclarationError::of_layer(index, &layer.name, problem));
            let earlier = self.layers[..index].iter().position(|other| other.name.eq_ignore_ascii_case(&layer.name));
            if let Some(earlier) = earlier.filter(|_| !layer.name.is_empty()) {
                return refuse(format!("expected a name of its own, found that of layer {}", earlier + 1));
            }
            let kind = layer.kind.name();
            match (index == last, layer.kind.is_output()) {
                (true, false) => return refuse(format!("expected rbf, scores or targets in the end, found {kind}")),
                (false, true) => return refuse(format!("expected nothing behind {kind}, found layer {}", index + 2)),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Refuses a number that is out of its range.
fn within(key: &str, number: usize, range: RangeInclusive<usize>) -> Result<(), String> {
    if range.contains(&number) {
        return Ok(());
    }
    Err(format!("`{key}`: expected {}, found {number}", in_words(&range)))
}

impl LayerDeclaration {
    /// Checks names, keys and ranges.
    fn check(&self) -> Result<(), String> {
        let (has_name, kind) = (!matches!(self.kind, Kind::Repeat { .. }), self.kind.name());
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
        let starts_well = self.name.starts_with(|first: char| first.is_ascii_alphabetic());
        if has_name && !(starts_well && self.name.len() <= LONGEST.1 && self.name.chars().all(is_plain)) {
            let expected = "a letter, then at most 23 letters, digits, hyphens and underscores";
            return Err(format!("`name`: expected {expected}, found {:?}", self.name));
        }
        // Of a declaration in Rust; in TOML, such keys are unknown.
        let start = Keys::try_from(self.start).expect("plain values");
        let name = (!self.name.is_empty()).then_some("name");
        let mut given = start.keys().map(String::as_str).chain(name).chain(self.activation.map(|_| "activation"));
        if let Some(key) = given.find(|key| !read::keys(kind).contains(key)) {
            return Err(format!("`{key}`: expected none for {kind}, found one"));
        }
        match Config::starting(self.start.over(Config::default().own_start())).check_ranges() {
            Err(ConfigError::Range { key, expected, found }) => {
                return Err(format!("`{key}`: expected {expected}, found {found}"));
            }
            Err(other) => return Err(other.to_string()),
            Ok(()) => {}
        }
        match &self.kind {
            Kind::Convolution { maps, size, table } => {
                let largest = table.iter().flatten().flatten().max().map_or(0, |&input| input);
                within("table", largest, 0..=*MAPS.end())?;
                within("maps", *maps, MAPS).and(within("size", *size, KERNEL))
            }
            Kind::Full { maps } => within("maps", *maps, MAPS),
            Kind::Subsampling { size, .. } | Kind::Max { size } => within("size", *size, FIELD),
            Kind::Repeat { times } => within("times", *times, TIMES),
            Kind::Rbf { .. } => Ok(()),
            Kind::Scores { maps, size } | Kind::Targets { maps, size, .. } => {
                maps.map_or(Ok(()), |maps| within("maps", maps, MAPS)).and(within("size", *size, KERNEL))
            }
        }
    }

    /// The function of its units.
    pub(super) fn function(&self, default: Activation) -> UnitFunction {
        let by_default = match (&self.kind, default) {
            (Kind::Convolution { .. } | Kind::Full { .. } | Kind::Subsampling { .. }, Activation::Squash) => {
                UnitFunction::Squash
            }
            (Kind::Convolution { .. } | Kind::Full { .. } | Kind::Subsampling { .. }, Activation::Relu) => {
                UnitFunction::Relu
            }
            _ => UnitFunction::None,
        };
        self.activation.unwrap_or(by_default)
    }

    /// Its layers behind maps of this shape; `room` is the number of parameters that it may have.
    fn layers<T: Compute>(&self, input: Shape, run: &Defaults, room: usize) -> Result<Vec<Box<dyn Layer<T>>>, String> {
        let (name, classes) = (self.name.as_str(), run.classes);
        let convolution = |table: Table, size: usize| Box::new(Convolution::new(name, table, size));
        let full = |maps: usize, size: usize| {
            check_room(input.maps * maps, size, room)?;
            Ok::<_, String>(convolution(Table::full(input.maps, maps), size))
        };
        let mut layers: Vec<Box<dyn Layer<T>>> = match &self.kind {
            Kind::Convolution { maps, size, table: Some(rows) } => {
                check_table(rows, input.maps, *maps)?;
                check_room(rows.iter().map(Vec::len).sum(), *size, room)?;
                let rows: Vec<&[usize]> = rows.iter().map(Vec::as_slice).collect();
                vec![convolution(Table::sparse(input.maps, &rows), *size)]
            }
            Kind::Convolution { maps, size, table: None } => vec![full(*maps, *size)?],
            Kind::Full { maps } => vec![full(*maps, 1)?],
            Kind::Subsampling { size, coefficient_curvature } => {
                let curvature = coefficient_curvature.unwrap_or(run.coefficient_curvature);
                vec![Box::new(Subsampling::new(name, input.maps, *size).with_curvature(curvature))]
            }
            Kind::Max { size } => vec![Box::new(MaxPool::new(name, *size))],
            Kind::Repeat { times } => vec![Box::new(Repeat { times: *times })],
            Kind::Rbf { distance } => {
                if input.maps != BITS {
                    let expected = format!("{BITS} maps, one for each pixel of a code (7x12, Fig. 3)");
                    return Err(format!("expected {expected}, found {}", input.maps));
                }
                vec![Box::new(Rbf::new(name, BITS, run.codes.as_flattened(), distance.unwrap_or(run.distance)))]
            }
            Kind::Scores { maps, size } => {
                check_classes(*maps, classes)?;
                vec![full(classes, *size)?, Box::new(Scores)]
            }
            Kind::Targets { maps, size, distance } => {
                check_classes(*maps, classes)?;
                let distances = targets(classes, distance.unwrap_or(run.distance));
                vec![full(classes, *size)?, Box::new(Squash), Box::new(distances)]
            }
        };
        match self.function(run.activation) {
            UnitFunction::Squash => layers.push(Box::new(Squash)),
            UnitFunction::Relu => layers.push(Box::new(Relu)),
            UnitFunction::None => {}
        }
        Ok(layers)
    }
}

/// Refuses more weights than the network has room for, before they are there.
fn check_room(pairs: usize, size: usize, room: usize) -> Result<(), String> {
    let found = pairs * size * size;
    if found <= room {
        return Ok(());
    }
    let most = thousands(MOST_PARAMETERS);
    Err(format!("expected at most {most} parameters in all layers, found {} weights in this one", thousands(found)))
}

fn check_classes(maps: Option<usize>, classes: usize) -> Result<(), String> {
    match maps.filter(|&maps| maps != classes) {
        Some(maps) => Err(format!(
            "`maps`: expected {classes}, one for each class of the run, found {maps}; leave the key out, and there are as many as classes"
        )),
        None => Ok(()),
    }
}

/// Refuses a table that does not say of each of `maps` maps which of the `inputs` input maps feed it.
fn check_table(rows: &[Vec<usize>], inputs: usize, maps: usize) -> Result<(), String> {
    if rows.len() != maps {
        return Err(format!("`table`: expected {maps} rows, one for each map, found {}", rows.len()));
    }
    for (map, row) in rows.iter().enumerate() {
        if row.is_empty() {
            return Err(format!("`table`: expected input maps for map {map}, found none"));
        }
        if let Some(wrong) = row.iter().find(|&&input| input >= inputs) {
            let (last, maps) = (inputs - 1, if inputs == 1 { "map" } else { "maps" });
            return Err(format!(
                "`table`: expected numbers of 0 to {last} for the {inputs} input {maps}, found {wrong} for map {map}"
            ));
        }
        if let Some(again) = row.iter().enumerate().find(|(at, input)| row[..*at].contains(input)) {
            return Err(format!("`table`: expected different input maps for map {map}, found {} twice", again.1));
        }
    }
    Ok(())
}
