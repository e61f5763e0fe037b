//! Configuration files: settings as TOML text.

use std::path::Path;
use std::sync::LazyLock;

use toml::{Table, Value};

use crate::config::{Config, ConfigError, SETTINGS, Settings};
use crate::files;
use crate::words::{nearest, unknown};

/// Lays settings over each other: a preset, then whatever was written in files and on the command line, later ones winning.
#[derive(Debug, Clone, Default)]
pub struct Builder {
    table: Table,
}

impl Builder {
    /// Adds the settings of a TOML file, as [`text`](Self::text) does.
    ///
    /// # Errors
    /// If it cannot be read, has more than 1 MiB, is no TOML, or names an unknown setting.
    pub fn file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let place = path.display().to_string();
        let bytes = files::read(path, 1 << 20).map_err(|error| format!("{error}{}", files::advice(&error)));
        match bytes.and_then(|bytes| String::from_utf8(bytes).map_err(|error| error.to_string())) {
            Ok(text) => self.text(&place, &text),
            Err(reason) => Err(ConfigError::Syntax { place, problem: format!("cannot read the settings: {reason}") }),
        }
    }

    /// Adds the settings of a TOML text; `place` names it in errors. A file need not hold every setting.
    ///
    /// # Errors
    /// If it is no TOML, or names an unknown setting.
    pub fn text(&mut self, place: &str, text: &str) -> Result<(), ConfigError> {
        let syntax = |problem: String| ConfigError::Syntax { place: place.into(), problem };
        let table: Table = text.parse().map_err(|error: toml::de::Error| syntax(error.to_string()))?;
        for (key, value) in table {
            self.set(place, &key, value)?;
        }
        Ok(())
    }

    /// Adds one setting written as `key=value`, the value as in TOML; a word need not be quoted.
    ///
    /// # Errors
    /// If there is no `=`, or no such setting.
    pub fn assignment(&mut self, text: &str) -> Result<(), ConfigError> {
        let place = format!("--set {text}");
        let Some((key, value)) = text.split_once('=') else {
            return Err(ConfigError::Syntax { place, problem: "expected key=value".into() });
        };
        let (key, value) = (key.trim(), value.trim());
        let parsed = format!("value = {value}").parse::<Table>().ok().filter(|table| table.len() == 1);
        let parsed = parsed.and_then(|mut table| table.remove("value"));
        let value = match parsed {
            // A text is one even where it looks like a number or a date.
            Some(value) if kind(key) != Some("string") || value.is_str() => value,
            _ => Value::String(value.into()),
        };
        self.set(&place, key, value)
    }

    /// Adds one setting; `place` names where it came from in errors.
    ///
    /// # Errors
    /// If there is no such setting, or it takes another kind of value.
    pub fn set(&mut self, place: &str, key: &str, value: impl Into<Value>) -> Result<(), ConfigError> {
        if !SETTINGS.iter().any(|setting| setting.key == key) {
            let keys: Vec<&str> = SETTINGS.iter().map(|setting| setting.key).collect();
            return Err(ConfigError::Syntax { place: place.into(), problem: unknown("setting", key, &keys) });
        }
        let value: Value = value.into();
        let (expected, found) = (kind(key).expect("a setting"), value.type_str());
        if expected != found && (expected, found) != ("float", "integer") {
            let problem = format!("setting `{key}`: expected {}, found {}: {value}", a_kind(expected), a_kind(found));
            return Err(ConfigError::Syntax { place: place.into(), problem });
        }
        self.table.insert(key.into(), value);
        Ok(())
    }

    /// The settings of the preset (the one that was set, otherwise `paper`) with all that was added, checked.
    ///
    /// # Errors
    /// If a value is of the wrong kind or out of its range, or the preset does not exist.
    pub fn build(self) -> Result<Settings, ConfigError> {
        let name = self.table.get("preset").and_then(Value::as_str).unwrap_or("paper");
        let mut table = Table::try_from(Config::preset(name)?).expect("settings are plain values");
        table.extend(self.table);
        let config: Config = table.try_into().map_err(|error: toml::de::Error| ConfigError::Syntax {
            place: "settings".into(),
            problem: with_nearest_word(&error.to_string().trim().replace('\n', " ")),
        })?;
        config.check()
    }
}

/// The kind of TOML value that a setting has; `None` if there is no such setting.
fn kind(key: &str) -> Option<&'static str> {
    static DEFAULTS: LazyLock<Table> =
        LazyLock::new(|| Table::try_from(Config::paper()).expect("settings are plain values"));
    DEFAULTS.get(key).map(Value::type_str)
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

/// The message about a word that a setting does not take, with the nearest of those that it takes.
fn with_nearest_word(message: &str) -> String {
    let Some((before, after)) = message.split_once("unknown variant ") else { return message.into() };
    let words: Vec<&str> = after.split('`').skip(1).step_by(2).collect();
    let Some((word, (_setting, choices))) =
        words.split_first().and_then(|(word, rest)| Some((word, rest.split_last()?)))
    else {
        return message.into();
    };
    match nearest(word, choices) {
        Some(near) => format!("{before}unknown variant {after} (did you mean `{near}`?)"),
        None => message.into(),
    }
}

impl Settings {
    /// All settings as TOML, each below its meaning and its source. Read again, it gives the same settings.
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
        let mut text = String::new();
        for setting in SETTINGS {
            let value = &table[setting.key];
            text += &format!("# {} [{}]\n{} = {value}\n\n", setting.meaning, setting.source, setting.key);
        }
        text.truncate(text.len() - 1);
        text
    }

    /// Each setting in which these differ from `others`, as ``` `seed` is 1 and not 2 ```.
    pub fn differences(&self, others: &Self) -> Vec<String> {
        let (ours, theirs) = (self.table(), others.table());
        let keys = SETTINGS.iter().map(|setting| setting.key).filter(|&key| ours[key] != theirs[key]);
        keys.map(|key| format!("`{key}` is {} and not {}", ours[key], theirs[key])).collect()
    }

    pub(crate) fn table(&self) -> Table {
        Table::try_from((**self).clone()).expect("settings are plain values")
    }
}
