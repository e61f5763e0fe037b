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

/// Levels parted into dark and light ones.
pub(super) struct Split {
    /// The lightest of the dark ones.
    pub(super) threshold: u8,
    /// The part of the variance of all levels that lies between the two, 0 to 1.
    pub(super) explained: f64,
}

/// The two classes of levels between which most of the variance lies (Otsu's threshold); `None` for levels that are all equal.
pub(super) fn otsu(counts: &[u32; 256]) -> Option<Split> {
    let sums =
        |of: fn(f64) -> f64| counts.iter().enumerate().map(|(level, &n)| of(level as f64) * f64::from(n)).sum::<f64>();
    let (total, sum, squares) = (sums(|_| 1.0), sums(|level| level), sums(|level| level * level));
    let variance = squares * total - sum * sum;
    let (mut below, mut sum_below, mut best) = (0.0, 0.0, (0, 0.0));
    for (level, &count) in counts.iter().enumerate() {
        below += f64::from(count);
        sum_below += level as f64 * f64::from(count);
        let between = (sum * below - sum_below * total).powi(2) / (below * (total - below));
        if between > best.1 {
            best = (level as u8, between);
        }
    }
    (variance > 0.0).then(|| Split { threshold: best.0, explained: best.1 / variance })
}
