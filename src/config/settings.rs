//! The settings: each with its meaning, type, default, range, and the source of the default.

use std::collections::BTreeSet;

use super::alphabet::{self, MOST_CODES};
use super::architecture::Architecture;
use super::choices::{
    Activation, BiasStart, C3, CoefficientStart, CurvatureMoment, CurvaturePatterns, FanIn, LossName, Optimizer, Order,
    OutputLayer, Pooling, WeightDistribution,
};
use super::declaration::{Condition, Setting, settings, within};
use super::error::ConfigError;
use crate::data::{Choice, MOST_CLASSES};
use crate::network::layers::{CoefficientCurvature, Distance};
use crate::network::optimizer::{PRINTED_SCHEDULE, Rate};

settings! {
    // The run and its data.
    /// the set of defaults that the others changed; for the record
    preset: String = "paper".into(), source "ours";
    /// auto, mnist, qmnist (MNIST with 50,000 other test digits), digits (1,797 digits of 8x8 that need no download), cifar10, or one's
    /// own: idx:FOLDER (IDX files), folder:FOLDER (pictures, a folder a class)
    dataset: Choice = Choice::Auto, source "ours";
    /// whether the rows of idx: or folder: images are their columns, as EMNIST's files have them
    transpose: bool = false, source "ours";
    /// how many of the training patterns to use, at most all; 0 for all
    training_patterns: usize = 0, in 0.., source "paper, III-A: all 60,000";
    /// how many of the last training patterns to test on in place of the test set, and not to train on; for choosing settings
    held_out: usize = 0, in 0.., source "ours";
    /// distorted patterns for each original; a pass presents as many of all these as there are originals
    distorted_copies: usize = 0, in 0..=MOST_COPIES, source "paper, III-B: none, or 9 of each pattern";
    /// strength of the distorted copies: 1 for the ranges of Fig. 7, 0 to 2
    distortion: f64 = 1.0, in 0.0..=2.0, source "assumed: Fig. 7's ranges, recovered from its pictures";
    /// probability with which each input pixel is inverted
    pixel_noise: f64 = 0.0, in 0.0..=1.0, source "paper, Fig. 13: 0.1 there, 0 elsewhere";
    /// whether training characters have neighbours beside them, anew in each pass, or are blank;
    /// then the alphabet has one character more than there are classes
    flanks: bool = false, source "paper, VII: for reading strings";
    /// share of the presented patterns that are pictures without a digit, drawn anew in each pass, of eq. 9's class of rubbish
    rubbish: f64 = 0.0, in BELOW_1, source "ours: the paper names the class (II-C), not its patterns";
    /// whether the training error is measured after each pass too, not only on the fly
    training_error: bool = true, source "ours";
    /// whether errors are measured on the test set after each pass; false leaves it unread, and measures on the patterns held out or on
    /// none
    test_set: bool = true, source "ours";
    /// of all random streams
    seed: u64 = 1, in 0.., source "ours";
    /// how often the training patterns are presented
    passes: usize = 20, in 1..=100_000, source "paper, III-B";

    // The network, and how it reads an image.
    /// one of: lenet5 lenet1 lenet4 lush modern modern-wide; or the table of a network of one's own, as a file of --network has it
    network: Architecture = Architecture::Lenet5, source "paper, II-B: lenet5";
    /// of lenet5's units from C1 to F6, and of the layers of a declared network that have no other: squash, or relu
    activation: Activation = Activation::Squash, source "paper, II-B: squash";
    /// S2 and S4 of lenet5: subsampling, or max (the largest of each 2x2)
    pooling: Pooling = Pooling::Subsampling, source "paper, II-B: subsampling";
    /// which S2 maps feed C3 of lenet5: sparse, or full
    c3: C3 = C3::Sparse, source "paper, Table I: sparse";
    /// what follows F6 of lenet5: rbf, or scores (a full connection)
    output: OutputLayer = OutputLayer::Rbf, source "paper, II-B: rbf";
    /// what is subtracted from pixels of 0 to 1, one number a channel; none for the printed levels
    input_mean: Vec<f64> = Vec::new(), in LEVELS, source "paper, II-B: none, levels of -0.1 and 1.175";
    /// what they are then divided by, as many numbers
    input_deviation: Vec<f64> = Vec::new(), in DEVIATIONS, source "paper, II-B: none";
    /// how many classes the data have; 0 for as many as the alphabet has characters, ten of eleven. Set by the data where they are
    /// one's own; more than 96 only where the outputs have no codes
    classes: usize = 0, in 0..=MOST_CLASSES, source "paper, III: ten";
    /// the characters of the classes, whose pictures in Fig. 3 are the codes of RBF outputs, and of the class "blank" if there is one
    /// more; of U+0020 to U+007F. With one's own data and this default: those of the classes' names, or the digits, letters and
    /// others in order
    alphabet: String = "0123456789".into(), in ALPHABET, source "paper, III: the ten digits";
    /// sum: sum (x - w)^2 as printed; half: with the 1/2 of the authors' code
    distance: Distance = Distance::Half,
        source "assumed: as the authors' code (eq. 7 prints sum); chosen by printed facts of training, `lenet5-reproduce grid`";

    // The loss.
    /// eq8, eq9, or cross_entropy (where the output is scores)
    loss: LossName = LossName::Eq9, source "assumed: the text does not say which loss gave its results";
    /// j of eq. 9, above 0; without effect for eq. 8
    j: f64 = 1.5, in POSITIVE,
        source "assumed: nowhere given; chosen by printed facts of training, `lenet5-reproduce grid`";

    // Initial values.
    /// of initial weights: uniform in +- their range, or normal with it for deviation
    weight_distribution: WeightDistribution = WeightDistribution::Uniform, source "paper: uniform";
    /// r: the range of initial weights is r / F or r / sqrt(F); normal with r = 1.4142 is He's start
    weight_range: f64 = 1.6, in POSITIVE,
        source "assumed: the printed 2.4 goes with r / F; chosen by printed facts of training, `lenet5-reproduce grid`";
    /// linear: r / F as printed; square_root: r / sqrt(F); F is the fan-in of the unit
    weight_fan_in: FanIn = FanIn::SquareRoot, source "assumed: with r / F, as printed, the rates are above the printed ones";
    /// zero, or uniform like the unit's weights
    bias_start: BiasStart = BiasStart::Zero, source "assumed: not mentioned; the authors' code has 0";
    /// of the subsampling coefficients: constant, or uniform in +- coefficient
    coefficient_start: CoefficientStart = CoefficientStart::Constant,
        source "assumed: not mentioned; constant in the authors' code";
    /// where they start
    coefficient: f64 = 0.3, in POSITIVE,
        source "assumed: not mentioned; chosen by printed facts of training, `lenet5-reproduce grid`";

    // Training.
    /// connections: the inputs of a subsampling unit share its coefficient; sum: their sum is its one input
    coefficient_curvature: CoefficientCurvature = CoefficientCurvature::Connections,
        source "paper, App. C, eqs. 22 to 24: connections";
    /// of the patterns: fixed, or reshuffled before each pass
    order: Order = Order::Fixed, source "paper, III-B: one random order, kept constant";
    /// levenberg_marquardt, sgd (with momentum), or adam; the rates of the schedule are theirs
    optimizer: Optimizer = Optimizer::LevenbergMarquardt, source "paper, III-B: levenberg_marquardt";
    /// of sgd; adam has 0.9 and 0.999
    momentum: f64 = 0.9, in BELOW_1, source "ours";
    /// patterns to each update, by the mean of their gradients
    batch: usize = 1, in 1..=4096, source "paper, III-B: 1";
    /// multiplies every global rate of the schedule
    eta_factor: f64 = 1.0, in POSITIVE, source "ours";
    /// keeps eps_k = eta / (mu + h_kk) bounded where the curvature is small
    mu: f64 = 0.02, in POSITIVE, source "paper, III-B";
    /// patterns on which h_kk is estimated before each pass, at most all
    curvature_count: usize = 500, in 1.., source "paper, III-B";
    /// first of the training set, or random for each pass
    curvature_patterns: CurvaturePatterns = CurvaturePatterns::First, source "assumed: not said which";
    /// when h_kk is estimated: before each pass, or before the first of each rate of the schedule
    curvature_moment: CurvatureMoment = CurvatureMoment::Pass, source "paper, III-B: pass";
    /// global rates eta, each for a number of passes; the last one holds on
    schedule: Vec<Rate> = PRINTED_SCHEDULE.to_vec(), in SCHEDULE, source "paper, III-B";
}

/// The most distorted copies of each pattern.
pub const MOST_COPIES: usize = 1000;

/// Numbers that with their reciprocals are within the range of f32.
const POSITIVE: Condition<f64> =
    Condition { expected: "a number above 0 (1e-12 to 1e6)", accepts: |value| (1e-12..=1e6).contains(value) };

const BELOW_1: Condition<f64> =
    Condition { expected: "0 to 1, without 1", accepts: |value| (0.0..1.0).contains(value) };

const LEVELS: Condition<Vec<f64>> = Condition {
    expected: "at most three numbers of -10 to 10, one a channel; none for the printed levels",
    accepts: |levels| levels.len() <= 3 && levels.iter().all(|level| (-10.0..=10.0).contains(level)),
};

pub(super) const DEVIATIONS: Condition<Vec<f64>> = Condition {
    expected: "as many numbers as input_mean, of 0.001 to 10",
    accepts: |levels| levels.len() <= 3 && levels.iter().all(|level| (1e-3..=10.0).contains(level)),
};

const ALPHABET: Condition<String> = Condition {
    expected: "2 to 96 different characters of U+0020 to U+007F",
    accepts: |alphabet| {
        let count = alphabet.chars().count();
        (2..=MOST_CODES).contains(&count)
            && alphabet::codes(alphabet).is_ok_and(|codes| BTreeSet::from_iter(codes).len() == count)
    },
};

const SCHEDULE: Condition<Vec<Rate>> = Condition {
    expected: "one rate or more, each of 1e-12 to 1e6 and for 1 to 100000 passes",
    accepts: |rates| {
        let is_ok = |rate: &Rate| (1..=100_000).contains(&rate.passes) && (1e-12..=1e6).contains(&rate.eta);
        !rates.is_empty() && rates.iter().all(is_ok)
    },
};
