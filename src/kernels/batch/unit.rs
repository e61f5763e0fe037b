//! Units of sixteen patterns, and how they lie in registers.

use crate::maps::{Maps, PATTERNS};
use crate::simd::{Simd, SimdBase, load_at, store_at};

/// A unit of each pattern.
pub type Unit = [f32; PATTERNS];

/// The units of maps of sixteen patterns.
pub fn units(maps: &Maps<f32>) -> &[Unit] {
    maps.values.as_chunks().0
}

/// The units of maps of sixteen patterns, to write.
pub fn units_mut(maps: &mut Maps<f32>) -> &mut [Unit] {
    maps.values.as_chunks_mut().0
}

#[inline(always)]
pub fn of_unit<S: Simd>(simd: S, unit: &Unit, part: usize) -> S::f32s {
    load_at(simd, unit, part * S::f32s::LEN)
}

#[inline(always)]
pub fn to_unit<S: Simd>(vector: S::f32s, unit: &mut Unit, part: usize) {
    store_at::<S>(vector, unit, part * S::f32s::LEN);
}

/// The number of vector registers. 0 at the scalar level of x86-64, where a multiply-add takes many instructions and large blocks
/// would be no faster.
#[inline(always)]
pub const fn registers<S: Simd>() -> usize {
    match S::f32s::LEN {
        16 => 32,
        8 => 16,
        _ if cfg!(target_arch = "aarch64") => 32,
        _ => 0,
    }
}

/// The starts of blocks of length `step` that cover 0..`count`, which is at least `step`; the last may overlap the one before.
#[inline(always)]
pub fn starts(count: usize, step: usize) -> impl Iterator<Item = usize> {
    (0..count).step_by(step).map(
        #[inline(always)]
        move |start| start.min(count - step),
    )
}
