//! Histograms of grey levels.

pub(super) fn counts<'a>(levels: impl IntoIterator<Item = &'a u8>) -> [u32; 256] {
    let mut counts = [0; 256];
    levels.into_iter().for_each(|level| counts[usize::from(*level)] += 1);
    counts
}

/// The lower median of `total` levels that occur so often; 0 if there are none.
pub(super) fn middle(counts: &[u32; 256], total: u32) -> u8 {
    let mut sum = 0;
    let reaches = |count: &u32| {
        sum += count;
        2 * sum >= total
    };
    counts.iter().position(reaches).unwrap_or(0) as u8
}

/// The middle one of `levels`, the lower of two; 0 if there are none.
pub(super) fn median(levels: &[u8]) -> u8 {
    middle(&counts(levels), levels.len() as u32)
}
