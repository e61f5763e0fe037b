//! Settings laid over a preset: from configuration files and the command line.

use std::path::Path;

use toml::{Table, Value};

use super::preset;
use crate::config::network::Declaration;
use crate::config::{Architecture, Config, ConfigError, Settings};
use crate::files;

/// Settings in layers: a preset, then those of files and of the command line; later ones replace earlier ones.
#[derive(Debug, Clone, Default)]
pub struct Builder {
    table: Table,
    /// The origin of the setting `network`, where it is a declaration.
    declared_in: Option<String>,
}

impl Builder {
    /// The settings of the preset with these over it, each as [`assignment`](Self::assignment) reads it.
    ///
    /// # Errors
    /// As [`assignment`](Self::assignment) and [`build`](Self::build).
    ///
    /// ```
    /// let settings = lenet5::models::builder::Builder::assigned(&["preset=modern", "seed=3"]).unwrap();
    /// assert_eq!((settings.preset.as_str(), settings.seed), ("modern", 3));
    /// ```
    pub fn assigned(assignments: &[&str]) -> Result<Settings, ConfigError> {
        let mut builder = Self::default();
        assignments.iter().try_for_each(|assignment| builder.assignment(assignment))?;
        builder.build()
    }

    /// Adds the settings of a TOML file, as [`text`](Self::text) does.
    ///
    /// # Errors
    /// If it cannot be read, has more than 1 MiB, is not TOML, or has an unknown setting or one of another kind.
    pub fn file(&mut self, path: &Path) -> Result<(), ConfigError> {
        self.text(&path.display().to_string(), &read(path, "settings")?)
    }

    /// Adds the network that a TOML file declares ([`Declaration`]) as the setting `network`. Its name, if the
    /// file has none, is the file's.
    ///
    /// # Errors
    /// If it cannot be read, has more than 1 MiB, is not TOML, or declares no network.
    pub fn network_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let place = path.display().to_string();
        let syntax = |problem: String| ConfigError::Syntax { place: place.clone(), problem };
        let text = read(path, "declaration of a network");
        let text = text.map_err(|error| match error {
            ConfigError::Syntax { place, problem } if is_named(path) => {
                let problem = format!("{problem}; for the program's own network of this name: --preset {place}");
                ConfigError::Syntax { place, problem }
            }
            error => error,
        })?;
        let mut table: Table = text.parse().map_err(|error: toml::de::Error| syntax(error.to_string()))?;
        if let (None, Some(stem)) = (table.get("name"), path.file_stem()) {
            let plain =
                |letter: char| if letter.is_ascii_alphanumeric() || "._-".contains(letter) { letter } else { '-' };
            let name: String = stem.to_string_lossy().chars().map(plain).take(40).collect();
            table.insert("name".into(), name.into());
        }
        Declaration::from_table(&table).map_err(|error| syntax(error.to_string()))?;
        self.set(&place, "network", table)
    }

    /// Adds the settings of a TOML text; `place` names it in errors. A file need not hold every setting.
    ///
    /// # Errors
    /// If it is not TOML, or has an unknown setting or one of another kind.
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
    /// If there is no `=`, no such setting, or it takes another kind of value.
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
            Some(value) if value.is_str() || !Config::default().table().get(key).is_some_and(Value::is_str) => value,
            _ => Value::String(value.into()),
        };
        self.set(&place, key, value)
    }

    /// Adds one setting; errors name `place` as its origin.
    ///
    /// # Errors
    /// If there is no such setting, or it takes another kind of value.
    pub fn set(&mut self, place: &str, key: &str, value: impl Into<Value>) -> Result<(), ConfigError> {
        let value: Value = value.into();
        let tried = Config::default().set(key, value.clone());
        tried.map_err(|problem| ConfigError::Syntax { place: place.into(), problem })?;
        if key == "network" {
            self.declared_in = value.is_table().then(|| place.into());
        }
        self.table.insert(key.into(), value);
        Ok(())
    }

    /// The settings of the preset (`paper`, if none was set) with all added ones, checked.
    ///
    /// # Errors
    /// If the preset is unknown, a value is out of its range, or settings do not fit each other.
    pub fn build(self) -> Result<Settings, ConfigError> {
        let mut config = preset(self.table.get("preset").and_then(Value::as_str).unwrap_or("paper"))?;
        for (key, value) in self.table {
            config.set(&key, value).expect("tried when it was added");
        }
        config.check().map_err(|error| match (error, self.declared_in) {
            (ConfigError::Network { error, .. }, Some(place)) => ConfigError::Network { place, error },
            (error, _) => error,
        })
    }
}

/// The text of a file with the settings, or whatever is `wanted`.
fn read(path: &Path, wanted: &str) -> Result<String, ConfigError> {
    let bytes = files::read(path, 1 << 20).map_err(|error| format!("{error}{}", files::advice(&error)));
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).map_err(|error| error.to_string()));
    text.map_err(|reason| {
        let (place, problem) = (path.display().to_string(), format!("cannot read the {wanted}: {reason}"));
        ConfigError::Syntax { place, problem }
    })
}

/// True if this is the name of one of the program's own networks.
fn is_named(path: &Path) -> bool {
    Architecture::ALL.iter().any(|network| Path::new(network.name()) == path)
}
