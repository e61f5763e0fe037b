//! Many numbers as a histogram.

use prost::Message;

/// As many as TensorBoard draws.
const BUCKETS: usize = 30;

/// The distribution of many numbers: how many fall between one limit and the next.
#[derive(Clone, PartialEq, Message)]
pub struct Histogram {
    /// The smallest number.
    #[prost(double, tag = "1")]
    pub min: f64,
    /// The largest number.
    #[prost(double, tag = "2")]
    pub max: f64,
    /// How many numbers there are.
    #[prost(double, tag = "3")]
    pub count: f64,
    /// Their sum.
    #[prost(double, tag = "4")]
    pub sum: f64,
    /// The sum of their squares.
    #[prost(double, tag = "5")]
    pub sum_of_squares: f64,
    /// The upper limit of each bucket.
    #[prost(double, repeated, tag = "6")]
    pub limits: Vec<f64>,
    /// How many numbers are in each bucket.
    #[prost(double, repeated, tag = "7")]
    pub counts: Vec<f64>,
}

impl Histogram {
    /// The distribution of the finite ones of these numbers, in buckets of equal width from the smallest to the largest; `None` without one.
    ///
    /// ```
    /// use lenet5::runs::tensorboard::Histogram;
    /// let histogram = Histogram::of([0.0, 1.0, 3.0, f64::INFINITY]).unwrap();
    /// assert_eq!((histogram.min, histogram.max, histogram.count, histogram.sum_of_squares), (0.0, 3.0, 3.0, 10.0));
    /// assert_eq!((histogram.counts[0], histogram.counts[10], histogram.counts[29]), (1.0, 1.0, 1.0));
    /// assert_eq!(Histogram::of([2.0, 2.0]).unwrap().counts, [2.0]);
    /// assert!(Histogram::of([f64::NAN]).is_none());
    /// ```
    pub fn of(numbers: impl IntoIterator<Item = f64>) -> Option<Self> {
        let numbers: Vec<f64> = numbers.into_iter().filter(|number| number.is_finite()).collect();
        let (&first, count) = (numbers.first()?, numbers.len() as f64);
        let (min, max) = numbers.iter().fold((first, first), |(min, max), &x| (min.min(x), max.max(x)));
        let buckets = if min < max { BUCKETS } else { 1 };
        let mut counts = vec![0.0; buckets];
        for number in &numbers {
            let place = (number - min) / (max - min) * buckets as f64;
            // The largest number belongs to the last bucket; where all are equal, the place is not a number and becomes 0.
            counts[(place as usize).min(buckets - 1)] += 1.0;
        }
        let limits = (1..=buckets).map(|bucket| min + (max - min) * bucket as f64 / buckets as f64).collect();
        let (sum, sum_of_squares) = (numbers.iter().sum(), numbers.iter().map(|x| x * x).sum());
        Some(Self { min, max, count, sum, sum_of_squares, limits, counts })
    }
}
