//! What each setting means, and where its default comes from.

use crate::models::NETWORK_LIST;

/// The documentation of one setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Its key in a configuration file and for `--set`.
    pub key: &'static str,
    /// "paper" with the place that states the default, "assumed" with why, or "ours" for what the paper has no word for.
    pub source: &'static str,
    /// What it means and which values it takes.
    pub meaning: &'static str,
}

const fn setting(key: &'static str, source: &'static str, meaning: &'static str) -> Setting {
    Setting { key, source, meaning }
}

/// Every setting, in the order of a configuration file.
pub const SETTINGS: [Setting; 39] = [
    setting("preset", "ours", "the set of defaults that the others changed; for the record"),
    setting("dataset", "ours", "auto, mnist, digits (1,797 digits of 8x8 that need no download), or cifar10"),
    setting(
        "training_patterns",
        "paper, III-A: all 60,000",
        "how many of the training patterns to use, at most all; 0 for all",
    ),
    setting(
        "held_out",
        "ours",
        "how many of the last training patterns to test on in place of the test set, and not to train on; for choosing settings",
    ),
    setting(
        "distorted_copies",
        "paper, III-B: none, or 9 of each pattern",
        "distorted patterns for each original; a pass presents as many of all these as there are originals",
    ),
    setting(
        "distortion",
        "assumed: Fig. 7's ranges, recovered from its pictures",
        "strength of the distorted copies: 1 for the ranges of Fig. 7, 0 to 2",
    ),
    setting(
        "pixel_noise",
        "paper, Fig. 13: 0.1 there, 0 elsewhere",
        "probability with which each input pixel is inverted",
    ),
    setting(
        "flanks",
        "paper, VII: for reading strings",
        "whether training characters have neighbours beside them, anew in each pass, or are blank; then the alphabet has eleven characters",
    ),
    setting(
        "training_error",
        "ours",
        "whether the training error is measured after each pass too, not only on the fly",
    ),
    setting("seed", "ours", "of all random streams"),
    setting("passes", "paper, III-B", "how often the training patterns are presented"),
    setting("network", "paper, II-B: lenet5", NETWORK_LIST),
    setting("activation", "paper, II-B: squash", "of lenet5's units from C1 to F6: squash, or relu"),
    setting(
        "pooling",
        "paper, II-B: subsampling",
        "S2 and S4 of lenet5: subsampling, or max (the largest of each 2x2)",
    ),
    setting("c3", "paper, Table I: sparse", "which S2 maps feed C3 of lenet5: sparse, or full"),
    setting("output", "paper, II-B: rbf", "what follows F6 of lenet5: rbf, or scores (a full connection)"),
    setting(
        "input_mean",
        "paper, II-B: none, levels of -0.1 and 1.175",
        "what is subtracted from pixels of 0 to 1, one number a channel; none for the printed levels",
    ),
    setting("input_deviation", "paper, II-B: none", "what they are then divided by, as many numbers"),
    setting(
        "alphabet",
        "paper, III: the ten digits",
        "the characters of the classes 0 to 9, and of the class \"blank\" if there are eleven; of U+0020 to U+007F",
    ),
    setting("distance", "paper, eq. 7", "sum: sum (x - w)^2 as printed; half: with the 1/2 of the authors' code"),
    setting(
        "loss",
        "assumed: the text does not say which loss gave its results",
        "eq8, eq9, or cross_entropy (where the output is scores)",
    ),
    setting(
        "j",
        "assumed: nowhere given; calibrated on the printed training errors of Fig. 5 alone",
        "j of eq. 9, above 0; without effect for eq. 8",
    ),
    setting(
        "weight_distribution",
        "paper: uniform",
        "of initial weights: uniform in +- their range, or normal with it for deviation",
    ),
    setting(
        "weight_range",
        "paper: 2.4",
        "r: the range of initial weights is r / F or r / sqrt(F); normal with r = 1.4142 is He's start",
    ),
    setting(
        "weight_fan_in",
        "assumed: with r / F as printed the network does not train",
        "linear: r / F as printed; square_root: r / sqrt(F); F is the fan-in of the unit",
    ),
    setting(
        "bias_start",
        "assumed: not mentioned; the authors' code has 0",
        "zero, or uniform like the unit's weights",
    ),
    setting(
        "coefficient_start",
        "assumed: not mentioned; constant in the authors' code",
        "of the subsampling coefficients: constant, or uniform in +- coefficient",
    ),
    setting("coefficient", "assumed: not mentioned; 1/4 makes a sum an average", "where they start"),
    setting(
        "coefficient_curvature",
        "assumed: a coefficient multiplies a sum; nearer to the training errors of Fig. 5 than connections",
        "connections: the inputs of a subsampling unit share its coefficient; sum: their sum is its one input",
    ),
    setting(
        "order",
        "paper, III-B: one random order, kept constant",
        "of the patterns: fixed, or reshuffled before each pass",
    ),
    setting(
        "optimizer",
        "paper, III-B: levenberg_marquardt",
        "levenberg_marquardt, sgd (with momentum), or adam; the rates of the schedule are theirs",
    ),
    setting("momentum", "ours", "of sgd; adam has 0.9 and 0.999"),
    setting("batch", "paper, III-B: 1", "patterns to each update, by the mean of their gradients"),
    setting("eta_factor", "ours", "multiplies every global rate of the schedule"),
    setting("mu", "paper, III-B", "keeps eps_k = eta / (mu + h_kk) bounded where the curvature is small"),
    setting("curvature_count", "paper, III-B", "patterns on which h_kk is estimated before each pass, at most all"),
    setting("curvature_patterns", "assumed: not said which", "first of the training set, or random for each pass"),
    setting(
        "curvature_moment",
        "paper, III-B: pass",
        "when h_kk is estimated: before each pass, or before the first of each rate of the schedule",
    ),
    setting("schedule", "paper, III-B", "global rates eta, each for a number of passes; the last one holds on"),
];
