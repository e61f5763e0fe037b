//! The paper's statements in numbers: Table I, printed counts, curves and errors, to build the network and to compare with.

pub mod codes;

/// Table I: the S2 maps that feed each C3 map.
pub const TABLE_I: [&[usize]; 16] = [
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

/// Test error of LeNet-5 trained with distorted patterns too, in percent (section III-B, Fig. 9).
pub const DISTORTED_TEST_ERROR_PERCENT: f64 = 0.8;

/// Test error of LeNet-1, in percent (Fig. 9).
pub const LENET1_TEST_ERROR_PERCENT: f64 = 1.7;

/// Test error of LeNet-4, in percent (Fig. 9).
pub const LENET4_TEST_ERROR_PERCENT: f64 = 1.1;

/// The note that every result of LeNet-4 must carry.
pub const LENET4_NOTE: &str =
    "LeNet-4 here is a reconstruction: its sizes are the paper's, its connection table was never published.";

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

/// A classifier by its bars in Figs. 9 to 12.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Classifier {
    /// Its name in the figures; `[dist]`: trained with distortions.
    pub name: &'static str,
    /// Fig. 9: test error in percent.
    pub test_error_percent: f64,
    /// Fig. 10: the share of the test patterns, in percent, that it must reject for 0.5 % error on the rest.
    pub rejection_percent: Option<f64>,
    /// Fig. 11: thousands of multiply-accumulate operations to recognise one pattern.
    pub kilo_multiply_adds: Option<f64>,
    /// Fig. 12: thousands of stored variables.
    pub kilo_variables: Option<f64>,
}

/// All bars of Figs. 9 to 12.
pub static CLASSIFIERS: [Classifier; 27] = [
    bar("linear", 12.0, None, Some(4.0), Some(4.0)),
    bar("[deslant] linear", 8.4, None, None, None),
    bar("pairwise linear", 7.6, None, Some(36.0), Some(35.0)),
    bar("K-NN Euclidean", 5.0, None, None, None),
    bar("[deslant] K-NN Euclidean (k=3)", 2.4, Some(8.1), Some(24_000.0), Some(24_000.0)),
    bar("40 PCA + quadratic", 3.3, None, Some(39.0), Some(40.0)),
    bar("1000 RBF + linear", 3.6, None, Some(794.0), Some(794.0)),
    bar("[16x16] tangent distance", 1.1, Some(1.9), Some(20_000.0), Some(25_000.0)),
    bar("SVM poly 4", 1.1, Some(1.8), Some(14_000.0), Some(14_000.0)),
    bar("RS-SVM poly 5", 1.0, None, Some(650.0), Some(650.0)),
    bar("[dist] V-SVM poly 9", 0.8, None, Some(28_000.0), Some(28_000.0)),
    bar("28x28-300-10", 4.7, None, None, None),
    bar("[dist] 28x28-300-10", 3.6, None, None, None),
    bar("[deslant] 20x20-300-10", 1.6, Some(3.2), Some(123.0), Some(123.0)),
    bar("28x28-1000-10", 4.5, None, Some(795.0), Some(795.0)),
    bar("[dist] 28x28-1000-10", 3.8, None, None, None),
    bar("28x28-300-100-10", 3.05, None, Some(267.0), Some(267.0)),
    bar("[dist] 28x28-300-100-10", 2.5, None, None, None),
    bar("28x28-500-150-10", 2.95, None, Some(469.0), Some(469.0)),
    bar("[dist] 28x28-500-150-10", 2.45, None, None, None),
    bar("[16x16] LeNet-1", LENET1_TEST_ERROR_PERCENT, Some(3.7), Some(100.0), Some(3.0)),
    bar("LeNet-4", LENET4_TEST_ERROR_PERCENT, Some(1.8), Some(260.0), Some(17.0)),
    bar("LeNet-4 with local learning", 1.1, Some(1.4), Some(20_000.0), Some(24_000.0)),
    bar("LeNet-4 with K-NN", 1.1, Some(1.6), Some(10_000.0), Some(24_000.0)),
    bar("LeNet-5", TEST_ERROR_PERCENT, None, Some(401.0), Some(60.0)),
    bar("[dist] LeNet-5", DISTORTED_TEST_ERROR_PERCENT, None, None, None),
    bar("[dist] boosted LeNet-4", 0.7, Some(0.5), Some(460.0), Some(51.0)),
];

const fn bar(
    name: &'static str,
    test_error_percent: f64,
    rejection_percent: Option<f64>,
    kilo_multiply_adds: Option<f64>,
    kilo_variables: Option<f64>,
) -> Classifier {
    Classifier { name, test_error_percent, rejection_percent, kilo_multiply_adds, kilo_variables }
}

/// The bars of the classifier with this name.
///
/// ```
/// assert_eq!(lenet5_paper::classifier("LeNet-4").and_then(|bars| bars.rejection_percent), Some(1.8));
/// ```
pub fn classifier(name: &str) -> Option<&'static Classifier> {
    CLASSIFIERS.iter().find(|classifier| classifier.name == name)
}

/// Test error of the Lush LeNet-5, in percent: not of the paper but of Yadav and Bottou, "Cold Case: The Lost MNIST Digits" (2019).
pub const LUSH_TEST_ERROR_PERCENT: f64 = 0.82;

/// Its uncertainty, by its authors, in points.
pub const LUSH_UNCERTAINTY_POINTS: f64 = 0.2;

/// The uncertainty of the error rates in Fig. 9, by its caption, in points.
pub const FIG_9_UNCERTAINTY_POINTS: f64 = 0.1;

/// Fig. 6, digitised: training patterns, test error and training error in percent (no training error is shown for the distorted
/// patterns).
pub const TRAINING_SET_SIZE: [(&str, f64, Option<f64>); 4] = [
    ("15,000", 1.68, Some(0.05)),
    ("30,000", 1.14, Some(0.31)),
    ("60,000", 0.94, Some(0.35)),
    ("60,000 and 540,000 distorted", 0.82, None),
];

/// The effective step sizes of the first pass, smallest and largest (section III-B).
pub const EFFECTIVE_RATES: (f64, f64) = (7e-5, 0.016);

/// LeNet-5's layers in section II-B: name, maps and their size, trainable parameters, connections. Where the printed version contradicts the authors' preprint (C3 with 156,000
/// connections, a bias counted for each input map), this is the preprint's figure, which agrees with its own total.
pub const LENET5: [(&str, &str, usize, usize); 7] = [
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

/// A test pattern that the paper's LeNet-5 answered wrongly (Fig. 8), matched to its index in MNIST's test set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestError {
    /// Its index, from 0.
    pub index: usize,
    /// Its true class.
    pub label: u8,
    /// The class that the paper's network gave.
    pub answer: usize,
}

/// The 82 patterns of Fig. 8, by index.
///
/// # Panics
/// Never: a test reads them.
pub fn test_errors() -> Vec<TestError> {
    let row = |line: &str| {
        let mut numbers = line.split(',').map(|number| number.parse().ok());
        let mut next = || numbers.next().flatten();
        let (index, label, answer): (usize, usize, usize) = (next()?, next()?, next()?);
        Some(TestError { index, label: label as u8, answer })
    };
    let rows = include_str!("fig08_lenet5_errors.csv").lines().skip(1);
    rows.map(|line| row(line).expect("three whole numbers")).collect()
}
