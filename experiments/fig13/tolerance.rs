//! Each digit's own tolerance: how far it may be scaled or rotated, either way, while the network reads it rightly at every step.

use std::collections::BTreeMap;

use lenet5::data::{Images, encoder::Encoder, warp::warp};
use lenet5::evaluation::percent;
use lenet5::network::engine::Engine;
use lenet5::network::loss;
use lenet5::runs::checkpoint::Model;
use nalgebra::{Matrix3, Vector2};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::maps::rotation;

/// Steps either way that the paper's claim comes to: a ratio of 2 is 0.71 to 1.41 around no change, and 30 degrees.
const CLAIM: usize = 12;

/// A change of a digit before the network sees it, in steps of a grid from no change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// Scaled by a factor about the middle, 24 steps to a factor of 2.
    Scale,
    /// Rotated clockwise about the middle, in steps of 2.5 degrees.
    Rotation,
}

impl Change {
    pub const ALL: [Self; 2] = [Self::Scale, Self::Rotation];

    /// The most steps either way: scales from 1/4 to 4, a quarter turn.
    pub fn most(self) -> i32 {
        match self {
            Self::Scale => 48,
            Self::Rotation => 36,
        }
    }

    /// The factor, or the angle in degrees.
    pub fn value(self, steps: i32) -> f64 {
        match self {
            Self::Scale => libm::exp2(f64::from(steps) / 24.0),
            Self::Rotation => 2.5 * f64::from(steps),
        }
    }

    fn forward(self, steps: i32) -> Matrix3<f64> {
        let value = self.value(steps);
        match self {
            Self::Scale => Matrix3::new_nonuniform_scaling(&Vector2::new(value, value)),
            Self::Rotation => rotation(value),
        }
    }
}

/// The steps in each direction up to which a digit is read rightly without a break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tolerance {
    down: usize,
    up: usize,
}

impl Tolerance {
    /// By the answers at up to `most` steps either way; `None` if the digit is misread as it is.
    fn of(most: i32, mut is_right: impl FnMut(i32) -> bool) -> Option<Self> {
        if !is_right(0) {
            return None;
        }
        let mut reach = |sign: i32| (1..=most).take_while(|steps| is_right(sign * steps)).count();
        Some(Self { down: reach(-1), up: reach(1) })
    }
}

/// A number of steps that is taken of a tolerance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// From the smallest scale to the largest, or the whole angle.
    Range,
    /// Either way: the smaller of the two.
    Both,
    /// Down to the smallest scale, or counterclockwise.
    Down,
    /// Up to the largest scale, or clockwise.
    Up,
}

impl Measure {
    pub const ALL: [Self; 4] = [Self::Range, Self::Both, Self::Down, Self::Up];

    fn steps(self, Tolerance { down, up }: Tolerance) -> usize {
        match self {
            Self::Range => down + up,
            Self::Both => down.min(up),
            Self::Down => down,
            Self::Up => up,
        }
    }

    /// The steps that the paper's claim comes to.
    pub fn claimed(self) -> usize {
        if self == Self::Range { 2 * CLAIM } else { CLAIM }
    }

    /// The factor or angle of so many steps; of a range of scales, their ratio.
    pub fn value(self, change: Change, steps: usize) -> f64 {
        change.value(if self == Self::Down { -(steps as i32) } else { steps as i32 })
    }

    /// Its name in tables.
    pub fn name(self, change: Change) -> &'static str {
        match (change, self) {
            (Change::Scale, Self::Range) => "largest scale over smallest",
            (Change::Scale, Self::Both) => "factor of scale, either way",
            (Change::Scale, Self::Down) => "smallest scale",
            (Change::Scale, Self::Up) => "largest scale",
            (Change::Rotation, Self::Range) => "angles of rotation in all (degrees)",
            (Change::Rotation, Self::Both) => "rotation, either way",
            (Change::Rotation, Self::Down) => "rotation counterclockwise",
            (Change::Rotation, Self::Up) => "rotation clockwise",
        }
    }
}

/// The tolerance of each of these digits.
pub fn of_digits(model: &Model, images: &Images, change: Change) -> Vec<Option<Tolerance>> {
    let network = model.network();
    let encoder = Encoder::new(network.encoding());
    let engine = || {
        let mut engine = Engine::new(&network);
        engine.load_values(&model.values);
        engine
    };
    let tolerance = |engine: &mut Engine<f32>, index: usize| {
        Tolerance::of(change.most(), |steps| {
            warp(&change.forward(steps), images.image(index), images.size(), &encoder, engine.input_mut());
            loss::answer(engine.forward(&network)) == usize::from(images.labels()[index])
        })
    };
    (0..images.len()).into_par_iter().map_init(engine, tolerance).collect()
}

/// A row of `tolerance.csv`: the test digits of which one network tolerates so many steps and no more. Those without a number of
/// steps are misread as they are.
#[derive(Debug, Serialize, Deserialize)]
pub struct ToleranceRow {
    pub arm: String,
    pub seed: u64,
    pub change: Change,
    pub measure: Measure,
    pub steps: Option<usize>,
    pub value: Option<f64>,
    pub digits: usize,
}

/// The rows of one network.
pub fn rows(arm: &str, seed: u64, change: Change, tolerances: &[Option<Tolerance>]) -> Vec<ToleranceRow> {
    let of_measure = |measure: Measure| {
        let mut counts: BTreeMap<Option<usize>, usize> = BTreeMap::new();
        for tolerance in tolerances {
            *counts.entry(tolerance.map(|tolerance| measure.steps(tolerance))).or_default() += 1;
        }
        let row = move |(steps, digits): (Option<usize>, usize)| {
            let value = steps.map(|steps| measure.value(change, steps));
            ToleranceRow { arm: arm.into(), seed, change, measure, steps, value, digits }
        };
        counts.into_iter().map(row)
    };
    Measure::ALL.into_iter().flat_map(of_measure).collect()
}

/// How many steps the digits tolerate by one measure, of one network.
#[derive(Debug, Default)]
pub struct Distribution(BTreeMap<Option<usize>, usize>);

impl Distribution {
    /// Those of all networks of an arm, by seed.
    pub fn of_arm(rows: &[ToleranceRow], arm: &str, change: Change, measure: Measure) -> Vec<Self> {
        let mut distributions: BTreeMap<u64, Self> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.arm == arm && row.change == change && row.measure == measure) {
            distributions.entry(row.seed).or_default().0.insert(row.steps, row.digits);
        }
        distributions.into_values().collect()
    }

    /// The share of digits that tolerate at least so many steps, in percent.
    pub fn share(&self, steps: usize) -> f64 {
        percent(self.0.range(Some(steps)..).map(|(_, digits)| digits).sum(), self.0.values().sum())
    }

    /// The most steps that at least `share` percent of the digits tolerate; `None` if more are misread as they are.
    pub fn reached_by(&self, share: f64) -> Option<usize> {
        self.0.keys().rev().flatten().copied().find(|&steps| self.share(steps) >= share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lenet5::applications::reader::Reader;
    use lenet5::data::digits;
    use lenet5::kernels::maps::Maps;

    #[test]
    fn a_rotation_is_clockwise() {
        // A point to the right of the middle goes below it.
        let moved = Change::Rotation.forward(36) * nalgebra::Vector3::new(2.0, 0.0, 1.0);
        assert!((moved - nalgebra::Vector3::new(0.0, 2.0, 1.0)).norm() < 1e-12);
    }

    /// A digit that is right from -3 to 5 steps but for one step further out, and again from 7 on.
    #[test]
    fn a_tolerance_ends_at_the_first_wrong_answer_either_way() {
        let right = |steps: i32| (-3..=5).contains(&steps) || steps >= 7 || steps == -5;
        assert_eq!(Tolerance::of(10, right), Some(Tolerance { down: 3, up: 5 }));
        assert_eq!(Tolerance::of(2, right), Some(Tolerance { down: 2, up: 2 }), "the end of the grid");
        assert_eq!(Tolerance::of(10, |steps| steps == 0), Some(Tolerance { down: 0, up: 0 }));
        assert_eq!(Tolerance::of(10, |steps| steps != 0), None, "misread as it is");
    }

    #[test]
    fn the_claim_is_a_ratio_of_two_and_thirty_degrees_either_way() {
        let value = |measure: Measure, change| measure.value(change, measure.claimed());
        let half = f64::sqrt(0.5);
        assert_eq!(value(Measure::Range, Change::Scale), 2.0);
        assert!((value(Measure::Down, Change::Scale) - half).abs() < 1e-12);
        assert!((value(Measure::Both, Change::Scale) - 1.0 / half).abs() < 1e-12);
        let rotations = [Measure::Down, Measure::Up, Measure::Both].map(|measure| value(measure, Change::Rotation));
        assert_eq!(rotations, [-30.0, 30.0, 30.0]);
        assert_eq!((Change::Scale.value(-48), Change::Rotation.value(36)), (0.25, 90.0));
    }

    /// Four digits: right from 1/2 to 2, from 1/4 to 1, as it is alone, and misread.
    #[test]
    fn shares_and_quantiles_are_those_of_each_digits_own_ratio() {
        let tolerance = |down, up| Some(Tolerance { down, up });
        let digits = [tolerance(24, 24), tolerance(48, 0), tolerance(0, 0), None];
        let rows = rows("a", 7, Change::Scale, &digits);
        let of = |measure| Distribution::of_arm(&rows, "a", Change::Scale, measure).pop().unwrap();
        let shares = |measure: Measure| [0, 1, 24, 25, 48, 49].map(|steps| of(measure).share(steps));
        assert_eq!(shares(Measure::Range), [75.0, 50.0, 50.0, 50.0, 50.0, 0.0]);
        assert_eq!(shares(Measure::Both), [75.0, 25.0, 25.0, 0.0, 0.0, 0.0]);
        assert_eq!(shares(Measure::Down), [75.0, 50.0, 50.0, 25.0, 25.0, 0.0]);
        assert_eq!(shares(Measure::Up), [75.0, 25.0, 25.0, 0.0, 0.0, 0.0]);
        let ratio = of(Measure::Range);
        assert_eq!([50.0, 50.1, 75.0, 75.1].map(|share| ratio.reached_by(share)), [Some(48), Some(0), Some(0), None]);
        assert_eq!(rows.iter().filter(|row| row.value == Some(0.25)).count(), 1, "the smallest scale");
        assert!(Distribution::of_arm(&rows, "a", Change::Rotation, Measure::Up).is_empty());
    }

    /// The steps at which the network that comes with the program reads some digits, one by one.
    #[test]
    fn a_digit_is_read_up_to_its_tolerance_and_misread_at_the_next_step() {
        let (model, images) = (Model::pretrained(), digits::load().test.first(12));
        let mut reader = Reader::new(&model).unwrap();
        let mut read = |index: usize, (xx, yx): (f64, f64)| {
            // A scaled rotation: x to the right goes to (xx, yx), y downwards to (-yx, xx).
            let forward = Matrix3::new(xx, -yx, 0.0, yx, xx, 0.0, 0.0, 0.0, 1.0);
            let write = |encoder: &Encoder<f32>, input: &mut Maps<f32>| {
                warp(&forward, images.image(index), images.size(), encoder, input);
            };
            reader.read_as(write).class == usize::from(images.labels()[index])
        };
        for change in Change::ALL {
            let forward = |steps: i32| match change {
                Change::Scale => (2_f64.powf(f64::from(steps) / 24.0), 0.0),
                Change::Rotation => {
                    let angle = (f64::from(steps) * 2.5).to_radians();
                    (angle.cos(), angle.sin())
                }
            };
            let mut ends = 0;
            for (index, tolerance) in of_digits(&model, &images, change).into_iter().enumerate() {
                assert_eq!(tolerance.is_some(), read(index, (1.0, 0.0)), "{index}");
                let Some(Tolerance { down, up }) = tolerance else { continue };
                for (sign, reach) in [(-1, down as i32), (1, up as i32)] {
                    assert!(read(index, forward(sign * reach)), "{change:?} of {index}: {sign} * {reach}");
                    if reach < change.most() {
                        assert!(
                            !read(index, forward(sign * (reach + 1))),
                            "{change:?} of {index}: {sign} * {reach} + 1"
                        );
                        ends += 1;
                    }
                }
            }
            assert!(ends > 10, "{change:?}: {ends} of at most 24 end on the grid");
        }
    }
}
