//! The errors that our own seeds share with each other.

use std::collections::{BTreeMap, BTreeSet};

/// The number of errors that two seeds share, for each pair of seeds of these errors (seed, test pattern).
pub fn shared_by_two(errors: impl IntoIterator<Item = (u64, usize)>) -> Vec<f64> {
    let mut missed: BTreeMap<u64, BTreeSet<usize>> = BTreeMap::new();
    for (seed, pattern) in errors {
        missed.entry(seed).or_default().insert(pattern);
    }
    let sets: Vec<&BTreeSet<usize>> = missed.values().collect();
    let pairs = sets.iter().enumerate().flat_map(|(at, one)| sets[at + 1..].iter().map(move |other| (one, other)));
    pairs.map(|(one, other)| one.intersection(other).count() as f64).collect()
}

#[test]
fn each_pair_of_seeds_is_counted_once() {
    assert_eq!(shared_by_two([(1, 0), (1, 4), (2, 4), (3, 4), (3, 0)]), [1.0, 2.0, 1.0]);
}
