//! One step of each optimizer on the flat arrays of parameters. All of them clear the gradient for the next step.

use crate::scalar::Scalar;

/// w_k -= eps_k dE/dw_k (eq. 18).
#[inline(always)]
pub fn descend<T: Scalar>(values: &mut [T], gradient: &mut [T], step_size: &[T]) {
    for ((w, g), &step) in values.iter_mut().zip(gradient).zip(step_size) {
        *w -= step * *g;
        *g = T::zero();
    }
}

/// v_k = momentum * v_k + dE/dw_k, then w_k -= eps_k v_k.
#[inline(always)]
pub fn momentum<T: Scalar>(momentum: T, values: &mut [T], gradient: &mut [T], step_size: &[T], velocity: &mut [T]) {
    for (((w, g), &step), v) in values.iter_mut().zip(gradient).zip(step_size).zip(velocity) {
        *v = momentum * *v + *g;
        *w -= step * *v;
        *g = T::zero();
    }
}

/// The constants of a step of Adam (Kingma and Ba, 2015).
#[derive(Debug, Clone, Copy)]
pub struct Adam<T> {
    /// beta_1, of the mean.
    pub mean: T,
    /// beta_2, of the mean square.
    pub square: T,
    /// epsilon.
    pub epsilon: T,
    /// 1 / (1 - beta_1^t) for the t-th step, counted from 1.
    pub mean_correction: T,
    /// 1 / (1 - beta_2^t).
    pub square_correction: T,
}

/// m_k = beta_1 m_k + (1 - beta_1) g_k, s_k = beta_2 s_k + (1 - beta_2) g_k^2, then
/// w_k -= eps_k m_k / (1 - beta_1^t) / (sqrt(s_k / (1 - beta_2^t)) + epsilon). `moments` are all m_k, then all s_k.
#[inline(always)]
pub fn adam<T: Scalar>(adam: Adam<T>, values: &mut [T], gradient: &mut [T], step_size: &[T], moments: &mut [T]) {
    let (means, squares) = moments.split_at_mut(values.len());
    let (mean_rest, square_rest) = (T::one() - adam.mean, T::one() - adam.square);
    let moments = means.iter_mut().zip(squares);
    for (((w, g), &step), (m, s)) in values.iter_mut().zip(gradient).zip(step_size).zip(moments) {
        *m = adam.mean * *m + mean_rest * *g;
        *s = adam.square * *s + square_rest * (*g * *g);
        *w -= step * (*m * adam.mean_correction) / ((*s * adam.square_correction).sqrt() + adam.epsilon);
        *g = T::zero();
    }
}
