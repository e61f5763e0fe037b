//! Boosted LeNet-4, which figures share.

use crate::cells::{Arm, Extent};

/// Three networks a cell (section III-C), with distorted patterns half as strong as Fig. 7's.
#[allow(dead_code, reason = "for the experiments on boosted networks")]
pub fn arm(extent: &Extent) -> Arm {
    let assignments = ["preset=lenet4", "distorted_copies=9", "distortion=0.5"];
    Arm { boosted: true, ..extent.arm("boosted-lenet4", &assignments, "1-5") }
}
