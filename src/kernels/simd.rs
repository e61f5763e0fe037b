//! Sixteen virtual lanes on vectors of any width, and the choice of the instruction set.
//!
//! A kernel is written once, for any `Simd`. Its vectors are `S::f32s`: 16 lanes of AVX-512, 8 of AVX2, 4 at the scalar level and in
//! WebAssembly.
//! A row of 16 numbers, `Lanes`, is one, two or four of them, its *parts*; lanes stay apart until
//! `Lanes::sum` adds the sixteen in a fixed order. Products are always added by `mul_add_precise`, which rounds once, so
//! that no level computes other bits than another.

mod emulated;
mod rounding;

use std::fmt;
use std::sync::LazyLock;

pub(crate) use fearless_simd::prelude::{Select, SimdBase, SimdCombine, SimdFloat, SimdFrom};
pub(crate) use fearless_simd::{Simd, f32x4, f32x16};

/// Virtual lanes of every reduction.
pub const LANES: usize = 16;

/// Sixteen numbers side by side.
#[repr(align(64))]
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Lanes(pub [f32; LANES]);

/// 0, 1, 2, ...: the number of each lane.
pub(crate) const COUNT: Lanes =
    Lanes([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0]);

impl Lanes {
    /// All zero.
    pub const ZERO: Self = Self([0.0; LANES]);

    /// The sum of all: lane i and lane i + 8 first, then i + 4, i + 2, i + 1.
    #[inline(always)]
    pub fn sum<S: Simd>(&self, simd: S) -> f32 {
        let quarter = |start: usize| f32x4::from_slice(simd, &self.0[start..start + 4]);
        let four = (quarter(0) + quarter(8)) + (quarter(4) + quarter(12));
        (four[0] + four[2]) + (four[1] + four[3])
    }
}

/// The number of vectors that make up sixteen lanes at this level.
#[inline(always)]
pub(crate) const fn parts<S: Simd>() -> usize {
    LANES / S::f32s::LEN
}

/// Loads part `part` of sixteen lanes.
#[inline(always)]
pub(crate) fn load<S: Simd>(simd: S, lanes: &Lanes, part: usize) -> S::f32s {
    load_at(simd, &lanes.0, part * S::f32s::LEN)
}

/// Loads the vector that starts at `start`.
#[inline(always)]
pub(crate) fn load_at<S: Simd>(simd: S, numbers: &[f32], start: usize) -> S::f32s {
    S::f32s::from_slice(simd, &numbers[start..start + S::f32s::LEN])
}

/// Stores part `part` of sixteen lanes.
#[inline(always)]
pub(crate) fn store<S: Simd>(vector: S::f32s, lanes: &mut Lanes, part: usize) {
    store_at::<S>(vector, &mut lanes.0, part * S::f32s::LEN);
}

/// Stores a vector at `start`.
#[inline(always)]
pub(crate) fn store_at<S: Simd>(vector: S::f32s, numbers: &mut [f32], start: usize) {
    vector.store_slice(&mut numbers[start..start + S::f32s::LEN]);
}

/// Transposes a 4x4 matrix, given by its rows.
#[inline(always)]
pub(crate) fn transpose<S: Simd>([a, b, c, d]: [f32x4<S>; 4]) -> [f32x4<S>; 4] {
    let ((ac_low, ac_high), (bd_low, bd_high)) = (a.interleave(c), b.interleave(d));
    let ((first, second), (third, fourth)) = (ac_low.interleave(bd_low), ac_high.interleave(bd_high));
    [first, second, third, fourth]
}

/// A vector with `value` in every lane.
#[inline(always)]
pub(crate) fn splat<S: Simd>(simd: S, value: f32) -> S::f32s {
    S::f32s::simd_from(simd, value)
}

/// True in WebAssembly that is compiled with relaxed SIMD, whose multiply-add rounds once or twice, as is faster on the processor.
const RELAXED: bool = cfg!(all(target_arch = "wasm32", target_feature = "relaxed-simd"));

/// True in WebAssembly without it, where a multiply-add that rounds once takes many instructions.
const EMULATED: bool = cfg!(all(target_arch = "wasm32", not(target_feature = "relaxed-simd")));

/// sum + a * b, rounded once.
#[inline(always)]
pub(crate) fn fma<S: Simd>(a: S::f32s, b: S::f32s, sum: S::f32s) -> S::f32s {
    match (RELAXED, EMULATED) {
        (true, _) => a.mul_add(b, sum),
        (_, true) => emulated::fma::<S>(a, b, sum),
        _ => a.mul_add_precise(b, sum),
    }
}

/// True if [`fma`] rounds once, in every lane.
#[inline(always)]
fn rounds_once<S: Simd>(simd: S) -> bool {
    rounding::CASES.iter().all(|(numbers, expected)| {
        // The processor is asked, and not the compiler.
        let [a, b, c] = std::hint::black_box(*numbers);
        let found = fma::<S>(splat(simd, a), splat(simd, b), splat(simd, c));
        (0..S::f32s::LEN).all(|lane| found[lane].to_bits() == expected.to_bits())
    })
}

/// Repeats a block with a constant counting up, for loops over accumulators, which have to be in registers.
macro_rules! unroll {
    ($index:ident in [$($value:literal)*] $body:block) => {
        $({
            const $index: usize = $value;
            $body
        })*
    };
}
pub(crate) use unroll;

/// An array of vectors, written out: `std::array::from_fn` is not always inlined, and then costs a call a vector.
macro_rules! vectors {
    ($index:ident in [$($value:literal)*] => $vector:expr) => {
        [$({
            const $index: usize = $value;
            $vector
        }),*]
    };
}
pub(crate) use vectors;

/// The instruction set that the fast kernels use. Results have the same bits at every level.
#[derive(Clone, Copy)]
pub struct Level(fearless_simd::Level);

/// No level that is wanted and can be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LevelError {
    /// An unknown level, or one that this processor does not have.
    #[error("LENET5_SIMD={wanted:?}: expected one of the levels that this processor has: {available}")]
    Unavailable {
        /// The level that the environment variable names.
        wanted: String,
        /// The names of those that there are.
        available: String,
    },
    /// WebAssembly with relaxed SIMD where it does not compute as this library does elsewhere.
    #[error(
        "the relaxed multiply-add rounds twice here, and so would end in other bits than elsewhere: take the WebAssembly that is \
         compiled without relaxed-simd, which emulates it"
    )]
    RoundsTwice,
}

/// The environment variable that forces a level.
const VARIABLE: &str = "LENET5_SIMD";

impl Level {
    /// The levels that this processor has, slowest first. There is none in WebAssembly with relaxed SIMD where the relaxed multiply-add
    /// rounds twice; everywhere else, there is one at least.
    pub fn available() -> Vec<Self> {
        Self::compiled().into_iter().filter(|level| !RELAXED || level.rounds_once()).collect()
    }

    /// Those of the levels of this program that the processor has.
    #[cfg(target_arch = "x86_64")]
    fn compiled() -> Vec<Self> {
        let found = fearless_simd::Level::new();
        let avx2 = found.as_avx2().map(fearless_simd::Level::Avx2);
        let avx512 = found.as_avx512().map(fearless_simd::Level::Avx512);
        let scalar = fearless_simd::Level::Sse2(baseline());
        [Some(scalar), avx2, avx512].into_iter().flatten().map(Self).collect()
    }

    /// The baseline of the architecture alone.
    #[cfg(not(target_arch = "x86_64"))]
    fn compiled() -> Vec<Self> {
        vec![Self(fearless_simd::Level::baseline())]
    }

    /// True if its multiply-add rounds once, in every lane.
    fn rounds_once(self) -> bool {
        at_level!(self, simd => rounds_once(simd))
    }

    /// `scalar`, `avx2` or `avx512`; `simd128` or `relaxed` in WebAssembly.
    ///
    /// `scalar` is the baseline of the architecture: vectors of four, by SSE2 on x86-64 (where a fused multiply-add takes
    /// many instructions) and by NEON on aarch64. `avx2` includes FMA, `avx512` is that of Ice Lake and Zen 4 and later.
    ///
    /// WebAssembly has the one level that it is compiled for: with `-C target-feature=+simd128`, vectors of four and a multiply-add that
    /// is emulated in `f64`; with `+simd128,+relaxed-simd`, the processor's own multiply-add; without either, numbers one by one.
    pub fn name(self) -> &'static str {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            fearless_simd::Level::Avx2(_) => "avx2",
            #[cfg(target_arch = "x86_64")]
            fearless_simd::Level::Avx512(_) => "avx512",
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            fearless_simd::Level::WasmSimd128(_) => {
                if RELAXED {
                    "relaxed"
                } else {
                    "simd128"
                }
            }
            _ => "scalar",
        }
    }

    /// The levels to choose from, slowest first: the one that `LENET5_SIMD` names; all available ones if it is not set.
    ///
    /// # Errors
    /// If it names none that this processor has, or there is none.
    pub fn allowed() -> Result<Vec<Self>, LevelError> {
        let levels = Self::available();
        if levels.is_empty() {
            return Err(LevelError::RoundsTwice);
        }
        let Some(wanted) = std::env::var_os(VARIABLE).filter(|wanted| !wanted.is_empty()) else { return Ok(levels) };
        let wanted = wanted.to_string_lossy().into_owned();
        let named = levels.iter().copied().find(|level| level.name() == wanted);
        named.map(|level| vec![level]).ok_or_else(|| {
            let names: Vec<&str> = levels.iter().map(|level| level.name()).collect();
            LevelError::Unavailable { wanted, available: names.join(", ") }
        })
    }

    /// The level that `LENET5_SIMD` names; the best one if it is not set.
    ///
    /// # Errors
    /// As [`allowed`](Self::allowed).
    pub fn from_environment() -> Result<Self, LevelError> {
        Ok(Self::allowed()?.pop().expect("one at least"))
    }

    /// The level of this process: [`from_environment`](Self::from_environment), read once; the best one where the variable names none
    /// that there is, which the command line reports at its start.
    ///
    /// # Panics
    /// If there is no level: in WebAssembly with relaxed SIMD, ask [`from_environment`](Self::from_environment) first.
    pub fn of_process() -> Self {
        static LEVEL: LazyLock<Level> = LazyLock::new(|| {
            let best = |_| Level::available().pop().ok_or(LevelError::RoundsTwice);
            Level::from_environment().or_else(best).unwrap_or_else(|error| panic!("{error}"))
        });
        *LEVEL
    }

    /// The instructions.
    pub(crate) fn instructions(self) -> fearless_simd::Level {
        self.0
    }
}

impl fmt::Debug for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl PartialEq for Level {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

/// The instructions that every processor of this architecture has.
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
pub(crate) fn baseline() -> fearless_simd::x86::Sse2 {
    fearless_simd::Level::baseline().as_sse2().expect("part of x86")
}

/// The instructions that every processor of this architecture has.
#[cfg(target_arch = "aarch64")]
pub(crate) fn baseline() -> fearless_simd::aarch64::Neon {
    fearless_simd::Level::baseline().as_neon().expect("part of aarch64")
}

/// The instructions that this WebAssembly is compiled for.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(crate) fn baseline() -> fearless_simd::wasm32::WasmSimd128 {
    fearless_simd::Level::baseline().as_wasm_simd128().expect("compiled in")
}

/// The instructions that every processor of this architecture has.
#[cfg(not(any(
    target_arch = "x86",
    target_arch = "x86_64",
    target_arch = "aarch64",
    all(target_arch = "wasm32", target_feature = "simd128")
)))]
pub(crate) fn baseline() -> fearless_simd::Fallback {
    match fearless_simd::Level::baseline() {
        fearless_simd::Level::Fallback(token) => token,
        other => unreachable!("{other:?} is not dispatched to"),
    }
}

/// Evaluates an expression of `$simd` at this level; it is compiled once for each level. All functions that it calls must be
/// `#[inline(always)]`, or they would be compiled without the level's instructions.
macro_rules! at_level {
    ($level:expr, $simd:ident => $body:expr) => {
        match $level.instructions() {
            #[cfg(target_arch = "x86_64")]
            fearless_simd::Level::Avx512($simd) => $simd.vectorize(
                #[inline(always)]
                || $body,
            ),
            #[cfg(target_arch = "x86_64")]
            fearless_simd::Level::Avx2($simd) => $simd.vectorize(
                #[inline(always)]
                || $body,
            ),
            _ => {
                let $simd = $crate::simd::baseline();
                $simd.vectorize(
                    #[inline(always)]
                    || $body,
                )
            }
        }
    };
}
pub(crate) use at_level;

#[cfg(test)]
mod tests {
    use super::*;

    #[inline(always)]
    fn multiply_add_sum<S: Simd>(simd: S, a: &Lanes, b: &Lanes) -> f32 {
        let mut sums = Lanes::ZERO;
        for part in 0..parts::<S>() {
            let a = load(simd, a, part);
            store::<S>(fma::<S>(a, load(simd, b, part), splat(simd, 0.1)), &mut sums, part);
        }
        sums.sum(simd)
    }

    /// Products are fused and lanes added in the order that is stated, at every level.
    #[test]
    fn every_level_adds_as_stated() {
        let a = Lanes(std::array::from_fn(|i| 1.0 + (i as f32).sqrt()));
        let b = Lanes(std::array::from_fn(|i| 0.3 - (i as f32).cbrt()));
        let mut lanes: [f32; LANES] = std::array::from_fn(|i| a.0[i].mul_add(b.0[i], 0.1));
        for half in [8, 4, 2, 1] {
            for i in 0..half {
                lanes[i] += lanes[i + half];
            }
        }
        for level in Level::available() {
            let sum = at_level!(level, simd => multiply_add_sum(simd, &a, &b));
            assert_eq!(sum.to_bits(), lanes[0].to_bits(), "{level:?}");
        }
    }

    #[test]
    fn scalar_comes_first() {
        assert_eq!(Level::available()[0].name(), "scalar");
    }
}
