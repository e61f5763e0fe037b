//! The global learning rate from pass to pass, for every optimizer.

use serde::{Deserialize, Serialize};

/// The global learning rate for a number of passes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// The number of passes with this rate.
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
/// use lenet5::network::optimizer::{PRINTED_SCHEDULE, eta};
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
