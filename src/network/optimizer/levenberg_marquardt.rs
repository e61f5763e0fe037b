//! Stochastic diagonal Levenberg-Marquardt (section III-B, Appendix C).

use crate::kernels::scalar::Scalar;
use crate::network::parameters::Parameters;

/// Sets every eps_k = eta / (mu + h_kk) (eq. 21) and returns the smallest and the largest of them.
pub fn set_step_sizes<T: Scalar>(parameters: &mut Parameters<T>, eta: f64, mu: f64) -> (f64, f64) {
    let (eta, mu) = (T::of(eta), T::of(mu));
    let (mut smallest, mut largest) = (f64::INFINITY, f64::NEG_INFINITY);
    for (step, &h) in parameters.step_size.iter_mut().zip(&parameters.curvature) {
        *step = eta / (mu + h);
        smallest = smallest.min(step.widen());
        largest = largest.max(step.widen());
    }
    (smallest, largest)
}
