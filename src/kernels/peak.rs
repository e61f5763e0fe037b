//! The peak of a core: fused multiply-adds that wait neither for memory nor for each other.
//!
//! At a level without that instruction (`scalar` on x86-64), it is the peak of the code that replaces it.

use std::hint::black_box;

use super::simd::{Level, Simd, SimdBase, at_level, fma, splat, unroll, vectors};

/// Sums that do not depend on each other. A core with two units of four or five cycles each needs ten to keep both busy; with
/// the constant they fit into the sixteen registers of AVX2.
const CHAINS: usize = 12;

/// Extends each of the chains by `links` multiply-adds of whole vectors, and returns the number of floating-point operations: two a
/// lane.
pub fn multiply_adds(level: Level, links: usize) -> usize {
    at_level!(level, simd => chains(simd, links))
}

#[inline(always)]
fn chains<S: Simd>(simd: S, links: usize) -> usize {
    // All sums tend to 1, the fixed point of s/2 + 1/2, and so never overflow. They start at different values: the compiler could
    // compute equal ones once.
    let half = splat(simd, black_box(0.5));
    let mut sums = vectors!(CHAIN in [0 1 2 3 4 5 6 7 8 9 10 11] => splat(simd, black_box(CHAIN as f32)));
    for _ in 0..links {
        unroll!(CHAIN in [0 1 2 3 4 5 6 7 8 9 10 11] {
            sums[CHAIN] = fma::<S>(sums[CHAIN], half, half);
        });
    }
    black_box(sums);
    2 * links * CHAINS * S::f32s::LEN
}
