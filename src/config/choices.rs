//! The settings that are one of several words.

use serde::{Deserialize, Serialize};

use crate::words::unknown;

/// Declares the networks with their names in settings.
macro_rules! architectures {
    ($($(#[$meaning:meta])+ $network:ident = $name:literal,)*) => {
        /// A network, each in a file of [`models`](crate::models).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(try_from = "String")]
        pub enum Architecture {$(
            $(#[$meaning])+
            #[serde(rename = $name)]
            $network,
        )*}

        impl Architecture {
            /// All networks, in the order in which they are listed.
            pub const ALL: &[Self] = &[$(Self::$network),*];

            /// The name in settings.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$network => $name,)*
                }
            }
        }
    };
}

architectures! {
    /// LeNet-5 (section II-B), with [`Changes`] or without.
    Lenet5 = "lenet5",
    /// LeNet-1 (section III-C).
    Lenet1 = "lenet1",
    /// LeNet-4 (section III-C), a reconstruction.
    Lenet4 = "lenet4",
    /// LeNet-5 as its authors' later code has it.
    Lush = "lush",
    /// LeNet as it is taught today.
    Modern = "modern",
    /// The same for CIFAR-10.
    ModernWide = "modern-wide",
}

impl Architecture {
    /// True if it ends in scores, which cross-entropy takes, whatever the other settings are.
    pub fn ends_in_scores(self) -> bool {
        match self {
            Self::Modern | Self::ModernWide => true,
            Self::Lenet5 | Self::Lenet1 | Self::Lenet4 | Self::Lush => false,
        }
    }
}

impl TryFrom<String> for Architecture {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let names: Vec<&str> = Self::ALL.iter().map(|network| network.name()).collect();
        let found = Self::ALL.iter().find(|network| network.name() == name);
        found.copied().ok_or_else(|| unknown("network", &name, &names))
    }
}

/// The function of the units from C1 to F6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Activation {
    /// The squashing function, as published.
    #[default]
    Squash,
    /// max(a, 0).
    Relu,
}

/// The layers S2 and S4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pooling {
    /// Sums with trainable coefficient and bias, as published.
    #[default]
    Subsampling,
    /// The largest of the four, without parameters.
    Max,
}

/// The maps of S2 that feed each map of C3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum C3 {
    /// Those of Table I, as published.
    #[default]
    Sparse,
    /// All, for each map.
    Full,
}

/// The layer after F6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OutputLayer {
    /// RBF units with the codes of Fig. 3, as published.
    #[default]
    Rbf,
    /// A full connection to a score for each class.
    Scores,
}

/// Today's habits in the place of LeNet-5's original parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Changes {
    /// In place of the squashing function.
    pub activation: Activation,
    /// In place of subsampling.
    pub pooling: Pooling,
    /// In place of Table I.
    pub c3: C3,
    /// In place of the RBF units.
    pub output: OutputLayer,
}

/// The loss that is minimised; see [`Loss`](crate::network::loss::Loss).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LossName {
    /// Eq. 8.
    Eq8,
    /// Eq. 9.
    Eq9,
    /// Cross-entropy after softmax.
    CrossEntropy,
}

/// The distribution of initial weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WeightDistribution {
    /// Uniform within +- the range.
    Uniform,
    /// Normal with the range for its standard deviation.
    Normal,
}

/// The dependence of the range of initial weights on the fan-in F of the unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FanIn {
    /// +- range / F, as printed.
    Linear,
    /// +- range / sqrt(F).
    SquareRoot,
}

/// The start of biases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BiasStart {
    /// At 0.
    Zero,
    /// Drawn as the weights of their unit are.
    Uniform,
}

/// The start of the coefficients of subsampling layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CoefficientStart {
    /// All at the same value.
    Constant,
    /// Uniform between minus and plus that value.
    Uniform,
}

/// The order in which a pass presents the patterns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// One random order, kept for all passes.
    Fixed,
    /// A new random order for each pass.
    Reshuffled,
}

/// The rule by which parameters are moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Optimizer {
    /// Stochastic diagonal Levenberg-Marquardt (section III-B, Appendix C).
    LevenbergMarquardt,
    /// Gradient descent with momentum.
    Sgd,
    /// Adam (Kingma and Ba, 2015).
    Adam,
}

/// The patterns on which the curvature is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CurvaturePatterns {
    /// The first ones of the training set.
    First,
    /// Drawn anew for each pass.
    Random,
}

/// The moments at which the curvature is estimated anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CurvatureMoment {
    /// Before each pass.
    Pass,
    /// Before the first pass of each rate of the schedule.
    Rate,
}
