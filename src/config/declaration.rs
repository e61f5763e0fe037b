//! The declaration of settings: `settings!` makes `Config` and its documentation of one block for each setting.

use std::fmt::{Debug, Display};
use std::ops::{RangeFrom, RangeInclusive};

use serde::Serialize;
use toml::Value;

use super::error::ConfigError;

/// The documentation of one setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Its key in a configuration file and for `--set`.
    pub key: &'static str,
    /// "paper" with the place that states the default, "assumed" with why, or "ours" for settings that the paper does not have.
    pub source: &'static str,
    /// Its meaning and the values it takes.
    pub meaning: &'static str,
}

/// The values that a setting takes.
pub(super) trait Accepts<T> {
    /// A description of these values, if `value` is not among them.
    fn refusal(&self, value: &T) -> Option<String>;
}

impl<T: PartialOrd + Display> Accepts<T> for RangeInclusive<T> {
    fn refusal(&self, value: &T) -> Option<String> {
        (!self.contains(value)).then(|| format!("{} to {}", self.start(), self.end()))
    }
}

/// Accepts whole numbers up to the largest of TOML.
impl<T: PartialOrd + Display + Copy + TryInto<i64>> Accepts<T> for RangeFrom<T> {
    fn refusal(&self, value: &T) -> Option<String> {
        let accepted = self.contains(value) && (*value).try_into().is_ok();
        (!accepted).then(|| format!("a whole number from {} to 2^63 - 1", self.start))
    }
}

/// Values that are described by a condition and not by a range.
pub(super) struct Condition<T> {
    /// A description of these values.
    pub expected: &'static str,
    pub accepts: fn(&T) -> bool,
}

impl<T> Accepts<T> for Condition<T> {
    fn refusal(&self, value: &T) -> Option<String> {
        (!(self.accepts)(value)).then(|| self.expected.into())
    }
}

/// Refuses a value that is out of its range.
pub(super) fn within<T>(key: &'static str, value: &T, range: impl Accepts<T>) -> Result<(), ConfigError>
where
    T: Serialize + Debug,
{
    let Some(expected) = range.refusal(value) else { return Ok(()) };
    // TOML has no whole numbers above 2^63 - 1.
    let found = Value::try_from(value).map_or_else(|_| format!("{value:?}"), |value| plain(&value));
    Err(ConfigError::Range { key, expected, found })
}

/// A value in plain notation: 0.5 and 2, and a text without quotes.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::Float(number) => number.to_string(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// Declares the settings. Each is a doc comment with its meaning, then `key: type = default, in range, source "of the default";`, without
/// `in range` where it takes every value of its type.
macro_rules! settings {
    ($(
        $(#[doc = $meaning:literal])+
        $key:ident: $kind:ty = $default:expr $(, in $range:expr)?, source $source:literal;
    )*) => {
        /// The settings as a user writes them; [`check`](Self::check) makes [`Settings`](super::Settings) of them. The default is the
        /// preset `paper`.
        #[derive(Debug, Clone, PartialEq, serde::Serialize)]
        pub struct Config {$(
            $(#[doc = $meaning])+
            #[doc = ""]
            #[doc = concat!("Default `", stringify!($default), "`", $(", range `", stringify!($range), "`",)? "; ", $source, ".")]
            pub $key: $kind,
        )*}

        impl Default for Config {
            fn default() -> Self {
                Self { $($key: $default),* }
            }
        }

        /// Every setting, in the order of a configuration file.
        pub const SETTINGS: &[Setting] = &[$(
            Setting { key: stringify!($key), source: $source, meaning: concat!($($meaning),+).trim_ascii() }
        ),*];

        impl Config {
            pub(super) fn check_ranges(&self) -> Result<(), ConfigError> {
                $($(within(stringify!($key), &self.$key, $range)?;)?)*
                Ok(())
            }

            /// Gives the setting `key` a value of its kind.
            pub(super) fn put(&mut self, key: &str, value: toml::Value) -> Result<(), toml::de::Error> {
                match key {
                    $(stringify!($key) => self.$key = value.try_into()?,)*
                    _ => unreachable!("{key} is looked up before"),
                }
                Ok(())
            }
        }
    };
}
pub(super) use settings;
