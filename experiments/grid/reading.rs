//! A reading of what the paper leaves open: a combination of settings.

use std::fmt;

use crate::cells::{Arm, Extent};

/// Where a network starts, and its rates: what decides the rates of pass 1. The loss does not: the second derivative at the output
/// is the same for eqs. 8 and 9, and for every j.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Start {
    /// r: initial weights are uniform in +- r / sqrt(F).
    pub range: f64,
    /// Where the S coefficients start; nothing for uniform in +- 0.6.
    pub coefficient: Option<f64>,
    /// `sum` (full) or `half`.
    pub distance: &'static str,
    /// h of the S coefficients: by the `sum`, or by `connections`.
    pub curvature: &'static str,
    /// The factor of all rates.
    pub eta_factor: f64,
}

/// The scales of the start: from the authors' code's 1 to the printed 2.4.
const RANGES: [f64; 8] = [1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.2, 2.4];
const COEFFICIENTS: [Option<f64>; 7] = [Some(0.25), Some(0.3), Some(0.35), Some(0.4), Some(0.45), Some(0.5), None];

impl Start {
    /// All combinations.
    pub fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for range in RANGES {
            for coefficient in COEFFICIENTS {
                for distance in ["sum", "half"] {
                    for curvature in ["sum", "connections"] {
                        let of = |eta_factor| Self { range, coefficient, distance, curvature, eta_factor };
                        all.extend([1.0, 0.3].map(of));
                    }
                }
            }
        }
        all
    }

    /// Its settings over the preset, all of them, whatever the preset has.
    pub fn assignments(&self) -> Vec<String> {
        let Self { range, coefficient, distance, curvature, eta_factor } = self;
        let kind = if coefficient.is_some() { "constant" } else { "uniform" };
        vec![
            format!("weight_range={range:?}"),
            format!("coefficient_start={kind}"),
            format!("coefficient={:?}", coefficient.unwrap_or(0.6)),
            format!("distance={distance}"),
            format!("coefficient_curvature={curvature}"),
            format!("eta_factor={eta_factor:?}"),
        ]
    }
}

/// Such as `1.4, 0.35, half, sum, eta x 1`.
impl fmt::Display for Start {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { range, coefficient, distance, curvature, eta_factor } = self;
        let coefficient = coefficient.map_or_else(|| "random".into(), |coefficient| coefficient.to_string());
        let distance = if *distance == "sum" { "full" } else { distance };
        write!(formatter, "{range}, {coefficient}, {distance}, {curvature}, eta x {eta_factor}")
    }
}

/// A start and a loss.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    pub start: Start,
    /// j of eq. 9; nothing for eq. 8.
    pub j: Option<f64>,
}

impl Reading {
    /// The preset before the grid.
    pub const BEFORE: Self = Self {
        start: Start { range: 2.4, coefficient: Some(0.25), distance: "sum", curvature: "sum", eta_factor: 1.0 },
        j: Some(2.0),
    };

    /// The number of its settings that depart from the printed text: eq. 7 has full distances, Appendix C counts connections, and the
    /// rates are printed. (No start that was tried trains as printed; the loss and the coefficients are not printed.)
    pub fn departures(&self) -> usize {
        let Start { distance, curvature, eta_factor, .. } = self.start;
        [distance != "sum", curvature != "connections", eta_factor != 1.0]
            .into_iter()
            .filter(|departs| *departs)
            .count()
    }

    /// Its settings over the preset, all of them.
    pub fn assignments(&self) -> Vec<String> {
        let loss = self.j.map_or_else(|| vec!["loss=eq8".into()], |j| vec!["loss=eq9".into(), format!("j={j:?}")]);
        [self.start.assignments(), loss].concat()
    }

    /// Its networks, trained on all training patterns without a look at the test set.
    pub fn arm(&self, extent: &Extent, seeds: &str) -> Arm {
        self.arm_with(extent, "grid", &[], seeds)
    }

    /// Its networks with more settings over it, whose cells are below another folder.
    pub fn arm_with(&self, extent: &Extent, folder: &str, more: &[String], seeds: &str) -> Arm {
        let unread = ["test_set=false".into(), "training_error=false".into()];
        let assignments = [&self.assignments(), &unread[..], more].concat();
        let assignments: Vec<&str> = assignments.iter().map(String::as_str).collect();
        let parts: Vec<String> = self.to_string().split([',', ' ']).map(String::from).collect();
        let name: Vec<String> = parts.into_iter().filter(|part| !["", "="].contains(&part.as_str())).collect();
        Arm { trial: true, ..extent.arm(&format!("{folder}/{}", name.join("-")), &assignments, seeds) }
    }
}

/// Such as `1.4, 0.35, half, sum, eta x 1, j = 2`.
impl fmt::Display for Reading {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.j {
            Some(j) => write!(formatter, "{}, j = {j}", self.start),
            None => write!(formatter, "{}, eq. 8", self.start),
        }
    }
}
