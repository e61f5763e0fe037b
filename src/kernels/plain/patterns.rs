//! Applies the plain functions, which take maps of one pattern, to each pattern of maps of several.

use crate::maps::Maps;
use crate::scalar::Scalar;

/// Calls `compute` with the maps of each pattern.
pub fn each<T: Scalar, const N: usize>(from: [&Maps<T>; N], mut compute: impl FnMut([&Maps<T>; N])) {
    if from[0].patterns() == 1 {
        return compute(from);
    }
    let mut one = from.map(|maps| Maps::zeros(maps.shape()));
    for n in 0..from[0].patterns() {
        for (one, maps) in one.iter_mut().zip(from) {
            maps.pattern(n, one);
        }
        compute(one.each_ref());
    }
}

/// Calls `compute` with the maps of each pattern, and writes its results to `to`.
pub fn each_to<T: Scalar, const N: usize>(
    from: [&Maps<T>; N],
    to: &mut Maps<T>,
    mut compute: impl FnMut([&Maps<T>; N], &mut Maps<T>),
) {
    if to.patterns() == 1 {
        return compute(from, to);
    }
    let (mut result, mut n) = (Maps::zeros(to.shape()), 0);
    each(from, |one| {
        compute(one, &mut result);
        to.set_pattern(n, &result);
        n += 1;
    });
}
