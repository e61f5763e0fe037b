//! Stochastic diagonal Levenberg-Marquardt (section III-B, Appendix C).

use serde::{Deserialize, Serialize};

use crate::kernels::scalar::Scalar;
use crate::network::parameters::Parameters;

/// The global learning rate for a number of passes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// How many passes it holds for.
    pub passes: usize,
    /// eta.
    pub eta: f64,
}

/// The printed schedule (section III-B): 0.0005 for two passes, 0.0002 for three, 0.0001 for three, 0.00005 for four, 0.00001
/// thereafter.
pub const PRINTED_SCHEDULE: [Rate; 5] = [
    Rate { passes: 2, eta: 0.0005 },
    Rate { passes: 3, eta: 0.0002 },
    Rate { passes: 3, eta: 0.0001 },
    Rate { passes: 4, eta: 0.00005 },
    Rate { passes: 8, eta: 0.00001 },
];

/// eta in pass `pass`, counted from 1. The last rate of the schedule holds for all passes after it; an empty one gives 0.
///
/// ```
/// use lenet5::network::optimizer::levenberg_marquardt::{PRINTED_SCHEDULE, eta};
/// assert_eq!(eta(&PRINTED_SCHEDULE, 3), 0.0002);
/// assert_eq!(eta(&PRINTED_SCHEDULE, 21), 0.00001);
/// ```
pub fn eta(schedule: &[Rate], pass: usize) -> f64 {
    let mut last = 0;
    for rate in schedule {
        last += rate.passes;
        if pass <= last {
            return rate.eta;
        }
    }
    schedule.last().map_or(0.0, |rate| rate.eta)
}

/// Sets every eps_k = eta / (mu + h_kk) (eq. 21) and returns the smallest and the largest of them.
pub fn set_step_sizes<T: Scalar>(parameters: &mut Parameters<T>, eta: f64, mu: f64) -> (f64, f64) {
    let (eta, mu) = (T::of(eta), T::of(mu));
    let (mut smallest, mut largest) = (f64::INFINITY, f64::NEG_INFINITY);
    for (step, &h) in parameters.step_size.iter_mut().zip(&parameters.curvature) {
        *step = eta / (mu + h);
        smallest = smallest.min(step.widen());
        largest = largest.max(step.widen());
    }
    (smallest, largest)
}
