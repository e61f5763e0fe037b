//! A multiply-add that rounds once where no instruction does: WebAssembly without relaxed SIMD.

use fearless_simd::Simd;
use fearless_simd::prelude::{Bytes, SimdBase, SimdFloat, SimdMask, SimdNarrow, SimdWiden};

/// Bits of an `f64` behind the last digit of the `f32` next to it, and that of half of that digit alone.
const BEHIND: i64 = (1 << 29) - 1;
const HALF: i64 = 1 << 28;
/// The smallest `f32` of full precision.
const SMALLEST_NORMAL: f64 = f32::MIN_POSITIVE as f64;

/// sum + a * b, rounded once.
///
/// It is computed in `f64`, where the product is exact. The sum is rounded there, and a second time as it becomes an `f32`. The second
/// rounding goes wrong only where the first one has ended in the middle between two `f32`, or below the numbers of full precision, where the
/// middle is at another digit; these rare cases are left to [`with_care`]. A sum of zero is exact, and frequent: rows are filled with zeros.
///
/// It is not inlined: with a copy for each of its uses, the kernels would have megabytes.
#[inline(never)]
pub(super) fn fma<S: Simd>(a: S::f32s, b: S::f32s, sum: S::f32s) -> S::f32s {
    let ((a_low, a_high), (b_low, b_high), (sum_low, sum_high)) = (a.widen(), b.widen(), sum.widen());
    let (low, high) = (a_low * b_low + sum_low, a_high * b_high + sum_high);
    if (is_open::<S>(low) | is_open::<S>(high)).any_true() { with_care::<S>(a, b, sum) } else { low.narrow(high) }
}

/// True in the lanes where rounding to `f32` may not end in what rounding the exact sum would.
#[inline(always)]
fn is_open<S: Simd>(sum: S::f64s) -> S::mask64s {
    let is_middle = (sum.bitcast::<S::i64s>() & BEHIND).simd_eq(HALF);
    is_middle | (sum.abs().simd_lt(SMALLEST_NORMAL) & !sum.simd_eq(0.0))
}

/// As [`fma`], for all cases.
#[cold]
#[inline(never)]
fn with_care<S: Simd>(a: S::f32s, b: S::f32s, sum: S::f32s) -> S::f32s {
    a.mul_add_precise(b, sum)
}
