//! The rules by which parameters are updated, and the schedule of the global rate.

pub mod levenberg_marquardt;
mod schedule;

pub use schedule::{PRINTED_SCHEDULE, Rate, eta};

use crate::kernels::Kernels;
use crate::kernels::plain::steps::Adam;
use crate::kernels::scalar::Scalar;
use crate::network::parameters::Parameters;

/// beta_1 of Adam, as its authors have it.
pub const ADAM_MEAN: f64 = 0.9;
/// beta_2 of Adam.
pub const ADAM_SQUARE: f64 = 0.999;
/// epsilon of Adam.
pub const ADAM_EPSILON: f64 = 1e-8;

/// An optimizer with its constants. The schedule gives the global rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// Stochastic diagonal Levenberg-Marquardt: each parameter has its own step size (section III-B, Appendix C).
    LevenbergMarquardt {
        /// mu of eq. 21.
        mu: f64,
    },
    /// v_k = momentum v_k + dE/dw_k, then w_k -= eta v_k.
    Sgd {
        /// 0 to 1, without 1.
        momentum: f64,
    },
    /// Kingma and Ba (2015), with their constants.
    Adam,
}

impl Rule {
    /// The size of its state: numbers for each parameter.
    pub fn slots(self) -> usize {
        match self {
            Self::LevenbergMarquardt { .. } => 0,
            Self::Sgd { .. } => 1,
            Self::Adam => 2,
        }
    }

    /// Sets every step size for this eta, and returns the smallest and the largest.
    pub fn set_step_sizes<T: Scalar>(self, parameters: &mut Parameters<T>, eta: f64) -> (f64, f64) {
        match self {
            Self::LevenbergMarquardt { mu } => levenberg_marquardt::set_step_sizes(parameters, eta, mu),
            Self::Sgd { .. } | Self::Adam => {
                parameters.step_size.fill(T::of(eta));
                (eta, eta)
            }
        }
    }

    /// The `step`-th step, counted from 1: moves every parameter by the gradient, and clears it.
    ///
    /// # Panics
    /// If the state does not have this rule's [`slots`](Self::slots).
    pub fn step<T: Scalar>(self, kernels: &dyn Kernels<T>, parameters: &mut Parameters<T>, step: u64) {
        let Parameters { values, gradient, step_size, moments, .. } = parameters;
        match self {
            Self::LevenbergMarquardt { .. } => kernels.descend(values, gradient, step_size),
            Self::Sgd { momentum } => kernels.momentum(T::of(momentum), values, gradient, step_size, moments),
            Self::Adam => {
                let correction = |beta: f64| T::of(1.0 / (1.0 - libm::pow(beta, step as f64)));
                let adam = Adam {
                    mean: T::of(ADAM_MEAN),
                    square: T::of(ADAM_SQUARE),
                    epsilon: T::of(ADAM_EPSILON),
                    mean_correction: correction(ADAM_MEAN),
                    square_correction: correction(ADAM_SQUARE),
                };
                kernels.adam(adam, values, gradient, step_size, moments);
            }
        }
    }
}
