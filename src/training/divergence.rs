//! Training that has diverged: numbers that are not finite, found after a pass.
//!
//! The losses are not enough: max-pooling and ReLU turn NaN into a finite number, so that a network with NaN for weights
//! has finite answers and losses. Hence the parameters themselves are examined.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::record::PassRecord;
use crate::config::{Optimizer, Settings};
use crate::kernels::scalar::Scalar;
use crate::models::preset;
use crate::network::optimizer;
use crate::network::parameters::Layout;

/// r and mu of the paper: with them, a network does not diverge at the printed rates.
const PAPER_WEIGHT_RANGE: f64 = 2.4;
const PAPER_MU: f64 = 0.02;

/// The first thing after a pass that was not a finite number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotFinite {
    /// A parameter of the tensor of this name.
    Tensor(String),
    /// The optimizer's state for this tensor.
    OptimizerState(String),
    /// A mean loss of the pass, by its name in [`PassRecord`].
    Loss(String),
    /// An answer may not be: the parameters are too large ([`Network::overflowing`](crate::network::Network::overflowing)), those of
    /// this tensor most.
    Answers(String),
}

impl fmt::Display for NotFinite {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tensor(name) | Self::Loss(name) => write!(formatter, "{name}"),
            Self::OptimizerState(name) => write!(formatter, "the optimizer state of {name}"),
            Self::Answers(name) => write!(formatter, "{name}, so large that answers overflow"),
        }
    }
}

impl NotFinite {
    /// The first number that is not finite: among the values, by tensor, then in the optimizer state (as
    /// [`Trainer::optimizer_state`](super::Trainer::optimizer_state) orders it), then among the losses.
    pub(super) fn find<T: Scalar>(
        layout: &Layout,
        values: &[T],
        optimizer_state: &[T],
        record: &PassRecord,
    ) -> Option<Self> {
        let tensor = |numbers: &[T]| {
            let broken = |numbers: &[T]| numbers.iter().any(|number| !number.widen().is_finite());
            let found = layout.iter().find(|(_, range)| broken(&numbers[range.clone()]));
            found.map(|(tensor, _)| tensor.name.clone())
        };
        let losses = [
            ("running_training_loss", Some(record.running_training_loss)),
            ("training_loss", record.training_loss),
            ("test_loss", record.is_tested().then_some(record.test_loss)),
        ];
        let loss = || losses.into_iter().find(|(_, loss)| loss.is_some_and(|loss| !loss.is_finite()));
        let optimizer_state = || optimizer_state.chunks(layout.size().max(1)).find_map(tensor);
        (tensor(values).map(Self::Tensor))
            .or_else(|| optimizer_state().map(Self::OptimizerState))
            .or_else(|| loss().map(|(name, _)| Self::Loss(name.into())))
    }
}

/// The divergence of a training run, and settings to try instead. The same settings would lead to the same numbers
/// again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Divergence {
    /// The pass, counted from 1; the one before was the last good one.
    pub pass: usize,
    /// The first number that was not finite after it.
    #[serde(flatten)]
    pub not_finite: NotFinite,
    /// A setting to try, as `--set` takes it.
    pub assignment: String,
    /// Advice in words.
    pub advice: String,
}

impl Divergence {
    /// A divergence with the advice that these settings suggest.
    pub fn new(pass: usize, not_finite: NotFinite, settings: &Settings) -> Self {
        let factor = smaller(settings.eta_factor);
        let mut advice = format!("smaller steps: eta_factor={factor} in place of {}", settings.eta_factor);
        if let Some(rate) = large_rate(settings, pass) {
            advice += &format!("; or {rate}");
        }
        let marquardt = settings.optimizer == Optimizer::LevenbergMarquardt;
        if marquardt && settings.mu < PAPER_MU {
            advice += &format!("; or mu={PAPER_MU} in place of {}, which bounds them", settings.mu);
        }
        if settings.weight_range > PAPER_WEIGHT_RANGE {
            let range = settings.weight_range;
            advice += &format!("; or smaller initial weights: weight_range={PAPER_WEIGHT_RANGE} in place of {range}");
        }
        Self { pass, not_finite, assignment: format!("eta_factor={factor}"), advice }
    }
}

/// Advice on the schedule, where its rate in this pass is above all of the preset's.
pub(super) fn large_rate(settings: &Settings, pass: usize) -> Option<String> {
    let rate = optimizer::eta(&settings.schedule, pass);
    let usual = preset(&settings.preset).ok()?.schedule.iter().map(|rate| rate.eta).fold(0.0, f64::max);
    let is_large = usual > 0.0 && rate > usual;
    is_large.then(|| format!("a smaller rate in the schedule: {rate} in this pass, at most {usual} in the preset"))
}

/// Such as: diverged in pass 2 (c3.weight).
impl fmt::Display for Divergence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "diverged in pass {} ({})", self.pass, self.not_finite)
    }
}

/// A tenth of a factor, to two digits, and no less than the smallest that is accepted.
fn smaller(factor: f64) -> f64 {
    let tenth = (factor / 10.0).max(1e-12);
    format!("{tenth:.1e}").parse().unwrap_or(tenth)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::builder::Builder;
    use crate::network::parameters::{Role, Tensor};

    fn layout() -> Layout {
        let tensor = |layer| Tensor::new(layer, "weight", vec![2], Role::Weight, vec![1, 1]);
        Layout::new([tensor("C1"), tensor("C3")])
    }

    #[test]
    fn the_first_number_that_is_not_finite_is_named() {
        let (layout, good) = (layout(), [0.0_f32; 4]);
        let record = PassRecord::default();
        let find = |values: &[f32], optimizer_state: &[f32], record: &PassRecord| {
            NotFinite::find(&layout, values, optimizer_state, record)
        };
        assert_eq!(find(&good, &[], &record), None);
        assert_eq!(find(&[f32::MAX; 4], &[f32::MIN; 8], &record), None, "large is not infinite");
        for number in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let values = [0.0, 0.0, 1.0, number];
            assert_eq!(find(&values, &values, &record), Some(NotFinite::Tensor("c3.weight".into())));
            let optimizer_state = [0.0, 0.0, 0.0, 0.0, number, 0.0, 0.0, 0.0];
            let found = find(&good, &optimizer_state, &record).unwrap();
            assert_eq!(found.to_string(), "the optimizer state of c1.weight");
            let record = PassRecord { training_loss: Some(number.into()), ..record.clone() };
            assert_eq!(find(&good, &good, &record).unwrap().to_string(), "training_loss");
        }
    }

    #[test]
    fn the_advice_is_what_the_settings_have_too_much_of() {
        let advice = |assignments: &[&str]| {
            let settings = Builder::assigned(assignments).unwrap();
            let divergence = Divergence::new(2, NotFinite::Loss("test_loss".into()), &settings);
            assert!(Builder::assigned(&[&divergence.assignment]).is_ok(), "{}", divergence.assignment);
            divergence.advice
        };
        assert_eq!(advice(&["eta_factor=100"]), "smaller steps: eta_factor=10 in place of 100");
        assert_eq!(advice(&["eta_factor=0.7"]), "smaller steps: eta_factor=0.07 in place of 0.7");
        let schedule = advice(&["schedule=[{ passes = 1, eta = 0.0005 }, { passes = 1, eta = 20.0 }]"]);
        assert!(schedule.contains("in the schedule: 20 in this pass, at most 0.0005 in the preset"), "{schedule}");
        let all = advice(&["mu=0.001", "weight_range=30"]);
        assert!(all.contains("mu=0.02 in place of 0.001") && all.contains("weight_range=2.4 in place of 30"), "{all}");
        assert!(!advice(&["optimizer=adam", "mu=0.001"]).contains("mu="), "it has none");
    }
}
