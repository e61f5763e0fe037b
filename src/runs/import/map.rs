//! The names of another program's tensors, and where each of them goes.

use std::collections::BTreeMap;
use std::path::Path;

use toml::{Table, Value};

use super::ImportError;
use crate::files;

/// The largest map that is read, in bytes.
const MAX_SIZE: u64 = 1 << 20;

/// Where a tensor goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// To one of the network's tensors.
    Tensor {
        /// Its name, such as `c1.weight`.
        name: String,
        /// For each dimension of ours, the dimension of theirs that it is, as in `numpy.transpose`; empty where the order is the same.
        transpose: Vec<usize>,
    },
    /// To none: it is left out.
    Nowhere,
}

/// Where the tensors of another program go, by their names there. A tensor that is not in the map goes to the one of the same name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Map {
    pub(super) places: BTreeMap<String, Place>,
}

impl Map {
    /// Adds the entries of a TOML file, as [`text`](Self::text) does.
    ///
    /// # Errors
    /// If it cannot be read, has more than 1 MiB, or is not such a map.
    pub fn file(&mut self, path: &Path) -> Result<(), ImportError> {
        let place = path.display().to_string();
        let bytes = files::read(path, MAX_SIZE).map_err(|error| format!("{error}{}", files::advice(&error)));
        match bytes.and_then(|bytes| String::from_utf8(bytes).map_err(|error| error.to_string())) {
            Ok(text) => self.text(&place, &text),
            Err(reason) => Err(ImportError::Map { place, problem: format!("cannot read the map: {reason}") }),
        }
    }

    /// Adds the entries of a TOML text; `place` names it in errors. A key is a name of theirs, a value ours: a name, an empty text
    /// for a tensor that is left out, or a table with `to` and `transpose`.
    ///
    /// ```
    /// let mut map = lenet5::runs::import::Map::default();
    /// let text = "conv1.weight = 'c1.weight'\n'fc.kernel' = {to = 'f6.weight', transpose = [1, 0]}\nsteps = ''";
    /// map.text("map.toml", text)?;
    /// map.assignment("conv1.bias=c1.bias")?;
    /// assert_eq!(map.len(), 4);
    /// # Ok::<(), lenet5::runs::import::ImportError>(())
    /// ```
    ///
    /// # Errors
    /// If it is not TOML, or a value is neither a name nor such a table.
    pub fn text(&mut self, place: &str, text: &str) -> Result<(), ImportError> {
        let problem = |problem: String| ImportError::Map { place: place.into(), problem };
        let table: Table = text.parse().map_err(|error: toml::de::Error| problem(error.to_string()))?;
        self.table("", table).map_err(problem)
    }

    /// Adds one entry written as `theirs=ours`, the value as in a file; a name need not be quoted.
    ///
    /// # Errors
    /// If there is no `=`, or as [`text`](Self::text).
    pub fn assignment(&mut self, text: &str) -> Result<(), ImportError> {
        let place = format!("--map {text}");
        let Some((key, value)) = text.split_once('=') else {
            return Err(ImportError::Map { place, problem: "expected a file, or theirs=ours".into() });
        };
        let parsed =
            format!("value = {}", value.trim()).parse::<Table>().ok().and_then(|mut table| table.remove("value"));
        let value = parsed.filter(|value| value.is_str() || value.is_table());
        let entry = self.entry(key.trim(), value.unwrap_or_else(|| Value::String(value_of(text))));
        entry.map_err(|problem| ImportError::Map { place, problem })
    }

    /// The number of its entries.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// True if it has no entry.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The entries of a table, whose keys go on with a point: `conv1.weight` need not be quoted.
    fn table(&mut self, before: &str, table: Table) -> Result<(), String> {
        table.into_iter().try_for_each(|(key, value)| match value {
            Value::Table(inner) if !inner.contains_key("to") => self.table(&format!("{before}{key}."), inner),
            value => self.entry(&format!("{before}{key}"), value),
        })
    }

    fn entry(&mut self, theirs: &str, value: Value) -> Result<(), String> {
        const EXPECTED: &str =
            "expected the name of a tensor, \"\" to leave it out, or {to = \"name\", transpose = [1, 0]}";
        let wrong = |found: &Value| format!("`{theirs}`: {EXPECTED}; found {found}");
        let place = match &value {
            Value::String(name) if name.is_empty() => Place::Nowhere,
            Value::String(name) => Place::Tensor { name: name.clone(), transpose: Vec::new() },
            Value::Table(table) => {
                let name = table.get("to").and_then(Value::as_str).filter(|name| !name.is_empty());
                let axes = table.get("transpose").map_or(Some(Vec::new()), axes);
                let known = table.keys().all(|key| key == "to" || key == "transpose");
                let (Some(name), Some(transpose), true) = (name, axes, known) else { return Err(wrong(&value)) };
                Place::Tensor { name: name.into(), transpose }
            }
            _ => return Err(wrong(&value)),
        };
        self.places.insert(theirs.into(), place);
        Ok(())
    }
}

fn value_of(assignment: &str) -> String {
    assignment.split_once('=').map_or_else(String::new, |(_, value)| value.trim().into())
}

/// The numbers of `[1, 0]`.
fn axes(value: &Value) -> Option<Vec<usize>> {
    value.as_array()?.iter().map(|axis| usize::try_from(axis.as_integer()?).ok()).collect()
}
