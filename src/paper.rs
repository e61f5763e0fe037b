//! What the paper reports, for tables and plots that stand its numbers beside ours.

use crate::config::Settings;
use crate::models::Changes;

/// Table I: the S2 maps that feed each C3 map.
pub const C3_TABLE: [&[usize]; 16] = [
    &[0, 1, 2],
    &[1, 2, 3],
    &[2, 3, 4],
    &[3, 4, 5],
    &[0, 4, 5],
    &[0, 1, 5],
    &[0, 1, 2, 3],
    &[1, 2, 3, 4],
    &[2, 3, 4, 5],
    &[0, 3, 4, 5],
    &[0, 1, 4, 5],
    &[0, 1, 2, 5],
    &[0, 1, 3, 4],
    &[1, 2, 4, 5],
    &[0, 2, 3, 5],
    &[0, 1, 2, 3, 4, 5],
];

/// Test error of LeNet-5 on the 10,000 test patterns after 20 passes, in percent (section III-B).
pub const TEST_ERROR_PERCENT: f64 = 0.95;

/// The paper's test error, in percent, of the network that these settings describe: of LeNet-5 and LeNet-4 as published, LeNet-5 with
/// distortions too, and LeNet-1 (section III-B, Fig. 9). `None` where it has none.
pub fn test_error_percent(settings: &Settings) -> Option<f64> {
    let plain = settings.training_patterns == 0 && settings.alphabet == "0123456789";
    match (settings.network.as_str(), settings.distorted_copies) {
        _ if !plain || settings.changes() != Changes::default() => None,
        ("lenet5", 0) => Some(TEST_ERROR_PERCENT),
        ("lenet5", _) => Some(0.8),
        ("lenet4", 0) => Some(1.1),
        ("lenet1", 0) => Some(1.7),
        _ => None,
    }
}

/// Training error after 19 passes, in percent (section III-B).
pub const TRAINING_ERROR_PERCENT: f64 = 0.35;

/// Fig. 5, digitised to within 0.03: pass, training error and test error in percent. Training errors are those made on the
/// fly.
pub const LEARNING_CURVE: [(usize, f64, f64); 21] = [
    (1, 4.89, 2.65),
    (2, 3.04, 2.24),
    (3, 1.77, 1.48),
    (4, 1.48, 1.43),
    (5, 1.22, 1.43),
    (6, 0.91, 1.09),
    (7, 0.78, 1.04),
    (8, 0.70, 1.07),
    (9, 0.57, 0.99),
    (10, 0.49, 0.96),
    (11, 0.47, 0.96),
    (12, 0.44, 0.99),
    (13, 0.42, 0.96),
    (14, 0.39, 0.96),
    (15, 0.39, 0.96),
    (16, 0.39, 0.96),
    (17, 0.39, 0.96),
    (18, 0.36, 0.96),
    (19, 0.36, 0.96),
    (20, 0.36, 0.96),
    (21, 0.36, 0.96),
];

/// Fig. 10: the share of the test patterns, in percent, that a classifier must reject for 0.5 % error on the rest. There is no
/// bar for LeNet-5.
pub const REJECTION_PERCENT: [(&str, f64); 9] = [
    ("[deslant] K-NN Euclidean (k=3)", 8.1),
    ("[16x16] tangent distance", 1.9),
    ("SVM poly 4", 1.8),
    ("[deslant] 20x20-300-10", 3.2),
    ("[16x16] LeNet-1", 3.7),
    ("LeNet-4", 1.8),
    ("LeNet-4 with local learning", 1.4),
    ("LeNet-4 with K-NN", 1.6),
    ("[dist] boosted LeNet-4", 0.5),
];

/// Fig. 6, digitised: what is trained on, test error and training error in percent (the last is not shown).
pub const TRAINING_SET_SIZE: [(&str, f64, Option<f64>); 4] = [
    ("15,000", 1.68, Some(0.05)),
    ("30,000", 1.14, Some(0.31)),
    ("60,000", 0.94, Some(0.35)),
    ("60,000 and 540,000 distorted", 0.82, None),
];

/// The effective step sizes of the first pass, smallest and largest (section III-B).
pub const EFFECTIVE_RATES: (f64, f64) = (7e-5, 0.016);

/// A layer of section II-B: name, maps and their size, trainable parameters, connections.
pub type LayerCounts = (&'static str, &'static str, usize, usize);

/// LeNet-5's layers as the paper counts them. Where the printed version contradicts the authors' preprint (C3 with 156,000
/// connections, a bias counted for each input map), this is the preprint's figure, which agrees with its own total.
pub const LENET5: [LayerCounts; 7] = [
    ("C1", "6 @ 28x28", 156, 122_304),
    ("S2", "6 @ 14x14", 12, 5_880),
    ("C3", "16 @ 10x10", 1_516, 151_600),
    ("S4", "16 @ 5x5", 32, 2_000),
    ("C5", "120 @ 1x1", 48_120, 48_120),
    ("F6", "84 @ 1x1", 10_164, 10_164),
    ("RBF", "10 @ 1x1", 0, 840),
];

/// All trainable parameters of LeNet-5, as printed.
pub const LENET5_PARAMETERS: usize = 60_000;

/// All connections of LeNet-5, as the preprint gives them.
pub const LENET5_CONNECTIONS: usize = 340_908;

/// All trainable parameters of LeNet-1 (LeCun et al., NIPS 1989).
pub const LENET1_PARAMETERS: usize = 2_578;

/// All connections of LeNet-1.
pub const LENET1_CONNECTIONS: usize = 98_442;

/// All units of LeNet-1, its input included.
pub const LENET1_UNITS: usize = 4_634;
