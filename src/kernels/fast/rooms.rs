//! Room for what kernels compute in between.

use crate::simd::LANES;

/// Rooms of at least these sizes in the scratch buffer, each from a line of the cache on and with room for a vector more.
pub fn rooms<const N: usize>(scratch: &mut Vec<f32>, sizes: [usize; N]) -> [&mut [f32]; N] {
    let sizes = sizes.map(|size| size.next_multiple_of(LANES) + LANES);
    let all = sizes.iter().sum::<usize>() + LANES;
    if scratch.len() < all {
        scratch.resize(all, 0.0);
    }
    // Where a platform cannot say, any start will do.
    let start = scratch.as_ptr().align_offset(size_of::<[f32; LANES]>()).min(LANES);
    let mut rest = &mut scratch[start..];
    sizes.map(|size| rest.split_off_mut(..size).expect("as long as all of them"))
}
