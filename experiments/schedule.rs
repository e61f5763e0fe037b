//! The printed schedule for more passes, or fewer.

use lenet5::network::optimizer::PRINTED_SCHEDULE;

/// The assignment of the printed rates, each held for its share of this many passes.
pub fn stretched(passes: usize) -> String {
    let rates =
        PRINTED_SCHEDULE.map(|rate| format!("{{ passes = {}, eta = {} }}", rate.passes * passes / 20, rate.eta));
    format!("schedule=[{}]", rates.join(", "))
}
