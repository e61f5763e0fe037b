//! The classes that settings describe: how many, with which codes, and what they are called. All others ask here.

use super::alphabet;
use super::architecture::Architecture;
use super::checked::Settings;
use super::choices::OutputLayer;
use super::error::ConfigError;
use super::settings::Config;
use crate::data::Dataset;
use crate::paper::codes::Code;

/// The digits, which stand for no choice where the data are a user's own.
const DIGITS: &str = "0123456789";

impl Config {
    /// The number of classes that the data have: without the blank, which no pattern shows.
    pub fn data_classes(&self) -> usize {
        match (self.classes, self.alphabet.chars().count()) {
            (0, 11) => 10,
            (0, characters) => characters,
            (classes, _) => classes,
        }
    }

    /// The class "none of the above" (section VII), which has the code of the alphabet's last character: the eleventh of digits; `None`
    /// where the alphabet has no character more than there are classes.
    pub fn blank_class(&self) -> Option<usize> {
        let classes = self.data_classes();
        (self.alphabet.chars().count() == classes + 1).then_some(classes)
    }

    /// The number of classes that the network tells apart: 10, or 11 with the blank, or as many as the user's own data have.
    pub fn classes(&self) -> usize {
        self.data_classes() + usize::from(self.blank_class().is_some())
    }

    /// True if the outputs are RBF units with a code for each class.
    pub fn uses_codes(&self) -> bool {
        match self.network.declaration() {
            Some(declaration) => declaration.has_codes(),
            None => self.network == Architecture::Lenet5 && self.output == OutputLayer::Rbf,
        }
    }
}

impl Settings {
    /// These settings for training on `dataset`: its name, and, where it is a user's own, the number of its classes. An alphabet other
    /// than the ten digits stays; in the place of these, each class has the character of its name, or the next one in order
    /// ([`alphabet_of`](super::alphabet_of)).
    ///
    /// ```
    /// use lenet5::data::{Dataset, Images};
    /// let images = Images::from_bytes((1, 1, 1), vec![0, 255], vec![0, 1])?.named(vec!["x".into(), "o".into()])?;
    /// let dataset = Dataset::new("two marks", images.clone(), images)?;
    /// let settings = lenet5::models::builder::Builder::default().build()?.for_data(&dataset)?;
    /// assert_eq!((settings.classes(), settings.alphabet.as_str()), (2, "xo"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the alphabet has not a character for each class, or there are more classes than codes and the network needs these.
    pub fn for_data(&self, dataset: &Dataset) -> Result<Self, ConfigError> {
        self.with(|config| {
            config.dataset = dataset.choice();
            if !dataset.source.is_own() {
                return;
            }
            let names = dataset.training.class_names();
            let derived = if config.alphabet == DIGITS { alphabet::alphabet_of(&names) } else { None };
            config.alphabet = derived.unwrap_or_else(|| std::mem::take(&mut config.alphabet));
            config.classes = 0;
            if config.data_classes() != names.len() {
                config.classes = names.len();
            }
        })
    }

    /// The codes of the alphabet, one for each class.
    pub fn codes(&self) -> Vec<Code> {
        alphabet::codes(&self.alphabet).expect("checked")
    }

    /// The name of each class: its character, or `blank`; its number where there are more classes than characters.
    ///
    /// ```
    /// let settings = lenet5::models::builder::Builder::assigned(&["alphabet='0123456789 '"]).unwrap();
    /// assert_eq!((settings.class_names()[7].as_str(), settings.class_names()[10].as_str()), ("7", "blank"));
    /// ```
    pub fn class_names(&self) -> Vec<String> {
        let mut characters: Vec<char> = self.alphabet.chars().collect();
        if characters.len() < self.classes() {
            characters.clear();
        }
        let name = |class: usize| match characters.get(class) {
            _ if self.blank_class() == Some(class) => "blank".into(),
            Some(character) => String::from(*character),
            None => class.to_string(),
        };
        (0..self.classes()).map(name).collect()
    }
}
