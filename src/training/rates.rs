//! The effective step sizes eps_k of a pass, tensor by tensor (section III-B prints their range).

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::kernels::scalar::Scalar;
use crate::network::parameters::{Layout, Tensor};

/// The eps_k of one tensor in one pass: a row of a run's `rates.csv`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RateRecord {
    /// The pass, counted from 1.
    pub pass: usize,
    /// The tensor, such as `c1.weight`.
    pub tensor: String,
    /// The number of its parameters.
    pub parameters: usize,
    /// The smallest eps_k.
    pub smallest: f64,
    /// A quarter of them is at most this.
    pub lower_quartile: f64,
    /// Half of them is at most this.
    pub median: f64,
    /// Three quarters of them are at most this.
    pub upper_quartile: f64,
    /// The largest eps_k.
    pub largest: f64,
}

/// A record for each tensor of `layout`, whose parameters have these step sizes in pass `pass`.
///
/// # Panics
/// If there are fewer step sizes than parameters.
pub fn by_tensor<T: Scalar>(pass: usize, layout: &Layout, step_sizes: &[T]) -> Vec<RateRecord> {
    let record = |(tensor, range): (&Tensor, Range<usize>)| {
        let mut sizes: Vec<f64> = step_sizes[range].iter().map(|size| size.widen()).collect();
        sizes.sort_by(f64::total_cmp);
        // The smallest one that at least this share of them does not exceed.
        let quantile = |share: f64| sizes[((share * sizes.len() as f64).ceil() as usize).max(1) - 1];
        RateRecord {
            pass,
            tensor: tensor.name.clone(),
            parameters: sizes.len(),
            smallest: quantile(0.0),
            lower_quartile: quantile(0.25),
            median: quantile(0.5),
            upper_quartile: quantile(0.75),
            largest: quantile(1.0),
        }
    };
    layout.iter().map(record).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::parameters::Role;

    #[test]
    fn quartiles_cut_a_tensor_into_four() {
        let tensor = |name: &str, count| Tensor::new(name, "bias", vec![count], Role::Bias, vec![1; count]);
        let layout = Layout::new([tensor("a", 8), tensor("b", 1)]);
        let records = by_tensor(3, &layout, &[8.0, 1.0, 7.0, 2.0, 6.0, 3.0, 5.0, 4.0, 9.0_f64]);
        let [a, b] = &records[..] else { panic!("a record for each tensor") };
        assert_eq!((a.smallest, a.lower_quartile, a.median, a.upper_quartile, a.largest), (1.0, 2.0, 4.0, 6.0, 8.0));
        assert_eq!((b.smallest, b.median, b.largest, b.parameters, b.pass), (9.0, 9.0, 9.0, 1, 3));
    }
}
