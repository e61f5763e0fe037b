//! Buffers for the intermediate results of kernels.

use crate::simd::LANES;

/// Divides the scratch buffer into slices of at least these sizes, each from a cache line on and with room for one more vector.
pub fn rooms<const N: usize>(scratch: &mut Vec<f32>, sizes: [usize; N]) -> [&mut [f32]; N] {
    let sizes = sizes.map(|size| size.next_multiple_of(LANES) + LANES);
    let all = sizes.iter().sum::<usize>() + LANES;
    if scratch.len() < all {
        scratch.resize(all, 0.0);
    }
    // Without the address of the allocation, any start is correct.
    let start = scratch.as_ptr().align_offset(size_of::<[f32; LANES]>()).min(LANES);
    let mut rest = &mut scratch[start..];
    sizes.map(|size| rest.split_off_mut(..size).expect("as long as all of them"))
}
