//! The network of a run: one of the program's own by its name, or one that is declared layer by layer.

use serde::{Deserialize, Serialize, Serializer};
use toml::Value;

use super::network::Declaration;
use crate::words::unknown;

/// The network; those with a name each stand in a file of `models`. In settings it is that name, or the table of a declaration.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "Value")]
pub enum Architecture {
    /// LeNet-5 (section II-B), as published or with today's habits in the place of its parts.
    Lenet5,
    /// LeNet-1 (section III-C).
    Lenet1,
    /// LeNet-4 (section III-C), a reconstruction.
    Lenet4,
    /// LeNet-5 as its authors' later code has it.
    Lush,
    /// LeNet as it is taught today.
    Modern,
    /// The modern network for CIFAR-10.
    ModernWide,
    /// A network of one's own.
    Declared(Box<Declaration>),
}

impl Architecture {
    /// Those with a name.
    pub const ALL: &[Self] = &[Self::Lenet5, Self::Lenet1, Self::Lenet4, Self::Lush, Self::Modern, Self::ModernWide];

    /// Its word in settings, or the name in its declaration.
    pub fn name(&self) -> &str {
        match self {
            Self::Lenet5 => "lenet5",
            Self::Lenet1 => "lenet1",
            Self::Lenet4 => "lenet4",
            Self::Lush => "lush",
            Self::Modern => "modern",
            Self::ModernWide => "modern-wide",
            Self::Declared(declaration) => &declaration.name,
        }
    }

    /// The declaration, if it is a network of one's own.
    pub fn declaration(&self) -> Option<&Declaration> {
        match self {
            Self::Declared(declaration) => Some(declaration),
            _ => None,
        }
    }

    /// True if it ends in scores, which cross-entropy takes, whatever the other settings are.
    pub fn ends_in_scores(&self) -> bool {
        match self {
            Self::Modern | Self::ModernWide => true,
            Self::Lenet5 | Self::Lenet1 | Self::Lenet4 | Self::Lush => false,
            Self::Declared(declaration) => declaration.ends_in_scores(),
        }
    }

    /// Its value in a configuration file, of several lines where it is declared.
    pub(super) fn to_toml(&self) -> String {
        self.declaration().map_or_else(|| Value::from(self.name()).to_string(), Declaration::to_inline_table)
    }
}

impl From<Declaration> for Architecture {
    fn from(declaration: Declaration) -> Self {
        Self::Declared(declaration.into())
    }
}

impl Serialize for Architecture {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Declared(declaration) => declaration.serialize(serializer),
            named => serializer.serialize_str(named.name()),
        }
    }
}

impl TryFrom<Value> for Architecture {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let name = match value {
            Value::String(name) => name,
            Value::Table(table) => {
                return Ok(Declaration::from_table(&table).map_err(|error| error.to_string())?.into());
            }
            other => {
                return Err(format!("expected the name of a network, or the table of its declaration, found {other}"));
            }
        };
        let names: Vec<&str> = Self::ALL.iter().map(Self::name).collect();
        let found = Self::ALL.iter().find(|network| network.name() == name);
        let declared =
            if name.ends_with(".toml") { "; a network that a file declares is given by --network" } else { "" };
        found.cloned().ok_or_else(|| unknown("network", &name, &names) + declared)
    }
}
