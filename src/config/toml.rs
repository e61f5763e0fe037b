//! Settings as TOML values and text.

use toml::{Table, Value};

use super::checked::Settings;
use super::declaration::Setting;
use super::settings::{Config, SETTINGS};
use crate::words::{nearest, unknown};

impl Config {
    /// Each setting with its value.
    pub(crate) fn table(&self) -> Table {
        Table::try_from(self).expect("settings are plain values")
    }

    /// Gives one setting a value, or returns the reason why the setting does not take it.
    pub(crate) fn set(&mut self, key: &str, value: Value) -> Result<(), String> {
        let table = self.table();
        let Some(default) = table.get(key) else {
            return Err(unknown("setting", key, &SETTINGS.iter().map(|setting| setting.key).collect::<Vec<_>>()));
        };
        let (expected, found) = (default.type_str(), value.type_str());
        let fits =
            expected == found || (expected, found) == ("float", "integer") || (key, found) == ("network", "table");
        let problem = if !fits {
            format!("expected {}, found {}: {value}", a_kind(expected), a_kind(found))
        } else {
            let number = value.as_integer();
            let Err(error) = self.put(key, value) else { return Ok(()) };
            match number {
                Some(number) => format!("expected a whole number from 0, found {number}"),
                None => with_nearest_word(error.message()),
            }
        };
        Err(format!("setting `{key}`: {problem}"))
    }
}

/// A kind of TOML value in words.
fn a_kind(kind: &str) -> &'static str {
    match kind {
        "string" => "a text",
        "integer" => "a whole number",
        "float" => "a number",
        "boolean" => "true or false",
        "datetime" => "a date or time",
        "array" => "a list",
        _ => "a table",
    }
}

/// The message about an unknown word for a setting, with the nearest known one.
fn with_nearest_word(message: &str) -> String {
    let Some(words) = message.strip_prefix("unknown variant ") else { return message.into() };
    let mut quoted = words.split('`').skip(1).step_by(2);
    let near = quoted.next().and_then(|word| nearest(word, &quoted.collect::<Vec<_>>()));
    format!("unknown value {words}{}", near.map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default())
}

impl Settings {
    /// All settings as TOML, each below its meaning and its source. [`Builder`](crate::models::builder::Builder) reads them back.
    ///
    /// ```
    /// use lenet5::models::builder::Builder;
    /// let paper = Builder::default().build().unwrap();
    /// let mut again = Builder::default();
    /// again.text("a file", &paper.to_toml()).unwrap();
    /// assert_eq!(again.build().unwrap(), paper);
    /// ```
    pub fn to_toml(&self) -> String {
        let table = self.table();
        let block = |setting: &Setting| {
            let Setting { key, meaning, source } = setting;
            let value = if *key == "network" { self.network.to_toml() } else { table[*key].to_string() };
            format!("# {meaning} [{source}]\n{key} = {value}\n")
        };
        SETTINGS.iter().map(block).collect::<Vec<_>>().join("\n")
    }

    /// Each setting in which these differ from `others`, as ``` `seed` is 1 and not 2 ```.
    pub fn differences(&self, others: &Self) -> Vec<String> {
        let (ours, theirs) = (self.table(), others.table());
        let keys = SETTINGS.iter().map(|setting| setting.key).filter(|&key| ours[key] != theirs[key]);
        keys.map(|key| format!("`{key}` is {} and not {}", ours[key], theirs[key])).collect()
    }
}
