//! The settings that are one of several words.

use serde::{Deserialize, Serialize};

/// Declares enums, each value with its word in settings.
macro_rules! choices {
    ($($(#[$about:meta])+ $choice:ident { $($(#[$meaning:meta])+ $value:ident = $word:literal,)+ })+) => {$(
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        $(#[$about])+
        pub enum $choice {$(
            $(#[$meaning])+
            #[serde(rename = $word)]
            $value,
        )+}

        impl $choice {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$value),+];

            /// The word in settings.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$value => $word,)+
                }
            }
        }
    )+};
}

choices! {
    /// The function of the units from C1 to F6.
    Activation {
        /// The squashing function, as published.
        Squash = "squash",
        /// max(a, 0).
        Relu = "relu",
    }

    /// The function of the units of a declared layer.
    UnitFunction {
        /// The squashing function.
        Squash = "squash",
        /// max(a, 0).
        Relu = "relu",
        /// None: the sums themselves.
        None = "none",
    }

    /// The layers S2 and S4.
    Pooling {
        /// Sums with trainable coefficient and bias, as published.
        Subsampling = "subsampling",
        /// The largest of the four, without parameters.
        Max = "max",
    }

    /// The maps of S2 that feed each map of C3.
    C3 {
        /// Those of Table I, as published.
        Sparse = "sparse",
        /// All, for each map.
        Full = "full",
    }

    /// The layer after F6.
    OutputLayer {
        /// RBF units with the codes of Fig. 3, as published.
        Rbf = "rbf",
        /// A full connection to a score for each class.
        Scores = "scores",
    }

    /// The loss that is minimised; see [`Loss`](crate::network::loss::Loss).
    LossName {
        /// Eq. 8.
        Eq8 = "eq8",
        /// Eq. 9.
        Eq9 = "eq9",
        /// Cross-entropy after softmax.
        CrossEntropy = "cross_entropy",
    }

    /// The distribution of initial weights.
    WeightDistribution {
        /// Uniform within +- the range.
        Uniform = "uniform",
        /// Normal with the range for its standard deviation.
        Normal = "normal",
    }

    /// The dependence of the range of initial weights on the fan-in F of the unit.
    FanIn {
        /// +- range / F, as printed (App. A assumes highly correlated inputs).
        Linear = "linear",
        /// +- range / sqrt(F).
        SquareRoot = "square_root",
    }

    /// The start of biases.
    BiasStart {
        /// At 0.
        Zero = "zero",
        /// Drawn as the weights of their unit are.
        Uniform = "uniform",
    }

    /// The start of the coefficients of subsampling layers.
    CoefficientStart {
        /// All at the same value.
        Constant = "constant",
        /// Uniform between minus and plus that value.
        Uniform = "uniform",
    }

    /// The order in which a pass presents the patterns.
    Order {
        /// One random order, kept for all passes.
        Fixed = "fixed",
        /// A new random order for each pass.
        Reshuffled = "reshuffled",
    }

    /// The rule by which parameters are moved.
    Optimizer {
        /// Stochastic diagonal Levenberg-Marquardt (section III-B, Appendix C).
        LevenbergMarquardt = "levenberg_marquardt",
        /// Gradient descent with momentum.
        Sgd = "sgd",
        /// Adam (Kingma and Ba, 2015).
        Adam = "adam",
    }

    /// The patterns on which the curvature is estimated.
    CurvaturePatterns {
        /// The first ones of the training set.
        First = "first",
        /// Drawn anew for each pass.
        Random = "random",
    }

    /// The moments at which the curvature is estimated anew.
    CurvatureMoment {
        /// Before each pass.
        Pass = "pass",
        /// Before the first pass of each rate of the schedule.
        Rate = "rate",
    }
}
